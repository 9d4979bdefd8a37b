"""One table in two dialects: the same flows where both are exact, and no address opened where rules name hosts.

NetworkPolicy has no rules by name; each other dialect is held against it.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from egressc.diagnostics.core import Report
from egressc.model.address_sets import AddressSet, join_addresses
from egressc.model.dialects import NETWORK_POLICY
from egressc.model.dns_profiles import dns_reach
from egressc.model.flows import PodClass
from egressc.model.label_classes import namespace, select
from egressc.model.peers import read_peers
from egressc.model.policy import HostPeer
from egressc.verify.comparison.compare import compare
from egressc.verify.comparison.proof import prove
from oracles.reading import read, read_policies
from support.dialect_projects import NAMING, RenderedProject, in_dialect, names_ends, render_project

Manifest = dict[str, Any]
ON_THE_WAY = ({"istio": "egressgateway"}, {"app": "istiod"})
BY_EACH_NAME = ("toFQDNs", "toEntities", "matches")


class Both(NamedTuple):
    plain: RenderedProject
    naming: RenderedProject


@pytest.fixture(
    scope="module",
    params=[(path, dialect) for dialect, paths in NAMING.items() for path in paths],
    ids=lambda it: f"{it[0].parent.name}-{it[1]}",
)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Both:
    path, dialect = request.param
    return Both(
        *(render_project(in_dialect(path, it, tmp_path_factory.mktemp("project"))) for it in (NETWORK_POLICY, dialect))
    )


def test_both_allow_the_same_but_for_rules_by_name(both: Both) -> None:
    named = {(it.id, key) for it in both.naming.services for key in names_ends(it)}
    plain = read_policies(list(_without(both.plain, named)))
    policies = (it for it in both.naming.manifests if "istio.io" not in it["apiVersion"])
    naming = read_policies([_without_names(it) for it in policies])
    assert compare(plain, naming) == []
    if named:  # what was left out did differ
        assert compare(read_policies(both.plain.manifests), read_policies(both.naming.manifests))


def test_no_address_stands_in_for_a_name(both: Both) -> None:
    opened: dict[PodClass, list[AddressSet]] = {}
    for policy in read_policies(both.naming.manifests):
        opened.setdefault(policy.subject, []).extend(rule.addresses for rule in policy.egress or ())
    asked: dict[PodClass, list[AddressSet]] = {}
    for service in both.naming.services:
        exact = [it.destination for it in service.grants if it.destination.key not in names_ends(service)]
        peers = [*dns_reach(service.dns)[0], *(peer for it in exact for peer in it.peers)]
        subject = PodClass(namespace(service.namespace), select(service.pod_selector))
        asked.setdefault(subject, []).append(read_peers(peers, service.namespace)[1])
    without_names = {it: join_addresses(held)._replace(hosts=()) for it, held in opened.items()}
    assert without_names == {it: join_addresses(held) for it, held in asked.items()}


def test_a_policy_that_opens_the_addresses_of_names_is_reported(both: Both) -> None:
    project = both.naming
    for service in project.services:
        for grant in (it for it in service.grants if any(isinstance(peer, HostPeer) for peer in it.destination.peers)):
            port = {"port": grant.ports[0].port, "protocol": grant.ports[0].protocol.value}
            beside = _beside(service.namespace, dict(service.pod_selector.match_labels), port)
            report = Report()
            place = project.compiled.workspace.place
            proof = prove(project.compiled.policies, read([*project.manifests, beside]), {}, report, place=place)
            assert proof is not None
            assert not proof.holds
            assert "EG620" in {it.code.id for it in report.diagnostics}


def _without(rendered: RenderedProject, named: set[tuple[str, str]]) -> Iterator[Manifest]:
    """NetworkPolicies without the rules of some services' grants, which follow DNS in the order of the grants."""
    for service, manifest in zip(rendered.services, rendered.manifests, strict=True):
        spec = manifest["spec"]
        if "egress" in spec:
            dns, rules = spec["egress"][: service.dns.has_rule], spec["egress"][service.dns.has_rule :]
            kept = [
                rule
                for grant, rule in zip(service.grants, rules, strict=True)
                if (service.id, grant.destination.key) not in named
            ]
            spec = {**spec, "egress": [*dns, *kept]}
        yield {**manifest, "spec": spec}


def _without_names(manifest: Manifest) -> Manifest:
    """An empty rule in place of the others: in Cilium it isolates and reaches nobody. Those of hosts of EKS do too."""
    spec = manifest["spec"]
    kept = [rule for rule in spec.get("egress", ()) if not _is_by_name(rule)]
    if manifest["kind"] == "FQDNNetworkPolicy":
        kind, kept = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}, []
        return {**manifest, **kind, "spec": {**spec, "policyTypes": ["Egress"], "egress": []}}
    nothing: list[Manifest] = [{}] if manifest["kind"] == "CiliumNetworkPolicy" else []
    return {**manifest, "spec": {**spec, **({"egress": kept or nothing} if "egress" in spec else {})}}


def _is_by_name(rule: Manifest) -> bool:
    """Also what only leads to hosts: an egress gateway, and what tells sidecars of it."""
    if any(peer.get("podSelector", {}).get("matchLabels") in ON_THE_WAY for peer in rule.get("to", ())):
        return True
    return any(key in rule for key in BY_EACH_NAME) or any("domainNames" in peer for peer in rule.get("to", ()))


def _beside(namespace: str, labels: dict[str, str], port: dict[str, Any]) -> Manifest:
    rule = {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [port]}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "beside", "namespace": namespace},
        "spec": {"podSelector": {"matchLabels": labels}, "policyTypes": ["Egress"], "egress": [rule]},
    }
