"""What every scenario has at hand, and the steps that several of them take."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from . import compiled
from .compiled import Role
from .host import Host
from .lab import Lab
from .places import RESULTS
from .report import Report
from .shell import LIMIT, Failure, until


@dataclass
class Stage:
    lab: Lab
    report: Report
    cfgbuild: Path
    workspace: Path
    limit: float = LIMIT

    def compile(self, role: str, values: dict, token: str = "") -> Role:
        with self.report.step(f"compile {role} for the hosts, and compare with AWS") as step:
            found, differences = compiled.for_the_hosts(self.cfgbuild, self.workspace, role, values, token)
            # In words here, line by line in the results.
            (RESULTS / f"{role}-against-aws.txt").write_text("".join(f"{line}\n" for line in differences))
            step.detail = f"{len(differences)} differences, all of the platform: {role}-against-aws.txt"
        return found

    def token(self, role: str) -> str:
        """Has `cfgbuild token new` make a token for a role and write it where its next build finds it."""
        with self.report.step(f"cfgbuild token new {role} --write") as step:
            step.detail = compiled.new_token(self.cfgbuild, self.workspace, role)
        return step.detail

    def first_boot(self, hosts: list[Host], how: str = "Ignition") -> None:
        with self.report.step(f"{how} provisions {len(hosts)} blank hosts, and they boot"):
            for host in hosts:
                host.boot()

    def settled(self, hosts: list[Host]) -> None:
        """Waits until every host has finished booting, and fails if a unit did."""
        with self.report.step("every host has finished booting, no unit has failed"):
            for host in hosts:
                if host.applied:
                    host.applied.result(self.limit)
                until(f"{host.name} has booted", partial(finished, host), self.limit)


def finished(host: Host) -> str | bool:
    state = host.state()
    if state == "running":
        return True
    if state == "degraded":
        return f"no: failed on {host.name}: {', '.join(host.failed())}"
    jobs = host.say("systemctl", "list-jobs", "--plain", "--no-legend", check=False).splitlines()
    return f"no: {host.name} is {state}: {'; '.join(' '.join(job.split()) for job in jobs[:6])}"


def expect(condition: bool, otherwise: str) -> None:
    if not condition:
        raise Failure(otherwise)
