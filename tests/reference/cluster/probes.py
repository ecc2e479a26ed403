"""Asks the services themselves, from outside the hosts. A question that gets no answer raises."""

import json
import socket
import urllib.request


def four_letters(address: str, word: str, port: int = 2181) -> str:
    """Asks a ZooKeeper server one of its four-letter words."""
    with socket.create_connection((address, port), 3) as connection:
        connection.settimeout(3)
        connection.sendall(word.encode())
        said = b""
        while part := connection.recv(4096):
            said += part
    return said.decode(errors="replace")


def zookeeper_mode(address: str) -> str:
    """Returns `leader`, `follower`, `standalone`, or nothing while it does not serve."""
    lines = four_letters(address, "srvr").splitlines()
    return next((line.split()[1] for line in lines if line.startswith("Mode:")), "")


def get(url: str, limit: float = 3) -> bytes:
    with urllib.request.urlopen(url, timeout=limit) as answer:
        return answer.read()


def post(url: str, body: dict, limit: float = 5) -> dict:
    data = json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=limit) as answer:
        return json.loads(answer.read())


def etcd_healthy(address: str) -> bool:
    return json.loads(get(f"http://{address}:2379/health")).get("health") == "true"


def etcd_members(address: str) -> list[str]:
    """Returns the names of all started members."""
    found = post(f"http://{address}:2379/v3/cluster/member/list", {})
    return sorted(member["name"] for member in found["members"] if member.get("name"))


def listens(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), 2):
            return True
    except OSError:
        return False
