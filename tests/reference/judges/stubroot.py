"""Stands in for an operating system's own units, as listed in `src/os/units/<os>.txt`.

The stubs have the right names and are valid, and nothing more: they do not order themselves or do
anything, so a fault that hangs on what the real unit contains stays unseen.
"""

from functools import cache
from pathlib import Path

LISTS = Path(__file__).resolve().parents[3] / "src" / "os" / "units"
OS_UNIT_DIR = "usr/lib/systemd/system"
PROGRAM = "/usr/bin/os-program"

BODIES = {
    "service": f"[Service]\nExecStart={PROGRAM}\n",
    "socket": "[Socket]\nListenStream=/run/stub.socket\n",
    "timer": "[Timer]\nOnCalendar=daily\n",
    "path": "[Path]\nPathExists=/run/stub\n",
    "mount": "[Mount]\nWhat=tmpfs\nWhere=/{path}\nType=tmpfs\n",
}


@cache
def os_units(os: str) -> tuple[str, ...]:
    """Returns the names in the operating system's list, in file order."""
    names = []
    for line in (LISTS / f"{os}.txt").read_text().splitlines():
        names.extend(line.partition("#")[0].split())
    return tuple(names)


def template_of(name: str) -> str:
    """Returns `a@.service` for `a@b.service`, and any other name unchanged."""
    stem, at, rest = name.partition("@")
    return f"{stem}@.{rest.rpartition('.')[2]}" if at else name


def has_unit(os: str, name: str) -> bool:
    return name in os_units(os) or template_of(name) in os_units(os)


def lay(root: Path, os: str) -> None:
    """Writes every stub unit and the program that the stub services run into `root`."""
    folder = root / OS_UNIT_DIR
    folder.mkdir(parents=True)
    for name in os_units(os):
        stem, _, kind = name.rpartition(".")
        body = BODIES.get(kind, "").format(path=stem.replace("-", "/"))
        (folder / name).write_text(f"[Unit]\nDescription=Stub of {name}\n{body}[Install]\nWantedBy=multi-user.target\n")
    lay_program(root, PROGRAM)


def lay_program(root: Path, path: str) -> None:
    """Writes an empty executable file at an absolute path inside `root`."""
    target = root / path.lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch()
    target.chmod(0o755)
