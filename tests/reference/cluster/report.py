"""Collects what was done, how long it took and what was counted; prints it as it happens and as a table at the end.

A step that fails ends its scenario, for nothing after it would mean anything. Decides nothing else.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .view import View


@dataclass
class Step:
    """One step of a scenario."""

    scenario: str
    title: str
    seconds: float = 0.0
    passed: bool = False
    detail: str = ""
    numbers: dict = field(default_factory=dict)


class Report:
    def __init__(self, view: View) -> None:
        self.view = view
        self.steps: list[Step] = []
        self.scenario = ""
        self.began = time.monotonic()

    def open(self, scenario: str, about: str) -> None:
        self.scenario = scenario
        self.view.say(f"\n== {scenario}: {about}")

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Times a step; whoever runs it may say more in `detail` and `numbers`."""
        step = Step(self.scenario, title)
        began = time.monotonic()
        self.view.doing = f"{self.scenario}: {title}"
        try:
            yield step
            step.passed = True
        except BaseException as error:
            step.detail = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            raise
        finally:
            step.seconds = time.monotonic() - began
            self.steps.append(step)
            word = "ok  " if step.passed else "FAIL"
            numbers = ", ".join(f"{name} {value}" for name, value in step.numbers.items())
            rest = "; ".join(part for part in (step.detail, numbers) if part)
            self.view.say(f"{word} {step.seconds:7.1f} s  {title}{': ' + rest if rest else ''}")

    def stopped(self, why: str) -> None:
        """Records that a scenario ended early, unless its last step has said so."""
        if self.steps and not self.steps[-1].passed:
            return
        self.steps.append(Step(self.scenario, "between steps", detail=why))
        self.view.say(f"FAIL            between steps: {why}")

    def counts(self) -> tuple[int, int]:
        passed = sum(step.passed for step in self.steps)
        return passed, len(self.steps) - passed

    def table(self) -> str:
        """Returns the faults with their recovery, the records of every scenario, and the time of each."""
        lines = []
        faults = [step for step in self.steps if "recovered after" in step.numbers]
        if faults:
            lines.append(f"\n{'fault':<74}{'recovered after':>16}{'longest without an ack':>24}")
        for step in faults:
            recovered, gap = (step.numbers[name] for name in ("recovered after", "longest without an ack"))
            lines.append(f"{step.title[:73]:<74}{recovered:>16}{gap:>24}")
        counted = [step for step in self.steps if "lost" in step.numbers]
        if counted:
            lines.append(f"\n{'records':<74}{'written':>10}{'acknowledged':>14}{'read':>10}{'lost':>6}")
        for step in counted:
            written, acknowledged, read, lost = (
                step.numbers[name] for name in ("written", "acknowledged", "read", "lost")
            )
            title = f"{step.scenario}: {step.title}"[:73]
            lines.append(f"{title:<74}{written:>10}{acknowledged:>14}{read:>10}{lost:>6}")
        lines.append("\nseconds")
        for scenario in dict.fromkeys(step.scenario for step in self.steps):
            seconds = sum(step.seconds for step in self.steps if step.scenario == scenario)
            lines.append(f"{seconds:>8.0f}  {scenario}")
        lines.append(f"{time.monotonic() - self.began:>8.0f}  in all")
        lines += [f"FAILED {step.scenario}: {step.title}: {step.detail}" for step in self.steps if not step.passed]
        return "\n".join(lines)

    def write(self, folder: Path) -> None:
        """Writes the report for people and for machines."""
        folder.mkdir(parents=True, exist_ok=True)
        steps = [
            f"{'ok  ' if s.passed else 'FAIL'} {s.seconds:7.1f} s  "
            f"{s.scenario}: {s.title} {s.detail} {s.numbers or ''}".rstrip()
            for s in self.steps
        ]
        (folder / "report.txt").write_text("\n".join(steps) + "\n" + self.table() + "\n")
        (folder / "report.json").write_text(json.dumps([asdict(step) for step in self.steps], indent=1) + "\n")
