"""Runs all tests, or those whose names hold the words given. Usage: python -m machine TOOLS [WORD…]"""

import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

from . import attach, name, secrets, signal, store
from . import format as format_
from .cloud import METADATA, Cloud
from .host import Host


def main() -> int:
    tools, words = Path(sys.argv[1]), sys.argv[2:]
    for command in (["link", "set", "lo", "up"], ["address", "add", f"{METADATA}/32", "dev", "lo"]):
        subprocess.run(["ip", *command], check=True)
    with tempfile.TemporaryDirectory() as out:
        subprocess.run([os.environ["CFGBUILD"], "profile", "node", "--out", out], check=True, stderr=subprocess.DEVNULL)
        cloud = Cloud(tools)
        host = Host(cloud, tools, Path(out) / "node/nodes/lab-1")
    passed = failed = 0
    try:
        for part in (format_, store, attach, name, signal, secrets):
            for test, run in list(vars(part).items()):
                title = f"{part.__name__.rpartition('.')[2]}: {test.removeprefix('test_').replace('_', ' ')}"
                if not test.startswith("test_") or not (not words or any(word in title for word in words)):
                    continue
                cloud.reset()
                host.clear()
                try:
                    run(host, cloud)
                    passed += 1
                    print("ok    ", title, flush=True)
                except Exception as error:  # noqa: BLE001 - whatever it is, the test has failed and the next one runs
                    failed += 1
                    print("FAILED", title, flush=True)
                    shown = str(error) if isinstance(error, AssertionError) else traceback.format_exc()
                    print("    " + shown.replace("\n", "\n    "), flush=True)
                finally:
                    host.kill_all()
    finally:
        host.clear()
        cloud.stop()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
