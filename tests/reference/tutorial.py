"""What docs/tutorial.md has people type: read from there, so that what is tried is what is written."""

import itertools
import re
import shlex
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parent.parent.parent / "docs" / "tutorial.md"


def blocks(section: str, mark: str) -> list[str]:
    """Returns the blocks with a mark (`sh`, `yaml profile`) below a heading, which is given without its number."""
    parts = re.split(r"^## \d+\. (.+)$", DOCUMENT.read_text(), flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    found = re.findall(rf"^```{re.escape(mark)}\n(.*?)^```$", sections[section], flags=re.MULTILINE | re.DOTALL)
    if not found:
        raise LookupError(f"{DOCUMENT.name}: `{section}` has no block marked `{mark}`")
    return found


def machine(node: int) -> list[str]:
    """Returns the words that start a machine of the desk in QEMU."""
    script = "".join(blocks("On one desk: boot", "sh")).replace("\\\n", " ")
    (line,) = re.findall(r"^ *(qemu-system-x86_64 .*)$", script, flags=re.MULTILINE)
    return shlex.split(line.replace("$n", str(node)))


def option(words: list[str], name: str, holds: str) -> str:
    """Returns the value of the one option of this name that holds a text."""
    found = [value for word, value in itertools.pairwise(words) if word == name and holds in value]
    if len(found) != 1:
        raise LookupError(f"{DOCUMENT.name}: {len(found)} options `{name}` with `{holds}`")
    return found[0]
