"""Judges units with `systemd-analyze verify`, in a root that has the node's units and stub ones.

Also refuses what that tool lets pass: a reference to a unit that neither the node nor the operating
system has, and a program without an absolute path. It starts nothing, so it cannot tell whether a
program understands its arguments, and a `${VARIABLE}` or specifier is not looked up.
"""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from . import stubroot
from .node import UNIT_DIR, Node
from .unitfile import programs, settings

REFERENCES = {
    "Unit": [
        "After",
        "Before",
        "Requires",
        "Requisite",
        "Wants",
        "BindsTo",
        "PartOf",
        "Upholds",
        "Conflicts",
        "OnFailure",
        "OnSuccess",
        "PropagatesReloadTo",
        "ReloadPropagatedFrom",
        "PropagatesStopTo",
        "StopPropagatedFrom",
        "JoinsNamespaceOf",
    ],
    "Install": ["WantedBy", "RequiredBy", "UpheldBy", "Also"],
    "Service": ["Sockets", "Slice"],
    "Socket": ["Service"],
    "Timer": ["Unit"],
    "Path": ["Unit"],
}
COMMAND = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=one"]


def judge(node: Node) -> list[str]:
    texts = {
        str(path.relative_to(node.loose_units)): path.read_text()
        for path in sorted(node.loose_units.rglob("*"))
        if path.is_file()
    }
    complaints = unknown_units(node, texts)
    for name, text in texts.items():
        relative = [program for program in programs(text) if not program.startswith("/")]
        complaints += [f"{name}: program '{program}' has no absolute path" for program in relative]
    with tempfile.TemporaryDirectory(dir=node.scratch) as scratch:
        return complaints + said_by_systemd(node, texts, Path(scratch, "root"))


def said_by_systemd(node: Node, texts: dict[str, str], root: Path) -> list[str]:
    stubroot.lay(root, node.os)
    units = root / UNIT_DIR.lstrip("/")
    units.mkdir(parents=True)
    masked = {unit.name for unit in node.units() if unit.mask}
    for name, text in texts.items():
        if name in masked:
            continue
        (units / name).parent.mkdir(exist_ok=True)
        (units / name).write_text(text)
        for program in programs(text):
            if program.startswith("/"):
                stubroot.lay_program(root, program)
    for name in masked:
        (units / name).symlink_to("/dev/null")
    asked = {name.partition("/")[0].removesuffix(".d") if "/" in name else name for name in texts} - masked
    instances = [name.replace("@.", "@reference.") for name in sorted(asked)]
    if not instances:
        return []
    run = subprocess.run(
        [*COMMAND, f"--root={root}", *instances],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={"PATH": os.environ["PATH"], "SYSTEMD_LOG_COLOR": "0", "LC_ALL": "C"},
    )
    lines = [line.replace(str(root), "") for line in (run.stdout + run.stderr).splitlines()]
    if run.returncode and not lines:
        lines = [f"exit code {run.returncode}"]
    return [f"systemd-analyze verify: {line}" for line in lines if line.strip()]


def unknown_units(node: Node, texts: dict[str, str]) -> list[str]:
    """Finds names that would lead nowhere on the machine, in files and in the model's switches."""
    own = {name for name in texts if "/" not in name}
    complaints = [
        f"{unit.name}: switched, but neither written by the node nor in src/os/units/{node.os}.txt"
        for unit in node.units()
        if not unit.sha256
        and unit.name not in own
        and not stubroot.has_unit(node.os, unit.name)
        and stubroot.template_of(unit.name) not in own
        # A device unit appears with its device; drop-ins may tell systemd how long to wait for it.
        and not unit.name.endswith(".device")
    ]
    for file, text in texts.items():
        for section, key, value in settings(text):
            if key not in REFERENCES.get(section, ()):
                continue
            for name in words(value):
                known = name in own or stubroot.template_of(name) in own or stubroot.has_unit(node.os, name)
                # A device unit appears with its device, a slice with its first member.
                if not known and not name.endswith((".device", ".slice")):
                    complaints.append(f"{file}: {key}={name} is neither ours nor in src/os/units/{node.os}.txt")
    return complaints


def words(value: str) -> list[str]:
    """Splits a list of unit names; a backslash is part of a name, quotes are not."""
    lexer = shlex.shlex(value, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    return list(lexer)
