"""What happens to a host before its first boot: the real Ignition engine.

The engine runs the stages that an initramfs runs, fetch and files, with the config as it was compiled, byte for byte.
Its disks stage is the virtual machines' matter: here disks are attached blank and the generated units format them.
"""

from pathlib import Path

from .places import IGNITION
from .shell import run

# In the shared root; removed by the host once it has booted, as on Fedora CoreOS.
FLAG = "boot/ignition.firstboot"


def first_boot(root: Path) -> bool:
    """Tells whether the root says that it has never booted."""
    return (root / FLAG).exists()


def ignition(root: Path, config: Path, log: Path) -> None:
    """Applies an Ignition config."""
    state = log.parent / "ignition"
    state.mkdir(parents=True, exist_ok=True)
    command = [IGNITION.with_name("ignition"), "-log-to-stdout", "-platform", "file", "-root", root]
    for flag in ("config-cache", "state-file", "neednet"):
        state.joinpath(flag).unlink(missing_ok=True)
        command += [f"-{flag}", state / flag]
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "IGNITION_CONFIG_FILE": str(config), "container": "test"}
    said = ""
    for stage in ("fetch", "files"):
        said += run(*command, "-stage", stage, env=environment).stdout
    log.write_text(said)
