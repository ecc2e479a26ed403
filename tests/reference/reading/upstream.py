"""The configs that stand as JSON in Ignition's own tests, as they are: what people write, and what once was a fault."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from judges.tools import HOME, WORK

MODULE = "github.com/coreos/ignition/v2"
LITERAL = re.compile(r"`(\s*\{[^`]*\})\s*`")
# Where the tests run with every version.
PLACEHOLDER = "$version"
# A newer reader's, and the module's own copy of Butane.
LEFT_OUT = ("v3_7_experimental", "butane")


def configs(version: str) -> Iterator[tuple[str, bytes]]:
    source = sources()
    for file in sorted(source.rglob("*.go")):
        place = str(file.relative_to(source))
        if not place.startswith(("config/", "tests/")) or any(word in place for word in LEFT_OUT):
            continue
        for number, text in enumerate(LITERAL.findall(file.read_text()), 1):
            if '"ignition"' in text and '"version": "2.' not in text:
                yield f"{place}, {number}", text.replace(PLACEHOLDER, version).encode()


def sources() -> Path:
    """Returns where Go keeps the source of the pinned version; `install` has fetched it."""
    found = re.search(r"^IGNITION_VERSION=(\S+)$", (HOME / "pins").read_text(), re.MULTILINE)
    command = ["go", "mod", "download", "-json", f"{MODULE}@{found[1] if found else 'none'}"]
    try:
        run = subprocess.run(command, check=True, capture_output=True, text=True, cwd=WORK)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f"no source of Ignition; try: {' '.join(command)}\n0 passed, 1 failed") from error
    return Path(json.loads(run.stdout)["Dir"])
