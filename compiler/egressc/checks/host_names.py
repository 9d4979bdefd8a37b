"""Rules by host name: the names must be resolved, by the cluster's own DNS, and lie outside the cluster."""

from egressc.diagnostics.core import Report
from egressc.diagnostics.dialects import baseline_resolves, host_in_cluster, names_without_dns, unselectable_label
from egressc.dialects.cilium.labels import label_problem
from egressc.model.cluster import CLUSTER_DOMAIN, Cluster
from egressc.model.dns_profiles import dns_reach
from egressc.model.peers import read_peers
from egressc.model.policy import Direction, Dns, HostPeer, PodPeer, PolicySet, Selector, ServicePolicy
from egressc.resolve.resolution import Resolution
from egressc.source import Span


def check_host_names(cluster: Cluster, resolution: Resolution, report: Report) -> None:
    """EG490 to EG492 and EG494, where the dialect has rules by name."""
    if not cluster.names_hosts:
        return
    domain = cluster.cilium.cluster_domain if cluster.cilium is not None else CLUSTER_DOMAIN
    named = {it.destination.key: it.destination for it in resolution.policies.every_grant()}
    for entity in resolution.entities:
        peers = named[entity.key].peers if entity.key in named else ()
        hosts = (it.name for it in peers if isinstance(it, HostPeer) and not it.is_entity)
        inside = next((it for it in hosts if _is_inside(it, domain)), None)
        if inside is not None:
            at = next((span for it in entity.statements if it.facts.hosts and (span := it.span_of("hosts"))), None)
            report.add(host_in_cluster(at or entity.place.span, entity.name, inside, destination=entity.key))
    policies = resolution.policies
    _check_labels(policies, report)
    for policy in policies.policies:
        host = _first_host(policy)
        dns = policies.dns_of(policy)
        # What the profile `any` of a baseline lets pods ask is rendered without `rules.dns`, so nobody learns from it.
        learned = (
            it.policy.dns
            for it in policies.baselines
            if it.policy.namespace == policy.namespace and it.policy.dns.profile != "any"
        )
        if host and (not dns.has_rule or any(map(_is_any_server, (dns, *learned)))):
            profile = "none" if not dns.has_rule else "any"
            report.add(names_without_dns(policy.origin, policy.name, host, profile, service=policy.id))
    if cluster.cilium is not None and cluster.cilium.strict_dns:
        for held in policies.baselines:
            if held.policy.dns.has_rule and Direction.EGRESS in held.policy.directions:
                report.add(baseline_resolves(held.policy.origin, held.policy.namespace))


def _check_labels(policies: PolicySet, report: Report) -> None:
    """EG494, once for each label, at the first service or row that needs it."""
    told: set[tuple[str, bool]] = set()

    def look(selector: Selector | None, at: Span, *, of_namespace: bool = False) -> None:
        labels = [key for key, _ in selector.match_labels] if selector is not None else []
        expressions = [it.key for it in selector.match_expressions] if selector is not None else []
        for key in (*labels, *expressions):
            problem = label_problem(key, of_namespace=of_namespace)
            if problem and (key, of_namespace) not in told:
                told.add((key, of_namespace))
                report.add(unselectable_label(at, key, problem))

    for policy in policies.policies:
        look(policy.pod_selector, policy.origin)
        halves = (*((it, it.destination) for it in policy.grants), *((it, it.source) for it in policy.callers))
        for grant, end in halves:
            for peer in end.peers:
                if isinstance(peer, PodPeer):
                    look(peer.pods, grant.origins[0])
                    look(peer.namespaces, grant.origins[0], of_namespace=True)


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


def _first_host(policy: ServicePolicy) -> str:
    named = (it for grant in policy.grants for it in grant.destination.peers)
    return next((it.name for it in named if isinstance(it, HostPeer) and not it.is_entity), "")
