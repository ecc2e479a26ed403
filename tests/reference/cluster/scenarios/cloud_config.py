"""The seed's cluster again, from the cloud-config that is compiled beside the Ignition config."""

from functools import partial

from .. import second_boot
from ..host import Host
from ..shell import until
from ..stage import Stage
from . import kafka

ABOUT = "the role kafka from its cloud-configs, applied as coreos-cloudinit does"


def run(stage: Stage) -> None:
    ensemble = kafka.boot(stage, kind="cloud-config.yaml")
    kafka.prove(stage, ensemble)
    stage.settled(ensemble.brokers)
    with stage.report.step("journald has read what was written after it started") as step:
        for host in ensemble.brokers:
            step.detail = until(f"the journal of {host.name} ends at 2 GiB", partial(capped, host), 60)
    second_boot.run(stage, ensemble)


def capped(host: Host) -> str:
    """Returns what journald says last of the size it keeps to, once that is the profile's."""
    said = [str(entry.get("MESSAGE", "")) for entry in host.journal("--unit=systemd-journald.service")]
    last = next((line for line in reversed(said) if line.startswith("System Journal")), "")
    return last if " max 2.0G" in last else ""
