"""The services of the hosts as one thing: whether it is whole, and the client that writes to it and counts."""

from collections.abc import Sequence

from . import probes
from .client import Client
from .host import Host
from .lab import Lab
from .report import Report
from .shell import LIMIT, Failure, until


class Ensemble:
    """A cluster of brokers with whatever it stands on."""

    def __init__(
        self,
        lab: Lab,
        brokers: list[Host],
        *,
        topic: str = "events",
        etcd: Sequence[Host] = (),
        zookeeper: Sequence[Host] = (),
        connect: str = "",
    ) -> None:
        self.lab = lab
        self.brokers, self.etcd, self.zookeeper = brokers, list(etcd), list(zookeeper)
        self.topic, self.connect = topic, connect
        self.client = Client(",".join(f"{host.address}:9092" for host in brokers), topic)
        lab.clients.append(self.client)

    def whole(self) -> str | bool:
        """Returns True, or a text that begins with "no:" and says what is missing."""
        return self.etcd_whole() and self.zookeeper_whole() and self.kafka_whole()

    def etcd_whole(self) -> str | bool:
        for host in self.etcd:
            if not probes.etcd_healthy(host.address):
                raise Failure(f"etcd on {host.name} is not healthy")
            members = probes.etcd_members(host.address)
            if members != sorted(member.name for member in self.etcd):
                raise Failure(f"etcd on {host.name} knows {members}")
        return True

    def zookeeper_whole(self) -> str | bool:
        if not self.zookeeper:
            return True
        modes = {host.name: probes.zookeeper_mode(host.address) for host in self.zookeeper}
        followers = ["follower"] * (len(self.zookeeper) - 1)
        if sorted(modes.values()) != [*followers, "leader"]:
            raise Failure(f"ZooKeeper: {modes}")
        return True

    def kafka_whole(self) -> str | bool:
        # The others list a broker until its session ends, so one that has just died must be asked itself.
        silent = [host.name for host in self.brokers if not probes.listens(host.address, 9092)]
        if silent:
            raise Failure(f"no broker listens on {', '.join(silent)}")
        ids = list(range(1, len(self.brokers) + 1))
        if self.connect and (found := self.client.broker_ids(self.connect)) != ids:
            raise Failure(f"/brokers/ids holds {found}")
        if (found := sorted(node["id"] for node in self.client.nodes())) != ids:
            raise Failure(f"the brokers know {found}")
        for topic in {self.topic, "__consumer_offsets"} if self.offsets_exist else {self.topic}:
            for partition in self.client.partitions(topic):
                if partition["isr"] != partition["replicas"] or partition["leader"] < 0:
                    raise Failure(f"{topic}: {partition}")
        return True

    # The topic of consumers' offsets is made when the first of them commits.
    offsets_exist = False

    def acknowledged(self, wanted: int) -> str | bool:
        status = self.client.ask("status")
        return status["acknowledged"] >= wanted or f"no: {status}"

    def until_whole(self, limit: float = LIMIT) -> None:
        until("the cluster is whole", self.whole, limit)

    def count(self, report: Report, title: str, least: int = 1) -> None:
        """Reads every record and fails if an acknowledged one is missing."""
        with report.step(title) as step:
            status = self.client.ask("status")
            found = self.client.ask("read")
            self.offsets_exist = True
            step.numbers = {
                "written": status["sent"],
                "acknowledged": found["acknowledged"],
                "read": found["read"],
                "lost": found["lost"],
            }
            if found["lost"] or found["strangers"] or status["failed"]:
                raise Failure(f"records are missing, strange or refused: {found}, {status}")
            if found["acknowledged"] < least or found["distinct"] < found["acknowledged"]:
                raise Failure(f"too few records: {found}")


def uniform_topic(ensemble: Ensemble, partitions: int) -> str:
    """Checks that the topic is as the profile declares it, and says what it found."""
    found = ensemble.client.partitions()
    if len(found) != partitions:
        raise Failure(f"{len(found)} partitions, not {partitions}")
    for partition in found:
        if len(partition["replicas"]) != 3 or partition["isr"] != partition["replicas"]:
            raise Failure(f"a partition is not on three brokers: {partition}")
    return f"{partitions} partitions, replication factor 3, all in sync"
