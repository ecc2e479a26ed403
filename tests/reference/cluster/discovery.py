"""The discovery service: a private etcd that is old enough to serve v2 tokens (3.4)."""

import shutil
import subprocess
import urllib.request

from .places import GATEWAY, RUN, WORK
from .shell import start, until


class Discovery:
    def __init__(self, address: str = GATEWAY) -> None:
        self.address, self.url = address, f"http://{address}:2379"
        self.server: subprocess.Popen | None = None
        self.up()

    def up(self) -> None:
        """Starts it on the data it had before."""
        self.server = start(
            WORK / "debian/usr/bin/etcd",
            "--name=discovery",
            f"--data-dir={RUN / 'discovery'}",
            "--enable-v2=true",
            f"--listen-client-urls={self.url}",
            f"--advertise-client-urls={self.url}",
            f"--listen-peer-urls=http://{self.address}:2380",
            "--logger=zap",
            "--log-level=error",
            log=RUN / "logs" / "discovery.log",
        )
        until("the discovery service answers", self.answers, 60, 0.1)

    def answers(self) -> bool:
        with urllib.request.urlopen(f"{self.url}/health", timeout=2) as answer:
            return b'"true"' in answer.read()

    def down(self) -> None:
        if self.server:
            self.server.kill()
            self.server.wait()

    def forget(self) -> None:
        """Starts anew without any token."""
        self.down()
        shutil.rmtree(RUN / "discovery")
        self.up()
