"""The first boot at its worst: no registry, no facts of the host, and a runtime, a format and a mount that fail once.

One host per runtime and mode of Kafka, so that every service is on docker and on podman. Nobody helps: what failed once
must be tried again by the units themselves.
"""

import shutil
from functools import partial

from .. import compiled, probes
from ..client import Client
from ..host import Host
from ..places import RUN
from ..shell import until
from ..stage import Stage, expect

ABOUT = "every service on docker and on podman, on a first boot where everything fails that can fail once"
DOMAIN = "first.internal"
RUNTIMES = {"docker": "flatcar", "podman": "fedora-coreos"}
VOLUMES = "{{ mount: /var/lib/{0}, filesystem: xfs, device: /dev/disk/by-id/virtio-{0} }}"
PROFILES = {
    # Two listeners in Kafka's own words, the main one bound to the node's address alone.
    "old": """\
etcd: { volume: etcd }
zookeeper: { volume: zookeeper }
kafka:
  mode: zookeeper
  heap: 256MiB
  volume: kafka
  config:
    listeners: "CLIENTS://{{node.address}}:9092,INSIDE://0.0.0.0:9095"
    listener.security.protocol.map: CLIENTS:PLAINTEXT,INSIDE:PLAINTEXT
  topics: { events: { partitions: 1, replication_factor: 1 } }
""",
    # The same in the words of the profile. No topic of more than 10,000 partitions is made at once: one never will be.
    "new": """\
kafka:
  mode: kraft
  heap: 256MiB
  volume: kafka
  listeners:
    CLIENTS: { port: 9092, bind: "{{node.address}}" }
    INSIDE: { port: 9095, audience: [members] }
  topics:
    a-giant: { partitions: 10001, replication_factor: 1 }
    events: { partitions: 1, replication_factor: 1 }
""",
}
# Asks for a fact of the host, as a service does that advertises its address.
ASKER = """\
containers:
  asker:
    image: quay.io/prometheus/node-exporter:v1.9.1
    args: ["--web.listen-address={{host.private_ipv4}}:9101"]
"""
SERVICES = {"old": ("etcd", "zookeeper", "kafka", "asker"), "new": ("kafka", "asker")}
FAILS = "{0} has failed"


def profile(mode: str, system: str) -> str:
    volumes = [name for name in SERVICES[mode] if name != "asker"]
    lines = [f"  {name}: {VOLUMES.format(name)}\n" for name in volumes]
    return (
        f"extends: base\ntarget: {{ os: {system}, platform: custom }}\n"
        f"cluster: {{ nodes: 1, domain: {DOMAIN} }}\n"
        f"{PROFILES[mode]}{ASKER}volumes:\n{''.join(lines)}"
    )


def make(stage: Stage) -> dict[str, list[Host]]:
    """Compiles a role for each runtime and mode, and makes its host."""
    workspace = RUN / "first-boot"
    shutil.copytree(stage.workspace / "profiles", workspace / "profiles")
    hosts = {}
    for runtime, system in RUNTIMES.items():
        for mode in PROFILES:
            name = f"{mode}-{runtime}"
            folder = workspace / "profiles" / name
            folder.mkdir()
            (folder / "profile.yaml").write_text(profile(mode, system))
            out = RUN / "compiled-first-boot"
            role = compiled.compile_role(stage.cfgbuild, workspace, name, out, "custom", {})
            hosts[name] = stage.lab.add(role, DOMAIN, mebibytes=512)
    return hosts


def spoil(host: Host, runtime: str) -> None:
    """Has everything fail once that a service stands on; what fails is not restarted by itself."""
    host.without_facts = True
    once = ["cfgbuild-format-kafka.service"]
    if runtime == "docker":
        once.append("docker.service")
    for unit in once:
        folder = host.root / "etc/systemd/system" / f"{unit}.d"
        folder.mkdir(parents=True, exist_ok=True)
        mark = f"/var/tmp/{unit}.failed"
        script = f"test -e {mark} || {{ touch {mark}; echo {FAILS.format(unit)}; exit 1; }}"
        (folder / "99-once.conf").write_text(f"[Service]\nRestart=no\nExecStartPre=/usr/bin/sh -c '{script}'\n")


def run(stage: Stage) -> None:
    with stage.report.step("compile every service for docker and for podman"):
        made = make(stage)
    with stage.report.step("four blank hosts boot without a registry, facts or, at first, a runtime and a disk"):
        stage.lab.registry.down()
        for name, hosts in made.items():
            for host in hosts:
                spoil(host, name.split("-")[1])
                host.boot()
    with stage.report.step("each service has failed, and tries again") as step:
        for name, hosts in made.items():
            for service in SERVICES[name.split("-")[0]]:
                until(f"{service} of {name} has tried twice", partial(tried, hosts[0], f"{service}.service"), 120)
        step.detail = ", ".join(f"{host.name}: {mishaps(host)}" for hosts in made.values() for host in hosts)
    with stage.report.step("registry and facts come, and every service of every host is up"):
        stage.lab.registry.up()
        for hosts in made.values():
            hosts[0].without_facts = False
            hosts[0].write_facts()
        for name, hosts in made.items():
            units = [f"{service}.service" for service in SERVICES[name.split("-")[0]]]
            for unit in units if name.startswith("new") else [*units, "kafka-topics.service"]:
                until(f"{unit} of {name} is up", partial(active, hosts[0], unit), stage.limit)
    # The others wait for their topic for ever.
    stage.settled([*made["old-docker"], *made["old-podman"]])
    with stage.report.step("every broker listens on its second port, too"):
        for hosts in made.values():
            expect(probes.listens(hosts[0].address, 9095), f"{hosts[0].name} does not listen on 9095")
    with stage.report.step("a topic that cannot be made holds up no other, and is told by name") as step:
        for runtime in RUNTIMES:
            (host,) = made[f"new-{runtime}"]
            said = until(f"{host.name} says which topic is missing", partial(not_made, host), stage.limit)
            expect(said.endswith("not done yet: a-giant"), said)
            client = Client(f"{host.address}:9092", "events")
            stage.lab.clients.append(client)
            until("the other topic is there", client.partitions, 60)
            expect(not host.failed(), f"failed on {host.name}: {host.failed()}")
            step.detail = said
    with stage.report.step("docker and its socket, restarted, stop what stands on them in good order"):
        host = made["new-docker"][0]
        for unit in ("docker.service", "docker.socket"):
            host.run("systemctl", "restart", unit, timeout=240)
            until("kafka is up again", partial(active, host, "kafka.service"), stage.limit)
        said = " ".join(str(entry.get("MESSAGE", "")) for entry in host.journal("--unit=kafka.service"))
        expect("Deactivated successfully" in said, "kafka was not stopped in good order")


def tried(host: Host, unit: str) -> bool:
    """Tells whether a unit has been started anew; one that nobody tries again stays where it is."""
    return int(host.show(unit, "NRestarts") or 0) > 0


def active(host: Host, unit: str) -> str | bool:
    state = host.show(unit, "ActiveState")
    return state == "active" or f"no: {state}, {host.show(unit, 'Result')}"


def not_made(host: Host) -> str:
    """Returns the last line in which the unit of the topics says what it could not make."""
    lines = [str(entry.get("MESSAGE", "")) for entry in host.journal("--unit=kafka-topics.service")]
    return next((line for line in reversed(lines) if line.endswith("not done yet: a-giant")), "")


def mishaps(host: Host) -> int:
    """Counts what was made to fail; nothing that did not is shown as survived."""
    lines = [str(entry.get("MESSAGE", "")) for entry in host.journal()]
    found = sum(" has failed" in line and line.startswith(("docker", "cfgbuild-format")) for line in lines)
    expect(found > 0, f"nothing has failed on {host.name}")
    return found
