"""Every fault that operators meet, one after another, while records are written; no acknowledged one may be lost.

The cluster that is broken is the one of the scenario `kafka`, proof and second boot included: one boot serves both.
"""

from ..faults import Faults
from ..stage import Stage
from . import kafka

ABOUT = "the seed's cluster with its proof and second boot, then under faults, with a producer that never stops"
UNITS = ("etcd", "zookeeper", "kafka", "node-exporter")


def run(stage: Stage) -> None:
    ensemble = kafka.run(stage)
    one, two, three = ensemble.brokers
    with Faults(stage, ensemble) as faults:
        for unit, host in zip(UNITS, (one, faults.leader(), two, three), strict=True):
            faults.kill(host, unit)
        for unit, host in zip((*UNITS, "docker"), (two, three, one, two, three), strict=True):
            faults.restart(host, f"{unit}.service")
        faults.lose_power(faults.leader())
        faults.replace(two)
        faults.boot_without(three, "registry", stage.lab.registry)
        faults.boot_without(one, "discovery service", stage.lab.discovery)
        faults.replace(three, registry_down=True)
        faults.rolling_reboot()
        faults.cut_off(three)
        faults.fill(two)
        faults.lose_the_disk_of_one_that_knew(one, two, three)
    ensemble.count(stage.report, "every acknowledged record is there after all of it", kafka.RECORDS)
    stage.settled(ensemble.brokers)
