"""The chain behind a disk: formatted only if blank, mounted by its label, grown with its volume."""

import os
import struct
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from .attach import attached, start, volume
from .cloud import Cloud
from .host import Host, run

FORMAT = "cfgbuild-format-data.service"
BLANK_EXT4 = "cfgbuild-format-logs.service"

# Puts something on a disk, and what some work on a mounted one finds.
Fill = Callable[[Path], object]
Found = TypeVar("Found")


def disk(host: Host, cloud: Cloud, fill: Fill | None = None, size: str = "512M") -> Path:
    """Attaches a volume with a disk; returns the disk's path."""
    found = volume()
    path = host.add_disk(found, size, fill)
    attached(host, start(host), found)
    return path


def formatted(host: Host, unit: str = FORMAT) -> tuple[int | None, str]:
    running = host.start(host.command(unit))
    return running.ends(), running.output


def mounted(host: Host, work: Callable[[Path], Found]) -> Found:
    """Mounts the volume as its mount unit says, and does some work there."""
    at = host.root / "var/lib/data"
    at.mkdir(parents=True, exist_ok=True)
    loop, _ = next(iter(host.attached.values()))
    label = run("blkid", "-p", "-s", "LABEL", "-o", "value", loop).strip()
    assert "What=/dev/disk/by-label/data" in host.units["var-lib-data.mount"] and label == "data", label
    run("mount", "-t", "xfs", "-o", "noatime", loop, at)
    try:
        return work(at)
    finally:
        run("umount", at)


def test_a_blank_disk_is_formatted_once(host: Host, cloud: Cloud) -> None:
    disk(host, cloud)
    code, output = formatted(host)
    assert code == 0 and "blank, making xfs" in output, output
    mounted(host, lambda at: (at / "file").write_text("kept"))
    host.reboot()
    attached(host, start(host), next(iter(host.attached)))
    code, output = formatted(host)
    assert code == 0 and "making" not in output, output
    assert mounted(host, lambda at: (at / "file").read_text()) == "kept"


def test_a_blank_disk_becomes_ext4(host: Host, cloud: Cloud) -> None:
    found = volume(volume="logs")
    host.add_disk(found)
    running = host.start(host.command("cfgbuild-attach-logs.service"))
    assert running.ends() == 0, running.output
    code, output = formatted(host, BLANK_EXT4)
    assert code == 0 and "blank, making ext4" in output, output


def signature(*words: str) -> Fill:
    return lambda path: run(*words, path)


def table(kind: str) -> Fill:
    return lambda path: subprocess.run(["sfdisk", "-q", path], input=f"label: {kind}\n", text=True, check=True)


def bytes_at(offset: int, data: bytes) -> Fill:
    def fill(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(offset)
            file.write(data)

    return fill


def both(path: Path) -> None:
    """Writes an ext4 behind an XFS's back: two signatures."""
    run("mkfs.ext4", "-q", "-F", path)
    with path.open("r+b") as file:
        file.write(b"XFSB\0\0\x10\0" + b"\0" * 8)


def lvm_label() -> bytes:
    """Returns the sector that pvcreate writes, which it does on devices of the system's own only."""
    behind = struct.pack("<I8s", 32, b"LVM2 001").ljust(492, b"\0")
    check = ~zlib.crc32(behind, ~0xF597A6CF & 0xFFFFFFFF) & 0xFFFFFFFF
    return struct.pack("<8sQI", b"LABELONE", 1, check) + behind


FOREIGN = {
    "xfs_of_another": signature("mkfs.xfs", "-q", "-L", "other"),
    "xfs_without_label": signature("mkfs.xfs", "-q"),
    "ext4": signature("mkfs.ext4", "-q", "-F", "-L", "data"),
    "btrfs": signature("mkfs.btrfs", "-q", "-L", "data"),
    "luks": lambda path: subprocess.run(
        [
            "cryptsetup",
            "-q",
            "luksFormat",
            "--pbkdf-memory",
            "1024",
            "--pbkdf-parallel",
            "1",
            "--pbkdf-force-iterations",
            "4",
            path,
        ],
        input=b"secret\n",
        check=True,
    ),
    "lvm": bytes_at(512, lvm_label()),
    "swap": signature("mkswap", "-q"),
    "gpt": table("gpt"),
    "mbr": table("dos"),
    "two_signatures": both,
    "garbage_beyond_the_first_sectors": bytes_at(300_000, b"\1" * 4096),
    "a_single_byte": bytes_at(5_000_000, b"\1"),
}


def refused(fill: Fill) -> Callable[[Host, Cloud], None]:
    def test(host: Host, cloud: Cloud) -> None:
        path = disk(host, cloud, fill)
        before = run("sha256sum", path)
        code, output = formatted(host)
        assert code == 1 and "not touched" in output, f"{code}: {output}"
        assert run("sha256sum", path) == before, "bytes have changed"

    return test


for kind, fill in FOREIGN.items():
    globals()[f"test_never_formats_{kind}"] = refused(fill)


def test_grows_with_its_volume(host: Host, cloud: Cloud) -> None:
    path = disk(host, cloud)
    assert formatted(host)[0] == 0
    os.truncate(path, 2 << 30)
    loop, _ = next(iter(host.attached.values()))
    run("losetup", "--set-capacity", loop)

    def grow(at: Path) -> tuple[int, int]:
        before = os.statvfs(at).f_blocks
        words = host.command("cfgbuild-grow-data.service").replace("/var/lib/data", str(at))
        run(*words.split())
        return before, os.statvfs(at).f_blocks

    before, after = mounted(host, grow)
    assert after > 3 * before, (before, after)
