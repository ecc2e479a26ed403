"""systemd itself on the machine: what only it does with a unit, as a folder that comes and goes with one."""

import subprocess
import tempfile
from pathlib import Path

from .host import Host, mkdir, run

UNITS = "etc/systemd/system"
SCRIPT = """[Service]
Type=oneshot
ExecStart=/usr/bin/bash -c 'bash /lab/script >/lab/said 2>&1'
ExecStopPost=/usr/bin/systemctl poweroff --force --force
"""


def booted(host: Host, units: list[str], script: str, seconds: int = 180) -> str:
    """Boots the machine with these of its units, none of them started, and returns what a script says on it."""
    host.write("lab/script", script)
    with tempfile.TemporaryDirectory(dir=host.lab) as place:
        # a root of its own over the machine's files: nspawn wants to mount what the kernel has by itself
        root, upper, work = (mkdir(Path(place) / name) for name in ("root", "upper", "work"))
        own = mkdir(upper / UNITS)
        for unit in units:
            (own / unit).write_text(host.units[unit])
        (own / "lab.service").write_text(SCRIPT)
        (own / "lab.target").write_text("[Unit]\nRequires=sysinit.target lab.service\nAfter=sysinit.target\n")
        layers = f"lowerdir={host.lab}/upper:/,upperdir={upper},workdir={work}"
        run("mount", "-t", "overlay", "none", "-o", layers, root)
        words = ["--quiet", "--boot", f"--directory={root}", "--machine=lab", "--register=no", "--keep-unit"]
        words += ["--console=pipe", "--resolv-conf=off", "--timezone=off", "--link-journal=no"]
        words += [f"--bind={host.root}/lab:/lab", f"--bind-ro={host.tools}"]
        try:
            done = subprocess.run(
                ["systemd-nspawn", *words, "systemd.unit=lab.target"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=seconds,
                check=False,
            )
        finally:
            run("umount", root)
    said = host.said("said")
    assert said, f"the machine did not boot: {done.stdout}"
    return said
