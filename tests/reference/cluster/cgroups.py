"""A control group per host, in every hierarchy there is: else the inits of all hosts would share one.

Works with one hierarchy (cgroup v2) and with many (v1, and v1 beside v2).
"""

import os
import time
from pathlib import Path


def _hierarchies() -> list[Path]:
    mounts = (line.split() for line in Path("/proc/self/mounts").read_text().splitlines())
    return [Path(fields[1]) for fields in mounts if fields[2] in ("cgroup", "cgroup2")]


def make(name: str) -> list[Path]:
    """Makes the groups and returns them."""
    made = []
    for hierarchy in _hierarchies():
        group = hierarchy / name
        group.mkdir(exist_ok=True)
        for setting in ("cpuset.cpus", "cpuset.mems"):
            if (
                (hierarchy / setting).exists()
                and (group / setting).exists()
                and not (group / setting).read_text().strip()
            ):
                (group / setting).write_text((hierarchy / setting).read_text())
        made.append(group)
    return made


def enter(groups: list[Path]) -> None:
    """Moves the calling process."""
    for group in groups:
        group.joinpath("cgroup.procs").write_text("0")


def remove(groups: list[Path]) -> None:
    """Removes groups whose processes are gone or about to go."""
    for group in groups:
        for folder, _, _ in os.walk(group, topdown=False):
            for _ in range(50):
                try:
                    Path(folder).rmdir()
                    break
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.1)


def remove_all(prefix: str) -> None:
    """Removes what an earlier run left."""
    remove([group for hierarchy in _hierarchies() for group in hierarchy.glob(f"{prefix}*")])
