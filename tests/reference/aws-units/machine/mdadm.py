"""Stands for mdadm where the kernel has no arrays: reads with the real one, and writes what the real one would read.

An array is a file beside the disks, by its identity; it is in use where /sys says so. Arguments other than those that
the script of a machine gives are a mistake of the script.
"""

import json
import os
import struct
import subprocess
import sys
import uuid
from pathlib import Path

REAL = "/usr/sbin/mdadm"
LAB = Path("/lab/arrays")
BLOCK = Path("/sys/class/block")
# Version 1.2: the superblock lies 4 KiB into the disk.
OFFSET = 4096


def superblock(array: bytes, name: str, disks: int, number: int) -> bytes:
    """Returns what says that a disk is the one at `number` of a striped array, as in `mdadm`'s md_p.h."""
    fields: list[tuple[str, object]] = [
        ("I", 0xA92B4EFC),
        ("I", 1),
        ("8x", None),
        ("16s", array),
        ("32s", f"any:{name}".encode()),
        ("Q", 1_700_000_000),
        ("i", 0),
        ("I", 0),
        ("Q", 1 << 19),
        ("I", 1024),
        ("I", disks),
        ("32x", None),
        ("Q", 2048),
        ("Q", 1 << 19),
        ("Q", 8),
        ("8x", None),
        ("I", number),
        ("4x", None),
        ("16s", uuid.uuid4().bytes),
        ("8x", None),
        ("Q", 1_700_000_000),
        ("16x", None),
    ]
    head = struct.pack("<" + "".join(kind for kind, _ in fields), *[value for _, value in fields if value is not None])
    roles = struct.pack(f"<{disks}H", *range(disks)).ljust(256, b"\xff")
    rest = struct.pack("<I32x", 128) + roles
    words = struct.unpack(f"<{(len(head) + 4 + len(rest)) // 4}I", head + b"\0" * 4 + rest)
    total = sum(words)
    return head + struct.pack("<I", (total & 0xFFFFFFFF) + (total >> 32) & 0xFFFFFFFF) + rest


def examined(disk: str) -> dict[str, str]:
    said = subprocess.run([REAL, "--examine", "--export", disk], text=True, capture_output=True, check=False).stdout
    return dict(line.split("=", 1) for line in said.splitlines() if "=" in line)


def use(disks: list[str]) -> None:
    """Puts disks together: the kernel then says of each who uses it."""
    device = json.loads((LAB / "device").read_text())
    os.mknod("/dev/md127", 0o660 | 0o060000, os.makedev(*device))
    (BLOCK / "md127/md").mkdir(parents=True)
    (BLOCK / "md127/md/array_state").write_text("clean\n")
    for disk in disks:
        (BLOCK / Path(disk).name / "holders/md127").mkdir(parents=True)


def main(words: list[str]) -> int:
    with (LAB / "calls").open("a") as calls:
        print(*words, file=calls)
    match words:
        case ["--examine", "--export", disk]:
            os.execv(REAL, [REAL, "--examine", "--export", disk])
        case ["--create", name, "--run", "--homehost=any", "--level=raid0", count, *disks]:
            assert count == f"--raid-devices={len(disks)}" and len(disks) > 1, words
            array = uuid.uuid4().bytes
            for number, disk in enumerate(disks):
                with Path(disk).open("r+b") as file:
                    file.seek(OFFSET)
                    file.write(superblock(array, Path(name).name, len(disks), number))
            use(disks)
        case ["--assemble", _, *disks]:
            told = [examined(disk) for disk in disks]
            assert len({one["MD_UUID"] for one in told}) == 1 and told[0]["MD_DEVICES"] == str(len(disks)), told
            assert not any((BLOCK / Path(disk).name / "holders/md127").exists() for disk in disks), "busy"
            use(disks)
        case ["--stop", "/dev/md127"]:
            for holder in BLOCK.glob("*/holders/md127"):
                holder.rmdir()
            Path("/dev/md127").unlink()
            (BLOCK / "md127/md/array_state").unlink()
            (BLOCK / "md127/md").rmdir()
            (BLOCK / "md127").rmdir()
        case _:
            print("mdadm: what is that?", *words, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
