"""The machine: a root of its own over this system's, the compiled files in it, and disks that come when attached.

A stand-in for docker runs the real AWS command line where the machine would run the image that has it.
"""

import base64
import contextlib
import gzip
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path

from . import cloud as aws

# Takes exactly what the scripts say; anything else is a mistake of theirs.
DOCKER = r"""#!/usr/bin/bash
# Stands for docker and podman: has one image once it is pulled, and what runs in it is the AWS command line beside it.
echo "$*" >>/lab/docker
case "$1 $2" in
'image inspect') grep -qxF -- "$3" /lab/images ;;
'pull '*)
    [[ ! -e /lab/registry-down ]] || { echo "registry is down" >&2; exit 1; }
    echo "$2" >>/lab/images
    echo pulled
    ;;
'login '*)
    read -r -N 4096 password
    echo "$* in ${DOCKER_CONFIG-}${REGISTRY_AUTH_FILE-} with ${password%$'\n'}" >>/lab/logins
    ;;
'run --rm')
    shift 2
    environment=() name=''
    while [[ $1 == --* ]]; do
        case $1 in
        --network | --log-driver) echo "$1 $2" >>/lab/options ;;
        --env) environment+=("$2") ;;
        --name) name=$2 ;;
        --user | --stop-timeout) ;;
        --mount)
            [[ $2 == type=bind,source=*,target=*,readonly ]] || { echo "docker: what is $2?" >&2; exit 125; }
            source=${2#*source=} && source=${source%%,*}
            echo "$2 $(stat -c '%a %u:%g' "$source") $(<"$source")" >>/lab/mounts
            ;;
        *) echo "docker: what is $1?" >&2; exit 125 ;;
        esac
        shift 2
    done
    grep -qxF -- "$1" /lab/images || { echo "docker: $1 is not here" >&2; exit 125; }
    shift
    [[ -z $name ]] || exec tail -f /dev/null
    exec env -i PATH=/usr/bin HOME=/nonexistent AWS_ENDPOINT_URL=@DOOR@ "${environment[@]}" @AWS@ "$@"
    ;;
'rm --force' | 'stop -t') ;;
*) echo "docker: $*?" >&2; exit 125 ;;
esac
"""


class Host:
    """One machine. Its files are those of a compiled node."""

    def __init__(self, cloud: aws.Cloud, tools: Path, node: Path) -> None:
        self.cloud = cloud
        self.lab = Path(tempfile.mkdtemp(prefix="cfgbuild-aws-"))
        run("mount", "-t", "tmpfs", "-o", "size=3g", "none", self.lab)
        for name in ("upper", "work", "root", "disks"):
            (self.lab / name).mkdir()
        self.root = self.lab / "root"
        run(
            "mount",
            "-t",
            "overlay",
            "none",
            "-o",
            f"lowerdir=/,upperdir={self.lab}/upper,workdir={self.lab}/work",
            self.root,
        )
        for place in ("run", "tmp", "dev", "lab"):
            (self.root / place).mkdir(exist_ok=True)
            run("mount", "-t", "tmpfs", "none", self.root / place)
        for place in ("proc", "sys"):
            run("mount", "--rbind", f"/{place}", self.root / place)
        self.tools, self.python = tools, tools / "bin/python"
        run("mount", "--bind", tools, mkdir(self.root / str(tools).lstrip("/")))
        self.devices()
        self.write("etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        self.write("etc/nsswitch.conf", "hosts: files dns\n")
        # A host's own names and settings are not this machine's.
        self.write("etc/hosts", "127.0.0.1 localhost\n")
        for client in ("docker", "podman"):
            text = DOCKER.replace("@DOOR@", aws.DOOR).replace("@AWS@", f"{tools}/bin/python {tools}/bin/aws")
            self.write(f"usr/bin/{client}", text, 0o755)
        # Scripts wait between tries as on a machine, only not as long.
        self.write("usr/bin/sleep", "#!/usr/bin/bash\nread -r -t 0.2 <> <(:)\nexit 0\n", 0o755)
        self.units: dict[str, str] = {}
        self.running: list[Running] = []
        self.provision(node)
        self.disks: dict[str, Path] = {}
        # The loop device and the link of each volume that is attached.
        self.attached: dict[str, tuple[str, Path]] = {}
        self.delay = 0.0
        self.nitro = True
        threading.Thread(target=self.hypervisor, daemon=True).start()

    def devices(self) -> None:
        """Makes the devices every machine has, and all loop devices this kernel has."""
        for name, (major, minor) in {"null": (1, 3), "zero": (1, 5), "random": (1, 8), "urandom": (1, 9)}.items():
            os.mknod(self.root / "dev" / name, 0o666 | stat.S_IFCHR, os.makedev(major, minor))
        (self.root / "dev/fd").symlink_to("/proc/self/fd")
        (self.root / "dev/disk/by-id").mkdir(parents=True)
        (self.root / "dev/disk/by-label").mkdir()

    def provision(self, node: Path) -> None:
        """Writes what the Ignition config of a node says, as far as it is files and units."""
        config = json.loads((node / "ignition.json").read_text())
        inner = config["ignition"].get("config", {})
        inside = [json.loads(contents(one)) for one in [*inner.get("merge", []), inner.get("replace")] if one]
        for part in [*inside, config]:
            for file in part.get("storage", {}).get("files", []):
                self.write(file["path"].lstrip("/"), contents(file["contents"]), file["mode"])
            for unit in part.get("systemd", {}).get("units", []):
                self.units[unit["name"]] = unit.get("contents", "")

    def reboot(self) -> None:
        """Loses what is in memory; disks stay attached."""
        shutil.rmtree(self.root / "run/cfgbuild", ignore_errors=True)

    def write(self, path: str, text: str | bytes, mode: int = 0o644) -> None:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.write_bytes(text.encode() if isinstance(text, str) else text)
        place.chmod(mode)

    def command(self, unit: str, index: int = -1) -> str:
        """Returns a command of a unit, the last one if not told."""
        lines = self.units[unit].splitlines()
        lines = [line.removeprefix("ExecStart=") for line in lines if line.startswith("ExecStart=")]
        return lines[index]

    def start(self, command: str, **environment: str) -> "Running":
        """Starts a command of the machine; systemd's quoting is undone by systemd's own rules for plain words."""
        words = [
            re.sub(r"\$\$|%%|\$\{(\w+)\}", lambda found: environment[found[1]] if found[1] else found[0][0], word)
            for word in shlex.split(command)
        ]
        return Running(self, words, environment)

    def add_disk(self, volume: str, size: str = "512M", fill: Callable[[Path], object] | None = None) -> Path:
        """Gives a volume of EC2 its bytes."""
        path = self.lab / "disks" / volume
        run("truncate", "-s", size, path)
        if fill:
            fill(path)
        self.disks[volume] = path
        return path

    def hypervisor(self) -> None:
        """Lets the disk of a volume appear once EC2 has attached it, and go when it is detached."""
        while True:
            try:
                wanted = {}
                for volume in aws.client("ec2").describe_volumes()["Volumes"]:
                    for attachment in volume["Attachments"]:
                        if attachment["InstanceId"] == self.cloud.instance:
                            wanted[volume["VolumeId"]] = attachment["Device"]
                for volume, name in wanted.items():
                    if volume in self.disks and volume not in self.attached:
                        time.sleep(self.delay)
                        self.plug(volume, name)
                for volume in [volume for volume in self.attached if volume not in wanted]:
                    self.unplug(volume)
            except Exception:  # noqa: BLE001 - moto is reset between tests; the next round asks again
                pass
            time.sleep(0.1)

    def plug(self, volume: str, name: str) -> None:
        loop = run("losetup", "--find", "--show", self.disks[volume]).strip()
        node = self.root / loop.lstrip("/")
        if not node.exists():
            os.mknod(node, 0o660 | stat.S_IFBLK, Path(loop).stat().st_rdev)
        name_there = (
            f"disk/by-id/nvme-Amazon_Elastic_Block_Store_{volume.replace('-', '')}"
            if self.nitro
            else Path(name).name.replace("sd", "xvd")
        )
        link = self.root / "dev" / name_there
        link.unlink(missing_ok=True)
        link.symlink_to(loop)
        self.attached[volume] = (loop, link)

    def unplug(self, volume: str) -> None:
        loop, link = self.attached.pop(volume)
        link.unlink(missing_ok=True)
        subprocess.run(["losetup", "-d", loop], check=False)

    def clear(self) -> None:
        """Takes all disks away and forgets what the scripts left."""
        for volume in list(self.attached):
            self.unplug(volume)
        self.disks.clear()
        self.delay, self.nitro = 0, True
        self.reboot()
        for name in ("docker", "options", "logins", "mounts", "said", "registry-down"):
            (self.root / "lab" / name).unlink(missing_ok=True)
        (self.root / "lab/images").write_text("")

    def kill_all(self) -> None:
        for running in self.running:
            running.kill()
        self.running.clear()

    def said(self, name: str) -> str:
        path = self.root / "lab" / name
        return path.read_text() if path.exists() else ""

    def stop(self) -> None:
        for volume in list(self.attached):
            self.unplug(volume)


class Running:
    """A command that runs on the machine."""

    def __init__(self, host: Host, words: list[str], environment: dict[str, str]) -> None:
        host.running.append(self)
        environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", **environment}
        self.process = subprocess.Popen(
            ["chroot", host.root, *words],
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.output = ""
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self) -> None:
        for line in self.process.stdout or ():
            self.output += line

    def until(self, text: str, seconds: float = 90) -> bool:
        """Waits until it says something; returns whether it did."""
        end = time.monotonic() + seconds
        while text not in self.output:
            if time.monotonic() > end or (self.process.poll() is not None and not self.reader.is_alive()):
                return text in self.output
            time.sleep(0.05)
        return True

    def ends(self, seconds: float = 120) -> int | None:
        """Waits for its end; returns its exit code, or `None` where it goes on."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        self.reader.join(5)
        return self.process.returncode

    def kill(self) -> None:
        """Ends it and all it started, as a power cut does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, 9)
        self.process.wait()


def contents(resource: dict) -> bytes:
    """Returns the bytes behind a data URL of Ignition."""
    kind, _, data = resource.get("source", "data:,").removeprefix("data:").partition(",")
    data = base64.b64decode(data) if kind.endswith("base64") else urllib.parse.unquote_to_bytes(data)
    return gzip.decompress(data) if resource.get("compression") == "gzip" else data


def mkdir(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def run(*words: object) -> str:
    return subprocess.run([str(word) for word in words], check=True, text=True, stdout=subprocess.PIPE).stdout
