"""What Ignition's validation lets pass and its engine fails of, or does not do."""

import base64
import gzip
import hashlib
import json
import subprocess
from pathlib import Path

VERSION = {"version": "3.4.0"}


def data(contents: bytes) -> str:
    """Returns an address that holds its contents."""
    return f"data:;base64,{base64.b64encode(contents).decode()}"


def config(**sections: object) -> dict[str, object]:
    """Returns a config with some sections."""
    return {"ignition": VERSION, **sections}


def files(*entries: dict[str, object]) -> dict[str, object]:
    """Returns a config with files."""
    return config(storage={"files": list(entries)})


def replaced(inner: bytes, digest: str) -> dict[str, object]:
    """Returns a config that another replaces."""
    replace = {"source": data(inner), "verification": {"hash": f"sha512-{digest}"}}
    return {"ignition": {**VERSION, "config": {"replace": replace}}}


INNER = json.dumps(files({"path": "/a"})).encode()
SUM = hashlib.sha512(b"a").hexdigest()

# By name: what fails, and the nearest that does not.
PAIRS = {
    "a file below a file": (files({"path": "/a"}, {"path": "/a/b"}), files({"path": "/a"}, {"path": "/b/c"})),
    "a wrong hash": (
        files({"path": "/a", "contents": {"source": data(b"b"), "verification": {"hash": f"sha512-{SUM}"}}}),
        files({"path": "/a", "contents": {"source": data(b"a"), "verification": {"hash": f"sha512-{SUM}"}}}),
    ),
    "a wrong hash of what is unpacked": (
        files(
            {
                "path": "/a",
                "contents": {
                    "source": data(gzip.compress(b"a")),
                    "compression": "gzip",
                    "verification": {"hash": f"sha512-{hashlib.sha512(gzip.compress(b'a')).hexdigest()}"},
                },
            }
        ),
        files(
            {
                "path": "/a",
                "contents": {
                    "source": data(gzip.compress(b"a")),
                    "compression": "gzip",
                    "verification": {"hash": f"sha512-{SUM}"},
                },
            }
        ),
    ),
    "a wrong hash of the config that replaces": (
        replaced(INNER, "0" * 128),
        replaced(INNER, hashlib.sha512(INNER).hexdigest()),
    ),
    "gzip that is none": (
        files({"path": "/a", "contents": {"source": data(b"a"), "compression": "gzip"}}),
        files({"path": "/a", "contents": {"source": data(gzip.compress(b"a")), "compression": "gzip"}}),
    ),
    "an owner that nobody has": (
        files({"path": "/a", "user": {"name": "nosuch"}}),
        files({"path": "/a", "user": {"id": 7}}),
    ),
    "a hash with other characters": (
        files({"path": "/a", "contents": {"source": data(b"a"), "verification": {"hash": "sha512-" + "x" * 128}}}),
        files({"path": "/a", "contents": {"source": data(b"a")}}),
    ),
    "a link without a target": (
        {"ignition": {"version": "3.2.0"}, "storage": {"links": [{"path": "/a"}]}},
        {"ignition": {"version": "3.2.0"}, "storage": {"links": [{"path": "/a", "target": "/b"}]}},
    ),
    "a unit in another folder": (
        config(systemd={"units": [{"name": "../../../etc/x.service", "contents": "[Unit]\nDescription=a\n"}]}),
        config(systemd={"units": [{"name": "x.target", "contents": "[Unit]\nDescription=a\n"}]}),
    ),
}
# These the engine carries out, though nobody means it.
DONE_ALL_THE_SAME = {"a unit in another folder"}


def judge(cfgbuild: Path, tools: Path, folder: Path) -> tuple[list[str], int]:
    """Returns what is wrong, and how much is right."""
    wrong, right = [], 0
    for name, pair in PAIRS.items():
        for bad, document in zip((True, False), pair, strict=True):
            path = folder / "config.ign"
            path.write_text(json.dumps(document))
            root = folder / f"root-{len(list(folder.iterdir()))}"
            (root / "etc").mkdir(parents=True)
            taken = subprocess.run([tools / "ignition-validate", path], capture_output=True, check=False)
            command = [tools / "ignition-apply", "--offline", "--ignore-unsupported", "--root", root, path]
            applied = subprocess.run(command, capture_output=True, check=False)
            told = subprocess.run([cfgbuild, "inspect", "--format", "short", path], capture_output=True, check=False)
            findings = [line for line in told.stdout.decode().splitlines() if "error[" in line or "warning[" in line]
            fails = applied.returncode != 0 or name in DONE_ALL_THE_SAME
            if taken.returncode != 0:
                wrong.append(f"{name}: Ignition's validation refuses it: {taken.stdout.decode().strip()}")
            elif bad and not fails:
                wrong.append(f"{name}: the engine does not fail")
            elif not bad and applied.returncode != 0:
                wrong.append(f"{name}: the neighbour fails: {applied.stderr.decode().strip()[-300:]}")
            elif bad != bool(findings):
                wrong.append(f"{name}: {'nothing is told' if bad else findings[0]}")
            else:
                right += 1
    return wrong, right
