"""The names of ZooKeeper's `zoo.cfg` as its own jars read them, and the table that cfgbuild has of them."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from .probe import COLUMNS, VALUES, Bounds, Compared, Row, between, merged, words

HERE = Path(__file__).resolve().parent
TABLE = HERE.parent.parent.parent / "src/service/zookeeper/tables/settings.tsv"
WORK = HERE.parent / ".work/settings"
INSTALLED = HERE.parent / ".work/cluster/jars/zookeeper"

INTEGER = Bounds(-(2**31), 2**31 - 1)
LONG = Bounds(-(2**63), 2**63 - 1)
# What counts something without saying so in its name.
UNITS = {
    "autopurge.purgeInterval": "h",
    "maxSessionTimeout": "ms",
    "minSessionTimeout": "ms",
    "tickTime": "ms",
}
ENDINGS = {".ms": "ms", "Ms": "ms", "TimeoutMs": "ms", "InSeconds": "s", "Bytes": "bytes"}
# Words to try where the parser takes some alone.
TRIED = {"peerType": ("observer", "participant")}
# What must stand beside a name for its own bounds to be seen.
SASL = ("quorum.auth.enableSasl", "true")
BESIDE = {
    "maxSessionTimeout": [("minSessionTimeout", "1")],
    "minSessionTimeout": [("maxSessionTimeout", "2147483647")],
    "quorum.auth.learnerRequireSasl": [SASL],
    "quorum.auth.serverRequireSasl": [SASL, ("quorum.auth.learnerRequireSasl", "true")],
}


def jars(version: str) -> Path:
    """Fetches the jars of a version with everything they need; a second time they are there."""
    folder = WORK / f"zookeeper-{version}"
    if folder.exists():
        return folder
    project = WORK / "maven"
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir(parents=True)
    (project / "pom.xml").write_text(
        "<project><modelVersion>4.0.0</modelVersion><groupId>invalid.reference</groupId><artifactId>jars</artifactId>"
        "<version>1</version><dependencies><dependency><groupId>org.apache.zookeeper</groupId>"
        f"<artifactId>zookeeper</artifactId><version>{version}</version></dependency></dependencies></project>\n"
    )
    command = ["mvn", "-B", "-ntp", "dependency:copy-dependencies", "-DincludeScope=runtime"]
    done = subprocess.run(
        [*command, f"-DoutputDirectory={folder}"], cwd=project, capture_output=True, text=True, check=False
    )
    shutil.rmtree(project)
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise SystemExit(f"{' '.join(command)}: {done.stdout[-2000:]}")
    return folder


class Zookeeper:
    """A version of ZooKeeper, asked by a program that holds its parser."""

    def __init__(self, folder: Path) -> None:
        self.program = ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", f"{folder}/*"]
        self.program.append(str(HERE / "Zookeeper.java"))
        self.judge = subprocess.Popen(
            [*self.program, "values"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def close(self) -> None:
        """Lets the program end."""
        assert self.judge.stdin
        self.judge.stdin.close()
        self.judge.wait()

    def names(self) -> dict[str, str]:
        """Returns each name with its default, where the parser itself has one."""
        said = subprocess.run([*self.program, "names"], capture_output=True, text=True, check=True).stdout
        return dict(line.split("\t") for line in said.splitlines())

    def refusal(self, lines: Iterable[tuple[str, str]]) -> str:
        """Returns what the parser says of a file with these lines, empty where it takes it."""
        assert self.judge.stdin and self.judge.stdout
        self.judge.stdin.write("\t".join(cell for line in lines for cell in line) + "\n")
        self.judge.stdin.flush()
        said = self.judge.stdout.readline()
        assert said, lines
        return "" if said == "accepted\n" else said.strip()

    def takes(self, name: str, value: str) -> bool:
        return not self.refusal([*BESIDE.get(name, []), (name, value)])

    def defined(self) -> dict[str, Row]:
        """Returns what it says of every name."""
        rows = {}
        for name, usual in self.names().items():
            kind, accepts = self.kind(name)
            rows[name] = Row(name, kind, unit(name), accepts, usual)
        return rows

    def kind(self, name: str) -> tuple[str, str]:
        """Returns the type of a name, and what it accepts beside it."""
        if name.endswith(".className"):
            # which classes there are is a matter of the image
            return "class", ""
        if self.takes(name, "abc"):
            return "string", "" if self.takes(name, "") else "filled"
        if self.takes(name, "TRUE"):
            return ("yes-no" if self.takes(name, "yes") else "boolean"), ""
        if any(self.takes(name, number) for number in ("3", "5", "100", "65535")):
            bounds = LONG if self.takes(name, "2147483648") else INTEGER
            return ("long" if bounds is LONG else "int"), between(name, self.takes, bounds)
        return "string", words(name, self.takes, TRIED.get(name, ()))


def unit(name: str) -> str:
    return UNITS.get(name) or next((unit for ending, unit in ENDINGS.items() if name.endswith(ending)), "")


def write(versions: Iterable[str]) -> None:
    """Writes the table from these versions, oldest first."""
    known = {version.rpartition(".")[0]: Zookeeper(jars(version)).defined() for version in versions}
    said = " ".join(versions)
    head = f"# ZooKeeper {said}, asked on {datetime.now(UTC).date()} by tests/reference/settings."
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text("".join(f"{line}\n" for line in (head, "\t".join(COLUMNS), *merged(known))))


# What the parser refuses and the table does not say.
UNSEEN = {
    "version": "of the list of servers: the parser of that list reads it",
    "metricsProvider.className": "a class that the image has or not",
}
SESSIONS = (
    {"minSessionTimeout": "4001", "maxSessionTimeout": "4000"},
    {"minSessionTimeout": "4000", "maxSessionTimeout": "4000"},
    {"minSessionTimeout": "40000"},
    {"minSessionTimeout": "40001"},
    {"maxSessionTimeout": "3999"},
    {"maxSessionTimeout": "4000"},
    {"maxSessionTimeout": "5999", "tickTime": "3000"},
    {"maxSessionTimeout": "-1", "minSessionTimeout": "60000", "tickTime": "3000"},
    {"maxSessionTimeout": "-1", "minSessionTimeout": "60001", "tickTime": "3000"},
)


def judge(cfgbuild: Path) -> tuple[list[str], int]:
    """Holds cfgbuild to the ZooKeeper that is installed; returns what differs, and how much does not."""
    pins = (HERE.parent / "pins").read_text()
    version = re.findall(r"^ZOOKEEPER_VERSION=([\d.]+)$", pins, re.MULTILINE)[0]
    others = [line.split("\t")[0] for line in TABLE.read_text().splitlines()[2:]]
    zookeeper = Zookeeper(INSTALLED)
    compared = Compared(cfgbuild, "zookeeper", f"docker.io/library/zookeeper:{version}")
    free = compared.names(zookeeper.names(), others, ("authProvider.", "metricsProvider.", "sasl.", "ssl."))
    for value in (*VALUES, *sorted({word for tried in TRIED.values() for word in tried})):
        compared.value(free, value, zookeeper.takes, UNSEEN)
    for lines in SESSIONS:
        compared.together(lines, "zookeeper-sessions-crossed", zookeeper.refusal(lines.items()))
    zookeeper.close()
    return compared.done()


if __name__ == "__main__":
    write(sys.argv[1:])
