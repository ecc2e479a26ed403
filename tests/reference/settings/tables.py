"""A table of settings as it is written: lines for runs of versions, and the jars that are asked for it."""

import shutil
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

WORK = Path(__file__).resolve().parent.parent / ".work/settings"
JAVA = ("java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp")


class Line(Protocol):
    """What one version says of a setting; two versions that say the same are one line."""

    def cells(self, between: str) -> list[str]:
        """Returns the columns of a line that holds for these versions."""


def merged(versions: Mapping[str, Mapping[str, Line]]) -> list[str]:
    """Returns the lines of a table: a line for each run of versions that say the same."""
    order = list(versions)
    lines = []
    for name in sorted({name for rows in versions.values() for name in rows}):
        said = [versions[version].get(name) for version in order]
        for row, run in groupby(zip(said, order, strict=True), key=itemgetter(0)):
            if row is None:
                continue
            span = [version for _, version in run]
            first = "" if span[0] == order[0] else span[0]
            last = "" if span[-1] == order[-1] else span[-1]
            lines.append("\t".join(row.cells(f"{first}-{last}" if first or last else "")).rstrip("\t"))
    return lines


def write(path: Path, asked: str, columns: tuple[str, ...], versions: Mapping[str, Mapping[str, Line]]) -> None:
    """Writes a table of these versions, oldest first; `asked` names the servers in full."""
    head = f"# {asked}, asked on {datetime.now(UTC):%Y-%m-%d} by tests/reference/settings."
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in (head, "\t".join(columns), *merged(versions))))


def jars(group: str, artifact: str, version: str) -> Path:
    """Fetches the jars of a version with everything they need; a second time they are there."""
    folder = WORK / f"{artifact}-{version}"
    if folder.exists():
        return folder
    WORK.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=WORK) as made:
        (Path(made) / "pom.xml").write_text(
            "<project><modelVersion>4.0.0</modelVersion><groupId>invalid.reference</groupId><artifactId>jars</artifactId>"
            f"<version>1</version><dependencies><dependency><groupId>{group}</groupId>"
            f"<artifactId>{artifact}</artifactId><version>{version}</version></dependency></dependencies></project>\n"
        )
        command = ["mvn", "-B", "-ntp", "dependency:copy-dependencies", "-DincludeScope=runtime"]
        copied = f"-DoutputDirectory={made}/jars"
        done = subprocess.run([*command, copied], cwd=made, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}: {done.stdout[-2000:]}")
        shutil.move(f"{made}/jars", folder)
    return folder
