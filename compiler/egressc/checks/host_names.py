"""Rules by host name: the names must be resolved, by the cluster's own DNS, and lie outside the cluster."""

import re
from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.dialects import baseline_resolves, host_in_cluster, names_without_dns
from egressc.model.address_sets import EVERY_ADDRESS
from egressc.model.cluster import Cluster
from egressc.model.dns_profiles import dns_reach
from egressc.model.flows import EVERY_POD
from egressc.model.peers import read_peers
from egressc.model.policy import Direction, Dns, HostPeer, PolicySet, ServicePolicy
from egressc.resolve.resolution import Resolution

_IN_CLUSTER: Final = re.compile(r".*\.svc(?:\..+)?")


def check_host_names(cluster: Cluster, resolution: Resolution, report: Report) -> None:
    """EG490 to EG492, where the dialect has rules by name."""
    if not cluster.names_hosts:
        return
    for entity in resolution.entities:
        inside = next((it for it in entity.facts.hosts if _IN_CLUSTER.fullmatch(it)), None)
        if inside is not None and entity in resolution.used:
            at = next((span for it in entity.statements if it.facts.hosts and (span := it.span_of("hosts"))), None)
            report.add(host_in_cluster(at or entity.place.span, entity.name, inside, destination=entity.key))
    policies = resolution.policies
    for policy in policies.policies:
        host = _first_host(policy)
        dns = policies.dns_of(policy)
        if host and (not dns.has_rule or _is_anywhere(dns) or _is_learned_anywhere(policies, policy.namespace)):
            profile = "none" if not dns.has_rule else "any"
            report.add(names_without_dns(policy.origin, policy.name, host, profile, service=policy.id))
    if cluster.cilium is not None and cluster.cilium.strict_dns:
        for held in policies.baselines:
            if held.policy.dns.has_rule and Direction.EGRESS in held.policy.directions:
                report.add(baseline_resolves(held.policy.origin, held.policy.namespace))


def _is_learned_anywhere(policies: PolicySet, namespace: str) -> bool:
    """Whether a baseline lets the pods ask any DNS server and the plugin learn from it, which it does not of `any`."""
    shared = (it.policy.dns for it in policies.baselines if it.policy.namespace == namespace)
    return any(it.profile != "any" and _is_anywhere(it) for it in shared)


def _is_anywhere(dns: Dns) -> bool:
    """Whether pods could ask a DNS server of their own choice: on every address, or in every namespace."""
    peers, _ = dns_reach(dns)
    pods, outside = read_peers(peers, "")
    return EVERY_POD in pods or outside.v4 == EVERY_ADDRESS.v4 or outside.v6 == EVERY_ADDRESS.v6


def _first_host(policy: ServicePolicy) -> str:
    named = (it for grant in policy.grants for it in grant.destination.peers)
    return next((it.name for it in named if isinstance(it, HostPeer) and not it.is_entity), "")
