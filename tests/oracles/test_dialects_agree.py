"""One table in two dialects: the same flows where both are exact, and no address opened where rules name hosts."""

from collections.abc import Iterator
from typing import Any

import pytest

from egressc.diagnostics.core import Report
from egressc.model.address_sets import join_addresses
from egressc.model.dialects import CILIUM, NETWORK_POLICY
from egressc.model.dns_profiles import dns_reach
from egressc.model.peers import read_peers
from egressc.model.policy import HostPeer
from egressc.verify.comparison.compare import compare
from egressc.verify.comparison.proof import prove
from oracles.reading import read, read_policies
from support.dialect_projects import BY_NAME, PROJECTS, RenderedProject, in_dialect, names_ends, render_project

Manifest = dict[str, Any]
BY_EACH_NAME = ("toFQDNs", "toEntities")


@pytest.fixture(scope="module", params=[*PROJECTS.values(), BY_NAME], ids=lambda path: path.parent.name)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, RenderedProject]:
    return {
        it: render_project(in_dialect(request.param, it, tmp_path_factory.mktemp("project")))
        for it in (NETWORK_POLICY, CILIUM)
    }


def test_both_allow_the_same_but_for_rules_by_name(both: dict[str, RenderedProject]) -> None:
    named = {(it.id, key) for it in both[CILIUM].services for key in names_ends(it)}
    plain = read_policies(list(_without(both[NETWORK_POLICY], named)))
    cilium = read_policies([_without_names(it) for it in both[CILIUM].manifests])
    assert len(plain) == len(cilium)
    assert compare(plain, cilium) == []
    if named:  # what was left out did differ
        assert compare(read_policies(both[NETWORK_POLICY].manifests), read_policies(both[CILIUM].manifests))


def test_no_address_stands_in_for_a_name(both: dict[str, RenderedProject]) -> None:
    for service, policy in zip(both[CILIUM].services, read_policies(both[CILIUM].manifests), strict=True):
        exact = [it.destination for it in service.grants if it.destination.key not in names_ends(service)]
        peers = [*dns_reach(service.dns)[0], *(peer for it in exact for peer in it.peers)]
        _, asked = read_peers(peers, service.namespace)
        opened = join_addresses(rule.addresses for rule in policy.egress or ())
        assert opened._replace(hosts=()) == asked


def test_a_policy_that_opens_the_addresses_of_names_is_reported(both: dict[str, RenderedProject]) -> None:
    project = both[CILIUM]
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
    spec = manifest["spec"]
    kept = [rule for rule in spec.get("egress", ()) if not any(key in rule for key in BY_EACH_NAME)]
    return {**manifest, "spec": {**spec, **({"egress": kept or [{}]} if "egress" in spec else {})}}


def _beside(namespace: str, labels: dict[str, str], port: dict[str, Any]) -> Manifest:
    rule = {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [port]}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "beside", "namespace": namespace},
        "spec": {"podSelector": {"matchLabels": labels}, "policyTypes": ["Egress"], "egress": [rule]},
    }
