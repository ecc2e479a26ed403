"""Collects verdicts and prints them compactly: a line a judge, then every complaint, then the sum.

The last line is `N passed, N failed`, alone, so that a machine can read it. Decides nothing.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

SHOWN_A_JUDGE = 40


@dataclass
class Line:
    """What one judge said in all."""

    passed: int = 0
    failed: int = 0
    seconds: float = 0.0
    complaints: list[str] = field(default_factory=list)


class Report:
    def __init__(self) -> None:
        self.lines: dict[str, Line] = defaultdict(Line)
        self.lock = threading.Lock()

    def ask(self, judge: str, subject: str, question: Callable[[], list[str]]) -> list[str]:
        """Runs `question`, which returns complaints, and records its verdict on `subject`."""
        start = time.monotonic()
        try:
            complaints = question()
        except Exception as error:  # noqa: BLE001 - a judge that stumbles has not accepted
            complaints = [f"the judge stumbled: {type(error).__name__}: {error}"]
        with self.lock:
            line = self.lines[judge]
            line.seconds += time.monotonic() - start
            line.failed += bool(complaints)
            line.passed += not complaints
            line.complaints += [f"{subject}: {complaint}" for complaint in complaints]
        return complaints

    def print(self) -> bool:
        """Prints everything; returns whether nothing failed."""
        print(f"{'judge':<14}{'passed':>8}{'failed':>8}{'seconds':>9}")
        for judge, line in self.lines.items():
            print(f"{judge:<14}{line.passed:>8}{line.failed:>8}{line.seconds:>9.1f}")
        for judge, line in self.lines.items():
            for complaint in sorted(line.complaints)[:SHOWN_A_JUDGE]:
                print(f"FAILED {judge}: {complaint}")
            if len(line.complaints) > SHOWN_A_JUDGE:
                print(f"FAILED {judge}: … and {len(line.complaints) - SHOWN_A_JUDGE} more")
        passed = sum(line.passed for line in self.lines.values())
        failed = sum(line.failed for line in self.lines.values())
        print(f"{passed} passed, {failed} failed")
        return failed == 0 and passed > 0
