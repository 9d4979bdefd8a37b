"""What the script makes of connections that are answered, refused, dropped or nameless, with every nc there is here."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from probe.rendered import arguments, script
from probe.reports import Line, read_report
from probe.toolboxes import TOOLBOXES, Toolbox, open_toolbox

LOCALHOST = "127.0.0.1"
# Refused by every resolver before it asks anybody: a label is empty.
NO_NAME = "no..such.name"
# Plenty, so that a busy machine has time to answer in one of them; what is silent is not asked so often.
ATTEMPTS = 3
UNTRIED = "this nc cannot try"
ROLES = ("subject", "control")
# Key, protocol, host, port.
Target = tuple[str, str, str, int]


@pytest.fixture(scope="module")
def ports() -> Iterator[dict[str, int]]:
    with subprocess.Popen(
        [sys.executable, Path(__file__).parent / "servers.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as servers:
        assert servers.stdout is not None
        yield json.loads(servers.stdout.readline())
        servers.communicate()


@pytest.fixture(scope="module")
def toolboxes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Toolbox]:
    opened = {name: open_toolbox(name, tmp_path_factory.mktemp(name)) for name in TOOLBOXES}
    return {name: toolbox for name, toolbox in opened.items() if toolbox is not None}


@pytest.fixture(scope="module", params=TOOLBOXES)
def toolbox(request: pytest.FixtureRequest, toolboxes: dict[str, Toolbox]) -> Toolbox:
    if request.param not in toolboxes:
        pytest.skip(f"NO {request.param.upper()}: the probe's script is not run with it; see CONTRIBUTING.md")
    return toolboxes[request.param]


@pytest.fixture(scope="module")
def all_reports(toolboxes: dict[str, Toolbox], ports: dict[str, int]) -> dict[str, dict[str, dict[str, Line]]]:
    """What each role reports with each toolbox. All wait for their attempts at the same time."""
    started = {
        (name, role, group): toolbox.start(script(), words)
        for name, toolbox in toolboxes.items()
        for role in ROLES
        for group, words in tried(toolbox, role, ports)
    }
    done: dict[str, dict[str, dict[str, Line]]] = {name: {role: {} for role in ROLES} for name in toolboxes}
    for (name, role, _), process in started.items():
        output, errors = process.communicate(timeout=300)
        assert errors == ""
        report = read_report(output)
        assert process.returncode == any(line.state == "not ok" for line in report.values())
        done[name][role] |= report
    return done


def tried(toolbox: Toolbox, role: str, ports: dict[str, int]) -> Iterator[tuple[str, list[str]]]:
    """The arguments of two runs: one with attempts to spare for what may be late, one of what never comes."""
    brisk: list[Target] = [
        ("open", "TCP", LOCALHOST, ports["open"]),
        ("refused", "TCP", LOCALHOST, ports["refused"]),
        ("udp", "UDP", LOCALHOST, ports["udp"]),
        ("nameless", "TCP", NO_NAME, 80),
        ("sctp", "SCTP", LOCALHOST, ports["open"]),
    ]
    vain: list[Target] = [
        ("silent", "TCP", LOCALHOST, ports["silent"]),
        ("mute", "UDP", LOCALHOST, ports["mute"]),
        ("nameless-udp", "UDP", NO_NAME, 53),
    ]
    # A real nslookup would ask the resolver of this machine; a name like this one it refuses.
    name = NO_NAME if toolbox.asks_dns else "cluster.example"
    for group, attempts, targets in (("brisk", ATTEMPTS, brisk), ("vain", 1, vain)):
        both = [(f"{expect}-{target[0]}", expect, *target[1:]) for expect in ("allow", "deny") for target in targets]
        yield group, arguments(role, both, name=name, attempts=attempts)


@pytest.fixture
def reports(toolbox: Toolbox, all_reports: dict[str, dict[str, dict[str, Line]]]) -> dict[str, dict[str, Line]]:
    """What each role reports with one toolbox."""
    return all_reports[toolbox.name]


OBSERVED = {
    "open": "answered",
    "refused": "refused",
    "udp": "answered",
    "nameless": "unresolved",
    "nameless-udp": "unresolved",
    "sctp": "untried",
    "silent": "silent",
    "mute": "silent",
}
OVER_UDP = ("udp", "nameless-udp", "mute")
SUBJECT = {
    "allow-open": "ok",
    "allow-refused": "not ok",
    "allow-udp": "ok",
    "allow-nameless": "not ok",
    "allow-nameless-udp": "not ok",
    "allow-sctp": "skip",
    "allow-silent": "not ok",
    "allow-mute": "skip",
    "deny-open": "not ok",
    "deny-refused": "ok",
    "deny-udp": "not ok",
    "deny-nameless": "not ok",
    "deny-nameless-udp": "not ok",
    "deny-sctp": "skip",
    "deny-silent": "ok",
    "deny-mute": "skip",
}
CONTROL = {
    "allow-open": "ok",
    "allow-refused": "skip",
    "allow-udp": "ok",
    "allow-nameless": "skip",
    "allow-nameless-udp": "skip",
    "allow-sctp": "skip",
    "allow-silent": "skip",
    "allow-mute": "skip",
    "deny-open": "ok",
    "deny-refused": "not ok",
    "deny-udp": "ok",
    "deny-nameless": "not ok",
    "deny-nameless-udp": "skip",
    "deny-sctp": "skip",
    "deny-silent": "not ok",
    "deny-mute": "skip",
}


def is_tried(toolbox: Toolbox, key: str) -> bool:
    return toolbox.speaks_udp() or key.partition("-")[2] not in OVER_UDP


@pytest.mark.parametrize("key", SUBJECT)
@pytest.mark.parametrize("role", ROLES)
def test_observes_what_is_there(toolbox: Toolbox, reports: dict[str, dict[str, Line]], role: str, key: str) -> None:
    expected = OBSERVED[key.partition("-")[2]] if is_tried(toolbox, key) else "untried"
    assert reports[role][key].observed == expected
    assert reports[role][key].words.endswith(f": {expected}")


@pytest.mark.parametrize(("role", "verdicts"), [("subject", SUBJECT), ("control", CONTROL)])
def test_judges_what_it_observed(
    toolbox: Toolbox, reports: dict[str, dict[str, Line]], role: str, verdicts: dict[str, str]
) -> None:
    found = {key: line.state for key, line in reports[role].items() if key}
    assert found == {key: state if is_tried(toolbox, key) else "skip" for key, state in verdicts.items()}


def test_tells_dns_from_a_connection(toolbox: Toolbox, reports: dict[str, dict[str, Line]]) -> None:
    for role in ROLES:
        dns = reports[role][""]
        expected = (
            ("not ok", f"DNS: {NO_NAME} does not resolve")
            if toolbox.asks_dns
            else ("ok", "DNS: cluster.example resolves")
        )
        assert (dns.state, dns.words) == expected


def test_says_what_was_tried_and_why_it_fails(reports: dict[str, dict[str, Line]], ports: dict[str, int]) -> None:
    subject, control = reports["subject"], reports["control"]
    assert subject["allow-refused"].words == f"allow allow-refused: {LOCALHOST} {ports['refused']}/TCP: refused"
    assert subject["deny-open"].message == "the connection is open"
    assert subject["allow-silent"].message == "the policy should let it through"
    assert subject["deny-nameless"].message == "the name does not resolve, so nothing was tried"
    assert control["deny-silent"].message == "nobody answers the control either: the denial proves nothing"
    assert subject["allow-sctp"].skip == f"{UNTRIED} SCTP"


def test_silence_over_udp_is_no_block(toolbox: Toolbox, reports: dict[str, dict[str, Line]]) -> None:
    expected = "silence over UDP proves nothing" if toolbox.speaks_udp() else f"{UNTRIED} UDP"
    assert {reports["subject"][key].skip for key in ("allow-mute", "deny-mute")} == {expected}


def test_tries_again_what_is_not_answered(toolbox: Toolbox, reports: dict[str, dict[str, Line]]) -> None:
    subject = reports["subject"]
    assert subject["deny-refused"].attempts == subject["allow-refused"].attempts == ATTEMPTS
    assert subject["deny-silent"].attempts == 1
    assert subject["allow-sctp"].attempts == 1
    # Nobody asks a dead DNS again and again, which takes long.
    assert subject["allow-nameless"].attempts == (1 if toolbox.asks_dns else ATTEMPTS)


def test_an_image_without_nc_proves_no_denial(tmp_path: Path) -> None:
    bare = tmp_path / "bin"
    bare.mkdir()
    for name in ("expr", "sleep"):
        (bare / name).symlink_to(f"/usr/bin/{name}")
    denied = arguments("subject", [("db", "deny", "TCP", LOCALHOST, 1)], name=NO_NAME)
    process = Toolbox("bare", Path("/bin/sh"), str(bare), asks_dns=False).start(script(), denied)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert output.splitlines()[-1] == "Bail out! this image has no nc"


def test_nothing_to_try_is_dns_alone(toolbox: Toolbox) -> None:
    process = toolbox.start(script(), arguments("control", [], name=NO_NAME))
    output, _ = process.communicate(timeout=60)
    assert output == f"TAP version 14\n1..1\nnot ok 1 - DNS: {NO_NAME} does not resolve\n"
    assert process.returncode == 1
