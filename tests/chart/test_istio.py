"""The kind Istio: a NetworkPolicy, and beside it a Sidecar with the hosts."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from support.chart_samples import BOTH, COMPILED, dependency
from support.helm_engines import Embedded, Engine, HelmFailed, Values, merge
from support.tables import each

HTTPS: Final = [{"port": 443, "protocol": "TCP"}]
HOST: Final = {"hosts": ["a.test.example"], "ports": HTTPS}
A: Final = "networkPolicy.dependencies.a"
DIALECT: Final = {"kind": "Istio", "gatewayNamespace": "istio-egress"}


def of_istio(values: Values, **settings: object) -> dict[str, object]:
    return merge(values, {"networkPolicy": {"dialect": DIALECT, **settings}})


def with_rule(rule: Mapping[str, object], **more: object) -> dict[str, object]:
    return of_istio({}, dependencies={"a": rule}, **more)


def service() -> dict[str, object]:
    llm = {"hosts": ["api.openai.com", "api.anthropic.com", "api.openai.com"], "ports": HTTPS}
    return of_istio(COMPILED, dependencies={"llm-apis": llm, "weather": HOST}, commonLabels={"team": "ai"})


def namespace(**more: object) -> dict[str, object]:
    return {
        "networkPolicy": {
            "release": {"name": "namespace-policy", "namespace": "shop"},
            "dialect": {**DIALECT, "clusterDomain": "k8s.example"},
            "dependencies": {"time": HOST},
            **more,
        }
    }


def documents(chart: Path, values: Values) -> list[dict[str, Any]]:
    return [it for it in yaml.safe_load_all(Embedded().template(chart, values)) if it]


def test_renders_the_expected_text(
    engine: Engine, unchecked_chart: Path, expect_text: Callable[[str, str], None]
) -> None:
    expect_text("istio-service.yaml", engine.template(unchecked_chart, service()))


def test_a_namespace(engine: Engine, namespace_chart: Path, expect_text: Callable[[str, str], None]) -> None:
    text = engine.template(namespace_chart, namespace(), release="namespace-policy", namespace="shop")
    parts = text.split("---\n# Source: ")[1:]
    # As the binaries print them: kinds that Helm does not know come last.
    ordered = sorted(parts, key=lambda it: "\nkind: NetworkPolicy\n" not in it)
    expect_text("istio-namespace.yaml", "".join(f"---\n# Source: {it}" for it in ordered))


def test_without_hosts_nothing_differs_from_a_networkpolicy(engine: Engine, unchecked_chart: Path) -> None:
    """Callers cannot have hosts."""
    callers = {"web": {"from": dependency()["to"], "ports": HTTPS, "hosts": ["a.test.example"]}}
    changed = of_istio(BOTH, callers=callers)
    assert engine.template(unchecked_chart, changed) == engine.template(
        unchecked_chart, merge(changed, {"networkPolicy": {"dialect": None}})
    )


def test_no_address_stands_in_for_a_host(unchecked_chart: Path) -> None:
    policy, sidecar = documents(unchecked_chart, with_rule({**HOST, "to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}))
    assert policy["spec"] == documents(unchecked_chart, of_istio({}))[0]["spec"]
    assert sidecar["kind"] == "Sidecar"
    assert "0.0.0.0/0" not in str(sidecar)


def test_labels_that_yaml_would_read_otherwise_stay_strings(unchecked_chart: Path) -> None:
    selector = {"matchLabels": {"on": "yes", "app": "0x10"}}
    _, sidecar = documents(unchecked_chart, with_rule(HOST, podSelector=selector))
    assert sidecar["spec"]["workloadSelector"] == {"labels": {"on": "yes", "app": "0x10"}}


def test_any_dns_server_will_do(unchecked_chart: Path) -> None:
    """The gateway resolves the host itself, so no DNS answer to a pod opens anything."""
    assert len(documents(unchecked_chart, with_rule(HOST, dns={"profile": "any"}))) == 2


UNKNOWN_DOMAIN: Final = {"kind": "EKS", "clusterDomain": "cluster.local"}


@each(
    ("values", "problem"),
    [
        (
            merge(with_rule(HOST), {"networkPolicy": {"dialect": {"gatewayNamespace": None}}}),
            "networkPolicy.dialect.gatewayNamespace: is missing; write the namespace of the egress gateway",
        ),
        (
            merge(with_rule(HOST), {"networkPolicy": {"dialect": {"gatewayNamespace": "Istio"}}}),
            'networkPolicy.dialect.gatewayNamespace: "Istio" is not the name of a namespace; write the namespace of '
            "the egress gateway",
        ),
        (
            {"networkPolicy": {"dialect": UNKNOWN_DOMAIN}},
            "networkPolicy.dialect.clusterDomain: belongs only to the kind Cilium or Istio, but the kind is EKS; write "
            "kind: Cilium, or remove clusterDomain",
        ),
        (
            {"networkPolicy": {"dialect": {"kind": "GKE", "gatewayNamespace": "a"}}},
            "networkPolicy.dialect.gatewayNamespace: belongs only to the kind Istio, but the kind is GKE; write kind: "
            "Istio, or remove gatewayNamespace",
        ),
        (
            with_rule({**HOST, "hosts": ["*.test.example"]}),
            f'{A}.hosts[0]: "*.test.example" has a wildcard, and the egress gateway resolves the host itself; write '
            "each host",
        ),
        (
            with_rule({**HOST, "hosts": ["**.test.example"]}),
            f'{A}.hosts[0]: "**.test.example" has a wildcard, and the egress gateway resolves the host itself; write '
            "each host",
        ),
        (
            with_rule({**HOST, "hosts": ["db.shop.svc"]}),
            f'{A}.hosts[0]: "db.shop.svc" is a name inside the cluster, and Istio does not filter these by name; '
            "remove it, and write the pods behind it in `to` of another dependency",
        ),
        (
            with_rule({**HOST, "ports": [{"port": 1, "endPort": 9, "protocol": "TCP"}]}),
            f"{A}.ports[0].endPort: cannot be used with hosts: Istio lists each port of a host; write each port",
        ),
        (
            with_rule({**HOST, "ports": [*HTTPS, {"port": 443, "protocol": "UDP"}]}),
            f"{A}.ports[1].protocol: UDP cannot be used with hosts: the egress gateway goes by the server name of TLS "
            "over TCP; write TCP",
        ),
        (
            with_rule({"hosts": ["a.test.example"], "allPorts": ["TCP"]}),
            f"{A}.allPorts: cannot be used with hosts: Istio lists each port of a host; write ports",
        ),
        (
            with_rule(HOST, podSelector={"matchExpressions": [{"key": "app", "operator": "Exists"}]}),
            "networkPolicy.podSelector.matchExpressions: cannot be used with hosts: a Sidecar selects pods by labels "
            "alone; write matchLabels",
        ),
    ],
)
def test_says_what_is_wrong_and_what_to_write(unchecked_chart: Path, values: Values, problem: str) -> None:
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(unchecked_chart, values)
    assert failed.value.problems == [problem]


def test_pods_behind_a_waypoint_have_no_sidecar(unchecked_chart: Path, namespace_chart: Path) -> None:
    """So nothing limits selectors or opt-ins to what a Sidecar can say."""
    waypoint = {"networkPolicy": {"dialect": {"waypoint": "egress"}}}
    exists = {"matchExpressions": [{"key": "app", "operator": "Exists"}]}
    rendered = Embedded().template(unchecked_chart, merge(with_rule(HOST, podSelector=exists), waypoint))
    assert [it["kind"] for it in yaml.safe_load_all(rendered) if it] == ["NetworkPolicy"]
    opted = {"podSelector": {"matchLabels": {"llm": "allowed"}}, "dependencies": {"llm": HOST}}
    values = merge(namespace(optIns={"llm": opted}), waypoint)
    rendered = Embedded().template(namespace_chart, values, release="namespace-policy", namespace="shop")
    assert {it["kind"] for it in yaml.safe_load_all(rendered) if it} == {"NetworkPolicy"}
    for name in ("Egress", "none"):
        bad = merge(with_rule(HOST), {"networkPolicy": {"dialect": {"waypoint": name}}})
        with pytest.raises(HelmFailed) as failed:
            Embedded().template(unchecked_chart, bad)
        assert failed.value.problems == [
            f'networkPolicy.dialect.waypoint: "{name}" is not the name of a Gateway; write that of the waypoint'
        ]


def test_an_opt_in_has_no_hosts(namespace_chart: Path) -> None:
    opted = {"podSelector": {"matchLabels": {"llm": "allowed"}}, "dependencies": {"llm": HOST}}
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(
            namespace_chart, namespace(optIns={"llm": opted}), release="namespace-policy", namespace="shop"
        )
    assert [it.partition(":")[0] for it in failed.value.problems] == ["networkPolicy.optIns.llm.dependencies"]
