"""One node's output folder and the model that the compiler claims for it.

Reads `machine.json` and names the artefacts beside it. It does not interpret any artefact: that is
each judge's own work, so that a misreading in one place cannot hide a fault in another.
"""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

UNIT_DIR = "/etc/systemd/system"


@dataclass(frozen=True)
class Unit:
    """A unit of the model. `sha256` is None where the unit's text is the operating system's."""

    name: str
    enabled: bool | None
    mask: bool
    sha256: str | None
    dropins: dict[str, str]


@dataclass(frozen=True)
class Node:
    """A node's folder, for which operating system it was built, and scratch space for judges."""

    folder: Path
    os: str
    scratch: Path
    spec: str | None = None
    model: dict = field(init=False)

    def __post_init__(self) -> None:
        text = (self.folder / "machine.json").read_text()
        object.__setattr__(self, "model", json.loads(text))

    @property
    def ignition(self) -> Path:
        return self.folder / "ignition.json"

    @property
    def inner_ignition(self) -> Path:
        return self.folder / "ignition.inner.json"

    @property
    def cloud_config(self) -> Path:
        return self.folder / "cloud-config.yaml"

    @property
    def cloud_config_gz(self) -> Path:
        return self.folder / "cloud-config.yaml.gz"

    @property
    def loose_units(self) -> Path:
        return self.folder / "units"

    def entries(self, kind: str) -> list[dict]:
        """Returns the model's `files`, `directories` or `links`."""
        return self.model.get(kind) or []

    def units(self) -> list[Unit]:
        return [
            Unit(
                name=unit["name"],
                enabled=unit.get("enabled"),
                mask=bool(unit.get("mask")),
                sha256=unit.get("sha256"),
                dropins={d["name"]: d["sha256"] for d in unit.get("dropins") or []},
            )
            for unit in self.model.get("units") or []
        ]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def octal(mode: str | None, default: int) -> int:
    """Reads a mode of the model; unspecified means what Ignition documents as its default."""
    return default if mode is None else int(mode, 8)
