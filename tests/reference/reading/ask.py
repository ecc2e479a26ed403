"""Asks both programs of a config: `ignition-validate`, which is the truth, and `cfgbuild inspect`."""

import json
import os
import re
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from judges.tools import BIN

# As quick as it can start: it lives for a hundredth of a second.
GO = os.environ | {"GOMAXPROCS": "1", "GOGC": "off"}
UNUSED = re.compile(r"unused key (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Truth:
    """What Ignition says of a config."""

    accepts: bool
    said: str

    @property
    def unused(self) -> list[str]:
        return UNUSED.findall(self.said)

    @property
    def warnings(self) -> list[str]:
        """What else it warns of; that `null` stands for a map is a matter of its own report, not of the config."""
        lines = [line for line in self.said.splitlines() if line.startswith("warning at ")]
        return [line for line in lines if "unused key" not in line and "context tree does not match" not in line]

    @property
    def reason(self) -> str:
        return "; ".join(line.removeprefix("error at ") for line in self.said.splitlines() if line.strip())


@dataclass(frozen=True)
class Ours:
    """What `inspect` says: its exit code, and its findings as they are in its JSON."""

    code: int
    findings: list[dict]
    said: str

    @property
    def accepts(self) -> bool:
        return self.code == 0

    @property
    def broken(self) -> str | None:
        """Returns what is wrong with the answer itself, if anything is."""
        if self.code not in (0, 1, 2):
            return f"exit code {self.code}: {self.said[-200:]}"
        if self.code == 1 and not self.errors:
            return "exit code 1 and no error among the findings"
        if self.code == 0 and self.errors:
            return "exit code 0 and an error among the findings"
        if self.code == 2 and not self.said.strip():
            return "exit code 2 and not a word"
        return None

    @property
    def errors(self) -> set[str]:
        return {finding["code"] for finding in self.findings if finding["severity"] == "error"}

    @property
    def codes(self) -> set[str]:
        return {finding["code"] for finding in self.findings}


def ignition(config: Path) -> Truth:
    command = [BIN / "ignition-validate", config]
    run = subprocess.run(command, check=False, capture_output=True, timeout=60, close_fds=False, env=GO)
    return Truth(run.returncode == 0, (run.stdout + run.stderr).decode(errors="replace"))


def inspect(cfgbuild: Path, config: Path) -> Ours:
    command: list[str | Path] = [cfgbuild, "inspect", "--format", "json", config]
    run = subprocess.run(command, check=False, capture_output=True, timeout=60, close_fds=False)
    try:
        findings = json.loads(run.stdout)["findings"] if run.stdout.strip() else []
    except (ValueError, KeyError) as error:
        return Ours(run.returncode or 99, [], f"no findings in its answer: {error}")
    return Ours(run.returncode, findings, run.stderr.decode(errors="replace"))


def both(cfgbuild: Path, texts: Iterable[bytes]) -> dict[bytes, tuple[Truth, Ours]]:
    """Asks of each text once, as many at a time as there are processors."""
    with TemporaryDirectory() as folder:

        def one(numbered: tuple[int, bytes]) -> tuple[bytes, tuple[Truth, Ours]]:
            number, text = numbered
            config = Path(folder, f"{number}.json")
            config.write_bytes(text)
            try:
                return text, (ignition(config), inspect(cfgbuild, config))
            finally:
                config.unlink()

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return dict(pool.map(one, enumerate(dict.fromkeys(texts))))
