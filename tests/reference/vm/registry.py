"""A registry of one small image, made of a static busybox: just enough of the protocol for `docker pull`.

The real registry is tested with the cluster; here the point is what happens with it and without it, so this one
counts. Listens on the loopback address, which QEMU's user network shows to the machine as 10.0.2.2.
"""

import gzip
import hashlib
import io
import json
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

NAME = "keeper"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"

# Remembers each start, and serves what it remembers.
SCRIPT = b"""#!/bin/sh
echo "start $(cat /proc/sys/kernel/random/boot_id)" >>/data/starts
exec httpd -f -p 8080 -h /data
"""


def digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def layer(busybox: bytes) -> bytes:
    """Returns a file system as a tar archive: busybox, the names it is called by, the script."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path, data in (("bin/busybox", busybox), ("bin/keeper", SCRIPT)):
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(data), 0o755
            archive.addfile(entry, io.BytesIO(data))
        for name in ("sh", "cat", "httpd"):
            entry = tarfile.TarInfo(f"bin/{name}")
            entry.type, entry.linkname = tarfile.SYMTYPE, "busybox"
            archive.addfile(entry)
    return packed.getvalue()


class Registry:
    """Serves until it is closed; `pulls` counts how often the manifest was fetched."""

    def __init__(self, busybox: Path) -> None:
        plain = layer(busybox.read_bytes())
        packed = gzip.compress(plain, mtime=0)
        config = json.dumps(
            {
                "architecture": "amd64",
                "os": "linux",
                "config": {"Cmd": ["/bin/keeper"], "Env": ["PATH=/bin"]},
                "rootfs": {"type": "layers", "diff_ids": [digest(plain)]},
            }
        ).encode()
        kinds = (("container.image.v1+json", config), ("image.rootfs.diff.tar.gzip", packed))
        parts = [
            {"mediaType": f"application/vnd.docker.{kind}", "size": len(data), "digest": digest(data)}
            for kind, data in kinds
        ]
        manifest = json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": parts[0],
                "layers": parts[1:],
            }
        ).encode()
        self.blobs = {digest(data): data for data in (config, packed)}
        self.manifest = manifest
        self.pulls = 0
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """Returns what a machine calls it."""
        return f"10.0.2.2:{self.server.server_port}"

    def answer(self, path: str) -> tuple[str, bytes] | None:
        """Returns the type and the bytes of what is asked for."""
        if path == "/v2/":
            return "application/json", b"{}"
        if path in (f"/v2/{NAME}/manifests/1", f"/v2/{NAME}/manifests/{digest(self.manifest)}"):
            return MANIFEST, self.manifest
        blob = self.blobs.get(path.removeprefix(f"/v2/{NAME}/blobs/"))
        return ("application/octet-stream", blob) if blob is not None else None

    def handler(self) -> type[BaseHTTPRequestHandler]:
        registry = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                self.reply(body=False)

            def do_GET(self) -> None:
                registry.pulls += self.path.startswith(f"/v2/{NAME}/blobs/")
                self.reply(body=True)

            def reply(self, body: bool) -> None:
                found = registry.answer(self.path)
                kind, data = found or ("application/json", b'{"errors":[{"code":"NOT_FOUND"}]}')
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
                if found:
                    self.send_header("Docker-Content-Digest", digest(data))
                self.end_headers()
                if body:
                    self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
