"""The node's name: set before its services start, looked after, and no reason to stay down."""

from . import cloud as aws
from .cloud import Cloud
from .host import Host, Running

NAME = "lab-1.lab.internal."
UNIT = "cfgbuild-name.service"


def zone() -> str:
    made = aws.client("route53").create_hosted_zone(Name="lab.internal.", CallerReference="t")
    return made["HostedZone"]["Id"].removeprefix("/hostedzone/")


def start(host: Host, zone: str) -> Running:
    return host.start(host.command(UNIT), CFGBUILD_ZONE_ID=zone)


def test_the_name_is_set(host: Host, cloud: Cloud) -> None:
    running = start(host, zone())
    assert running.ends() == 0, running.output
    assert cloud.record(NAME) == cloud.address, running.output
    assert cloud.actions() == {"route53:ChangeResourceRecordSets", "route53:GetChange"}, cloud.actions()
    # A name asked for before it exists may be remembered as unknown.
    assert not cloud.resolved, cloud.resolved


def test_a_new_instance_takes_the_name_over(host: Host, cloud: Cloud) -> None:
    at = zone()
    assert start(host, at).ends() == 0
    host.reboot()
    cloud.address = "10.0.1.6"
    assert start(host, at).ends() == 0
    assert cloud.record(NAME) == "10.0.1.6"
    record = aws.client("route53").list_resource_record_sets(HostedZoneId=at)["ResourceRecordSets"]
    assert [one["TTL"] for one in record if one["Name"] == NAME] == [30], record


def test_right_already_and_aws_out_of_reach(host: Host, cloud: Cloud) -> None:
    at = zone()
    assert start(host, at).ends() == 0
    host.reboot()
    cloud.fail("route53:ChangeResourceRecordSets", 1000, "drop")
    running = start(host, at)
    assert running.ends() == 0 and "could not be set, but is 10.0.1.5 already" in running.output, running.output


def test_wrong_and_aws_out_of_reach(host: Host, cloud: Cloud) -> None:
    cloud.fail("route53:ChangeResourceRecordSets", 1000, "drop")
    running = start(host, zone())
    assert running.until("aws route53 change-resource-record-sets:"), running.output
    assert running.ends(3) is None, running.output
    cloud.faults.clear()
    assert running.ends() == 0 and cloud.record(NAME) == cloud.address, running.output


def test_nobody_resolves_and_aws_is_out_of_reach(host: Host, cloud: Cloud) -> None:
    at = zone()
    assert start(host, at).ends() == 0
    host.reboot()
    cloud.names_work = False
    cloud.fail("route53:ChangeResourceRecordSets", 1000, "drop")
    running = start(host, at)
    assert running.until("aws route53 change-resource-record-sets:") and running.ends(3) is None, running.output


def test_looked_after_without_asking_aws(host: Host, cloud: Cloud) -> None:
    at = zone()
    assert start(host, at).ends() == 0
    cloud.calls.clear()
    assert start(host, at).ends() == 0
    assert not cloud.calls, cloud.calls


def test_drifted(host: Host, cloud: Cloud) -> None:
    at = zone()
    assert start(host, at).ends() == 0
    change = {
        "Action": "UPSERT",
        "ResourceRecordSet": {"Name": NAME, "Type": "A", "TTL": 30, "ResourceRecords": [{"Value": "10.9.9.9"}]},
    }
    aws.client("route53").change_resource_record_sets(HostedZoneId=at, ChangeBatch={"Changes": [change]})
    assert start(host, at).ends() == 0
    assert cloud.record(NAME) == cloud.address


def test_outside_of_a_stack(host: Host, cloud: Cloud) -> None:
    running = start(host, "")
    assert running.ends() == 0 and "no hosted zone is known" in running.output, running.output


def test_no_address_yet(host: Host, cloud: Cloud) -> None:
    cloud.address = ""
    running = start(host, zone())
    assert running.until("the instance's metadata has no local-ipv4 yet"), running.output
    cloud.address = "10.0.1.8"
    assert running.ends() == 0 and cloud.record(NAME) == cloud.address, running.output
