"""The seed's cluster and its proof: etcd by a token, ZooKeeper, Kafka, a topic, 100,000 records; booted twice."""

from .. import second_boot
from ..ensemble import Ensemble, uniform_topic
from ..host import Host
from ..shell import until
from ..stage import Stage, expect

ABOUT = "three hosts from blank disks to 100,000 records, and a second boot"
RECORDS = 100_000
DOMAIN = "kafka.internal"
VALUES = {"heap": "512MiB"}
SERVICES = ("etcd", "zookeeper", "kafka")


def boot(stage: Stage, kind: str = "ignition.json", role: str = "kafka") -> Ensemble:
    """Brings the cluster of the role `kafka` up and proves that it is one."""
    compiled = stage.compile(role, VALUES, stage.token(role))
    hosts = stage.lab.add(compiled, DOMAIN, kind)
    stage.first_boot(hosts, "Ignition" if kind.endswith(".json") else "coreos-cloudinit")
    connect = ",".join(f"{host.address}:2181" for host in hosts)
    ensemble = Ensemble(stage.lab, hosts, etcd=hosts, zookeeper=hosts, connect=connect)
    with stage.report.step("etcd: the three members found each other by the token"):
        until("etcd is one cluster of three", ensemble.etcd_whole, stage.limit)
    with stage.report.step("ZooKeeper: one leader, two followers"):
        until("ZooKeeper is an ensemble", ensemble.zookeeper_whole, stage.limit)
    with stage.report.step("Kafka: /brokers/ids holds all three") as step:
        until("three brokers are registered", lambda: ensemble.client.broker_ids(connect) == [1, 2, 3], stage.limit)
        step.detail = str(ensemble.client.broker_ids(connect))
    with stage.report.step("the declared topic") as step:
        step.detail = until("the topic is there", lambda: uniform_topic(ensemble, 3), stage.limit)
    with stage.report.step("the data lies on the volumes") as step:
        step.detail = ", ".join(sorted({on_a_volume(host, service) for host in hosts for service in SERVICES}))
    return ensemble


def on_a_volume(host: Host, service: str) -> str:
    """Returns where a service's data is mounted; fails where that is not a disk of its own."""
    folder = f"/var/lib/{service}"
    found = host.say("findmnt", "--noheadings", "--output=TARGET,FSTYPE", f"--target={folder}/data").split()
    expect(found == [folder, "xfs"], f"{service}'s data on {host.name} lies on {' '.join(found)}")
    return folder


def prove(stage: Stage, ensemble: Ensemble, records: int = RECORDS) -> None:
    """Writes records with acks=all and reads every one."""
    with stage.report.step(f"write {records:,} numbered records with acks=all") as step:
        wanted = ensemble.client.ask("status")["sent"] + records
        ensemble.client.ask("start", records, 0)
        until("every record is acknowledged", lambda: ensemble.acknowledged(wanted), stage.limit)
        step.numbers = {"acknowledged": ensemble.client.ask("wait")["acknowledged"]}
    ensemble.count(stage.report, "read every record", records)


def run(stage: Stage) -> Ensemble:
    ensemble = boot(stage)
    prove(stage, ensemble)
    stage.settled(ensemble.brokers)
    second_boot.run(stage, ensemble)
    return ensemble
