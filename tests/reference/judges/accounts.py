"""Judges users and groups by letting the real engine make them, as on a first boot.

The expectation comes from the config itself, for the model does not hold accounts: what is shown is
that the engine can carry it out (each group exists, each name is accepted) and that keys and groups
arrive. Login is not tried.
"""

import json
import tempfile
from pathlib import Path

from . import machine
from .node import Node


def judge(node: Node) -> list[str]:
    config = node.inner_ignition if node.inner_ignition.exists() else node.ignition
    passwd = json.loads(config.read_text()).get("passwd", {})
    # The engine writes keys as their user, who must be able to reach the place: not below `.work`,
    # which may lie in a home directory.
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o755)
        root = Path(scratch, "root")
        machine.prepare(root, node)
        complaints = machine.first_boot(root, node.ignition.resolve())
        if complaints:
            return complaints
        groups = machine.account_ids(root, "group")
        for group in passwd.get("groups", []):
            if group.get("shouldExist", True) != (group["name"] in groups):
                complaints.append(f"group {group['name']}: not as the config says")
        for user in passwd.get("users", []):
            complaints += wrong_user(root, user)
    return complaints


def wrong_user(root: Path, user: dict) -> list[str]:
    name = user["name"]
    if user.get("shouldExist") is False:
        return [f"user {name}: still there"] if name in machine.account_ids(root, "passwd") else []
    if name not in machine.account_ids(root, "passwd"):
        return [f"user {name}: not made"]
    complaints = []
    if (keys := user.get("sshAuthorizedKeys")) and keys != authorized(root, name):
        complaints.append(f"user {name}: has other keys than the config says")
    lines = [line.split(":") for line in (root / "etc/group").read_text().splitlines()]
    member_of = {fields[0] for fields in lines if name in fields[3].split(",")}
    missing = sorted(set(user.get("groups", [])) - member_of)
    return complaints + [f"user {name}: not in group {group}" for group in missing]


def authorized(root: Path, name: str) -> list[str]:
    homes = {
        fields[0]: fields[5] for fields in (line.split(":") for line in (root / "etc/passwd").read_text().splitlines())
    }
    file = root / homes[name].lstrip("/") / ".ssh/authorized_keys.d/ignition"
    return file.read_text().splitlines() if file.exists() else []
