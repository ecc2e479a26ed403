"""The second boot: everything is as it was, nothing is provisioned or formatted again, nothing complains."""

import re

from .ensemble import Ensemble
from .host import Host
from .shell import LIMIT, Failure, until
from .stage import Stage, expect

# What the profile implies of a start: each unit after those behind it.
ORDER = [
    ("docker.service", "etcd.service"),
    ("docker.service", "zookeeper.service"),
    ("zookeeper.service", "kafka.service"),
    ("kafka.service", "kafka-topics.service"),
    ("kafka.service", "kafka-caught-up.service"),
    ("kafka-caught-up.service", "locksmithd.service"),
]
# Units that cfgbuild generates; errors of others are not ours.
OURS = re.compile(r"^(cfgbuild-.*|etcd|zookeeper|kafka.*|node-exporter)\.service$|\.mount$")


def run(stage: Stage, ensemble: Ensemble) -> None:
    hosts = list(stage.lab.hosts.values())
    report = stage.report
    before = {host.name: fingerprint(host) for host in hosts}
    with report.step("stop the brokers, then shut all hosts down at once") as step:
        # A broker whose ensemble is gone cannot take its leave and waits until its stop times out.
        for host in ensemble.brokers:
            host.run("systemctl", "stop", "--no-block", "kafka.service")
        killed = [host.name for host in ensemble.brokers if broker_ended(host) == "failed"]
        # The last controller of a cluster without ZooKeeper has no quorum to take its leave of (`docs/operations.md`).
        expect(len(killed) <= (0 if ensemble.zookeeper else 1), f"did not end by themselves: {killed}")
        step.detail = ", ".join(f"{name} waited for a quorum until its stop timed out" for name in killed)
        for host in hosts:
            host.run("systemctl", "poweroff", "--no-block")
        for host in hosts:
            host.wait_until_off(LIMIT)
    with report.step("boot them again"):
        for host in hosts:
            host.boot()
    with report.step("the cluster is whole again"):
        ensemble.until_whole()
    stage.settled(hosts)
    with report.step("Ignition did not run again, mounts and disks are as they were"):
        for host in hosts:
            after = fingerprint(host)
            expect(after == before[host.name], f"{host.name}: {before[host.name]} became {after}")
    with report.step("no unit failed, no line of ours in the journal is an error"):
        for host in hosts:
            expect(not host.failed(), f"{host.name}: {host.failed()}")
            expect(not (said := errors(host)), f"{host.name}: {said[:5]}")
    with report.step("services came up in the order that the profile implies") as step:
        step.detail = "; ".join(f"{host.name}: {ordered(host)} orders" for host in hosts)
    ensemble.count(report, "every record is still there")


def broker_ended(host: Host) -> str:
    """Waits until the broker of a host has ended and returns what systemd makes of that: "inactive" or "failed"."""

    def ended() -> str | bool:
        state = host.show("kafka.service", "ActiveState")
        return state in ("inactive", "failed") and state

    return until(f"the broker on {host.name} has ended", ended, LIMIT)


def fingerprint(host: Host) -> dict:
    """Returns what must not change from boot to boot: file systems with their identity, and who the host is."""
    return {
        "Ignition ran": host.provisioned,
        "mounts": host.volumes(),
        "machine": host.say("cat", "/etc/machine-id"),
        "hostname": host.say("cat", "/etc/hostname"),
        "disks": sorted(disk.mount for disk in host.disks),
    }


def errors(host: Host) -> list[str]:
    """Returns what units of ours said with the priority of an error since this boot."""
    found = []
    for entry in host.journal("--boot", "--priority=err"):
        unit = entry.get("UNIT") or entry.get("_SYSTEMD_UNIT") or ""
        if OURS.search(unit):
            found.append(f"{unit}: {entry.get('MESSAGE')}")
    return found


def ordered(host: Host) -> int:
    """Checks that units became active in their order and returns how many pairs there were."""
    seen = 0
    for first, then in ORDER:
        if host.show(then, "LoadState") != "loaded" or host.show(first, "LoadState") != "loaded":
            continue
        one, two = (int(host.show(unit, "ActiveEnterTimestampMonotonic") or 0) for unit in (first, then))
        started = int(host.show(then, "InactiveExitTimestampMonotonic") or 0)
        if not one or not two:
            raise Failure(f"{host.name}: {first} or {then} is not active")
        expect(one <= started, f"{host.name}: {then} was started before {first} was active")
        seen += 1
    return seen
