"""Runs programs, and waits for what must come true. Every wait has a limit and says what it waited for."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Seconds that anything may take before it counts as not coming: the machine may be busy, and nothing waits longer than
# it must.
LIMIT = 420

_libc = ctypes.CDLL(None, use_errno=True)


class Failure(Exception):
    """Something that must be was not."""


def run(*command: object, check: bool = True, timeout: float = 120, **options: Any) -> subprocess.CompletedProcess:
    """Runs a program to its end and returns it with its output."""
    words = [str(word) for word in command]
    options = {"capture_output": True, "text": True, "stdin": subprocess.DEVNULL} | options
    try:
        done = subprocess.run(words, check=False, timeout=timeout, **options)
    except subprocess.TimeoutExpired as error:
        raise Failure(f"`{' '.join(words)}` did not end within {timeout:.0f} s") from error
    if check and done.returncode != 0:
        said = (done.stderr or done.stdout or "").strip()[-1500:]
        raise Failure(f"`{' '.join(words)}` ended with {done.returncode}: {said}")
    return done


def die_with_parent() -> None:
    """Asks the kernel to end the calling process when the one that started it ends."""
    pr_set_pdeathsig = 1
    _libc.prctl(pr_set_pdeathsig, signal.SIGKILL)


def detach() -> None:
    """What a process of the lab does before it becomes a program: Ctrl-C is not for it, our end is."""
    die_with_parent()
    os.setsid()


def start(*command: object, log: Path, **options: Any) -> subprocess.Popen:
    """Starts a program that lives no longer than this one; what it says goes to `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
        return subprocess.Popen([str(word) for word in command], preexec_fn=detach, **(streams | options))


def until(what: str, question: Callable[[], Any], limit: float, pause: float = 0.5) -> Any:
    """Asks until the answer is true, and returns it; a question may raise while the answer is not there yet.

    A question may return a text that begins with "no:" to say what is still missing.
    """
    began = time.monotonic()
    last = "no answer"
    while True:
        try:
            answer = question()
            if answer and not (isinstance(answer, str) and answer.startswith("no:")):
                return answer
            last = answer if isinstance(answer, str) else "not yet"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is not the answer
            last = f"{type(error).__name__}: {error}"[:600]
        if time.monotonic() - began > limit:
            raise Failure(f"{what}: not within {limit:.0f} s ({last})")
        time.sleep(pause)
