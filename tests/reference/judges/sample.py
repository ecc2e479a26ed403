"""Writes one small node, known to be right, that has one of everything the judges look at.

The controls break it on purpose. It imitates cfgbuild's output layout and nothing of how cfgbuild
works; it is no example of a good cluster.
"""

import base64
import gzip
import json
from pathlib import Path

from .node import sha256

BROKER = """\
[Unit]
Description=Broker
Requires=docker.service
After=docker.service network-online.target var-lib-data\\x2d1.mount
Wants=network-online.target
RequiresMountsFor=/var/lib/data-1
StartLimitIntervalSec=0

[Service]
ExecStartPre=-/usr/bin/docker rm \\
    --force broker
# A comment between two lines.
ExecStart=/usr/bin/docker run --name broker --volume /var/lib/data-1:/data registry.invalid/broker:1
Restart=always

[Install]
WantedBy=multi-user.target
"""
MOUNT = """\
[Unit]
Description=The data volume
Before=local-fs.target

[Mount]
What=/dev/disk/by-label/data-1
Where=/var/lib/data-1
Type=xfs

[Install]
RequiredBy=local-fs.target
"""
BACKUP = (
    "[Unit]\nDescription=Backup of %i\n\n[Service]\nType=oneshot\nExecStart=/opt/bin/backup %i\n\n"
    "[Install]\nWantedBy=multi-user.target\n"
)
DROPIN = "[Service]\nEnvironment=DOCKER_OPTS=--log-driver=journald\n"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA sample"

TEXTS = {"broker.service": BROKER, "var-lib-data\\x2d1.mount": MOUNT, "backup@.service": BACKUP}
DROPINS = {"docker.service": {"10-log.conf": DROPIN}}
SWITCHES = {  # name: (enabled, mask)
    "broker.service": (True, False),
    "var-lib-data\\x2d1.mount": (True, False),
    "backup@.service": (None, False),
    "backup@disk.service": (True, False),
    "docker.service": (True, False),
    "update-engine.service": (None, True),
    "locksmithd.service": (False, False),
}
FILES = {  # path: (content, mode, user, group)
    "/etc/broker/server.properties": (b"broker.id=1\nname=caf\xc3\xa9 #\t'\"\n", "0644", None, None),
    "/etc/broker/secret": (b"x", "0600", 1000, 1000),
    "/opt/bin/backup": (b"#!/bin/sh\nexec tar c /var/lib/data-1 # $private_ipv4\n" * 40, "0755", "root", "root"),
}
HOSTNAME = b"broker-1\n"
DIRECTORIES = {"/var/lib/broker": ("0750", 1000, 1000)}
LINKS = {
    "/etc/broker/current": ("/etc/broker/server.properties", False),
    "/etc/broker/hard": ("/etc/broker/secret", True),
}


def write(folder: Path, spec: str = "3.4.0", wrapped: bool = False) -> None:
    """Writes the node's files into `folder`, which must not be there yet."""
    folder.mkdir(parents=True)
    for name, text in TEXTS.items():
        put(folder / "units" / name, text)
    for unit, dropins in DROPINS.items():
        for name, text in dropins.items():
            put(folder / "units" / f"{unit}.d" / name, text)
    put(folder / "machine.json", json.dumps(model(), indent=1))
    put(folder / "cloud-config.yaml", cloud_config())
    config = json.dumps(ignition(spec), separators=(",", ":")) + "\n"
    if wrapped:
        put(folder / "ignition.inner.json", config)
        replace = {"source": data_url(gzip.compress(config.encode(), mtime=0)), "compression": "gzip"}
        config = json.dumps({"ignition": {"version": spec, "config": {"replace": replace}}}) + "\n"
    put(folder / "ignition.json", config)


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def data_url(content: bytes) -> str:
    return "data:;base64," + base64.b64encode(content).decode()


def model() -> dict:
    files = FILES | {"/etc/hostname": (HOSTNAME, "0644", None, None)}
    return {
        "files": [
            {"path": path, "mode": mode, "user": user, "group": group, "sha256": sha256(content), "bytes": len(content)}
            for path, (content, mode, user, group) in files.items()
        ],
        "directories": [
            {"path": path, "mode": mode, "user": user, "group": group}
            for path, (mode, user, group) in DIRECTORIES.items()
        ],
        "links": [{"path": path, "target": target, "hard": hard} for path, (target, hard) in LINKS.items()],
        "units": [
            {
                "name": name,
                "enabled": enabled,
                "mask": mask,
                "sha256": sha256(TEXTS[name].encode()) if name in TEXTS else None,
                "dropins": [
                    {"name": dropin, "sha256": sha256(text.encode())} for dropin, text in DROPINS.get(name, {}).items()
                ],
            }
            for name, (enabled, mask) in SWITCHES.items()
        ],
    }


def account(user: int | str | None) -> dict:
    return {} if user is None else {"id": user} if isinstance(user, int) else {"name": user}


def present(**fields: object) -> dict:
    return {key: value for key, value in fields.items() if value not in (None, {}, [])}


def ignition(spec: str) -> dict:
    files = FILES | {"/etc/hostname": (HOSTNAME, "0644", None, None)}
    return {
        "ignition": {"version": spec},
        "passwd": {
            "groups": [{"name": "hadoop"}],
            "users": [
                {"name": "core", "sshAuthorizedKeys": [KEY], "groups": ["docker"]},
                {"name": "broker", "uid": 1500, "groups": ["docker", "hadoop"]},
            ],
        },
        "storage": {
            "directories": [
                present(path=path, mode=int(mode, 8), user=account(user), group=account(group))
                for path, (mode, user, group) in DIRECTORIES.items()
            ],
            "files": [
                present(
                    path=path,
                    mode=int(mode, 8),
                    user=account(user),
                    group=account(group),
                    contents={"source": data_url(content)},
                )
                for path, (content, mode, user, group) in files.items()
            ],
            "links": [present(path=path, target=target, hard=hard or None) for path, (target, hard) in LINKS.items()],
        },
        "systemd": {
            "units": [
                present(
                    name=name,
                    enabled=enabled,
                    mask=mask or None,
                    contents=TEXTS.get(name),
                    dropins=[{"name": dropin, "contents": text} for dropin, text in DROPINS.get(name, {}).items()],
                )
                for name, (enabled, mask) in SWITCHES.items()
            ]
        },
    }


def cloud_config() -> str:
    """Returns JSON behind the first line: every YAML reader takes it, and it needs no writer of ours."""
    document = {
        "hostname": HOSTNAME.decode().strip(),
        "ssh_authorized_keys": [KEY],
        "write_files": [
            present(
                path=path, permissions=mode, content=content.decode(), owner=None if user is None else f"{user}:{group}"
            )
            for path, (content, mode, user, group) in FILES.items()
        ],
        "coreos": {
            "units": [
                present(
                    name=name,
                    enable=enabled or None,
                    mask=mask or None,
                    content=TEXTS.get(name),
                    command="start" if enabled and name not in DROPINS else None,
                    drop_ins=[{"name": dropin, "content": text} for dropin, text in DROPINS.get(name, {}).items()],
                )
                for name, (enabled, mask) in SWITCHES.items()
            ]
        },
    }
    text = json.dumps(document, indent=1, ensure_ascii=False)
    return "#cloud-config\n" + text.replace("$private_ipv4", "\\$private_ipv4") + "\n"
