"""A node: a network namespace, a root of its own, and the services of its units as processes.

Its root is an overlay over the Debian of the booted hosts, its containers are the images of theirs, unpacked. Losing
power ends every process at once; losing a disk empties what the services keep.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tarfile
import threading
import time
from pathlib import Path

from cluster import images
from cluster.compiled import Role
from cluster.places import RUN, WORK
from cluster.shell import Failure, detach, run

from . import unit

BRIDGE = "members0"
NETWORK = "10.78.0"
# Instead of the ten seconds of the units: nothing here is slow to come back.
PAUSE = 1.0
# Enters a container that runs, `docker exec NAME COMMAND…`, or starts a program in an image that keeps nothing:
# `docker run --rm --network host --entrypoint PROGRAM IMAGE WORDS…`.
CLIENT = """\
#!/bin/sh
case $1 in exec) ;; run) run=yes ;; *) exit 0 ;; esac
shift
while [ "$run" ]; do
    case $1 in
    --rm | -i) shift ;;
    --entrypoint) entrypoint=$2; shift 2 ;;
    --*) shift 2 ;;
    *) break ;;
    esac
done
if [ "$run" ]; then
    root=/images/$(echo "${1#docker.io/}" | tr /: --)
    shift
    PATH=$(cat "$root.path"):/usr/sbin:/usr/bin:/sbin:/bin
    export PATH
    exec /usr/bin/unshare --mount --propagation=private /bin/sh -c 'mount --rbind /proc "$0/proc" &&
        mount --rbind /dev "$0/dev" && mount --bind /etc/hosts "$0/etc/hosts" && exec chroot "$0" "$@"' \
        "$root" "$entrypoint" "$@"
fi
if [ "$1" = -i ]; then shift; fi
name=$1; shift
pid=$(cat "/run/container-$name")
PATH=$(tr "\\0" "\\n" <"/proc/$pid/environ" | sed -n "s/^PATH=//p")
export PATH
exec /usr/bin/nsenter --target "$pid" --mount --root -- /bin/sh -c 'cd / && exec "$@"' - "$@"
"""
# Makes the view of a container, and becomes its program: ROOT UPPER USER ENTRYPOINT… with binds on standard input.
RUNNER = """\
set -e
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/merged"
mount --rbind /proc "$2/merged/proc"; mount --rbind /dev "$2/merged/dev"
while IFS='\t' read -r from to; do
    if [ -d "$from" ]; then mkdir -p "$2/merged$to"; else mkdir -p "$(dirname "$2/merged$to")"; touch "$2/merged$to"; fi
    mount --bind "$from" "$2/merged$to"
done <"$2/binds"
cp "$3" "$2/merged/etc/hosts"
echo $$ >"$4"
exec chroot --userspec="$5" "$2/merged" "${@:6}"
"""


def image_root(reference: str) -> tuple[Path, list[str], list[str]]:
    """Returns the unpacked root of an image, its environment and what it starts."""
    repository, _, tag = reference.rpartition(":")
    made = next(
        (one for one in known_images() if repository.endswith(one.repository) and one.tag == tag),
        None,
    )
    if made is None:
        raise Failure(f"no image {reference} is known")
    folder = RUN / "images" / f"{made.repository.replace('/', '-')}-{made.tag}"
    with _unpacking:
        if not folder.exists():
            making = folder.with_suffix(".making")
            for layer in made.layers:
                blob, _ = images.pack(layer)
                making.mkdir(parents=True, exist_ok=True)
                with tarfile.open(blob) as archive:
                    archive.extractall(making, filter="fully_trusted")
            for name in ("proc", "dev", "etc", "tmp"):
                (making / name).mkdir(exist_ok=True)
            (making / "etc/hosts").touch()
            known = dict(line.partition("=")[::2] for line in made.config.get("Env", []))
            folder.with_name(f"{folder.name}.path").write_text(known["PATH"])
            making.rename(folder)
    started = made.config.get("Entrypoint", []) + made.config.get("Cmd", [])
    return folder, made.config.get("Env", []), started


_unpacking = threading.Lock()


def known_images() -> list[images.Image]:
    """Returns the images of the hosts, and an older Kafka without ZooKeeper."""
    known = images.all_images()
    kafka = next(one for one in known if one.repository == "apache/kafka")
    older = images.Layer(
        "kafka-older",
        images.jars("kafka-with-zookeeper", "/opt/kafka/libs")
        | {path: source for path, source in kafka.layers[1].files.items() if path.startswith("/opt/kafka/bin/")},
        kafka.layers[1].directories,
    )
    return [*known, images.Image("apache/kafka", "3.9.2", [kafka.layers[0], older], kafka.config)]


class Node:
    def __init__(self, role: Role, name: str, number: int, hosts: dict[str, str]) -> None:
        self.name, self.number = name, number
        self.address = f"{NETWORK}.{number}"
        self.folder = RUN / "nodes" / role.name / name
        self.root = self.folder / "root"
        self.log = self.folder / "log"
        self.units: dict[str, unit.Unit] = {}
        self.files: dict[str, str] = {}
        self._read(role)
        self.processes: list[subprocess.Popen] = []
        self.guard = threading.Lock()
        self.on = threading.Event()
        self.threads: list[threading.Thread] = []
        # A node of before may have been called so.
        run("umount", "--recursive", self.root, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)
        for part in ("root", "upper", "work"):
            (self.folder / part).mkdir(parents=True)
        layers = f"lowerdir={WORK / 'root'},upperdir={self.folder / 'upper'},workdir={self.folder / 'work'}"
        run("mount", "-t", "overlay", "overlay", "-o", layers, self.root)
        run("mount", "--rbind", "/proc", self.root / "proc")
        run("mount", "--rbind", "/dev", self.root / "dev")
        for assignment in (line for one in self.units.values() for line in one.all("Environment")):
            if assignment.startswith("IMAGE="):
                image_root(assignment.removeprefix("IMAGE="))
        (self.root / "images").mkdir(exist_ok=True)
        run("mount", "--bind", RUN / "images", self.root / "images")
        self.install(self.files)
        (self.root / "usr/bin/docker").unlink(missing_ok=True)
        (self.root / "usr/bin/docker").write_text(CLIENT)
        (self.root / "usr/bin/docker").chmod(0o755)
        lines = "".join(f"{address} {host}\n" for host, address in hosts.items())
        (self.folder / "hosts").write_text(f"127.0.0.1 localhost\n{lines}")
        shutil.copy(self.folder / "hosts", self.root / "etc/hosts")
        (self.root / "etc/resolv.conf").unlink(missing_ok=True)
        (self.root / "etc/resolv.conf").write_text("")
        (self.root / "etc/nsswitch.conf").write_text("hosts: files\n")
        self._plug_in()

    def _read(self, role: Role) -> None:
        self.units = {
            path: unit.parse(path, text)
            for path, text in role.units(self.name).items()
            if path.endswith((".service", ".socket"))
        }
        self.files = role.files(self.name)

    def become(self, role: Role) -> None:
        """Replaces what it was told at its first boot; what its volumes hold stays."""
        self._read(role)
        self.install(self.files)

    def install(self, files: dict[str, str]) -> None:
        for path, text in files.items():
            file = self.root / path.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    def _plug_in(self) -> None:
        link = f"m{self.number}"
        # The kernel takes a cable away some time after its name space.
        run("ip", "link", "delete", link, check=False)
        run("ip", "netns", "add", self.space)
        run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", self.space)
        run("ip", "link", "set", link, "master", BRIDGE, "up")
        inside = ("ip", "-netns", self.space)
        run(*inside, "address", "add", f"{self.address}/24", "dev", "eth0")
        run(*inside, "link", "set", "eth0", "up")
        run(*inside, "link", "set", "lo", "up")

    @property
    def space(self) -> str:
        return f"member-{self.number}"

    # Power

    def boot(self, *services: str) -> None:
        """Starts its sockets and the services named, each as systemd would."""
        self.on.set()
        shutil.rmtree(self.root / "run/cfgbuild", ignore_errors=True)
        for name, one in self.units.items():
            if name.endswith(".socket") and one.all("ListenStream"):
                answer = self.units[name.removesuffix(".socket") + "@.service"]
                command = unit.words(answer.one("ExecStart"), {})
                listen = (
                    "/usr/bin/systemd-socket-activate",
                    "--inetd",
                    "--accept",
                    "--listen",
                    one.one("ListenStream"),
                )
                self._spawn([*listen, *command], {})
        for service in services:
            thread = threading.Thread(target=self._keep, args=(self.units[f"{service}.service"],), daemon=True)
            self.threads.append(thread)
            thread.start()

    def lose_power(self) -> None:
        """Ends everything that runs, without a word."""
        self.on.clear()
        deadline = time.monotonic() + 30
        while any(thread.is_alive() for thread in self.threads) or self.processes:
            with self.guard:
                for process in self.processes:
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)
                    process.poll()
                self.processes = [one for one in self.processes if one.returncode is None]
            if time.monotonic() > deadline:
                raise Failure(f"{self.name} does not end")
            time.sleep(0.05)
        self.threads = []

    def lose_disk(self, *paths: str) -> None:
        """Empties what a volume held: all that lies beside and below it."""
        for path in paths:
            folder = self.root / path.lstrip("/")
            for entry in folder.iterdir() if folder.exists() else ():
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    # Services

    def _keep(self, service: unit.Unit) -> None:
        """Runs a service until it has ended well or the power goes."""
        always = service.one("Type") != "oneshot"
        while self.on.is_set():
            absent = service.one("ConditionPathExists").removeprefix("!")
            if absent and (self.root / absent.lstrip("/")).exists():
                return
            ended = self._once(service)
            if ended == 0 and not always:
                return
            if self.on.is_set():
                time.sleep(PAUSE)

    def _once(self, service: unit.Unit) -> int:
        for command in service.all("ExecStartPre"):
            code = self._command(service, command)
            if code and not command.startswith("-"):
                return code
        known = unit.environment(service, self.root)
        started = unit.words(service.one("ExecStart"), known)
        if "run" not in started[:2]:
            return self._wait(self._spawn(started, known))
        main = self._contain(unit.call(started), known)
        # As an init does: what has ended is no process any more for those who ask.
        threading.Thread(target=main.wait, daemon=True).start()
        for after in service.all("ExecStartPost"):
            if self._command(service, after, {"MAINPID": str(main.pid)}):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(main.pid, signal.SIGKILL)
        return self._wait(main)

    def _command(self, service: unit.Unit, command: str, further: dict[str, str] | None = None) -> int:
        known = unit.environment(service, self.root) | (further or {})
        made = unit.words(command.removeprefix("-"), known)
        # Images are there, and what a crash left behind is gone with the processes.
        if made[0] == "/usr/bin/docker" or "image inspect" in command:
            return 0
        return self._wait(self._spawn(made, known))

    def _spawn(self, command: list[str], known: dict[str, str]) -> subprocess.Popen:
        inside = ["ip", "netns", "exec", self.space, "chroot", str(self.root), *command]
        return self._start(inside, {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"} | known)

    def _start(self, command: list[str], environment: dict[str, str]) -> subprocess.Popen:
        with self.guard:
            if not self.on.is_set():
                raise SystemExit
            with self.log.open("ab") as log:
                process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, preexec_fn=detach
                )
            self.processes.append(process)
            return process

    def _wait(self, process: subprocess.Popen) -> int:
        code = process.wait()
        with self.guard:
            if process in self.processes:
                self.processes.remove(process)
        return code

    def _contain(self, call: unit.Call, known: dict[str, str]) -> subprocess.Popen:
        root, env, started = image_root(call.image)
        view = self.folder / "containers" / f"{call.name}-{time.monotonic_ns()}"
        for part in ("upper", "work", "merged"):
            (view / part).mkdir(parents=True)
        lines = [f"{self.root / bind['source'].lstrip('/')}\t{bind['target']}\n" for bind in call.mounts]
        (view / "binds").write_text("".join(lines))
        for path in call.tmpfs:
            (view / "upper" / path.lstrip("/")).mkdir(parents=True)
            (view / "upper" / path.lstrip("/")).chmod(0o1777)
        program = [call.entrypoint, *call.arguments] if call.entrypoint else [*started, *call.arguments]
        passed = dict(word.partition("=")[::2] if "=" in word else (word, known[word]) for word in call.env)
        inside = dict(line.partition("=")[::2] for line in env)
        pid = self.root / "run" / f"container-{call.name}"
        command = [
            "ip",
            "netns",
            "exec",
            self.space,
            "unshare",
            "--mount",
            "--propagation=private",
            "bash",
            "-c",
            RUNNER,
        ]
        words = ["-", root, view, self.folder / "hosts", pid, call.user, *program]
        further = {"PATH": inside.get("PATH", "") + ":/usr/sbin:/usr/bin:/sbin:/bin"}
        return self._start([*command, *map(str, words)], inside | passed | further)

    def inside(self, service: str, *program: str) -> str:
        """Runs a program in the image of a service that is off, with its binds, and returns what it prints."""
        self.on.set()
        called = unit.call(unit.words(self.units[f"{service}.service"].one("ExecStart"), self._known(service)))
        called.entrypoint, called.arguments = program[0], list(program[1:])
        called.env = []
        begins = self.log.stat().st_size
        self._wait(self._contain(called, {}))
        self.on.clear()
        return self.log.read_bytes()[begins:].decode(errors="replace")

    def _known(self, service: str) -> dict[str, str]:
        return unit.environment(self.units[f"{service}.service"], self.root)

    # Questions

    def say(self, *command: object, check: bool = True, timeout: float = 60) -> str:
        """Returns what a program on the node prints."""
        made = run("ip", "netns", "exec", self.space, "chroot", self.root, *command, check=check, timeout=timeout)
        return str(made.stdout).strip()

    def said(self, text: str) -> bool:
        return self.log.exists() and text in self.log.read_text(errors="replace")

    def lines(self, text: str) -> list[str]:
        return [line for line in self.log.read_text(errors="replace").splitlines() if text in line]

    def last_words(self) -> str:
        """Returns the end of what its services logged: errors and what cfgbuild says, and the last lines of all."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        grave = [line for line in lines if "ERROR" in line or "FATAL" in line or re.match(r"<\d>", line)]
        return "\n".join(f"   {line[:300]}" for line in (*grave[-12:], "…", *lines[-12:]))
