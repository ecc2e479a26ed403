"""Kept volumes: found by tag, attached, waited for; through everything that EC2 may answer instead."""

from . import cloud as aws
from .cloud import Cloud
from .host import Host, Running

TAGS = {"cluster": "lab", "role": "node", "node": "lab-1", "volume": "data"}
UNIT = "cfgbuild-attach-data.service"
LINK = "run/cfgbuild/volumes/data"


def volume(zone: str = aws.ZONE, **tags: str) -> str:
    """Makes a volume with the tags of the node's, or others."""
    pairs = [{"Key": f"cfgbuild:{name}", "Value": value} for name, value in (TAGS | tags).items()]
    made = aws.client("ec2").create_volume(
        AvailabilityZone=zone, Size=1, TagSpecifications=[{"ResourceType": "volume", "Tags": pairs}]
    )
    return made["VolumeId"]


def start(host: Host) -> Running:
    return host.start(host.command(UNIT))


def attached(host: Host, running: Running, volume: str) -> None:
    """Asserts that the script ended well, and that its link leads to the volume's disk."""
    assert running.ends() == 0, running.output
    loop, _ = host.attached[volume]
    assert str((host.root / LINK).readlink()) == loop, running.output


def test_a_volume_is_attached(host: Host, cloud: Cloud) -> None:
    # Others that look alike are left alone.
    for other in ({"node": "lab-2"}, {"volume": "logs"}, {"role": "b"}, {"cluster": "b"}):
        volume(**other)
    found = volume()
    host.add_disk(found)
    running = start(host)
    attached(host, running, found)
    asked = aws.client("ec2").describe_volumes(VolumeIds=[found])["Volumes"][0]["Attachments"][0]
    assert (asked["InstanceId"], asked["Device"]) == (cloud.instance, "/dev/xvdf"), asked
    # The role may do what was asked for, and nothing else was.
    assert cloud.actions() == {"ec2:DescribeVolumes", "ec2:AttachVolume"}, cloud.actions()
    options = set(host.said("options").splitlines())
    assert options == {"--network host", "--log-driver none"}, options
    pulls = [line for line in host.said("docker").splitlines() if line.startswith("pull ")]
    assert len(pulls) == 1, pulls


def test_attached_already_after_a_reboot(host: Host, cloud: Cloud) -> None:
    found = volume()
    host.add_disk(found)
    attached(host, start(host), found)
    host.reboot()
    cloud.calls.clear()
    attached(host, start(host), found)
    assert cloud.actions() == {"ec2:DescribeVolumes"}, cloud.actions()


def test_attached_already_under_another_name(host: Host, cloud: Cloud) -> None:
    found = volume()
    host.add_disk(found)
    aws.client("ec2").attach_volume(VolumeId=found, InstanceId=cloud.instance, Device="/dev/sdz")
    running = start(host)
    attached(host, running, found)
    assert "attached as /dev/sdz" in running.output, running.output


def test_a_disk_named_as_on_xen(host: Host, cloud: Cloud) -> None:
    host.nitro = False
    found = volume()
    host.add_disk(found)
    aws.client("ec2").attach_volume(VolumeId=found, InstanceId=cloud.instance, Device="/dev/sdf")
    attached(host, start(host), found)


def test_still_attached_to_the_instance_before(host: Host, cloud: Cloud) -> None:
    found, before = volume(), cloud.another_instance()
    host.add_disk(found)
    ec2 = aws.client("ec2")
    ec2.attach_volume(VolumeId=found, InstanceId=before, Device="/dev/xvdf")
    running = start(host)
    assert running.until(f"{found} is still attached at {before}"), running.output
    assert "ec2:DetachVolume" not in cloud.actions()
    ec2.detach_volume(VolumeId=found, InstanceId=before)
    attached(host, running, found)


def test_in_another_zone(host: Host, cloud: Cloud) -> None:
    other = volume(zone="eu-central-1b")
    running = start(host)
    assert running.until(f"there is {other} in eu-central-1b"), running.output
    assert f"no volume in {aws.ZONE} has the tags cfgbuild:cluster=lab cfgbuild:role=node" in running.output
    # One in the right zone ends the waiting.
    found = volume()
    host.add_disk(found)
    attached(host, running, found)


def test_no_volume(host: Host, cloud: Cloud) -> None:
    running = start(host)
    assert running.until(
        "has the tags cfgbuild:cluster=lab cfgbuild:role=node cfgbuild:node=lab-1 cfgbuild:volume=data"
    ), running.output
    assert "there is" not in running.output and running.ends(2) is None, running.output
    found = volume()
    host.add_disk(found)
    attached(host, running, found)


def test_two_volumes(host: Host, cloud: Cloud) -> None:
    first, second = volume(), volume()
    host.add_disk(first)
    host.add_disk(second)
    running = start(host)
    assert running.until("several volumes have the tags"), running.output
    assert first in running.output and second in running.output, running.output
    assert "ec2:AttachVolume" not in cloud.actions()
    aws.client("ec2").delete_tags(Resources=[second], Tags=[{"Key": "cfgbuild:volume"}])
    attached(host, running, first)


def test_the_disk_comes_late(host: Host, cloud: Cloud) -> None:
    host.delay = 3
    found = volume()
    host.add_disk(found)
    running = start(host)
    assert running.until("waiting for its disk"), running.output
    attached(host, running, found)


def test_a_reboot_in_the_middle(host: Host, cloud: Cloud) -> None:
    """Killed before the call, after it, and while it waits for the disk: the next boot takes it from there."""
    found = volume()
    for text in ("made to fail", "attaching as", "waiting for its disk"):
        if text == "made to fail":
            cloud.fail("ec2:AttachVolume", 1000, "InternalError")
        running = start(host)
        assert running.until(text), running.output
        running.kill()
        host.reboot()
        cloud.faults.clear()
    host.add_disk(found)
    attached(host, start(host), found)


def test_throttled(host: Host, cloud: Cloud) -> None:
    found = volume()
    host.add_disk(found)
    cloud.fail("ec2:DescribeVolumes", 7, "RequestLimitExceeded")
    attached(host, start(host), found)


def test_not_allowed_and_then_allowed(host: Host, cloud: Cloud) -> None:
    found = volume()
    host.add_disk(found)
    cloud.fail("ec2:AttachVolume", 2, "UnauthorizedOperation")
    running = start(host)
    attached(host, running, found)
    assert "aws ec2 attach-volume: An error occurred (UnauthorizedOperation)" in running.output, running.output


def test_the_connection_breaks(host: Host, cloud: Cloud) -> None:
    found = volume()
    host.add_disk(found)
    cloud.fail("ec2:DescribeVolumes", 7, "drop")
    attached(host, start(host), found)


def test_no_credentials_yet(host: Host, cloud: Cloud) -> None:
    cloud.has_role = False
    found = volume()
    host.add_disk(found)
    running = start(host)
    assert running.until("Unable to locate credentials"), running.output
    cloud.has_role = True
    attached(host, running, found)


def test_the_metadata_comes_late(host: Host, cloud: Cloud) -> None:
    cloud.metadata_works = False
    found = volume()
    host.add_disk(found)
    running = start(host)
    assert running.until("the instance's metadata has no instance-id yet"), running.output
    cloud.metadata_works = True
    attached(host, running, found)


def test_the_registry_of_the_command_line_is_down(host: Host, cloud: Cloud) -> None:
    host.write("lab/registry-down", "")
    found = volume()
    host.add_disk(found)
    running = start(host)
    assert running.until("registry is down"), running.output
    (host.root / "lab/registry-down").unlink()
    attached(host, running, found)
