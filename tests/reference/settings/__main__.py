"""Holds the tables of settings to the servers themselves, in both directions.

Usage: python -m settings [write | all] CFGBUILD. Without a word, Kafka of the versions that the other tests have
anyway; `all` fetches every version that the tables know, `write` makes the tables of them anew.
"""

import sys
from pathlib import Path

from . import kafka


def main() -> int:
    *words, cfgbuild = sys.argv[1:]
    if words == ["write"]:
        kafka.write()
        return 0
    versions = kafka.ALL if words == ["all"] else kafka.USUAL
    failures, passed = kafka.judge(Path(cfgbuild).resolve(), versions)
    for failure in failures:
        print(f"FAILED {failure}")
    print(f"{passed} passed, {len(failures)} failed")
    return int(bool(failures) or not passed)


if __name__ == "__main__":
    sys.exit(main())
