"""Policies of EKS and GKE by chance, next to policies of other kinds that say the same.

An ApplicationNetworkPolicy without hosts is a NetworkPolicy. With hosts, either kind is a CiliumNetworkPolicy with the
same `toFQDNs`, apart from wildcards: see `_AS_CILIUM`.
"""

import json
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from egressc.diagnostics.core import Report
from egressc.model.flows import Policy
from egressc.model.label_classes import has_members
from egressc.source import Source
from egressc.verify.comparison.compare import compare
from egressc.verify.manifests.reader import read_manifests
from oracles.fuzzing import fuzz
from oracles.worlds import Manifest, pod_selectors, policies, policy_sets

_EXACT = ("api.example.com", "Example.com.", "www.example.org")
_AS_CILIUM = {
    "EKS": {**{it: it for it in _EXACT}, "*.example.com": "**.example.com", "*.Org.example.": "**.org.example"},
    "GKE": {**{it: it for it in _EXACT}, "*.example.com": "*.example.com", "*.*.Org.": "*.*.org", "*": "*"},
}
"""How Cilium writes the hosts of each kind."""
_PROTOCOLS = {"TCP": "TCP", "UDP": "UDP", "ALL": "ANY", "": "ANY"}


def read(manifests: list[Manifest]) -> tuple[Policy, ...]:
    """As in a cluster, where names need no rule of DNS next to them."""
    report = Report()
    stream = "".join(f"---\n{json.dumps(manifest)}\n" for manifest in manifests)
    found = read_manifests([Source("manifests.yaml", stream)], report, is_live=True)
    assert report.sorted() == []
    return found.policies


def of_eks(policy: Manifest) -> Manifest:
    return {**policy, "apiVersion": "networking.k8s.aws/v1alpha1", "kind": "ApplicationNetworkPolicy"}


def is_read_alike(policy: Manifest) -> bool:
    """Without both, EKS isolates other directions than Kubernetes: the reader refuses that."""
    return bool(policy["spec"].get("policyTypes") or policy["spec"].get("ingress"))


@fuzz(150)
@given(policy_sets())
def test_one_without_hosts_is_a_networkpolicy(plain: list[Manifest]) -> None:
    plain = [it for it in plain if is_read_alike(it)]
    assume(plain)
    assert compare(read(plain), read([of_eks(it) for it in plain])) == []


@fuzz(80)
@given(policy_sets(), policies())
def test_it_differs_where_the_spec_differs(plain: list[Manifest], more: Manifest) -> None:
    """The comparison above is worth something: what one policy changes, it changes in both kinds."""
    plain = [it for it in plain if is_read_alike(it)]
    assume(is_read_alike(more))
    after = [*plain, {**more, "metadata": {"name": "more", **more["metadata"]}}]
    differs = bool(compare(read(plain), read(after)))
    assert bool(compare(read(plain), read([of_eks(it) for it in after]))) is differs


def cilium(namespace: str, selector: Manifest, rules: list[tuple[list[str], list[Manifest]]]) -> Manifest:
    egress = [
        {
            "toFQDNs": [{"matchPattern" if "*" in it else "matchName": it} for it in hosts],
            **({"toPorts": [{"ports": ports}]} if ports else {}),
        }
        for hosts, ports in rules
    ]
    metadata = {"name": "hosts", "namespace": namespace}
    spec = {"endpointSelector": selector, "egress": egress}
    return {"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": metadata, "spec": spec}


def ports(kind: str) -> st.SearchStrategy[list[tuple[str, int]]]:
    """Protocols and numbers; "" and 0 where nothing is said."""
    protocols = ["TCP", "UDP"] if kind == "EKS" else [*_PROTOCOLS]
    return st.lists(st.tuples(st.sampled_from(protocols), st.sampled_from([0, 1, 443, 65535])), max_size=3)


def rule_lists(kind: str) -> st.SearchStrategy[list[tuple[list[str], list[tuple[str, int]]]]]:
    hosts = st.lists(st.sampled_from(sorted(_AS_CILIUM[kind])), min_size=1, max_size=3, unique=True)
    return st.lists(st.tuples(hosts, ports(kind)), min_size=1, max_size=3)


def own(
    kind: str, namespace: str, selector: Manifest, rules: list[tuple[list[str], list[tuple[str, int]]]]
) -> Manifest:
    spec: dict[str, Any] = {"podSelector": selector}
    written = [
        [{**({"protocol": it} if it else {}), **({"port": n} if n else {})} for it, n in open] for _, open in rules
    ]
    metadata = {"name": "hosts", "namespace": namespace}
    if kind == "EKS":
        spec["policyTypes"] = ["Egress"]
        spec["egress"] = [
            {"to": [{"domainNames": [it]} for it in hosts], "ports": open}
            for (hosts, _), open in zip(rules, written, strict=True)
        ]
        return of_eks({"metadata": metadata, "spec": spec})
    spec["egress"] = [
        {"matches": [{"pattern" if "*" in it else "name": it} for it in hosts], "ports": open}
        for (hosts, _), open in zip(rules, written, strict=True)
    ]
    return {"apiVersion": "networking.gke.io/v1alpha1", "kind": "FQDNNetworkPolicy", "metadata": metadata, "spec": spec}


@fuzz(200)
@given(st.data(), st.sampled_from(sorted(_AS_CILIUM)), pod_selectors, policy_sets(most=2))
def test_one_with_hosts_is_a_policy_of_cilium(
    data: st.DataObject, kind: str, selector: Manifest, beside: list[Manifest]
) -> None:
    """Beside any NetworkPolicies, for all these add up."""
    rules = data.draw(rule_lists(kind))
    same = [
        ([_AS_CILIUM[kind][it] for it in hosts], [{"port": str(n), "protocol": _PROTOCOLS[it]} for it, n in open])
        for hosts, open in rules
    ]
    found = read([own(kind, "x", selector, rules), *beside])
    assert compare(found, read([cilium("x", selector, same), *beside])) == []
    others = compare(found[:1], read([cilium("x", selector, [(["other.example"], [])])]))
    assert bool(others) is has_members(found[0].subject.pods)
