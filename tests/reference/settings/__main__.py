"""Holds the tables of settings to the servers themselves, in both directions.

Usage: python -m settings [write | all] CFGBUILD. Without a word, the versions that the other tests have anyway; `all`
fetches every version of Kafka that the tables know, `write` makes Kafka's tables of them anew. Those of etcd and
ZooKeeper are made by `python -m settings.etcd VERSION…` and `python -m settings.zookeeper VERSION…`.
"""

import sys
from pathlib import Path

from . import etcd, kafka, zookeeper


def main() -> int:
    *words, program = sys.argv[1:]
    if words == ["write"]:
        kafka.write()
        return 0
    cfgbuild = Path(program).resolve()
    failures, passed = kafka.judge(cfgbuild, kafka.ALL if words == ["all"] else kafka.USUAL)
    for judge in (etcd.judge, zookeeper.judge):
        wrong, right = judge(cfgbuild)
        failures += wrong
        passed += right
    for failure in failures:
        print(f"FAILED {failure}")
    print(f"{passed} passed, {len(failures)} failed")
    return int(bool(failures) or not passed)


if __name__ == "__main__":
    sys.exit(main())
