"""Three nodes of a role, and one way to ask each service for what the scenarios ask of all."""

import base64
import contextlib
import json
import re
import shutil
import subprocess
import time
from functools import partial
from pathlib import Path

from cluster import compiled, probes
from cluster.client import Client
from cluster.election import Election, Leaderless, end
from cluster.places import RUN
from cluster.report import Report
from cluster.shell import Failure, run, until

from . import unit
from .node import BRIDGE, NETWORK, Node

DOMAIN = "members.internal"
LIMIT = 150
ALLOWED = tuple(
    word
    for code in (
        "data-on-root-disk",
        "quorum-even",
        "quorum-lost-with-one-zone",
        "quorum-single",
        "reboot-uncoordinated",
    )
    for word in ("--allow", code)
)
PROFILES = {
    "kraft": "kafka: { mode: kraft, heap: 256MiB }\n",
    # Brokers count from 1, and no two members of a cluster have one id.
    "controllers": "kafka: { mode: kraft, process: controller, heap: 192MiB }\n",
    "brokers": "kafka: { mode: kraft, controllers: { role: controllers }, heap: 256MiB }\n",
    "kraft-older": 'kafka: { mode: kraft, heap: 256MiB, image: "docker.io/apache/kafka:3.9.2" }\n',
    "kafka": "zookeeper: { heap: 128MiB, config: { tickTime: 500 } }\n"
    "kafka: { mode: zookeeper, heap: 256MiB, config: { zookeeper.session.timeout.ms: 6000 } }\n",
    "zookeeper": "zookeeper: { heap: 128MiB, config: { tickTime: 500 } }\n",
    "etcd": "etcd: {}\n",
    "etcd-token": 'etcd: { discovery: "http://10.78.0.254:2379/v2/keys/_etcd/registry/members" }\n',
}


SIZES = (1, 3, 4, 5)
# What of a cluster is not as every role has it.
FURTHER = {"controllers": ", first_id: 9001"}
# Of these there are always as many, whatever the size of the cluster that they belong to.
FIXED = {"brokers": 3}


def profile(workspace: Path, role: str, nodes: int, further: str = "") -> None:
    """Writes the profile of a role; `further` goes on in its cluster."""
    folder = workspace / "profiles" / role
    folder.mkdir(parents=True, exist_ok=True)
    head = f"description: {role}\ntarget: {{ os: flatcar, platform: custom }}\n"
    cluster = f"cluster: {{ name: {role}, nodes: {nodes}, domain: {DOMAIN}{further} }}\n"
    (folder / "profile.yaml").write_text(head + cluster + PROFILES[role] + "updates: { strategy: windows }\n")


def compile_all(cfgbuild: Path) -> dict[str, compiled.Role]:
    """Compiles every role, by its name; those that grow in other sizes as well, by name and size."""
    made = {}
    Members.cfgbuild = cfgbuild
    for size in SIZES:
        # The same cluster in another size is another workspace: side by side they would be two of one name.
        workspace = RUN / f"members-{size}"
        for role in PROFILES:
            profile(workspace, role, FIXED.get(role, size), FURTHER.get(role, ""))
            made[f"{role}-{size}"] = compiled.Role(role, RUN / f"compiled-members-{size}" / role)
        out = RUN / f"compiled-members-{size}"
        run(cfgbuild, "profile", "--all", f"--directory={workspace}", f"--out={out}", *ALLOWED)
    return made | {role: made[f"{role}-3"] for role in PROFILES}


class Members:
    """The three nodes of a role."""

    services: tuple[str, ...] = ()
    # The program that the nodes were compiled with.
    cfgbuild = Path()
    # What a lost disk takes along.
    kept = ""

    def __init__(self, *roles: compiled.Role) -> None:
        places = [(role, name) for role in roles for name in role.nodes()]
        names = [name for _, name in places]
        hosts = {f"{name}.{DOMAIN}": f"{NETWORK}.{number}" for number, name in enumerate(names, 1)}
        lines = "".join(f"{address} {host}\n" for host, address in hosts.items())
        Path("/etc/hosts").write_text(f"127.0.0.1 localhost\n{lines}")
        run("ip", "link", "delete", BRIDGE, check=False)
        run("ip", "link", "add", BRIDGE, "type", "bridge")
        run("ip", "address", "add", f"{NETWORK}.254/24", "dev", BRIDGE)
        run("ip", "link", "set", BRIDGE, "up")
        for number in range(1, len(names) + 1):
            run("ip", "netns", "delete", f"member-{number}", check=False)
        self.nodes = [Node(role, name, number, hosts) for number, (role, name) in enumerate(places, 1)]
        # How many of them belong to the cluster, from the first.
        self.size = len(names)

    def boot(self, *numbers: int) -> None:
        for number in numbers:
            self.nodes[number - 1].boot(*self.services)

    def become(self, role: compiled.Role, *numbers: int) -> None:
        """Gives machines another config, as a replacement with the same disk has it."""
        for number in numbers:
            self.nodes[number - 1].become(role)

    def lose_power(self, *numbers: int) -> None:
        for number in numbers:
            self.nodes[number - 1].lose_power()

    def lose_disk(self, *numbers: int) -> None:
        for number in numbers:
            self.nodes[number - 1].lose_disk(self.kept)

    def close(self) -> None:
        self.lose_power(*range(1, len(self.nodes) + 1))

    def begin(self) -> None:
        """Begins to write, where something is written all the time."""

    def settle(self, report: Report) -> None:
        """Carries out what the messages ask for once everybody is back who has anything."""

    def settled(self, report: Report) -> None:
        """Takes back what that has changed, once the cluster is whole."""

    def recover(self, report: Report) -> None:
        """Two of three disks are lost: carries out what docs/operations.md says of a lost majority."""
        raise NotImplementedError

    def until_whole(self, *numbers: int) -> None:
        until(f"{self.kept}: {numbers} are one cluster", lambda: self.whole(numbers), LIMIT)

    def stays_without(self, number: int, seconds: float) -> None:
        """Fails if a node gives an answer although there is no majority that may."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.serves(number):
                raise Failure(f"node {number} serves without a majority that knows")
            time.sleep(1)

    def whole(self, numbers: tuple[int, ...]) -> str | bool:
        raise NotImplementedError

    def serves(self, number: int) -> bool:
        raise NotImplementedError

    def write(self, number: int, count: int) -> None:
        """Writes records and returns once each is acknowledged."""
        raise NotImplementedError

    def writes(self, number: int, count: int) -> bool:
        self.write(number, count)
        return True

    def missing(self, number: int) -> int:
        """Reads everything back and returns how many acknowledged records are not there."""
        raise NotImplementedError


class Etcd(Members):
    services = ("etcd",)
    kept = "/var/lib/etcd"

    def __init__(self, role: compiled.Role) -> None:
        super().__init__(role)
        self.acknowledged: list[str] = []

    def url(self, number: int, path: str) -> str:
        return f"http://{self.nodes[number - 1].address}:2379/{path}"

    def voters(self, number: int) -> list[str]:
        members = probes.post(self.url(number, "v3/cluster/member/list"), {})["members"]
        return sorted(member.get("name", "?") for member in members if not member.get("isLearner"))

    def serves(self, number: int) -> bool:
        try:
            return probes.etcd_healthy(self.nodes[number - 1].address)
        except OSError:
            return False

    def whole(self, numbers: tuple[int, ...]) -> str | bool:
        for number in numbers:
            if not self.serves(number):
                return f"no: {number} is not healthy"
            if len(found := self.voters(number)) != self.size or "?" in found:
                return f"no: {number} knows {found}"
        return True

    def write(self, number: int, count: int) -> None:
        for _ in range(count):
            key = f"record-{len(self.acknowledged)}"
            probes.post(self.url(number, "v3/kv/put"), {"key": _base64(key), "value": _base64(key)})
            self.acknowledged.append(key)

    def recover(self, report: Report) -> None:
        with report.step("a lost majority: the survivor begins a cluster of its own, the others join"):
            # What a survivor is told is this one command.
            self.lose_power(3)
            self.nodes[2].say("touch", f"{self.kept}/member/alone")
            self.boot(3)
            self.until_whole(1, 2, 3)
            if lost := self.missing(1):
                raise Failure(f"{lost} records of the survivor are gone")

    def missing(self, number: int) -> int:
        asked = {"key": _base64("record-"), "range_end": _base64("record."), "keys_only": True}
        found = {
            base64.b64decode(kv["key"]).decode()
            for kv in probes.post(self.url(number, "v3/kv/range"), asked).get("kvs", [])
        }
        return len(set(self.acknowledged) - found)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


class ZooKeeper(Members):
    services = ("zookeeper",)
    kept = "/var/lib/zookeeper"

    def __init__(self, role: compiled.Role) -> None:
        super().__init__(role)
        self.acknowledged: list[str] = []
        self.tried = 0

    def serves(self, number: int) -> bool:
        return self.mode(number) in {"leader", "follower"}

    def mode(self, number: int) -> str:
        try:
            return probes.zookeeper_mode(self.nodes[number - 1].address)
        except OSError:
            return ""

    def whole(self, numbers: tuple[int, ...]) -> str | bool:
        modes = sorted(self.mode(number) for number in numbers)
        one_leads = modes.count("leader") == 1 and modes.count("follower") == len(numbers) - 1
        return one_leads or f"no: {modes}"

    def shell(self, number: int, commands: list[str]) -> str:
        """Gives commands to ZooKeeper's own shell, and returns what it prints."""
        jars = RUN.parent / "jars" / "zookeeper"
        made = subprocess.run(
            [
                "java",
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                f"{jars}/*",
                "org.apache.zookeeper.ZooKeeperMain",
                "-server",
                f"{self.nodes[number - 1].address}:2181",
            ],
            input="".join(f"{command}\n" for command in commands),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return made.stdout + made.stderr

    def write(self, number: int, count: int) -> None:
        # A name that was tried may exist, although its answer was lost with the connection.
        wanted = [f"/record-{self.tried + index}" for index in range(count)]
        self.tried += count
        said = self.shell(number, [f"create {path} {path}" for path in wanted])
        done = [path for path in wanted if f"Created {path}\n" in said]
        if len(done) < count:
            raise Failure(f"{count - len(done)} znodes were refused: {said[-400:]}")
        self.acknowledged += done

    def recover(self, report: Report) -> None:
        with report.step("a lost majority: what the survivor has is copied to one that has nothing"):
            self.lose_power(1, 2, 3)
            for part in ("data", "datalog"):
                source, target = (self.nodes[n].root / f"var/lib/zookeeper/{part}" for n in (2, 0))
                run("cp", "-a", source / "version-2", target)
            shutil.rmtree(self.nodes[2].root / "var/lib/zookeeper/member/heard", ignore_errors=True)
            self.boot(1, 2, 3)
            self.until_whole(1, 2, 3)
            if lost := self.missing(2):
                raise Failure(f"{lost} records of the survivor are gone")

    def missing(self, number: int) -> int:
        said = self.shell(number, ["sync /", "ls /"])
        names = {f"/{name}" for name in re.findall(r"record-\d+", said)}
        return len(set(self.acknowledged) - names)


class Kafka(Members):
    """What is asked of brokers, however their cluster decides."""

    kept = "/var/lib/kafka"
    # Where its tools are.
    form = ""

    def __init__(self, *roles: compiled.Role) -> None:
        super().__init__(*roles)
        self.client: Client | None = None
        self.moved: list[dict] = []

    def reached(self) -> Client:
        if self.client is None:
            self.client = Client(",".join(f"{node.address}:9092" for node in self.nodes[: self.size]))
        return self.client

    def tool(self, number: int, name: str, *words: str, timeout: float = 90) -> str:
        """Returns what one of Kafka's tools prints, in the container of a broker."""
        at = f"{self.nodes[number - 1].name}.{DOMAIN}:9092"
        program = ("docker", "exec", "kafka", self.form.format(name), "--bootstrap-server", at)
        return self.nodes[number - 1].say(*program, *words, timeout=timeout)

    def listens(self, number: int) -> bool:
        return probes.listens(self.nodes[number - 1].address, 9092)

    def in_sync(self, number: int) -> str | bool:
        behind = self.tool(number, "kafka-topics", "--describe", "--under-replicated-partitions")
        return f"no: {behind.splitlines()[0]}" if behind else True

    def begin(self) -> None:
        copies = str(min(3, self.size))
        words = ("--create", "--topic", "events", "--partitions", "3", "--replication-factor", copies)
        self.tool(1, "kafka-topics", *words)
        # With acks=all, from now on without end.
        self.reached().ask("start", 0, 50)

    def write(self, number: int, count: int) -> None:
        """Waits until so many more are acknowledged."""
        wanted = self.reached().ask("status")["acknowledged"] + count
        until(f"{count} more are acknowledged", lambda: self.reached().ask("status")["acknowledged"] >= wanted, LIMIT)

    def missing(self, number: int) -> int:
        """Reads the whole topic; which node is asked is for the brokers to say."""
        return int(self.reached().ask("read")["lost"])

    def settle(self, report: Report) -> None:
        if not self.waits(1):
            return
        with report.step('what 1 led last is led by who has most of it: docs/operations.md, "An empty broker"'):
            election = self.election(2)
            self.moved = election.prefer(1, election.leaderless(), self.best)

    def best(self, one: Leaderless) -> int:
        """Returns whose log of a partition goes furthest."""
        log = f"{one.topic}-{one.partition}"
        return max((2, 3), key=lambda number: end(self.nodes[number - 1].say, self.form, log))

    def election(self, number: int) -> Election:
        node = self.nodes[number - 1]
        return Election(node.say, self.form, f"{node.name}.{DOMAIN}:9092")

    def settled(self, report: Report) -> None:
        if self.moved:
            with report.step("1 is a replica again of what was moved for the election"):
                self.election(2).reassign(self.moved)
                self.moved = []

    def waits(self, number: int) -> bool:
        """Whether an empty broker waits for somebody to say who leads; who led last is a matter of moments."""
        with contextlib.suppress(Failure):
            until(f"others lead, and {number} comes", lambda: self.listens(number), 45)
            return False
        if not self.nodes[number - 1].said("waiting for others to lead"):
            raise Failure(f"{number} does not say what it waits for")
        return True

    def close(self) -> None:
        if self.client:
            self.client.close()
        super().close()


class WithZooKeeper(Kafka):
    services = ("zookeeper", "kafka")
    form = "/usr/bin/{}"

    def lose_disk(self, *numbers: int) -> None:
        super().lose_disk(*numbers)
        for number in numbers:
            self.nodes[number - 1].lose_disk("/var/lib/zookeeper")

    def serves(self, number: int) -> bool:
        """Whether the node's own ZooKeeper and its broker both answer."""
        try:
            return bool(probes.zookeeper_mode(self.nodes[number - 1].address)) and self.listens(number)
        except OSError:
            return False

    def whole(self, numbers: tuple[int, ...]) -> str | bool:
        silent = [number for number in numbers if not self.serves(number)]
        return f"no: nobody answers on {silent}" if silent else self.in_sync(numbers[0])

    def begins_anew(self, report: Report) -> None:
        """All brokers' disks are lost, ZooKeeper's are not: gives the topics up, as docs/operations.md has it."""
        with report.step("the records of all are lost: the topics are given up, and the brokers start"):
            self.lose_power(1, 2, 3)
            for node in self.nodes:
                node.lose_disk(self.kept)
            self.boot(1, 2, 3)
            for node in self.nodes:
                until("it waits", partial(node.said, "waiting for others to lead"), 90)
            known = unit.environment(self.nodes[0].units["kafka.service"], self.nodes[0].root)
            shell = ("docker", "run", "--rm", "--network", "host", "--entrypoint", "zookeeper-shell")
            for topic in ("events", "__consumer_offsets"):
                words = ("deleteall", f"/brokers/topics/{topic}")
                self.nodes[0].say(*shell, known["IMAGE"], known["KAFKA_ZOOKEEPER_CONNECT"], *words)
            self.until_whole(1, 2, 3)


class Kraft(Kafka):
    services: tuple[str, ...] = ("kafka-format", "kafka", "kafka-voter")
    form = "/opt/kafka/bin/{}.sh"

    def __init__(self, *roles: compiled.Role) -> None:
        super().__init__(*roles)
        self.services = tuple(name for name in self.services if f"{name}.service" in self.nodes[0].units)

    def quorum(self, number: int) -> dict[str, str]:
        """Returns what a broker says of the quorum, asked from inside its container."""
        said = self.tool(number, "kafka-metadata-quorum", "describe", "--status")
        return {key: value.strip() for key, _, value in (line.partition(":") for line in said.splitlines())}

    def serves(self, number: int) -> bool:
        if not self.listens(number):
            return False
        try:
            return "LeaderId" in self.quorum(number)
        except Failure:
            return False

    def voters(self, number: int) -> list[int]:
        said = self.quorum(number).get("CurrentVoters", "")
        if not said:
            raise Failure(f"{self.nodes[number - 1].name} knows no quorum")
        return sorted(one["id"] if isinstance(one, dict) else one for one in json.loads(said))

    def whole(self, numbers: tuple[int, ...]) -> str | bool:
        silent = [n for n in numbers if not self.listens(n)]
        if silent:
            return f"no: nobody listens on {silent}"
        found = self.voters(numbers[0])
        if found != list(range(1, self.size + 1)):
            return f"no: the voters are {found}"
        return self.in_sync(numbers[0])

    def recover(self, report: Report) -> None:
        with report.step("a lost majority: a lost voter gets the survivor's data under its own old ids"):
            survivor = self.nodes[2]
            self.lose_power(1, 2, 3)
            # The one that the survivor took for the leader: who comes back as it is told of an epoch that was its own.
            state = json.loads((survivor.root / "var/lib/kafka/data/__cluster_metadata-0/quorum-state").read_text())
            back = state["leaderId"] if state["leaderId"] in {1, 2} else 1
            blank = 3 - back
            lost = self.nodes[back - 1]
            dump = (
                "--cluster-metadata-decoder",
                "--files",
                "/var/lib/kafka/data/__cluster_metadata-0/00000000000000000000.log",
            )
            said = survivor.inside("kafka", "/opt/kafka/bin/kafka-dump-log.sh", *dump)
            voters = re.findall(rf'"voterId":{back},"voterDirectoryId":"([^"]+)"', said)
            if not voters:
                raise Failure(f"the survivor's log names no voter {back}: {said[-300:]}")
            data = lost.root / "var/lib/kafka/data"
            run("cp", "-a", f"{survivor.root}/var/lib/kafka/data/.", data)
            shutil.rmtree(survivor.root / "var/lib/kafka/member/heard")
            about = (data / "meta.properties").read_text()
            about = re.sub("node.id=.*", f"node.id={back}", about)
            about = re.sub("directory.id=.*", f"directory.id={voters[-1]}", about)
            (data / "meta.properties").write_text(about)
            run("chown", "-R", "1000:1000", data)
            self.boot(1, 2, 3)
            until(f"{back} and 3 serve", lambda: self.serves(back) and self.serves(3), LIMIT)
            if self.waits(blank):
                self.election(back).elect()
            self.until_whole(1, 2, 3)
            if gone := self.missing(1):
                raise Failure(f"{gone} records of the survivor are gone")


class Dedicated(Kraft):
    """Three brokers, 1 to 3, and behind them the controllers of another role."""

    def __init__(self, brokers: compiled.Role, controllers: compiled.Role) -> None:
        super().__init__(brokers, controllers)
        self.size = len(brokers.nodes())
        # The controllers that belong to the cluster, from the first.
        self.voting = len(controllers.nodes())

    def controllers(self) -> list[int]:
        return list(range(self.size + 1, self.size + self.voting + 1))

    def listens(self, number: int) -> bool:
        return probes.listens(self.nodes[number - 1].address, 9092 if number <= self.size else 9093)

    def whole(self, numbers: tuple[int, ...]) -> str | bool:
        silent = [n for n in numbers if not self.listens(n)]
        if silent:
            return f"no: nobody listens on {silent}"
        found, expected = self.voters(1), list(range(9001, 9001 + self.voting))
        if found != expected:
            return f"no: the voters are {found}"
        return self.in_sync(1)

    def until_all(self) -> None:
        self.until_whole(*range(1, self.size + 1), *self.controllers())
