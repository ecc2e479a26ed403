"""The AWS that a machine sees: moto behind a door that counts calls and can fail, the instance's metadata, and DNS.

Everything listens in the network namespace of the test. What moto does not do (CloudFormation's signals) is answered
here.
"""

import json
import socket
import socketserver
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

import boto3

REGION = "eu-central-1"
ZONE = "eu-central-1a"
METADATA = "169.254.169.254"
MOTO = "http://127.0.0.1:5001"
DOOR = "http://127.0.0.1:5000"


class Answers(Protocol):
    """What answers a request: the door's handler."""

    def answer(self, status: int, body: bytes, kind: str = ...) -> None: ...


ERROR = """<?xml version="1.0" encoding="UTF-8"?>
<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>
<Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors><RequestId>r</RequestId></ErrorResponse>"""


def client(service: str) -> Any:
    """Returns a client that asks moto directly: what the test itself does is not counted and does not fail."""
    return boto3.client(
        service, region_name=REGION, endpoint_url=MOTO, aws_access_key_id="t", aws_secret_access_key="t"
    )


class Quiet(ThreadingHTTPServer):
    """A client that hangs up early is a script that was ended, or one that has waited long enough."""

    def handle_error(self, *_: object) -> None:
        pass


class QuietNames(socketserver.ThreadingUDPServer):
    """The same for name queries."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass


class Cloud:
    """All of it, and the switches that make it fail."""

    def __init__(self, tools: Path) -> None:
        self.moto = subprocess.Popen(
            [tools / "bin/moto_server", "-H", "127.0.0.1", "-p", "5001"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(lambda: urllib.request.urlopen(MOTO + "/moto-api/data.json", timeout=2), "moto", 90)
        self.servers: list[socketserver.BaseServer] = [
            Quiet(("127.0.0.1", 5000), self.door()),
            Quiet((METADATA, 80), self.metadata()),
            QuietNames(("127.0.0.1", 53), self.names()),
        ]
        for server in self.servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()
        self.reset()

    def reset(self) -> None:
        """Forgets everything and makes one instance, with a role."""
        urllib.request.urlopen(urllib.request.Request(MOTO + "/moto-api/reset", method="POST")).read()
        self.calls: list[tuple[str, bytes]] = []
        # How often an action still fails, and how.
        self.faults: dict[str, tuple[int, str]] = {}
        self.signals: list[tuple[str, str, str, str]] = []
        self.resolved: list[str] = []
        self.metadata_works = self.has_role = self.names_work = True
        self.address, self.waiting = "10.0.1.5", True
        self.instance = self.another_instance()

    def another_instance(self) -> str:
        """Starts an instance and returns its id."""
        made = client("ec2").run_instances(
            ImageId="ami-12345678", MinCount=1, MaxCount=1, Placement={"AvailabilityZone": ZONE}
        )
        return made["Instances"][0]["InstanceId"]

    def fail(self, action: str, times: int, how: str) -> None:
        """Makes the next calls of an action fail: an error's code, `hang`, or `drop`."""
        self.faults[action] = (times, how)

    def actions(self) -> set[str]:
        """Returns the actions of IAM that were asked for."""
        return {action for action, _ in self.calls}

    def door(cloud) -> type[BaseHTTPRequestHandler]:
        class Door(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status: int, body: bytes, kind: str = "text/xml") -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                action = action_of(self, body)
                cloud.calls.append((action, body))
                times, how = cloud.faults.get(action, (0, ""))
                if times > 0:
                    cloud.faults[action] = (times - 1, how)
                    if how == "hang":
                        time.sleep(3600)
                    if how == "drop":
                        self.close_connection = True
                        return
                    kind = "application/x-amz-json-1.1" if self.headers.get("X-Amz-Target") else "text/xml"
                    text = (
                        json.dumps({"__type": how, "message": "made to fail"})
                        if "json" in kind
                        else ERROR.format(code=how, message="made to fail")
                    )
                    self.answer(503 if "imit" in how or "hrottl" in how else 400, text.encode(), kind)
                elif action == "cloudformation:SignalResource":
                    cloud.signal(self, body)
                else:
                    self.forward(body)

            do_GET = do_POST

            def forward(self, body: bytes) -> None:
                keep = {
                    name: value
                    for name, value in self.headers.items()
                    if name.lower() not in ("content-length", "connection", "accept-encoding")
                }
                keep.setdefault("Content-Type", "application/xml")
                request = urllib.request.Request(MOTO + self.path, data=body or None, headers=keep, method=self.command)
                try:
                    with urllib.request.urlopen(request, timeout=60) as reply:
                        self.answer(reply.status, reply.read(), reply.headers.get("Content-Type", "text/xml"))
                except urllib.error.HTTPError as error:
                    self.answer(error.code, error.read(), error.headers.get("Content-Type", "text/xml"))

            def log_message(self, *_: object) -> None:
                pass

        return Door

    def signal(self, door: Answers, body: bytes) -> None:
        asked = {name: values[0] for name, values in urllib.parse.parse_qs(body.decode()).items()}
        if not self.waiting:
            message = f"Stack:{asked['StackName']} is in UPDATE_COMPLETE state and can not be signaled"
            return door.answer(400, ERROR.format(code="ValidationError", message=message).encode())
        self.signals.append((asked["StackName"], asked["LogicalResourceId"], asked["UniqueId"], asked["Status"]))
        door.answer(
            200,
            b"<SignalResourceResponse><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
            b"</SignalResourceResponse>",
        )
        return None

    def metadata(cloud) -> type[BaseHTTPRequestHandler]:
        class Metadata(BaseHTTPRequestHandler):
            def reply(self, status: int, text: str = "") -> None:
                body = text.encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                if status == 200 and self.command == "PUT":
                    self.send_header("X-aws-ec2-metadata-token-ttl-seconds", "60")
                self.end_headers()
                self.wfile.write(body)

            def do_PUT(self) -> None:
                if not cloud.metadata_works:
                    return self.reply(503)
                asks = self.path == "/latest/api/token" and self.headers.get("X-aws-ec2-metadata-token-ttl-seconds")
                self.reply(200, "token") if asks else self.reply(400)
                return None

            def do_GET(self) -> None:
                if not cloud.metadata_works:
                    return self.reply(503)
                if self.headers.get("X-aws-ec2-metadata-token") != "token":
                    return self.reply(401)
                keys = {
                    "Code": "Success",
                    "AccessKeyId": "AKIATEST",
                    "SecretAccessKey": "s",
                    "Token": "t",
                    "LastUpdated": "2026-01-01T00:00:00Z",
                    "Expiration": "2099-01-01T00:00:00Z",
                }
                role = {"": "node", "node": json.dumps(keys)} if cloud.has_role else {}
                known = {
                    "instance-id": cloud.instance,
                    "placement/availability-zone": ZONE,
                    "placement/region": REGION,
                    "local-ipv4": cloud.address,
                }
                known |= {f"iam/security-credentials/{name}": text for name, text in role.items()}
                value = known.get(self.path.removeprefix("/latest/meta-data/"))
                self.reply(200, value) if value else self.reply(404)
                return None

            def log_message(self, *_: object) -> None:
                pass

        return Metadata

    def names(cloud) -> type[socketserver.BaseRequestHandler]:
        class Names(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                query, reply_on = self.request
                labels, at = [], 12
                while query[at]:
                    labels.append(query[at + 1 : at + 1 + query[at]].decode())
                    at += query[at] + 1
                name, question = ".".join(labels) + ".", query[12 : at + 5]
                if not cloud.names_work:
                    return
                cloud.resolved.append(name)
                wants_address = query[at + 2] == 1
                found = cloud.record(name)
                found = found if wants_address else None
                head = query[:2] + (b"\x81\x80" if cloud.record(name) else b"\x81\x83")
                answer = b""
                if found:
                    answer = b"\xc0\x0c\0\1\0\1" + (30).to_bytes(4, "big") + b"\0\4" + socket.inet_aton(found)
                reply_on.sendto(
                    head + b"\0\1" + (b"\0\1" if found else b"\0\0") + b"\0\0\0\0" + question + answer,
                    self.client_address,
                )

        return Names

    def record(self, name: str) -> str | None:
        """Returns the address of a name in any zone."""
        route53 = client("route53")
        for zone in route53.list_hosted_zones()["HostedZones"]:
            for record in route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]:
                if record["Name"] == name and record["Type"] == "A":
                    return record["ResourceRecords"][0]["Value"]
        return None

    def stop(self) -> None:
        self.moto.terminate()


def action_of(request: BaseHTTPRequestHandler, body: bytes) -> str:
    """Returns the action of IAM that a request is."""
    target = request.headers.get("X-Amz-Target")
    service = request.headers.get("Authorization", "////").split("/")[3]
    if target:
        return f"{service}:{target.split('.')[1]}"
    if "/rrset" in request.path:
        return "route53:ChangeResourceRecordSets"
    if "/change/" in request.path:
        return "route53:GetChange"
    return f"{service}:{urllib.parse.parse_qs(body.decode('utf-8', 'replace')).get('Action', ['?'])[0]}"


def wait_for(what: Callable[[], object], name: str, seconds: float) -> object:
    """Waits until something is true."""
    end = time.monotonic() + seconds
    while True:
        try:
            if found := what():
                return found
        except OSError:
            pass
        if time.monotonic() > end:
            sys.exit(f"{name} did not come within {seconds} s")
        time.sleep(0.05)
