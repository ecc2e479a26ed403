"""The clients of docker and podman, as `install` has put them below `.work/command-lines`."""

import os
import subprocess
from functools import cache
from pathlib import Path
from typing import NamedTuple

WORK = Path(__file__).resolve().parent.parent / ".work" / "command-lines"
DEBIAN = WORK / "debian"

# What podman asks of the machine before it looks at values: its monitor, its runtime, a policy, a list of registries.
SETTINGS = f"""\
[engine]
conmon_path = ["{DEBIAN}/usr/bin/conmon"]
runtime = "crun"
helper_binaries_dir = ["{WORK}/helpers"]
[engine.runtimes]
crun = ["{DEBIAN}/usr/bin/crun"]
"""


class Client(NamedTuple):
    """One client at one version."""

    name: str
    version: int
    program: Path

    def ask(self, *words: str) -> tuple[int, str]:
        """Runs it where no daemon answers, and returns its status and all that it says."""
        home = _home()
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C"}
        command = [str(self.program), *words]
        if self.name == "docker":
            environment |= {"DOCKER_HOST": "unix:///nobody-listens-here", "DOCKER_CONFIG": str(home)}
        else:
            environment |= {
                "CONTAINERS_CONF": str(home / "containers.conf"),
                "LD_LIBRARY_PATH": f"{DEBIAN}/usr/lib/x86_64-linux-gnu:{DEBIAN}/lib/x86_64-linux-gnu",
            }
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


@cache
def _home() -> Path:
    """Makes what podman looks for; of its network's helper only that it is there."""
    home = WORK / "home"
    (home / ".config" / "containers").mkdir(parents=True, exist_ok=True)
    (home / "containers.conf").write_text(SETTINGS)
    (home / ".config/containers/policy.json").write_text('{"default": [{"type": "reject"}]}\n')
    helper = WORK / "helpers" / "netavark"
    helper.parent.mkdir(exist_ok=True)
    helper.write_text("#!/bin/sh\nexit 1\n")
    helper.chmod(0o755)
    return home


def debian() -> list[Client]:
    """Returns Debian's clients."""
    programs = {name: DEBIAN / "usr" / "bin" / name for name in ("docker", "podman")}
    return [Client(name, _version(name, program), program) for name, program in programs.items()]


def everything() -> list[Client]:
    """Returns every client that is there, the oldest of each first."""
    others = [
        Client(name, int(version), path)
        for path in (WORK / "bin").glob("*-*")
        for name, _, version in [path.name.partition("-")]
    ]
    return sorted([*debian(), *others], key=lambda client: (client.name, client.version))


def _version(name: str, program: Path) -> int:
    _, said = Client(name, 0, program).ask("--version")
    return int(said.split(" version ")[1].split(".")[0])
