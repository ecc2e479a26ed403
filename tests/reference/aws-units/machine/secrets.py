"""Secrets: fetched into memory for one container, to the last byte, and kept where the store does not answer."""

import json

from . import cloud as aws
from . import envfile
from .cloud import Cloud
from .host import Host, Running, run

UNIT = "cfgbuild-secrets-app.service"
LOGIN = "cfgbuild-registry-login.service"
FILE = "run/cfgbuild/secrets/app.env"
FACTS = {"COREOS_EC2_IPV4_LOCAL": "10.0.1.5"}
REGISTRY = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"

HOSTILE = """-----BEGIN KEY-----
a "b" 'c' \\ \\n $HOME ${HOME} `id` $(id) %n %% # ; = & | <x>\tgr\u00f6\u00dfe \U0001f600
-----END KEY-----
"""


def put(password: str = "p", key: str = "k", whole: str = "w") -> None:
    ssm, secrets = aws.client("ssm"), aws.client("secretsmanager")
    ssm.put_parameter(Name="/lab/password", Value=password, Type="SecureString", Overwrite=True)
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
