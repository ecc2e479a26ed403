"""Holds what `cfgbuild inspect` says of Ignition configs to Ignition itself.

Usage: python -m reading CFGBUILD. One fault for each rule and version with its valid neighbour, every key with values
of wrong kinds, JSON that is none: `ignition-validate` says what is right. What it accepts and the engine fails of, the
real engine says (`boot.py`).
"""

import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from judges.tools import missing

from . import boot
from .ask import Ours, Truth, both
from .matrix import Case, cases


class Deliberate(NamedTuple):
    """An error of ours for what `ignition-validate` accepts, on purpose."""

    code: str
    # What its title says; where it is empty, any.
    title: str
    reason: str

    def is_said(self, finding: dict) -> bool:
        return finding["code"] == self.code and self.title in finding["title"]


DELIBERATE = (
    Deliberate("unit-service-without-exec-start", "", "Ignition writes it, systemd refuses to load it"),
    Deliberate("unit-option-before-section", "", "systemd leaves the option out"),
    Deliberate("unit-line-not-read", "", "systemd leaves the line out"),
    Deliberate("unit-unknown-section", "", "systemd leaves the section out"),
    Deliberate("unit-unknown-directive", "", "systemd leaves the option out"),
    Deliberate("unit-enabled-without-install", "", "Ignition warns of it; the unit never starts"),
    Deliberate("contents-hash-differs", "", "the boot fails (`boot.py`)"),
    Deliberate("ignition-wrong-value", "has no name", "the boot fails: no account has an empty name (`boot.py`)"),
    Deliberate("ignition-wrong-value", "leads nowhere", "the boot fails: a link must have a target (`boot.py`)"),
    Deliberate("ignition-wrong-value", "has no value", "the boot fails: a header must have a value (`boot.py`)"),
    Deliberate("ignition-wrong-value", "no partition has number", "the boot fails: sgdisk takes none below 1"),
    Deliberate("user-data-not-read", "not UTF-8", "Go puts U+FFFD in its place: what is written is not what was meant"),
    Deliberate("json-malformed", "unpaired", "Go puts U+FFFD in its place: what is written is not what was meant"),
    Deliberate("json-malformed", "levels are nested", "a limit of our own reader, far beyond any config"),
    Deliberate("json-malformed", "nesting depth", "the limit of the library below it"),
)


def main() -> int:
    gone = missing()
    if os.geteuid():
        gone.append("run as root: a boot makes users, and files of theirs")
    if gone:
        print(*gone, "0 passed, 1 failed", sep="\n")
        return 1
    cfgbuild = Path(sys.argv[1]).resolve()
    began = time.monotonic()
    matrix = list(cases())
    answers = both(cfgbuild, (case.text for case in matrix))
    counts: Counter[str] = Counter()
    failures: list[str] = []
    for case in matrix:
        verdict, why = judged(*answers[case.text])
        counts[verdict] += 1
        if why:
            failures.append(line(verdict, case, why))
    failures += dull(matrix, answers)
    failures += idle(answers)
    tried, wrong = boot.judge(cfgbuild)
    print(f"{len(matrix)} configs, {len(answers)} of them different, in {time.monotonic() - began:.0f} s")
    print(", ".join(f"{count} {verdict}" for verdict, count in counts.most_common()))
    print(f"{tried} at a boot")
    for failure in failures + wrong:
        print(f"FAILED {failure}")
    failed = len(failures) + len(wrong)
    passed = counts["both accept"] + counts["both refuse"] + counts["deliberate"] + tried - len(wrong)
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0 or passed == 0)


def judged(truth: Truth, ours: Ours) -> tuple[str, str | None]:
    """Returns the verdict, and what is wrong where something is."""
    if ours.broken:
        return "BROKEN", ours.broken
    if not truth.accepts:
        return ("both refuse", None) if not ours.accepts else ("MISSED", truth.reason)
    if not ours.accepts:
        errors = [finding for finding in ours.findings if finding["severity"] == "error"]
        if errors and all(any(known.is_said(finding) for known in DELIBERATE) for finding in errors):
            return "deliberate", None
        titles = [f"{finding['code']}: {finding['title']}" for finding in errors]
        return "ALARM", "; ".join(titles) or ours.said.strip()
    told = [
        finding["title"] + finding["primary"].get("label", "") for finding in ours.findings if finding.get("primary")
    ]
    silent = [key for key in truth.unused if not any(key in title for title in told)]
    if silent:
        return "UNWARNED", f"unused key {', '.join(silent)}"
    if truth.warnings and not ours.findings:
        return "UNWARNED", truth.warnings[0]
    return "both accept", None


def idle(answers: dict[bytes, tuple[Truth, Ours]]) -> list[str]:
    """Finds what is deliberate, and nothing of the matrix asks for."""
    said = [finding for truth, ours in answers.values() if truth.accepts for finding in ours.findings]
    return [
        f"DELIBERATE {known.code} '{known.title}': no config needs it ({known.reason})"
        for known in DELIBERATE
        if not any(known.is_said(finding) for finding in said)
    ]


def dull(matrix: list[Case], answers: dict[bytes, tuple[Truth, Ours]]) -> list[str]:
    """Finds what shows nothing: faults that Ignition accepts in every version, and neighbours that it refuses."""
    accepted: dict[tuple[str, bool], set[bool]] = {}
    failures = []
    for case in matrix:
        truth = answers[case.text][0]
        if case.right is not None:
            accepted.setdefault((case.name, case.right), set()).add(truth.accepts)
        if case.silent and (truth.said or not truth.accepts):
            failures.append(f"DULL {case.version} {case.name}: the table of keys is wrong: {truth.reason}")
    for (name, right), verdicts in accepted.items():
        if right not in verdicts:
            failures.append(f"DULL {name}: Ignition {'refuses' if right else 'accepts'} it in every version")
    return failures


def line(verdict: str, case: Case, why: str) -> str:
    text = case.text.decode(errors="backslashreplace")
    shown = text if len(text) <= 400 else f"{text[:300]}… ({len(text)} characters)"
    return f"{verdict} {case.version} {case.name}: {shown!r}: {why[:300]}"


if __name__ == "__main__":
    sys.exit(main())
