"""Secrets: fetched into memory for one container, to the last byte, and kept where the store does not answer."""

import json

from . import cloud as aws
from . import envfile
from .booted import booted
from .cloud import Cloud
from .host import Host, Running, run

UNIT = "cfgbuild-secrets-app.service"
LOGIN = "cfgbuild-registry-login.service"
FILE = "run/cfgbuild/secrets/app.env"
FILES = "run/cfgbuild/secret-files/app"
VAULT = "cfgbuild-secrets-vault.service"
FACTS = {"COREOS_EC2_IPV4_LOCAL": "10.0.1.5"}
REGISTRY = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"

HOSTILE = """-----BEGIN KEY-----
a "b" 'c' \\ \\n $HOME ${HOME} `id` $(id) %n %% # ; = & | <x>\tgr\u00f6\u00dfe \U0001f600
-----END KEY-----
"""


def put(password: str = "p", key: str = "k", whole: str = "w", file: str = "f") -> None:
    ssm, secrets = aws.client("ssm"), aws.client("secretsmanager")
    for parameter, value in (("/lab/password", password), ("/lab/key", file)):
        ssm.put_parameter(Name=parameter, Value=value, Type="SecureString", Overwrite=True)
    for name, value in (("lab/api", json.dumps({"user": "x", "key": key, "port": 1})), ("lab/whole", whole)):
        try:
            secrets.create_secret(Name=name, SecretString=value)
        except secrets.exceptions.ResourceExistsException:
            secrets.put_secret_value(SecretId=name, SecretString=value)


def start(host: Host) -> Running:
    return host.start(host.command(UNIT), **FACTS)


def as_systemd_reads(host: Host) -> dict[str, str]:
    """Returns what a service gets that has the file as its `EnvironmentFile=`."""
    return envfile.read((host.root / FILE).read_bytes().decode())


def test_fetched_to_the_last_byte(host: Host, cloud: Cloud) -> None:
    for secret in ("p", HOSTILE, "\n\n", " blanks ", "'", '"', "\\", "a\\", "$x", "None", "x" * 4000):
        put(secret, secret, secret)
        running = start(host)
        assert running.ends() == 0, running.output
        found = as_systemd_reads(host)
        url = f'db://me:{secret}@10.0.1.5/x?"q"&k={secret}'
        assert found == {"PASSWORD": secret, "URL": url, "WHOLE": secret}, (secret, found)
        assert secret == "None" or len(secret) < 3 or secret not in running.output
    mode = (host.root / FILE).stat()
    assert (mode.st_mode & 0o777, mode.st_uid) == (0o600, 0), oct(mode.st_mode)
    assert (host.root / FILE).parent.stat().st_mode & 0o777 == 0o700
    assert "tmpfs" in run("findmnt", "-n", "-o", "FSTYPE", "-T", host.root / FILE)
    assert cloud.actions() == {"ssm:GetParameter", "secretsmanager:GetSecretValue"}, cloud.actions()


def test_files_to_the_last_byte(host: Host, cloud: Cloud) -> None:
    folder = host.root / FILES
    for secret in ("f", HOSTILE, "\n\n", "no line end", "a\r\nb\x1b[0m\x7f", "x" * 4000):
        put(file=secret)
        running = start(host)
        assert running.ends() == 0, (secret, running.output)
        assert (folder / "key").read_bytes() == secret.encode(), (secret, (folder / "key").read_bytes())
        assert (folder / "url").read_text() == "db://p@10.0.1.5/", (folder / "url").read_text()
    found = {
        path.name: (oct(path.stat().st_mode & 0o7777), path.stat().st_uid, path.stat().st_gid)
        for path in (folder, *folder.iterdir())
    }
    expected = {"app": ("0o700", 0, 0), "key": ("0o440", 1000, 1001), "url": ("0o400", 0, 0)}
    assert found == expected, found
    assert "tmpfs" in run("findmnt", "-n", "-o", "FSTYPE", "-T", folder / "key")
    left = [str(path) for path in (host.root / "run/cfgbuild").rglob("*") if path.is_file()]
    assert len(left) == 3, f"nothing is left beside the files: {left}"


def test_files_change_as_a_whole(host: Host, cloud: Cloud) -> None:
    """One that is not there is named, asked for again, and holds up all of them."""
    put()
    aws.client("ssm").delete_parameter(Name="/lab/key")
    running = start(host)
    assert running.until("aws ssm get-parameter: An error occurred (ParameterNotFound)"), running.output
    assert not (host.root / FILES).exists() and not (host.root / FILE).exists()
    put()
    assert running.ends() == 0 and (host.root / FILES / "key").read_text() == "f", running.output


def test_files_are_kept_where_the_store_does_not_answer(host: Host, cloud: Cloud) -> None:
    put(file="old")
    assert start(host).ends() == 0
    cloud.fail("ssm:GetParameter", 1000, "drop")
    running = start(host)
    assert running.ends(300) == 0 and "the values of before are kept" in running.output, running.output
    assert (host.root / FILES / "key").read_text() == "old"
    (host.root / FILES / "url").unlink()
    running = start(host)
    assert running.ends(20) is None and "kept" not in running.output, running.output


def test_files_come_and_go_with_their_unit(host: Host, cloud: Cloud) -> None:
    """Under systemd itself: there before each start, kept from one to the next by itself, gone after a stop."""
    put("one")
    host.write("lab/images", "example.net/vault:1\n")
    folder = "/run/cfgbuild/secret-files/vault"
    file = f"{folder}/password"
    said = booted(
        host,
        [VAULT, "vault.service"],
        f"""
        look() {{ echo "$1: $(systemctl is-active vault) $(stat -c '%a %u:%g' {file} 2>/dev/null || echo gone)"; }}
        look before
        systemctl start vault && look started
        inode=$(stat -c %i {file})
        systemctl kill --signal=KILL vault
        until [[ $(systemctl is-active vault) == activating ]]; do :; done
        look between
        until [[ $(stat -c %i {file}) != "$inode" && $(systemctl is-active vault) == active ]]; do sleep 1; done
        look again
        systemctl stop vault && look stopped
        [[ -e {folder} ]] && echo "the folder is left"
        systemctl start vault && look anew
        """,
    )
    there = "400 1234:5"
    assert said.splitlines() == [
        "before: inactive gone",
        f"started: active {there}",
        f"between: activating {there}",
        f"again: active {there}",
        "stopped: inactive gone",
        f"anew: active {there}",
    ], said
    mount = f"type=bind,source={file},target=/run/secrets/password,readonly {there} one"
    assert host.said("mounts").splitlines() == [mount] * 3, host.said("mounts")


def test_nothing_of_it_is_in_the_user_data(host: Host, cloud: Cloud) -> None:
    texts = list(host.units.values()) + [path.read_text() for path in (host.root / "etc/cfgbuild").iterdir()]
    assert any("ssm /lab/password" in text for text in texts)


def test_fetched_again_at_each_start(host: Host, cloud: Cloud) -> None:
    put("old")
    assert start(host).ends() == 0
    put("new")
    assert start(host).ends() == 0
    assert as_systemd_reads(host)["PASSWORD"] == "new"


def test_kept_where_the_store_does_not_answer(host: Host, cloud: Cloud) -> None:
    put("old")
    assert start(host).ends() == 0
    cloud.fail("ssm:GetParameter", 1000, "drop")
    running = start(host)
    assert running.ends(300) == 0 and "the values of before are kept" in running.output, running.output
    assert as_systemd_reads(host)["PASSWORD"] == "old"


def test_waits_where_there_is_nothing_yet(host: Host, cloud: Cloud) -> None:
    running = start(host)
    assert running.until("ParameterNotFound"), running.output
    assert not (host.root / FILE).exists()
    put()
    assert running.ends() == 0 and as_systemd_reads(host)["PASSWORD"] == "p", running.output


def test_throttled_and_not_allowed(host: Host, cloud: Cloud) -> None:
    put()
    cloud.fail("ssm:GetParameter", 8, "ThrottlingException")
    cloud.fail("secretsmanager:GetSecretValue", 2, "AccessDeniedException")
    running = start(host)
    assert running.ends() == 0 and as_systemd_reads(host)["WHOLE"] == "w", running.output


def test_what_systemd_would_drop_is_refused(host: Host, cloud: Cloud) -> None:
    put("a\r\nb")
    running = start(host)
    assert running.until("holds a control character"), running.output
    assert not (host.root / FILE).exists()


def test_a_key_that_is_not_there(host: Host, cloud: Cloud) -> None:
    put()
    aws.client("secretsmanager").put_secret_value(SecretId="lab/api", SecretString='{"other": "x"}')
    running = start(host)
    assert running.until("is no JSON object with this key"), running.output


def test_a_binary_secret(host: Host, cloud: Cloud) -> None:
    put()
    aws.client("secretsmanager").put_secret_value(SecretId="lab/whole", SecretBinary=b"\0\1")
    running = start(host)
    assert running.until("is empty, or no text"), running.output


def test_login_before_a_pull(host: Host, cloud: Cloud) -> None:
    running = host.start(host.command(LOGIN), DOCKER_CONFIG="/run/cfgbuild/registry")
    assert running.ends() == 0, running.output
    login = host.said("logins")
    assert f"login --username AWS --password-stdin {REGISTRY} in /run/cfgbuild/registry with " in login, login
    assert len(login.rpartition(" with ")[2].strip()) > 5, login
    assert cloud.actions() == {"ecr:GetAuthorizationToken"}, cloud.actions()


def test_no_login_where_the_image_is_here(host: Host, cloud: Cloud) -> None:
    host.write("lab/images", f"{REGISTRY}/team/app:1\n")
    running = host.start(host.command(LOGIN), DOCKER_CONFIG="/run/cfgbuild/registry")
    assert running.ends() == 0 and not cloud.calls and not host.said("logins"), running.output


def test_no_login_is_an_end(host: Host, cloud: Cloud) -> None:
    """The container tries again by itself, and may have its image already."""
    cloud.fail("ecr:GetAuthorizationToken", 1000, "AccessDeniedException")
    running = host.start(host.command(LOGIN), DOCKER_CONFIG="/run/cfgbuild/registry")
    assert running.ends(300) == 1 and "no login to" in running.output, running.output
