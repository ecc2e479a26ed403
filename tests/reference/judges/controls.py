"""Shows that the judges can say no: breaks the sample node in one place, expects the complaint.

Each control names the judge and a word that its complaint must hold. The unbroken sample must be
accepted by all of them. Nothing here looks at what cfgbuild wrote.
"""

import json
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from . import accounts, cloudconfig, engine, loose, mounts, sample, sizes, validate, verify
from .node import Node
from .report import Report

JUDGES = {
    module.__name__.rpartition(".")[2]: module.judge
    for module in (validate, engine, accounts, loose, verify, mounts, cloudconfig, sizes)
}
MOUNT = "units/var-lib-data\\x2d1.mount"


class Control(NamedTuple):
    what: str
    judge: str
    expected: str
    damage: Callable[[Path], None]


def swap(file: str, old: str, new: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        text = (folder / file).read_text()
        assert old in text, f"{old!r} is not in the sample's {file}"
        (folder / file).write_text(text.replace(old, new, 1))

    return damage


def edit(change: Callable[[dict], object], file: str = "ignition.json") -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        config = json.loads((folder / file).read_text())
        change(config)
        (folder / file).write_text(json.dumps(config))

    return damage


def stored(config: dict, path: str) -> dict:
    return next(file for file in config["storage"]["files"] if file["path"] == path)


def unit(config: dict, name: str) -> dict:
    return next(unit for unit in config["systemd"]["units"] if unit["name"] == name)


def rename_mount(folder: Path) -> None:
    (folder / MOUNT).rename(folder / "units/var-lib-data-1.mount")


CONTROLS = [
    Control("unknown key", "validate", "nused key", swap("ignition.json", '"contents":', '"content":')),
    Control("unknown spec", "validate", "version", swap("ignition.json", '"3.4.0"', '"3.99.0"')),
    Control("other spec than asked", "validate", "asked for", swap("ignition.json", '"3.4.0"', '"3.5.0"')),
    Control(
        "one byte of a data URL",
        "engine",
        "content is",
        swap("ignition.json", sample.data_url(sample.HOSTNAME), sample.data_url(b"broker-2\n")),
    ),
    Control(
        "one file too many",
        "engine",
        "does not know",
        edit(lambda c: c["storage"]["files"].append({"path": "/etc/stranger"})),
    ),
    Control("one file missing", "engine", "made no such", edit(lambda c: c["storage"]["files"].pop())),
    Control("wrong mode", "engine", "mode is", edit(lambda c: stored(c, "/etc/broker/secret").update(mode=0o644))),
    Control("wrong owner", "engine", "user is", edit(lambda c: stored(c, "/etc/broker/secret").pop("user"))),
    Control("wrong directory", "engine", "mode is", edit(lambda c: c["storage"]["directories"][0].update(mode=0o755))),
    Control("wrong link", "engine", "content is", edit(lambda c: c["storage"]["links"][0].update(target="/"))),
    Control("soft for hard link", "engine", "same file", edit(lambda c: c["storage"]["links"].pop())),
    Control(
        "file below a file",
        "engine",
        "ignition-apply failed",
        edit(lambda c: c["storage"]["files"].append({"path": "/etc/hostname/x"})),
    ),
    Control(
        "unit not enabled", "engine", "no line 'enable broker", edit(lambda c: unit(c, "broker.service").pop("enabled"))
    ),
    Control(
        "unit not disabled",
        "engine",
        "no line 'disable locksmithd",
        edit(lambda c: unit(c, "locksmithd.service").pop("enabled")),
    ),
    Control(
        "instance not enabled",
        "engine",
        "no line 'enable backup@.service disk",
        edit(lambda c: unit(c, "backup@disk.service").pop("enabled")),
    ),
    Control(
        "unit not masked", "engine", "made no such link", edit(lambda c: unit(c, "update-engine.service").pop("mask"))
    ),
    Control("drop-in missing", "engine", "10-log.conf", edit(lambda c: unit(c, "docker.service").pop("dropins"))),
    Control("user in no group", "accounts", "hadopo", swap("ignition.json", '"hadoop"]', '"hadopo"]')),
    Control("user's name", "accounts", "failed", swap("ignition.json", '"name":"broker"', '"name":"bro:ker"')),
    Control("other loose unit", "loose", "differs", swap("units/broker.service", "always", "no")),
    Control("loose unit missing", "loose", "missing", rename_mount),
    Control("directive misspelt", "verify", "Restrat", swap("units/broker.service", "Restart", "Restrat")),
    Control("section misspelt", "verify", "Serivce", swap("units/broker.service", "Service", "Serivce")),
    Control(
        "drop-in misspelt",
        "verify",
        "Envrionment",
        swap("units/docker.service.d/10-log.conf", "Environment", "Envrionment"),
    ),
    Control("value out of range", "verify", "sometimes", swap("units/broker.service", "always", "sometimes")),
    Control("unknown unit wanted", "verify", "netwrok", swap("units/broker.service", "Wants=network", "Wants=netwrok")),
    Control("unknown unit switched", "verify", "dokcer", swap("machine.json", '"docker.service"', '"dokcer.service"')),
    Control(
        "ordering cycle",
        "verify",
        "cycle",
        swap(MOUNT, "Before=local-fs.target", "After=broker.service\nRequires=broker.service"),
    ),
    Control(
        "program by bare name",
        "verify",
        "absolute",
        swap("units/broker.service", "=/usr/bin/docker run", "=docker run"),
    ),
    Control("mount unit misnamed", "mounts", "belongs into", rename_mount),
    Control("mount unit misnamed, to systemd", "verify", "Where", rename_mount),
    Control("bare octal number", "cloudconfig", "different documents", swap("cloud-config.yaml", '"0644"', "0644")),
    Control("bare yes", "cloudconfig", "different documents", swap("cloud-config.yaml", '"broker-1"', "yes")),
    Control(
        "unknown cloud-config key", "cloudconfig", "contents", swap("cloud-config.yaml", '"content":', '"contents":')
    ),
    Control(
        "cloud-config byte", "cloudconfig", "the model says", swap("cloud-config.yaml", "broker.id=1", "broker.id=2")
    ),
    Control("cloud-config mode", "cloudconfig", "the model says", swap("cloud-config.yaml", '"0600"', '"0644"')),
    Control("cloud-config host name", "cloudconfig", "hostname", swap("cloud-config.yaml", '"broker-1"', '"broker-2"')),
    Control("cloud-config mask", "cloudconfig", "update-engine", swap("cloud-config.yaml", '"mask"', '"runtime"')),
    Control("cloud-config key", "cloudconfig", "only in one", swap("cloud-config.yaml", "AAAAIA", "AAAAIB")),
    Control(
        "address put in at boot",
        "cloudconfig",
        "becomes an address",
        swap("cloud-config.yaml", "broker.id=1", "broker.id=$private_ipv4"),
    ),
    Control("not a cloud-config", "cloudconfig", "first line", swap("cloud-config.yaml", "#cloud", "# cloud")),
    Control("user data too long", "sizes", "over the limit", swap("ignition.json", "\n", " " * 20_000 + "\n")),
]


def run(report: Report, scratch: Path) -> None:
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        for number, wrapped in enumerate((False, True)):
            node = make(Path(folder, f"good-{number}"), scratch, wrapped)
            for name, judge in JUDGES.items():
                report.ask("sample", f"{name}, wrapped={wrapped}", partial(judge, node))
        for number, control in enumerate(CONTROLS):
            node = make(Path(folder, f"bad-{number}"), scratch)
            control.damage(node.folder)
            damaged = Node(node.folder, "flatcar", scratch, "3.4.0")
            report.ask("control", control.what, partial(missed, control, damaged))
        node = make(Path(folder, "bad-wrap"), scratch, wrapped=True)
        swap("ignition.inner.json", "\n", " \n")(node.folder)
        control = Control("wrapped differs from inner", "validate", "is not the one", shutil.rmtree)
        report.ask("control", control.what, partial(missed, control, node))


def make(folder: Path, scratch: Path, wrapped: bool = False) -> Node:
    sample.write(folder, wrapped=wrapped)
    return Node(folder, "flatcar", scratch, "3.4.0")


def missed(control: Control, node: Node) -> list[str]:
    """Returns a complaint about the judge unless it complained as expected."""
    said = JUDGES[control.judge](node)
    if any(control.expected in complaint for complaint in said):
        return []
    return [f"the judge '{control.judge}' did not say '{control.expected}' but {said}"]
