"""Every key of every version: with a value of each wrong kind, and in versions that do not know it.

The table is held to `ignition-validate` as well: a config that has every key of its version must pass without a word.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from .rules import DATA, GUID, REMOTE, SERVICE, SHA512, TANG

# The first version, as the last digit of 3.X.0, and the kinds of the keys that it brought; `[]` is one of a list.
TABLE = """
0 map     ignition
0 map     ignition.config
0 list    ignition.config.merge
0 map     ignition.config.merge[]
0 string  ignition.config.merge[].source
1 string  ignition.config.merge[].compression
1 list    ignition.config.merge[].httpHeaders
0 map     ignition.config.merge[].verification
0 string  ignition.config.merge[].verification.hash
0 map     ignition.config.replace
0 string  ignition.config.replace.source
1 string  ignition.config.replace.compression
1 list    ignition.config.replace.httpHeaders
0 map     ignition.config.replace.verification
0 string  ignition.config.replace.verification.hash
1 map     ignition.proxy
1 string  ignition.proxy.httpProxy
1 string  ignition.proxy.httpsProxy
1 list    ignition.proxy.noProxy
1 string  ignition.proxy.noProxy[]
0 map     ignition.security
0 map     ignition.security.tls
0 list    ignition.security.tls.certificateAuthorities
0 map     ignition.security.tls.certificateAuthorities[]
0 string  ignition.security.tls.certificateAuthorities[].source
1 string  ignition.security.tls.certificateAuthorities[].compression
1 list    ignition.security.tls.certificateAuthorities[].httpHeaders
0 map     ignition.security.tls.certificateAuthorities[].verification
0 string  ignition.security.tls.certificateAuthorities[].verification.hash
0 map     ignition.timeouts
0 int     ignition.timeouts.httpResponseHeaders
0 int     ignition.timeouts.httpTotal
3 map     kernelArguments
3 list    kernelArguments.shouldExist
3 string  kernelArguments.shouldExist[]
3 list    kernelArguments.shouldNotExist
3 string  kernelArguments.shouldNotExist[]
0 map     passwd
0 list    passwd.groups
0 map     passwd.groups[]
0 int     passwd.groups[].gid
0 string  passwd.groups[].name
0 string  passwd.groups[].passwordHash
2 bool    passwd.groups[].shouldExist
0 bool    passwd.groups[].system
0 list    passwd.users
0 map     passwd.users[]
0 string  passwd.users[].gecos
0 list    passwd.users[].groups
0 string  passwd.users[].groups[]
0 string  passwd.users[].homeDir
0 string  passwd.users[].name
0 bool    passwd.users[].noCreateHome
0 bool    passwd.users[].noLogInit
0 bool    passwd.users[].noUserGroup
0 string  passwd.users[].passwordHash
0 string  passwd.users[].primaryGroup
0 list    passwd.users[].sshAuthorizedKeys
0 string  passwd.users[].sshAuthorizedKeys[]
0 string  passwd.users[].shell
2 bool    passwd.users[].shouldExist
0 bool    passwd.users[].system
0 int     passwd.users[].uid
0 map     storage
0 list    storage.directories
0 map     storage.directories[]
0 map     storage.directories[].group
0 int     storage.directories[].group.id
0 string  storage.directories[].group.name
0 int     storage.directories[].mode
0 bool    storage.directories[].overwrite
0 string  storage.directories[].path
0 map     storage.directories[].user
0 int     storage.directories[].user.id
0 string  storage.directories[].user.name
0 list    storage.disks
0 map     storage.disks[]
0 string  storage.disks[].device
0 list    storage.disks[].partitions
0 map     storage.disks[].partitions[]
0 string  storage.disks[].partitions[].guid
0 string  storage.disks[].partitions[].label
0 int     storage.disks[].partitions[].number
2 bool    storage.disks[].partitions[].resize
0 bool    storage.disks[].partitions[].shouldExist
0 int     storage.disks[].partitions[].sizeMiB
0 int     storage.disks[].partitions[].startMiB
0 string  storage.disks[].partitions[].typeGuid
0 bool    storage.disks[].partitions[].wipePartitionEntry
0 bool    storage.disks[].wipeTable
0 list    storage.files
0 map     storage.files[]
0 list    storage.files[].append
0 map     storage.files[].append[]
0 string  storage.files[].append[].compression
1 list    storage.files[].append[].httpHeaders
0 string  storage.files[].append[].source
0 map     storage.files[].append[].verification
0 string  storage.files[].append[].verification.hash
0 map     storage.files[].contents
0 string  storage.files[].contents.compression
1 list    storage.files[].contents.httpHeaders
1 map     storage.files[].contents.httpHeaders[]
1 string  storage.files[].contents.httpHeaders[].name
1 string  storage.files[].contents.httpHeaders[].value
0 string  storage.files[].contents.source
0 map     storage.files[].contents.verification
0 string  storage.files[].contents.verification.hash
0 map     storage.files[].group
0 int     storage.files[].group.id
0 string  storage.files[].group.name
0 int     storage.files[].mode
0 bool    storage.files[].overwrite
0 string  storage.files[].path
0 map     storage.files[].user
0 int     storage.files[].user.id
0 string  storage.files[].user.name
0 list    storage.filesystems
0 map     storage.filesystems[]
0 string  storage.filesystems[].device
0 string  storage.filesystems[].format
0 string  storage.filesystems[].label
1 list    storage.filesystems[].mountOptions
1 string  storage.filesystems[].mountOptions[]
0 list    storage.filesystems[].options
0 string  storage.filesystems[].options[]
0 string  storage.filesystems[].path
0 string  storage.filesystems[].uuid
0 bool    storage.filesystems[].wipeFilesystem
0 list    storage.links
0 map     storage.links[]
0 map     storage.links[].group
0 int     storage.links[].group.id
0 string  storage.links[].group.name
0 bool    storage.links[].hard
0 bool    storage.links[].overwrite
0 string  storage.links[].path
0 string  storage.links[].target
0 map     storage.links[].user
0 int     storage.links[].user.id
0 string  storage.links[].user.name
2 list    storage.luks
2 map     storage.luks[]
5 map     storage.luks[].cex
5 bool    storage.luks[].cex.enabled
2 map     storage.luks[].clevis
2 map     storage.luks[].clevis.custom
2 string  storage.luks[].clevis.custom.config
2 bool    storage.luks[].clevis.custom.needsNetwork
2 string  storage.luks[].clevis.custom.pin
2 list    storage.luks[].clevis.tang
2 map     storage.luks[].clevis.tang[]
4 string  storage.luks[].clevis.tang[].advertisement
2 string  storage.luks[].clevis.tang[].thumbprint
2 string  storage.luks[].clevis.tang[].url
2 int     storage.luks[].clevis.threshold
2 bool    storage.luks[].clevis.tpm2
2 string  storage.luks[].device
4 bool    storage.luks[].discard
2 map     storage.luks[].keyFile
2 string  storage.luks[].keyFile.compression
2 list    storage.luks[].keyFile.httpHeaders
2 string  storage.luks[].keyFile.source
2 map     storage.luks[].keyFile.verification
2 string  storage.luks[].keyFile.verification.hash
2 string  storage.luks[].label
2 string  storage.luks[].name
4 list    storage.luks[].openOptions
4 string  storage.luks[].openOptions[]
2 list    storage.luks[].options
2 string  storage.luks[].options[]
2 string  storage.luks[].uuid
2 bool    storage.luks[].wipeVolume
0 list    storage.raid
0 map     storage.raid[]
0 list    storage.raid[].devices
0 string  storage.raid[].devices[]
0 string  storage.raid[].level
0 string  storage.raid[].name
0 list    storage.raid[].options
0 string  storage.raid[].options[]
0 int     storage.raid[].spares
0 map     systemd
0 list    systemd.units
0 map     systemd.units[]
0 string  systemd.units[].contents
0 list    systemd.units[].dropins
0 map     systemd.units[].dropins[]
0 string  systemd.units[].dropins[].contents
0 string  systemd.units[].dropins[].name
0 bool    systemd.units[].enabled
0 bool    systemd.units[].mask
0 string  systemd.units[].name
"""

# What must stand beside a key for its config to be right.
BASES: dict[str, dict[str, Any]] = {
    "ignition.config.merge[]": REMOTE,
    "ignition.config.replace": REMOTE,
    "ignition.security.tls.certificateAuthorities[]": REMOTE,
    "passwd.groups[]": {"name": "a"},
    "passwd.users[]": {"name": "a"},
    "storage.directories[]": {"path": "/a"},
    "storage.disks[]": {"device": "/dev/a"},
    "storage.disks[].partitions[]": {"number": 1},
    "storage.files[]": {"path": "/a"},
    "storage.files[].append[]": DATA,
    "storage.files[].contents": {"source": "https://a"},
    "storage.files[].contents.httpHeaders[]": {"name": "a", "value": "x"},
    "storage.filesystems[]": {"device": "/dev/a", "format": "xfs"},
    "storage.links[]": {"path": "/a", "target": "/b"},
    "storage.luks[]": {"name": "a", "device": "/dev/a"},
    "storage.luks[].clevis.custom": {"pin": "sss", "config": "x"},
    "storage.luks[].clevis.tang[]": TANG,
    "storage.luks[].keyFile": DATA,
    "storage.raid[]": {"name": "a", "level": "raid1", "devices": ["/dev/a"]},
    "systemd.units[]": {"name": "a.service"},
    "systemd.units[].dropins[]": {"name": "a.conf"},
}

# A right value for each key; by its last word, for the rest by its kind.
VALUES: dict[str, Any] = {
    "advertisement": "{}",
    "compression": "",
    "contents": SERVICE,
    "device": "/dev/a",
    "devices[]": "/dev/a",
    "format": "xfs",
    "guid": GUID,
    "hash": SHA512,
    "httpProxy": "http://a",
    "httpsProxy": "https://a",
    "level": "raid1",
    "overwrite": False,
    "path": "/a",
    "pin": "sss",
    "shouldExist": True,
    "source": "https://a",
    "spares": 0,
    "target": "/b",
    "typeGuid": GUID,
    "url": "http://a",
}
KINDS: dict[str, Any] = {"string": "a", "int": 1, "bool": True, "list": [], "map": {}}

# As JSON, for Python has no words for some of them.
WRONG = {
    "string": ("1", "true", "[]", "{}", '["a"]'),
    "int": ('"1"', "1.5", "true", "[]", "{}", "9223372036854775808", "1e2", "1.0", "-0.1", '"0644"'),
    "bool": ('"true"', "1", "0", "[]", "{}", '""'),
    "list": ("{}", '"a"', "1", "true", '{"0": "a"}'),
    "map": ("[]", '"a"', "1", "false", "[{}]"),
}
# What Go takes, though it looks wrong, or takes only with numbers.
EDGES = {
    "string": ("null",),
    "int": ("null", "-1", "-0", "9223372036854775807"),
    "bool": ("null",),
    "list": ("null", "[null]"),
    "map": ("null",),
}


# What names an entry of a list.
UNIQUE = ("path", "device", "name", "source", "url")


class Key(NamedTuple):
    since: int
    kind: str
    path: str

    @property
    def word(self) -> str:
        return self.path.removesuffix("[]").rpartition(".")[2]

    @property
    def parent(self) -> str:
        return self.path.removesuffix("[]") if self.path.endswith("[]") else self.path.rpartition(".")[0]

    def value(self) -> Any:
        beside = BASES.get(self.parent, {})
        if self.kind == "map":
            return BASES.get(self.path, {})
        if self.word in beside and not self.path.endswith("[]"):
            return beside[self.word]
        value = VALUES.get(self.path.rpartition(".")[2])
        # `shouldExist` is a word in one place and a list in another.
        return value if isinstance(value, type(KINDS[self.kind])) else KINDS[self.kind]


def parsed() -> list[Key]:
    rows = (line.split() for line in TABLE.strip().splitlines())
    return [Key(int(since), kind, path) for since, kind, path in rows]


KEYS = parsed()
BY_PATH = {key.path: key for key in KEYS}
PLACE = "\0here"


def around(key: Key, value: Any) -> dict[str, Any]:
    """Returns a config in which the key has the value, and as little else as it can be."""
    path = key.path
    while path:
        if path.endswith("[]"):
            value = [value]
            path = path.removesuffix("[]")
        else:
            path, _, word = path.rpartition(".")
            value = BASES.get(path, {}) | {word: value}
    return value


def written(version: str, key: Key, json_value: str) -> bytes:
    body = around(key, PLACE)
    body = {"ignition": {"version": version} | body.pop("ignition", {})} | body if key.path != "ignition" else body
    return json.dumps(body, separators=(",", ":")).replace(json.dumps(PLACE), json_value).encode()


def wrong_kinds(minor: int, whole: bool) -> Iterator[tuple[str, bytes]]:
    """Yields keys with values of a wrong kind: each with three of them, or half of the keys with one.

    Which of the values it is goes round, so that over all keys and versions every kind meets every other.
    """
    for at, key in enumerate(KEYS):
        wrong, edges = WRONG[key.kind], EDGES[key.kind]
        values: tuple[str, ...]
        if whole:
            values = (wrong[at % len(wrong)], wrong[(at + 1) % len(wrong)], edges[at % len(edges)])
        else:
            values = ((*wrong, *edges)[(at // 2 + minor) % len((*wrong, *edges))],)
        if key.since <= minor and (whole or (at + minor) % 2):
            for value in values:
                yield f"{key.path}: {value}", written(f"3.{minor}.0", key, value)


def other_keys(minor: int) -> Iterator[tuple[str, bytes]]:
    """Yields keys that the version does not know, and those that nobody knows."""
    version = f"3.{minor}.0"
    for at, key in enumerate(KEYS):
        parent = BY_PATH.get(key.parent)
        if key.since > minor and (parent is None or parent.since <= minor):
            yield f"{key.path} before 3.{key.since}", written(version, key, json.dumps(key.value()))
            # What is dropped may be anything.
            if minor == key.since - 1:
                yield f"{key.path} before 3.{key.since}, of a wrong kind", written(version, key, WRONG[key.kind][0])
        if key.kind == "map" and key.since <= minor and (minor in (key.since, 6) or (at + minor) % 3 == 0):
            unknown = key.value() | {"nosuchKey": 1}
            yield f"{key.path}: unknown key", written(version, key, json.dumps(unknown))


def other_cases(minor: int) -> Iterator[tuple[str, bytes]]:
    """Yields keys in another case: Go takes them for the key itself."""
    for at, key in enumerate(KEYS):
        if key.since > minor or key.path.endswith("[]") or (at + minor) % 7:
            continue
        other = key.word.upper() if at % 2 else key.word[0].upper() + key.word[1:]
        for what, value in (("right", json.dumps(key.value())), ("wrong", WRONG[key.kind][0])):
            text = written(f"3.{minor}.0", key, value)
            was, now = (f'"{word}":{value}'.encode() for word in (key.word, other))
            yield f"{key.path} as {other}, {what}", text.replace(was, now)


def everything(minor: int) -> bytes:
    """Returns a config that has every key of the version, each in an entry of its own."""
    whole: dict[str, Any] = {"ignition": {"version": f"3.{minor}.0"}}
    for at, key in enumerate(KEYS):
        if key.since <= minor:
            whole = merged(whole, distinct(around(key, key.value()), at))
    return json.dumps(whole).encode()


def merged(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return one | {key: merged(one[key], value) if key in one else value for key, value in other.items()}
    if isinstance(one, list) and isinstance(other, list):
        return one + other
    return other


def distinct(value: Any, number: int) -> Any:
    """Makes what names an entry of a list different from all others."""
    if isinstance(value, list):
        return [f"{entry}{number}" if isinstance(entry, str) else distinct(entry, number) for entry in value]
    if not isinstance(value, dict):
        return value
    changed = {key: distinct(entry, number) for key, entry in value.items()}
    for key, text in changed.items():
        # What is inline may stand twice, and has a hash.
        if key in UNIQUE and isinstance(text, str) and not text.startswith("data:"):
            stem, dot, ext = text.partition(".")
            changed[key] = f"{stem}{number}{dot}{ext}"
    return changed
