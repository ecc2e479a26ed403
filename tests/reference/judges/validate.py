"""Judges Ignition configs with upstream's own `ignition-validate`.

Any word of the validator is a complaint, warnings too. Also checks what the wrapping promises: the
wrapped config is the file beside it. Does not look at what the config would do to a machine.
"""

import base64
import gzip
import json
import subprocess
from pathlib import Path
from urllib.parse import unquote_to_bytes

from .node import Node
from .tools import BIN


def judge(node: Node) -> list[str]:
    complaints = said_by_validator(node.ignition)
    outer = json.loads(node.ignition.read_text())
    version = outer["ignition"]["version"]
    if node.spec and version != node.spec:
        complaints.append(f"asked for spec {node.spec}, got {version}")
    # Replaced by the inner config, or laid over it where a stack must put its values into the outer one.
    around = outer["ignition"].get("config", {})
    inner = around.get("replace") or next(iter(around.get("merge", [])), None)
    if node.inner_ignition.exists():
        complaints += said_by_validator(node.inner_ignition)
        if not inner:
            complaints.append("ignition.inner.json stands beside a config that is not wrapped")
        elif unwrapped(inner) != node.inner_ignition.read_bytes():
            complaints.append("the wrapped config is not the one in ignition.inner.json")
    elif inner and inner["source"].startswith("data:"):
        complaints.append("a wrapped config has no ignition.inner.json beside it")
    return complaints


def said_by_validator(config: Path) -> list[str]:
    run = subprocess.run([BIN / "ignition-validate", config], check=False, capture_output=True, text=True, timeout=60)
    lines = [line for line in (run.stdout + run.stderr).splitlines() if line.strip()]
    if run.returncode and not lines:
        lines = [f"exit code {run.returncode}"]
    return [f"ignition-validate {config.name}: {line}" for line in lines]


def unwrapped(resource: dict) -> bytes:
    """Returns the bytes behind a data URL, inflated where the resource says so."""
    head, _, body = resource["source"].partition(",")
    content = unquote_to_bytes(body)
    if head.endswith(";base64"):
        content = base64.b64decode(content)
    return gzip.decompress(content) if resource.get("compression") == "gzip" else content
