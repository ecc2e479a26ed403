"""The signal: the stack learns that the node is healthy, once, and only then."""

from .cloud import Cloud
from .host import Host, Running

UNIT = "cfgbuild-signal.service"
STACK = {"CFGBUILD_STACK": "lab", "CFGBUILD_STACK_GROUP": "Lab1Group", "CFGBUILD_STACK_READY": "Ready"}


def start(host: Host, **stack: str) -> Running:
    return host.start(host.command(UNIT), **(STACK | stack))


def test_told(host: Host, cloud: Cloud) -> None:
    running = start(host)
    assert running.ends() == 0, running.output
    told = [("lab", resource, cloud.instance, "SUCCESS") for resource in ("Lab1Group", "Ready")]
    assert cloud.signals == told, cloud.signals
    assert cloud.actions() == {"cloudformation:SignalResource"}, cloud.actions()


def test_nobody_waits(host: Host, cloud: Cloud) -> None:
    cloud.waiting = False
    running = start(host)
    assert running.ends() == 0 and "waits for nobody" in running.output, running.output


def test_throttled(host: Host, cloud: Cloud) -> None:
    cloud.fail("cloudformation:SignalResource", 12, "Throttling")
    running = start(host)
    assert running.ends() == 0 and len(cloud.signals) == 2, running.output


def test_out_of_reach_for_good(host: Host, cloud: Cloud) -> None:
    cloud.has_role = False
    running = start(host)
    assert running.ends(300) == 1 and "could not be told" in running.output, running.output


def test_outside_of_a_stack(host: Host, cloud: Cloud) -> None:
    running = start(host, CFGBUILD_STACK="")
    assert running.ends() == 0 and not cloud.calls, running.output


def test_a_shared_config_signals_its_group(host: Host, cloud: Cloud) -> None:
    assert start(host, CFGBUILD_STACK_READY="").ends() == 0
    assert [signal[1] for signal in cloud.signals] == ["Lab1Group"], cloud.signals
