"""The images that the shipped profiles name, made of layers and pushed to the private registry.

An image is an OCI config and gzipped tar layers, put into the registry by its HTTP API (the OCI distribution
specification); no Docker is needed to make one. Layers are made once and kept until their contents change.
"""

import gzip
import hashlib
import io
import json
import os
import subprocess
import tarfile
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from .places import IMAGES, WORK

KAFKA_UID = 1000


@dataclass
class Layer:
    """Files of one layer: path in the image to a path here, or to text; directories with owner and mode."""

    name: str
    files: dict[str, Path | str] = field(default_factory=dict)
    directories: dict[str, tuple[int, int]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)


@dataclass
class Image:
    """What a reference stands for; `repository` as it is named at the mirror."""

    repository: str
    tag: str
    layers: list[Layer]
    config: dict


def libraries(*programs: Path) -> dict[str, Path | str]:
    """Returns the shared libraries of programs, under the paths the loader looks for them."""
    found: dict[str, Path | str] = {}
    for program in programs:
        listed = subprocess.run(["ldd", program], check=False, capture_output=True, text=True).stdout
        for word in listed.split():
            if word.startswith("/") and not word.startswith(str(WORK)):
                found[word] = Path(word).resolve()
    return found


def java() -> Layer:
    """A shell, a Java runtime, and the libraries both need."""
    runtime = WORK / "jre"
    files: dict[str, Path | str] = {}
    for path in sorted(runtime.rglob("*")):
        if path.is_file():
            files[f"/opt/java/{path.relative_to(runtime)}"] = path
    binaries = [
        path for path in runtime.rglob("*") if path.is_file() and (path.suffix == ".so" or path.parent.name == "bin")
    ]
    files |= libraries(*binaries)
    for name in ("libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2"):
        library = Path("/lib/x86_64-linux-gnu", name)
        if library.exists():
            files[str(library)] = library.resolve()
    busybox = next(path for path in (WORK / "debian/bin/busybox", WORK / "debian/usr/bin/busybox") if path.exists())
    files["/bin/busybox"] = busybox
    files["/etc/passwd"] = "root:x:0:0:root:/root:/bin/sh\nappuser:x:1000:1000::/tmp:/bin/sh\n"
    files["/etc/group"] = "root:x:0:\nappuser:x:1000:\n"
    files["/etc/nsswitch.conf"] = "hosts: files dns\n"
    applets = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split()
    links = {f"/bin/{applet}": "busybox" for applet in applets if applet != "busybox"}
    links["/usr/bin/env"] = "/bin/busybox"
    return Layer("java", files, {"/tmp": (0, 0o1777), "/root": (0, 0o700)}, links)


def jars(name: str, folder: str) -> dict[str, Path | str]:
    return {f"{folder}/{path.name}": path for path in sorted((WORK / "jars" / name).glob("*.jar"))}


def all_images() -> list[Image]:
    runtime = java()
    path = "PATH=/opt/java/bin:/opt/kafka/bin:/usr/bin:/bin"
    zookeeper = Layer(
        "zookeeper",
        jars("zookeeper", "/usr/share/zookeeper")
        | {"/docker-entrypoint.sh": IMAGES / "zookeeper-entrypoint", "/conf/logback.xml": IMAGES / "logback.xml"},
        dict.fromkeys(("/conf", "/data", "/datalog", "/logs"), (1000, 0o755)),
    )
    tools = [path for path in sorted(IMAGES.glob("cp-kafka-*")) if path.name != "cp-kafka-entrypoint"]
    confluent = Layer(
        "cp-kafka",
        jars("kafka-with-zookeeper", "/usr/share/java/kafka")
        | {
            "/etc/confluent/docker/run": IMAGES / "cp-kafka-entrypoint",
            "/usr/bin/zookeeper-shell": IMAGES / "zookeeper-shell",
            "/etc/kafka/log4j.properties": IMAGES / "log4j.properties",
            "/etc/kafka/tools-log4j.properties": IMAGES / "tools-log4j.properties",
        }
        | {f"/usr/bin/{script.name.removeprefix('cp-')}": script for script in tools},
        dict.fromkeys(("/etc/kafka", "/etc/kafka/secrets", "/var/lib/kafka/data"), (KAFKA_UID, 0o775)),
    )
    apache = Layer(
        "kafka",
        jars("kafka", "/opt/kafka/libs")
        | {f"/opt/kafka/bin/{script.name}": script for script in sorted(IMAGES.glob("kafka-*.sh"))},
        dict.fromkeys(("/var/lib/kafka/data", "/opt/kafka/logs"), (KAFKA_UID, 0o775)),
    )
    etcd = Layer("etcd", {"/usr/local/bin/etcd": WORK / "bin/etcd"})
    exporter = Layer("node-exporter", {"/bin/node_exporter": WORK / "bin/node_exporter"})
    return [
        Image(
            "library/zookeeper",
            "3.8.6",
            [runtime, zookeeper],
            {
                "Env": [path],
                "Entrypoint": ["/docker-entrypoint.sh"],
                "Volumes": {"/data": {}, "/datalog": {}, "/logs": {}},
            },
        ),
        Image(
            "confluentinc/cp-kafka",
            "7.9.6",
            [runtime, confluent],
            {
                "Env": [path],
                "Cmd": ["/etc/confluent/docker/run"],
                "User": "appuser",
                "Volumes": {"/var/lib/kafka/data": {}, "/etc/kafka/secrets": {}},
            },
        ),
        Image(
            "apache/kafka",
            "4.3.1",
            [runtime, apache],
            {
                "Env": [path],
                "Cmd": ["/etc/kafka/docker/run"],
                "User": "appuser",
                "Volumes": {"/var/lib/kafka/data": {}},
            },
        ),
        Image("coreos/etcd", "v3.6.14", [etcd], {"Env": ["PATH=/usr/local/bin"], "Cmd": ["/usr/local/bin/etcd"]}),
        Image(
            "prometheus/node-exporter",
            "v1.9.1",
            [exporter],
            {"Env": ["PATH=/bin"], "Entrypoint": ["/bin/node_exporter"], "User": "65534"},
        ),
    ]


def key(layer: Layer) -> str:
    """Returns what a layer's contents depend on."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for target, source in sorted(layer.files.items(), key=lambda item: item[0]):
        detail = source if isinstance(source, str) else f"{source} {source.stat().st_size} {source.stat().st_mtime_ns}"
        digest.update(f"{target} {detail}\n".encode())
    return digest.hexdigest()


def pack(layer: Layer) -> tuple[Path, str]:
    """Returns the gzipped tar of a layer and the digest of the tar inside."""
    folder = WORK / "layers"
    folder.mkdir(parents=True, exist_ok=True)
    blob, about = folder / f"{layer.name}.tar.gz", folder / f"{layer.name}.json"
    wanted = key(layer)
    if blob.exists() and about.exists():
        known = json.loads(about.read_text())
        if known["key"] == wanted:
            return blob, known["diff_id"]
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for path, (owner, mode) in sorted(layer.directories.items()):
            add(archive, path, tarfile.DIRTYPE, mode=mode, owner=owner)
        for path, source in layer.files.items():
            content = source.encode() if isinstance(source, str) else source.read_bytes()
            executable = not isinstance(source, str) and os.access(source, os.X_OK)
            add(archive, path, tarfile.REGTYPE, mode=0o755 if executable else 0o644, content=content)
        for path, target in layer.links.items():
            add(archive, path, tarfile.SYMTYPE, target=target)
    data = plain.getvalue()
    diff_id = f"sha256:{hashlib.sha256(data).hexdigest()}"
    blob.write_bytes(gzip.compress(data, 1, mtime=0))
    about.write_text(json.dumps({"key": wanted, "diff_id": diff_id}))
    return blob, diff_id


def add(
    archive: tarfile.TarFile,
    path: str,
    kind: bytes,
    mode: int = 0o777,
    owner: int = 0,
    content: bytes = b"",
    target: str = "",
) -> None:
    entry = tarfile.TarInfo(path.lstrip("/"))
    entry.type, entry.mode, entry.uid, entry.gid = kind, mode, owner, owner
    entry.size, entry.linkname = len(content), target
    archive.addfile(entry, io.BytesIO(content))


def call(method: str, url: str, body: bytes = b"", kind: str = "application/octet-stream") -> dict:
    request = urllib.request.Request(url, data=body or None, method=method, headers={"Content-Type": kind})
    if method == "POST":
        request.add_header("Content-Length", "0")
    with urllib.request.urlopen(request, timeout=120) as answer:
        return dict(answer.headers)


def put_blob(registry: str, repository: str, data: bytes) -> dict:
    """Uploads a blob in one piece and returns its descriptor."""
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    place = call("POST", f"{registry}/v2/{repository}/blobs/uploads/")["Location"]
    place = place if place.startswith("http") else registry + place
    call("PUT", f"{place}{'&' if '?' in place else '?'}digest={digest}", data)
    return {"digest": digest, "size": len(data)}


def push(registry: str, image: Image) -> str:
    """Puts an image into the registry at `registry` (an URL) and returns its digest."""
    packed = [pack(layer) for layer in image.layers]
    config = {
        "architecture": "amd64",
        "os": "linux",
        "config": image.config,
        "rootfs": {"type": "layers", "diff_ids": [diff_id for _, diff_id in packed]},
    }
    blob = "application/vnd.docker.container.image.v1+json"
    layer = "application/vnd.docker.image.rootfs.diff.tar.gzip"
    kind = "application/vnd.docker.distribution.manifest.v2+json"
    manifest = {
        "schemaVersion": 2,
        "mediaType": kind,
        "config": {"mediaType": blob} | put_blob(registry, image.repository, json.dumps(config).encode()),
        "layers": [
            {"mediaType": layer} | put_blob(registry, image.repository, path.read_bytes()) for path, _ in packed
        ],
    }
    body = json.dumps(manifest).encode()
    call("PUT", f"{registry}/v2/{image.repository}/manifests/{image.tag}", body, kind)
    return f"sha256:{hashlib.sha256(body).hexdigest()}"
