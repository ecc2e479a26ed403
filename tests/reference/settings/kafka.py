"""Kafka's settings as its own jars define them, and the tables that cfgbuild has of them."""

import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from . import tables
from .tables import JAVA

HERE = Path(__file__).resolve().parent
TABLES = HERE.parent.parent.parent / "src/service/kafka/tables"
JARS = HERE.parent / ".work/cluster/jars"
# Every version that the tables know, oldest first, and those that other tests have installed.
ALL = ("3.7.2", "3.8.1", "3.9.2", "4.0.2", "4.1.2", "4.2.1", "4.3.1")
USUAL = ("3.9.2", "4.3.1")
INSTALLED = {"3.9.2": JARS / "kafka-with-zookeeper", "4.3.1": JARS / "kafka"}
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

    def cells(self, between: str) -> list[str]:
        """Returns the columns of a line that holds for these versions."""
        about = (self.type, self.unit(), self.accepts, self.default, self.update, self.mode(), self.twin)
        return [self.name, between, *about]

    def unit(self) -> str:
        return next((unit for ending, unit in UNITS.items() if self.name.endswith(ending)), "")

    def mode(self) -> str:
        if self.name.startswith(ZOOKEEPER_ALONE):
            return "zookeeper"
        return "kraft" if self.name.startswith(KRAFT_ALONE) else ""


def ask(jars: Path, *words: str, given: str = "") -> list[str]:
    """Runs the program that asks Kafka; returns its lines."""
    program = [*JAVA, f"{jars}/*", str(HERE / "Kafka.java"), *words]
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


def minor(version: str) -> str:
    return version.rpartition(".")[0]


def jars(version: str) -> Path:
    """Returns the folder with the jars of a version; fetches those that nobody has installed."""
    return INSTALLED.get(version) or tables.jars("org.apache.kafka", "kafka_2.13", version)


def write() -> None:
    """Writes the tables of all versions, oldest first."""
    known = {minor(version): defined(jars(version)) for version in ALL}
    for scope in SCOPES:
        versions = {version: rows[scope] for version, rows in known.items()}
        tables.write(TABLES / f"{scope}.tsv", f"Kafka {' '.join(ALL)}", COLUMNS, versions)


def tabled(scope: str, version: str) -> dict[str, list[str]]:
    """Returns the columns of a table's lines that hold for one version, by name."""
    lines = [line for line in (TABLES / f"{scope}.tsv").read_text().splitlines() if not line.startswith("#")]
    order = [minor(known) for known in ALL]
    found = {}
    for line in lines[1:]:
        cells = (line.split("\t") + [""] * len(COLUMNS))[: len(COLUMNS)]
        first, _, last = cells[1].partition("-")
        span = order[order.index(first or order[0]) : order.index(last or order[-1]) + 1]
        if minor(version) in span:
            found[cells[0]] = cells
    return found


# What people write: types, units, words, and what is at the edge of a type.
VALUES = (
    *(
        "",
        " ",
        "abc",
        "-3",
        "-2",
        "-1",
        "0",
        "1",
        "2",
        "5",
        "10",
        "100",
        "1000",
        "65536",
        "1048576",
        "+5",
        "1.5",
        "0.25",
    ),
    *("2147483647", "2147483648", "-2147483649", "9223372036854775808", "1e3", "0x10", "1_000", "5f"),
    *("true", "True", "FALSE", "yes", "on", "7d", "500ms", "4GiB", "a,b", "a,a", "a, a", "compact", "compact, delete"),
    *(
        "compact,compact",
        "Compact",
        "gzip",
        "gzipp",
        "producer",
        "CreateTime",
        "none",
        "required",
        "SSL",
        "ssl",
        "es256",
    ),
    *("consumer", "classic,consumer", "broker,controller", "upgrade", "1:2", "*"),
)
# Classes are looked for by the server alone, and these are texts with a grammar of their own.
UNJUDGED = {
    "broker": {
        "controller.quorum.bootstrap.servers",
        "controller.quorum.voters",
        "inter.broker.protocol.version",
        "log.message.format.version",
    },
    "topic": {
        "follower.replication.throttled.replicas",
        "leader.replication.throttled.replicas",
        "message.format.version",
    },
}


def judge(cfgbuild: Path, versions: tuple[str, ...]) -> tuple[list[str], int]:
    """Returns where the tables, or what cfgbuild says of values, are not what a version says; and what agrees."""
    failures: list[str] = []
    passed = 0
    for version in versions:
        known = defined(jars(version))
        for scope in SCOPES:
            ours = tabled(scope, version)
            theirs = {name: row.cells(ours.get(name, ["", ""])[1]) for name, row in known[scope].items()}
            differ = [name for name in sorted({*ours, *theirs}) if ours.get(name) != theirs.get(name)]
            failures += [f"Kafka {version}: {scope} {name}: {ours.get(name)} != {theirs.get(name)}" for name in differ]
            passed += len(theirs) - len(differ)
        for scope in ("broker", "topic"):
            wrong, right, refused = values(cfgbuild, version, scope, tabled(scope, version))
            failures += wrong
            passed += right
            values_in_all = right + len(wrong)
            print(f"Kafka {version}: {len(known[scope])} names of {scope}, {values_in_all} values, {refused} refused")
            if not 0 < refused < values_in_all:
                failures.append(f"Kafka {version}: {scope}: nothing is refused, or nothing accepted")
        wrong, right = together(cfgbuild, version)
        failures += wrong
        passed += right
    return failures, passed


def values(cfgbuild: Path, version: str, scope: str, table: dict[str, list[str]]) -> tuple[list[str], int, int]:
    """Compares what cfgbuild and Kafka say of every value for every setting."""
    names = [name for name, cells in table.items() if cells[2] != "class" and name not in UNJUDGED[scope]]
    wrong = []
    right = 0
    asked = []
    for value in VALUES:
        # neither file can hold it, which is told before
        if scope == "topic" and (value.strip() != value or not value):
            continue
        refused, owned = said(cfgbuild, version, scope, names, value)
        asked += [(name, value, name in refused) for name in names if name not in owned]
    lines = ask(jars(version), "values", given="".join(f"{scope}\t{name}\t{value}\n" for name, value, _ in asked))
    for (name, value, is_refused), answer in zip(asked, lines, strict=True):
        if is_refused == (answer != "accepted"):
            right += 1
        else:
            verdict = "refused" if is_refused else "accepted"
            wrong.append(f"Kafka {version}: {scope} {name}: {value!r}: {verdict} here, by Kafka: {answer}")
    return wrong, right, sum(refused for _, _, refused in asked)


def together(cfgbuild: Path, version: str) -> tuple[list[str], int]:
    """Compares what cfgbuild and Kafka say of settings that a broker holds against each other, at their borders."""
    table = tabled("broker", version)
    source = (TABLES.parent / "pairs.rs").read_text()
    pairs = re.findall(r'\("([a-z.]+)", "([a-z.]+)"\)', source)
    each = {name: int(count) for name, count in re.findall(r'\("([a-z.]+)", ([\d_]+)\.0\)', source)}
    asked = []
    for lesser, greater in pairs:
        if lesser in table and greater in table:
            most = int(table[greater][5]) // each.get(lesser, 1)
            least = int(table[lesser][5]) * each.get(lesser, 1)
            asked += [{lesser: str(most)}, {lesser: str(most + 1)}, {greater: str(least)}, {greater: str(least - 1)}]
    times = ("log.retention.ms", "log.retention.minutes", "log.retention.hours", "log.roll.ms")
    asked += [{name: value} for name in times for value in ("0", "1")]
    lines = ["\t".join(f"{name}={value}" for name, value in one.items()) for one in asked]
    answers = [
        line for line in ask(jars(version), "whole", given="".join(f"{line}\n" for line in lines)) if line[:1] == ">"
    ]
    profiles = {f"r{number}": json.dumps(profile(version, {"config": one})) for number, one in enumerate(asked)}
    codes = {"setting-refused", "kafka-settings-contradict"}
    refused = {role for one in findings(cfgbuild, profiles) if one["code"] in codes for role in one["roles"]}
    wrong = []
    for role, one, answer in zip(profiles, asked, answers, strict=True):
        if (role in refused) == (answer == "> accepted"):
            verdict = "refused" if role in refused else "accepted"
            wrong.append(f"Kafka {version}: {one}: {verdict} here, by Kafka: {answer}")
    print(f"Kafka {version}: {len(asked)} values at the borders of {len(pairs)} pairs")
    if not 0 < len(refused) < len(profiles):
        wrong.append(f"Kafka {version}: no pair is refused, or none accepted")
    return wrong, len(asked) - len(wrong)


def said(cfgbuild: Path, version: str, scope: str, names: list[str], value: str) -> tuple[set[str], set[str]]:
    """Returns the settings whose value cfgbuild refuses, and those that it lets no profile set."""
    settings = dict.fromkeys(names, value)
    where = {"config": settings} if scope == "broker" else {"topics": {"t": {"config": settings}}}
    # JSON is YAML; a line for each setting, so that a place tells which it is
    text = json.dumps(profile(version, where), indent=0)
    at = {number: line.split('"')[1] for number, line in enumerate(text.splitlines(), 1) if '"' in line}
    refused, owned = set(), set()
    for finding in findings(cfgbuild, {"r": text}):
        name = at.get(finding["primary"]["start"]["line"], "")
        if finding["code"] == "setting-refused":
            refused.add(name)
        elif finding["code"] == "kafka-config-owned":
            owned.add(name)
    return refused, owned


def profile(version: str, where: dict) -> dict:
    """Returns a profile of brokers of one version that say this."""
    mode = "kraft" if not version.startswith(("3.7", "3.8")) else "zookeeper"
    image = f"docker.io/apache/kafka:{version}" if mode == "kraft" else "registry.invalid/kafka:1"
    kafka = {"mode": mode, "image": image, "version": minor(version), **where}
    return {"cluster": {"nodes": 3, "domain": "x.internal"}, "kafka": kafka} | (
        {"zookeeper": {}} if mode == "zookeeper" else {}
    )


def findings(cfgbuild: Path, profiles: dict[str, str]) -> list[dict]:
    """Returns what cfgbuild finds in a workspace of these profiles."""
    with tempfile.TemporaryDirectory() as workspace:
        for role, text in profiles.items():
            folder = Path(workspace) / "profiles" / role
            folder.mkdir(parents=True)
            (folder / "profile.yaml").write_text(text)
        command = [str(cfgbuild), "check", f"--directory={workspace}", "--format=json"]
        return json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)["findings"]
