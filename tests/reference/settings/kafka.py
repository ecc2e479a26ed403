"""Kafka's settings as its own jars define them, and the tables that cfgbuild has of them."""

import subprocess
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
TABLES = HERE.parent.parent.parent / "src/service/kafka/tables"
SCOPES = ("broker", "topic", "quota")
COLUMNS = ("name", "versions", "type", "unit", "accepts", "default", "update", "mode", "twin")

# What the definitions do not say: settings that one mode alone reads, where both modes know the name.
ZOOKEEPER_ALONE = (
    "broker.id.generation.enable",
    "control.plane.listener.name",
    "controlled.shutdown.max.retries",
    "leader.imbalance.per.broker.percentage",
    "password.encoder.",
    "reserved.broker.max.id",
    "zookeeper.",
)
KRAFT_ALONE = (
    "broker.heartbeat.interval.ms",
    "broker.session.timeout.ms",
    "controller.performance.",
    "controller.quorum.",
    "initial.broker.registration.timeout.ms",
    "metadata.log.",
    "metadata.max.",
    "sasl.mechanism.controller.protocol",
    "server.max.startup.time.ms",
)
UNITS = {
    ".ms": "ms",
    ".bytes": "bytes",
    ".seconds": "s",
    ".secs": "s",
    ".minutes": "min",
    ".hours": "h",
    "_byte_rate": "bytes",
    ".bytes.per.second": "bytes",
}


class Row(NamedTuple):
    """What one version, or a run of versions, says of a setting."""

    name: str
    type: str
    accepts: str
    default: str
    update: str
    twin: str

    def unit(self) -> str:
        return next((unit for ending, unit in UNITS.items() if self.name.endswith(ending)), "")

    def mode(self) -> str:
        if self.name.startswith(ZOOKEEPER_ALONE):
            return "zookeeper"
        return "kraft" if self.name.startswith(KRAFT_ALONE) else ""


def ask(jars: Path, *words: str, given: str = "") -> list[str]:
    """Runs the program that asks Kafka; returns its lines."""
    program = ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", f"{jars}/*", str(HERE / "Kafka.java"), *words]
    done = subprocess.run(program, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(program)}: {done.stderr[-2000:]}")
    return done.stdout.splitlines()


def defined(jars: Path) -> dict[str, dict[str, Row]]:
    """Returns what one version defines, by scope and name."""
    scopes: dict[str, dict[str, Row]] = {scope: {} for scope in SCOPES}
    for line in ask(jars, "names"):
        scope, name, kind, accepts, default, update, twin = line.split("\t")
        scopes[scope][name] = Row(name, kind, accepts, default, update, twin)
    return scopes


def merged(versions: dict[str, dict[str, Row]]) -> list[str]:
    """Returns the lines of a table: a line for each run of versions that say the same."""
    order = list(versions)
    lines = []
    for name in sorted({name for rows in versions.values() for name in rows}):
        for row, run in groupby(order, key=lambda version, name=name: versions[version].get(name)):
            if row is None:
                continue
            span = list(run)
            first = "" if span[0] == order[0] else span[0]
            last = "" if span[-1] == order[-1] else span[-1]
            between = f"{first}-{last}" if first or last else ""
            cells = (name, between, row.type, row.unit(), row.accepts, row.default, row.update, row.mode(), row.twin)
            lines.append("\t".join(cells).rstrip("\t"))
    return lines


def write(versions: dict[str, Path], head: Iterable[str]) -> None:
    """Writes the tables of all versions, oldest first."""
    known = {version: defined(jars) for version, jars in versions.items()}
    TABLES.mkdir(exist_ok=True)
    for scope in SCOPES:
        lines = [*head, "\t".join(COLUMNS), *merged({version: rows[scope] for version, rows in known.items()})]
        (TABLES / f"{scope}.tsv").write_text("".join(f"{line}\n" for line in lines))
