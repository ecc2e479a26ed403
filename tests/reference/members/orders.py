"""The orders of events in which a cluster must lose nothing, for each service."""

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import TypeVar

from cluster.compiled import Role
from cluster.discovery import Discovery
from cluster.places import RUN
from cluster.report import Report
from cluster.shell import Failure, run, until

from .cluster_of import DOMAIN, FURTHER, LIMIT, Dedicated, Etcd, Kraft, Members, WithZooKeeper, ZooKeeper, profile
from .node import NETWORK, Node

M = TypeVar("M", bound=Members)


@contextmanager
def running(made: M) -> Iterator[M]:
    try:
        yield made
    except Failure:
        for node in made.nodes:
            print(f"-- {node.name} said last:\n{node.last_words()}")
        raise
    finally:
        made.close()


def expect(condition: object, otherwise: str) -> None:
    if not condition:
        raise Failure(otherwise)


def read_back(report: Report, members: Members, number: int, title: str) -> None:
    with report.step(title):
        lost = members.missing(number)
        expect(lost == 0, f"{lost} acknowledged records are gone")


def forms(report: Report, members: Members) -> None:
    """The founder comes last, and one member is away for a while: nobody is born before all have answered."""
    with report.step("the founder and one other wait for the third"):
        members.boot(2)
        members.boot(1)
        until("1 waits", lambda: members.nodes[0].said("is blank;"), 60)
        members.stays_without(1, 8)
    with report.step("the third comes, and the cluster is born"):
        members.boot(3)
        members.until_whole(1, 2, 3)


def loses_nothing(report: Report, members: Members) -> None:
    """3 lags, 1 and 2 acknowledge and lose power, the disk of 1 is lost, 1 and 3 are back before 2."""
    members.write(1, 20)
    with report.step("3 loses power, 1 and 2 go on acknowledging"):
        members.lose_power(3)
        until("they go on", lambda: members.writes(2, 20), 90)
    with report.step("1 and 2 lose power, the disk of 1 is lost; 1 and 3 come back and wait"):
        members.lose_power(1, 2)
        members.lose_disk(1)
        members.boot(1, 3)
        members.stays_without(3, 15)
        members.stays_without(1, 1)
    members.boot(2)
    members.settle(report)
    with report.step("2 is back, which ends the wait"):
        members.until_whole(1, 2, 3)
    members.settled(report)
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
        until("the others go on", lambda: members.writes(1, 5), 90)
        members.boot(2)
        members.until_whole(1, 2, 3)
    read_back(report, members, 2, "it has what was acknowledged while it was away")
    with report.step("two disks are lost at once: nobody serves"):
        members.lose_power(1, 2, 3)
        members.lose_disk(1, 2)
        members.boot(1, 2, 3)
        members.stays_without(3, 12)
        members.stays_without(1, 1)


def is_told(report: Report, members: Members) -> None:
    """A copy of a disk is refused once its original has gone on; the advice that is given is carried out."""
    node = members.nodes[1]
    disk, copy = node.root / members.kept.lstrip("/"), node.folder / "copy"
    with report.step("an old copy of a disk is refused beside living members") as step:
        members.lose_power(2)
        shutil.copytree(disk, copy, symlinks=True, copy_function=_copy)
        members.boot(2)
        members.until_whole(1, 2, 3)
        members.lose_power(2)
        members.lose_disk(2)
        shutil.copytree(copy, disk, symlinks=True, copy_function=_copy, dirs_exist_ok=True)
        members.boot(2)
        step.detail = until("it is refused", lambda: "".join(node.lines("is old")[-1:]), 60)
        members.stays_without(2, 3)
    with report.step("what the message advises makes it a new member"):
        advice = step.detail.partition("without its data: ")[2]
        expect(advice.startswith(f"rm -rf {members.kept}/"), f"no advice: {step.detail}")
        members.lose_power(2)
        node.say(*advice.partition(" && ")[0].split())
        members.boot(2)
        members.until_whole(1, 2, 3)
    read_back(report, members, 2, "it has every acknowledged record")


def _copy(source: str, target: str) -> None:
    shutil.copy2(source, target)
    status = Path(source).stat()
    os.chown(target, status.st_uid, status.st_gid)


def goes_over(report: Report, members: Members, old: dict[str, str]) -> None:
    """A cluster made the way of before, with the scripts of today: it goes on, and a lost disk is replaced."""
    with report.step("a cluster that was made the old way"):
        for node in members.nodes:
            node.install(old)
        members.boot(1, 2, 3)
        members.until_whole(1, 2, 3)
        members.write(1, 20)
    with report.step("node by node gets what is compiled today, and goes on with its data"):
        for number, node in enumerate(members.nodes, 1):
            members.lose_power(number)
            node.install({path: node.files[path] for path in old})
            members.boot(number)
            members.until_whole(1, 2, 3)
    with report.step("a disk that is lost now is replaced"):
        members.lose_power(3)
        members.lose_disk(3)
        members.boot(3)
        members.until_whole(1, 2, 3)
    read_back(report, members, 3, "nothing is lost on the way")


def is_caught(report: Report, members: Members, old: dict[str, str]) -> None:
    """The old way loses what was acknowledged, and the suite says so."""
    for node in members.nodes:
        node.install(old)
    members.boot(1, 2, 3)
    members.until_whole(1, 2, 3)
    members.write(1, 20)
    with report.step("the old way is caught") as step:
        quiet = Report(report.view)
        try:
            loses_nothing(quiet, members)
        except Failure as error:
            step.detail = str(error)[:200]
        expect(step.detail, "the old way has lost nothing: this suite cannot fail")


# What the machines were told before: who is blank begins anew, with everybody who is listed.
OLD_ETCD = """\
[ "$1" = start ] || exit 0
mkdir -p /run/cfgbuild
echo MEMBER_FLAGS=--initial-cluster=@MEMBERS@ --initial-cluster-state=new >/run/cfgbuild/etcd.member
"""
OLD_KRAFT = """\
[ "$1" = form ] || { [ "$1" != start ] || [ -e /var/lib/kafka/data/meta.properties ]; exit; }
mkdir -p /run/cfgbuild
echo MEMBER_FLAGS=--cluster-id=RkV1v40qILUZnhN760L6hg --initial-controllers=@MEMBERS@ >/run/cfgbuild/kafka.member
"""
OLD_ZOOKEEPER = """\
[ "$1" = start ] || exit 0
ls /var/lib/zookeeper/data/version-2/snapshot.* 2>/dev/null || { >/var/lib/zookeeper/datalog/initialize
    chown 1000:1000 /var/lib/zookeeper/datalog/initialize; }
"""
DIRECTORIES = ("HFml9O1dbGdjeepNWwyqcg", "oJj450qxDwnfyJrs_BcnVw", "4bnBmc3HbDcb4QHJQoac9A")


def old_way(members: Members) -> dict[str, str]:
    names = [node.name for node in members.nodes]
    if isinstance(members, Etcd):
        listed, script = [f"{name}=http://{name}.{DOMAIN}:2380" for name in names], OLD_ETCD
    elif isinstance(members, Kraft):
        numbered = enumerate(zip(names, DIRECTORIES, strict=True), 1)
        listed = [f"{number}@{name}.{DOMAIN}:9093:{directory}" for number, (name, directory) in numbered]
        script = OLD_KRAFT
    else:
        listed, script = [], OLD_ZOOKEEPER
    return {"/etc/cfgbuild/member": script.replace("@MEMBERS@", ",".join(listed))}


def all_of(report: Report, members: Members) -> None:
    with running(members):
        forms(report, members)
        members.begin()
        loses_nothing(report, members)
        is_told(report, members)
        comes_back(report, members)
        members.recover(report)


def etcd(report: Report, roles: dict[str, Role]) -> None:
    """etcd with a list of its members"""
    all_of(report, Etcd(roles["etcd"]))


def zookeeper(report: Report, roles: dict[str, Role]) -> None:
    """ZooKeeper"""
    all_of(report, ZooKeeper(roles["zookeeper"]))


def kafka(report: Report, roles: dict[str, Role]) -> None:
    """Kafka with ZooKeeper beside it, written to all the time: what a lost disk held is led by those who have it"""
    members = WithZooKeeper(roles["kafka"])
    with running(members):
        forms(report, members)
        members.begin()
        loses_nothing(report, members)
        members.begins_anew(report)


def kraft(report: Report, roles: dict[str, Role]) -> None:
    """Kafka without ZooKeeper, written to all the time"""
    all_of(report, Kraft(roles["kraft"]))


def kraft_older(report: Report, roles: dict[str, Role]) -> None:
    """Kafka 3.9, whose controllers are let in by a tool"""
    all_of(report, Kraft(roles["kraft-older"]))


def token(report: Report, roles: dict[str, Role]) -> None:
    """etcd that is born by a token: who has used it up is no newcomer"""
    with running(Etcd(roles["etcd-token"])) as members, discovery(3):
        with report.step("three blank disks are born by the token"):
            members.boot(1, 2, 3)
            members.until_whole(1, 2, 3)
        loses_nothing(report, members)
        comes_back(report, members)
        with report.step("each of the blank ones says that the token has seen it on another disk"):
            for node in members.nodes[:2]:
                until("it says so", partial(node.said, "the token has seen this member on another disk"), 30)


@contextmanager
def discovery(size: int) -> Iterator[None]:
    """The discovery service of the hosts that boot, with a token for `size` members."""
    server = Discovery(f"{NETWORK}.254")
    try:
        place = f"{server.url}/v2/keys/_etcd/registry/members/_config/size"
        run("curl", "-sf", "-X", "PUT", place, "-d", f"value={size}")
        yield
    finally:
        server.down()


def every_order(report: Report, roles: dict[str, Role]) -> None:
    """Births in every order of arrival, and one with a permit"""
    for order in permutations((1, 2, 3)):
        for made in (Etcd(roles["etcd"]), ZooKeeper(roles["zookeeper"])):
            with running(made) as members, report.step(f"{members.kept}: {order}"):
                for number in order:
                    members.boot(number)
                    time.sleep(1)
                members.until_whole(1, 2, 3)
    with running(Etcd(roles["etcd"])) as members, report.step("one is away for good, and somebody answers for it"):
        members.boot(1, 2)
        said = until("1 says how", lambda: "".join(members.nodes[0].lines("touch ")[-1:]), 60)
        members.nodes[0].say(*said[said.rindex("touch ") :].partition(",")[0].split())
        until("1 and 2 serve", lambda: members.serves(1) and members.serves(2), 60)


def permits(report: Report, roles: dict[str, Role]) -> None:
    """A birth that is cut short, and permits where they must not count"""
    with running(Etcd(roles["etcd"])) as members:
        with report.step("the founder loses power as it is born, and goes on with the same birth"):
            members.boot(1, 2, 3)
            until("it is born", partial(members.nodes[0].said, "is born here"), 60)
            members.lose_power(1)
            time.sleep(5)
            members.boot(1)
            members.until_whole(1, 2, 3)
        members.write(1, 20)
        with report.step("a permit on a blank disk founds nothing beside members that have data"):
            members.lose_power(1)
            members.lose_disk(1)
            _permit(members)
            members.boot(1)
            members.until_whole(1, 2, 3)
        read_back(report, members, 1, "it has what the others had")
        with report.step("nor is it there for the next disk, with a single other member in reach"):
            members.lose_power(1, 2, 3)
            members.lose_disk(1)
            _permit(members)
            members.boot(1, 2)
            members.stays_without(1, 20)
            members.boot(3)
            members.until_whole(1, 2, 3)
        read_back(report, members, 1, "it has what the others had")


def _permit(members: Members) -> None:
    """Puts the file by hand before the first start."""
    mark = members.nodes[0].root / members.kept.lstrip("/") / "member"
    mark.mkdir(parents=True, exist_ok=True)
    (mark / "permit").touch()


def before(report: Report, roles: dict[str, Role]) -> None:
    """Clusters that were made the old way go on, and the old way itself is caught"""
    for kind, role in ((Etcd, "etcd"), (ZooKeeper, "zookeeper"), (Kraft, "kraft")):
        for what in (goes_over, is_caught):
            made = kind(roles[role])
            with running(made) as members:
                if isinstance(members, Kraft):
                    for node in members.nodes:
                        node.install(old_way(members))
                    members.boot(1, 2, 3)
                    members.until_whole(1, 2, 3)
                    members.begin()
                what(report, members, old_way(members))


def grow(report: Report, roles: dict[str, Role]) -> None:
    """One member more at a time, the new one first: docs/operations.md, "One member more" """
    with running(ZooKeeper(roles["zookeeper-4"])) as members:
        members.size = 3
        members.become(roles["zookeeper"], 1, 2, 3)
        members.boot(1, 2, 3)
        members.until_whole(1, 2, 3)
        members.write(1, 20)
        out_of_order(report, members, roles["zookeeper-4"])
    for kind, role, sizes in ((ZooKeeper, "zookeeper", (3, 4, 5)), (Etcd, "etcd", (3, 4, 5)), (Kraft, "kraft", (1, 3))):
        with running(kind(roles[f"{role}-{sizes[-1]}"])) as members:
            before = range(1, sizes[0] + 1)
            members.size = sizes[0]
            members.become(roles[f"{role}-{sizes[0]}"], *before)
            with report.step(f"{role} of {sizes[0]}"):
                members.boot(*before)
                members.until_whole(*before)
                members.begin()
                members.write(1, 20)
            for size in sizes[1:]:
                grows(report, members, role, roles[f"{role}-{size}"], size)


def out_of_order(report: Report, members: Members, target: Role) -> None:
    """An old member comes before the new one: both stay out, until the next old one is replaced."""
    with report.step("zookeeper: 1 is replaced before the new one is there: it waits, the others go on"):
        members.lose_power(1)
        members.become(target, 1, 4)
        members.boot(1)
        members.stays_without(1, 20)
        members.write(2, 5)
    with report.step("zookeeper: the new one comes late, and waits as well"):
        members.size = 4
        members.boot(4)
        members.stays_without(4, 20)
        members.write(2, 5)
    with report.step("zookeeper: the next is replaced, and all are in"):
        members.lose_power(2)
        members.become(target, 2)
        members.boot(2)
        members.until_whole(1, 2, 3, 4)
        members.write(1, 5)
    for number in (1, 2, 3, 4):
        read_back(report, members, number, f"zookeeper: every acknowledged record is on {number}")


def grows(report: Report, members: Members, role: str, target: Role, size: int) -> None:
    old, new = range(1, members.size + 1), range(members.size + 1, size + 1)
    everybody = range(1, size + 1)
    with report.step(f"{role}: {len(new)} more, and {', '.join(map(str, new))} joins by itself"):
        members.become(target, *new)
        members.boot(*new)
        members.size = size
        members.until_whole(*everybody)
        members.write(1, 5)
    for number in old:
        with report.step(f"{role}: {number} is replaced by one with the new list, while the others go on"):
            members.lose_power(number)
            # What began alone has one copy of everything.
            if len(old) > 1:
                until("the others go on", partial(members.writes, number % size + 1, 5), 90)
            members.become(target, number)
            members.boot(number)
            members.until_whole(*everybody)
    for number in everybody:
        read_back(report, members, number, f"{role}: every acknowledged record is on {number}")


def dedicated(report: Report, roles: dict[str, Role]) -> None:
    """Controllers of their own, and the brokers of another role"""
    with running(Dedicated(roles["brokers"], roles["controllers"])) as members:
        with report.step("brokers alone found nothing, whatever they are permitted") as step:
            _permit(members)
            members.boot(1, 2, 3)
            waits = "waiting for the controllers"
            step.detail = until("1 waits", lambda: "".join(members.nodes[0].lines(waits)[-1:]), 60)
            expect("permit" not in step.detail, f"it is advised to do what has no effect: {step.detail}")
            members.boot(6, 5)
            until("6 waits", partial(members.nodes[5].said, "waiting for node 9001"), 60)
            members.stays_without(1, 10)
        with report.step("the founder comes, and all are one cluster"):
            members.boot(4)
            members.until_all()
        members.begin()
        members.write(1, 20)
        with report.step("a controller loses its disk, and has its vote again"):
            members.lose_power(5)
            members.lose_disk(5)
            members.write(1, 5)
            members.boot(5)
            members.until_all()
        with report.step("a broker loses its disk, and is filled by the others"):
            members.lose_power(2)
            members.lose_disk(2)
            members.write(1, 5)
            members.boot(2)
            members.until_all()
        with report.step("all lose power at once; brokers come before the controllers"):
            members.lose_power(1, 2, 3, 4, 5, 6)
            members.boot(1, 2, 3)
            time.sleep(5)
            members.boot(6, 5, 4)
            members.until_all()
        read_back(report, members, 1, "every acknowledged record is there")
        with report.step("two of three controllers lose their disks: nobody decides"):
            members.lose_power(1, 2, 3, 4, 5, 6)
            members.lose_disk(4, 5)
            members.boot(4, 5, 6, 1, 2, 3)
            members.stays_without(1, 15)
        logs = [sorted(it.name for it in _log(members, number).iterdir()) for number in (1, 2, 3)]
        with report.step("all controllers are blank and born again: no broker takes them for its own") as step:
            members.lose_power(1, 2, 3, 4, 5, 6)
            members.lose_disk(4, 5, 6)
            members.boot(4, 5, 6, 1, 2, 3)
            until("they are born", partial(members.nodes[3].said, "is born here"), 60)
            refused = "INCONSISTENT_CLUSTER_ID"
            until("the brokers refuse", lambda: all(node.said(refused) for node in members.nodes[:3]), LIMIT)
            members.lose_power(1, 2, 3)
            kept = [sorted(it.name for it in _log(members, number).iterdir()) for number in (1, 2, 3)]
            step.detail = f"{sum(map(len, kept))} folders and files of their logs are as before"
            expect(kept == logs, f"the brokers' logs have changed: {logs} {kept}")


def _log(members: Members, number: int) -> Path:
    return members.nodes[number - 1].root / "var/lib/kafka/data"


def controllers(report: Report, roles: dict[str, Role]) -> None:
    """Controllers of their own, from 1 to 3 to 5 and back to 3, under a producer"""
    with running(Dedicated(roles["brokers"], roles["controllers-5"])) as members:
        members.voting = 1
        members.become(roles["controllers-1"], 4)
        members.become(roles["brokers-1"], 1, 2, 3)
        with report.step("one controller and three brokers"):
            members.boot(4, 1, 2, 3)
            members.until_all()
            members.begin()
            members.write(1, 20)
        for size in (3, 5):
            before = members.voting
            with report.step(f"{size - before} more join by themselves: {size} vote"):
                members.voting = size
                new = members.controllers()[before:]
                members.become(roles[f"controllers-{size}"], *new)
                members.boot(*new)
                members.until_all()
                members.write(1, 5)
            _rolled(report, members, roles, size, members.controllers()[:before])
        for size in (5, 4):
            gone = f"controllers-{size}"
            steps = told(members, "controllers", size, f"{FURTHER['controllers']}, leaving: [{gone}]")
            with report.step(f"{gone} leaves: {', '.join(what for what, _ in steps)}"):
                for what, typed in steps:
                    if "down for good" in what:
                        members.lose_power(members.size + size)
                    else:
                        carried_out(members, what, typed, gone)
                members.voting -= 1
                members.until_all()
                members.write(1, 5)
        _rolled(report, members, roles, 3, members.controllers())
        read_back(report, members, 1, "every acknowledged record is there")


def _rolled(report: Report, members: Dedicated, roles: dict[str, Role], size: int, old: list[int]) -> None:
    """Replaces those who were there by such as know the others, one by one."""
    with report.step(f"who was there is replaced by one that knows {size} controllers, while records are written"):
        for number in (*old, 1, 2, 3):
            members.lose_power(number)
            members.become(roles[f"{'brokers' if number <= members.size else 'controllers'}-{size}"], number)
            members.boot(number)
            members.until_all()
        members.write(1, 5)


def leave(report: Report, roles: dict[str, Role]) -> None:
    """Members that leave as `cfgbuild goodbye` says, one at a time, and brokers that move as `rebalance` does"""
    with running(Kraft(roles["kraft-4"])) as members:
        members.become(roles["kraft"], 1, 2, 3)
        members.size = 3
        with report.step("kraft of 3 gets a broker more"):
            members.boot(1, 2, 3)
            members.until_whole(1, 2, 3)
            members.begin()
            members.write(1, 20)
            members.boot(4)
            until("it is there", partial(members.listens, 4), LIMIT)
        with report.step("what moves to it is planned, done and verified, while records are written") as step:
            workspace = RUN / "members-4"
            step.detail = moves(members, workspace, "kraft")
            expect(held(members, 4) > 0, "the new broker holds nothing")
            members.until_whole(1, 2, 3)
            members.write(1, 5)
        leaves(report, members, "kraft", 4)
        read_back(report, members, 1, "kraft: every acknowledged record is there")
    for kind, role in ((Etcd, "etcd"), (ZooKeeper, "zookeeper")):
        with running(kind(roles[f"{role}-5"])) as members:
            with report.step(f"{role} of 5"):
                members.boot(1, 2, 3, 4, 5)
                members.until_whole(1, 2, 3, 4, 5)
                members.write(1, 20)
            for size in (5, 4):
                members.size = size - 1
                leaves(report, members, role, size, roles[f"{role}-{size - 1}"])
                for number in range(1, size):
                    read_back(report, members, number, f"{role}: every acknowledged record is on {number}")


def leaves(report: Report, members: Members, role: str, size: int, target: Role | None = None) -> None:
    """Goes through what `cfgbuild goodbye` prints for the last of `size` nodes; `target` is the config without it."""
    gone = f"{role}-{size}"
    stayers = range(1, size)
    rolled = False
    for what, typed in told(members, role, size, f", leaving: [{gone}]"):
        with report.step(f"{role} of {size}: {what}"):
            if "down for good" in what:
                members.lose_power(size)
            elif "replace them one by one" in what:
                roll(members, target, stayers)
                rolled = True
            elif "Plan what moves" in what:
                moves(members, RUN / f"leaving-{role}-{size}", role)
            elif "see that it follows" in what:
                until("it follows", partial(follows, members, size, typed), 120)
            else:
                carried_out(members, what, typed, gone)
    with report.step(f"{role}: {size - 1} are one cluster without it, and go on"):
        if target and not rolled:
            roll(members, target, stayers)
        members.until_whole(*stayers)
        members.write(1, 5)
    if isinstance(members, Kraft):
        expect(held(members, size) == 0, "the broker that left is still named")


def told(members: Members, role: str, size: int, further: str) -> list[tuple[str, list[str]]]:
    """Returns the steps that `cfgbuild goodbye` prints for the last of `size` nodes, each with its commands."""
    workspace = RUN / f"leaving-{role}-{size}"
    profile(workspace, role, size, further)
    said = run(members.cfgbuild, "goodbye", "-C", workspace, role, f"{role}-{size}").stdout
    steps = re.findall(r"^ *\d+\. (.*?)[:.]\n((?: {7}.*\n)*)", said, re.MULTILINE)
    expect(len(steps) >= 4 and "Take " in steps[-2][0] and "Delete " in steps[-1][0], f"nothing is told: {said}")
    steps = steps[:-2]
    return [(what, [line.strip() for line in commands.splitlines()]) for what, commands in steps]


def roll(members: Members, target: Role | None, stayers: range) -> None:
    """Replaces the others, one after another, each once a majority serves again."""
    for number in stayers:
        members.lose_power(number)
        if target:
            members.become(target, number)
        members.boot(number)
        until(f"{number} serves", partial(members.serves, number), LIMIT)


def follows(members: Members, number: int, typed: list[str]) -> str | bool:
    """Asks a ZooKeeper as the steps say, and starts it again where it leads."""
    node = members.nodes[number - 1]
    said = node.say("/usr/bin/bash", "-c", typed[0], check=False)
    if "leader" in said:
        members.lose_power(number)
        members.boot(number)
    return "follower" in said or f"no: {said}"


def carried_out(members: Members, what: str, typed: list[str], gone: str) -> None:
    """Types the commands of a step on the node that it names, with what the first has printed."""
    named = re.search(r"\bOn (\S+), ", what)
    expect(named, f"nobody knows where: {what}")
    node = next(node for node in members.nodes if named and node.name == named[1])
    said = ""
    for command in typed:
        if '"ID":"ID"' in command:
            found = next(one for one in json.loads(said)["members"] if one.get("name") == gone)
            filled = command.replace('"ID":"ID"', f'"ID":"{found["ID"]}"')
            # just after another has gone it is refused, as the step says
            until("it is out", partial(taken_out, node, filled), 60)
        elif "DIRECTORY" in command:
            voters = re.search(r"CurrentVoters:\s*(.*)", said)
            known = {one["id"]: one["directoryId"] for one in json.loads(voters[1] if voters else "[]")}
            number = re.search(r"--controller-id (\d+)", command)
            filled = command.replace("DIRECTORY", known[int(number[1] if number else 0)])
            node.say("/usr/bin/bash", "-c", filled, timeout=120)
        else:
            said = node.say("/usr/bin/bash", "-c", f"cd / && {command}", timeout=120)


def taken_out(node: Node, command: str) -> str | bool:
    said = node.say("/usr/bin/bash", "-c", command)
    return '"members"' in said or f"no: {said}"


def moves(members: Members, workspace: Path, role: str) -> str:
    """Goes through `cfgbuild rebalance` until it says that nothing moves; returns how many partitions did."""
    told = run(members.cfgbuild, "rebalance", "-C", workspace, role).stdout.splitlines()
    carried_out(members, told[0], [told[1].strip()], "")
    node = next(node for node in members.nodes if told[0].startswith(f"On {node.name},"))
    plan, topics = workspace / "reassign.json", node.root / "topics.txt"
    said = run(members.cfgbuild, "rebalance", "-C", workspace, role, topics, "--out", plan).stdout
    shutil.copy(plan, node.root / "reassign.json")
    typed = [line.strip().replace(str(plan), "reassign.json") for line in said.splitlines() if line.startswith("  ")]
    expect(len(typed) == 2 and "--execute" in typed[0] and "--verify" in typed[1], f"no plan: {said}")
    carried_out(members, f"On {node.name}, it begins", typed[:1], "")
    until("all have moved", partial(verified, node, typed[1]), LIMIT)
    carried_out(members, told[0], [told[1].strip()], "")
    again = run(members.cfgbuild, "rebalance", "-C", workspace, role, topics).stdout
    expect(again.startswith("nothing moves"), f"it is not done: {again}")
    return next(line for line in said.splitlines() if "partitions change" in line).partition(":")[0]


def verified(node: Node, command: str) -> str | bool:
    said = node.say("/usr/bin/bash", "-c", f"cd / && {command}", timeout=120)
    if "in progress" in said:
        return "no: some are in progress"
    return "Clearing broker-level throttles" in said or f"no: the throttle stays: {said}"


def held(members: Kraft, broker: int) -> int:
    """Returns how many partitions have a copy on a broker."""
    said = members.tool(1, "kafka-topics", "--describe")
    return len(re.findall(rf"\tReplicas: (?:\d+,)*{broker}(?:,|\t)", said))


ALL: dict[str, Callable[[Report, dict[str, Role]], None]] = {
    "etcd": etcd,
    "token": token,
    "zookeeper": zookeeper,
    "kafka": kafka,
    "kraft": kraft,
    "kraft-older": kraft_older,
    "dedicated": dedicated,
    "controllers": controllers,
    "every-order": every_order,
    "permits": permits,
    "before": before,
    "grow": grow,
    "leave": leave,
}
# The rest has a name of its own: it is for a change to what is decided, and for a release.
USUAL = ("etcd", "zookeeper", "kafka", "kraft", "dedicated")
