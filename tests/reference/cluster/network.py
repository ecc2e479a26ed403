"""The private network: a bridge in this process's own network namespace, and a DNS server for the hosts' names.

The namespace is private, so nothing of it can meet anything else on this machine, and it ends with the process.
"""

import subprocess
from pathlib import Path

from .places import BRIDGE, GATEWAY, NETWORK, RUN
from .shell import run, start


class Network:
    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.dns: subprocess.Popen | None = None
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", BRIDGE, "type", "bridge", "forward_delay", "0")
        run("ip", "address", "add", f"{GATEWAY}/24", "dev", BRIDGE)
        run("ip", "link", "set", BRIDGE, "up")
        resolv = RUN / "resolv.conf"
        resolv.write_text(f"nameserver {GATEWAY}\n")
        # The mount namespace is our own as well.
        run("mount", "--bind", resolv, Path("/etc/resolv.conf").resolve())

    def give(self, name: str, domain: str) -> str:
        """Gives a host an address, and its name to it in the private zone."""
        address = f"{NETWORK}.{11 + len(self.names)}"
        self.names[f"{name}.{domain}"] = address
        self.serve()
        return address

    def forget(self) -> None:
        """Forgets all hosts."""
        self.names.clear()
        self.serve()

    def serve(self) -> None:
        hosts = RUN / "zone"
        hosts.write_text("".join(f"{address} {name}\n" for name, address in self.names.items()))
        if self.dns:
            self.dns.kill()
            self.dns.wait()
        self.dns = start(
            "dnsmasq",
            "--keep-in-foreground",
            "--no-resolv",
            "--no-hosts",
            "--addn-hosts",
            hosts,
            "--conf-file=/dev/null",
            "--listen-address",
            GATEWAY,
            "--bind-interfaces",
            "--user=root",
            "--local-ttl=5",
            "--pid-file=",
            log=RUN / "logs" / "dns.log",
        )
