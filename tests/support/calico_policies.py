"""Calico's NetworkPolicies that only allow, as NetworkPolicies of Kubernetes: what they mean, said a second time.

Sources: docs.tigera.io, reference of the resource NetworkPolicy: an end without a namespaceSelector is in the policy's
own namespace; `not in` and `!has` also select what has no such label.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

Manifest = dict[str, Any]

CALICO_VERSION: Final = "projectcalico.org/v3"
ONLY_PODS: Final = "projectcalico.org/orchestrator == 'k8s'"
_TESTS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Manifest]], ...]] = (
    (re.compile(r"(\S+) == '([^']*)'"), lambda it: {"key": it[1], "operator": "In", "values": [it[2]]}),
    (re.compile(r"(\S+) in \{([^}]*)\}"), lambda it: {"key": it[1], "operator": "In", "values": _values(it[2])}),
    (re.compile(r"(\S+) not in \{([^}]*)\}"), lambda it: {"key": it[1], "operator": "NotIn", "values": _values(it[2])}),
    (re.compile(r"has\((\S+)\)"), lambda it: {"key": it[1], "operator": "Exists"}),
    (re.compile(r"!has\((\S+)\)"), lambda it: {"key": it[1], "operator": "DoesNotExist"}),
)
_SIDES: Final = {"egress": ("to", "destination"), "ingress": ("from", "source")}
_API_SERVER: Final = {"services": {"name": "kubernetes", "namespace": "default"}}
_API_PORT: Final = {"port": "6443", "protocol": "TCP"}


def calico_as_networkpolicies(manifest: Manifest) -> Iterator[Manifest]:
    """One NetworkPolicy; and one of Cilium where rules name the API server's Service."""
    spec, metadata = manifest["spec"], manifest["metadata"]
    assert spec["order"] == 1000, "with another order it is no NetworkPolicy"
    rules = {side: spec.get(side, []) for side in _SIDES}
    made: Manifest = {"podSelector": selector(spec.get("selector", "all()")), "policyTypes": spec["types"]}
    for side, held in rules.items():
        if side.title() in spec["types"]:
            made[side] = [_rule(rule, side) for rule in held if rule.get("destination") != _API_SERVER]
    yield {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": made}
    if any(rule.get("destination") == _API_SERVER for rule in rules["egress"]):
        entity = {"toEntities": ["kube-apiserver"], "toPorts": [{"ports": [_API_PORT]}]}
        held = {"endpointSelector": selector(spec.get("selector", "all()")), "egress": [entity]}
        yield {"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": metadata, "spec": held}


def selector(text: str) -> Manifest:
    """A conjunction of tests as a LabelSelector; that something is a pod is none."""
    tests = [it for it in text.split(" && ") if it not in ("all()", ONLY_PODS)]
    return {"matchExpressions": [_expression(it) for it in tests]} if tests else {}


def _expression(text: str) -> Manifest:
    for pattern, build in _TESTS:
        if (found := pattern.fullmatch(text)) is not None:
            return build(found)
    raise AssertionError(f"{text} is no test that the chart writes")


def _values(text: str) -> list[str]:
    return [it.strip().strip("'") for it in text.split(",")]


def _rule(rule: Manifest, side: str) -> Manifest:
    assert rule["action"] == "Allow"
    key, end = _SIDES[side]
    peers = [{name: it for name, it in rule.get(end, {}).items() if name != "ports"}]
    made: Manifest = {key: [peer for it in peers for peer in _peers(it)]}
    if "protocol" in rule:  # else it is for every protocol
        ports = [_port(it, rule["protocol"]) for it in rule.get("destination", {}).get("ports", ())]
        made["ports"] = ports or [{"protocol": rule["protocol"]}]
    return made


def _peers(end: Manifest) -> Iterator[Manifest]:
    for cidr in end.get("nets", ()):
        yield {"ipBlock": {"cidr": cidr, "except": end.get("notNets", [])}}
    found = {"namespaceSelector": "namespaceSelector", "selector": "podSelector"}
    if selected := {name: selector(end[key]) for key, name in found.items() if key in end}:
        yield selected


def _port(port: int | str, protocol: str) -> Manifest:
    if isinstance(port, str) and ":" in port:
        start, end = map(int, port.split(":"))
        return {"protocol": protocol, "port": start, "endPort": end}
    return {"protocol": protocol, "port": port}
