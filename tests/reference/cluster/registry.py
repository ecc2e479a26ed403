"""The private registry: Debian's docker-registry, filled with the images that the profiles name."""

import subprocess
import urllib.request

from . import images
from .places import REGISTRY, RUN, WORK
from .shell import start, until

CONFIG = """\
version: 0.1
log: {{ level: error, accesslog: {{ disabled: true }} }}
storage: {{ filesystem: {{ rootdirectory: {data} }} }}
http: {{ addr: "{address}" }}
"""


class Registry:
    def __init__(self):
        self.server: subprocess.Popen | None = None
        self.up()
        self.digests = {image.repository: images.push(f"http://{REGISTRY}", image) for image in images.all_images()}

    def up(self) -> None:
        """Starts to serve what it holds."""
        config = RUN / "registry.yml"
        config.write_text(CONFIG.format(data=RUN / "registry", address=REGISTRY))
        program = WORK / "debian/usr/bin/docker-registry"
        self.server = start(program, "serve", config, log=RUN / "logs" / "registry.log")
        until("the registry answers", self.answers, 60, 0.1)

    def answers(self) -> bool:
        with urllib.request.urlopen(f"http://{REGISTRY}/v2/", timeout=2) as answer:
            return answer.status == 200

    def down(self) -> None:
        self.server.kill()
        self.server.wait()
