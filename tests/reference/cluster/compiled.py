"""What cfgbuild compiles for the test target, and the proof that it is what it compiles for AWS.

The target is the platform `custom`, where facts of the host come from a file. Nothing else may differ.
"""

import base64
import difflib
import gzip
import json
import re
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from .places import DISCOVERY, REGISTRY, RUN
from .shell import Failure, run

# A line that differs must say where facts come from, or how a disk is attached: on EC2 units attach kept volumes, here
# they are attached under the name that the profile gives them.
OF_THE_PLATFORM = re.compile(
    r"EnvironmentFile=|CFGBUILD_|COREOS_EC2_|coreos-metadata\.service"
    r"|^(After|BindsTo)=dev-xvd[a-z]\.device$|^JobRunningTimeoutSec="
    r"|format-volume (/dev/xvd[a-z]|/run/cfgbuild/volumes/\S+) "
)
# The rack of a broker: AWS knows the zone when the machine has booted, and here it is the letter of the profile.
RACK = re.compile(
    r" \\\n +--override \\\n +broker\.rack=\S+|^broker\.rack=.*\n|^( +--env )?KAFKA_BROKER_RACK.*\n", re.MULTILINE
)
AGENT = "coreos-metadata.service"
ONLY_HERE = re.compile(r"^dev-xvd[a-z]\.device\.d/")


@dataclass
class Role:
    """A compiled role: its nodes, and where their artefacts lie."""

    name: str
    folder: Path

    def nodes(self) -> list[str]:
        return sorted((path.name for path in (self.folder / "nodes").iterdir()), key=lambda name: (len(name), name))

    def config(self, node: str, kind: str) -> Path:
        return self.folder / "nodes" / node / kind

    def units(self, node: str) -> dict[str, str]:
        folder = self.folder / "nodes" / node / "units"
        return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}

    def files(self, node: str) -> dict[str, str]:
        inner = self.config(node, "ignition.inner.json")
        config = json.loads((inner if inner.exists() else self.config(node, "ignition.json")).read_text())
        return {file["path"]: decoded(file["contents"]) for file in config.get("storage", {}).get("files", [])}

    def volumes(self, node: str) -> dict[str, str]:
        """Returns the mount point of every attached disk, by the name it is attached under."""
        found = {}
        for text in self.units(node).values():
            if device := re.search(r"^ExecStart=.*/format-volume /dev/(\S+) ", text, re.MULTILINE):
                mount = re.search(r"^Before=(\S+\.mount)", text, re.MULTILINE)
                # A profile may have left the mount unit out: the disk is attached all the same.
                where = re.search(r"^Where=(.*)$", self.units(node).get(mount[1] if mount else "", ""), re.MULTILINE)
                found[device[1]] = where[1] if where else ""
        return found


def decoded(contents: dict) -> str:
    """Returns the text of a data URL of Ignition."""
    head, body = contents.get("source", "data:,").split(",", 1)
    data = base64.b64decode(body) if head.endswith("base64") else urllib.parse.unquote_to_bytes(body)
    return (gzip.decompress(data) if contents.get("compression") == "gzip" else data).decode()


def compile_role(cfgbuild: Path, workspace: Path, role: str, out: Path, platform: str, values: dict) -> Role:
    """Compiles a role for a platform; it pulls from the lab's registry."""
    return run_cfgbuild(
        cfgbuild, workspace, role, out, platform, {"registry": REGISTRY, "registry_insecure": "true"} | values
    )


def run_cfgbuild(
    cfgbuild: Path, workspace: Path, role: str, out: Path, platform: str, values: dict, environment: dict | None = None
) -> Role:
    """Runs `cfgbuild profile` with values and nothing else of the test's own."""
    settings = [word for name, value in values.items() for word in ("--set", f"{name}={value}")]
    run(
        cfgbuild,
        "profile",
        role,
        f"--directory={workspace}",
        f"--out={out}",
        "--target",
        f"platform={platform}",
        *settings,
        env={"PATH": "/usr/bin:/bin"} | (environment or {}),
    )
    return Role(role, out / role)


def new_token(cfgbuild: Path, workspace: Path, role: str) -> str:
    """Makes a discovery token, written where the role's next build finds it, and returns it as it stands there."""
    run(cfgbuild, "token", "new", role, f"--directory={workspace}", "--from", DISCOVERY, "--write")
    written = re.search(rf"{re.escape(DISCOVERY)}\S*/\w+", (workspace / "cfgbuild.yaml").read_text())
    if not written:
        raise Failure("`token new --write` has written no token of the lab's discovery service")
    return written[0]


def for_the_hosts(cfgbuild: Path, workspace: Path, role: str, values: dict, token: str) -> tuple[Role, list[str]]:
    """Compiles for the hosts and for AWS, and returns the first with the lines in which they differ."""
    here = compile_role(cfgbuild, workspace, role, RUN / "compiled", "custom", values)
    there = compile_role(cfgbuild, workspace, role, RUN / "compiled-aws", "aws", values)
    return here, difference(here, there, values | {"discovery_url": token})


def difference(here: Role, there: Role, values: dict) -> list[str]:
    """Returns how the hosts' artefacts differ from those for AWS; raises on a difference that is not the platform's.

    Values that a stack decides on AWS (`${CFGBUILD_DISCOVERY_URL}`) count as what they are here; the agent that finds
    out facts there has nothing beside it here.
    """

    def decided(text: str) -> str:
        for name, value in values.items():
            text = text.replace(f"${{CFGBUILD_{name.upper()}}}", str(value))
        return RACK.sub("", text.replace(f" {AGENT}", ""))

    lines = []
    for node in here.nodes():
        ours = here.units(node) | here.files(node)
        theirs = there.units(node) | there.files(node)
        if strange := sorted(name for name in set(ours) - set(theirs) if not ONLY_HERE.search(name)):
            raise Failure(f"{node} has what AWS has not: {', '.join(strange)}")
        lines += [f"{node}: only on AWS: {name}" for name in sorted(set(theirs) - set(ours))]
        extra = {name for name in theirs if name not in ours}
        lines += [f"{node}: only here: {name}" for name in sorted(set(ours) - set(theirs))]
        for name, text in ours.items():
            if name not in theirs:
                continue
            there_is, here_is = (decided(one).splitlines() for one in (theirs[name], text))
            for line in difflib.unified_diff(there_is, here_is, lineterm="", n=0):
                if line.startswith(("---", "+++", "@@")):
                    continue
                known = OF_THE_PLATFORM.search(line[1:]) or any(Path(unit).name in line for unit in extra)
                if not known:
                    raise Failure(f"{node}: {name} differs from AWS in `{line}`")
                lines.append(f"{node}: {name}: {line}")
    return lines
