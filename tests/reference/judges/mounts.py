"""Judges the names of mount, automount and swap units with `systemd-escape`.

systemd refuses such a unit unless its name is its path, escaped. Only emitted units are looked at.
"""

import subprocess

from .node import Node
from .unitfile import settings

PATH_KEYS = {"mount": ("Mount", "Where"), "automount": ("Automount", "Where"), "swap": ("Swap", "What")}


def judge(node: Node) -> list[str]:
    complaints = []
    for kind, (section, key) in PATH_KEYS.items():
        for unit in sorted(node.loose_units.glob(f"*.{kind}")):
            found = [s.value for s in settings(unit.read_text()) if s[:2] == (section, key)]
            if len(found) != 1:
                complaints.append(f"{unit.name}: {len(found)} {key}= settings, expected one")
                continue
            expected = escaped(found[0].replace("%%", "%"), kind)
            if expected != unit.name:
                complaints.append(f"{unit.name}: {key}={found[0]} belongs into {expected}")
    return complaints


def escaped(path: str, kind: str) -> str:
    run = subprocess.run(
        ["systemd-escape", "--path", f"--suffix={kind}", path], check=False, capture_output=True, text=True, timeout=60
    )
    return run.stdout.strip() or run.stderr.strip()
