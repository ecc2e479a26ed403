"""The orders of events in which a cluster must lose nothing, for each service."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cluster.compiled import Role
from cluster.report import Report
from cluster.shell import Failure, until

from .cluster_of import Etcd, Kraft, Members, ZooKeeper


@contextmanager
def running(made: Members) -> Iterator[Members]:
    try:
        yield made
    finally:
        made.close()


def expect(condition: object, otherwise: str) -> None:
    if not condition:
        raise Failure(otherwise)


def read_back(report: Report, members: Members, number: int, title: str) -> None:
    with report.step(title) as step:
        lost = members.missing(number)
        expect(lost == 0, f"{lost} acknowledged records are gone")


def forms(report: Report, members: Members) -> None:
    """The founder comes last, and one member is away for a while: nobody is born before all have answered."""
    with report.step("the founder and one other wait for the third"):
        members.boot(2)
        members.boot(1)
        until("1 waits", lambda: members.nodes[0].said("nobody can say what was on it"), 60)
        members.stays_without(1, 8)
    with report.step("the third comes, and the cluster is born"):
        members.boot(3)
        members.until_whole(1, 2, 3)


def loses_nothing(report: Report, members: Members) -> None:
    """3 lags, 1 and 2 acknowledge and lose power, the disk of 1 is lost, 1 and 3 are back before 2."""
    members.write(1, 20)
    with report.step("3 loses power, 1 and 2 go on acknowledging"):
        members.lose_power(3)
        until("they go on", lambda: members.write(2, 20) or True, 90)
    with report.step("1 and 2 lose power, the disk of 1 is lost; 1 and 3 come back and wait"):
        members.lose_power(1, 2)
        members.lose_disk(1)
        members.boot(1, 3)
        members.stays_without(3, 15)
        members.stays_without(1, 1)
    with report.step("2 is back, which ends the wait"):
        members.boot(2)
        members.until_whole(1, 2, 3)
    for number in (1, 2, 3):
        read_back(report, members, number, f"every acknowledged record is on {number}")


def comes_back(report: Report, members: Members) -> None:
    with report.step("all lose power at once, and come back without asking anybody"):
        members.lose_power(1, 2, 3)
        members.boot(3, 2, 1)
        members.until_whole(1, 2, 3)
    with report.step("the disk of a member is lost while the others go on"):
        members.lose_power(2)
        members.lose_disk(2)
        members.write(1, 5)
        members.boot(2)
        members.until_whole(1, 2, 3)
    read_back(report, members, 2, "it has what was acknowledged while it was away")
    with report.step("two disks are lost at once: nobody serves"):
        members.lose_power(1, 2, 3)
        members.lose_disk(1, 2)
        members.boot(1, 2, 3)
        members.stays_without(3, 12)
        members.stays_without(1, 1)


def etcd(report: Report, roles: dict[str, Role]) -> None:
    """etcd with a list of its members"""
    with running(Etcd(roles["etcd"])) as members:
        forms(report, members)
        loses_nothing(report, members)
        comes_back(report, members)


def zookeeper(report: Report, roles: dict[str, Role]) -> None:
    """ZooKeeper"""
    with running(ZooKeeper(roles["zookeeper"])) as members:
        forms(report, members)
        loses_nothing(report, members)
        comes_back(report, members)


def kraft(report: Report, roles: dict[str, Role]) -> None:
    """Kafka without ZooKeeper, written to all the time"""
    brokers(report, Kraft(roles["kraft"]))


def kraft_older(report: Report, roles: dict[str, Role]) -> None:
    """Kafka 3.9, whose controllers are let in by a tool"""
    brokers(report, Kraft(roles["kraft-older"]))


def brokers(report: Report, made: Kraft) -> None:
    with running(made):
        forms(report, made)
        made.make_topic()
        made.produce()
        loses_nothing(report, made)
        comes_back(report, made)


ALL: dict[str, Callable[[Report, dict[str, Role]], None]] = {"etcd": etcd, "zookeeper": zookeeper, "kraft": kraft, "kraft-older": kraft_older}
USUAL = ("etcd", "zookeeper", "kraft")
