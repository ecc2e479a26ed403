"""The private registry: Debian's docker-registry, filled with the images that the profiles name."""

import socket
import subprocess
from pathlib import Path

from . import images
from .places import GATEWAY, REGISTRY_PORT, RUN, WORK
from .shell import start, until

CONFIG = """\
version: 0.1
log: {{ level: error, accesslog: {{ disabled: true }} }}
storage: {{ filesystem: {{ rootdirectory: {data} }} }}
http:
  addr: "{address}"
"""
TLS = "  tls: {{ certificate: {0}, key: {1} }}\n"
USERS = "auth: {{ htpasswd: {{ realm: lab, path: {0} }} }}\n"


class Server:
    """A server of all images there are; plain and open unless told otherwise."""

    def __init__(self, port: int, tls: tuple[Path, Path] | None = None, users: Path | None = None) -> None:
        self.address = (GATEWAY, port)
        self.config = RUN / f"registry-{port}.yml"
        text = CONFIG.format(data=RUN / "registry", address=f"{GATEWAY}:{port}")
        self.config.write_text(text + (TLS.format(*tls) if tls else "") + (USERS.format(users) if users else ""))
        self.process: subprocess.Popen | None = None
        self.up()

    def up(self) -> None:
        """Starts to serve."""
        self.process = start(
            WORK / "debian/usr/bin/docker-registry", "serve", self.config, log=RUN / "logs" / "registry.log"
        )
        until("the registry answers", self.answers, 60, 0.1)

    def answers(self) -> bool:
        with socket.create_connection(self.address, 2):
            return True

    def down(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


class Registry(Server):
    """The registry of the usual scenarios, filled."""

    def __init__(self) -> None:
        super().__init__(REGISTRY_PORT)
        self.digests = {
            image.repository: images.push(f"http://{GATEWAY}:{REGISTRY_PORT}", image) for image in images.all_images()
        }
