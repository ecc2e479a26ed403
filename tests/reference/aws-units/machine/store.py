"""Disks of the instance: found by their model, one as it is, several as an array, and made anew where all are blank.

The disks are loop devices by the names of NVMe, which a /sys of this machine's own says the model and the number of.
Where arrays come from says `mdadm.py`.
"""

import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from . import mdadm
from .cloud import Cloud
from .host import Host, Running, mkdir, run

MODEL = "Amazon EC2 NVMe Instance Storage"
FIND = "cfgbuild-find-fast.service"
FORMAT = "cfgbuild-format-fast.service"
LINK = "/run/cfgbuild/volumes/fast"

# Puts something on a disk.
Fill = Callable[[Path], object]


class Instance:
    """The disks of one instance, in a lab of its own."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.sys, self.lab = host.root / "sys", mkdir(host.root / "lab/arrays")
        self.files: dict[str, Path] = {}
        self.loops: dict[str, str] = {}
        here = Path(mdadm.__file__)
        host.write("lab/mdadm.py", here.read_bytes())
        host.write("usr/local/sbin/mdadm", f'#!/usr/bin/bash\nexec {host.python} /lab/mdadm.py "$@"\n', 0o755)
        host.write("usr/local/sbin/udevadm", "#!/usr/bin/bash\n[[ $* == settle ]]\n", 0o755)
        self.array = self.attach("array", self.blank("array"))
        (self.lab / "device").write_text(json.dumps(device(self.array)))
        (self.lab / "calls").write_text("")

    def blank(self, name: str, size: str = "512M") -> Path:
        path = self.host.lab / "disks" / name
        path.unlink(missing_ok=True)
        run("truncate", "-s", size, path)
        self.files[name] = path
        return path

    def attach(self, name: str, path: Path) -> str:
        self.loops[name] = run("losetup", "--find", "--show", path).strip()
        return self.loops[name]

    def insert(self, number: int, serial: str, fill: Fill | None = None, model: str = MODEL) -> None:
        """Gives the machine a disk; `number` is how the kernel counts it at this boot, `serial` what it is."""
        path = self.files[serial] if serial in self.files else self.blank(serial)
        if fill:
            fill(path)
        name = f"nvme{number}n1"
        loop = self.loops.get(serial) or self.attach(serial, path)
        os.mknod(self.host.root / "dev" / name, 0o660 | stat.S_IFBLK, os.makedev(*device(loop)))
        place = mkdir(self.sys / "class/block" / name / "device")
        (place / "model").write_text(f"{model:40}\n")
        (place / "serial").write_text(f"{serial:20}\n")
        mkdir(place.parent / "holders")
        self.controller(number, True)

    def controller(self, number: int, answered: bool) -> None:
        place = mkdir(self.sys / f"bus/pci/devices/0000:00:{number:02x}.0")
        (place / "class").write_text("0x010802\n")
        if answered:
            mkdir(place / f"nvme/nvme{number}/nvme{number}n1")

    def off(self) -> None:
        """Takes all away that is in memory; what the disks hold stays."""
        self.host.reboot()
        for place in (*(self.host.root / "dev").glob("nvme*"), *(self.host.root / "dev").glob("md*")):
            place.unlink()
        for place in (*(self.sys / "class/block").iterdir(), *(self.sys / "bus/pci/devices").iterdir()):
            shutil.rmtree(place)
        (self.lab / "calls").write_text("")

    def stopped(self) -> None:
        """Stops the instance: it comes back with other disks, and all are blank."""
        self.off()
        for name in list(self.files):
            run("losetup", "-d", self.loops.pop(name))
            self.blank(name)
        self.array = self.attach("array", self.files["array"])
        (self.lab / "device").write_text(json.dumps(device(self.array)))

    def calls(self) -> list[str]:
        """Returns what was asked of mdadm beyond what is on a disk."""
        said = (self.lab / "calls").read_text().splitlines()
        return [line for line in said if not line.startswith("--examine")]

    def disk(self) -> str:
        """Returns where the link of the volume leads."""
        return str((self.host.root / LINK.lstrip("/")).readlink())

    def sums(self) -> str:
        return run("sha256sum", *self.files.values())


def device(loop: str) -> tuple[int, int]:
    number = Path(loop).stat().st_rdev
    return os.major(number), os.minor(number)


@contextmanager
def instance(host: Host) -> Iterator[Instance]:
    """An instance whose /sys says of disks what is said here, and nothing of this machine's own."""
    places = [host.root / "sys/class/block", host.root / "sys/bus"]
    for place in places:
        run("mount", "-t", "tmpfs", "none", place)
    mkdir(places[1] / "pci/devices")
    found = Instance(host)
    try:
        yield found
    finally:
        host.kill_all()
        found.off()
        for loop in found.loops.values():
            run("losetup", "-d", loop)
        for place in places:
            run("umount", place)
        for name in ("mdadm", "udevadm"):
            (host.root / "usr/local/sbin" / name).unlink()


def found(host: Host) -> Running:
    return host.start(host.command(FIND))


def ends(host: Host, unit: str, code: int = 0) -> str:
    running = host.start(host.command(unit))
    assert running.ends() == code, f"{running.process.returncode}: {running.output}"
    return running.output


def two(lab: Instance) -> None:
    lab.insert(1, "AWS2")
    lab.insert(2, "AWS1")


def test_one_disk_is_used_as_it_is(host: Host, cloud: Cloud) -> None:
    with instance(host) as lab:
        lab.insert(0, "vol0", model="Amazon Elastic Block Store")
        lab.insert(1, "AWS1")
        ends(host, FIND)
        assert lab.disk() == "/dev/nvme1n1" and not lab.calls(), lab.calls()
        assert "blank, making xfs with the label fast" in ends(host, FORMAT)
        lab.off()
        lab.insert(0, "AWS1")
        lab.insert(1, "vol0", model="Amazon Elastic Block Store")
        ends(host, FIND)
        assert lab.disk() == "/dev/nvme0n1", "the other disk came first this time"
        assert "making" not in ends(host, FORMAT)


def test_one_disk_of_somebody_else_is_refused(host: Host, cloud: Cloud) -> None:
    with instance(host) as lab:
        lab.insert(1, "AWS1", lambda path: run("mkfs.ext4", "-q", "-F", path))
        before = lab.sums()
        ends(host, FIND)
        assert "not touched" in ends(host, FORMAT, 1) and lab.sums() == before


def test_two_blank_disks_become_an_array(host: Host, cloud: Cloud) -> None:
    with instance(host) as lab:
        lab.insert(0, "vol0", model="Amazon Elastic Block Store")
        two(lab)
        assert "are blank, making the array fast" in ends(host, FIND)
        (call,) = lab.calls()
        assert call.endswith("--raid-devices=2 /dev/nvme2n1 /dev/nvme1n1"), "by their numbers: " + call
        assert lab.disk() == "/dev/md127"
        assert "blank, making xfs with the label fast" in ends(host, FORMAT)
        signs = run("blkid", "-p", "-s", "TYPE", "-o", "value", lab.loops["AWS1"])
        assert signs.strip() == "linux_raid_member", signs


def test_an_array_is_kept_over_a_reboot_whatever_the_order(host: Host, cloud: Cloud) -> None:
    with instance(host) as lab:
        two(lab)
        ends(host, FIND)
        ends(host, FORMAT)
        before = lab.sums()
        lab.off()
        lab.insert(1, "AWS1")
        lab.insert(2, "AWS2")
        assert "making" not in ends(host, FIND)
        assert [call.split()[0] for call in lab.calls()] == ["--assemble"], lab.calls()
        assert lab.disk() == "/dev/md127" and "making" not in ends(host, FORMAT)
        assert lab.sums() == before, "bytes have changed"


def test_an_array_that_is_up_already_is_taken(host: Host, cloud: Cloud) -> None:
    with instance(host) as lab:
        two(lab)
        ends(host, FIND)
        host.reboot()
        (lab.lab / "calls").write_text("")
        ends(host, FIND)
        assert not lab.calls() and lab.disk() == "/dev/md127", lab.calls()


def test_an_array_half_put_together_is_put_together_whole(host: Host, cloud: Cloud) -> None:
    with instance(host) as lab:
        two(lab)
        ends(host, FIND)
        (lab.sys / "class/block/md127/md/array_state").write_text("inactive\n")
        (lab.lab / "calls").write_text("")
        ends(host, FIND)
        assert [call.split()[0] for call in lab.calls()] == ["--stop", "--assemble"], lab.calls()


def test_after_a_stop_the_array_is_made_anew(host: Host, cloud: Cloud) -> None:
    with instance(host) as lab:
        two(lab)
        ends(host, FIND)
        ends(host, FORMAT)
        lab.stopped()
        two(lab)
        assert "are blank, making the array fast" in ends(host, FIND)
        assert "blank, making xfs" in ends(host, FORMAT)


def refused(prepare: Callable[[Instance], object], said: list[str]) -> Callable[[Host, Cloud], None]:
    def test(host: Host, cloud: Cloud) -> None:
        with instance(host) as lab:
            prepare(lab)
            before = lab.sums()
            output = ends(host, FIND, 1)
            assert all(word in output for word in said), output
            assert not lab.calls() and lab.sums() == before, lab.calls()
            assert not (host.root / LINK.lstrip("/")).is_symlink()

    return test


def foreign(lab: Instance) -> None:
    lab.insert(1, "AWS1")
    lab.insert(2, "AWS2", lambda path: run("mkfs.ext4", "-q", "-F", "-L", "other", path))


def garbage(lab: Instance) -> None:
    def fill(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(5_000_000)
            file.write(b"\1")

    lab.insert(1, "AWS1", fill)
    lab.insert(2, "AWS2")


def member(name: str, disks: int, number: int, array: bytes = b"a" * 16) -> Fill:
    def fill(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(mdadm.OFFSET)
            file.write(mdadm.superblock(array, name, disks, number))

    return fill


def halves(first: Fill, second: Fill | None) -> Callable[[Instance], None]:
    def prepare(lab: Instance) -> None:
        lab.insert(1, "AWS1", first)
        lab.insert(2, "AWS2", second)

    return prepare


ours = member("fast", 2, 0)
REFUSED: dict[str, tuple[Callable[[Instance], object], list[str]]] = {
    "a_disk_with_a_file_system": (foreign, ["nvme2n1: holds", "LABEL=other", "no array is made"]),
    "a_single_byte": (garbage, ["nvme1n1: holds data of no known kind"]),
    "an_array_of_another_name": (
        halves(member("other", 2, 0), member("other", 2, 1)),
        ["of the array any:other", "not touched"],
    ),
    "two_arrays": (halves(ours, member("fast", 2, 1, b"b" * 16)), ["and /dev/nvme1n1 of", "not touched"]),
    "an_array_of_more_disks": (
        halves(member("fast", 3, 0), member("fast", 3, 1)),
        ["array of 3 disks, and there are 2"],
    ),
    "half_an_array": (
        halves(ours, None),
        ["so what was there is lost", "mdadm --zero-superblock /dev/nvme1n1"],
    ),
}
for what, (prepare, said) in REFUSED.items():
    globals()[f"test_makes_no_array_of_{what}"] = refused(prepare, said)


def test_waits_for_a_disk_that_answers_late(host: Host, cloud: Cloud) -> None:
    with instance(host) as lab:
        lab.insert(1, "AWS1")
        lab.controller(2, False)
        running = found(host)
        assert running.until("waiting for the disk of 0000:00:02.0"), running.output
        lab.insert(2, "AWS2")
        assert running.ends() == 0 and lab.disk() == "/dev/md127", running.output
        assert running.output.count("waiting") == 1, running.output


def test_waits_for_a_disk_of_the_model(host: Host, cloud: Cloud) -> None:
    with instance(host) as lab:
        lab.insert(1, "vol0", model="Amazon Elastic Block Store")
        running = found(host)
        assert running.until(f"waiting for a disk that is called {MODEL}"), running.output
        lab.insert(2, "AWS1")
        assert running.ends() == 0 and lab.disk() == "/dev/nvme2n1", running.output
