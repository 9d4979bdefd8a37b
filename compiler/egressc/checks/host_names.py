"""Rules by host name: the names must be resolved, by the cluster's own DNS, and lie outside the cluster.

Also another need of dialects that have such rules: where DNS answers in EKS.
"""

from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.dialects import (
    baseline_resolves,
    dns_on_nodes,
    host_in_cluster,
    names_without_dns,
)
from egressc.model.cluster import CLUSTER_DOMAIN, Cluster
from egressc.model.dialects import CILIUM, DIALECTS, EKS
from egressc.model.dns_profiles import dns_reach
from egressc.model.peers import read_peers
from egressc.model.policy import AddressPeer, Direction, Dns, HostPeer, PodPeer, PolicySet
from egressc.resolve.resolution import Resolution

_KUBE_DNS: Final = "{profile: kube-dns}"
_DNS_OF_EKS: Final = "{profile: custom, to: [{ipBlock: {cidr: 10.100.0.10/32}}], ports: [53]}"


def check_host_names(cluster: Cluster, resolution: Resolution, report: Report) -> None:
    """EG490 to EG493, where the dialect has rules by name."""
    if not cluster.names_hosts:
        return
    _check_places(cluster, resolution, report)
    policies = resolution.policies
    _check_resolved(cluster, policies, report)
    if cluster.dialect == EKS:
        _check_dns_on_nodes(policies, report)
    if cluster.cilium is not None and cluster.cilium.strict_dns:
        for held in policies.baselines:
            if held.policy.dns.has_rule and Direction.EGRESS in held.policy.directions:
                report.add(baseline_resolves(held.policy.origin, held.policy.namespace))


def _check_places(cluster: Cluster, resolution: Resolution, report: Report) -> None:
    """EG491."""
    named = {it.destination.key: it.destination for it in resolution.policies.every_grant()}
    for entity in resolution.entities:
        peers = named[entity.key].peers if entity.key in named else ()
        hosts = (it.name for it in peers if isinstance(it, HostPeer) and not it.is_entity)
        inside = next((it for it in hosts if _is_inside(it, cluster.domain)), None)
        if inside is not None:
            at = next((span for it in entity.statements if it.facts.hosts and (span := it.span_of("hosts"))), None)
            report.add(host_in_cluster(at or entity.place.span, entity.name, inside, destination=entity.key))


def _check_resolved(cluster: Cluster, policies: PolicySet, report: Report) -> None:
    """EG490."""
    example = _DNS_OF_EKS if cluster.dialect == EKS else _KUBE_DNS
    for policy in policies.policies:
        host = policy.first_host
        dns = policies.dns_of(policy)
        # In Cilium, what the profile `any` of a baseline lets pods ask does not pass the proxy that learns from it.
        learned = (
            it.policy.dns
            for it in policies.baselines
            if it.policy.namespace == policy.namespace and (it.policy.dns.profile, cluster.dialect) != ("any", CILIUM)
        )
        can_choose = not DIALECTS[cluster.dialect].by_server_name and any(map(_is_any_server, (dns, *learned)))
        if host and (not dns.has_rule or can_choose):
            profile = "none" if not dns.has_rule else "any"
            report.add(names_without_dns(policy.origin, policy.name, host, profile, example, service=policy.id))


def _check_dns_on_nodes(policies: PolicySet, report: Report) -> None:
    """EG493, once for each profile, at the first service that has it.

    Source: the user guide of Amazon EKS, "Use Network Policies with EKS Auto Mode", and aws/containers-roadmap#2552.
    """
    told: set[Dns] = set()
    for policy in policies.policies:
        dns = policy.dns
        if dns.has_rule and dns not in told and not any(isinstance(it, AddressPeer) for it in dns_reach(dns)[0]):
            told.add(dns)
            report.add(dns_on_nodes(policy.origin, dns.profile, _DNS_OF_EKS, service=policy.id))


def _is_inside(host: str, domain: str) -> bool:
    """Whether a name is one of the cluster's own, or of one label, which is looked up there first."""
    names = (domain, CLUSTER_DOMAIN)
    return "." not in host or host.endswith((".svc", *(f".{it}" for it in names)))


def _is_any_server(dns: Dns) -> bool:
    """Whether pods could ask a DNS server of their own choice: among most addresses, or pods that anybody can start."""
    peers, _ = dns_reach(dns)
    _, outside = read_peers(peers, "")
    return outside.is_most_addresses or any(isinstance(it, PodPeer) and _is_open(it) for it in peers)


def _is_open(peer: PodPeer) -> bool:
    """Whether it names neither a namespace nor, in the policy's own, some pods."""
    return (peer.pods is None or peer.pods.only_excludes) if peer.namespaces is None else peer.namespaces.only_excludes
