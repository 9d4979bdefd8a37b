"""DNS told apart from connections, with BusyBox and a name server: alive, and one that does not say a word.

Needs BusyBox, and namespaces of the test's own (`unshare`), in which the name server is the only one.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from probe.rendered import arguments, script
from probe.reports import Line, read_report
from probe.resolving import HALF, NAME
from probe.toolboxes import Toolbox, open_toolbox

NO_SUCH_NAME = "none.cluster.example"
# A limit of one second on each; a busy machine gets more of them where an answer has to come.
ATTEMPTS = {"alive": 3, "mute": 1}
TRIED = [
    ("name", "allow", NAME),
    ("half", "allow", HALF),
    ("none", "deny", NO_SUCH_NAME),
    ("denied-name", "deny", NAME),
    ("address", "allow", "127.0.0.1"),
]


@pytest.fixture(scope="module", params=["busybox-of-image", "busybox-of-machine"])
def toolbox(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Toolbox:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rnm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("NO NAMESPACES: the probe's script is not run with a name server; `unshare -rnm true` fails")
    opened = open_toolbox(request.param, tmp_path_factory.mktemp(request.param))
    if opened is None:
        pytest.skip(f"NO {request.param.upper()}: the probe's script is not run with it; see CONTRIBUTING.md")
    return opened


@pytest.fixture(scope="module")
def reports(toolbox: Toolbox) -> dict[str, dict[str, Line]]:
    """What the subject reports, by what the name server does; both at the same time."""
    started = {mode: start(toolbox, mode, NAME, TRIED) for mode in ATTEMPTS}
    return {mode: read_report(process.communicate(timeout=300)[0]) for mode, process in started.items()}


def start(
    toolbox: Toolbox, mode: str, name: str, tried: list[tuple[str, str, str]], lookup: str = "allow"
) -> subprocess.Popen[str]:
    connections = [(key, expect, "TCP", host, "PORT") for key, expect, host in tried]
    words = arguments("subject", connections, name=name, attempts=ATTEMPTS[mode], lookup=lookup)
    program = [sys.executable, str(Path(__file__).with_name("resolving.py")), mode, str(toolbox.shell), script()]
    return subprocess.Popen(
        ["unshare", "-rnm", *program, *words],  # noqa: S607
        env={**os.environ, "PROBE_PATH": toolbox.path},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_living_dns_resolves(reports: dict[str, dict[str, Line]]) -> None:
    assert (reports["alive"][""].state, reports["alive"][""].words) == ("ok", f"DNS: {NAME} resolves")


def test_a_dead_dns_does_not(reports: dict[str, dict[str, Line]]) -> None:
    assert (reports["mute"][""].state, reports["mute"][""].words) == ("not ok", f"DNS: {NAME} does not resolve")


@pytest.mark.parametrize("key", ["name", "half", "address", "denied-name"])
def test_connects_to_names(reports: dict[str, dict[str, Line]], key: str) -> None:
    assert reports["alive"][key].observed == "answered"
    assert reports["alive"][key].state == ("not ok" if key == "denied-name" else "ok")


def test_no_such_name_is_no_denial(reports: dict[str, dict[str, Line]]) -> None:
    denied = reports["alive"]["none"]
    assert (denied.state, denied.observed, denied.attempts) == ("not ok", "unresolved", ATTEMPTS["alive"])


@pytest.mark.parametrize("key", ["name", "none", "denied-name"])
def test_a_dead_dns_is_no_denial_either(reports: dict[str, dict[str, Line]], key: str) -> None:
    """Above all it is not the silence of a peer, for which a limit on looking up would let it pass."""
    line = reports["mute"][key]
    assert (line.state, line.observed) == ("not ok", "unresolved")


def test_an_address_needs_no_dns(reports: dict[str, dict[str, Line]]) -> None:
    assert reports["mute"]["address"].observed == "answered"


def test_a_subject_without_a_rule_for_dns_need_not_resolve(toolbox: Toolbox) -> None:
    tried = [("denied-name", "deny", NAME), ("name", "allow", NAME), ("address", "allow", "127.0.0.1")]
    report = read_report(start(toolbox, "mute", NAME, tried, "none").communicate(timeout=300)[0])
    assert (report[""].state, report[""].words) == ("skip", f"DNS: {NAME} does not resolve")
    assert [report[key].state for key, _, _ in tried] == ["skip", "not ok", "ok"]
    granted = read_report(start(toolbox, "alive", NAME, [], "none").communicate(timeout=300)[0])
    assert (granted[""].state, granted[""].words) == ("ok", f"DNS: {NAME} resolves")


def test_half_an_answer_is_one(toolbox: Toolbox) -> None:
    """A server that knows an IPv4 address, and says "no such name" when asked for one of IPv6."""
    process = start(toolbox, "alive", HALF, [])
    assert read_report(process.communicate(timeout=300)[0])[""].state == "ok"
