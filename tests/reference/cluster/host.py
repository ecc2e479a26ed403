"""A host: a machine of systemd-nspawn with an init, a device manager, Docker and disks of its own.

Its root is an overlay over the shared Debian: creating it anew throws the upper layer away, as replacing an instance
does. Its disks are blank until the generated units format them, and outlive it.
"""

import json
import os
import shutil
import signal
import subprocess
import zlib
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import cgroups, cloud_config, provision
from .disks import Disk
from .places import BRIDGE, GATEWAY, RUN, WORK
from .shell import Failure, detach, run, until

# What a container's init and Docker in it need beyond nspawn's own choice: /sys writable makes device units work.
ENVIRONMENT = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "1",
    "SYSTEMD_NSPAWN_TMPFS_TMP": "0",
}
# Names the control groups of this checkout's hosts: another checkout may run at the same time.
PREFIX = f"cfgbuild-hosts-{zlib.crc32(bytes(WORK)):08x}-"
# Apply cloud-configs to hosts that run, all at once: a host waits for services that wait for other hosts.
HELPERS = ThreadPoolExecutor(8)


def _links() -> set[str]:
    """Returns the cables that are in the bridge."""
    lines = run("ip", "-oneline", "link", "show", "master", BRIDGE).stdout.splitlines()
    return {line.split(":")[1].split("@")[0].strip() for line in lines}


@dataclass
class Host:
    name: str
    address: str
    config: Path
    disks: list[Disk]
    facts: dict[str, str] = field(default_factory=dict)
    boots: int = 0
    provisioned: int = 0
    nspawn: subprocess.Popen | None = None
    init: int = 0
    link: str = ""
    groups: list[Path] = field(default_factory=list)
    applied: Future | None = None
    # The agent that writes the facts of the instance has not run.
    without_facts: bool = False

    @property
    def folder(self) -> Path:
        return RUN / "hosts" / self.name

    @property
    def root(self) -> Path:
        return self.folder / "root"

    def create(self) -> None:
        """Makes a fresh root, with nothing of this host but its disks."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for part in ("root", "upper", "work", "docker", "containers"):
            (self.folder / part).mkdir(parents=True)
        layers = f"lowerdir={WORK / 'root'},upperdir={self.folder / 'upper'},workdir={self.folder / 'work'}"
        run("mount", "-t", "overlay", "overlay", "-o", layers, self.root)

    def boot(self) -> None:
        """Attaches the disks, provisions the root if it has never booted, and starts its init."""
        for disk in self.disks:
            disk.attach()
        self._write_cloud()
        if provision.first_boot(self.root) and not self.reads_cloud_config():
            provision.ignition(self.root, self.config, self.folder / "provision.log")
            self.provisioned += 1
        self.groups = cgroups.make(f"{PREFIX}{self.name}")
        links = _links()
        console = (self.folder / "console.log").open("ab")
        devices = [f"--bind={disk.device}" for disk in self.disks]
        self.nspawn = subprocess.Popen(
            [
                "systemd-nspawn",
                "--quiet",
                f"--directory={self.root}",
                f"--machine={self.name}",
                "--register=no",
                "--keep-unit",
                f"--network-bridge={BRIDGE}",
                "--resolv-conf=off",
                "--link-journal=no",
                "--timezone=off",
                "--capability=all",
                "--system-call-filter=@keyring bpf add_key keyctl",
                f"--bind={self.folder / 'docker'}:/var/lib/docker",
                f"--bind={self.folder / 'containers'}:/var/lib/containers",
                *devices,
                "--console=read-only",
                "--kill-signal=SIGRTMIN+3",
                "/usr/lib/cluster-test/init",
            ],
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=console,
            env=ENVIRONMENT,
            preexec_fn=self._prepare,
        )
        console.close()
        self.init = until(f"the init of {self.name} is there", self._find_init, 60, 0.1)
        (self.folder / "init").write_text(f"{self.init}\n")
        # Named after the host where that is short enough for a link.
        self.link = until(f"{self.name} has a cable", lambda: next(iter(_links() - links), ""), 60, 0.1)
        self.boots += 1
        self.applied = HELPERS.submit(cloud_config.apply, self) if self.reads_cloud_config() else None

    def reads_cloud_config(self) -> bool:
        """Tells whether it is provisioned by a cloud-config, which happens while it runs, at every boot."""
        return self.config.suffix == ".yaml"

    def _prepare(self) -> None:
        detach()
        cgroups.enter(self.groups)

    def _find_init(self) -> int:
        if self.nspawn is None or self.nspawn.poll() is not None:
            raise Failure((self.folder / "console.log").read_text()[-600:])
        children = Path(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children").read_text().split()
        names = {int(pid): Path(f"/proc/{pid}/comm").read_text().strip() for pid in children}
        return next((pid for pid, name in names.items() if name == "systemd"), 0)

    def _write_cloud(self) -> None:
        """Writes what the cloud would say: DHCP's answer, the names of attached disks, the facts of the instance."""
        etc = self.root / "etc"
        network = (
            f"[Match]\nName=host0\n\n[Network]\nAddress={self.address}/24\nGateway={GATEWAY}\nLinkLocalAddressing=no\n"
        )
        (etc / "systemd/network/10-cloud.network").write_text(network)
        (etc / "resolv.conf").write_text(f"nameserver {GATEWAY}\n")
        rules = "".join(f'KERNEL=="{Path(disk.device).name}", SYMLINK+="{disk.name}"\n' for disk in self.disks)
        (etc / "udev/rules.d/90-attached-disks.rules").write_text(rules)
        if not self.without_facts:
            self.write_facts()

    def write_facts(self) -> None:
        """Writes what the agent of the system would have found out about the instance."""
        etc = self.root / "etc"
        (etc / "cfgbuild").mkdir(exist_ok=True)
        known = {"PRIVATE_IPV4": self.address, "HOSTNAME": self.name, "ZONE": f"zone-of-{self.name}"}
        facts = known | self.facts
        (etc / "cfgbuild/host.env").write_text("".join(f"CFGBUILD_{name}={value}\n" for name, value in facts.items()))

    def run(self, *command: object, check: bool = True, timeout: float = 120) -> subprocess.CompletedProcess:
        """Runs a program on the host."""
        if not self.running():
            raise Failure(f"{self.name} is off")
        clean = ["/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8"]
        return run("nsenter", f"--target={self.init}", "--all", *clean, *command, check=check, timeout=timeout)

    def say(self, *command: object, **options: Any) -> str:
        """Returns what a program on the host prints."""
        return self.run(*command, **options).stdout.strip()

    def show(self, unit: str, name: str) -> str:
        """Returns a property of a unit."""
        return self.say("systemctl", "show", f"--property={name}", "--value", unit)

    def state(self) -> str:
        """Returns what the init thinks of the host: `running`, `degraded`, `starting`, …"""
        return self.say("systemctl", "is-system-running", check=False)

    def failed(self) -> list[str]:
        lines = self.say("systemctl", "--failed", "--plain", "--no-legend").splitlines()
        return [line.split()[0] for line in lines]

    def volumes(self) -> list[str]:
        """Returns where each volume is mounted, and the identity of its file system."""
        columns = ("--types=xfs", "--output=TARGET,FSTYPE,LABEL,UUID")
        mounts = self.say("findmnt", "--real", "--noheadings", "--raw", *columns).splitlines()
        return sorted({line for line in mounts if line.startswith("/var/lib/") and "/docker/" not in line})

    def journal(self, *arguments: object) -> list[dict]:
        lines = self.say("journalctl", "--output=json", "--no-pager", *arguments, timeout=300).splitlines()
        return [json.loads(line) for line in lines]

    def running(self) -> bool:
        return self.nspawn is not None and self.nspawn.poll() is None

    def pull_the_plug(self) -> None:
        """Takes the power away: what was not written to a disk yet is lost with everything that runs."""
        # First nothing runs any more: a machine without power does not tell its peers that its disk is gone.
        run("nsenter", f"--target={self.init}", "--pid", "/usr/bin/kill", "-STOP", "--", "-1")
        for disk in self.disks:
            path = f"/proc/{self.init}/root{disk.mount}"
            if disk.mount and os.path.ismount(path):
                run(
                    "nsenter",
                    f"--target={self.init}",
                    "--mount",
                    f"--root=/proc/{self.init}/root",
                    "/usr/sbin/xfs_io",
                    "-x",
                    "-c",
                    "shutdown",
                    disk.mount,
                )
        os.kill(self.init, signal.SIGKILL)
        self.wait_until_off(60)

    def power_off(self, limit: float = 300) -> None:
        """Shuts it down in good order."""
        self.run("systemctl", "poweroff", "--no-block")
        self.wait_until_off(limit)

    def wait_until_off(self, limit: float) -> None:
        until(f"{self.name} is off", lambda: not self.running(), limit, 0.1)
        until(f"the disks of {self.name} are free", lambda: not any(disk.mounted() for disk in self.disks), limit, 0.1)
        for disk in self.disks:
            disk.detach()
        cgroups.remove(self.groups)
        self.nspawn, self.init = None, 0

    def destroy(self) -> None:
        """Ends it, with everything but its disks."""
        if self.running():
            self.pull_the_plug()
        run("umount", self.root, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def cut(self) -> None:
        """Takes its network cable out."""
        run("ip", "link", "set", self.link, "down")

    def heal(self) -> None:
        """Puts its network cable back."""
        run("ip", "link", "set", self.link, "up")
