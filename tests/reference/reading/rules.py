"""One fault for each rule of Ignition's validation, and beside it the smallest change that makes it right.

The rules are those of `config/v3_*/types`, `config/validate` and `config/shared` in Ignition's source. Whether a fault
is one in a version is not said here: `ignition-validate` says it.
"""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Body = dict[str, Any]

SHA256 = "sha256-" + hashlib.sha256(b"x").hexdigest()
SHA512 = "sha512-" + hashlib.sha512(b"x").hexdigest()
GUID = "01234567-89AB-CDEF-EDCB-A98765432101"
SERVICE = "[Service]\nExecStart=/bin/true\n"
# One `é` is two bytes: Ignition counts those.
WIDE = "é"


@dataclass(frozen=True)
class Pair:
    name: str
    # Nothing where something right stands alone: what could be held to be a fault, and is none.
    fault: Body | None
    # Nothing where another pair has it already.
    right: Body | None = None
    # One of many at the border of a rule: not for every version.
    edge: bool = False


def all_pairs() -> Iterator[Pair]:
    for part in PARTS:
        yield from part()


def fine(name: str, body: Body) -> Pair:
    return Pair(name, None, body, edge=True)


def edge(name: str, fault: Body, right: Body | None = None) -> Pair:
    return Pair(name, fault, right, edge=True)


def files(*entries: Body) -> Body:
    return {"storage": {"files": list(entries)}}


def source(url: str, **more: Any) -> Body:
    return files({"path": "/etc/a", "contents": {"source": url, **more}})


def links(*entries: Body, **more: Any) -> Body:
    return {"storage": {"links": list(entries), **more}}


def units(*entries: Body, **more: Any) -> Body:
    return {"systemd": {"units": list(entries)}, **more}


def partitions(*entries: Body) -> Body:
    return {"storage": {"disks": [{"device": "/dev/a", "partitions": list(entries)}]}}


def filesystem(**keys: Any) -> Body:
    return {"storage": {"filesystems": [{"device": "/dev/a", **keys}]}}


def raid(**keys: Any) -> Body:
    return {"storage": {"raid": [{"name": "a", "level": "raid1", "devices": ["/dev/a"]} | keys]}}


def luks(**keys: Any) -> Body:
    return {"storage": {"luks": [{"name": "a", "device": "/dev/a"} | keys]}}


def tang(**keys: Any) -> Body:
    return luks(clevis={"tang": [{"url": "http://a", "thumbprint": "x"} | keys]})


def without(body: Body, *path: Any) -> Body:
    """Returns a copy that lacks what the path leads to."""
    first, *rest = path
    if not rest:
        return {key: value for key, value in body.items() if key != first}
    if isinstance(body[first], list):
        return body | {first: [without(body[first][rest[0]], *rest[1:])]}
    return body | {first: without(body[first], *rest)}


def paths() -> Iterator[Pair]:
    right = files({"path": "/etc/a"})
    yield Pair("file without a path", files({}), right)
    for name, path in WRONG_PATHS.items():
        yield edge(f"file: path {name}", files({"path": path}))
        yield edge(f"directory: path {name}", {"storage": {"directories": [{"path": path}]}})
        yield edge(f"link: path {name}", links({"path": path, "target": "/b"}))
        yield edge(f"disk: device {name}", {"storage": {"disks": [{"device": path}]}})
        yield edge(f"file system: device {name}", filesystem(device=path, format="xfs"))
        if path:
            yield edge(f"file system: path {name}", filesystem(path=path, format="xfs"))
        yield edge(f"array: device {name}", raid(devices=[path]))
        yield edge(f"luks: device {name}", luks(device=path))
    yield Pair(
        "directory without a path", {"storage": {"directories": [{}]}}, {"storage": {"directories": [{"path": "/a"}]}}
    )
    yield Pair("link without a path", links({"target": "/b"}), links({"path": "/a", "target": "/b"}))
    yield Pair("disk without a device", {"storage": {"disks": [{}]}}, {"storage": {"disks": [{"device": "/dev/a"}]}})
    yield Pair(
        "file system without a device",
        {"storage": {"filesystems": [{"format": "xfs"}]}},
        filesystem(path="", format="xfs"),
    )
    yield fine("path of the root", files({"path": "/"}))
    yield fine("path with odd characters", files({"path": "/etc/a b\té\\..x"}))


WRONG_PATHS = {
    "empty": "",
    "relative": "etc/a",
    "with ..": "/etc/../a",
    "with .": "/etc/./a",
    "with //": "/etc//a",
    "with / at the end": "/etc/a/",
}


def duplicates() -> Iterator[Pair]:
    def twice(where: str, one: Body, other: Body) -> tuple[Body, Body]:
        return {"storage": {where: [one, one]}}, {"storage": {where: [one, other]}}

    a, b = {"path": "/a"}, {"path": "/b"}
    to = {"target": "/t"}
    yield Pair("file twice", *twice("files", a, b))
    yield Pair("directory twice", *twice("directories", a, b))
    yield Pair("link twice", *twice("links", a | to, b | to))
    for first, second in (("files", "directories"), ("files", "links"), ("directories", "links")):
        more = to if second == "links" else {}
        yield Pair(
            f"one path in {first} and {second}",
            {"storage": {first: [a], second: [a | more]}},
            {"storage": {first: [a], second: [b | more]}},
        )
    yield Pair("disk twice", *twice("disks", {"device": "/dev/a"}, {"device": "/dev/b"}))
    xfs = {"format": "xfs"}
    yield Pair("file system twice", *twice("filesystems", {"device": "/dev/a"} | xfs, {"device": "/dev/b"} | xfs))
    array = {"level": "raid1", "devices": ["/dev/a"]}
    yield Pair("array twice", *twice("raid", {"name": "a"} | array, {"name": "b"} | array))
    yield Pair("array: device twice", raid(devices=["/dev/a", "/dev/a"]), raid(devices=["/dev/a", "/dev/b"]))
    device = {"device": "/dev/a"}
    yield Pair("luks twice", *twice("luks", {"name": "a"} | device, {"name": "b"} | device))
    for kind in ("users", "groups"):
        yield Pair(
            f"{kind[:-1]} twice",
            {"passwd": {kind: [{"name": "a"}, {"name": "a"}]}},
            {"passwd": {kind: [{"name": "a"}, {"name": "b"}]}},
        )
        yield Pair(f"two {kind} without a name", {"passwd": {kind: [{}, {}]}})
        yield fine(f"{kind[:-1]} without a name", {"passwd": {kind: [{}]}})
    user = {"name": "a"}
    for key in ("groups", "sshAuthorizedKeys"):
        yield Pair(
            f"user: {key} twice",
            {"passwd": {"users": [user | {key: ["x", "x"]}]}},
            {"passwd": {"users": [user | {key: ["x", "y"]}]}},
        )
    yield Pair(
        "unit twice",
        units({"name": "a.service"}, {"name": "a.service"}),
        units({"name": "a.service"}, {"name": "b.service"}),
    )
    yield Pair(
        "drop-in twice",
        units({"name": "a.service", "dropins": [{"name": "a.conf"}, {"name": "a.conf"}]}),
        units({"name": "a.service", "dropins": [{"name": "a.conf"}, {"name": "b.conf"}]}),
    )
    for key in ("shouldExist", "shouldNotExist"):
        yield Pair(
            f"kernel argument twice in {key}",
            {"kernelArguments": {key: ["a", "a"]}},
            {"kernelArguments": {key: ["a", "b"]}},
        )
    yield Pair(
        "kernel argument to have and not to have",
        {"kernelArguments": {"shouldExist": ["a"], "shouldNotExist": ["a"]}},
        {"kernelArguments": {"shouldExist": ["a"], "shouldNotExist": ["b"]}},
    )
    yield Pair(
        "header twice",
        source("https://a", httpHeaders=[{"name": "a", "value": "x"}, {"name": "a", "value": "y"}]),
        source("https://a", httpHeaders=[{"name": "a", "value": "x"}, {"name": "b", "value": "y"}]),
    )
    yield Pair(
        "merged config twice",
        ignition(config={"merge": [REMOTE, REMOTE]}),
        ignition(config={"merge": [REMOTE, {"source": "https://b"}]}),
    )
    yield Pair("authority twice", tls(REMOTE, REMOTE), tls(REMOTE, {"source": "https://b"}))
    yield Pair(
        "tang twice",
        luks(clevis={"tang": [TANG, TANG]}),
        luks(clevis={"tang": [TANG, TANG | {"url": "http://b"}]}),
    )
    yield Pair("noProxy twice", ignition(proxy={"noProxy": ["a", "a"]}), ignition(proxy={"noProxy": ["a", "b"]}))
    # What may stand twice.
    yield fine("append twice", files({"path": "/a", "append": [DATA, DATA]}))
    for key in ("options", "mountOptions"):
        yield fine(f"file system: {key} twice", filesystem(format="xfs", **{key: ["a", "a"]}))
    yield fine("array: options twice", raid(options=["a", "a"]))
    yield fine("luks: options twice", luks(options=["a", "a"]))
    yield Pair("luks: openOptions twice", luks(openOptions=["a", "a"]), luks(openOptions=["a", "b"]))


DATA = {"source": "data:,x"}
REMOTE = {"source": "https://a"}
TANG = {"url": "http://a", "thumbprint": "x"}


def ignition(**keys: Any) -> Body:
    return {"ignition": keys}


def tls(*authorities: Body) -> Body:
    return ignition(security={"tls": {"certificateAuthorities": list(authorities)}})


def nodes() -> Iterator[Pair]:
    a = {"path": "/a"}
    for where in ("files", "directories"):
        for mode in (-1, 0o10000, 99999):
            yield edge(f"{where}: mode {mode}", {"storage": {where: [a | {"mode": mode}]}})
        for mode in (0, 0o644, 0o7777):
            yield fine(f"{where}: mode {mode}", {"storage": {where: [a | {"mode": mode}]}})
        for special in (0o1777, 0o2755, 0o4755):
            yield fine(f"{where}: mode {special}", {"storage": {where: [a | {"mode": special}]}})
    for where in ("files", "directories", "links"):
        entry = a | {"target": "/t"} if where == "links" else a
        for owner in ("user", "group"):
            yield Pair(
                f"{where}: {owner} by id and by name",
                {"storage": {where: [entry | {owner: {"id": 1, "name": "x"}}]}},
                {"storage": {where: [entry | {owner: {"id": 1, "name": ""}}]}},
            )
    yield Pair(
        "overwrite without a source",
        files(a | {"overwrite": True}),
        files(a | {"overwrite": True, "contents": {"source": ""}}),
    )
    yield fine("overwrite false without a source", files(a | {"overwrite": False}))
    yield Pair("overwrite with append alone", files(a | {"overwrite": True, "append": [DATA]}))
    yield fine("directory: overwrite", {"storage": {"directories": [a | {"overwrite": True}]}})

    link = {"path": "/a", "target": "/t"}
    yield Pair("link without a target", links(a), links(link))
    yield Pair("link: target empty", links(a | {"target": ""}))
    yield fine("link: target relative", links(a | {"target": "../x//y"}))
    for hard in (True, False):
        folder = {"directories": [{"path": "/t"}]}
        body = links(link | {"hard": hard}, **folder)
        yield Pair("hard link to a directory", body) if hard else fine("link to a directory", body)
    yield Pair(
        "hard link to a directory, unclean",
        links(link | {"hard": True, "target": "//t/."}, directories=[{"path": "/t"}]),
    )
    yield Pair(
        "hard link to a directory, relative",
        links(link | {"hard": True, "target": "../t"}, directories=[{"path": "/t"}]),
        links(link | {"hard": True, "target": "../../u"}, directories=[{"path": "/t"}]),
    )
    for key, value in (("user", {"id": 1}), ("group", {"name": "x"})):
        yield fine(f"hard link with {key}", links(link | {"hard": True, key: value}))
    for where in ("files", "directories"):
        yield Pair(
            f"{where} below a link",
            links(link, **{where: [{"path": "/a/b"}]}),
            links(link, **{where: [{"path": "/ab/c"}]}),
        )
        yield edge(f"{where} far below a link", links(link, **{where: [{"path": "/a/b/c/d"}]}))
    yield Pair("link below a link", links(link, link | {"path": "/a/b"}), links(link, link | {"path": "/ab"}))
    yield Pair("link below a hard link", links(link | {"hard": True}, link | {"path": "/a/b"}))


def resources() -> Iterator[Pair]:
    for name, url in WRONG_URLS.items():
        yield edge(f"source: {name}", source(url))
    for url in RIGHT_URLS:
        yield fine(f"source: {url}", source(url))
    yield Pair("source: gs", source("gs://a/b"), source("s3://a/b"))
    yield Pair("source: arn", source("arn:aws:s3:::a/b"))
    yield Pair("source: ftp", source("ftp://a/b"))
    yield Pair("source: s3 with an empty version", source("s3://a/b?versionId="), source("s3://a/b?versionId=x"))
    yield Pair("source: data broken", source("data:,%"), source("data:,%25"))
    yield Pair(
        "append: ftp", files({"path": "/a", "append": [{"source": "ftp://a"}]}), files({"path": "/a", "append": [DATA]})
    )
    yield Pair("append: compression", files({"path": "/a", "append": [DATA | {"compression": "xz"}]}))
    yield Pair("append: hash", files({"path": "/a", "append": [DATA | {"verification": {"hash": "x"}}]}))
    for word in ("xz", "GZIP", "none", "gz"):
        yield edge(f"compression {word}", source("https://a", compression=word))
    for word in ("", "gzip"):
        yield fine(f"compression '{word}'", source("https://a", compression=word))
    for name, text in WRONG_HASHES.items():
        yield edge(f"hash: {name}", source("https://a", verification={"hash": text}))
    for text in (SHA512, SHA256):
        yield Pair(f"hash: {text[:6]}", None, source("https://a", verification={"hash": text}))
    yield Pair(
        "hash without a source",
        files({"path": "/a", "contents": {"verification": {"hash": SHA512}}}),
        source("", verification={"hash": SHA512}),
    )
    yield fine("verification without a hash", files({"path": "/a", "contents": {"verification": {}}}))

    header = {"name": "a", "value": "x"}
    for url in ("http://a", "https://a"):
        yield fine(f"header with {url}", source(url, httpHeaders=[header]))
    for url in ("data:,x", "s3://a/b", "tftp://a/b", ""):
        yield edge(f"header with {url or 'an empty source'}", source(url, httpHeaders=[header]))
    yield Pair("header without a source", files({"path": "/a", "contents": {"httpHeaders": [header]}}))
    yield fine("no headers, no source", files({"path": "/a", "contents": {"httpHeaders": []}}))
    yield Pair("header without a name", source("https://a", httpHeaders=[{"value": "x"}]))
    yield Pair("header: name empty", source("https://a", httpHeaders=[{"name": "", "value": "x"}]))
    yield Pair("header: value empty", source("https://a", httpHeaders=[{"name": "a", "value": ""}]))
    yield fine("header without a value", source("https://a", httpHeaders=[{"name": "a"}]))


def b64(text: bytes) -> str:
    return base64.b64encode(text).decode()


WRONG_URLS = {
    "ftp": "ftp://a/b",
    "file": "file:///etc/a",
    "oem": "oem:///a",
    "no scheme": "/etc/a",
    "a host alone": "example.com",
    "no host's scheme": "://a",
    "a port of letters": "http://a:b/",
    "an address that does not close": "http://[::1",
    "garbage after an address": "http://[::1]a",
    "percent without digits": "http://a/%zz",
    "percent at the end": "http://a/%",
    "a control character": "http://a/\x7f",
    "a line break": "http://a/\nb",
    "a space in the host": "http://a b/",
    "a space in front": " http://a",
    "a colon in the first segment": "a b:c",
    "data without a comma": "data:x",
    "data without anything": "data:",
    "data: percent without digits": "data:,%zz",
    "data: percent at the end": "data:,a%",
    "data: a space": "data:,a b",
    "data: a line break": "data:,a\nb",
    "data: an umlaut": "data:,é",
    "data: a quote": 'data:,"',
    "data: braces": "data:,{}",
    "data: a fragment": "data:,a#b",
    "data: base64 without padding": "data:;base64,eA",
    "data: base64 with too much padding": "data:;base64,eA===",
    "data: base64 for URLs": "data:;base64,_-8=",
    "data: base64 with a space": "data:;base64,eH h4",
    "data: base64 with percents": "data:;base64,eA%3D%3D",
    "data: base64 in two lines": "data:;base64,eHh4\neHh4",
    "data: base64 with a star": "data:;base64,e*==",
    "data: base64 in capitals": "data:;BASE64,eA==",
    "data: base64 with bits left over": "data:;base64,eB==!",
    "data: a semicolon alone": "data:;,x",
    "data: an unknown type": "data:foo/bar,x",
    "data: half a type": "data:text,x",
    "data: a parameter without a value": "data:text/plain;charset=,x",
    "data: a parameter that is a word": "data:text/plain;utf8,x",
    "data: a quote that does not close": 'data:text/plain;charset="a,x',
    "s3: version empty": "s3://a/b?versionId=",
    "s3: version without a value": "s3://a/b?versionId",
    "arn: of another service": "arn:aws:iam:us-west-2:123456789012:a/b",
    "arn: no key": "arn:aws:s3:::a",
    "arn: nothing": "arn:",
    "arn: nothing, in capitals": "Arn:",
    "arn: too short": "arn:aws:s3:a/b",
    "arn: an access point alone": "arn:aws:s3:us-west-2:123456789012:accesspoint/",
    "arn: an access point without an object": "arn:aws:s3:us-west-2:123456789012:accesspoint/a",
    "arn: version empty": "arn:aws:s3:::a/b?versionId=",
}
RIGHT_URLS = (
    "",
    "http://a",
    "HTTP://a",
    "https://a:8443/b?c=d#e",
    "https://[::1]:80/",
    "http:",
    "https://",
    "http:a",
    "http://a/b c",
    "http://a/é",
    "https://user:password@a/",
    "tftp://a:69/b",
    "s3://a/b",
    "s3://a/b?versionId=x",
    "s3://a/b?versionid=",
    "data:,",
    "data:,a%0Ab",
    "data:,a,b;c",
    "data:;base64,",
    "data:;base64,eA==",
    "data:;charset=utf-8,x",
    "data:text/plain,x",
    "data:text/plain;charset=utf-8;base64,eA==",
    'data:text/plain;charset="utf-8",x',
    "data:text/plain;a=b;c=d,x",
    "data:application/octet-stream;base64,eA==",
    "data:x-a/b,x",
    "data:,a+b",
    "data:,'()*!~$&=@:/?",
)
WRONG_HASHES = {
    "empty": "",
    "no function": SHA512[7:],
    "a colon": SHA512.replace("-", ":"),
    "another function": "sha1-" + hashlib.sha1(b"x").hexdigest(),
    "function in capitals": SHA512.replace("sha", "SHA"),
    "too short": SHA512[:-1],
    "too long": SHA512 + "0",
    "no sum": "sha512-",
    "half of it": SHA512.replace("512", "256"),
    "a blank in front": " " + SHA512,
}


def systemd() -> Iterator[Pair]:
    for name in ("kafka", "a.", "a.conf", "a.Service", "a.service ", "a.network", "a.service.d", ""):
        yield edge(f"unit named '{name}'", units({"name": name}))
    yield Pair("unit without a name", units({}), units({"name": "a.service"}))
    for ext in EXTENSIONS:
        yield fine(f"unit of kind {ext}", units({"name": f"a.{ext}"}))
    for name in (".service", "a b.service", "a@b.service", "ä.service"):
        yield fine(f"unit named '{name}'", units({"name": name}))
    for name in ("10", "10.CONF", "10.conf~", "10.service", ""):
        yield edge(f"drop-in named '{name}'", units({"name": "a.service", "dropins": [{"name": name}]}))
    yield Pair(
        "drop-in without a name",
        units({"name": "a.service", "dropins": [{}]}),
        units({"name": "a.service", "dropins": [{"name": "10.conf"}]}),
    )
    for what, text in WRONG_UNITS.items():
        yield edge(f"unit: {what}", units({"name": "a.service", "contents": text}))
        yield edge(f"drop-in: {what}", units({"name": "a.service", "dropins": [{"name": "a.conf", "contents": text}]}))
    for what, text in RIGHT_UNITS.items():
        yield fine(f"unit: {what}", units({"name": "a.service", "contents": text}))
    install = SERVICE + "[Install]\nWantedBy=multi-user.target\n"
    enabled = {"name": "a.service", "enabled": True}
    yield fine("enabled without [Install]", units(enabled | {"contents": SERVICE}))
    yield fine("enabled with [Install]", units(enabled | {"contents": install}))
    yield fine("enabled without contents", units(enabled))
    template = {"name": "a@.service", "contents": SERVICE}
    instance = {"name": "a@b.service", "enabled": True}
    yield fine("instance of what has no [Install]", units(template, instance))

    unit = units({"name": "a.service", "contents": SERVICE})
    dropin = units({"name": "a.service", "dropins": [{"name": "b.conf", "contents": SERVICE}]})
    for where in ("files", "directories", "links"):
        more = {"target": "/t"} if where == "links" else {}
        entry, other = {"path": f"{SYSTEM}/a.service"} | more, {"path": f"{SYSTEM}/b.service"} | more
        yield Pair(f"{where} over a unit", unit | {"storage": {where: [entry]}}, unit | {"storage": {where: [other]}})
        yield Pair(
            f"{where} over a drop-in",
            dropin | {"storage": {where: [{"path": f"{SYSTEM}/a.service.d/b.conf"} | more]}},
            dropin | {"storage": {where: [{"path": f"{SYSTEM}/a.service.d/c.conf"} | more]}},
        )
    empty = units({"name": "a.service", "contents": ""})
    yield fine("file over a unit without contents", empty | files({"path": f"{SYSTEM}/a.service"}))


SYSTEM = "/etc/systemd/system"
EXTENSIONS = (
    *("service", "socket", "device", "mount", "automount", "swap", "target", "path", "timer", "snapshot", "slice"),
    "scope",
)
WRONG_UNITS = {
    "a section that does not close": "[Service\nExecStart=/bin/true\n",
    "garbage after a section": "[Service] x\nExecStart=/bin/true\n",
    "a comment after a section": "[Service] # x\nExecStart=/bin/true\n",
    "a line without =": "[Service]\nExecStart\n",
    "a line without = at the end": "[Service]\nExecStart",
    "a line of 2,048 bytes": "[Service]\nExecStart=/bin/true " + "x" * 2048 + "\n",
    "a comment of 2,048 bytes": "[Service]\n# " + "x" * 2048 + "\n",
    "a long value of several lines": "[Service]\nExecStart=/bin/true \\\n" + "x" * 2050 + "\n",
}
RIGHT_UNITS = {
    "empty": "",
    "a line break": "\n",
    "a section alone": "[Service]\n",
    "no section": "Foo=Bar\n",
    "a comment": "# x\n; y\n" + SERVICE,
    "a line in front of its section": "x\n" + SERVICE,
    "no line break at the end": SERVICE.rstrip(),
    "carriage returns": SERVICE.replace("\n", "\r\n"),
    "a value of several lines": "[Service]\nExecStart=/bin/true \\\n  x\n",
    "a value without an end": "[Service]\nExecStart=/bin/true \\",
    "an empty name": "[Service]\n=x\n",
    "an empty value": "[Service]\nExecStart=\nExecStart=/bin/true\n",
    "an unknown section": "[Foo]\nBar=x\n" + SERVICE,
    "spaces in front": " [Service]\n ExecStart = /bin/true\n",
    "a line of 2,000 bytes": "[Service]\nExecStart=/bin/true " + "x" * 1979 + "\n",
}


def disks() -> Iterator[Pair]:
    yield Pair("partition without number and label", partitions({}), partitions({"number": 1}))
    yield Pair("partition: number 0", partitions({"number": 0}), partitions({"number": 0, "label": "a"}))
    yield fine("partition: label empty", partitions({"label": ""}))
    yield fine("partition: number negative", partitions({"number": -1}))
    yield Pair(
        "partition number twice", partitions({"number": 1}, {"number": 1}), partitions({"number": 1}, {"number": 2})
    )
    yield Pair(
        "partition number twice, labels differ",
        partitions({"number": 1, "label": "a"}, {"number": 1, "label": "b"}),
    )
    yield Pair(
        "partition label twice", partitions({"label": "a"}, {"label": "a"}), partitions({"label": "a"}, {"label": "b"})
    )
    yield Pair(
        "partition label twice, numbers differ",
        partitions({"number": 1, "label": "a"}, {"number": 2, "label": "a"}),
        partitions({"number": 1, "label": "a"}, {"number": 2, "label": "b"}),
    )
    yield Pair("partition label empty twice", partitions({"number": 1, "label": ""}, {"number": 2, "label": ""}))
    yield Pair("partition label: 37 bytes", partitions({"label": "x" * 37}), partitions({"label": "x" * 36}))
    yield Pair(
        "partition label: 38 bytes, 19 characters", partitions({"label": WIDE * 19}), partitions({"label": WIDE * 18})
    )
    yield Pair("partition label with a colon", partitions({"label": "a:b"}))
    for key in ("guid", "typeGuid"):
        for value in ("x", GUID[:-1], GUID + "0", "{" + GUID + "}", GUID.replace("A", "G"), GUID + "\n", " " + GUID):
            yield edge(f"partition: {key} {value!r}", partitions({"number": 1, key: value}))
        for value in (GUID, GUID.lower(), ""):
            yield fine(f"partition: {key} '{value}'", partitions({"number": 1, key: value}))
    gone: Body = {"number": 1, "shouldExist": False}
    others: tuple[tuple[str, str | int], ...] = (
        ("label", "a"),
        ("label", ""),
        ("typeGuid", GUID),
        ("guid", GUID),
        ("startMiB", 0),
        ("sizeMiB", 0),
    )
    for key, other in others:
        more: Body = {key: other}
        yield Pair(
            f"partition that is to go, with {key} {other!r}",
            partitions(gone | more),
            partitions(gone | more | {"shouldExist": True}),
        )
    idle: tuple[Body, ...] = ({}, {"guid": ""}, {"wipePartitionEntry": True}, {"resize": True})
    for more in idle:
        yield fine(f"partition that is to go, {more}", partitions(gone | more))
    for name, (first, second, fault) in SPANS.items():
        one = {"number": 1} | dict(zip(("startMiB", "sizeMiB"), first, strict=False))
        two = {"number": 2} | dict(zip(("startMiB", "sizeMiB"), second, strict=False))
        body = partitions(one, two)
        yield edge(f"partitions: {name}", body) if fault else fine(f"partitions: {name}", body)
    parted = partitions({"number": 1})["storage"]
    yield fine("file system over partitions", {"storage": parted | filesystem(format="xfs")["storage"]})
    wiped = {"disks": [{"device": "/dev/a", "wipeTable": True}]}
    yield fine("file system on a wiped disk", {"storage": wiped | filesystem(format="xfs")["storage"]})


# Start and size of two partitions, and whether they overlap.
SPANS: dict[str, tuple[tuple[int, ...], tuple[int, ...], bool]] = {
    "the second begins in the first": ((1, 10), (10, 10), True),
    "the second begins behind the first": ((1, 10), (11, 10), False),
    "one in the other": ((1, 100), (10, 10), True),
    "the other way round": ((10, 10), (1, 100), True),
    "the same": ((1, 10), (1, 10), True),
    "the rest begins in the first": ((1, 10), (5, 0), True),
    "the rest begins behind the first": ((1, 10), (11, 0), False),
    "two rests at one place": ((1, 0), (1, 0), True),
    "no start": ((0, 10), (0, 10), False),
    "no size": ((1,), (1,), False),
}


def filesystems() -> Iterator[Pair]:
    for word in ("XFS", "ntfs", "zfs", "tmpfs"):
        yield edge(f"format {word}", filesystem(format=word))
    for word in ("ext4", "btrfs", "xfs", "swap", "vfat"):
        yield fine(f"format {word}", filesystem(format=word))
    yield Pair("format unknown", filesystem(format="ext3"))
    yield Pair("format none", filesystem(format="none"))
    yield fine("format empty", filesystem(format=""))
    yield fine("no format, nothing else", filesystem())
    for key, value in NEEDS_FORMAT.items():
        yield Pair(f"no format, but {key}", filesystem(**{key: value}), filesystem(format="xfs", **{key: value}))
    for key, value in (
        ("path", ""),
        ("label", ""),
        ("uuid", ""),
        ("wipeFilesystem", False),
        ("options", []),
        ("mountOptions", []),
    ):
        yield fine(f"no format, and {key} {value!r}", filesystem(**{key: value}))
    for word, most in {"ext4": 16, "btrfs": 256, "xfs": 12, "swap": 15, "vfat": 11}.items():
        yield Pair(
            f"label of {word}: {most + 1} bytes",
            filesystem(format=word, label="x" * (most + 1)),
            filesystem(format=word, label="x" * most),
        )
    yield Pair(
        "label of xfs: 14 bytes, 7 characters",
        filesystem(format="xfs", label=WIDE * 7),
        filesystem(format="xfs", label=WIDE * 6),
    )
    yield fine("uuid that is none", filesystem(format="xfs", uuid="x"))


NEEDS_FORMAT: Body = {
    "path": "/a",
    "label": "a",
    "uuid": "a",
    "wipeFilesystem": True,
    "options": ["a"],
    "mountOptions": ["a"],
}


# What has no room for spares.
STRIPED = ("linear", "raid0", "0", "stripe")


def arrays() -> Iterator[Pair]:
    yield Pair("array without a level", without(raid(), "storage", "raid", 0, "level"), raid())
    for level in ("", "raid3", "RAID1", "01", "jbod"):
        yield edge(f"array: level '{level}'", raid(level=level))
    for level in (*STRIPED, *("raid1", "1", "mirror", "raid4", "4", "raid5", "5", "raid6", "6", "raid10", "10")):
        yield fine(f"array: level {level}", raid(level=level))
        if level in STRIPED:
            yield edge(f"array: spares of {level}", raid(level=level, spares=1), raid(level=level, spares=0))
            yield edge(f"array: spares of {level} negative", raid(level=level, spares=-1))
        else:
            yield fine(f"array: spares of {level}", raid(level=level, spares=1))
    yield Pair("array without devices", without(raid(), "storage", "raid", 0, "devices"))
    yield Pair("array: devices empty", raid(devices=[]))
    yield fine("array without a name", without(raid(), "storage", "raid", 0, "name"))
    yield fine("array: name with a slash", raid(name="a/b"))


def encryption() -> Iterator[Pair]:
    yield Pair("luks: name with a slash", luks(name="a/b"), luks(name="a-b"))
    yield fine("luks without a name", without(luks(), "storage", "luks", 0, "name"))
    yield Pair("luks without a device", without(luks(), "storage", "luks", 0, "device"), luks())
    yield Pair("luks: label of 48 bytes", luks(label="x" * 48), luks(label="x" * 47))
    yield Pair("luks: label of 48 bytes, 24 characters", luks(label=WIDE * 24), luks(label=WIDE * 23))
    yield Pair("luks: key file by ftp", luks(keyFile={"source": "ftp://a"}), luks(keyFile={"source": "https://a"}))
    yield Pair("luks: key file broken", luks(keyFile={"source": "data:,%"}))
    yield Pair("luks: compression of a key file", luks(keyFile=DATA | {"compression": "xz"}))
    yield Pair("luks: hash of no key file", luks(keyFile={"verification": {"hash": SHA512}}))
    custom = {"pin": "sss", "config": "x"}
    yield fine("clevis: custom", luks(clevis={"custom": custom}))
    for more in ({"tang": [TANG]}, {"tpm2": True}, {"threshold": 1}):
        yield Pair(f"clevis: custom with {next(iter(more))}", luks(clevis={"custom": custom} | more), luks(clevis=more))
    nothing: tuple[Body, ...] = ({"tang": []}, {"tpm2": False}, {"threshold": 0})
    for idle in nothing:
        yield fine(f"clevis: custom with {idle}", luks(clevis={"custom": custom} | idle))
    yield Pair("clevis: empty custom with tpm2", luks(clevis={"custom": {}, "tpm2": True}))
    yield Pair("clevis: pin alone", luks(clevis={"custom": {"pin": "tpm2"}}))
    yield Pair("clevis: config alone", luks(clevis={"custom": {"config": "x"}}))
    yield Pair("clevis: network alone", luks(clevis={"custom": {"needsNetwork": True}}))
    yield Pair("clevis: pin unknown", luks(clevis={"custom": custom | {"pin": "x"}}))
    for pin in ("tang", "tpm2"):
        yield fine(f"clevis: pin {pin}", luks(clevis={"custom": custom | {"pin": pin}}))
    yield fine("clevis: threshold negative", luks(clevis={"threshold": -1}))
    cex = {"cex": {"enabled": True}}
    yield fine("cex", luks(**cex))
    for name, present in {
        "tpm2": {"tpm2": True},
        "tang": {"tang": [TANG]},
        "custom": {"custom": custom},
        "threshold": {"threshold": 1},
    }.items():
        yield Pair(
            f"cex with clevis: {name}", luks(**cex, clevis=present), luks(cex={"enabled": False}, clevis=present)
        )
    yield Pair("cex with a key file", luks(**cex, keyFile=DATA), luks(**cex, keyFile={"source": ""}))
    for url in ("", "ftp://a", "a", "data:,x", "http://[::1", "s3://a/b"):
        yield edge(f"tang: url '{url}'", tang(url=url))
    yield Pair("tang without a url", luks(clevis={"tang": [{"thumbprint": "x"}]}), tang())
    yield Pair("tang without a thumbprint", luks(clevis={"tang": [{"url": "http://a"}]}))
    yield Pair("tang: thumbprint empty", tang(thumbprint=""))
    yield Pair("tang: advertisement is no JSON", tang(advertisement="{{"), tang(advertisement="{}"))
    yield Pair("tang: advertisement in single quotes", tang(advertisement="{'a': 1}"))
    yield fine("tang: advertisement empty", tang(advertisement=""))


def outside() -> Iterator[Pair]:
    yield Pair("merge without a source", ignition(config={"merge": [{}]}), ignition(config={"merge": [REMOTE]}))
    yield Pair("merge: source empty", ignition(config={"merge": [{"source": ""}]}))
    yield Pair("merge: ftp", ignition(config={"merge": [{"source": "ftp://a"}]}))
    yield fine("replace without a source", ignition(config={"replace": {}}))
    yield Pair(
        "replace: ftp",
        ignition(config={"replace": {"source": "ftp://a"}}),
        ignition(config={"replace": {"source": "https://a"}}),
    )
    yield Pair("replace: hash without a source", ignition(config={"replace": {"verification": {"hash": SHA512}}}))
    yield Pair("replace: compression", ignition(config={"replace": {"source": "https://a", "compression": "xz"}}))
    yield Pair("authority without a source", tls({}), tls(REMOTE))
    yield Pair("authority: source empty", tls({"source": ""}))
    yield Pair("authority: ftp", tls({"source": "ftp://a"}))
    yield Pair("authority: hash too short", tls(REMOTE | {"verification": {"hash": "sha512-00"}}))
    for key in ("httpProxy", "httpsProxy"):
        for url in ("ftp://a", "a", "", "a:3128", "http://[::1]a", "socks5://a"):
            yield edge(f"{key} '{url}'", ignition(proxy={key: url}))
        for url in ("http://a", "https://a"):
            yield fine(f"{key} {url}", ignition(proxy={key: url}))
    yield fine("timeouts negative", ignition(timeouts={"httpTotal": -1}))
    yield fine("null for all", {"storage": None, "systemd": None, "passwd": None})


PARTS = (paths, duplicates, nodes, resources, systemd, disks, filesystems, arrays, encryption, outside)
