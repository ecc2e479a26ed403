"""Breaks a cluster that is written to, and measures how long it takes to be whole again.

"Recovered" is when every service serves on every host and every partition is in sync on all brokers, seen twice; the
longest time without an acknowledgement is what a producer felt meanwhile.
"""

import time
from collections.abc import Callable

from . import probes
from .discovery import Discovery
from .election import Election
from .ensemble import Ensemble
from .host import Host
from .registry import Server
from .shell import LIMIT, Failure, until
from .stage import Stage, expect

# Enough to be writing at any moment, little enough to leave the machine to the hosts.
RATE = 300
# Seconds in which a majority that should not be one would have been found.
SILENCE = 20
# How often a broker is asked, five seconds apart, before it counts as waiting for somebody to say who leads.
PATIENCE = 8

# What must be true again after a fault.
Question = Callable[[], str | bool]


class Faults:
    """Faults of one cluster, with a producer that never stops."""

    def __init__(self, stage: Stage, ensemble: Ensemble) -> None:
        self.stage, self.ensemble, self.lab = stage, ensemble, stage.lab
        self.hosts = list(stage.lab.hosts.values())

    def __enter__(self) -> "Faults":
        self.ensemble.client.ask("start", 0, RATE)
        return self

    def __exit__(self, failure: object, *_: object) -> None:
        # Stopping waits until the last record is acknowledged; after a failure that may be never.
        if failure is None:
            self.ensemble.client.ask("stop")

    def fault(self, title: str, inject: Callable[[], Question | None]) -> None:
        """Injects a fault and waits until all is well; `inject` may return one more question that must be true then."""
        with self.stage.report.step(title) as step:
            self.ensemble.client.ask("mark")
            began = time.monotonic()
            back = inject() or (lambda: True)
            for _ in range(2):
                until("what was broken is back", back, LIMIT)
                self.ensemble.until_whole()
                seen = time.monotonic()
                time.sleep(1)
            until("records are acknowledged", self.writes, LIMIT, 0.2)
            status = self.ensemble.client.ask("status")
            step.numbers = {
                "recovered after": f"{seen - began:.1f} s",
                "longest without an ack": f"{status['gap']:.1f} s",
            }

    def writes(self) -> str | bool:
        before = self.ensemble.client.ask("status")["acknowledged"]
        time.sleep(0.5)
        status = self.ensemble.client.ask("status")
        return status["acknowledged"] > before or f"no: no acknowledgement in half a second: {status}"

    def leader(self) -> Host:
        """Returns the host whose ZooKeeper leads, or whose broker leads the first partition."""
        if self.ensemble.zookeeper:
            return next(host for host in self.ensemble.zookeeper if probes.zookeeper_mode(host.address) == "leader")
        first = self.ensemble.client.partitions()[0]["leader"]
        return self.ensemble.brokers[first - 1]

    # -- containers and units

    def kill(self, host: Host, container: str) -> None:
        def inject() -> Question | None:
            before = self.identity(host, container)
            host.run("kill", "-9", host.say("docker", "inspect", "--format={{.State.Pid}}", container))
            return lambda: self.identity(host, container) not in ("", before)

        self.fault(f"kill -9 of {container} on {host.name}", inject)

    def restart(self, host: Host, unit: str) -> None:
        def inject() -> Question | None:
            before = host.show(unit, "ActiveEnterTimestampMonotonic")
            host.run("systemctl", "restart", unit, timeout=400)
            return lambda: (
                host.show(unit, "ActiveState") == "active"
                and host.show(unit, "ActiveEnterTimestampMonotonic") != before
            )

        self.fault(f"systemctl restart {unit} on {host.name}", inject)

    @staticmethod
    def identity(host: Host, container: str) -> str:
        form = "--format={{if .State.Running}}{{.Id}}{{end}}"
        return host.say("docker", "inspect", form, container, check=False)

    # -- hosts

    def lose_power(self, host: Host) -> None:
        def inject() -> None:
            host.pull_the_plug()
            others = [other for other in self.hosts if other is not host]
            until("the others go on without it", lambda: self.goes_on_without(host, others), LIMIT)
            host.boot()

        self.fault(f"power lost on {host.name}, and back when the others had gone on", inject)

    def lose_the_disk_of_one_that_knew(self, one: Host, two: Host, three: Host) -> None:
        """The order that lost acknowledged data: an empty disk and a member that lags, together a majority."""

        def inject() -> None:
            three.pull_the_plug()
            until("the others go on without it", lambda: self.goes_on_without(three, [one, two]), LIMIT)
            one.pull_the_plug()
            # What brokers acknowledge is in their memory until the kernel writes it: losing that is another matter.
            two.run("/usr/bin/bash", "-c", "docker kill kafka; sync")
            two.pull_the_plug()
            for disk in one.disks:
                disk.empty()
            for host in (one, three):
                host.boot()
            mark = ("/usr/bin/bash", "-c", "ls /var/lib/*/member/disk")
            until(f"{one.name} has seen that its disk is blank", lambda: one.say(*mark, check=False), LIMIT)
            before = self.ensemble.client.ask("status")["acknowledged"]
            time.sleep(SILENCE)
            expect(self.ensemble.client.ask("status")["acknowledged"] == before, "who does not know has acknowledged")
            two.boot()
            self.elect_who_knows(one, two, three)

        order = (
            f"{three.name} lags, {one.name} and {two.name} lose power, {one.name} its disks; {two.name} is back last"
        )
        self.fault(order, inject)

    def elect_who_knows(self, empty: Host, best: Host, other: Host) -> None:
        """Holds an election where the cluster finds no leader by itself, and waits until the empty broker is there."""
        form = "/usr/bin/{}" if self.ensemble.zookeeper else "/opt/kafka/bin/{}.sh"
        election = Election(best.say, form, f"{best.address}:9092")

        def is_there() -> bool:
            return probes.listens(empty.address, 9092)

        seen, found = 0, []
        while seen < PATIENCE:
            time.sleep(5)
            if is_there():
                return
            if probes.listens(best.address, 9092) and probes.listens(other.address, 9092):
                found = election.leaderless()
                seen += 1
        numbers = [self.ensemble.brokers.index(host) + 1 for host in (empty, best)]
        moved = election.prefer(numbers[0], found, lambda _: numbers[1])
        until("the empty broker is there", is_there, LIMIT)
        election.reassign(moved)

    def goes_on_without(self, host: Host, others: list[Host]) -> str | bool:
        """Returns True, or a text that begins with "no:" and says who still waits for the host."""
        if self.ensemble.zookeeper:
            modes = [probes.zookeeper_mode(other.address) for other in others]
            if "leader" not in modes:
                return f"no: ZooKeeper: {modes}"
        number = self.ensemble.brokers.index(host) + 1
        leaders = {partition["leader"] for partition in self.ensemble.client.partitions()}
        if leaders & {number, -1}:
            return f"no: the leaders are {sorted(leaders)}"
        return self.writes()

    def replace(self, host: Host, registry_down: bool = False) -> None:
        """Throws the instance away; only its disks stay."""

        def inject() -> Question | None:
            before, own = host.provisioned, self.kept(host)
            host.pull_the_plug()
            host.destroy()
            host.create()
            if registry_down:
                self.lab.registry.down()
            host.boot()
            expect(host.provisioned == before + 1, f"{host.name} was not provisioned again")
            if registry_down:
                until("a pull has failed", lambda: "1" if self.restarts(host) else "", LIMIT)
                self.lab.registry.up()
            return lambda: (now := self.kept(host)) == own or f"no: {host.name} had {own}, has {now}"

        why = "while the registry is down, which comes back later" if registry_down else "only its volumes are kept"
        self.fault(f"{host.name} is replaced by a blank host, {why}", inject)

    def kept(self, host: Host) -> list[str]:
        """Returns what a host keeps on its volumes: the file systems, who it is, where its first records lie."""
        volumes = host.volumes()
        mounts = [line.split()[0] for line in volumes]
        ids = ("(", "-name", "myid", "-o", "-name", "meta.properties", ")", "-exec", "grep", "-Hv", "^#", "{}", "+")
        # The inode of a segment is the same only if the segment is: one that was copied from a peer has another.
        segments = ("-path", f"*/{self.ensemble.topic}-*/00000000000000000000.log", "-printf", "%p is inode %i\\n")
        found = host.say("find", *mounts, *ids, ",", *segments, check=False).splitlines()
        expect(any("inode" in line for line in found), f"{host.name} has no records")
        return volumes + sorted(found)

    @staticmethod
    def restarts(host: Host) -> bool:
        return any(
            int(host.show(f"{unit}.service", "NRestarts") or 0) > 0
            for unit in ("etcd", "zookeeper", "kafka", "kafka-format")
        )

    def boot_without(self, host: Host, what: str, service: Server | Discovery) -> None:
        def inject() -> None:
            host.power_off()
            service.down()
            host.boot()
            self.ensemble.until_whole()
            service.up()

        self.fault(f"{host.name} reboots while the {what} is down", inject)

    def rolling_reboot(self) -> None:
        """Reboots host after host as soon as the gate of the one before opens, as the update agent would."""
        for host in self.hosts:

            def inject(host: Host = host) -> None:
                host.power_off()
                host.boot()
                until("the gate is open", lambda: host.show("locksmithd.service", "ActiveState") == "active", LIMIT)
                lagging = [one for one in self.ensemble.client.partitions() if one["isr"] != one["replicas"]]
                expect(not lagging, f"the gate of {host.name} opened too early: {lagging}")

            self.fault(f"rolling reboot: {host.name} reboots, and its gate opens", inject)

    def cut_off(self, host: Host) -> None:
        def inject() -> None:
            host.cut()
            others = [other for other in self.hosts if other is not host]
            until("the others go on without it", lambda: self.goes_on_without(host, others), LIMIT)
            host.heal()

        self.fault(f"{host.name} is cut off from the network, and healed", inject)

    def fill(self, host: Host, mount: str = "/var/lib/kafka") -> None:
        number = self.ensemble.brokers.index(host) + 1
        # Largest pieces first, so that nothing is left; what the file system had set aside goes a round later.
        filler = f"{mount}/filler"
        piece = f"fallocate -l $size $(mktemp {filler}.XXXXXX) 2>/dev/null"
        script = f"for size in 256M 64M 16M 4M 1M 64K 4K; do while {piece}; do :; done; done"

        def gone() -> bool:
            host.run("/usr/bin/bash", "-c", script)
            return self.left(number)

        def inject() -> None:
            until("its broker has noticed", gone, LIMIT, 2)
            host.run("/usr/bin/bash", "-c", f"rm -f {filler}.*")

        self.fault(f"the data disk of {host.name} is full, and has room again", inject)

    def left(self, number: int) -> bool:
        """Tells whether a broker has left all replicas to the others."""
        for partition in self.ensemble.client.partitions():
            if number in partition["isr"]:
                raise Failure(f"broker {number} is still in sync: {partition}")
        return True
