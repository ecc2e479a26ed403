"""Prepares an almost empty machine and lets the real Ignition engine work on it.

`apply` runs upstream's `ignition-apply`: files, directories, links, units and presets. `first_boot`
runs the fetch and files stages as a first boot does, which adds users and groups. Neither touches
disks, filesystems or kernel arguments: those need a real boot.
"""

import os
import shutil
import subprocess
from pathlib import Path

from . import stubroot
from .node import Node
from .tools import BIN

CORE = {"flatcar": (500, 500), "fedora-coreos": (1000, 1000)}
GROUPS = {"adm": 4, "wheel": 10, "sudo": 150, "systemd-journal": 248, "docker": 233}
WANTS = "etc/systemd/system/multi-user.target.wants"


def prepare(root: Path, node: Node) -> None:
    """Lays out what an image has: accounts, its units, and those enabled that the model disables."""
    shutil.rmtree(root, ignore_errors=True)
    (root / WANTS).mkdir(parents=True)
    stubroot.lay(root, node.os)
    user, group = CORE[node.os]
    etc = root / "etc"
    etc.joinpath("passwd").write_text(
        f"root:x:0:0:root:/root:/bin/bash\ncore:x:{user}:{group}:Admin:/home/core:/bin/bash\n"
    )
    groups = {"root": 0, "core": group} | GROUPS
    etc.joinpath("group").write_text("".join(f"{name}:x:{gid}:\n" for name, gid in groups.items()))
    etc.joinpath("gshadow").write_text("".join(f"{name}:!::\n" for name in groups))
    etc.joinpath("shadow").write_text("root:*:19000:0:99999:7:::\ncore:*:19000:0:99999:7:::\n")
    home = root / "home/core"
    home.mkdir(parents=True)
    os.chown(home, user, group)
    for unit in disabled_on_image(node):
        (root / WANTS / unit).symlink_to(f"/{stubroot.OS_UNIT_DIR}/{unit}")


def disabled_on_image(node: Node) -> list[str]:
    """Returns the image's own units that the model disables.

    Ignition writes a `disable` preset only for a unit that is enabled when it looks, so a unit the
    image does not have, or one that is masked in the same config, gets none.
    """
    return [
        u.name
        for u in node.units()
        if u.enabled is False and not u.mask and not u.sha256 and u.name in stubroot.os_units(node.os)
    ]


def apply(root: Path, config: Path) -> list[str]:
    """Runs the engine; returns what it says when it fails, else nothing."""
    command = [BIN / "ignition-apply", "--offline", "--ignore-unsupported", "--root", root, config]
    return failure(command, {"container": "reference"})


def first_boot(root: Path, config: Path) -> list[str]:
    """Runs the engine's fetch and files stages; returns what it says when one fails, else nothing."""
    state = root.with_name("state")
    state.mkdir()
    command = [BIN / "ignition", "-log-to-stdout", "-platform", "file", "-root", root]
    for flag in ("config-cache", "state-file", "neednet"):
        command += [f"-{flag}", state / flag]
    for stage in ("fetch", "files"):
        if said := failure([*command, "-stage", stage], {"IGNITION_CONFIG_FILE": str(config)}):
            return said
    return []


def failure(command: list, environment: dict[str, str]) -> list[str]:
    run = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={"PATH": os.environ["PATH"]} | environment,
    )
    if run.returncode == 0:
        return []
    said = [line for line in (run.stdout + run.stderr).splitlines() if line.startswith("CRITICAL")]
    return [f"{command[0].name} failed: {line}" for line in said or [f"exit code {run.returncode}"]]


def account_ids(root: Path, database: str) -> dict[str, int]:
    """Returns name to number from the root's `passwd` or `group`."""
    lines = (root / "etc" / database).read_text().splitlines()
    return {fields[0]: int(fields[2]) for fields in (line.split(":") for line in lines)}
