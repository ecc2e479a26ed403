"""The place where hosts run: network, registry, discovery, and the hosts of the scenario that is on.

Everything lives in namespaces and devices of this process and ends with it; `forget` empties the place for the next
scenario.
"""

import shutil
from pathlib import Path

from . import cgroups, disks
from .client import Client
from .compiled import Role
from .discovery import Discovery
from .host import PREFIX, Host
from .network import Network
from .places import RESULTS, RUN
from .registry import Registry


class Lab:
    def __init__(self) -> None:
        cgroups.remove_all(PREFIX)
        shutil.rmtree(RUN, ignore_errors=True)
        RUN.mkdir(parents=True)
        RESULTS.mkdir(exist_ok=True)
        self.hosts: dict[str, Host] = {}
        self.clients: list[Client] = []
        self.network = Network()
        self.registry = Registry()
        self.discovery = Discovery()

    def add(self, role: Role, domain: str, kind: str = "ignition.json", mebibytes: int = 1024) -> list[Host]:
        """Makes the hosts of a role, off and blank."""
        made = []
        for node in role.nodes():
            attached = [
                disks.make(name, RUN / "disks" / node / name, mount, mebibytes)
                for name, mount in role.volumes(node).items()
            ]
            host = Host(node, self.network.give(node, domain), role.config(node, kind), attached)
            host.create()
            self.hosts[node] = host
            made.append(host)
        return made

    def forget(self) -> None:
        """Ends all hosts and forgets their disks."""
        for client in self.clients:
            client.close()
        self.clients.clear()
        for host in self.hosts.values():
            host.destroy()
        self.hosts.clear()
        self.network.forget()
        shutil.rmtree(RUN / "disks", ignore_errors=True)

    def keep_evidence(self, name: str) -> Path:
        """Copies what explains a failure to where the run leaves its results."""
        folder = RESULTS / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for log in (RUN / "logs").glob("*.log"):
            shutil.copy(log, folder)
        for host in self.hosts.values():
            for log in host.folder.glob("*.log"):
                shutil.copy(log, folder / f"{host.name}-{log.name}")
            if host.running():
                try:
                    text = host.say("journalctl", "--no-pager", "--output=short-precise", check=False, timeout=60)
                    (folder / f"{host.name}-journal.txt").write_text(text)
                    units = host.say("systemctl", "list-units", "--all", "--no-pager", check=False)
                    (folder / f"{host.name}-units.txt").write_text(units)
                except Exception as error:  # noqa: BLE001 - evidence is best effort, the failure itself is told
                    (folder / f"{host.name}-journal.txt").write_text(f"not to be had: {error}\n")
        return folder

    def close(self) -> None:
        self.forget()
        self.registry.down()
        self.discovery.down()
        shutil.rmtree(RUN, ignore_errors=True)
