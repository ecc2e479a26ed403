"""The lines that both are asked about."""

from collections.abc import Iterator
from typing import NamedTuple

from .clients import Client

# For each kind of value of the table one that fits, and some that do not.
VALUES: dict[str, tuple[str, tuple[str, ...]]] = {
    "bool": ("true", ("yes", "?")),
    "int": ("5", ("x", "1.5", "5s")),
    "uint": ("5", ("x", "-1")),
    "float": ("1.5", ("x", "1,5")),
    "decimal": ("1.5", ("x", "1,5")),
    "duration": ("10s", ("10", "x", "1d")),
    "bytes": ("100m", ("2gbx", "x", "1.5.5g")),
    "swap": ("-1", ("2gbx", "x")),
    "port": ("127.0.0.1:80:80/tcp", ("80:80:80:80", "99999:80", "80:abc", "80-81:80-82", "80:", "a:80:80")),
    "expose": ("80-81/tcp", ("x", "99999", "80:80")),
    "ulimit": ("nofile=1024:2048", ("nofile=x", "nofile", "files=1", "nofile=2:1")),
    "mount": ("type=bind,source=/srv,target=/srv", ("type=bind", "type=bind,source=/srv")),
    "host": ("a:10.0.0.1", ("a", "a:b")),
    "address": ("10.0.0.1", ("x", "10.0.0")),
    "env": ("A=1", ("=1",)),
    "stream": ("stdout", ("foo",)),
    "pull": ("never", ("sometimes",)),
    "restart": ("no", ("on-failure:x",)),
    "sysctl": ("net.core.somaxconn=1024", ("x",)),
    "pid": ("host", ("x",)),
    "uts": ("host", ("x",)),
}
# Values that fit flags whose value is a text, where a client reads more than that into it.
TEXTS = {
    "annotation": "a=b",
    "blkio-weight": "500",
    "blkio-weight-device": "/dev/null:500",
    "cap-add": "NET_ADMIN",
    "cap-drop": "NET_ADMIN",
    "cgroupns": "private",
    "cgroups": "enabled",
    "cpu-period": "50000",
    "cpu-quota": "50000",
    "cpuset-cpus": "0",
    "cpuset-mems": "0",
    "detach-keys": "ctrl-a",
    "device": "/dev/null:/dev/null",
    "device-cgroup-rule": "c 1:3 rwm",
    "device-read-bps": "/dev/null:1mb",
    "device-read-iops": "/dev/null:100",
    "device-write-bps": "/dev/null:1mb",
    "device-write-iops": "/dev/null:100",
    "env-merge": "A=${A}",
    "gpus": "all",
    "health-interval": "10s",
    "health-on-failure": "none",
    "health-start-period": "10s",
    "health-timeout": "10s",
    "ip": "10.0.0.1",
    "ip6": "fd00::1",
    "ipc": "host",
    "label": "a=b",
    "link": "a:b",
    "link-local-ip": "169.254.0.1",
    "log-driver": "none",
    "log-opt": "max-size=1m",
    "mac-address": "92:d0:c6:0a:29:33",
    "network": "host",
    "net": "host",
    "platform": "linux/amd64",
    "sdnotify": "conmon",
    "security-opt": "no-new-privileges",
    "stop-signal": "SIGTERM",
    "storage-opt": "size=1G",
    "systemd": "true",
    "tmpfs": "/srv:size=1m",
    "tz": "local",
    "umask": "0022",
    "userns": "host",
    "volume": "/srv:/srv:ro",
    "workdir": "/srv",
}
# Flags that the clients judge by more than their value: by files, by the machine, by other flags.
ELSEWHERE = {
    *("arch", "authfile", "cert-dir", "cgroup-conf", "cidfile", "creds", "decryption-key", "env-file", "gidmap"),
    *(
        "conmon-pidfile",
        "net-alias",
        "health-startup-cmd",
        "health-startup-interval",
        "health-startup-retries",
        "health-startup-success",
    ),
    *("health-startup-timeout", "healthcheck-command", "healthcheck-interval", "healthcheck-retries", "help"),
    *("healthcheck-start-period", "healthcheck-timeout", "hostuser", "image-volume", "init-ctr", "init-path", "ip6"),
    *("kernel-memory", "label-file", "link-local-ip", "memory-swap", "network-alias", "no-healthcheck", "os"),
    *("override-arch", "override-os", "override-variant", "pod", "pod-id-file", "preserve-fd", "preserve-fds"),
    *("personality", "rdt-class", "requires", "rootfs", "secret", "seccomp-policy", "signature-policy"),
    *("subgidname", "subuidname", "uidmap", "use-api-socket", "variant", "volumes-from", "group-entry"),
    *("passwd-entry", "cpu-rt-period", "cpu-rt-runtime", "device-cgroup-rule", "init", "chrootdirs", "isolation"),
    *("health-log-destination", "health-max-log-count", "health-max-log-size", "disable-content-trust"),
    *("blkio-weight-device", "shm-size-systemd", "hosts-file", "no-hosts", "retry-delay", "replace", "storage-opt"),
    *("io-maxbandwidth", "io-maxiops", "cpu-count", "cpu-percent", "log-opt", "ip", "mac-address", "cni-host"),
}
# What people write, beside what is right.
FAULTS: tuple[tuple[str, str], ...] = (
    ("-rm", "--rm"),
    ("-name a", "--name a"),
    ("-name=a", "--name=a"),
    ("-env A=1", "--env A=1"),
    ("-privileged", "--privileged"),
    ("-publish 80:80", "--publish 80:80"),
    ("-memory=1g", "--memory=1g"),
    ("--nmae a", "--name a"),
    ("--Name a", "--name a"),
    ("--volumes /srv:/srv", "--volume /srv:/srv"),
    ("--enviroment A=1", "--env A=1"),
    ("--port 80:80", "-p 80:80"),
    ("---rm", "--rm"),
    ("-xd", "-i"),
    ("-itx", "-i"),
    ("-p", "-p80:80"),
    ("--stop-timeout x", "--stop-timeout 5"),
    ("-m=2gbx", "-m=200m"),
    ("-p=80:abc", "-p=80:80"),
    ("-ip80:abc", "-ip80:80"),
    ("--rm=yes", "--rm=true"),
    ("--rm --restart=always", "--rm --restart=no"),
    ("--rm --restart unless-stopped", "--restart unless-stopped"),
    ("--no-healthcheck --health-cmd true", "--health-cmd true"),
    ("--no-such-flag=1", "--name=1"),
)
IMAGES: tuple[tuple[str, str], ...] = (
    ("IMG:1", "img:1"),
    ("acme/APP:1", "acme/app:1"),
    ("img:", "img:1"),
    ("img::1", "img:v1"),
    ("acme//app", "acme/app"),
    ("-", "a"),
    ("\u2013rm", "rm"),
    ("a..b", "a.b"),
    ("a___b", "a__b"),
    ("img:1:2", "localhost:5000/img:2"),
    ("img@sha256:abc", "img@sha256:" + "0123456789abcdef" * 4),
)
VERBS: tuple[tuple[str, str], ...] = (
    ("rnu --rm img:1", "run --help"),
    ("container strat a", "container --help"),
    ("rm --froce a", "rm --help --force a"),
    ("stop a --tmie 5", "stop --help -t 5"),
    ("stop a -t", "stop -t 5 --help"),
    ("exec --usr root a true", "exec --help --user root"),
    ("pull --quite img:1", "pull --help"),
    ("network create --subnett 10.0.0.0/24 a", "network create --subnet 10.0.0.0/24 --help"),
    ("--no-such-flag ps", "--help ps"),
    ("volume rn a", "volume rm --help"),
    ("run --rm", "run --rm --help"),
    ("run", "run --help"),
)


class Line(NamedTuple):
    """A command line behind the name of its client."""

    client: str
    words: tuple[str, ...]
    is_fault: bool
    # The versions that know all of its flags.
    versions: frozenset[int]
    # Whether no client says what is wrong with it: the daemon does.
    is_daemons: bool = False


def everything(table: str, judges: list[Client]) -> list[Line]:
    """Returns every line, for the clients that are there to judge it."""
    made: list[Line] = []
    for client in sorted({judge.name for judge in judges}):
        known = frozenset(judge.version for judge in judges if judge.name == client)
        made += [line for line in _flags(client, table, known) if line.versions]
        image = ("img:1",) if client == "docker" else ("--rootfs", "ROOTFS")
        for pair in FAULTS:
            for text, is_fault in zip(pair, (True, False), strict=True):
                made.append(Line(client, ("create", *text.split(), *_image(client, text, image)), is_fault, known))
        for pair in IMAGES:
            for text, is_fault in zip(pair, (True, False), strict=True):
                made.append(Line(client, ("create", "--pull=never", text), is_fault, known))
        for pair in VERBS:
            for text, is_fault in zip(pair, (True, False), strict=True):
                made.append(Line(client, tuple(text.split()), is_fault, known))
        # What stands behind the image is the container's.
        made.append(Line(client, ("create", "--name", "a", *image, "-rm", "--nmae"), False, known))
    made.append(Line("docker", ("run", "-it", "img:1"), True, frozenset(_versions("docker", judges))))
    made.append(Line("docker", ("run", "-itd", "img:1"), False, frozenset(_versions("docker", judges))))
    for words in (("create", "--restart=on-fail", "img:1"), ("exec", "-user", "root", "a", "true")):
        made.append(Line("docker", words, True, frozenset(_versions("docker", judges)), True))
    return made


def _image(client: str, text: str, image: tuple[str, ...]) -> tuple[str, ...]:
    # A flag that has lost its value ends the line; with an image behind it, it would have one.
    return () if text == "-p" else image


def _versions(client: str, judges: list[Client]) -> Iterator[int]:
    return (judge.version for judge in judges if judge.name == client)


def _flags(client: str, table: str, known: frozenset[int]) -> Iterator[Line]:
    """Yields a right and some wrong lines for every flag of `create`; of `run` the table says the same."""
    image = ("img:1",) if client == "docker" else ("--rootfs", "ROOTFS")
    names = {name for _, name, _, _ in _rows(client, table)}
    for letter, name, kind, versions in _rows(client, table):
        if name in ELSEWHERE:
            continue
        has = frozenset(version for version in known if _spans(versions, version))
        right, wrong = VALUES.get(kind, (TEXTS.get(name, "a"), ()))
        right = TEXTS.get(name, right)
        yield Line(client, ("create", f"--{name}={right}", *image), False, has)
        if letter != "-" and kind != "bool":
            yield Line(client, ("create", f"-{letter}{right}", *image), False, has)
            yield Line(client, ("create", f"-{letter}", right, *image), False, has)
        if kind == "bool":
            yield Line(client, ("create", f"--{name}", *image), False, has)
        else:
            yield Line(client, ("create", f"--{name}"), True, has)
        for value in wrong:
            if client == "docker" or (kind, value) not in LENIENT:
                # docker 20 takes any, and pulls what is missing
                judges = has - {20} if kind == "pull" else has
                yield Line(client, ("create", f"--{name}={value}", *image), True, judges)
        # A letter less is another name, or none.
        near = name[:-2] + name[-1] if len(name) > 4 else f"{name}x"
        if near not in names:
            yield Line(client, ("create", f"--{near}={right}", *image), True, has)


# What podman takes, or does not look at.
LENIENT = {("stream", "foo"), ("pid", "x"), ("uts", "x")}


def _rows(client: str, table: str) -> Iterator[tuple[str, str, str, str]]:
    inside = False
    for line in table.splitlines():
        if not line.startswith(" "):
            inside = line.startswith(f"{client} create -")
        elif inside:
            letter, name, kind, versions = [*line.split(), ""][:4]
            yield letter, name, kind, versions


def _spans(versions: str, version: int) -> bool:
    first, _, last = versions.partition("-")
    return int(first or 0) <= version <= int(last or 99)
