"""Proves that this suite can fail: profiles with a deliberate mistake, its check switched off, must not pass.

Each mistake compiles, each is one that a check refuses or that only running shows; the proof of the scenario `kafka` is
asked to accept the cluster, and has to refuse it in a step that names the consequence.
"""

import shutil
from pathlib import Path

from ..places import RUN
from ..report import Report
from ..shell import Failure
from ..stage import Stage
from ..view import View
from . import kafka

ABOUT = "deliberate mistakes, each of which the proof must refuse"
# The right cluster needs a third of it on a machine with nothing else to do.
LIMIT = 150

MISTAKES = {
    "a port clash": (
        "Kafka",
        """\
extends: kafka
allow: { port-clash: the suite must see what the check would have }
containers:
  node-exporter: { ports: { metrics: 9092 }, args: [--path.rootfs=/host, "--web.listen-address=:9092"] }
""",
    ),
    "a bind of what is not mounted": (
        "Kafka",
        """\
extends: kafka
allow: { volume-not-mounted: the suite must see what the check would have }
units: { var-lib-kafka.mount: null }
""",
    ),
    "data on the root disk": (
        "the data lies on the volumes",
        """\
extends: kafka
allow: { data-on-root-disk: the suite must see what the check would have }
kafka: { volume: null }
volumes: { kafka: null }
""",
    ),
    # Kafka refuses the second broker of one endpoint.
    "an advertised address that is every broker's": (
        "Kafka",
        """\
extends: kafka
files: { /etc/cfgbuild/wrong.env: { inline: "KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://localhost:9092\\n" } }
units: { kafka.service: { dropins: { 90-wrong.conf: "[Service]\\nEnvironmentFile=/etc/cfgbuild/wrong.env\\n" } } }
""",
    ),
    "an advertised address that nobody finds": (
        "the declared topic",
        """\
extends: kafka
kafka: { config: { advertised.listeners: "PLAINTEXT://{{node.name}}.elsewhere.internal:9092" } }
""",
    ),
}


class Silent(View):
    """Shows nothing: these failures are what is wanted."""

    def __init__(self) -> None:
        super().__init__()
        self.ended.set()

    def say(self, line: str) -> None:
        pass


def run(stage: Stage) -> None:
    for title, (where, profile) in MISTAKES.items():
        with stage.report.step(f"{title} is refused") as step:
            step.detail = refused(stage, where, profile)
        stage.lab.forget()
        stage.lab.discovery.forget()


def refused(stage: Stage, where: str, profile: str) -> str:
    """Runs the proof on a profile and returns how it failed; raises if it passed, or failed for another reason."""
    workspace = RUN / "mistaken"
    shutil.rmtree(workspace, ignore_errors=True)
    shutil.copytree(stage.workspace / "profiles", workspace / "profiles")
    folder = workspace / "profiles" / "mistaken"
    folder.mkdir()
    (folder / "profile.yaml").write_text(profile)
    report = Report(Silent())
    inner = Stage(stage.lab, report, stage.cfgbuild, Path(workspace), LIMIT)
    try:
        ensemble = kafka.boot(inner, role="mistaken")
        kafka.prove(inner, ensemble, 1_000)
    except Failure:
        last = report.steps[-1]
        if not last.title.startswith(where):
            raise Failure(f"it failed in another step than `{where}`: {last.title}: {last.detail}") from None
        return f"{last.title}: {last.detail[:160]}"
    raise Failure("the suite accepted it")
