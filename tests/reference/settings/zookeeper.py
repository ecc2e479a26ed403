"""The names of ZooKeeper's `zoo.cfg` as its own jars read them, and the table that cfgbuild has of them."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from . import tables
from .probe import COLUMNS, VALUES, Asked, Bounds, Compared, Row, between, words
from .tables import JAVA

HERE = Path(__file__).resolve().parent
TABLE = HERE.parent.parent.parent / "src/service/zookeeper/tables/settings.tsv"
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


class Zookeeper(Asked):
    """A version of ZooKeeper, asked by a program that holds its parser."""

    beside = BESIDE

    def __init__(self, folder: Path) -> None:
        super().__init__(*JAVA, f"{folder}/*", str(HERE / "Zookeeper.java"))

    def defaults(self) -> dict[str, str]:
        """Returns each name with its default, where the parser itself has one."""
        return {row[0]: row[1] for row in self.names()}

    def defined(self) -> dict[str, Row]:
        """Returns what it says of every name."""
        rows = {}
        for name, usual in self.defaults().items():
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
    asked = ((version, tables.jars("org.apache.zookeeper", "zookeeper", version)) for version in versions)
    known = {version.rpartition(".")[0]: Zookeeper(folder).defined() for version, folder in asked}
    tables.write(TABLE, f"ZooKeeper {' '.join(versions)}", COLUMNS, known)


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
    free = compared.names(zookeeper.defaults(), others, ("authProvider.", "metricsProvider.", "sasl.", "ssl."))
    for value in (*VALUES, *sorted({word for tried in TRIED.values() for word in tried})):
        compared.value(free, value, zookeeper.takes, UNSEEN)
    for lines in SESSIONS:
        compared.together(lines, "zookeeper-sessions-crossed", zookeeper.refusal(lines.items()))
    zookeeper.close()
    return compared.done()


if __name__ == "__main__":
    write(sys.argv[1:])
