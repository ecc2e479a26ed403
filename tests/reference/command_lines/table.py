"""Makes the table of verbs and flags of what the clients say of themselves.

Their `--help` has the verbs, the flags and what sort of value each takes. It does not have the flags that still work
and are no longer advertised: these are tried, in every verb where another version has them or where they are known
to hide.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from .clients import Client

# Verbs whose words are not judged: plug-ins answer some of them, and nobody writes the others into units.
OPEN = {"build", "buildx", "builder", "compose", "farm", "machine", "manifest", "artifact", "generate", "kube", "play"}
OPEN |= {"checkpoint", "completion", "config", "context", "node", "plugin", "quadlet", "secret", "service", "stack"}
OPEN |= {"swarm", "trust", "help", "image build", "image trust", "container runlabel", "system connection"}

# Flags that work and are not advertised, by what they hide in.
MAKES = ("run", "create")
HIDDEN: dict[str, dict[str, tuple[str, ...]]] = {
    "docker": {
        **dict.fromkeys(("net", "net-alias", "dns-opt", "kernel-memory", "cpu-count", "io-maxiops"), MAKES),
        "time": ("stop", "restart"),
        "disable-content-trust": (*MAKES, "pull", "push"),
    },
    "podman": {
        **dict.fromkeys(("net", "override-arch", "override-os", "override-variant", "dns-opt"), (*MAKES, "pull")),
        **dict.fromkeys(("healthcheck-command", "healthcheck-interval", "healthcheck-retries"), MAKES),
        **dict.fromkeys(("healthcheck-start-period", "healthcheck-timeout", "kernel-memory"), MAKES),
        **dict.fromkeys(("cni-host", "signature-policy", "disable-content-trust", "trace", "link"), (*MAKES, "pull")),
        "timeout": ("stop", "restart", "rm", "pod stop", "network rm"),
        "time": ("stop", "restart", "rm", "pod stop", "network rm"),
        **dict.fromkeys(("sync", "storage", "namespace"), ("ps", "start", "stop")),
    },
}

# What a flag takes that its help calls a string, a list or something only its author understands.
BY_NAME = {
    "add-host": "host",
    "attach": "stream",
    "dns": "address",
    "env": "env",
    "expose": "expose",
    "memory": "bytes",
    "memory-reservation": "bytes",
    "memory-swap": "swap",
    "kernel-memory": "bytes",
    "mount": "mount",
    "publish": "port",
    "pull": "pull",
    "restart": "restart",
    "shm-size": "bytes",
    "sysctl": "sysctl",
    "ulimit": "ulimit",
    "pid": "pid",
    "uts": "uts",
}
# Groups whose verbs stand on their own, too.
SHORTENED = {"container", "image", "system"}
INTEGERS = {"int", "int32", "int64", "uint", "uint16", "uint32", "uint64"}
# Where a name means that only among the flags of what makes a container.
MAKERS = {"run", "create", "container run", "container create"}
FLAG = re.compile(r"^ {2,6}(?:-(\w), )? *--([a-z][\w-]*)(\[=\S*\])?(?: (\S+))?(?:  .*|\s*)$")
HEADING = re.compile(r"^(?=\S)(.*Commands|Aliases|.*Options|Flags|Usage|Examples|Description)(?::|$)")


class Flag(NamedTuple):
    """A flag of one verb."""

    letter: str
    name: str
    kind: str


class Said(NamedTuple):
    """What `--help` of one verb says."""

    flags: dict[str, Flag]
    verbs: list[str]
    aliases: list[str]


def _read(client: Client, verb: str) -> Said:
    _, text = client.ask(*verb.split(), "--help")
    flags: dict[str, Flag] = {}
    verbs: list[str] = []
    aliases: list[str] = []
    heading = ""
    for line in text.splitlines():
        if found := HEADING.match(line):
            heading = found[1]
        elif "Commands" in heading and (words := re.match(r"^ {2}([a-z][\w-]*)\*? +\S", line)):
            verbs.append(words[1])
        elif heading == "Aliases" and line.strip():
            aliases += [alias.strip().removeprefix(f"{client.name} ") for alias in line.split(",")]
        elif "Options" in heading and (words := FLAG.match(line)):
            letter, name, optional, kind = (word or "" for word in words.groups())
            flags[name] = Flag(letter, name, _kind(client, verb, name, kind, optional))
    return Said(flags, verbs, aliases)


def _kind(client: Client, verb: str, name: str, kind: str, optional: str) -> str:
    if not kind and not optional:
        return "bool"
    if optional:
        return "optional"
    if verb in MAKERS and name in BY_NAME:
        return BY_NAME[name]
    if kind in INTEGERS:
        return "uint" if kind.startswith("u") else "int"
    if kind in {"bytes", "decimal", "duration", "float"}:
        return kind
    return "text"


def _walk(client: Client) -> dict[str, Said]:
    known = {"": _read(client, "")}
    for verb in known[""].verbs:
        known[verb] = _read(client, verb)
    for group in [verb for verb, said in known.items() if verb and said.verbs and verb not in OPEN]:
        for verb in known[group].verbs:
            known[f"{group} {verb}"] = _read(client, f"{group} {verb}")
    return known


def _hides(client: Client, verb: str, name: str) -> Flag | None:
    """Tries a flag that is not advertised, and tells what it takes by what is wrong with `?`."""
    _, said = client.ask(*verb.split(), f"--{name}=?", "--help")
    if "unknown flag" in said:
        return None
    if "ParseBool" in said:
        return Flag("", name, "bool")
    if verb in MAKERS and name in BY_NAME:
        return Flag("", name, BY_NAME[name])
    return Flag("", name, "uint" if "ParseUint" in said else "int" if "ParseInt" in said else "text")


class Row(NamedTuple):
    """A flag of a verb, with the versions that know it."""

    flag: Flag
    versions: list[int]


def write(clients: Iterable[Client]) -> str:
    """Returns the table, asked of all clients."""
    by_name: dict[str, list[Client]] = defaultdict(list)
    for client in clients:
        by_name[client.name].append(client)
    lines = [
        "# The verbs and flags of docker and podman, as their clients say them: made by tests/reference/command_lines.",
        "# A line without a blank before it is a verb, and behind commas what means the same; `*` stands where its",
        "# words are not judged, `+` where verbs follow. Below it are its flags: letter, name, kind of value, and the",
        "# versions, where not all have it. The verb `*` has the flags that may stand behind every other.",
    ]
    for name, versions in by_name.items():
        lines += ["", f"{name} = {' '.join(str(client.version) for client in versions)}"]
        with ThreadPoolExecutor(4) as pool:
            walked = list(pool.map(_walk, versions))
        lines += _client(versions, walked)
    return "\n".join(lines) + "\n"


def _everywhere(versions: list[Client], walked: list[dict[str, Said]]) -> list[str]:
    """Returns the flags before the verb that may stand behind it, too: as a verb that is called `*`."""
    lines = set()
    for client, known in zip(versions, walked, strict=True):
        for flag in known[""].flags.values():
            _, said = client.ask("ps", f"--{flag.name}=?", "--help")
            if "unknown flag" not in said and flag.name not in {"help", "version"}:
                lines.add(f" {flag.letter or '-'} {flag.name} {flag.kind}")
    return [f"{versions[0].name} * -", *sorted(lines)] if lines else []


def _client(versions: list[Client], walked: list[dict[str, Said]]) -> list[str]:
    lines: list[str] = []
    verbs = sorted({verb for known in walked for verb in known})
    rows: dict[str, list[str]] = {}
    with ThreadPoolExecutor(4) as pool:
        asked = pool.map(lambda verb: _rows(versions, walked, verb), verbs)
        rows = dict(zip(verbs, asked, strict=True))
    same = _same(walked, verbs, rows)
    for verb in verbs:
        if verb in same:
            continue
        is_group = bool(verb) and any(known[verb].verbs for known in walked if verb in known)
        mark = "*" if verb in OPEN or verb.rpartition(" ")[0] in OPEN else "+" if is_group else "-"
        others = {other for other, first in same.items() if first == verb}
        for other in [verb, *others]:
            others |= {alias for alias in _aliases(walked, other) if alias not in verbs}
        head = " ".join([versions[0].name, *([verb] if verb else [])])
        lines.append(f"{head} {mark}" + "".join(f", {other}" for other in sorted(others)))
        lines += rows[verb]
    return lines + _everywhere(versions, walked)


def _aliases(walked: list[dict[str, Said]], verb: str) -> set[str]:
    """Returns the words that mean the same verb; older versions name those of a group without its name."""
    group = verb.rpartition(" ")[0]
    said = {alias for known in walked if verb in known for alias in known[verb].aliases}
    return {alias if " " in alias or not group else f"{group} {alias}" for alias in said} - {verb}


def _same(walked: list[dict[str, Said]], verbs: list[str], rows: dict[str, list[str]]) -> dict[str, str]:
    """Returns the verbs of groups that stand on their own, too, with the same flags: `container run` is `run`."""
    same = {}
    for verb in verbs:
        said = {alias for known in walked if verb in known for alias in known[verb].aliases}
        names = [verb.rpartition(" ")[2], *sorted(said)]
        for name in names if " " in verb and verb.partition(" ")[0] in SHORTENED else []:
            if name in verbs and " " not in name and rows[name] == rows[verb]:
                same[verb] = name
                break
    return same


def _rows(versions: list[Client], walked: list[dict[str, Said]], verb: str) -> list[str]:
    if verb in OPEN or verb.rpartition(" ")[0] in OPEN:
        return []
    mine = [(client, known[verb].flags) for client, known in zip(versions, walked, strict=True) if verb in known]
    names = {name for _, flags in mine for name in flags}
    plain = verb.removeprefix("container ").removeprefix("image ")
    names |= {name for name, hides in HIDDEN[versions[0].name].items() if plain in hides}
    lines = []
    for name in sorted(names):
        found = [(client.version, flags.get(name) or _hides(client, verb, name)) for client, flags in mine]
        has = [(version, flag) for version, flag in found if flag]
        if not has:
            continue
        newest = next((flag for _, flag in reversed(has) if flag.letter), has[-1][1])
        advertised = next((flag for _, flags in reversed(mine) for flag in [flags.get(name)] if flag), newest)
        first, last = has[0][0], has[-1][0]
        span = "" if len(has) == len(mine) else f"{first if first != mine[0][0].version else ''}-"
        if last != mine[-1][0].version:
            span += str(last)
        lines.append(f" {newest.letter or '-'} {name} {advertised.kind} {span}".rstrip())
    return lines
