"""Births, blackouts, lost disks and returns of every service that decides by majority.

Usage: python -m members [all | ROLE…] CFGBUILD. Enters namespaces of its own first, so that nothing of it stays behind.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from cluster.places import RUN, WORK
from cluster.report import Report
from cluster.shell import die_with_parent
from cluster.view import View

from . import orders
from .cluster_of import compile_all


def in_namespaces() -> int:
    # The same as the hosts that boot: they run in the same place.
    lock = (WORK / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print("a run is on already; wait for it, or end it with Ctrl-C\n0 passed, 1 failed")
        return 1
    command = ["unshare", "--mount", "--net", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc"]
    words = ["--propagation=private", sys.executable, "-m", "members", *sys.argv[1:]]
    inside = os.environ | {"CFGBUILD_MEMBERS_INSIDE": "1"}
    return subprocess.run([*command, *words], env=inside, check=False, preexec_fn=die_with_parent).returncode


def main() -> int:
    *wanted, cfgbuild = sys.argv[1:]
    if wanted == ["all"]:
        wanted = list(orders.ALL)
    if strangers := sorted(set(wanted) - set(orders.ALL)):
        print(f"no such role: {', '.join(strangers)}; there are {', '.join(orders.ALL)}\n0 passed, 1 failed")
        return 1
    if os.geteuid() != 0 or not (WORK / "client" / "Client.class").exists():
        print("run as root, after tests/reference/install\n0 passed, 1 failed")
        return 1
    if "CFGBUILD_MEMBERS_INSIDE" not in os.environ:
        return in_namespaces()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run/netns"], check=False)
    Path("/run/netns").mkdir(exist_ok=True)
    shutil.rmtree(RUN, ignore_errors=True)
    # Clients are sent to the names of the nodes.
    hosts = RUN / "hosts"
    hosts.parent.mkdir(parents=True)
    hosts.touch()
    subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)
    view = View()
    report = Report(view)
    try:
        roles = compile_all(Path(cfgbuild))
        for name in wanted or orders.USUAL:
            report.open(name, orders.ALL[name].__doc__ or "")
            try:
                orders.ALL[name](report, roles)
            except Exception as error:  # noqa: BLE001 - whatever it is, the rest is tried
                report.stopped(f"{type(error).__name__}: {error}")
    finally:
        view.close()
    passed, failed = report.counts()
    print(report.table())
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0 or passed == 0)


if __name__ == "__main__":
    sys.exit(main())
