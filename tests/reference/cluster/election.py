"""Who leads what an empty broker led last: the commands of docs/operations.md, "An empty broker"."""

import json
import re
from collections.abc import Callable
from typing import NamedTuple

from .shell import Failure

# Tools would take the heap and the ports of the broker.
BROKERS_OWN = ("KAFKA_HEAP_OPTS", "KAFKA_OPTS", "KAFKA_JMX_OPTS", "JMX_PORT", "KAFKA_LOG4J_OPTS")
TOOL = ("docker", "exec", "-i", "kafka", "env", *(word for name in BROKERS_OWN for word in ("-u", name)))


class Leaderless(NamedTuple):
    """A partition without a leader, as the topics tool shows it."""

    topic: str
    partition: int
    replicas: list[int]

    def moved(self, replicas: list[int]) -> dict:
        """Returns it with other replicas, as the reassignment tool takes it."""
        return {"topic": self.topic, "partition": self.partition, "replicas": replicas}


class Election:
    """An election on one node whose broker is up: `say` runs a program there, `form` is where the tools are."""

    def __init__(self, say: Callable[..., str], form: str, server: str) -> None:
        self.say, self.form, self.server = say, form, server

    def leaderless(self) -> list[Leaderless]:
        said = self.tool("kafka-topics", "--describe", "--unavailable-partitions")
        found = re.findall(r"Topic: (\S+)\s+Partition: (\d+)\s.*\tReplicas: ([\d,]+)", said)
        return [Leaderless(topic, int(part), [int(one) for one in ids.split(",")]) for topic, part, ids in found]

    def prefer(self, empty: int, found: list[Leaderless], best: Callable[[Leaderless], int]) -> list[dict]:
        """Has the best broker of each partition elected; returns what was moved for it, the empty one last again."""
        if not found:
            raise Failure("the empty broker does not start, and all partitions have a leader")
        first = []
        for one in found:
            alive = [number for number in one.replicas if number != empty]
            leads = best(one)
            # The first replica that is there is elected.
            if alive[0] != leads:
                first.append(one.moved([leads, *(number for number in alive if number != leads)]))
        self.reassign(first)
        self.elect()
        return [moved | {"replicas": [*moved["replicas"], empty]} for moved in first]

    def elect(self) -> None:
        """Has leaders elected where there is none, among those who are there."""
        self.tool("kafka-leader-election", "--election-type", "unclean", "--all-topic-partitions")

    def reassign(self, partitions: list[dict]) -> None:
        if not partitions:
            return
        text = json.dumps({"version": 1, "partitions": partitions})
        words = f"--bootstrap-server {self.server} --reassignment-json-file /dev/stdin --execute"
        program = f"{' '.join(TOOL)} {self.form.format('kafka-reassign-partitions')}"
        self.say("/usr/bin/bash", "-c", f"echo '{text}' | {program} {words}", timeout=120)

    def tool(self, name: str, *words: str) -> str:
        server = ("--bootstrap-server", self.server)
        return self.say(*TOOL, self.form.format(name), *server, *words, timeout=120)


def end(say: Callable[..., str], form: str, log: str) -> tuple[int, int]:
    """Returns epoch and offset of the last batch of a log on a node; before all others where it has none."""
    program = f"{' '.join(TOOL)} {form.format('kafka-dump-log')}"
    newest = f'"$(ls /var/lib/kafka/data/{log}/*.log | tail -n 1)"'
    said = say("/usr/bin/bash", "-c", f"{program} --files {newest} | tail -n 1")
    found = re.search(r"lastOffset: (\d+).*partitionLeaderEpoch: (\d+)", said)
    return (int(found[2]), int(found[1])) if found else (-1, -1)
