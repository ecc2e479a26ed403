"""What every test of this folder starts from: a boot image, a registry, a key, a compiled profile, blank disks.

Everything is below one folder that is made anew for each run and left for whoever wants to look; it holds no secrets.
"""

import hashlib
import shutil
import subprocess
from pathlib import Path

from .registry import Registry

HERE = Path(__file__).parent
WORK = HERE.parent / ".work"
IMAGE = WORK / "vm-image"
# What the image is made of: a change of any makes it anew.
INGREDIENTS = ["vm/make-image", ".work/stamps/root", ".work/stamps/ignition", "vm/root"]

BLANK = ("kept", "fast-a", "fast-b", "parts")
BLANK_BYTES = 512 << 20


def image() -> Path:
    """Returns the folder of the boot image; makes it where it is missing or of other ingredients."""
    stamp = WORK / "stamps" / "vm-image"
    key = hashlib.sha256()
    for name in INGREDIENTS:
        path = HERE.parent / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_symlink():
                key.update(f"{file.relative_to(HERE.parent)} -> {file.readlink()}".encode())
            elif file.is_file():
                key.update(f"{file.relative_to(HERE.parent)} {file.stat().st_mode}".encode() + file.read_bytes())
    if not (stamp.exists() and stamp.read_text() == key.hexdigest() and (IMAGE / "root.img").exists()):
        print("vm: making the boot image (a minute)", flush=True)
        stamp.unlink(missing_ok=True)
        log = WORK / "vm-image.log"
        with log.open("w") as out:
            made = subprocess.run([HERE / "make-image", IMAGE], check=False, stdout=out, stderr=subprocess.STDOUT)
        if made.returncode:
            raise RuntimeError(f"the boot image cannot be made; see {log}")
        stamp.write_text(key.hexdigest())
    return IMAGE


class Workbench:
    def __init__(self, cfgbuild: Path, name: str) -> None:
        self.folder = WORK / name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.image = image()
        self.registry = Registry(self.image / "busybox")
        self.key = self.folder / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.key], check=True)
        self.output = self.folder / "output" / "keeper"
        compiled = subprocess.run(
            [
                cfgbuild,
                "-C",
                HERE,
                "profile",
                "keeper",
                "--out",
                self.output.parent,
                "--deny",
                "warnings",
                "--set",
                f"registry={self.registry.address}",
                "--set",
                f"ssh_key={self.key.with_suffix('.pub').read_text().strip()}",
            ],
            check=False,
            capture_output=True,
            text=True,
        )
        if compiled.returncode:
            raise RuntimeError(f"the profile does not compile: {compiled.stderr}")
        self.config = self.output / "nodes" / "keeper-1" / "ignition.json"

    def __enter__(self) -> "Workbench":
        return self

    def __exit__(self, *_: object) -> None:
        self.registry.close()
        for disk in self.folder.glob("*.img"):
            disk.unlink()

    def blank_disks(self) -> dict[str, Path]:
        """Returns disks with nothing on them, by serial."""
        disks = {serial: self.folder / f"{serial}.img" for serial in BLANK}
        for path in disks.values():
            with path.open("wb") as file:
                file.truncate(BLANK_BYTES)
        return disks

    def root_disk(self, origin: Path | None = None) -> Path:
        """Returns a fresh copy of a root disk, of the boot image's where none is named."""
        root = self.folder / "root.img"
        subprocess.run(["cp", "--sparse=always", origin or self.image / "root.img", root], check=True)
        return root
