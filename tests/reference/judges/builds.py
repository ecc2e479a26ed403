"""What is compiled: every shipped role, for each operating system and Ignition spec.

Runs cfgbuild and finds the node folders in what it wrote. Judges nothing.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .tools import HOME, WORK

SPECS = ("3.0.0", "3.1.0", "3.2.0", "3.3.0", "3.4.0", "3.5.0", "3.6.0")
# Applied for real: the oldest, the one the profiles ask for, the newest. Validated: all of them.
APPLIED = {SPECS[0], "3.4.0", SPECS[-1]}
# No config of this spec can be compressed as a whole, and no stack can put its values into a compressed cloud-config,
# so the largest do not fit into EC2's user data; cfgbuild refuses them there (tests/cases shows how). They are judged
# as built for a platform without a limit. `None` stands for a system without Ignition.
UNLIMITED = {SPECS[0]: "custom", None: "custom"}
# Systems that read a cloud-config, and systems that read Ignition.
CLOUD_CONFIG = {"flatcar", "container-linux"}
IGNITION = ("flatcar", "fedora-coreos")


@dataclass(frozen=True)
class Build:
    role: str
    os: str
    spec: str | None

    @property
    def name(self) -> str:
        return "-".join(filter(None, (self.role, self.os, self.spec)))


def roles(cfgbuild: Path, project: Path) -> tuple[list[str], list[str]]:
    """Returns the shipped roles, or complaints."""
    run = subprocess.run(
        [cfgbuild, "list", "--names"], check=False, cwd=project, capture_output=True, text=True, timeout=60
    )
    if run.returncode or not run.stdout.split():
        return [], [f"cfgbuild list --names: exit code {run.returncode}, no roles: {run.stderr.strip()}"]
    return run.stdout.split(), []


def all_builds(roles: list[str]) -> list[Build]:
    builds = [Build(role, os, spec) for role in roles for os in IGNITION for spec in SPECS]
    return builds + [Build(role, "container-linux", None) for role in roles]


def values(role: str) -> list[str]:
    """Returns the `NAME=VALUE`s for a role from `values.txt`: those for all roles, then its own."""
    found = []
    for line in (HOME / "values.txt").read_text().splitlines():
        fields = line.split(maxsplit=1)
        if len(fields) == 2 and fields[0] in ("*", role):
            found.append(fields[1])
    return found


def compile_role(cfgbuild: Path, project: Path, build: Build) -> tuple[list[Path], list[str]]:
    """Compiles one build afresh; returns its node folders, or complaints."""
    out = WORK / "out" / build.name
    shutil.rmtree(out, ignore_errors=True)
    command: list[str | Path] = [
        cfgbuild,
        "profile",
        build.role,
        "--out",
        out,
        "--with-model",
        "--target",
        f"os={build.os}",
    ]
    if build.spec:
        command += ["--target", f"ignition={build.spec}"]
    if build.spec in UNLIMITED:
        command += ["--target", f"platform={UNLIMITED[build.spec]}"]
    for value in values(build.role):
        command += ["--set", value]
    run = subprocess.run(command, check=False, cwd=project, capture_output=True, text=True, timeout=120)
    if run.returncode:
        said = run.stderr.strip().splitlines()[:6]
        return [], [f"cfgbuild exits with {run.returncode}: {' / '.join(said)}"]
    nodes = sorted(path.parent for path in out.glob("**/machine.json"))
    return nodes, [] if nodes else ["cfgbuild wrote no machine.json"]


def missing_artefacts(build: Build, node: Path) -> list[str]:
    """Returns a complaint for each artefact the operating system needs and the node does not have."""
    wanted = ["ignition.json"] if build.spec else []
    wanted += ["cloud-config.yaml"] if build.os in CLOUD_CONFIG else []
    return [f"{name} is missing" for name in wanted if not (node / name).exists()]
