"""What is told while it works: lines of the report, and below them, on a terminal only, the hosts as they are now."""

import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .host import Host

UNITS = ("docker", "etcd", "zookeeper", "kafka", "node-exporter")
SHOWN = {"active": "up", "activating": "starting", "inactive": "-", "failed": "FAILED", "deactivating": "stopping"}


class View:
    def __init__(self) -> None:
        self.live = sys.stdout.isatty()
        self.hosts: dict = {}
        self.doing = ""
        self.lock = threading.Lock()
        self.drawn = 0
        self.ended = threading.Event()
        if self.live:
            threading.Thread(target=self._draw_often, daemon=True).start()

    def say(self, line: str) -> None:
        with self.lock:
            self._erase()
            print(line, flush=True)

    def close(self) -> None:
        self.ended.set()
        with self.lock:
            self._erase()

    def _erase(self) -> None:
        if self.drawn:
            sys.stdout.write(f"\x1b[{self.drawn}F\x1b[J")
            self.drawn = 0

    def _draw_often(self) -> None:
        while not self.ended.wait(1):
            began = time.monotonic()
            lines = [f"   … {self.doing}"] + [self._line(host) for host in list(self.hosts.values())]
            with self.lock:
                if self.ended.is_set():
                    return
                self._erase()
                print("\n".join(line[:118] for line in lines), flush=True)
                self.drawn = len(lines)
            # Looking must not become the load.
            self.ended.wait(min(5.0, 2 * (time.monotonic() - began)))

    @staticmethod
    def _line(host: "Host") -> str:
        if not host.running():
            return f"   {host.name:<18} off"
        try:
            states = host.say(
                "systemctl", "is-active", *(f"{unit}.service" for unit in UNITS), check=False, timeout=5
            ).split()
            parts = [f"{unit} {SHOWN.get(state, state)}" for unit, state in zip(UNITS, states, strict=False)]
            return f"   {host.name:<18} {host.address:<12} boot {host.boots}  {'  '.join(parts)}"
        except Exception:  # noqa: BLE001 - a host that goes down meanwhile is no news here
            return f"   {host.name:<18} does not answer"
