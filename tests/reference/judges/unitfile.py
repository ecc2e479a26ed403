"""Reads a systemd unit file's text into (section, key, value) lines.

Joins continued lines and drops comments, as systemd.syntax(7) says. It checks nothing, keeps
specifiers and quotes as they are, and does not merge drop-ins.
"""

from collections.abc import Iterator
from typing import NamedTuple

EXEC_KEYS = {
    f"Exec{when}" for when in ("Condition", "Start", "StartPre", "StartPost", "Reload", "Stop", "StopPre", "StopPost")
}


class Setting(NamedTuple):
    section: str
    key: str
    value: str


def settings(text: str) -> Iterator[Setting]:
    section, pending = "", ""
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith(("#", ";")) or (not line and not pending):
            continue
        if line.endswith("\\"):
            pending += line[:-1] + " "
            continue
        line, pending = (pending + line).strip(), ""
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif "=" in line:
            key, _, value = line.partition("=")
            yield Setting(section, key.strip(), value.strip())


def programs(text: str) -> list[str]:
    """Returns the program of each Exec line, without systemd's prefix characters."""
    found = []
    for setting in settings(text):
        if setting.key in EXEC_KEYS and setting.value:
            word = setting.value.lstrip("-@:+!|").split()
            found.append(word[0].strip("\"'") if word else "")
    return found
