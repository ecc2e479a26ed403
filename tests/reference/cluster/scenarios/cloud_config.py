"""The seed's cluster again, from the cloud-config that is compiled beside the Ignition config."""

from .. import second_boot
from ..stage import Stage
from . import kafka

ABOUT = "the role kafka from its cloud-configs, applied as coreos-cloudinit does"


def run(stage: Stage) -> None:
    ensemble = kafka.boot(stage, kind="cloud-config.yaml")
    kafka.prove(stage, ensemble)
    stage.settled(ensemble.brokers)
    second_boot.run(stage, ensemble)
