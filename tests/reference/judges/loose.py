"""Judges the loose unit files against the model: the same texts, none missing, none besides.

Reads bytes only; whether systemd accepts them is the `verify` judge's matter.
"""

from .node import Node, sha256


def judge(node: Node) -> list[str]:
    expected = {}
    for unit in node.units():
        if unit.sha256:
            expected[unit.name] = unit.sha256
        expected |= {f"{unit.name}.d/{name}": digest for name, digest in unit.dropins.items()}
    found = {
        str(path.relative_to(node.loose_units)): sha256(path.read_bytes())
        for path in node.loose_units.rglob("*")
        if path.is_file()
    }
    complaints = [f"units/{name} is missing" for name in sorted(expected.keys() - found.keys())]
    complaints += [f"units/{name} is not in the model" for name in sorted(found.keys() - expected.keys())]
    complaints += [
        f"units/{name} differs from the model"
        for name in sorted(expected.keys() & found.keys())
        if expected[name] != found[name]
    ]
    return complaints
