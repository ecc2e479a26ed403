"""Where things lie, and the addresses of the private network. Decides nothing."""

from pathlib import Path

HERE = Path(__file__).parent
REFERENCE = HERE.parent
IMAGES = HERE / "images"
IGNITION = REFERENCE / ".work" / "bin" / "ignition-apply"
# What `install` made.
WORK = REFERENCE / ".work" / "cluster"
# What a run makes, and removes at its end.
RUN = WORK / "run"
# What a run leaves: its report, and the journals of hosts it failed on.
RESULTS = WORK / "results"

BRIDGE = "lab0"
NETWORK = "10.77.0"
GATEWAY = f"{NETWORK}.1"
REGISTRY_PORT = 5000
REGISTRY = f"{GATEWAY}:{REGISTRY_PORT}"
DISCOVERY = f"http://{GATEWAY}:2379"
