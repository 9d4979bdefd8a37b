"""Guardrails as policies of a cluster: an API server takes all that the chart renders, and refuses its neighbours."""

import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from cluster.conftest import require_owners
from support.guardrail_samples import ALL_PROTOCOLS, API_VERSIONS, CLUSTER
from support.helm_engines import ROOT, Embedded, merge
from testbed.api import Api
from testbed.owners import objections
from testbed.policy_engine import PolicyEngine
from testbed.programs import POLICY_ENGINE

CNP, CNP_BETA, ANP, EKS = API_VERSIONS
LIMITS = {CNP: 25, CNP_BETA: 25, ANP: 100, EKS: 100}
Rule = dict[str, Any]


@pytest.fixture(scope="session")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(ROOT / "guardrail-policy", tmp_path_factory.mktemp("charts") / "guardrail-policy"))


def render(chart: Path, api_version: str, *rules: Rule) -> list[dict[str, Any]]:
    """The policies of the samples, and one more with these rules."""
    full = {"priority": 1000, "namespaceSelector": {}, "podSelector": {}, "rules": list(rules)}
    more = {"guardrails": {"z" * 63: full}} if rules else {}
    values = merge(CLUSTER, {"networkPolicy": {"apiVersion": api_version, **more}})
    text = Embedded().template(chart, values, release="guardrail-policy", namespace="kube-system")
    return [it for it in yaml.safe_load_all(text) if it]


def fullest(most: int) -> list[Rule]:
    """As many peers, networks, ports and rules as a kind has, in each direction."""
    networks = [{"ipBlock": {"cidr": f"10.{n // 250}.{n % 250}.0/24"}} for n in range(25 * (most - 1))]
    pods = [{"namespaceSelector": {"matchLabels": {"team": f"t-{n}"}}, "podSelector": {}} for n in range(most)]
    ports = [{"port": n, "protocol": "TCP"} for n in range(1, most)]
    range_of_ports = {"port": 8000, "endPort": 8001, "protocol": "SCTP"}
    whole: Rule = {"from": pods, "ports": [*ports, range_of_ports]}
    one: Rule = {"to": pods[:1], "allPorts": ["TCP", "SCTP"]}
    return [
        {"to": [*networks, {"ipBlock": {"cidr": "2001:DB8:0::/48"}}], "allPorts": ALL_PROTOCOLS},
        {"to": [{"namespaceSelector": {}}], "ports": [{"port": 53, "endPort": 53, "protocol": "UDP"}]},
        *[one] * (most - 2),
        *[{"from": pods[:1], "allPorts": ["UDP"]}] * (most - 1),
        whole,
    ]


@pytest.mark.parametrize("api_version", API_VERSIONS)
def test_the_api_server_takes_what_is_rendered(api: Api, chart: Path, api_version: str) -> None:
    most = LIMITS[api_version]
    policies = render(chart, api_version, *fullest(most))
    assert [objections(api, it) for it in policies] == [[], [], []]
    full = policies[-1]["spec"]
    assert (len(full["egress"]), len(full["ingress"])) == (most, most)


def test_cilium_takes_what_is_rendered(chart: Path) -> None:
    """Its agent refuses some policies that an API server stores."""
    require_owners(POLICY_ENGINE)
    with PolicyEngine() as engine:
        assert not engine.ask(render(chart, CNP, *fullest(LIMITS[CNP]))).refused


def _peer_too_many(spec: Rule) -> None:
    spec["ingress"][-1]["from"].append(spec["ingress"][-1]["from"][0])


def _network_too_many(spec: Rule) -> None:
    spec["egress"][0]["to"][0]["networks"].append("192.0.2.0/24")


def _network_twice(spec: Rule) -> None:
    spec["egress"][0]["to"][0]["networks"][1] = spec["egress"][0]["to"][0]["networks"][0]


def _rule_too_many(spec: Rule) -> None:
    spec["egress"].append(spec["egress"][-1])


def _port_too_many(spec: Rule) -> None:
    key = "protocols" if "protocols" in spec["ingress"][-1] else "ports"
    spec["ingress"][-1][key].append(spec["ingress"][-1][key][0])


def _priority(spec: Rule) -> None:
    spec["priority"] = 1001


def _addresses_that_connect(spec: Rule) -> None:
    spec["ingress"][0]["from"] = spec["egress"][0]["to"]


def _misspelt(spec: Rule) -> None:
    spec["egress"][0]["too"] = []


NEIGHBOURS = [
    _peer_too_many,
    _network_too_many,
    _network_twice,
    _rule_too_many,
    _port_too_many,
    _priority,
    _addresses_that_connect,
    _misspelt,
]


@pytest.mark.parametrize("api_version", API_VERSIONS)
def test_it_refuses_each_neighbour(api: Api, chart: Path, api_version: str) -> None:
    *_, full = render(chart, api_version, *fullest(LIMITS[api_version]))
    taken = [change.__name__ for change in NEIGHBOURS if not objections(api, changed(full, change))]
    assert taken == []


def changed(policy: dict[str, Any], change: Callable[[Rule], None]) -> dict[str, Any]:
    other = deepcopy(policy)
    change(other["spec"])
    return other


@pytest.mark.parametrize("api_version", [CNP, CNP_BETA, EKS])
def test_a_range_of_one_port_is_refused(api: Api, chart: Path, api_version: str) -> None:
    """Which is why the chart renders such a range as a number."""
    *_, full = render(chart, api_version, *fullest(LIMITS[api_version]))
    port = full["spec"]["ingress"][-1].get("protocols", full["spec"]["ingress"][-1].get("ports"))[-1]
    held = port["portRange"] if "portRange" in port else port["sctp"]["destinationPort"]["range"]
    held["end"] = held["start"]
    assert "Start port must be less than End port" in "\n".join(objections(api, full))


@pytest.mark.parametrize("api_version", [CNP, CNP_BETA])
def test_bits_beyond_the_prefix_are_refused(api: Api, chart: Path, api_version: str) -> None:
    """Which is why the chart refuses them, for every kind."""
    metadata, *_ = render(chart, api_version)
    metadata["spec"]["egress"][0]["to"][0]["networks"][0] = "169.254.169.254/16"
    assert "Invalid CIDR format" in "\n".join(objections(api, metadata))
