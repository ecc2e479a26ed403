"""Judges the loose unit files against the model: the same texts, none missing, none besides.

For Container Linux a unit ends in fleet's section, which is about the file and not about the machine:
it must be there, and is cut off before the texts are compared. Reads bytes only; whether systemd accepts them is the
`verify` judge's matter.
"""

from .node import Node, sha256

FLEET = b"\n[X-Fleet]\n"


def machine_part(node: Node, text: bytes) -> bytes:
    return text.partition(FLEET)[0] if node.os == "container-linux" else text


def judge(node: Node) -> list[str]:
    expected = {}
    for unit in node.units():
        if unit.sha256:
            expected[unit.name] = unit.sha256
        expected |= {f"{unit.name}.d/{name}": digest for name, digest in unit.dropins.items()}
    found = {
        str(path.relative_to(node.loose_units)): sha256(machine_part(node, path.read_bytes()))
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
