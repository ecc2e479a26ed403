"""Where the installed tools are, and the check that they are there.

A missing tool ends the run with the command that installs it. Installs nothing itself.
"""

import shutil
from pathlib import Path

HOME = Path(__file__).parent.parent
WORK = HOME / ".work"
BIN = WORK / "bin"


def missing() -> list[str]:
    """Returns a line for each tool that is not there."""
    ours = [BIN / name for name in ("ignition-validate", "ignition-apply", "goyaml")]
    gone = [tool.name for tool in ours if not tool.exists()]
    gone += [name for name in ("systemctl", "systemd-analyze", "systemd-escape") if not shutil.which(name)]
    return [f"{name} is missing; install it with: tests/reference/install" for name in gone]
