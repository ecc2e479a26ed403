"""A registry with a certificate of our own and a password: the other half of what the profile's `registry` can say."""

import base64
import crypt
import shutil
from functools import partial
from pathlib import Path

from .. import compiled
from ..host import Host
from ..places import GATEWAY, RUN
from ..registry import Server
from ..shell import run as command
from ..shell import until
from ..stage import Stage, expect

ABOUT = "one host pulls from a registry that has a certificate of our own and asks for a password"
PORT = 5443
USER, PASSWORD = "puller", "correct horse"
PROFILE = """\
extends: base
vars: {{ registry: "{registry}" }}
registry:
  ca: |
    {ca}
"""


def run(stage: Stage) -> None:
    with stage.report.step("a registry with TLS and a password, on the images that are there"):
        folder = RUN / "tls"
        folder.mkdir()
        ca = certificates(folder)
        users = folder / "users"
        users.write_text(f"{USER}:{crypt.crypt(PASSWORD, crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=2**4))}\n")
        server = Server(PORT, tls=(folder / "server.crt", folder / "server.key"), users=users)
    try:
        pulls(stage, ca)
    finally:
        server.down()


def pulls(stage: Stage, ca: str) -> None:
    workspace = RUN / "private"
    shutil.copytree(stage.workspace / "profiles", workspace / "profiles")
    for name, password in (("right", PASSWORD), ("wrong", "wrong")):
        profile = workspace / "profiles" / name / "profile.yaml"
        profile.parent.mkdir()
        profile.write_text(PROFILE.format(registry=f"{GATEWAY}:{PORT}", ca="\n    ".join(ca.splitlines())))
        auth = base64.b64encode(f"{USER}:{password}".encode()).decode()
        role = compiled.run_cfgbuild(
            stage.cfgbuild,
            workspace,
            name,
            RUN / "compiled-private",
            "custom",
            {},
            {"CFGBUILD_VAR_registry_auth": auth},
        )
        (host,) = stage.lab.add(role, "private.internal")
        host.boot()
        if password == PASSWORD:
            with stage.report.step("with the right password the exporter is pulled and runs"):
                until("the exporter runs", partial(exporter_runs, host), stage.limit)
                expect(
                    host.say("stat", "--format=%a %U", "/etc/cfgbuild/registry/config.json") == "600 root",
                    "others can read the password",
                )
            stage.settled([host])
        else:
            with stage.report.step("with a wrong one it is refused, and the unit goes on trying") as step:
                step.detail = until("the pull is refused", partial(refused, host), stage.limit)
                expect(image(host) == "", "it runs all the same")


def image(host: Host) -> str:
    return host.say("docker", "inspect", "--format={{.Config.Image}}", "node-exporter", check=False)


def exporter_runs(host: Host) -> bool:
    return image(host) == f"{GATEWAY}:{PORT}/prometheus/node-exporter:v1.9.1"


def refused(host: Host) -> str:
    said = [
        entry["MESSAGE"]
        for entry in host.journal("--unit=node-exporter.service")
        if isinstance(entry.get("MESSAGE"), str)
    ]
    tries = int(host.show("node-exporter.service", "NRestarts") or 0)
    return next((line for line in said if "unauthorized" in line or "no basic auth" in line), "") if tries > 1 else ""


def certificates(folder: Path) -> str:
    """Makes an authority and a certificate signed by it for the registry; returns the authority's."""
    ca, key = folder / "ca.crt", folder / "ca.key"
    command(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=authority of the lab",
        "-keyout",
        key,
        "-out",
        ca,
    )
    command(
        "openssl",
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=registry",
        "-keyout",
        folder / "server.key",
        "-out",
        folder / "server.csr",
    )
    (folder / "names").write_text(f"subjectAltName = IP:{GATEWAY}\n")
    command(
        "openssl",
        "x509",
        "-req",
        "-in",
        folder / "server.csr",
        "-CA",
        ca,
        "-CAkey",
        key,
        "-CAcreateserial",
        "-days",
        "2",
        "-extfile",
        folder / "names",
        "-out",
        folder / "server.crt",
    )
    return ca.read_text()
