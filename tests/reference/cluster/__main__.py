"""Runs scenarios on hosts that really boot.

Usage: python -m cluster [--keep] [SCENARIO…] PROJECT CFGBUILD. Enters namespaces of its own first, so that whatever
happens to it, nothing of it stays behind.
"""

import argparse
import fcntl
import importlib
import os
import pkgutil
import shutil
import signal
import subprocess
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from . import scenarios
from .lab import Lab
from .places import RESULTS, RUN, WORK
from .report import Report
from .shell import die_with_parent
from .stage import Stage
from .view import View

# Where none is named: minutes, so that every change can wait for them.
USUAL = ("kafka", "private-registry")
# The word for all of them, which together take most of an hour of a small machine.
ALL = "all"


def known() -> dict[str, ModuleType]:
    names = sorted(module.name for module in pkgutil.iter_modules(scenarios.__path__))
    return {name.replace("_", "-"): importlib.import_module(f"{scenarios.__name__}.{name}") for name in names}


def in_namespaces() -> int:
    """Runs this program again, alone with its network, its mounts and its processes."""

    def hand_on(number: int, _: object) -> None:
        for child in Path(f"/proc/{outside.pid}/task/{outside.pid}/children").read_text().split():
            os.kill(int(child), number)

    # A terminal tells the whole group of Ctrl-C; whoever is inside tears down.
    lock = (WORK / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print("a run is on already; wait for it, or end it with Ctrl-C")
        print("0 passed, 1 failed")
        return 1
    command = [
        "unshare",
        "--mount",
        "--net",
        "--ipc",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
        "--propagation=private",
        sys.executable,
        "-m",
        "cluster",
        *sys.argv[1:],
    ]
    outside = subprocess.Popen(command, env=os.environ | {"CFGBUILD_CLUSTER_INSIDE": "1"}, preexec_fn=die_with_parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, hand_on)
    signal.signal(signal.SIGHUP, hand_on)
    (WORK / "outside").write_text(f"{outside.pid}\n")
    try:
        return outside.wait()
    finally:
        (WORK / "outside").unlink()


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests/reference/run cluster", description="Boots clusters and breaks them.")
    parser.add_argument("--keep", action="store_true", help="leave the last scenario's hosts up until Ctrl-C")
    parser.add_argument("scenario", nargs="*", help=", ".join([ALL, *known()]))
    parser.add_argument("project", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("cfgbuild", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    wanted = arguments.scenario or list(USUAL)
    if wanted == [ALL]:
        wanted = [*USUAL, *(name for name in known() if name not in USUAL)]
    if strangers := sorted(set(wanted) - set(known())):
        parser.error(f"no such scenario: {', '.join(strangers)}; there are {', '.join(known())}")
    if os.geteuid() != 0:
        print("hosts need namespaces, mounts and loop devices: run as root")
        print("0 passed, 1 failed")
        return 1
    if not (WORK / "client" / "Client.class").exists():
        print("the cluster's parts are missing; make them with: tests/reference/install")
        print("0 passed, 1 failed")
        return 1
    if "CFGBUILD_CLUSTER_INSIDE" not in os.environ:
        return in_namespaces()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    return play(arguments, wanted)


def play(arguments: argparse.Namespace, wanted: list[str]) -> int:
    view = View()
    report = Report(view)
    lab = None
    try:
        report.open("lab", "a private network, a registry, a discovery service")
        with report.step("network, registry with the images, discovery service") as step:
            lab = Lab()
            step.detail = ", ".join(sorted(lab.registry.digests))
        view.hosts = lab.hosts
        for name in wanted:
            attempt(Stage(lab, report, arguments.cfgbuild, arguments.project), name)
            if arguments.keep and name == wanted[-1]:
                stay(view)
            lab.forget()
    except (KeyboardInterrupt, SystemExit):
        report.stopped("stopped from outside")
    except Exception as error:  # noqa: BLE001 - whatever it is, the rest of the report is told
        report.stopped(f"{type(error).__name__}: {error}")
    finally:
        view.close()
        if lab:
            lab.close()
    report.write(RESULTS)
    print(report.table())
    print(f"the report: {(RESULTS / 'report.txt').relative_to(arguments.project)}")
    passed, failed = report.counts()
    line = f"{passed} passed, {failed} failed"
    (RESULTS / "counts").write_text(f"{line}\n")
    print(line)
    return 0 if passed and not failed else 1


def attempt(stage: Stage, name: str) -> None:
    """Runs a scenario; one that fails leaves evidence and does not keep the next from running."""
    report, module = stage.report, known()[name]
    report.open(name, module.ABOUT)
    # A workspace of its own: tokens are written into it.
    workspace = RUN / "workspaces" / name
    shutil.copytree(stage.workspace / "profiles", workspace / "profiles")
    stage = replace(stage, workspace=workspace)
    try:
        module.run(stage)
    except Exception as error:  # noqa: BLE001 - told, with evidence
        report.stopped(f"{type(error).__name__}: {error}")
        report.view.say(f"     evidence: {stage.lab.keep_evidence(name)}")
        if os.environ.get("CFGBUILD_CLUSTER_TRACE"):
            report.view.say(traceback.format_exc())


def stay(view: View) -> None:
    view.say("\nkept; look around with `tests/reference/cluster/enter HOST`, Ctrl-C ends everything")
    try:
        signal.pause()
    except KeyboardInterrupt:
        view.say("tearing down")


if __name__ == "__main__":
    sys.exit(main())
