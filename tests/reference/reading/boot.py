"""What `ignition-validate` accepts and a first boot fails of: the real engine says so, and `inspect` must have a word.

The engine's fetch and files stages work on an almost empty root. Where the fault makes it fail, or write outside of its
place, `inspect` must find what it does not find in the neighbour, which the engine carries out.
"""

import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from urllib.parse import quote

from judges import machine
from judges.tree import snapshot

from . import ask
from .matrix import config
from .rules import SERVICE, SHA256, SHA512, Body, Pair, b64, files, ignition, links, source, units

# The first that knows SHA-256, the oldest that profiles are compiled to by default, and the newest.
VERSIONS = ("3.1.0", "3.4.0", "3.6.0")
WRONG256 = "sha256-" + hashlib.sha256(b"y").hexdigest()
WRONG512 = "sha512-" + hashlib.sha512(b"y").hexdigest()
UNIT_DIR = "etc/systemd/system"

ACCOUNTS = {
    "passwd": "root:x:0:0:root:/root:/bin/bash\ncore:x:500:500:Admin:/home/core:/bin/bash\n",
    "group": "root:x:0:\ncore:x:500:\n",
    "gshadow": "root:!::\ncore:!::\n",
    "shadow": "root:*:19000:0:99999:7:::\ncore:*:19000:0:99999:7:::\n",
}


class Answer(BaseHTTPRequestHandler):
    """Answers `x` to whoever asks."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def judge(cfgbuild: Path) -> tuple[int, list[str]]:
    """Returns how many configs were tried, and a line for each that is not as it should be."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            return judge_all(cfgbuild, f"http://127.0.0.1:{server.server_port}/")
        finally:
            server.shutdown()


def judge_all(cfgbuild: Path, url: str) -> tuple[int, list[str]]:
    tried = [(version, pair) for version in VERSIONS for pair in (*pairs(version), *remote(url))]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = list(pool.map(lambda one: judge_pair(cfgbuild, *one), tried))
    return sum(1 + (pair.right is not None) for _, pair in tried), [line for of in complaints for line in of]


def judge_pair(cfgbuild: Path, version: str, pair: Pair) -> list[str]:
    known: set[str] = set()
    complaints = []
    if pair.right is not None:
        text = config(version, pair.right)
        truth, failed, ours = tried_out(cfgbuild, text)
        known = ours.codes
        if not truth.accepts or failed:
            complaints.append(f"DULL {version} {pair.name}: the neighbour fails: {failed or truth.reason}: {text!r}")
        elif ours.broken or not ours.accepts:
            complaints.append(f"ALARM {version} {pair.name}: {text!r}: {ours.broken or ours.errors or ours.said}")
    if pair.fault is not None:
        text = config(version, pair.fault)
        truth, failed, ours = tried_out(cfgbuild, text)
        if not truth.accepts or not failed:
            complaints.append(f"DULL {version} {pair.name}: {truth.reason or 'the engine does it'}: {text!r}")
        elif ours.broken or not (ours.codes - known or ours.code == 2):
            complaints.append(f"MISSED {version} {pair.name}: {text!r}: {ours.broken or failed}")
    return complaints


def tried_out(cfgbuild: Path, text: bytes) -> tuple[ask.Truth, str, ask.Ours]:
    """Returns what the validator says, what went wrong at the boot, and what we say."""
    # Not below `.work`: a key is written as its user, who must reach the place.
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = Path(folder, "config.json")
        file.write_bytes(text)
        root = Path(folder, "root")
        lay(root)
        before = snapshot(root)
        said = machine.first_boot(root, file)
        failed = "; ".join(said).removeprefix("ignition failed: CRITICAL : ")
        if not failed:
            failed = misplaced(json.loads(text), set(snapshot(root)) - set(before))
        return ask.ignition(file), failed, ask.inspect(cfgbuild, file)


def lay(root: Path) -> None:
    etc = root / "etc"
    etc.mkdir(parents=True)
    for name, text in ACCOUNTS.items():
        (etc / name).write_text(text)
    home = root / "home/core"
    home.mkdir(parents=True)
    os.chown(home, 500, 500)


def misplaced(body: Body, made: set[str]) -> str:
    """Returns the first unit or drop-in that is not where systemd looks for it."""
    for unit in body.get("systemd", {}).get("units", []):
        for dropin in unit.get("dropins", []):
            if f"/{UNIT_DIR}/{unit['name']}.d/{dropin['name']}" not in made or "/" in dropin["name"]:
                return f"no drop-in {dropin['name']} of {unit['name']} in its folder"
        if unit.get("contents") and (f"/{UNIT_DIR}/{unit['name']}" not in made or "/" in unit["name"]):
            return f"no unit {unit['name']} in /{UNIT_DIR}"
    return ""


def data(text: bytes) -> str:
    return "data:," + quote(text)


def remote(url: str) -> Iterator[Pair]:
    """Yields what is fetched: a header must have a value."""
    yield Pair(
        "header without a value",
        source(url, httpHeaders=[{"name": "a"}]),
        source(url, httpHeaders=[{"name": "a", "value": "x"}]),
    )


def pairs(version: str) -> Iterator[Pair]:
    a, b = ({"path": f"/etc/{name}", "contents": {"source": "data:,x"}} for name in "ab")
    yield Pair("a file below a file", files(a, a | {"path": "/etc/a/b"}), files(a, b))
    yield Pair("a file far below a file", files(a, a | {"path": "/etc/a/b/c"}))
    yield Pair(
        "a directory below a file",
        files(a) | {"storage": {"files": [a], "directories": [{"path": "/etc/a/b"}]}},
        files(a) | {"storage": {"files": [a], "directories": [{"path": "/etc/b"}]}},
    )
    below = {"path": "/etc/a/b", "target": "/etc/passwd"}
    yield Pair("a link below a file", links(below, files=[a]), links(below | {"path": "/etc/b"}, files=[a]))

    for wrong, right in ((WRONG256, SHA256), (WRONG512, SHA512)):
        function = wrong[:6]
        yield Pair(
            f"{function} of inline contents is another's",
            source("data:,x", verification={"hash": wrong}),
            source("data:,x", verification={"hash": right}),
        )
    yield Pair("a hash that is none", source("data:,x", verification={"hash": "sha256-" + "z" * 64}))
    yield Pair("hash of base64", source("data:;base64,eA==", verification={"hash": WRONG256}))
    yield Pair(
        "hash of an appended text is another's",
        files(a | {"append": [{"source": "data:,x", "verification": {"hash": WRONG256}}]}),
        files(a | {"append": [{"source": "data:,x", "verification": {"hash": SHA256}}]}),
    )

    packed = gzip.compress(b"x", mtime=0)
    inline = "data:;base64," + b64(packed)
    yield Pair("contents that are no gzip", source("data:,x", compression="gzip"), source(inline, compression="gzip"))
    yield Pair("gzip that is cut off", source("data:;base64," + b64(packed[:-6]), compression="gzip"))
    yield Pair("gzip with a wrong sum", source("data:;base64," + b64(packed[:-8] + b"\0" * 8), compression="gzip"))
    yield Pair("gzip with something behind", source("data:;base64," + b64(packed + b"xx"), compression="gzip"))
    yield Pair("empty contents that are no gzip", source("data:,", compression="gzip"))
    yield Pair(
        "hash of gzip is the packed one's",
        source(inline, compression="gzip", verification={"hash": "sha256-" + hashlib.sha256(packed).hexdigest()}),
        source(inline, compression="gzip", verification={"hash": SHA256}),
    )

    for owner in ("user", "group"):
        yield Pair(f"unknown {owner}", files(a | {owner: {"name": "nosuch"}}), files(a | {owner: {"name": "core"}}))
        made = {"passwd": {f"{owner}s": [{"name": "new"}]}}
        yield Pair(f"{owner} of the same config", None, files(a | {owner: {"name": "new"}}) | made)
        folder = {"path": "/etc/a", owner: {"name": "nosuch"}}
        yield Pair(f"directory: unknown {owner}", {"storage": {"directories": [folder]}})
        yield Pair(f"link: unknown {owner}", links({"path": "/etc/a", "target": "/b", owner: {"name": "nosuch"}}))

    unit = {"name": "a.service", "contents": SERVICE}
    for name in ("a/b.service", "../../a.service", "/etc/a.service"):
        yield Pair(f"unit named {name}", units(unit | {"name": name}), units(unit | {"name": name.rpartition("/")[2]}))
    for name in ("a/b.conf", "../b.conf"):
        yield Pair(
            f"drop-in named {name}",
            units({"name": "a.service", "dropins": [{"name": name, "contents": SERVICE}]}),
            units({"name": "a.service", "dropins": [{"name": "b.conf", "contents": SERVICE}]}),
        )

    inner = config(version, files(a))
    right, wrong = ("sha256-" + hashlib.sha256(text).hexdigest() for text in (inner, b"x"))
    for word, wrap in (("replaced", lambda one: {"replace": one}), ("merged", lambda one: {"merge": [one]})):
        yield Pair(
            f"hash of a {word} config is another's",
            ignition(config=wrap({"source": data(inner), "verification": {"hash": wrong}})),
            ignition(config=wrap({"source": data(inner), "verification": {"hash": right}})),
        )
        yield Pair(f"a {word} config that is none", ignition(config=wrap({"source": "data:,x"})))
        yield Pair(f"a {word} config that is empty", None, ignition(config=wrap({"source": "data:,"})))
        broken = config(version, files({"path": "etc/a"}))
        yield Pair(f"a {word} config with a relative path", ignition(config=wrap({"source": data(broken)})))
        unsaid = config(version, source("data:,x", verification={"hash": WRONG256}))
        yield Pair(f"a wrong hash in a {word} config", ignition(config=wrap({"source": data(unsaid)})))
        other = config("3.9.0", {})
        yield Pair(f"a {word} config of an unknown version", ignition(config=wrap({"source": data(other)})))
        zipped = {"source": "data:;base64," + b64(gzip.compress(inner, mtime=0)), "compression": "gzip"}
        yield Pair(
            f"a {word} config that is no gzip",
            ignition(config=wrap(zipped | {"source": data(inner)})),
            ignition(config=wrap(zipped)),
        )
    for kind in ("users", "groups"):
        yield Pair(f"{kind} without a name", {"passwd": {kind: [{}]}}, {"passwd": {kind: [{"name": "new"}]}})
    if version < "3.3.0":
        yield Pair("link without a target", links({"path": "/etc/a"}), links({"path": "/etc/a", "target": "/b"}))
    # A replaced config is all there is: what stands beside it does not count.
    beside = ignition(config={"replace": {"source": data(inner)}}) | files(a | {"user": {"name": "nosuch"}})
    yield Pair("an unknown owner beside a replaced config", None, beside)
