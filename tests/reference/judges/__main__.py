"""Runs every judge over every build and prints the report; exit code 1 if anything failed.

Usage: python -m judges PROJECT CFGBUILD. Installs nothing and builds nothing.
"""

import os
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from . import accounts, builds, cloudconfig, controls, engine, full_disk, loose, mounts, sizes, tools, validate, verify
from .node import Node
from .report import Report


def judge_build(report: Report, cfgbuild: Path, project: Path, scratch: Path, build: builds.Build) -> None:
    folders = []

    def compiled() -> list[str]:
        nodes, complaints = builds.compile_role(cfgbuild, project, build)
        folders.extend(nodes)
        return complaints

    report.ask("compile", build.name, compiled)
    for folder in folders:
        subject = f"{build.name} {folder.name}"
        if report.ask("artefacts", subject, partial(builds.missing_artefacts, build, folder)):
            continue
        node = Node(folder, build.os, scratch, build.spec)
        report.ask("loose", subject, partial(loose.judge, node))
        report.ask("verify", subject, partial(verify.judge, node))
        report.ask("mounts", subject, partial(mounts.judge, node))
        report.ask("sizes", subject, partial(sizes.judge, node))
        if node.cloud_config.exists():
            report.ask("cloudconfig", subject, partial(cloudconfig.judge, node))
        if build.spec:
            report.ask("validate", subject, partial(validate.judge, node))
        if build.spec in builds.APPLIED:
            report.ask("engine", subject, partial(engine.judge, node))
            report.ask("accounts", subject, partial(accounts.judge, node))


def main(project: str, cfgbuild: str) -> int:
    start = time.monotonic()
    if gone := tools.missing():
        print("\n".join(gone))
        print(f"0 passed, {len(gone)} failed")
        return 1
    if os.geteuid() != 0:
        print("the engine gives files away to other users: run as root")
        print("0 passed, 1 failed")
        return 1
    scratch = tools.WORK / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    report = Report()
    controls.run(report, scratch)
    roles = []

    def listed() -> list[str]:
        found, complaints = builds.roles(Path(cfgbuild), Path(project))
        roles.extend(found)
        return complaints

    report.ask("list", "roles", listed)
    report.ask("full-disk", "300 KB", lambda: full_disk.judge(Path(cfgbuild)))
    todo = builds.all_builds(roles)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        places = (Path(cfgbuild), Path(project), scratch)
        for job in [pool.submit(judge_build, report, *places, build) for build in todo]:
            job.result()
    print(f"{len(todo)} builds judged in {time.monotonic() - start:.0f} s")
    return 0 if report.print() else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
