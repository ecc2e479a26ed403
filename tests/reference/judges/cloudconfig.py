"""Judges a cloud-config: three YAML readers, the dialect's rules, and the model.

PyYAML reads YAML 1.1, ruamel.yaml YAML 1.2, and go-yaml is what Flatcar's coreos-cloudinit reads
with: all must see one document. coreos-cloudinit itself is not run. Directories and links have no
word in a cloud-config, so the model's are not looked for.
"""

import base64
import gzip
import json
import re
import subprocess
from collections.abc import Callable

import yaml
from ruamel.yaml import YAML

from .node import Node, octal, sha256
from .tools import BIN

PERMISSIONS = re.compile(r"0?[0-7]{3,4}")
COMMANDS = ["start", "stop", "restart", "reload", "try-restart", "reload-or-restart", "reload-or-try-restart"]
UNPACK: dict[str, Callable[[str], bytes]] = {
    "": lambda content: content.encode(),
    "b64": base64.b64decode,
    "base64": base64.b64decode,
    "gz+b64": lambda content: gzip.decompress(base64.b64decode(content)),
    "gz+base64": lambda content: gzip.decompress(base64.b64decode(content)),
    "gzip+b64": lambda content: gzip.decompress(base64.b64decode(content)),
    "gzip+base64": lambda content: gzip.decompress(base64.b64decode(content)),
}


# Replaced by coreos-cloudinit anywhere in the text before it is read as YAML, unless a backslash precedes.
ADDRESS = re.compile(rb"(\\?)\$((?:public|private)_ipv[46])")


def judge(node: Node) -> list[str]:
    raw = node.cloud_config.read_bytes()
    complaints = []
    if node.ignition.exists():
        complaints += [
            f"${found[2].decode()} becomes an address here and stays as it is in Ignition"
            for found in ADDRESS.finditer(raw)
            if not found[1]
        ]
    content = ADDRESS.sub(rb"$\2", raw)
    if content.partition(b"\n")[0] != b"#cloud-config":
        complaints.append("the first line is not '#cloud-config'")
    try:
        document = yaml.safe_load(content)
        second = YAML(typ="safe", pure=True).load(content.decode())
    except Exception as error:  # noqa: BLE001 - whatever a reader raises is the complaint
        return [*complaints, f"a YAML reader refuses it: {error}"]
    if document != second:
        complaints.append("a YAML 1.1 and a YAML 1.2 reader see different documents")
    run = subprocess.run([BIN / "goyaml"], check=False, input=content, capture_output=True, timeout=60)
    if run.returncode or run.stderr:
        complaints.append(f"go-yaml: {run.stderr.decode().strip()}")
    elif json.loads(run.stdout) != document:
        complaints.append("go-yaml and PyYAML see different documents")
    if not isinstance(document, dict):
        return [*complaints, "not a mapping"]
    return complaints + files(node, document) + units(node, document) + accounts(node, document)


def files(node: Node, document: dict) -> list[str]:
    complaints, found = [], {}
    for file in document.get("write_files") or []:
        path = file["path"]
        if path in found:
            complaints.append(f"{path}: written twice")
        if path.startswith("/usr") or not path.startswith("/"):
            complaints.append(f"{path}: not a path that coreos-cloudinit writes to")
        if not PERMISSIONS.fullmatch(permissions := str(file.get("permissions", "0644"))):
            complaints.append(f"{path}: permissions '{permissions}'")
            permissions = "0"
        if (encoding := file.get("encoding") or "") not in UNPACK:
            complaints.append(f"{path}: encoding '{encoding}'")
            continue
        # As chown(1): without a group named, the group stays root's.
        owner, _, group = str(file.get("owner") or "").partition(":")
        digest = sha256(UNPACK[encoding](file.get("content") or ""))
        found[path] = (digest, int(permissions, 8), name(owner), name(group))
    expected = {
        f["path"]: (f.get("sha256"), octal(f.get("mode"), 0o644), name(f.get("user")), name(f.get("group")))
        for f in node.entries("files")
    }
    if "/etc/hostname" in expected and "/etc/hostname" not in found:
        digest = sha256(f"{document.get('hostname')}\n".encode())
        bare = sha256(str(document.get("hostname")).encode())
        if expected.pop("/etc/hostname")[0] not in (digest, bare):
            complaints.append("hostname: is not the model's /etc/hostname")
    return complaints + differences(expected, found)


def name(account: str | int | None) -> str:
    return "root" if account in (None, 0, "", "0") else str(account)


def units(node: Node, document: dict) -> list[str]:
    complaints, found = [], {}
    for unit in (document.get("coreos") or {}).get("units") or []:
        if unit["name"] in found:
            complaints.append(f"{unit['name']}: listed twice")
        if (command := unit.get("command")) is not None and command not in COMMANDS:
            complaints.append(f"{unit['name']}: command '{command}'")
        content = unit.get("content")
        dropins = {d["name"]: sha256(d["content"].encode()) for d in unit.get("drop_ins") or []}
        digest = sha256(content.encode()) if content else None
        found[unit["name"]] = (digest, dropins, bool(unit.get("enable")), bool(unit.get("mask")))
    expected = {
        # coreos-cloudinit deletes a masked unit's text, so a mask alone says the same.
        u.name: (
            None if u.mask and not found.get(u.name, (u.sha256,))[0] else u.sha256,
            u.dropins,
            bool(u.enabled) and not u.mask,
            u.mask,
        )
        for u in node.units()
    }
    return complaints + differences(expected, found)


def accounts(node: Node, document: dict) -> list[str]:
    """Compares who may log in with the Ignition config of the same node, if it has one."""
    config = node.inner_ignition if node.inner_ignition.exists() else node.ignition
    if not config.exists():
        return []
    passwd = json.loads(config.read_text()).get("passwd", {})
    wanted = {(u["name"], key) for u in passwd.get("users", []) for key in u.get("sshAuthorizedKeys", [])}
    found = {("core", key) for key in document.get("ssh_authorized_keys") or []}
    for user in document.get("users") or []:
        found |= {(user["name"], key) for key in user.get("ssh_authorized_keys") or []}
    return [f"user {user}: key only in one of the two forms: {key[:40]}" for user, key in sorted(wanted ^ found)]


def differences(expected: dict, found: dict) -> list[str]:
    complaints = [f"{key}: in the model only" for key in sorted(expected.keys() - found.keys())]
    complaints += [f"{key}: not in the model" for key in sorted(found.keys() - expected.keys())]
    return complaints + [
        f"{key}: {found[key]}, the model says {expected[key]}"
        for key in sorted(expected.keys() & found.keys())
        if found[key] != expected[key]
    ]
