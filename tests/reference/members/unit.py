"""The part of systemd that a generated service needs: its lines, its environment, its commands.

Only what `cfgbuild` writes is read; anything else is an error, so that nothing is passed over in silence.
"""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

Lines = list[tuple[str, str]]


@dataclass
class Unit:
    """A unit as it was compiled."""

    name: str
    lines: Lines = field(default_factory=list)

    def all(self, key: str) -> list[str]:
        return [value for name, value in self.lines if name == key]

    def one(self, key: str, otherwise: str = "") -> str:
        return next(iter(self.all(key)), otherwise)


def parse(name: str, text: str) -> Unit:
    """Reads `systemd.syntax(7)`: a line that ends in a backslash goes on in the next."""
    unit = Unit(name)
    for line in re.sub(r"\\\n", " ", text).splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith(("[", "#")):
            unit.lines.append((key, value.strip()))
    return unit


def environment(unit: Unit, root: Path) -> dict[str, str]:
    """Returns what `Environment=` and `EnvironmentFile=` set, the files as they are now."""
    found: dict[str, str] = {}
    assignments = list(unit.all("Environment"))
    for path in unit.all("EnvironmentFile"):
        file = root / path.removeprefix("-").lstrip("/")
        if file.exists() or not path.startswith("-"):
            assignments += file.read_text().splitlines()
    for line in assignments:
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            # Quoted as a whole, or not at all.
            found[name] = shlex.split(value)[0] if value[:1] in {'"', "'"} else value
    return found


def words(command: str, known: dict[str, str]) -> list[str]:
    """Returns the words of a command: `$NAME` alone is as many as it has, `${NAME}` is part of one."""
    made = []
    for word in shlex.split(command.replace("%%", "%")):
        if re.fullmatch(r"\$\w+", word):
            made += known.get(word[1:], "").split()
            continue
        text = re.sub(r"(?<!\$)\$\{(\w+)\}", lambda found: known.get(found[1], ""), word)
        made.append(text.replace("$$", "$"))
    return made


@dataclass
class Call:
    """A `docker run` taken apart."""

    name: str
    image: str
    arguments: list[str]
    entrypoint: str = ""
    user: str = "0:0"
    mounts: list[dict[str, str]] = field(default_factory=list)
    tmpfs: list[str] = field(default_factory=list)
    env: list[str] = field(default_factory=list)


WITHOUT_VALUE = {"--rm"}
IGNORED = {"--network", "--ulimit", "--stop-timeout", "--log-driver", "--memory", "--security-opt"}


def call(command: list[str]) -> Call:
    """Reads the client's command line as `docker run` does."""
    made = Call("", "", [])
    rest = iter(command[command.index("run") + 1 :])
    for word in rest:
        if not word.startswith("-"):
            made.image, made.arguments = word, list(rest)
            break
        if word in WITHOUT_VALUE:
            continue
        value = next(rest)
        if word == "--mount":
            made.mounts.append(dict(part.partition("=")[::2] for part in value.split(",")))
        elif word == "--env":
            made.env.append(value)
        elif word == "--tmpfs":
            made.tmpfs.append(value)
        elif word in {"--name", "--entrypoint", "--user"}:
            setattr(made, word.removeprefix("--"), value)
        elif word not in IGNORED:
            raise ValueError(f"an option that is not known here: {word}")
    return made
