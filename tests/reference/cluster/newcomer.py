"""What docs/tutorial.md has a newcomer type once the machines are up, typed as it stands there."""

from collections.abc import Sequence

import tutorial

from .election import TOOL
from .host import Host
from .network import Network
from .places import RUN
from .shell import run
from .stage import expect

DOMAIN = "events.internal"
# The tutorial's profile declares its topic; the role that is up does not, and is left as it was.
TOPICS = (*TOOL, "/opt/kafka/bin/kafka-topics.sh", "--bootstrap-server", "localhost:9092", "--topic", "clicks")
CREATE = (*TOPICS, "--create", "--partitions", "12", "--replication-factor", "3")
DELETE = (*TOPICS, "--delete")
# Takes the place of ssh, and joins its words as ssh does: there is no door into the lab's machines but nsenter.
SSH = """\
#!/bin/sh
[ "$1 $2" = '-F ssh_config' ] || { echo "ssh $*: not what the tutorial says" >&2; exit 1; }
case $3 in
HOSTS
*) echo "ssh: no such host: $3" >&2; exit 1 ;;
esac
shift 3
exec nsenter --target="$init" --all /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root sh -c "$*"
"""


def write_and_read(network: Network, hosts: Sequence[Host]) -> str:
    """Types the tutorial's last commands at hosts that are called as its machines are; returns what was read."""
    folder = RUN / "newcomer"
    folder.mkdir()
    names = {f"events-{number}": host for number, host in enumerate(hosts, 1)}
    network.names.update({f"{name}.{DOMAIN}": host.address for name, host in names.items()})
    network.serve()
    ssh = folder / "ssh"
    ssh.write_text(SSH.replace("HOSTS", "\n".join(f"{name}) init={host.init} ;;" for name, host in names.items())))
    ssh.chmod(0o755)
    (typed,) = tutorial.blocks("Write and read", "sh")
    hosts[0].run(*CREATE)
    path = f"{folder}:/usr/sbin:/usr/bin:/sbin:/bin"
    done = run("sh", "-euc", typed, env={"PATH": path}, cwd=folder, timeout=300)
    said = done.stdout.splitlines()
    expect(said[-1:] == ["hello"], f"not `hello` was read, but: {done.stdout[-600:]}{done.stderr[-600:]}")
    described = [line for line in said if "Topic: clicks" in line and "Leader: " in line]
    expect(len(described) > 0, f"the topic is not described: {done.stdout[-600:]}")
    hosts[0].run(*DELETE)
    return f"`{said[-1]}`, written at events-1 and read at events-2"
