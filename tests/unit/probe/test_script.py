"""The script that needs kubectl alone: what it looks for, what it makes, how it judges, and that it is plain shell.

A kubectl that answers from files stands in here; the real one meets a real API server in tests/cluster.
"""

import json
import os
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from egressc.renderers import probe_script
from egressc.verify.probing.connections import Expect
from egressc.verify.probing.outcomes import IN_WORDS, Observed, judge_connection, judge_dns
from support.command import run
from support.probed_shop import CATALOG, EXTRAS, TABLE, ProbedShop
from support.recorded_pods import log_of

pytestmark = pytest.mark.slow


AWK = shutil.which("awk") or "/usr/bin/awk"
SHELLS = [shell for shell in ("dash", "bash", "busybox") if shutil.which(shell)] or ["sh"]
KUBECTL = r"""#!/bin/sh
printf '%s\n' "$*" >>"$RECORDED/calls"
case "$*" in
  *'get networkpolicy -n shop web '*) printf uid-of-web ;;
  'get namespaces -l '*) cat "$RECORDED/namespaces" ;;
  'get pods '*)
    place=all
    if [ "$3" = -n ]; then place=$4; shift 4; else shift 3; fi
    [ -f "$RECORDED/pods.$place.$2" ] && cat "$RECORDED/pods.$place.$2"
    ;;
  'create -f '*) name=${3##*/}; cp "$3" "$RECORDED/made.${name%.json}" ;;
  'get pod '*) cat "$RECORDED/state" ;;
  'logs '*control*) cat "$RECORDED/control.log" ;;
  'logs '*) cat "$RECORDED/subject.log" ;;
  'delete pods '*) ;;
  *) echo "kubectl: $*" >&2; exit 3 ;;
esac
exit 0
"""
PODS = {
    "shop.app=orders": "10.0.0.2 shop/orders-1 own http:8080/TCP,:9000/TCP,",
    "shop.app=billing": "10.0.0.3 shop/billing-1 own :8443/TCP,",
    "data.app=redis": "10.0.1.1 data/redis-1 own :6379/TCP,:9121/TCP,",
    "data.app=metrics": "10.0.1.3 data/metrics-1 own http:9090/TCP,",
    "data.app=ledger": "10.0.1.4 data/ledger-1 own :5432/TCP,",
}
GRANTED = {("10.0.0.2", 8080), ("10.0.1.1", 6379), ("10.0.1.3", 9090), ("api.example.com", 443)}


def enforced(role: str, host: str, port: int) -> str:
    return "answered" if role == "control" or (host, port) in GRANTED else "silent"


class Recorded:
    """A folder in place of a cluster."""

    def __init__(self, folder: Path, pods: dict[str, str] | None = None) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "kubectl").write_text(KUBECTL, "utf-8")
        (folder / "kubectl").chmod(0o755)
        (folder / "state").write_text("Succeeded", "utf-8")
        (folder / "namespaces").write_text("", "utf-8")
        for name, line in (PODS if pods is None else pods).items():
            (folder / f"pods.{name}").write_text(f"{line}\n", "utf-8")

    def run(self, script: str, shell: str = SHELLS[0], **environment: str) -> subprocess.CompletedProcess[str]:
        (self.folder / "script").write_text(script, "utf-8")
        words = [shell, "ash"] if shell == "busybox" else [shell]
        variables = {"PATH": os.environ["PATH"], "KUBECTL": str(self.folder / "kubectl"), "RECORDED": str(self.folder)}
        return subprocess.run(
            [*words, str(self.folder / "script")],
            env={**variables, "TMPDIR": str(self.folder), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def probe(self, script: str, answer: Any = enforced, **rest: str) -> subprocess.CompletedProcess[str]:
        """Once to learn what is tried, and again with what two pods would say to that."""
        for role in ("control", "subject"):
            (self.folder / f"{role}.log").write_text("", "utf-8")
        self.run(script)
        for role in ("control", "subject"):
            words = self.made(role)["spec"]["containers"][0]["args"][6:]
            connections = [words[start : start + 5] for start in range(0, len(words), 5)]
            (self.folder / f"{role}.log").write_text(log_of(role, connections, answer), "utf-8")
        return self.run(script, **rest)

    def made(self, role: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / f"made.{role}").read_text("utf-8"))
        return found

    def tried(self) -> list[str]:
        words = self.made("subject")["spec"]["containers"][0]["args"][6:]
        return [" ".join(words[start : start + 5]) for start in range(0, len(words), 5)]

    @property
    def calls(self) -> str:
        return (self.folder / "calls").read_text("utf-8")


@pytest.fixture
def shop(tmp_path: Path) -> ProbedShop:
    return ProbedShop(tmp_path)


def script_of(shop: ProbedShop, *options: str) -> str:
    result = run(["probe", "web", "--script", *options], shop.folder)
    assert result.exit_code == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_it_tries_what_a_run_would_try(shop: ProbedShop, tmp_path: Path, shell: str) -> None:
    recorded = Recorded(tmp_path / "cluster")
    (recorded.folder / "control.log").write_text("", "utf-8")
    (recorded.folder / "subject.log").write_text("", "utf-8")
    recorded.run(script_of(shop), shell)
    assert recorded.tried() == [
        "metrics-http allow TCP 10.0.1.3 9090",
        "orders-8080 allow TCP 10.0.0.2 8080",
        "payments-443 allow TCP api.example.com 443",
        "redis-6379 allow TCP 10.0.1.1 6379",
        "redis-9121 deny TCP 10.0.1.1 9121",
        "orders-any deny TCP 10.0.0.2 9000",
        "billing-8443 deny TCP 10.0.0.3 8443",
        "ledger-5432 deny TCP 10.0.1.4 5432",
        "metadata deny TCP 169.254.169.254 80",
    ]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_policy_that_holds(shop: ProbedShop, tmp_path: Path, shell: str) -> None:
    recorded = Recorded(tmp_path / "cluster")
    recorded.probe(script_of(shop))
    result = recorded.run(script_of(shop), shell)
    assert (result.returncode, result.stderr) == (0, "")
    lines = [it for it in result.stdout.splitlines() if not it.startswith("  ")]
    assert lines[:4] == [
        "TAP version 14",
        "1..11",
        "ok 1 - DNS: a name of the cluster resolves",
        "ok 2 - allow metrics-http: metrics (services.md:3) at 10.0.1.3 9090/TCP: answered",
    ]
    assert lines[-1].startswith("ok 11 - deny API server 443/TCP # SKIP the API server's own addresses are not known")
    assert all(it.startswith("ok ") for it in lines[2:])


def test_the_pods_are_the_charts_with_the_policy_for_an_owner(shop: ProbedShop, tmp_path: Path) -> None:
    recorded = Recorded(tmp_path / "cluster")
    recorded.probe(script_of(shop))
    control, subject = recorded.made("control"), recorded.made("subject")
    assert subject["metadata"]["labels"] == {"app": "web", "network-policy/probe": "web"}
    assert subject["metadata"]["ownerReferences"][0]["uid"] == "uid-of-web"
    assert subject["metadata"]["name"].startswith("web-probe-")
    assert subject["metadata"]["name"] != control["metadata"]["name"]
    assert subject["spec"]["containers"][0]["args"][0] == "subject"
    assert "@" not in json.dumps(subject)
    names = f"{control['metadata']['name']} {subject['metadata']['name']}"
    last = recorded.calls.splitlines()[-1]
    assert last == f"delete pods -n shop --ignore-not-found --wait=false {names}"
    assert "delete pods -n shop -l network-policy/probe=web " in recorded.calls
    assert not [it for it in recorded.folder.iterdir() if it.is_dir()]


@pytest.mark.parametrize(
    ("port", "role", "status", "line"),
    [
        (6379, "subject", 1, "not ok 5 - allow redis-6379: redis (services.md:3) at 10.0.1.1 6379/TCP: silent"),
        (6379, "", 0, "ok 5 - allow redis-6379: redis (services.md:3) at 10.0.1.1 6379/TCP: silent # SKIP no answer"),
    ],
)
def test_silence_is_judged_by_the_control(
    shop: ProbedShop, tmp_path: Path, port: int, role: str, status: int, line: str
) -> None:
    def answer(who: str, host: str, number: int) -> str:
        return "silent" if number == port and role in (who, "") else enforced(who, host, number)

    result = Recorded(tmp_path / "cluster").probe(script_of(shop), answer)
    assert result.returncode == status
    assert line in result.stdout


def test_what_is_open_fails(shop: ProbedShop, tmp_path: Path) -> None:
    result = Recorded(tmp_path / "cluster").probe(script_of(shop), lambda role, host, port: "answered")
    assert result.returncode == 1
    assert "not ok 9 - deny ledger-5432: ledger at 10.0.1.4 5432/TCP: answered" in result.stdout


def test_strict_counts_what_proves_nothing(shop: ProbedShop, tmp_path: Path) -> None:
    def answer(role: str, host: str, port: int) -> str:
        return "silent" if port == 6379 else enforced(role, host, port)

    assert Recorded(tmp_path / "one").probe(script_of(shop), answer).returncode == 0
    assert Recorded(tmp_path / "two").probe(script_of(shop, "--strict"), answer).returncode == 1


def test_no_answer_for_the_control_fails(shop: ProbedShop, tmp_path: Path) -> None:
    result = Recorded(tmp_path / "cluster").probe(script_of(shop), lambda role, host, port: "silent")
    assert result.returncode == 1
    assert result.stdout.endswith("Bail out! nothing answers the control pod: there is no positive control\n")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("Pending ImagePullBackOff: Back-off pulling image", "ImagePullBackOff: Back-off pulling image"),
        ("Pending 0/3 nodes are available", "0/3 nodes are available"),
    ],
)
def test_a_pod_that_cannot_run_says_why(shop: ProbedShop, tmp_path: Path, state: str, words: str) -> None:
    recorded = Recorded(tmp_path / "cluster")
    (recorded.folder / "state").write_text(state, "utf-8")
    result = recorded.run(script_of(shop), TIMEOUT="0")
    assert result.returncode == 1
    assert result.stdout.startswith("Bail out! pod web-probe-control-")
    assert words in result.stdout
    assert "delete pods -n shop --ignore-not-found" in recorded.calls


def test_without_its_policy_nothing_is_tried(shop: ProbedShop, tmp_path: Path) -> None:
    recorded = Recorded(tmp_path / "cluster")
    (recorded.folder / "kubectl").write_text(KUBECTL.replace("web '*", "other'*"), "utf-8")
    result = recorded.run(script_of(shop))
    assert result.returncode == 1
    assert result.stdout.startswith("Bail out! networkpolicy shop/web is not there")
    assert not (recorded.folder / "made.subject").exists()


def test_a_pod_that_any_rule_opens_is_no_denial(tmp_path: Path) -> None:
    extras = "  egress:\n    - to: [{podSelector: {matchLabels: {app: billing}}}]\n      ports: [{port: 8443}]\n"
    (tmp_path / "shop").mkdir()
    shop = ProbedShop(tmp_path / "shop", extras=extras)
    recorded = Recorded(tmp_path / "cluster")
    recorded.probe(script_of(shop))
    assert "extra-0-8443 allow TCP 10.0.0.3 8443" in recorded.tried()
    assert not [it for it in recorded.tried() if "deny" in it and "10.0.0.3" in it]


def test_namespaces_are_found_by_their_labels(tmp_path: Path) -> None:
    catalog = CATALOG.replace("redis: {namespace: data", "redis: {namespaces: {team: data}, selector: {app: redis}")
    (tmp_path / "shop").mkdir()
    shop = ProbedShop(tmp_path / "shop", catalog=catalog)
    recorded = Recorded(tmp_path / "cluster")
    (recorded.folder / "namespaces").write_text("empty data ", "utf-8")
    recorded.probe(script_of(shop))
    assert "get namespaces -l team=data " in recorded.calls
    assert "redis-6379 allow TCP 10.0.1.1 6379" in recorded.tried()


def test_what_does_not_run_is_skipped(shop: ProbedShop, tmp_path: Path) -> None:
    pods = {**PODS, "data.app=redis": "10.9.9.9 data/redis-1 host :6379/TCP,"}
    del pods["shop.app=orders"]
    result = Recorded(tmp_path / "cluster", pods).probe(script_of(shop))
    assert "- allow orders-8080: orders (services.md:3) # SKIP no pod of it is ready" in result.stdout
    assert (
        "- allow redis-6379: redis (services.md:3) # SKIP its pods are on the network of their hosts" in result.stdout
    )


def test_extra_rules_and_options_are_tried(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    shop = ProbedShop(tmp_path / "shop", extras=EXTRAS)
    recorded = Recorded(tmp_path / "cluster")
    recorded.probe(script_of(shop, "--allow", "example.com:443", "--deny", "[2001:db8::1]:53/udp", "--denied", "1"))
    assert "extra-0-8443 allow TCP 198.51.100.9 8443" in recorded.tried()
    assert recorded.tried()[-3:] == [
        "metadata deny TCP 169.254.169.254 80",
        "allow-1 allow TCP example.com 443",
        "deny-1 deny UDP 2001:db8::1 53",
    ]
    assert [it for it in recorded.tried() if " deny " in it and "metadata" not in it and "deny-1" not in it] == []


def test_text_of_users_stays_text(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    name = f"'$(touch {mark})`touch {mark}`\\#%s"
    catalog = CATALOG.replace(
        "  redis:", f"  {json.dumps(name)}: {{id: redis, aliases: [redis], namespace: data, ports: [6379]}}\n  r:"
    )
    catalog = catalog.replace("selector: {app: '{id}'}", "selector: {app: '{id}'}")
    (tmp_path / "shop").mkdir()
    shop = ProbedShop(tmp_path / "shop", table=TABLE, catalog=catalog)
    script = script_of(shop)
    assert f"touch {mark}" in script
    result = Recorded(tmp_path / "cluster").probe(script)
    assert not mark.exists()
    assert (result.returncode, result.stderr) == (0, "")
    assert f"allow redis-6379: '$(touch {mark})`touch {mark}`\\\\\\#%s (services.md:3)" in result.stdout


@pytest.mark.parametrize("extras", ["", EXTRAS], ids=["table", "extras"])
def test_shellcheck_has_nothing_to_say(tmp_path: Path, extras: str) -> None:
    script = script_of(ProbedShop(tmp_path, extras=extras), "--allow", "example.com:443")
    words = [str(Path(sys.executable).parent / "shellcheck"), "--shell=sh", "--severity=style", "-"]
    done = subprocess.run(words, input=script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_same_sources_give_the_same_script(shop: ProbedShop) -> None:
    assert script_of(shop) == script_of(shop)


@pytest.mark.parametrize("lookup", Expect)
def test_the_script_judges_as_the_command_does(tmp_path: Path, lookup: Expect) -> None:
    """Every expectation with every two observations: the table stands in two languages."""
    cases = list(product(Expect, Observed, Observed))
    keys = {f"c{number}": case for number, case in enumerate(cases)}
    for place, role in ((1, "subject"), (2, "control")):
        seen = [[key, "allow", "TCP", "h", "1"] for key, case in keys.items() if case[place] is not Observed.UNSEEN]
        log = log_of(role, seen, lambda role, host, port: "")
        for key, case in keys.items():
            log = log.replace(f"  key: {key}\n  observed: ", f"  key: {key}\n  observed: {case[place]}")
        (tmp_path / role).write_text(log, "utf-8")
    listed = "".join(f"{key} {case[0]} TCP h 1 words\n" for key, case in keys.items())
    (tmp_path / "connections").write_text(listed, "utf-8")
    judged = judge(tmp_path, lookup)
    assert len(judged) == len(cases) + 1
    for number, (expect, subject, control) in enumerate(cases):
        verdict, reason = judge_connection(expect, subject, control, lookup)
        line, said = judged[number + 1]
        assert line.startswith("not ok" if verdict == "not ok" else "ok"), (expect, subject, control)
        assert (" # SKIP " in line) == (verdict == "inconclusive")
        assert said == reason.value, (expect, subject, control)


@pytest.mark.parametrize("lookup", Expect)
@pytest.mark.parametrize(("subject", "control"), [*product((True, False, None), repeat=2)])
def test_the_script_judges_dns_as_the_command_does(
    tmp_path: Path, subject: bool | None, control: bool | None, lookup: Expect
) -> None:
    for role, resolves in (("subject", subject), ("control", control)):
        log = log_of(role, [], lambda role, host, port: "", dns=bool(resolves))
        (tmp_path / role).write_text(log if resolves is not None else "TAP version 14\n", "utf-8")
    (tmp_path / "connections").write_text("", "utf-8")
    ((line, said),) = judge(tmp_path, lookup)
    verdict, reason = judge_dns(subject, control, lookup)
    assert said == reason.value
    assert line.startswith("not ok" if verdict == "not ok" else "ok")


def judge(folder: Path, lookup: Expect) -> list[tuple[str, str]]:
    """Each test's line and reason."""
    program = Path(probe_script.__file__).with_suffix(".awk").read_text("utf-8")
    reasons = "".join(f'why["{reason}"] = "{words}"\n' for reason, words in IN_WORDS.items())
    files = {"subject_log": "subject", "control_log": "control", "connections": "connections", "left_out": "none"}
    words = [it for name, file in files.items() for it in ("-v", f"{name}={folder / file}")]
    done = subprocess.run(
        [AWK, *words, "-v", "strict=no", "-v", f"lookup={lookup}", program.replace("@REASONS@", reasons)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    tests = [it for it in lines if it.startswith(("ok ", "not ok "))]
    return list(zip(tests, [it.partition(": ")[2] for it in lines if it.startswith("  reason: ")], strict=True))
