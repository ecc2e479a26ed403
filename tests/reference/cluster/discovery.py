"""The discovery service: a private etcd that is old enough to serve v2 tokens (3.4), and the tokens themselves."""

import shutil
import subprocess
import urllib.parse
import urllib.request
import uuid

from .places import DISCOVERY, GATEWAY, RUN, WORK
from .shell import start, until


class Discovery:
    def __init__(self):
        self.server: subprocess.Popen | None = None
        self.up()

    def up(self) -> None:
        """Starts it on the data it had before."""
        self.server = start(
            WORK / "debian/usr/bin/etcd",
            "--name=discovery",
            f"--data-dir={RUN / 'discovery'}",
            "--enable-v2=true",
            f"--listen-client-urls={DISCOVERY}",
            f"--advertise-client-urls={DISCOVERY}",
            f"--listen-peer-urls=http://{GATEWAY}:2380",
            "--logger=zap",
            "--log-level=error",
            log=RUN / "logs" / "discovery.log",
        )
        until("the discovery service answers", self.answers, 60, 0.1)

    def answers(self) -> bool:
        with urllib.request.urlopen(f"{DISCOVERY}/health", timeout=2) as answer:
            return b'"true"' in answer.read()

    def down(self) -> None:
        self.server.kill()
        self.server.wait()

    def forget(self) -> None:
        """Starts anew without any token."""
        self.down()
        shutil.rmtree(RUN / "discovery")
        self.up()


def new_token(size: int) -> str:
    """Makes a token for `size` members and returns its URL."""
    url = f"{DISCOVERY}/v2/keys/_etcd/registry/{uuid.uuid4().hex}"
    body = urllib.parse.urlencode({"value": size}).encode()
    request = urllib.request.Request(f"{url}/_config/size", data=body, method="PUT")
    with urllib.request.urlopen(request, timeout=10):
        return url
