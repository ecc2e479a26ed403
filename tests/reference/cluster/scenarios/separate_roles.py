"""Two roles on machines of their own: `kafka-brokers` take their servers from `zookeeper` and live below /kafka."""

from .. import second_boot
from ..ensemble import Ensemble, uniform_topic
from ..shell import until
from ..stage import Stage
from . import kafka

ABOUT = "six hosts of two roles: brokers that use the ensemble of another role"
# Six inits and six Dockers on one machine.
VALUES = {"heap": "384MiB"}


def run(stage: Stage) -> None:
    servers = stage.compile("zookeeper", {"heap": "256MiB"})
    brokers = stage.compile("kafka-brokers", VALUES)
    lab = stage.lab
    ensemble_hosts = lab.add(servers, "zookeeper.internal")
    broker_hosts = lab.add(brokers, "brokers.internal")
    stage.report.view.hosts = lab.hosts
    # Brokers first: they must wait for servers that are not there yet, and not give up.
    stage.first_boot(broker_hosts)
    stage.first_boot(ensemble_hosts)
    connect = ",".join(f"{host.address}:2181" for host in ensemble_hosts) + "/kafka"
    ensemble = Ensemble(lab, broker_hosts, zookeeper=ensemble_hosts, connect=connect)
    with stage.report.step("ZooKeeper: one leader, two followers"):
        until("ZooKeeper is an ensemble", ensemble.zookeeper_whole, stage.limit)
    with stage.report.step("Kafka: /kafka/brokers/ids holds all three") as step:
        until("three brokers are registered", lambda: ensemble.client.broker_ids(connect) == [1, 2, 3], stage.limit)
        step.detail = str(ensemble.client.broker_ids(connect))
    with stage.report.step("the declared topic") as step:
        step.detail = until("the topic is there", lambda: uniform_topic(ensemble, 12), stage.limit)
    kafka.prove(stage, ensemble)
    stage.settled(list(lab.hosts.values()))
    second_boot.run(stage, ensemble)
