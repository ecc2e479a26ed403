#!/usr/bin/env python3
"""Writes every case of `tests/cases/` as a folder, for tools that read files: `cases.py DIR`.

The format is described in `tests/cases/README.md`. A folder holds the case's input files, what is expected of it, and
`args` and `env`, one word a line. Nothing is judged here: a fault in the format fails `cargo test --test cases`.
"""

import re
import shutil
import sys
from pathlib import Path

CASES = Path(__file__).resolve().parent.parent / "cases"
COMMAND = "cfgbuild check a"
NAMES = {"BOM": b"\xef\xbb\xbf", "NUL": b"\0", "TAB": b"\t", "CR": b"\r", "SPACE": b" "}
ESCAPE = re.compile(rb"<(BOM|NUL|TAB|CR|SPACE|[0-9A-F]{2})>")
WORD = re.compile(r"(?:'[^']*'|[^' ])+")


def unescape(text: bytes) -> bytes:
    return ESCAPE.sub(lambda found: NAMES.get(found[1].decode()) or bytes.fromhex(found[1].decode()), text)


def files(block: list[str]) -> dict[str, bytes]:
    """Returns the parts of a case by name."""
    parts: dict[str, bytes] = {}
    name = ""
    for line in block:
        if line.startswith("--- "):
            name = line.removeprefix("--- ")
            parts[name] = b""
        elif name:
            parts[name] += line.encode() + b"\n"
    return {name: unescape(text.removesuffix(b"<END>\n")) for name, text in parts.items()}


def command(block: list[str]) -> str | None:
    """Returns the command line above the parts."""
    for line in block:
        if line.startswith("$ "):
            return line.removeprefix("$ ")
        if line.startswith("--- "):
            break
    return None


def cases(text: str) -> dict[str, dict[str, bytes]]:
    """Returns the cases of a file by heading, as what their folders hold."""
    blocks: dict[str, list[str]] = {"": []}
    heading = ""
    for line in text.removesuffix("\n").split("\n"):
        if line.startswith("=== "):
            # the blank line before a heading is its own
            blocks[heading] = blocks[heading][:-1] if blocks[heading] else []
            heading = line.removeprefix("=== ")
            blocks[heading] = []
        else:
            blocks[heading].append(line)
    shared = command(blocks[""]) or COMMAND
    found = {}
    for heading, block in blocks.items():
        parts = files(block)
        if parts:
            words = [word.replace("'", "") for word in WORD.findall(command(block) or shared)]
            at = words.index("cfgbuild")
            parts["args"] = "".join(f"{word}\n" for word in words[at + 1 :]).encode()
            parts["env"] = "".join(f"{word}\n" for word in words[:at]).encode()
            found[heading] = parts
    return found


def unpack(folder: Path) -> list[Path]:
    """Writes all cases below a folder, and returns where each is."""
    found = []
    for args in sorted(CASES.rglob("args")):
        shutil.copytree(args.parent, folder / args.parent.relative_to(CASES), dirs_exist_ok=True)
        found.append(folder / args.parent.relative_to(CASES))
    for file in sorted(CASES.rglob("*.case")):
        for heading, parts in cases(file.read_bytes().decode()).items():
            case = folder / file.relative_to(CASES).with_suffix("") / heading
            found.append(case)
            for name, text in parts.items():
                path = case / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text)
    return sorted(found)


if __name__ == "__main__":
    unpack(Path(sys.argv[1]))
