"""Holds `cfgbuild inspect` to Ignition itself: what one refuses, the other reports, and nothing else.

Usage: python -m reading CFGBUILD
"""

import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import boot, matrix

BIN = Path(__file__).resolve().parent.parent / ".work" / "bin"

# What we report as an error and Ignition's validation lets pass, by the code and words of the finding, with the reason.
DELIBERATE = {
    "fails when the machine boots": "the engine fails of it",
    "Ignition fails here": "the engine fails of it",
    "the config that ": "what is inside of the config is read when the machine boots",
}


def ignition(text: bytes) -> tuple[bool, str]:
    """Returns whether Ignition takes a config, and what it says."""
    done = subprocess.run([BIN / "ignition-validate", "-"], input=text, capture_output=True, check=False)
    return done.returncode == 0, (done.stdout + done.stderr).decode(errors="replace")


def inspected(cfgbuild: Path, text: bytes) -> tuple[int, list[dict[str, str]]]:
    """Returns the exit code of inspect and what it found."""
    done = subprocess.run([cfgbuild, "inspect", "--format", "json", "-"], input=text, capture_output=True, check=False)
    findings = json.loads(done.stdout)["findings"] if done.stdout else []
    return done.returncode, findings


def judge(cfgbuild: Path, version: str, text: str) -> tuple[bool, str | None]:
    """Returns whether Ignition takes a config, and how the two disagree about it, if they do."""
    data = text.encode()
    takes, says = ignition(data)
    code, findings = inspected(cfgbuild, data)
    short = text if len(text) < 300 else f"{text[:300]}…"
    if code not in (0, 1):
        return takes, f"{version} exit {code}: {short}"
    if not takes and code == 0:
        return takes, f"{version} MISSED {short!r}: {says.strip()}"
    if takes and code == 1:
        errors = [finding for finding in findings if finding["severity"] == "error"]
        loud = [finding for finding in errors if not any(words in json.dumps(finding) for words in DELIBERATE)]
        if loud:
            return takes, f"{version} ALARM {short!r}: {loud[0]['code']}: {loud[0]['title']}"
    if takes and "unused key" in says and not findings:
        return takes, f"{version} SILENT {short!r}: {says.strip()}"
    return takes, None


def main() -> int:
    cfgbuild = Path(sys.argv[1]).resolve()
    configs = list(matrix.configs())
    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = list(pool.map(lambda config: judge(cfgbuild, *config), configs))
    failures = [failure for _, failure in answers if failure]
    taken = sum(takes for takes, _ in answers)
    print(f"{len(answers)} configs: Ignition takes {taken} and refuses {len(answers) - taken}")
    passed = len(answers) - len(failures)
    with tempfile.TemporaryDirectory() as folder:
        wrong, right = boot.judge(cfgbuild, BIN, Path(folder))
    for failure in failures + wrong:
        print(f"FAILED {failure}")
    print(f"{passed + right} passed, {len(failures) + len(wrong)} failed")
    return int(bool(failures or wrong))


if __name__ == "__main__":
    sys.exit(main())
