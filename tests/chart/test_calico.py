"""The kind Calico: what it renders, what it refuses, and what it says of it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from chart.test_host_policies import notes
from support.calico_policies import ONLY_PODS
from support.chart_samples import BOTH, COMPILED, EVERYTHING, caller, dependency
from support.helm_engines import ROOT, Embedded, Engine, HelmFailed, Values, merge
from support.tables import each

HTTPS = [{"port": 443, "protocol": "TCP"}]
A = "networkPolicy.dependencies.a"
API = {"name": "API server", "entities": ["kube-apiserver"], "ports": [{"port": 6443, "protocol": "TCP"}]}


def calico(values: Values = COMPILED, **settings: object) -> dict[str, object]:
    return merge(values, {"networkPolicy": {"dialect": {"kind": "Calico"}, **settings}})


def with_rule(rule: Mapping[str, object], **settings: object) -> dict[str, object]:
    return calico({}, dependencies={"a": rule}, **settings)


def peer(**selector: object) -> dict[str, object]:
    return dependency(to=[selector], ports=HTTPS)


def documents(chart: Path, values: Values) -> list[dict[str, Any]]:
    return [it for it in yaml.safe_load_all(Embedded().template(chart, values)) if it]


def rules(chart: Path, rule: Mapping[str, object], **settings: object) -> list[dict[str, Any]]:
    """The rules of a dependency, which follow those of DNS."""
    (policy,) = documents(chart, with_rule(rule, dns={"profile": "none"}, **settings))
    found: list[dict[str, Any]] = policy["spec"]["egress"]
    return found


@pytest.mark.parametrize("name", ["service", "namespace"])
def test_renders_the_expected_text(
    engine: Engine, unchecked_chart: Path, name: str, expect_text: Callable[[str, str], None]
) -> None:
    if name == "service":
        whole = merge(EVERYTHING, {"networkPolicy": {"dependencies": {"api": API}}})
        expect_text("calico-service.yaml", engine.template(unchecked_chart, calico(whole)))
        return
    opted = {"podSelector": {"matchLabels": {"db": "allowed"}}, "dependencies": {"db": dependency()}}
    release = {"name": "namespace-policy", "namespace": "shop"}
    values = calico({}, release=release, policyTypes=["Ingress", "Egress"], optIns={"db": opted})
    text = engine.template(ROOT / "namespace-policy", values, release="namespace-policy", namespace="shop")
    expect_text("calico-namespace.yaml", text)


@each(
    ("selector", "text"),
    [
        ({"matchLabels": {"app": "db"}}, "app == 'db'"),
        ({"matchLabels": {"b": "1", "a": "2"}}, "a == '2' && b == '1'"),
        ({"matchLabels": {"a": ""}}, "a == ''"),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["x", "y"]}]}, "a in {'x', 'y'}"),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["x"]}]}, "a not in {'x'}"),
        ({"matchExpressions": [{"key": "a.b/c", "operator": "Exists"}]}, "has(a.b/c)"),
        ({"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}, "!has(a)"),
        (
            {"matchLabels": {"z": "1"}, "matchExpressions": [{"key": "a", "operator": "Exists"}]},
            "z == '1' && has(a)",
        ),
    ],
)
def test_selectors(unchecked_chart: Path, selector: dict[str, object], text: str) -> None:
    (rule,) = rules(unchecked_chart, peer(podSelector=selector))
    assert rule["destination"] == {"selector": f"{text} && {ONLY_PODS}", "ports": [443]}
    (rule,) = rules(unchecked_chart, peer(namespaceSelector=selector))
    assert rule["destination"] == {"namespaceSelector": text, "selector": ONLY_PODS, "ports": [443]}
    (policy,) = documents(unchecked_chart, calico({}, podSelector=selector))
    assert policy["spec"]["selector"] == text


@each(
    ("to", "ends"),
    [
        ([{"podSelector": {}}], [{"selector": ONLY_PODS}]),
        ([{"namespaceSelector": {}}], [{"namespaceSelector": "all()", "selector": ONLY_PODS}]),
        ([{"namespaceSelector": {}, "podSelector": {}}], [{"namespaceSelector": "all()", "selector": ONLY_PODS}]),
        ([{"ipBlock": {"cidr": "10.0.0.0/8"}}], [{"nets": ["10.0.0.0/8"]}]),
        (
            [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}, {"ipBlock": {"cidr": "::/0"}}],
            [{"nets": ["0.0.0.0/0"], "notNets": ["10.0.0.0/8"]}, {"nets": ["::/0"]}],
        ),
        (
            [{"ipBlock": {"cidr": it}} for it in ("10.0.0.0/8", "fd00::/8", "192.0.2.0/24", "10.0.0.0/8")],
            [{"nets": ["10.0.0.0/8", "192.0.2.0/24"]}, {"nets": ["fd00::/8"]}],
        ),
    ],
)
def test_peers(unchecked_chart: Path, to: list[object], ends: list[object]) -> None:
    found = rules(unchecked_chart, {"to": to, "allPorts": ["TCP"]})
    assert [it["destination"] for it in found] == ends
    assert {(it["action"], it["protocol"]) for it in found} == {("Allow", "TCP")}


@each(
    ("ports", "found"),
    [
        ({"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53}]}, [("UDP", [53]), ("TCP", [53])]),
        ({"ports": [{"port": 1, "endPort": 9, "protocol": "TCP"}]}, [("TCP", ["1:9"])]),
        ({"ports": [{"port": "http", "protocol": "SCTP"}, {"port": 7}]}, [("SCTP", ["http"]), ("TCP", [7])]),
        ({"allPorts": ["SCTP", "UDP"]}, [("SCTP", None), ("UDP", None)]),
        (
            {"ports": [{"port": it, "protocol": "TCP"} for it in range(1, 102)]},
            [("TCP", [*range(1, 51)]), ("TCP", [*range(51, 101)]), ("TCP", [101])],
        ),
    ],
)
def test_ports(unchecked_chart: Path, ports: dict[str, object], found: list[object]) -> None:
    made = rules(unchecked_chart, {"to": [{"podSelector": {"matchLabels": {"app": "db"}}}], **ports})
    assert [(it["protocol"], it["destination"].get("ports")) for it in made] == found


def test_more_networks_than_a_rule_takes(unchecked_chart: Path) -> None:
    to = [{"ipBlock": {"cidr": f"10.{it}.{at}.0/24"}} for it in range(3) for at in range(100)]
    assert [len(it["destination"]["nets"]) for it in rules(unchecked_chart, {"to": to, "ports": HTTPS})] == [256, 44]


def test_the_api_server_is_its_service(unchecked_chart: Path) -> None:
    """Its ports are those of the Service; addresses next to it are for other dialects."""
    (rule,) = rules(unchecked_chart, {**API, "to": [{"ipBlock": {"cidr": "192.0.2.1/32"}}]})
    assert rule == {
        "action": "Allow",
        "destination": {"services": {"name": "kubernetes", "namespace": "default"}},
    }


def test_callers(unchecked_chart: Path) -> None:
    (policy,) = documents(
        unchecked_chart,
        calico({}, policyTypes=["Ingress"], callers={"web": caller(), "all": caller(allPorts=["UDP"], ports=None)}),
    )
    every, web = policy["spec"]["ingress"]
    assert every == {"action": "Allow", "protocol": "UDP", "source": {"selector": f"app == 'db' && {ONLY_PODS}"}}
    assert web["destination"] == {"ports": [5432]}
    assert "egress" not in policy["spec"]


def test_nothing_is_an_empty_list(unchecked_chart: Path) -> None:
    nothing = {"profile": "none"}
    (policy,) = documents(unchecked_chart, calico({}, policyTypes=["Ingress", "Egress"], dns=nothing))
    assert (policy["spec"]["ingress"], policy["spec"]["egress"]) == ([], [])
    (policy,) = documents(unchecked_chart, calico({}, dns=nothing, dependencies={"gone": None}))
    assert policy["spec"]["egress"] == []


def test_extra_rules_are_a_networkpolicy_of_their_own(unchecked_chart: Path) -> None:
    extra: list[dict[str, object]] = [{"to": [{"podSelector": {}}]}, {}]
    policy, beside = documents(unchecked_chart, calico({}, egress=extra))
    assert (beside["apiVersion"], beside["kind"]) == ("networking.k8s.io/v1", "NetworkPolicy")
    assert beside["metadata"]["name"] == f"{policy['metadata']['name']}-extra"
    assert beside["spec"]["egress"] == extra
    assert beside["spec"]["policyTypes"] == ["Egress"]


def test_hosts_are_words_for_people(unchecked_chart: Path) -> None:
    """Rules have addresses in their place."""
    (rule,) = rules(
        unchecked_chart, {"hosts": ["api.example.com"], "to": [{"ipBlock": {"cidr": "203.0.113.0/24"}}], "ports": HTTPS}
    )
    assert rule["destination"]["nets"] == ["203.0.113.0/24"]


LONG = {"key": "app", "operator": "In", "values": ["v" * 60 + str(it) for it in range(16)]}
# Long enough for a namespace, and too long with the test that keeps a rule to pods.
LESS_LONG = {"key": "app", "operator": "In", "values": ["v" * 60 + str(it) for it in range(15)] + ["w" * 31]}


@each(
    ("values", "said"),
    [
        (with_rule({"hosts": ["a.example"], "ports": HTTPS}), f"{A}.to: has no peer"),
        (with_rule({"entities": ["host"], "ports": HTTPS}), f'{A}.entities[0]: "host" is not an entity of Calico'),
        (with_rule({"entities": [], "ports": HTTPS}), f"{A}.entities: is empty"),
        (with_rule({"entities": "kube-apiserver", "ports": HTTPS}), f"{A}.entities: "),
        (
            with_rule(peer(podSelector={"matchLabels": {"pcns.team": "a"}})),
            f"{A}.to[0].podSelector: the label pcns.team",
        ),
        (
            with_rule(peer(namespaceSelector={"matchLabels": {"projectcalico.org/name": "a"}})),
            f"{A}.to[0].namespaceSelector: the label projectcalico.org/name",
        ),
        (with_rule(peer(podSelector={"matchLabels": {"app": "it's"}})), f"{A}.to[0].podSelector.matchLabels.app: "),
        (with_rule(peer(podSelector={"matchLabels": {"a b": "c"}})), f"{A}.to[0].podSelector.matchLabels.a b: "),
        (with_rule(peer(podSelector={"matchExpressions": [LONG]})), f"{A}.to[0].podSelector: is longer than 1024"),
        (with_rule(peer(podSelector={"matchExpressions": [LESS_LONG]})), f"{A}.to[0].podSelector: is longer than 1024"),
        (with_rule(peer(ipBlock={"cidr": "10.0.0.0"})), f"{A}.to[0].ipBlock.cidr: "),
        (with_rule(peer(ipBlock={"cidr": "10.0.0.0/8", "except": ["192.0.2.0/24"]})), f"{A}.to[0].ipBlock.except[0]: "),
        (
            with_rule(
                peer(ipBlock={"cidr": "10.0.0.0/8", "except": [f"10.{it % 256}.{it // 256}.0/24" for it in range(257)]})
            ),
            f"{A}.to[0].ipBlock.except: has more than 256",
        ),
        (with_rule(dependency(ports=[{"port": 70000}])), f"{A}.ports[0].port: 70000 is not a port"),
        (with_rule(dependency(ports=[{"port": "HTTP"}])), f'{A}.ports[0].port: "HTTP" is not a port'),
        (calico({}, podSelector={"matchLabels": {"pcsa.x": "a"}}), "networkPolicy.podSelector: the label pcsa.x"),
        (
            calico({}, dns={"profile": "custom", "to": [{"ipBlock": {"cidr": "x"}}], "ports": [{"port": 53}]}),
            "networkPolicy.dns.to[0].ipBlock.cidr: ",
        ),
        (
            calico({}, policyTypes=["Ingress"], callers={"api": {"entities": ["kube-apiserver"], "ports": HTTPS}}),
            "networkPolicy.callers.api.from: has no peer",
        ),
        ({**calico({}), "fullnameOverride": "tier.name"}, "fullnameOverride: the policy has the name tier.name"),
        (
            merge(calico({}), {"networkPolicy": {"dialect": {"version": "3.32"}}}),
            "networkPolicy.dialect.version: belongs only to the kind Cilium",
        ),
    ],
)
def test_refuses(unchecked_chart: Path, values: Values, said: str) -> None:
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(unchecked_chart, values)
    assert f"\n{said}" in str(failed.value), str(failed.value)


def _many(count: int) -> dict[str, object]:
    """A dependency of so many rules."""
    return {"to": [{"podSelector": {"matchLabels": {"app": f"a{it}"}}} for it in range(count)], "ports": HTTPS}


@pytest.mark.slow
def test_more_rules_than_a_policy_takes(unchecked_chart: Path) -> None:
    few, many = _many(512), _many(513)
    none = {"profile": "none"}
    (policy,) = documents(unchecked_chart, calico({}, dns=none, dependencies={"a": few, "b": few}))
    assert len(policy["spec"]["egress"]) == 1024
    callers = {key: {"from": it["to"], "ports": HTTPS} for key, it in (("a", few), ("b", many))}
    values = calico(
        {}, dns=none, policyTypes=["Ingress", "Egress"], dependencies={"a": many, "b": many}, callers=callers
    )
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(unchecked_chart, values)
    said = "rules in rel, but a policy of Calico can have 1024; write larger networks, port ranges, or fewer rules"
    assert f"\nnetworkPolicy.dependencies: need 1026 egress {said}" in str(failed.value), str(failed.value)
    assert f"\nnetworkPolicy.callers: need 1025 ingress {said}" in str(failed.value)
    with pytest.raises(HelmFailed, match=r"networkPolicy\.dependencies: need 1026 egress"):  # with DNS
        documents(unchecked_chart, calico({}, dependencies={"a": few, "b": few}))


@pytest.mark.slow
def test_more_rules_than_an_opt_in_takes() -> None:
    opted = {"podSelector": {"matchLabels": {"db": "allowed"}}, "dependencies": {"db": _many(1025)}}
    values = calico({}, release={"name": "namespace-policy", "namespace": "shop"}, optIns={"db": opted})
    with pytest.raises(HelmFailed, match=r"networkPolicy\.optIns: need 1025 egress rules in namespace-policy-db, but"):
        Embedded().template(ROOT / "namespace-policy", values, release="namespace-policy", namespace="shop")


def test_a_selector_of_namespaces_can_be_longer(unchecked_chart: Path) -> None:
    (rule,) = rules(unchecked_chart, peer(namespaceSelector={"matchExpressions": [LESS_LONG]}))
    assert 1000 < len(rule["destination"]["namespaceSelector"]) <= 1024


def test_a_label_that_an_opt_in_cannot_select_by() -> None:
    opted = {"podSelector": {"matchLabels": {"pcns.x": "a"}}, "dependencies": {"db": dependency()}}
    values = calico({}, release={"name": "namespace-policy", "namespace": "shop"}, optIns={"db": opted})
    with pytest.raises(HelmFailed, match=r"networkPolicy\.optIns\.db\.podSelector: the label pcns\.x"):
        Embedded().template(ROOT / "namespace-policy", values, release="namespace-policy", namespace="shop")


def test_the_notes(unchecked_chart: Path, tmp_path: Path) -> None:
    whole = merge(BOTH, {"networkPolicy": {"dependencies": {"api": API}}})
    said = notes(unchecked_chart, calico(whole), tmp_path)
    assert "Calico NetworkPolicy shop-web isolates the " in said
    assert "to kube-apiserver\n" in said
    assert "The cluster needs Calico" in said
    assert "kubectl describe networkpolicies.projectcalico.org shop-web --namespace ns" in said
    assert "kubectl describe networkpolicies.networking.k8s.io shop-web-extra --namespace ns" in said


@each(
    ("kind", "is_refused"),
    [("Calico", False), ("CalicoStaged", False), ("NetworkPolicy", False), ("EKS", True)],
)
def test_hosts_open_nothing_that_a_guardrail_denies_where_rules_have_addresses(
    unchecked_chart: Path, kind: str, is_refused: bool
) -> None:
    denied = {
        "no-internet": {
            "rules": [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 80, "protocol": "TCP"}]}]
        }
    }
    rule = {
        "hosts": ["a.example.com"],
        "to": [{"podSelector": {"matchLabels": {"app": "proxy"}}}],
        "ports": [{"port": 80}],
    }
    values = merge(with_rule(rule, guardrails=denied), {"networkPolicy": {"dialect": {"kind": kind}}})
    if is_refused:
        with pytest.raises(HelmFailed, match="which a guardrail denies"):
            Embedded().template(unchecked_chart, values)
    else:
        Embedded().template(unchecked_chart, values)


def test_the_service_of_the_api_server_opens_no_network_that_a_guardrail_denies(unchecked_chart: Path) -> None:
    denied = {"no-internet": {"rules": [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "allPorts": ["TCP"]}]}}
    assert documents(unchecked_chart, with_rule(API, guardrails=denied))
