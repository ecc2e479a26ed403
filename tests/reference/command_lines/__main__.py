"""Holds what cfgbuild says of command lines to the clients of docker and podman, in both directions.

Usage: python -m command_lines [all | write] CFGBUILD. Debian's clients judge; `all` asks every version that
`install all` has built, and holds the table of flags to them; `write` makes the table anew.

The lines are made from the table: every flag of `run` and `create` with a value that fits its kind, and with one that
does not; then what people get wrong (`faults`), each beside the line that is right.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from . import clients, lines, table
from .clients import Client

PROJECT = Path(__file__).resolve().parents[3]
TABLE = PROJECT / "src" / "unitfile" / "command_lines.txt"
CODES = {
    "container-flag-unknown",
    "container-flag-value",
    "container-flags-conflict",
    "container-image-malformed",
    "container-verb-unknown",
}
# What a client says once it has taken all words: it misses its daemon, or what the root of a container must hold.
TAKEN = (
    "Cannot connect to the Docker daemon",
    "unknown server OS",
    "no command or entrypoint provided",
    "No such container",
    "no such container",
    "no container with",
    "image not known",
    "seccomp not enabled in this build",
    "no such file or directory",
)


class Verdict(NamedTuple):
    """What a client, or all that is asked, thinks of a line."""

    is_refused: bool
    said: str


def asked(client: Client, words: list[str]) -> Verdict:
    """Asks a client, with podman's images out of its reach."""
    with TemporaryDirectory() as root:
        (Path(root) / "rootfs").mkdir()
        words = [word.replace("ROOTFS", f"{root}/rootfs") for word in words]
        if client.name == "podman":
            places = [f"--root={root}/root", f"--runroot={root}/run", f"--tmpdir={root}/tmp"]
            words = [*places, "--storage-driver=vfs", "--cgroup-manager=cgroupfs", "--events-backend=file", *words]
        status, said = client.ask(*words)
    told = [line for line in said.splitlines() if line.strip() and "level=" not in line]
    first = told[0] if told else ""
    return Verdict(status != 0 and not any(taken in said for taken in TAKEN), first)


def judged(cfgbuild: Path, os: str, line: lines.Line) -> set[str]:
    """Returns the codes that cfgbuild has for a line in a unit."""
    with TemporaryDirectory() as root:
        role = Path(root) / "profiles" / "a"
        (role / "units").mkdir(parents=True)
        (role / "profile.yaml").write_text(f'target: {{ os: {os} }}\nunits: {{ "a.service": {{}} }}\n')
        quoted = " ".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in line.words)
        (role / "units" / "a.service").write_text(
            f"[Service]\nType=oneshot\nExecStart=/usr/bin/{line.client} {quoted}\n"
        )
        command = [str(cfgbuild), "check", "--format", "json"]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return {found["code"] for found in json.loads(done.stdout)["findings"]} & CODES


def compare(cfgbuild: Path, judges: list[Client]) -> tuple[list[str], dict[str, int]]:
    """Asks both about every line; a line is counted once, and fails where any judge contradicts."""
    failures: list[str] = []
    counts = {"refused by both": 0, "taken by both": 0, "the daemon's to refuse": 0}

    def one(line: lines.Line) -> tuple[lines.Line, set[str], list[Verdict]]:
        system = "flatcar" if line.client == "docker" else "fedora-coreos"
        by = [client for client in judges if client.name == line.client and client.version in line.versions]
        return line, judged(cfgbuild, system, line), [asked(client, list(line.words)) for client in by]

    made = lines.everything(TABLE.read_text(), judges)
    with ThreadPoolExecutor(4) as pool:
        for line, codes, verdicts in pool.map(one, made):
            shown = f"{line.client} {' '.join(line.words)}"
            refused = {verdict.is_refused for verdict in verdicts}
            said = "; ".join(sorted({verdict.said for verdict in verdicts}))
            if refused == {True, False}:
                failures.append(f"{shown}: its versions differ ({said})")
            elif line.is_daemons and codes and refused == {False}:
                counts["the daemon's to refuse"] += 1
            elif bool(codes) in refused and bool(codes) == line.is_fault:
                counts["refused by both" if codes else "taken by both"] += 1
            else:
                failures.append(f"{shown}: cfgbuild says {sorted(codes) or 'nothing'}, the client: {said}")
    return failures, counts


def main() -> int:
    *words, program = sys.argv[1:]
    judges = clients.everything() if words else clients.debian()
    if words == ["write"]:
        TABLE.write_text(table.write(judges))
        return 0
    failures, counts = compare(Path(program).resolve(), judges)
    passed = sum(counts.values())
    if words == ["all"]:
        if table.write(judges) == TABLE.read_text():
            passed += 1
        else:
            failures.append("src/unitfile/command_lines.txt is not what the clients say: run `command-lines write`")
    for failure in failures:
        print(f"FAILED {failure}")
    print(", ".join(f"{number} {what}" for what, number in counts.items()))
    print(f"{passed} passed, {len(failures)} failed")
    return int(bool(failures) or not passed)


if __name__ == "__main__":
    sys.exit(main())
