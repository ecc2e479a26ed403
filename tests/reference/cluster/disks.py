"""Disks of hosts: sparse files behind loop devices that vanish with this process.

A loop device is opened with the flag that frees it when its last user is gone, so that not even a kill -9 leaves one
behind. The names that EC2 would attach disks under are the hosts' own business (`host.py`).
"""

import ctypes
import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from .shell import Failure

_LOOP_CTL_GET_FREE = 0x4C82
_LOOP_CONFIGURE = 0x4C0A
_LO_FLAGS_AUTOCLEAR = 4


class _Info(ctypes.Structure):
    """`struct loop_info64`."""

    _fields_ = [
        *((name, ctypes.c_uint64) for name in ("device", "inode", "rdevice", "offset", "sizelimit")),
        *((name, ctypes.c_uint32) for name in ("number", "encrypt_type", "encrypt_key_size", "flags")),
        ("file_name", ctypes.c_char * 64),
        ("crypt_name", ctypes.c_char * 64),
        ("encrypt_key", ctypes.c_char * 32),
        ("init", ctypes.c_uint64 * 2),
    ]


class _Config(ctypes.Structure):
    """`struct loop_config`."""

    _fields_ = [
        ("fd", ctypes.c_uint32),
        ("block_size", ctypes.c_uint32),
        ("info", _Info),
        ("reserved", ctypes.c_uint64 * 8),
    ]


@dataclass
class Disk:
    """A disk under the name it is attached with (`xvdf`)."""

    name: str
    file: Path
    mount: str
    device: str = ""
    handle: int = -1

    def attach(self) -> None:
        """Puts the file behind a free loop device."""
        backing = os.open(self.file, os.O_RDWR)
        with Path("/dev/loop-control").open("rb") as control:
            for _ in range(100):
                number = fcntl.ioctl(control, _LOOP_CTL_GET_FREE)
                device = f"/dev/loop{number}"
                if not Path(device).exists():
                    os.mknod(device, 0o60660, os.makedev(7, number))
                handle = os.open(device, os.O_RDWR)
                config = _Config(fd=backing, block_size=512, info=_Info(flags=_LO_FLAGS_AUTOCLEAR))
                try:
                    fcntl.ioctl(handle, _LOOP_CONFIGURE, config)
                except OSError:
                    os.close(handle)  # somebody else took it first
                    continue
                os.close(backing)
                self.device, self.handle = device, handle
                return
        raise Failure("there is no free loop device")

    def empty(self) -> None:
        """Replaces it by a blank one of its size; it is not attached."""
        size = self.file.stat().st_size
        os.truncate(self.file, 0)
        os.truncate(self.file, size)

    def detach(self) -> None:
        if self.handle >= 0:
            os.close(self.handle)
        self.device, self.handle = "", -1

    def mounted(self) -> bool:
        """Tells whether any machine still holds its file system."""
        return Path("/sys/fs/xfs", Path(self.device).name).exists()


def make(name: str, file: Path, mount: str, mebibytes: int) -> Disk:
    """Makes a blank disk, unless there is one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        with file.open("wb") as blank:
            blank.truncate(mebibytes << 20)
    return Disk(name, file, mount)
