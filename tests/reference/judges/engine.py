"""Judges a config by applying it with the real engine and comparing the result with the model.

Every file, directory, link, unit, drop-in, mask and preset line must be there as the model says, and
nothing else may have appeared, changed or gone. Disks and accounts are not part of it.
"""

import tempfile
from pathlib import Path, PurePosixPath

from . import machine, stubroot
from .node import UNIT_DIR, Node, octal
from .tree import Entry, snapshot

PRESETS = "/etc/systemd/system-preset/20-ignition.preset"


def judge(node: Node) -> list[str]:
    with tempfile.TemporaryDirectory(dir=node.scratch) as scratch:
        root = Path(scratch, "root")
        machine.prepare(root, node)
        before = snapshot(root)
        complaints = machine.apply(root, node.ignition)
        if complaints:
            return complaints
        after = snapshot(root)
        expected = expectation(node, root)
        complaints += wrong_entries(expected, after)
        complaints += hard_links(node, root)
        complaints += wrong_presets(node, root, expected)
        complaints += strangers(node, expected, before, after)
    return complaints


def expectation(node: Node, root: Path) -> dict[str, Entry]:
    """Returns what the model says must stand at each path. A detail of "" stands for any content."""
    users, groups = machine.account_ids(root, "passwd"), machine.account_ids(root, "group")

    def owner(entry: dict) -> tuple[int, int]:
        user, group = entry.get("user"), entry.get("group")
        return (
            users[user] if isinstance(user, str) else user or 0,
            groups[group] if isinstance(group, str) else group or 0,
        )

    expected = {}
    for file in node.entries("files"):
        digest = file.get("sha256") or ""
        expected[file["path"]] = Entry("file", octal(file.get("mode"), 0o644), *owner(file), digest)
    for folder in node.entries("directories"):
        expected[folder["path"]] = Entry("directory", octal(folder.get("mode"), 0o755), *owner(folder))
    for link in node.entries("links"):
        if not link.get("hard"):
            expected[link["path"]] = Entry("link", 0, *owner(link), link["target"])
    for unit in node.units():
        path = f"{UNIT_DIR}/{unit.name}"
        if unit.mask:
            expected[path] = Entry("link", 0, 0, 0, "/dev/null")
        elif unit.sha256:
            expected[path] = Entry("file", 0o644, 0, 0, unit.sha256)
        for name, digest in unit.dropins.items():
            expected[f"{path}.d/{name}"] = Entry("file", 0o644, 0, 0, digest)
    return expected


def wrong_entries(expected: dict[str, Entry], after: dict[str, Entry]) -> list[str]:
    complaints = []
    for path, wanted in sorted(expected.items()):
        found = after.get(path)
        if found is None:
            complaints.append(f"{path}: the engine made no such {wanted.kind}")
            continue
        for part in ("kind", "mode", "user", "group", "detail"):
            want, have = getattr(wanted, part), getattr(found, part)
            if want != have and not (part == "detail" and wanted.kind == "file" and want == ""):
                shown = (oct(want), oct(have)) if part == "mode" else (want, have)
                word = "content" if part == "detail" else part
                complaints.append(f"{path}: {word} is {shown[1]}, the model says {shown[0]}")
    return complaints


def hard_links(node: Node, root: Path) -> list[str]:
    complaints = []
    for link in node.entries("links"):
        path, target = (root / link[key].lstrip("/") for key in ("path", "target"))
        if link.get("hard") and not (path.exists() and path.samefile(target)):
            complaints.append(f"{link['path']}: not the same file as {link['target']}")
    return complaints


def wrong_presets(node: Node, root: Path, expected: dict[str, Entry]) -> list[str]:
    """Compares the preset lines with the model's enabled and disabled units, instances by template."""
    wanted: list[str] = []
    instances: dict[tuple[str, bool], list[str]] = {}
    for unit in node.units():
        if unit.enabled is not None and "@" in unit.name:
            template = stubroot.template_of(unit.name)
            instance = unit.name.partition("@")[2].rpartition(".")[0]
            instances.setdefault((template, unit.enabled), []).append(instance)
        elif unit.enabled:
            wanted.append(f"enable {unit.name}")
    wanted += [f"enable {name} {' '.join(of)}" for (name, on), of in instances.items() if on]
    wanted += [f"disable {name}" for name in machine.disabled_on_image(node) if "@" not in name]
    file = root / PRESETS.lstrip("/")
    found = file.read_text().splitlines() if file.exists() else []
    if wanted and PRESETS not in expected:
        expected[PRESETS] = Entry("file", 0o644, 0, 0)
    complaints = [f"presets: no line '{line}'" for line in sorted(set(wanted) - set(found))]
    return complaints + [f"presets: unexpected line '{line}'" for line in sorted(set(found) - set(wanted))]


def strangers(node: Node, expected: dict, before: dict, after: dict) -> list[str]:
    """Finds what the engine did besides: parents it made are fine, anything else is not."""
    linked = {link["path"] for link in node.entries("links")}
    parents = {str(p) for path in (*expected, *linked) for p in PurePosixPath(path).parents}
    unhooked = {f"/{machine.WANTS}/{name}" for name in machine.disabled_on_image(node)}
    unhooked.add(f"/{machine.WANTS}")
    complaints = []
    for path in sorted(after.keys() - before.keys() - expected.keys() - linked):
        if path not in parents:
            complaints.append(f"{path}: the engine made it, the model does not know it")
        elif after[path] != Entry("directory", 0o755, 0, 0):
            complaints.append(f"{path}: a parent directory that is not root's with mode 0755")
    complaints += [
        f"{path}: the engine changed what the image had"
        for path in sorted(after.keys() & before.keys() - expected.keys() - linked)
        if after[path] != before[path]
    ]
    gone = before.keys() - after.keys() - unhooked
    return complaints + [f"{path}: the engine removed what the image had" for path in sorted(gone)]
