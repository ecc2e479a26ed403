"""Takes down what is in a root directory, so that two states can be compared.

Sees type, mode, owner, content and link target. Not times, extended attributes or sparse blocks.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from .node import sha256


@dataclass(frozen=True)
class Entry:
    """What stands at one path. `detail` is a file's digest or a symbolic link's target."""

    kind: str
    mode: int
    user: int
    group: int
    detail: str = ""


def entry(path: Path) -> Entry:
    info = path.lstat()
    mode = stat.S_IMODE(info.st_mode)
    if stat.S_ISLNK(info.st_mode):
        return Entry("link", 0, info.st_uid, info.st_gid, str(path.readlink()))
    if stat.S_ISDIR(info.st_mode):
        return Entry("directory", mode, info.st_uid, info.st_gid)
    if stat.S_ISREG(info.st_mode):
        return Entry("file", mode, info.st_uid, info.st_gid, sha256(path.read_bytes()))
    return Entry("other", mode, info.st_uid, info.st_gid)


def snapshot(root: Path) -> dict[str, Entry]:
    """Returns every entry below `root`, by its absolute path as the machine would see it."""
    found = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = Path(folder, name)
            found["/" + str(path.relative_to(root))] = entry(path)
    return found
