"""What a server says of single values, and what that makes of a setting: its type, its bounds, its words."""

import json
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

COLUMNS = ("name", "versions", "type", "unit", "accepts", "default")

# Numbers at which servers are known to draw a line, with one beside each.
LEAST = ("-2", "-1", "0", "1", "2", "3", "4", "5", "10")
MOST = (
    "18446744073709551615",
    "9223372036854775807",
    "4294967295",
    "2147483647",
    "1000000",
    "65535",
    "50000",
    "10000",
    "100",
    "10",
)

# What people write, and what only machines would; the words of each setting come beside them.
VALUES = (
    *("", "abc", "-1", "0", "1", "5", "100", "2147483648", "18446744073709551616", "1.5", "+5", " 5", "0x10", "010"),
    *("true", "True", "T", "yes", "no", "on", "7d", "100ms", "1h", "-1h", "0s", "4GiB", "a,b", "http://a:1"),
)

# Whether a server takes a value of a setting.
Takes = Callable[[str, str], bool]


class Row(NamedTuple):
    """What one version, or a run of versions, says of a setting."""

    name: str
    type: str
    unit: str
    accepts: str
    default: str

    def cells(self, between: str) -> list[str]:
        """Returns the columns of a line that holds for these versions."""
        return [self.name, between, *self[1:]]


class Bounds(NamedTuple):
    """What a type holds by itself."""

    least: int
    most: int


def between(name: str, takes: Takes, natural: Bounds) -> str:
    """Returns the bounds of a number beyond those of its type, empty where it has none."""
    found = sorted(int(number) for number in {*LEAST, *MOST} if takes(name, number))
    if len(found) == 1:
        return f"{{{found[0]}}}"
    beside = ""
    if -1 in found and 0 not in found:
        # what means "not set"
        found, beside = [number for number in found if number > 0], "|-1"
    least, most = found[0], found[-1]
    lower = str(least) if beside or (least > natural.least and not takes(name, str(least - 1))) else ""
    upper = str(most) if most < natural.most and not takes(name, str(most + 1)) else ""
    return f"{lower}..{upper}{beside}" if lower or upper else ""


def words(name: str, takes: Takes, candidates: Iterable[str]) -> str:
    """Returns the words that are taken of those that are tried, empty where any text is."""
    if takes(name, "abc"):
        return ""
    taken = [word for word in candidates if takes(name, word)]
    if not taken:
        return ""
    any_case = all(takes(name, word.swapcase()) for word in taken)
    if takes(name, ""):
        taken.append("")
    return "{" + ",".join(taken) + "}" + ("i" if any_case else "")


def owned_by_others(codes: set[str]) -> bool:
    """Returns whether a name is no profile's to set."""
    return any(code.endswith(("-owned", "-malformed")) for code in codes)


class Asked:
    """A server that says of lines of names and values whether it takes them: a program that reads and answers."""

    # What must stand beside a name for its own bounds to be seen.
    beside: Mapping[str, list[tuple[str, str]]] = {}

    def __init__(self, *program: str, folder: str | None = None) -> None:
        self.program = program
        self.judge = subprocess.Popen(
            [*program, "values"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def names(self) -> list[list[str]]:
        """Returns the columns of what it says of each name."""
        said = subprocess.run([*self.program, "names"], capture_output=True, text=True, check=True).stdout
        return [line.split("\t") for line in said.splitlines()]

    def refusal(self, lines: Iterable[tuple[str, str]]) -> str:
        """Returns what it says of these lines, empty where it takes them."""
        assert self.judge.stdin and self.judge.stdout
        self.judge.stdin.write("\t".join(cell for line in lines for cell in line) + "\n")
        self.judge.stdin.flush()
        said = self.judge.stdout.readline()
        assert said, lines
        return "" if said == "accepted\n" else said.strip()

    def takes(self, name: str, value: str) -> bool:
        return not self.refusal([*self.beside.get(name, []), (name, value)])

    def close(self) -> None:
        """Lets the program end."""
        assert self.judge.stdin
        self.judge.stdin.close()
        self.judge.wait()


class Compared:
    """What cfgbuild and a server say of the same lines."""

    def __init__(self, cfgbuild: Path, section: str, image: str) -> None:
        self.cfgbuild = cfgbuild
        self.head = f"cluster: {{nodes: 3, domain: x.internal}}\n{section}:\n  image: {image}\n  config:\n"
        self.image = image
        self.failures: list[str] = []
        self.asked = 0
        self.refused = 0

    def codes(self, lines: Mapping[str, str]) -> dict[str, set[str]]:
        """Returns the codes of what cfgbuild finds in a profile with these lines, by name."""
        names = list(lines)
        with TemporaryDirectory() as folder:
            profile = Path(folder, "profiles", "a", "profile.yaml")
            profile.parent.mkdir(parents=True)
            written = (f"    {json.dumps(name)}: {json.dumps(value)}\n" for name, value in lines.items())
            profile.write_text(self.head + "".join(written))
            command = [str(self.cfgbuild), "check", "a", "--format", "json"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        report = json.loads(done.stdout)
        assert report["omitted"] == 0, report["omitted"]
        codes: dict[str, set[str]] = {name: set() for name in names}
        for finding in report["findings"]:
            place = finding["primary"]
            line = place["start"]["line"] - self.head.count("\n") - 1 if place else -1
            if place and place["file"].endswith("/profile.yaml") and 0 <= line < len(names):
                codes[names[line]].add(finding["code"])
        return codes

    def names(self, known: Iterable[str], others: Iterable[str], families: tuple[str, ...] = ()) -> list[str]:
        """Holds what the server knows, and names that it does not, to what cfgbuild says; returns those to be set.

        Names that begin as one of `families` may be anything.
        """
        known = list(known)
        foreign = {"setting-unknown", "setting-not-in-version"}
        codes = self.codes(dict.fromkeys(known, "1"))
        owned = [name for name in known if owned_by_others(codes[name])]
        self.failures += [f"{self.image}: `{name}` is known to it alone" for name in known if codes[name] & foreign]
        wrong = sorted({*others, *(f"{name[:-1]}zq" for name in known)} - set(known))
        wrong = [name for name in wrong if not name.startswith(families)]
        found = self.codes(dict.fromkeys(wrong, "1"))
        missed = [name for name in wrong if not found[name] & foreign and not owned_by_others(found[name])]
        self.failures += [f"{self.image}: `{name}` is known to cfgbuild alone" for name in missed]
        print(f"{self.image}: {len(known)} names, {len(owned)} of them not a profile's; {len(wrong)} wrong names")
        return [name for name in known if name not in owned]

    def value(self, names: Iterable[str], value: str, takes: Takes, unseen: Mapping[str, str]) -> None:
        """Holds one value, given to each name, to what the server takes; `unseen` is what it refuses alone, and why."""
        for name, found in self.codes(dict.fromkeys(names, value)).items():
            refused = "setting-refused" in found
            taken = takes(name, value)
            self.asked += 1
            self.refused += refused
            if refused == taken and (taken or name not in unseen):
                who = "cfgbuild" if refused else "the server"
                self.failures.append(f"{self.image}: `{name}={value}` is refused by {who} alone")

    def together(self, lines: Mapping[str, str], code: str, refusal: str) -> None:
        """Holds lines that go together or not to what the server says of them."""
        found = any(code in codes for codes in self.codes(lines).values())
        self.asked += 1
        self.refused += found
        if found == (not refusal):
            self.failures.append(f"{self.image}: {dict(lines)}: `{code}` is {found}, it says `{refusal}`")

    def done(self) -> tuple[list[str], int]:
        """Says how much was compared; returns what differs, and how much does not."""
        print(f"{self.image}: {self.asked} values, {self.refused} refused by both, {len(self.failures)} differ")
        if not 0 < self.refused < self.asked:
            self.failures.append(f"{self.image}: nothing is refused, or nothing accepted")
        return self.failures, self.asked - len(self.failures)
