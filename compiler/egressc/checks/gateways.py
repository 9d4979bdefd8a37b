"""Hosts behind an egress gateway of Istio: one way to each for all, TLS, and a Sidecar or an identity for each pod."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple, assert_never

from egressc.checks.shared_pods import MOST_NEIGHBOURS, with_pods
from egressc.diagnostics.core import Report
from egressc.diagnostics.gateways import (
    host_wanted_differently,
    limited_gateway,
    no_own_sidecar,
    originates_on_tls_port,
    port_without_tls,
    shared_identity,
    unlimited_requests,
)
from egressc.model.cluster import Cluster
from egressc.model.gateway import HOST_TLS_PORT, PASSED_THROUGH, EgressGateway, GatewayUse, Waypoint
from egressc.model.label_classes import both, has_members, select
from egressc.model.pod_classes import ClassIndex
from egressc.model.policy import Grant, PolicySet, Port, Protocol, Selector, ServicePolicy
from egressc.model.ports import say_port, say_ports
from egressc.model.texts import place_of_name
from egressc.resolve.resolution import Resolution
from egressc.source import Span

# Protocols that begin without TLS on their usual port, some to change to it later (IANA, service names and ports).
_WITHOUT_TLS: Final = {
    21: "FTP",
    22: "SSH",
    25: "SMTP",
    80: "HTTP",
    110: "POP3",
    143: "IMAP",
    389: "LDAP",
    587: "SMTP",
    1433: "SQL Server",
    1521: "Oracle Database",
    3306: "MySQL",
    5432: "PostgreSQL",
    8080: "HTTP",
}


class _Wish(NamedTuple):
    """A row of a policy that wants hosts."""

    policy: ServicePolicy
    grant: Grant


def check_gateways(cluster: Cluster, resolution: Resolution, report: Report) -> None:
    """EG458, EG459, EG464 and EG476 to EG479, where an egress gateway leads to hosts."""
    if cluster.gateway is None:
        return
    wishes = [_Wish(policy, it) for policy in resolution.policies.policies for it in policy.grants if it.named_hosts]
    uses = resolution.gateway_uses
    _check_one_way(wishes, uses, report)
    told: set[Span] = set()
    for policy, grant in wishes:
        end = grant.destination
        at = _place_of(grant)
        if at in told:
            continue
        told.add(at)
        use = uses.get(end.key, PASSED_THROUGH)
        if use.rate_limit is not None and isinstance(cluster.gateway, Waypoint):
            report.add(unlimited_requests(at, end.name, service=policy.id, destination=end.key))
        for port in grant.ports:
            if use.tls == "originate" and port == Port(Protocol.TCP, HOST_TLS_PORT):
                said = say_port(port)
                report.add(originates_on_tls_port(at, end.name, said, service=policy.id, destination=end.key))
            elif use.tls == "passthrough" and port.port in _WITHOUT_TLS:
                protocol = _WITHOUT_TLS[int(port.port)]
                found = port_without_tls(at, end.name, say_port(port), protocol, service=policy.id, destination=end.key)
                report.add(found)
    match cluster.gateway:
        case Waypoint():
            _check_identities(resolution.policies, report)
        case EgressGateway():
            _check_sidecars(resolution.policies, cluster.gateway, report)
        case _:
            assert_never(cluster.gateway)
    pods = select(Selector(cluster.gateway.pod_selector))
    for policy in resolution.policies.policies:
        chosen = select(policy.pod_selector)
        shared = both(chosen, pods)
        is_there = policy.namespace == cluster.gateway.namespace and shared is not None and has_members(shared)
        if policy.directions and is_there:
            report.add(
                limited_gateway(
                    policy.origin,
                    policy.name,
                    is_certain=chosen <= pods,
                    has_selector=isinstance(cluster.gateway, EgressGateway),
                    service=policy.id,
                )
            )


def _place_of(grant: Grant) -> Span:
    """Where the row that asks for it says the destination."""
    return place_of_name(grant.destination.name, grant.origins[0])


def _check_one_way(wishes: list[_Wish], uses: Mapping[str, GatewayUse], report: Report) -> None:
    """EG476, at the first row that wants a host differently than the first that wants it."""
    first: dict[str, _Wish] = {}
    told: set[str] = set()
    for wish in wishes:
        for host in wish.grant.named_hosts:
            before = first.setdefault(host, wish)
            if host in told:
                continue
            words, earlier = (_say_ways(it.grant, uses) for it in (wish, before))
            differing = [pair for pair in zip(words, earlier, strict=True) if pair[0] != pair[1]]
            if not differing and len(wish.grant.ports) > 1:
                first_port, *others = wish.grant.ports
                differing = [(f"on {say_ports(others)}", f"on {say_port(first_port)}")]
            if differing:
                told.add(host)
                end = wish.grant.destination
                said, other = differing[0]
                report.add(
                    host_wanted_differently(
                        _place_of(wish.grant),
                        host,
                        said,
                        _place_of(before.grant),
                        other,
                        is_port=differing[0] != (words[1], earlier[1]),
                        service=wish.policy.id,
                        destination=end.key,
                    )
                )


def _say_ways(grant: Grant, uses: Mapping[str, GatewayUse]) -> tuple[str, str]:
    """On which ports it wants its hosts, and with which settings."""
    return f"on {say_ports(grant.ports)}", str(uses.get(grant.destination.key, PASSED_THROUGH))


def _check_identities(policies: PolicySet, report: Report) -> None:
    """EG458, once for each policy: its pods reach each host that the waypoint opens to who they can be."""
    admitted: dict[str, dict[str, ServicePolicy]] = {}
    everywhere: dict[str, dict[str, None]] = {}
    ids = {it.id for it in policies.services}
    naming = [it for it in policies.policies if it.first_host]
    for policy in naming:
        for host in _hosts_of(policy):
            admitted.setdefault(policy.client, {}).setdefault(host, policy)
        if policy.is_baseline:
            everywhere[policy.namespace] = _hosts_of(policy)
    for policy in naming:
        own = {**everywhere.get(policy.namespace, {}), **_hosts_of(policy)}
        reached = {**admitted[policy.client], **admitted.get(policy.namespace, {})}
        more = next(((it, other) for it, other in reached.items() if it not in own), None)
        if more is not None:
            name, other = more
            are_services = {policy.id, other.id} <= ids
            report.add(
                shared_identity(
                    policy.origin,
                    policy.name,
                    name,
                    other.name,
                    other.origin,
                    are_services=are_services,
                    service=policy.id,
                )
            )


def _hosts_of(policy: ServicePolicy) -> dict[str, None]:
    return dict.fromkeys(host for grant in policy.grants for host in grant.named_hosts)


def _check_sidecars(policies: PolicySet, gateway: EgressGateway, report: Report) -> None:
    """EG478, once for each policy."""
    naming = [it for it in policies.services if it.first_host]
    for policy in naming:
        if policy.pod_selector.match_expressions:
            why = "a Sidecar selects pods by labels alone, and its selector has expressions"
            report.add(no_own_sidecar(policy.origin, policy.name, why, "write labels alone", service=policy.id))
    for one, other in _sharing(naming):
        why = f'"{one.name}" reaches hosts too and can have the same pods, and only one Sidecar counts for a pod'
        repair = "write selectors that no pod can match both, with another value of the same label"
        report.add(no_own_sidecar(other.origin, other.name, why, repair, service=other.id))
    for held in policies.baselines:
        if held.policy.first_host and held.policy.namespace == gateway.control_plane:
            why = "in the namespace of istiod, a Sidecar for all pods counts for the whole mesh"
            repair = f"remove {held.policy.first_host} from the baseline, and write it into rows of services"
            report.add(no_own_sidecar(held.policy.origin, held.policy.name, why, repair, service=held.policy.id))
        for opt_in in held.opt_ins:
            if opt_in.first_host:
                why = "only one Sidecar counts for a pod, and its service can have another"
                repair = f"remove {opt_in.first_host} from the opt-in, and write it into rows of services"
                report.add(no_own_sidecar(opt_in.origin, opt_in.name, why, repair, service=opt_in.id))


def _sharing(policies: list[ServicePolicy]) -> Iterator[tuple[ServicePolicy, ServicePolicy]]:
    """Each policy whose pods can be those of an earlier one, with the first of these that is found."""
    classes = list(with_pods(policies))
    index = ClassIndex((pods, rank) for rank, (pods, _) in enumerate(classes))
    for rank, (pods, policy) in enumerate(classes):
        first = min(found for _, found in islice(index.overlapping(pods), MOST_NEIGHBOURS))
        if first < rank:
            yield classes[first][1], policy
