"""`egressc probe` and the script that it writes, on a real cluster with real packets, with the documented rights alone.

Each case of probe_cases.py is told by the command, and by the script with the real kubectl, which say the same.
"""

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import pytest
import yaml

from cluster.accounts import bind, with_account
from cluster.probe_cases import CASES, Seen
from cluster.probe_scene import Kubectl, points
from cluster.probe_shops import make_probed, take_away
from cluster.projects import Shop
from support.helm_binaries import kubectl_binary
from testbed.cluster import Cluster
from testbed.node import Node

# State, words and block of a test point.
_POINT: Final = re.compile(r"^((?:not )?ok) [0-9]+ - (.*)\n  ---\n((?:  .*\n)*?)  \.\.\.$", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """What came of one run, and which pods were there afterwards."""

    status: int
    result: str
    said: str
    pods: tuple[str, ...]


@dataclass(frozen=True)
class Both:
    command: Outcome
    script: Outcome


@pytest.fixture(scope="module")
def outcomes(cluster: Cluster, node: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Both]]:
    """Every case, each in a project and namespace of its own; they wait most of the time, so they wait together."""
    cluster.replace_policies([])
    cluster.answer_outside([("TCP", 443), ("TCP", 80)])
    with ThreadPoolExecutor(2) as pool:
        folders = {name: tmp_path_factory.mktemp(name) for name in CASES}
        shops = dict(zip(CASES, pool.map(lambda name: make_probed(folders[name], cluster), CASES), strict=True))
    for name, case in CASES.items():
        case.disturb(cluster, shops[name].namespace)
    cluster.settle()
    with ThreadPoolExecutor(len(CASES)) as pool:
        found = pool.map(lambda name: _probe(shops[name], cluster, CASES[name].options), CASES)
        yield dict(zip(CASES, found, strict=True))
    for shop in shops.values():
        take_away(shop, cluster)


def _probe(shop: Shop, cluster: Cluster, options: Sequence[str]) -> Both:
    """As a service account with the roles that docs/cluster.md names for it."""
    account = with_account(shop, cluster.api)
    bind(cluster.api, shop, "egressc-status", everywhere=True)
    bind(cluster.api, shop, "egressc-releases", everywhere=False)
    bind(cluster.api, shop, "egressc-probe", everywhere=False)
    command = _run(account, shop, shop.command("probe", "web", "--format", "json", *options))
    written = _run(account, shop, shop.command("probe", "web", "--script", *options))
    assert written.status == 0, written.said
    script = shop.folder / "probe.sh"
    script.write_text(written.result, "utf-8")
    return Both(command, _run(account, shop, ["sh", str(script)]))


def _run(account: Shop, owner: Shop, command: Sequence[str]) -> Outcome:
    environment = {**account.environment(), "KUBECTL": kubectl_binary()}
    done = subprocess.run(command, cwd=owner.folder, env=environment, capture_output=True, text=True, check=False)
    names = Kubectl(owner.kubeconfig, owner.namespace)("get", "pods", "-o", "jsonpath={.items[*].metadata.name}")
    return Outcome(done.returncode, done.stdout, done.stderr, tuple(names.split()))


@pytest.mark.parametrize("name", CASES)
def test_the_command_tells(outcomes: dict[str, Both], name: str) -> None:
    case, outcome = CASES[name], outcomes[name].command
    seen = _read_json(outcome.result) if outcome.result else None
    assert seen == case.expected(), outcome.said
    assert outcome.status == case.status, outcome.said
    for piece in case.findings:
        assert piece in outcome.said
    assert case.findings or "EG" not in outcome.said


@pytest.mark.parametrize("name", CASES)
def test_the_script_tells_the_same(outcomes: dict[str, Both], name: str) -> None:
    case, outcome = CASES[name], outcomes[name].script
    seen = _read_tap(outcome.result) if outcome.result.startswith("TAP") else None
    assert seen == case.expected(), outcome
    assert outcome.status == case.status, outcome
    if case.bail_out:
        assert f"{case.bail_out}" in outcome.result.partition("Bail out! ")[2], outcome
    else:
        assert "Bail out!" not in outcome.result
        assert outcome.said == ""


@pytest.mark.parametrize("name", CASES)
def test_no_pod_is_left(outcomes: dict[str, Both], name: str) -> None:
    both = outcomes[name]
    assert both.command.pods == both.script.pods == ("orders", "rival")


def _read_json(text: str) -> dict[str, Seen]:
    document = json.loads(text)
    found = {"dns": document["dns"], **{one["key"]: one for one in document["connections"]}}
    return {key: (one["subject"], one["control"], one["verdict"]) for key, one in found.items()}


def _read_tap(text: str) -> dict[str, Seen]:
    """Of each test point that was tried: a skipped one of these proves nothing."""
    assert points(text)
    found = {}
    for state, words, block in re.findall(
        r"^((?:not )?ok) [0-9]+ - (.*)\n  ---\n((?:  .*\n)*?)  \.\.\.$", text, re.MULTILINE
    ):
        key = "dns" if words.startswith("DNS: ") else words.partition(":")[0].split()[1]
        seen = yaml.safe_load(block)
        found[key] = (seen["subject"], seen["control"], "inconclusive" if "# SKIP" in words else state)
    return found
