"""Applies a CoreOS cloud-config to a running host as coreos-cloudinit does.

Its order: host name, users' keys, files; then per unit its text, drop-ins, mask or enablement; one daemon-reload; then
the commands, one after another, each waited for. It happens at every boot. A key that it does not know is refused,
where coreos-cloudinit would drop it silently.
"""

import base64
import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from .shell import Failure, until

if TYPE_CHECKING:
    from .host import Host

TOP = {"hostname", "ssh_authorized_keys", "write_files", "users", "coreos"}
FILE = {"path", "content", "owner", "permissions", "encoding"}
UNIT = {"name", "command", "enable", "mask", "runtime", "content", "drop_ins"}
USER = {
    "name",
    "passwd",
    "ssh_authorized_keys",
    "gecos",
    "homedir",
    "no_create_home",
    "primary_group",
    "groups",
    "no_user_group",
    "system",
    "no_log_init",
    "shell",
}
# A job may take this long; coreos-cloudinit itself gives up after ten minutes.
JOB_LIMIT = 600


def apply(host: "Host") -> None:
    """Applies the host's config to it; raises on what the dialect does not have."""
    until(
        f"{host.name} runs units",
        lambda: host.say("systemctl", "is-active", "basic.target", check=False) == "active",
        120,
    )
    text = host.config.read_text()
    if text.partition("\n")[0] != "#cloud-config":
        raise Failure("the first line is not #cloud-config")
    # Replaced anywhere in the text before it is YAML, unless a backslash precedes.
    text = re.sub(r"(?<!\\)\$(?:private|public)_ipv4", host.address, text)
    config = yaml.safe_load(text)
    known(config, TOP)
    if name := config.get("hostname"):
        (host.root / "etc/hostname").write_text(f"{name}\n")
        host.run("hostname", name)
    for user in config.get("users", []):
        add_user(host, user)
    keys(host, "core", config.get("ssh_authorized_keys", []))
    for file in config.get("write_files", []):
        write_file(host, file)
    coreos = config.get("coreos", {})
    known(coreos, {"units"})
    units = coreos.get("units", [])
    for unit in units:
        write_unit(host, unit)
    host.run("systemctl", "daemon-reload")
    for unit in units:
        if command := unit.get("command"):
            # A job that fails is only logged.
            host.run("systemctl", command, unit["name"], check=False, timeout=JOB_LIMIT)


def known(table: dict, keys: set[str]) -> None:
    if strangers := sorted(set(table) - keys):
        raise Failure(f"coreos-cloudinit knows no {', '.join(strangers)}")


def below(host: "Host", path: str) -> Path:
    return host.root / path.lstrip("/")


def write_file(host: "Host", file: dict) -> None:
    known(file, FILE)
    content = file.get("content", "")
    data = content.encode()
    encoding = file.get("encoding", "")
    if "64" in encoding or encoding.startswith("b64"):
        data = base64.b64decode(content)
    if encoding.startswith("gz"):
        data = gzip.decompress(data)
    put(below(host, file["path"]), data, int(str(file.get("permissions", "0644")), 8))
    if owner := file.get("owner"):
        host.run("chown", owner, file["path"])


def put(path: Path, data: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.new")
    scratch.write_bytes(data)
    scratch.chmod(mode)
    scratch.replace(path)


def write_unit(host: "Host", unit: dict) -> None:
    known(unit, UNIT)
    name = unit["name"]
    folder = below(host, "/run/systemd/system" if unit.get("runtime") else "/etc/systemd/system")
    if unit.get("runtime"):
        raise Failure("runtime units live in memory of the host, which is not reached from here")
    if content := unit.get("content"):
        put(folder / name, content.encode(), 0o644)
    for dropin in unit.get("drop_ins", []):
        put(folder / f"{name}.d" / dropin["name"], dropin["content"].encode(), 0o644)
    if unit.get("mask"):
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to("/dev/null")
    elif unit.get("enable"):
        host.run("systemctl", "enable", name)


def add_user(host: "Host", user: dict) -> None:
    known(user, USER)
    name = user["name"]
    if host.run("id", name, check=False).returncode != 0:
        host.run("useradd", "--create-home", *(["--system"] if user.get("system") else []), name)
    for group in user.get("groups", []):
        host.run("usermod", "--append", "--groups", group, name)
    keys(host, name, user.get("ssh_authorized_keys", []))


def keys(host: "Host", name: str, lines: list[str]) -> None:
    if not lines:
        return
    if host.run("id", name, check=False).returncode != 0:
        host.run("useradd", "--create-home", name)
    home = host.say("getent", "passwd", name).split(":")[5]
    put(below(host, f"{home}/.ssh/authorized_keys"), ("\n".join(lines) + "\n").encode(), 0o600)
    host.run("chown", "--recursive", f"{name}:", f"{home}/.ssh", check=False)
