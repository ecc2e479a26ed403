"""Boots of one node: the first one, a second one, one with a fresh root disk and the old data, one with a wrong disk.

The first and the last show most for their time: that one also is a second boot of everything but the wrong disk.

The config is the file that cfgbuild wrote, handed over by fw_cfg as QEMU does it for CoreOS.
"""

import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

from judges.report import Report

from .machine import Boot, boot
from .workbench import BLANK_BYTES, HERE, Workbench

CHECK = HERE / "check.sh"

# What must be so after every boot.
ALWAYS = {
    "state": "running",
    "failed": "",
    "errors": "",
    "hostname": "keeper-1",
    "flag": "",
    "kept": "/dev/vdb xfs kept",
    "second": "/dev/vde2 ext4 second",
    "parts": "first second",
    "array": "raid0",
    "keeper": "active",
}


def differences(booted: Boot, expected: dict[str, str]) -> list[str]:
    """Returns where the machine's report is not what was expected."""
    return [
        f"{name} is `{booted.report.get(name)}`, not `{value}`; see {booted.console}"
        for name, value in expected.items()
        if booted.report.get(name) != value
    ]


def ran_ignition(booted: Boot, ran: bool) -> list[str]:
    """Complains where Ignition did not do as it should, and where the boot loader did not ask it to."""
    complaints = []
    if booted.first != ran:
        complaints.append(f"the boot loader found this a {'first' if booted.first else 'later'} boot")
    if (int(booted.report["ignition"]) > 0) != ran:
        complaints.append(f"{booted.report['ignition']} lines of Ignition in the journal")
    return complaints


class Boots:
    """Asks after each boot; the next one begins with the disks of the one before."""

    def __init__(self, bench: Workbench, note: Callable[[str], None]) -> None:
        self.bench = bench
        self.note = note
        self.disks = {"root": bench.root_disk(), **bench.blank_disks()}
        self.uuid = ""
        self.machine_id = ""
        self.count = 0

    def boot(self, name: str) -> Boot:
        self.count += 1
        booted = boot(self.bench.image, self.disks, self.bench.config, CHECK, self.bench.folder / name)
        self.note(f"{name}: {booted.seconds:.0f} s, up for {booted.report.get('up')} s at its end")
        return booted

    def first(self) -> list[str]:
        booted = self.boot("first")
        self.uuid, self.machine_id = booted.report["uuid"], booted.report["machine_id"]
        made = "/dev/disk/by-id/virtio-kept: blank, making xfs with the label kept"
        once = {"format": made, "starts": "1", "fast_boots": "1", "second_boots": "1"}
        pulled = self.bench.registry.pulls
        missing = [] if pulled == 2 else [f"{pulled} blobs were pulled, not the config and one layer"]
        return differences(booted, {**ALWAYS, **once}) + ran_ignition(booted, ran=True) + missing

    def second(self) -> list[str]:
        pulled = self.bench.registry.pulls
        booted = self.boot("second")
        kept = {
            "format": "",
            "uuid": self.uuid,
            "machine_id": self.machine_id,
            "starts": "2",
            "fast_boots": "2",
            "second_boots": "2",
        }
        again = [] if self.bench.registry.pulls == pulled else ["the image was pulled again"]
        return differences(booted, {**ALWAYS, **kept}) + ran_ignition(booted, ran=False) + again

    def reborn(self) -> list[str]:
        self.disks["root"] = self.bench.root_disk()
        booted = self.boot("reborn")
        kept = {"format": "", "uuid": self.uuid, "starts": "3", "fast_boots": "3", "second_boots": "3"}
        same = booted.report["machine_id"] == self.machine_id
        old = ["it is the machine of before: its root disk is not fresh"] if same else []
        self.machine_id = booted.report["machine_id"]
        return differences(booted, {**ALWAYS, **kept}) + ran_ignition(booted, ran=True) + old

    def foreign(self) -> list[str]:
        """The disk of somebody else: refused, not touched; what needs it stays down and says so.

        Everything else is as it was: the machine, its other disks, and Ignition does not run again.
        """
        other = self.bench.folder / "foreign.img"
        with other.open("wb") as file:
            file.truncate(BLANK_BYTES)
        subprocess.run(["mkfs.ext4", "-q", "-L", "somebody", other], check=True)
        before = sha256(other)
        self.disks["kept"] = other
        booted = self.boot("foreign")
        refused = {
            "state": "degraded",
            "failed": "cfgbuild-format-kept.service",
            "kept": "",
            "format": "",
            # it looks for its disk again every ten seconds
            "keeper": "activating",
            "starts": "0",
            "second": ALWAYS["second"],
            "array": ALWAYS["array"],
            "machine_id": self.machine_id,
            "fast_boots": str(self.count),
            "second_boots": str(self.count),
        }
        touched = [] if sha256(other) == before else ["the disk of somebody else was written to"]
        return differences(booted, refused) + ran_ignition(booted, ran=False) + touched


def sha256(disk: Path) -> str:
    with disk.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def ask(boots: Boots, report: Report, questions: dict[str, Callable[[], list[str]]]) -> None:
    """Asks one after another; after a complaint the next boot would mean nothing."""
    for name, question in questions.items():
        if report.ask("boots", name, question):
            return


def run(bench: Workbench, report: Report, note: Callable[[str], None]) -> None:
    """Asks what every change must show: a blank machine, then the same one with the disk of somebody else."""
    boots = Boots(bench, note)
    ask(boots, report, {"a blank machine": boots.first, "the disk of somebody else": boots.foreign})


def run_all(bench: Workbench, report: Report, note: Callable[[str], None]) -> None:
    """Asks all of it."""
    boots = Boots(bench, note)
    questions = {
        "a blank machine": boots.first,
        "the same machine again": boots.second,
        "a fresh root disk, the old data": boots.reborn,
        "the disk of somebody else": boots.foreign,
    }
    ask(boots, report, questions)
