"""Kafka 4 without ZooKeeper: the same proof for the role `kafka-kraft`, and the faults that differ there."""

from .. import newcomer, second_boot
from ..ensemble import Ensemble, uniform_topic
from ..faults import Faults
from ..shell import until
from ..stage import Stage
from . import kafka

ABOUT = "three brokers that are their own controllers, from blank disks to a second boot"


def boot(stage: Stage) -> Ensemble:
    role = stage.compile("kafka-kraft", kafka.VALUES)
    hosts = stage.lab.add(role, "kraft.internal")
    stage.first_boot(hosts)
    ensemble = Ensemble(stage.lab, hosts)
    with stage.report.step("the three nodes are one cluster") as step:
        until("three brokers know each other", lambda: len(ensemble.client.nodes()) == 3, stage.limit)
        step.detail = ", ".join(f"{node['id']} at {node['host']}:{node['port']}" for node in ensemble.client.nodes())
    with stage.report.step("the declared topic") as step:
        step.detail = until("the topic is there", lambda: uniform_topic(ensemble, 12), stage.limit)
    return ensemble


def run(stage: Stage) -> None:
    ensemble = boot(stage)
    kafka.prove(stage, ensemble)
    stage.settled(ensemble.brokers)
    with stage.report.step("docs/tutorial.md, as it stands: a record written at one broker, read at another") as step:
        step.detail = newcomer.write_and_read(stage.lab.network, ensemble.brokers)
    second_boot.run(stage, ensemble)
    one, two, three = ensemble.brokers
    with Faults(stage, ensemble) as faults:
        faults.kill(one, "kafka")
        faults.lose_power(faults.leader())
        faults.replace(three)
        faults.cut_off(two)
        faults.lose_the_disk_of_one_that_knew(one, two, three)
    ensemble.count(stage.report, "every acknowledged record is there after all of it")
