"""Usage: python -m vm CFGBUILD boots|all|bake.

Asks, prints a line for each step, and ends with `N passed, N failed`.
"""

import shutil
import signal
import sys
import time
from pathlib import Path

from judges.report import Report

from . import bake, boots
from .workbench import Workbench

SUITES = {"boots": boots.run, "all": boots.run_all, "bake": bake.run}
TOOLS = {
    "debootstrap": "debootstrap",
    "qemu-system-x86_64": "qemu-system-x86",
    "debugfs": "e2fsprogs",
    "mkfs.ext4": "e2fsprogs",
    "ssh-keygen": "openssh-client",
    "packer": "packer",
    "qemu-img": "qemu-utils",
}


def main() -> int:
    cfgbuild, suite = Path(sys.argv[1]), sys.argv[2]
    missing = [
        f"{tool} is missing; install it with: tests/reference/install" for tool in TOOLS if not shutil.which(tool)
    ]
    if missing:
        print(*missing, "0 passed, 1 failed", sep="\n")
        return 1
    # So that whatever runs is ended, and the registry closed, when this is.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began = time.monotonic()

    def note(words: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {words}", flush=True)

    report = Report()
    with Workbench(cfgbuild, f"vm-{suite}") as bench:
        note("image, registry and config are there")
        SUITES[suite](bench, report, note)
    return 0 if report.print() else 1


sys.exit(main())
