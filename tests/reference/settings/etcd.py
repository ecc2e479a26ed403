"""etcd's flags as etcd itself defines them, and the table that cfgbuild has of them."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from . import tables
from .probe import COLUMNS, VALUES, Asked, Bounds, Compared, Row, Takes, between, words
from .tables import WORK

HERE = Path(__file__).resolve().parent
TABLE = HERE.parent.parent.parent / "src/service/etcd/tables/flags.tsv"
DEBIAN = HERE.parent / ".work/cluster/debian/usr/bin/etcd"

# What the program prints of a type, and what a table calls it.
TYPES = {
    "flag.boolValue": "bool",
    "flag.durationValue": "duration",
    "flag.int64Value": "go-int",
    "flag.intValue": "go-int",
    "flag.uint64Value": "go-uint",
    "flag.uintValue": "go-uint",
    "flags.uint32Value": "go-uint",
}
BOUNDS = {"go-int": Bounds(-(2**63), 2**63 - 1), "go-uint": Bounds(0, 2**64 - 1)}
UNITS = {
    "auth-token-ttl": "s",
    "auto-compaction-retention": "h",
    "election-timeout": "ms",
    "heartbeat-interval": "ms",
    "max-request-bytes": "bytes",
    "proxy-dial-timeout": "ms",
    "proxy-failure-wait": "ms",
    "proxy-read-timeout": "ms",
    "proxy-refresh-interval": "ms",
    "proxy-write-timeout": "ms",
    "quota-backend-bytes": "bytes",
}
# Words to try where a flag is a text to Go.
TRIED = {
    "auto-compaction-mode": ("periodic", "revision"),
    "backend-bbolt-freelist-type": ("array", "map"),
    "discovery-fallback": ("exit", "proxy"),
    "experimental-backend-bbolt-freelist-type": ("array", "map"),
    "initial-cluster-state": ("existing", "new"),
    "log-format": ("console", "json"),
    "log-level": ("debug", "info", "warn", "error", "dpanic", "panic", "fatal"),
    "logger": ("capnslog", "zap"),
    "metrics": ("basic", "extensive"),
    "proxy": ("off", "readonly", "on"),
    "tls-max-version": ("TLS1.2", "TLS1.3"),
    "tls-min-version": ("TLS1.2", "TLS1.3"),
}
# What must stand beside a flag for its own bounds to be seen.
BESIDE = {
    "distributed-tracing-sampling-rate": [("enable-distributed-tracing", "true")],
    "election-timeout": [("heartbeat-interval", "1")],
    "experimental-enable-lease-checkpoint-persist": [("experimental-enable-lease-checkpoint", "true")],
    "experimental-distributed-tracing-sampling-rate": [("experimental-enable-distributed-tracing", "true")],
    "heartbeat-interval": [("election-timeout", "50000")],
}

MAIN = """package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Ask(os.Args[1]) }
"""
# How etcd reads what it reads after its flags.
RETENTION = """package embed

func Retention(mode, retention string) error {
	_, err := parseCompactionRetention(mode, retention)
	return err
}
"""


def program(version: str) -> Path:
    """Builds the program that asks one version of etcd, `v3.6.14`; a second time it is there."""
    built = WORK / f"etcd-{version}"
    if built.exists() and built.stat().st_mtime > (HERE / "etcd.go").stat().st_mtime:
        return built
    source = WORK / f"etcd-{version}.source"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    module = "go.etcd.io/etcd/server/v3"

    def go(*words: str) -> str:
        flags = {"CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false -mod=mod"}
        done = subprocess.run(
            ["env", *(f"{name}={value}" for name, value in flags.items()), "go", *words],
            cwd=source,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"go {' '.join(words)}: {done.stderr[-2000:]}")
        return done.stdout.strip()

    go("mod", "init", "reference.invalid/program")
    go("get", f"{module}@{version}")
    # a copy, since its command line has no exported types, and the cache of modules is nobody's to change
    server = source / "server"
    shutil.copytree(go("list", "-m", "-f", "{{.Dir}}", module), server, copy_function=shutil.copyfile)
    for folder in (server, *server.rglob("*")):
        folder.chmod(0o755)
    shutil.copyfile(HERE / "etcd.go", server / "etcdmain/ask.go")
    (server / "embed/retention.go").write_text(RETENTION)
    (source / "main.go").write_text(MAIN)
    go("mod", "edit", "-replace", f"{module}=./server")
    go("mod", "tidy", "-e")
    go("build", "-ldflags", "-s -w", "-o", str(built), ".")
    shutil.rmtree(source)
    return built


class Etcd(Asked):
    """A version of etcd, asked by a program that holds its command line."""

    beside = BESIDE

    def __init__(self, version: str) -> None:
        # where a value that names a file may make it
        self.folder = TemporaryDirectory()
        super().__init__(str(program(version)), folder=self.folder.name)

    def flags(self) -> dict[str, tuple[str, str, list[str]]]:
        """Returns each flag with its type in Go, its default and its words."""
        return {
            name: (kind.lstrip("*"), usual, valid.split(",") if valid else [])
            for name, kind, usual, valid in self.names()
        }

    def close(self) -> None:
        super().close()
        self.folder.cleanup()

    def defined(self) -> dict[str, Row]:
        """Returns what it says of every flag."""
        rows = {}
        for name, (go, usual, valid) in self.flags().items():
            kind = TYPES.get(go, "go-string")
            if name == "auto-compaction-retention":
                kind = "retention"
            rows[name] = Row(name, kind, UNITS.get(name, ""), accepts(name, kind, self.takes, valid), usual)
        return rows


class Old:
    """An etcd as a program alone, which says what it does not take before it listens."""

    def __init__(self, program: Path) -> None:
        self.program = program

    def version(self) -> str:
        """Returns its version, `3.4.23`."""
        return subprocess.run([self.program, "--version"], capture_output=True, text=True, check=True).stdout.split()[2]

    def takes(self, name: str, value: str) -> bool:
        said = self.said(*(f"--{flag}={value}" for flag, value in [*BESIDE.get(name, []), (name, value)]))
        return "cannot assign requested address" in said or said.startswith("etcd Version")

    def knows(self, name: str) -> bool:
        return "not defined" not in self.said(f"--{name}=")

    def said(self, *words: str) -> str:
        """Returns what it says before it would listen, which it cannot at this address of nobody."""
        with TemporaryDirectory() as empty:
            command = [str(self.program), "--logger=zap", "--listen-peer-urls=http://192.0.2.1:1", *words]
            if any(word.startswith("--proxy=") for word in words):
                # a proxy would not listen there
                command.append("--version")
            done = subprocess.run(command, capture_output=True, text=True, cwd=empty, timeout=60, check=False)
        return done.stdout + done.stderr

    def defined(self, candidates: Iterable[str]) -> dict[str, Row]:
        """Returns what it says of those candidates that it knows, and of what its help shows."""
        shown = subprocess.run([self.program, "--help"], capture_output=True, text=True, check=False)
        usual = dict(re.findall(r"^  --([a-z0-9-]+) '?([^'\n]*)'?$", shown.stdout + shown.stderr, re.MULTILINE))
        rows = {}
        for name in sorted({*candidates, *usual}):
            if not self.knows(name):
                continue
            kind = self.kind(name)
            default = usual.get(name, "")
            default = "" if "$" in default or "math." in default else default
            rows[name] = Row(name, kind, UNITS.get(name, ""), accepts(name, kind, self.takes, []), default)
        return rows

    def kind(self, name: str) -> str:
        if name == "auto-compaction-retention":
            return "retention"
        if self.takes(name, "abc"):
            return "go-string"
        for kind, taken, refused in (
            ("bool", "T", "5"),
            ("duration", "1h", "5"),
            ("go-int", "-1", "1.5"),
            ("go-uint", "5", "-1"),
        ):
            if self.takes(name, taken) and not self.takes(name, refused):
                return kind
        return "go-string"


def accepts(name: str, kind: str, takes: Takes, valid: list[str]) -> str:
    """Returns what a flag accepts beside its type."""
    if kind in BOUNDS:
        return between(name, takes, BOUNDS[kind])
    if kind == "duration":
        return "" if takes(name, "0s") else "1.."
    if kind == "go-string":
        return words(name, takes, valid or TRIED.get(name, ()))
    return ""


def write(versions: Iterable[str], debian: Path) -> None:
    """Writes the table from these versions, oldest first, and from a program that is older than all."""
    asked = {version.lstrip("v").rpartition(".")[0]: Etcd(version).defined() for version in versions}
    names = {name for rows in asked.values() for name in rows}
    old = Old(debian)
    known = {old.version().rpartition(".")[0]: old.defined(names), **asked}
    said = " ".join([old.version(), *(version.lstrip("v") for version in versions)])
    tables.write(TABLE, f"etcd {said}", COLUMNS, known)


# What etcd refuses and a table does not say: each is a language of its own.
UNSEEN = {
    "cipher-suites": "names of ciphers, which Go has",
    "cors": "URLs, or `*`",
    "enable-log-rotation": "asks for an output of logs that is a file",
    "feature-gates": "names of features, each with a truth",
    "listen-metrics-urls": "URLs",
    "log-outputs": "outputs, as URLs or files",
    "log-rotation-config-json": "JSON, read where rotation is asked for",
}
ELECTIONS = (("100", "500"), ("100", "499"), ("100", None), (None, "499"), (None, "500"), ("200", None), ("201", None))


def judge(cfgbuild: Path) -> tuple[list[str], int]:
    """Holds cfgbuild to the etcd that is installed, and to Debian's; returns what differs, and how much does not."""
    pins = (HERE.parent / "pins").read_text()
    version = re.findall(r"^ETCD_VERSION=(v[\d.]+)$", pins, re.MULTILINE)[0]
    others = [line.split("\t")[0] for line in TABLE.read_text().splitlines()[2:]]
    etcd = Etcd(version)
    compared = Compared(cfgbuild, "etcd", f"quay.io/coreos/etcd:{version}")
    known = etcd.flags()
    free = compared.names(known, others)
    listed = {word for _, _, valid in known.values() for word in valid} | {
        it for tried in TRIED.values() for it in tried
    }
    for value in (*VALUES, *sorted(listed)):
        compared.value(free, value, etcd.takes, UNSEEN)
    for heartbeat, election in ELECTIONS:
        both = {"heartbeat-interval": heartbeat, "election-timeout": election}
        lines = {name: value for name, value in both.items() if value}
        compared.together(lines, "etcd-election-too-short", etcd.refusal(lines.items()))
    etcd.close()
    failures, passed = compared.done()

    old = Old(DEBIAN)
    compared = Compared(cfgbuild, "etcd", f"quay.io/coreos/etcd:v{old.version()}")
    free = compared.names([name for name in sorted(set(others)) if old.knows(name)], others)
    # which it reads after it listens
    free.remove("auto-compaction-retention")
    for value in VALUES:
        compared.value(free, value, old.takes, UNSEEN)
    wrong, right = compared.done()
    return failures + wrong, passed + right


if __name__ == "__main__":
    write(sys.argv[1:], DEBIAN)
