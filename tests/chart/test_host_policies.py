"""The kinds EKS and GKE: a NetworkPolicy, and beside it a policy of their own for hosts."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from egressc.model.policy_names import hosts_policy_name
from support.chart_copies import with_notes
from support.chart_samples import BOTH, COMPILED, dependency
from support.helm_engines import Embedded, Engine, HelmFailed, Values, merge

HTTPS = [{"port": 443, "protocol": "TCP"}]
KINDS = {"EKS": "ApplicationNetworkPolicy", "GKE": "FQDNNetworkPolicy"}
WIDE = {"EKS": "**.anthropic.com", "GKE": "*.anthropic.com"}
A = "networkPolicy.dependencies.a"


def of_kind(kind: str, values: Values, **settings: object) -> dict[str, object]:
    return merge(values, {"networkPolicy": {"dialect": {"kind": kind}, **settings}})


def with_rule(kind: str, rule: Mapping[str, object], **more: object) -> dict[str, object]:
    return of_kind(kind, {}, dependencies={"a": rule}, **more)


def service(kind: str) -> dict[str, object]:
    llm = {"hosts": ["api.openai.com", WIDE[kind]], "ports": [*HTTPS, {"port": 53, "protocol": "UDP"}]}
    every = {"name": "Mirrors", "hosts": ["mirror.test.example"], "allPorts": ["SCTP", "TCP", "UDP"]}
    return of_kind(kind, COMPILED, dependencies={"llm-apis": llm, "mirrors": every}, commonLabels={"team": "ai"})


def namespace(kind: str) -> dict[str, object]:
    llm = {"hosts": [WIDE[kind]], "allPorts": ["TCP"]}
    opted = {"podSelector": {"matchLabels": {"llm": "allowed"}}, "dependencies": {"llm": llm}}
    return {
        "networkPolicy": {
            "release": {"name": "namespace-policy", "namespace": "shop"},
            "dialect": {"kind": kind},
            "dependencies": {"time": {**llm, "hosts": ["time.test.example"]}},
            "optIns": {"llm-access": opted},
        }
    }


def documents(chart: Path, values: Values) -> list[dict[str, Any]]:
    return [it for it in yaml.safe_load_all(Embedded().template(chart, values)) if it]


@pytest.mark.parametrize("kind", KINDS)
def test_renders_the_expected_text(
    engine: Engine, unchecked_chart: Path, kind: str, expect_text: Callable[[str, str], None]
) -> None:
    expect_text(f"{kind.lower()}-service.yaml", engine.template(unchecked_chart, service(kind)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_namespace_and_its_opt_ins(
    engine: Engine, namespace_chart: Path, kind: str, expect_text: Callable[[str, str], None]
) -> None:
    text = engine.template(namespace_chart, namespace(kind), release="namespace-policy", namespace="shop")
    expect_text(f"{kind.lower()}-namespace.yaml", _in_order(text))


@pytest.mark.parametrize("kind", KINDS)
def test_without_hosts_nothing_differs_from_a_networkpolicy(engine: Engine, unchecked_chart: Path, kind: str) -> None:
    """Callers cannot have hosts."""
    callers = {"web": {"from": dependency()["to"], "ports": HTTPS, "hosts": ["a.test.example"]}}
    changed = of_kind(kind, BOTH, callers=callers)
    assert engine.template(unchecked_chart, changed) == engine.template(
        unchecked_chart, merge(changed, {"networkPolicy": {"dialect": None}})
    )


@pytest.mark.parametrize("kind", KINDS)
def test_no_address_stands_in_for_a_host(unchecked_chart: Path, kind: str) -> None:
    rule = {"hosts": ["a.test.example"], "to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": HTTPS}
    policy, hosts = documents(unchecked_chart, with_rule(kind, rule))
    assert policy["spec"] == documents(unchecked_chart, of_kind(kind, {}))[0]["spec"]
    assert hosts["kind"] == KINDS[kind]
    assert "0.0.0.0/0" not in str(hosts)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["short", "long-" * 12 + "end"])
def test_the_name_of_the_policy_for_hosts(unchecked_chart: Path, kind: str, name: str) -> None:
    values = {**with_rule(kind, {"hosts": ["a.test.example"], "ports": HTTPS}), "fullnameOverride": name}
    policy, hosts = (it["metadata"]["name"] for it in documents(unchecked_chart, values))
    assert (policy, hosts) == (name, hosts_policy_name(name))
    assert len(hosts) <= 63


@pytest.mark.parametrize("kind", KINDS)
def test_the_notes_say_what_hosts_need(unchecked_chart: Path, namespace_chart: Path, tmp_path: Path, kind: str) -> None:
    said = notes(unchecked_chart, service(kind), tmp_path / "service")
    assert "to api.openai.com\n" in said
    assert f"kubectl describe {KINDS[kind].lower().removesuffix('y')}ies." in said
    assert " rel-hosts --namespace ns\n" in said
    assert "ules for host names need" in said.replace("\n", " ")
    said = notes(namespace_chart, namespace(kind), tmp_path / "namespace", release="namespace-policy", namespace="shop")
    assert " namespace-policy-hosts namespace-policy-llm-access-hosts --namespace shop\n" in said


def notes(chart: Path, values: Values, folder: Path, **release: str) -> str:
    said = yaml.safe_load(Embedded().template(with_notes(chart, folder), values, **release))["notes"]
    assert isinstance(said, str)
    return said


def _in_order(text: str) -> str:
    """The documents as the binaries print them: kinds that Helm does not know come last."""
    parts = text.split("---\n# Source: ")[1:]
    return "".join(f"---\n# Source: {it}" for it in sorted(parts, key=lambda it: "\nkind: NetworkPolicy\n" not in it))


NO_PEER = "has no peer, which Kubernetes reads as everything; write hosts or to below it"
NO_PORT = (
    "has no port, which Kubernetes reads as every port; write at least one port, or in a dependency or caller "
    "allPorts: [TCP]"
)
PORT = "is not a port; write 1 to 65535, or the name of a container port"
ONE_HOST = "write at least one, or remove the key"
NO_LIST = "is not a list; write each item after a hyphen"
DNS_NAME = "is not a host; write a DNS name of two or more labels in lower case, with"
WILDCARD = {"EKS": "**. in front for one or more labels", "GKE": "*. in front for one more label"}
NAMED_PORT = "is the name of a port of pods, which a host has not; write the number"
OF_SERVICE = (
    A + '.hosts[0]: "db.shop.svc" is a name inside the cluster, and {} does not filter these by name; remove it, and '
    "write the pods behind it in `to` of another dependency"
)
ANY_DNS = (
    "networkPolicy.dns.profile: any cannot be used with hosts: a pod could ask a DNS server of its own, and so reach "
    "any address; write the profile of the cluster's DNS"
)
VERSION = (
    "networkPolicy.dialect.version: belongs only to the kind Cilium, but the kind is {}; write kind: Cilium, or remove "
    "version"
)
HOST = {"hosts": ["a.test.example"]}
REFUSED: dict[str, tuple[str, Values, str]] = {
    "a wildcard of one label": (
        "EKS",
        with_rule("EKS", {"hosts": ["*.test.example"], "ports": HTTPS}),
        f'{A}.hosts[0]: "*.test.example" stands for one more label, and a wildcard in EKS for one or more; write '
        "**.test.example, or each host",
    ),
    "a wildcard of several labels": (
        "GKE",
        with_rule("GKE", {"hosts": ["b.test.example", "**.test.example"], "ports": HTTPS}),
        f'{A}.hosts[1]: "**.test.example" stands for one or more labels, and a wildcard in GKE for one; write *. for '
        "one label, or each host",
    ),
    "a range": (
        "GKE",
        with_rule("GKE", {**HOST, "ports": [{"port": 1, "endPort": 9, "protocol": "TCP"}]}),
        f"{A}.ports[0].endPort: cannot be used with hosts: GKE takes single ports only for hosts; write each port",
    ),
    "SCTP": (
        "GKE",
        with_rule("GKE", {**HOST, "ports": [{"port": 9, "protocol": "SCTP"}]}),
        f"{A}.ports[0].protocol: SCTP cannot be used with hosts: GKE takes TCP and UDP only for hosts; "
        "write TCP or UDP",
    ),
    "every port of SCTP": (
        "GKE",
        with_rule("GKE", {**HOST, "allPorts": ["SCTP", "TCP", "SCTP"]}),
        f"{A}.allPorts: SCTP cannot be used with hosts, unless with TCP and UDP; write TCP, UDP, or all three",
    ),
    **{
        f"{kind}: {name}": (kind, with_rule(kind, rule, **settings), problem)
        for kind in KINDS
        for name, rule, settings, problem in (
            ("no peer", {"ports": HTTPS}, {}, f"{A}: {NO_PEER}"),
            ("entities", {"entities": ["host"], "ports": HTTPS}, {}, f"{A}: {NO_PEER}"),
            ("no ports", HOST, {}, f"{A}.ports: {NO_PORT}"),
            ("port 0", {**HOST, "ports": [{"port": 0, "protocol": "TCP"}]}, {}, f"{A}.ports[0].port: 0 {PORT}"),
            ("no hosts", {"hosts": [], "ports": HTTPS}, {}, f"{A}.hosts: is empty; {ONE_HOST}"),
            ("text", {"hosts": "a.test.example", "ports": HTTPS}, {}, f'{A}.hosts: "a.test.example" {NO_LIST}'),
            ("every host", {"hosts": ["*"], "ports": HTTPS}, {}, f'{A}.hosts[0]: "*" {DNS_NAME} {WILDCARD[kind]}'),
            (
                "port",
                {**HOST, "ports": [{"port": "https", "protocol": "TCP"}]},
                {},
                f'{A}.ports[0].port: "https" {NAMED_PORT}',
            ),
            ("a Service", {"hosts": ["db.shop.svc"], "ports": HTTPS}, {}, OF_SERVICE.format(kind)),
            ("any DNS server", {**HOST, "ports": HTTPS}, {"dns": {"profile": "any"}}, ANY_DNS),
            ("a version", dependency(), {"dialect": {"kind": kind, "version": "1.19"}}, VERSION.format(kind)),
        )
    },
    "EKS: a range backwards": (
        "EKS",
        with_rule("EKS", {**HOST, "ports": [{"port": 9, "endPort": 8, "protocol": "TCP"}]}),
        f"{A}.ports[0].endPort: 8 is not a last port; write a number from port to 65535, with a number as port",
    ),
}
ACCEPTED: dict[str, Values] = {
    "EKS: several labels": with_rule("EKS", {"hosts": ["**.test.example"], "ports": HTTPS}),
    "EKS: a range": with_rule("EKS", {**HOST, "ports": [{"port": 1, "endPort": 1, "protocol": "SCTP"}]}),
    "GKE: one label": with_rule("GKE", {"hosts": ["*.test.example"], "allPorts": ["TCP"]}),
    "GKE: every port": with_rule("GKE", {**HOST, "allPorts": ["SCTP", "TCP", "UDP"]}),
    **{f"{kind}: no DNS": with_rule(kind, {**HOST, "ports": HTTPS}, dns={"profile": "none"}) for kind in KINDS},
}


@pytest.mark.parametrize(("kind", "values", "problem"), REFUSED.values(), ids=list(REFUSED))
def test_says_what_is_wrong_and_what_to_write(unchecked_chart: Path, kind: str, values: Values, problem: str) -> None:
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(unchecked_chart, values)
    assert failed.value.problems == [problem]


@pytest.mark.parametrize("values", ACCEPTED.values(), ids=list(ACCEPTED))
def test_a_near_miss_is_rendered(unchecked_chart: Path, values: Values) -> None:
    assert len(documents(unchecked_chart, values)) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_guardrail_meets_hosts_where_it_denies_the_internet(unchecked_chart: Path, kind: str) -> None:
    denied = {"internet": {"rules": [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "allPorts": ["TCP"]}]}}
    values = with_rule(kind, {**HOST, "ports": HTTPS}, guardrails=denied, dns={"profile": "kube-dns"})
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(unchecked_chart, values)
    assert [it.partition(" on ")[0] for it in failed.value.problems] == [
        f"{A}.hosts: opens the addresses of a.test.example"
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_policies_of_eks_have_names_of_their_own(namespace_chart: Path, kind: str) -> None:
    values = namespace(kind)
    settings = values["networkPolicy"]
    assert isinstance(settings, dict)
    values = {"networkPolicy": {**settings, "optIns": {"hosts": settings["optIns"]["llm-access"]}}}
    if kind == "EKS":
        with pytest.raises(HelmFailed) as failed:
            Embedded().template(namespace_chart, values, release="namespace-policy", namespace="shop")
        assert [it.partition(":")[0] for it in failed.value.problems] == ["networkPolicy.optIns.hosts"]
    else:
        assert "-hosts-hosts" in Embedded().template(
            namespace_chart, values, release="namespace-policy", namespace="shop"
        )
