"""Asks `full-disk` what a build leaves when the disk is full. Knows no node."""

import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parent.parent / "full-disk"


def judge(cfgbuild: Path) -> list[str]:
    done = subprocess.run([SCRIPT, cfgbuild], check=False, capture_output=True, text=True)
    said = done.stdout.splitlines()
    if done.returncode == 0 and said and said[-1].endswith(" passed, 0 failed"):
        return []
    complaints = [line for line in said if line.startswith("FAILED")]
    return complaints or [f"exit code {done.returncode}: {done.stderr.strip()}"]
