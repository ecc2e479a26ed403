"""The step before: `packer build` over the folder that cfgbuild wrote bakes an image, and a node boots from it.

The registry is gone by then: what the node starts from is what was baked.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable

from judges.report import Report

from .boots import ALWAYS, CHECK, differences, ran_ignition
from .machine import FLAG, arguments, boot, read
from .workbench import Workbench

# Emulated, on a busy machine: a boot, a pull and a power-off.
PATIENCE = 1500

# Nothing that the machine was while it baked may be on its disk.
GONE = [
    "/etc/machine-id",
    "/etc/ssh/ssh_host_ed25519_key",
    "/etc/docker/daemon.json",
    "/etc/systemd/system/cfgbuild-bake.service",
    "/etc/systemd/system/locksmithd.service",
    "/etc/systemd/system/update-engine.service",
    "/etc/systemd/system-preset/20-ignition.preset",
    "/etc/.ignition-result.json",
    "/home/core/.ssh/authorized_keys",
    "/var/lib/docker/engine-id",
    "/var/lib/systemd/random-seed",
]


class Bake:
    """Asks of the build, of its disk, and of a node that boots from it."""

    def __init__(self, bench: Workbench, note: Callable[[str], None]) -> None:
        self.bench = bench
        self.note = note
        self.artefact = bench.folder / "baked" / "keeper-flatcar"

    def command(self) -> list[str]:
        """Returns `packer build` with everything that a template cannot know."""
        console = self.bench.folder / "bake.console"
        kernel = arguments(self.bench.image, first=True)
        words = [*zip(kernel[::2], kernel[1::2], strict=False), ("-cpu", "Nehalem"), ("-serial", f"file:{console}")]
        variables = {
            "disk_image": str(self.bench.image / "root.img"),
            "disk_format": "raw",
            "output_directory": str(self.artefact.parent),
            "accelerator": "tcg",
            "ssh_private_key_file": str(self.bench.key),
            "ssh_timeout": "20m",
            "qemu_args": json.dumps(words),
        }
        flags = [word for name, value in variables.items() for word in ("-var", f"{name}={value}")]
        return ["packer", "build", "-color=false", *flags, str(self.bench.output / "packer")]

    def build(self) -> list[str]:
        folder = self.bench.folder
        environment = {
            **os.environ,
            "CHECKPOINT_DISABLE": "1",
            "HOME": str(folder),
            "PACKER_CACHE_DIR": str(folder / "packer-cache"),
        }
        began = time.monotonic()
        log = folder / "packer.log"
        with log.open("w") as out:
            # In a session of its own, so that packer, its plugins and QEMU end together.
            packer = subprocess.Popen(
                self.command(), stdout=out, stderr=subprocess.STDOUT, env=environment, start_new_session=True
            )
            try:
                code = packer.wait(PATIENCE)
            except BaseException:
                os.killpg(packer.pid, signal.SIGTERM)
                raise
        self.note(f"packer build: {time.monotonic() - began:.0f} s")
        if code:
            last = " | ".join(log.read_text().splitlines()[-6:])
            return [f"packer build ended with {code}; see {log}: {last}"]
        return [] if self.artefact.exists() else [f"there is no {self.artefact}; see {log}"]

    def disk(self) -> list[str]:
        there = [f"{path} is on the image" for path in GONE if read(self.artefact, path) is not None]
        if read(self.artefact, FLAG) is None:
            there.append(f"{FLAG} is not on the image: Ignition would not run")
        images = read(self.artefact, "/var/lib/docker/image/overlay2/repositories.json") or ""
        if f"{self.bench.registry.address}/keeper:1" not in images:
            there.append(f"the image of the container is not there: {images}")
        return there

    def node(self) -> list[str]:
        pulled = self.bench.registry.pulls
        self.bench.registry.close()
        disks = {"root": self.bench.root_disk(self.artefact), **self.bench.blank_disks()}
        booted = boot(self.bench.image, disks, self.bench.config, CHECK, self.bench.folder / "node")
        self.note(f"node: {booted.seconds:.0f} s, up for {booted.report.get('up')} s at its end")
        expected = {**ALWAYS, "starts": "1", "image": f"{self.bench.registry.address}/keeper:1", "bake": "0"}
        once = [] if pulled == 2 else [f"{pulled} blobs were pulled to bake, not the config and one layer"]
        return differences(booted, expected) + ran_ignition(booted, ran=True) + once


def run(bench: Workbench, report: Report, note: Callable[[str], None]) -> None:
    """Asks all of it."""
    bake = Bake(bench, note)
    for name, question in (
        ("packer build of the emitted folder", bake.build),
        ("what is on the image", bake.disk),
        ("a node from the image, without a registry", bake.node),
    ):
        if report.ask("bake", name, question):
            return
