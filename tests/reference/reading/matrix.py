"""All configs of the matrix, each with its name."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from . import keys, rules, texts, upstream

MINORS = range(7)
NEWEST = MINORS[-1]


class Case(NamedTuple):
    version: str
    name: str
    text: bytes
    # Whether some version at least must accept it, or refuse it; nothing where either is good.
    right: bool | None = None
    # Whether Ignition may have no word for it.
    silent: bool = False


def cases() -> Iterator[Case]:
    for minor in MINORS:
        version = f"3.{minor}.0"
        yield Case(version, "every key", keys.everything(minor), True, True)
        for at, pair in enumerate(rules.all_pairs()):
            if pair.edge and minor not in (NEWEST, at % NEWEST):
                continue
            for right, body in ((False, pair.fault), (True, pair.right)):
                if body is not None:
                    yield Case(version, pair.name, config(version, body), right)
        others = (keys.wrong_kinds(minor, minor == NEWEST), keys.other_keys(minor), keys.other_cases(minor))
        for more in others:
            for name, text in more:
                yield Case(version, name, text)
    for name, text in texts.texts(f"3.{NEWEST}.0"):
        yield Case("any", name, text)
    for name, text in upstream.configs(f"3.{NEWEST}.0"):
        yield Case("upstream", name, text)
    for name, text in texts.versions():
        yield Case("any", name, text)


def config(version: str, body: dict[str, Any]) -> bytes:
    whole = body | {"ignition": {"version": version} | body.get("ignition", {})}
    # The head first, as people write it.
    whole = {"ignition": whole.pop("ignition")} | whole
    return json.dumps(whole, separators=(",", ":"), ensure_ascii=False).encode()
