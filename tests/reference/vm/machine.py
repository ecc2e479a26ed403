"""One machine in QEMU, from power-on to power-off.

Its disks and its config are given to it as docs/tutorial.md has people give them to QEMU.
Plays the boot loader's part: Ignition runs if, and only if, the flag file is in the root file system. The processor
is emulated (TCG), so that the test needs no nested virtualisation; everything takes its time.
"""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import tutorial

FLAG = "/boot/flatcar/first_boot"
KERNEL = (
    "root=LABEL=root rw console=ttyS0 ignition.platform.id=qemu quiet systemd.show_status=0 "
    # what an emulated processor need not do
    "mitigations=off nokaslr no_timer_check audit=0 apparmor=0 nowatchdog cryptomgr.notests "
    "systemd.default_timeout_start_sec=600"
)
# What the config is called where it is handed over.
FLATCARS, UPSTREAMS = "opt/org.flatcar-linux/config", "opt/com.coreos/config"
# A boot takes two minutes on an idle machine, four times that on a busy one.
PATIENCE = 900


@dataclass
class Boot:
    """What came of a boot."""

    first: bool
    seconds: float
    report: dict[str, str]
    console: Path


def is_first(root: Path) -> bool:
    """Tells whether the boot loader would ask Ignition to run."""
    shown = subprocess.run(["debugfs", "-R", f"stat {FLAG}", root], check=False, capture_output=True, text=True)
    return "Inode:" in shown.stdout


def read(image: Path, path: str) -> str | None:
    """Returns a file of an image without mounting it; `None` where there is none."""
    there = subprocess.run(["debugfs", "-R", f"stat {path}", image], check=False, capture_output=True, text=True)
    if "Inode:" not in there.stdout:
        return None
    return subprocess.run(["debugfs", "-R", f"cat {path}", image], check=False, capture_output=True, text=True).stdout


def arguments(image: Path, first: bool) -> list[str]:
    """Returns what the boot loader would hand over: kernel, initramfs and command line."""
    line = f"{KERNEL} ignition.firstboot" if first else KERNEL
    return ["-kernel", str(image / "vmlinuz"), "-initrd", str(image / "initrd.img"), "-append", line]


def disk(path: Path, serial: str) -> list[str]:
    """Returns the tutorial's words for the disk of the data, for one that the machine knows by another serial.

    The machine knows it as /dev/disk/by-id/virtio-SERIAL.
    """
    words = tutorial.machine(1)
    drive = tutorial.option(words, "-drive", "id=kafka,").replace("file=events-1-kafka.qcow2", f"file={path}")
    device = tutorial.option(words, "-device", "drive=kafka,")
    if str(path) not in drive:
        raise LookupError(f"the tutorial's disk is another: {drive}")
    return [
        *("-drive", f"{drive.replace('id=kafka', f'id={serial}')},format=raw,cache=unsafe"),
        *("-device", device.replace("=kafka", f"={serial}")),
    ]


def config_of(path: Path) -> list[str]:
    """Returns the tutorial's words that hand a config over, under the name that upstream's Ignition reads."""
    name, _, compiled = tutorial.option(tutorial.machine(1), "-fw_cfg", FLATCARS).partition(",file=")
    if not compiled.endswith("/ignition.json"):
        raise LookupError(f"the tutorial hands over another file: {compiled}")
    return ["-fw_cfg", f"{name.replace(FLATCARS, UPSTREAMS)},file={path}"]


def boot(image: Path, disks: dict[str, Path], config: Path, check: Path, log: Path) -> Boot:
    """Boots once, until the machine powers itself off after `check`; `disks` holds "root" and others by serial."""
    first = is_first(disks["root"])
    console, report = log.with_suffix(".console"), log.with_suffix(".report")
    report.unlink(missing_ok=True)
    machine_words = "-machine pc,accel=tcg -cpu Nehalem -smp 2 -m 1024"
    bare = "-nodefaults -no-reboot -display none -monitor none"
    devices = "-netdev user,id=net -device virtio-net-pci,netdev=net -device virtio-rng-pci"
    command = [
        "qemu-system-x86_64",
        *f"{machine_words} {bare} {devices}".split(),
        *arguments(image, first),
        *[word for serial, path in disks.items() for word in disk(path, serial)],
        *config_of(config),
        *("-fw_cfg", f"name=opt/check,file={check}"),
        *("-serial", f"file:{console}", "-serial", f"file:{report}"),
    ]
    began = time.monotonic()
    with subprocess.Popen(command) as machine:
        try:
            code = machine.wait(PATIENCE)
        except BaseException as error:
            machine.kill()
            if isinstance(error, subprocess.TimeoutExpired):
                raise TimeoutError(f"not off after {PATIENCE} s; see {console}") from error
            raise
    seconds = time.monotonic() - began
    if code:
        raise RuntimeError(f"QEMU ended with {code}")
    if not report.exists() or not report.read_text().strip():
        raise RuntimeError(f"the machine went off without a report; see {console}")
    lines = [line.split("=", 1) for line in report.read_text().splitlines() if "=" in line]
    return Boot(first, seconds, {name: value.strip() for name, value in lines}, console)
