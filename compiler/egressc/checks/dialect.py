"""What rows ask for against what the dialect can express."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from egressc.diagnostics.core import Diagnostic, Report
from egressc.diagnostics.dialects import (
    LimitedFeature,
    approximate_feature,
    staged_dialect,
    unsupported_feature,
)
from egressc.dialects.limits import Ability, Limits, Support, rule_limit_of
from egressc.model.cluster import Cluster
from egressc.model.dialects import DIALECTS
from egressc.model.dns_profiles import dns_reach
from egressc.model.policy import (
    AddressPeer,
    Direction,
    GrantEnd,
    HostPeer,
    Peer,
    PolicySet,
    Port,
    Protocol,
)
from egressc.model.texts import place_of_name
from egressc.source import Span


class _Need(NamedTuple):
    """A feature, what to write in place of it, and whether a rule needs it.

    `better`: another feature, and what to write in its place where the dialect has that one.
    """

    feature: str
    repair: str
    is_needed: Callable[[GrantEnd, tuple[Port, ...]], bool]
    better: tuple[str, str] = ("", "")


_NEEDS: Final[dict[str, _Need]] = {
    "host_names": _Need("host names", "write addresses", lambda end, _: bool(end.hosts)),
    "one_label_names": _Need(
        "a host with `*.`, for exactly one label",
        "write each host",
        lambda end, _: any(it.startswith("*.") for it in _named(end)),
        ("deep_names", "write `**.`, for one or more labels, or each host"),
    ),
    "deep_names": _Need(
        "a host with `**.`, for one or more labels",
        "write each host",
        lambda end, _: any(it.startswith("**.") for it in _named(end)),
        ("one_label_names", "write `*.`, for exactly one label, or each host"),
    ),
    "host_named_ports": _Need(
        "a named port for host names",
        "write the number",
        lambda end, ports: bool(_named(end)) and any(isinstance(port.port, str) for port in ports),
    ),
    "host_port_ranges": _Need(
        "a port range for host names",
        "write single ports (in Istio, one for each host), or addresses in place of hosts",
        lambda end, ports: bool(_named(end)) and any(port.end_port is not None for port in ports),
    ),
    "host_sctp": _Need(
        "SCTP for host names",
        "write addresses in place of hosts, or TCP",
        # For every port of every protocol, a policy needs to name no protocol.
        lambda end, ports: (
            bool(_named(end))
            and Protocol.SCTP in (protocols := {port.protocol for port in ports})
            and not (len(protocols) == len(Protocol) and all(port.port is None for port in ports))
        ),
    ),
    "host_udp": _Need(
        "UDP for host names",
        "write addresses in place of hosts, or TCP",
        lambda end, ports: (
            bool(_named(end)) and any(port.protocol is Protocol.UDP and not port.is_every for port in ports)
        ),
    ),
    "host_every_port": _Need(
        "every port of a protocol for host names",
        "write the ports",
        lambda end, ports: bool(_named(end)) and any(port.is_every for port in ports),
    ),
    "named_ports": _Need(
        "a named port", "write the number", lambda _, ports: any(isinstance(port.port, str) for port in ports)
    ),
    "port_ranges": _Need(
        "a port range", "write each port", lambda _, ports: any(port.end_port is not None for port in ports)
    ),
    "all_protocols": _Need(
        "every port of a protocol", "write the ports", lambda _, ports: any(port.port is None for port in ports)
    ),
    "except_blocks": _Need(
        "addresses with exceptions",
        "write networks without exceptions",
        lambda end, _: any(isinstance(it, AddressPeer) and it.excepts for it in end.peers),
    ),
}


def _named(end: GrantEnd) -> tuple[str, ...]:
    """The hosts that a row asks for, if rules name them: callers and addresses in their place have rules without."""
    return end.hosts if any(isinstance(it, HostPeer) for it in end.peers) else ()


def check_staged(cluster: Cluster, report: Report) -> None:
    """EG665, for who compiles; what looks at policies says it too."""
    if DIALECTS[cluster.dialect].is_staged and cluster.dialect_place is not None:
        report.add(staged_dialect(cluster.dialect_place, cluster.dialect))


def check_dialect(policies: PolicySet, dialect: str, limits: Limits, report: Report) -> None:
    """EG447 and EG448, once at each row that needs it; EG414 is for approximate host names."""
    if limits.ingress.support is not Support.EXACT:
        build = _build_of(limits.ingress)
        repair = "write `directions: egress` in the project file"
        limited = LimitedFeature("ingress rules", dialect, limits.ingress.reason, repair)
        for service in policies.policies:
            if Direction.INGRESS in service.directions:
                report.add(build(service.origin, service.name, limited, service=service.id, destination=""))
    for field, need in _NEEDS.items():
        ability: Ability = getattr(limits, field)
        if ability.support is Support.EXACT or (field, ability.support) == ("host_names", Support.APPROXIMATE):
            continue
        other, better = need.better
        repair = better if other and getattr(limits, other).support is not Support.UNSUPPORTED else need.repair
        build, limited = _build_of(ability), LimitedFeature(need.feature, dialect, ability.reason, repair)
        told: set[Span] = set()
        for service in policies.policies:
            for _, grant, end in service.halves:
                if not need.is_needed(end, grant.ports):
                    continue
                at = place_of_name(end.name, grant.origins[0])
                if at not in told:
                    told.add(at)
                    report.add(build(at, end.name, limited, service=service.id, destination=end.key))


def check_rule_counts(policies: PolicySet, dialect: str, report: Report) -> None:
    """EG447 for a policy that needs more rules in one direction than the dialect takes."""
    if (limit := rule_limit_of(dialect)) is None:
        return
    reason = f"one policy can have {limit.most}"
    for service in policies.policies:
        rules: dict[Direction, list[tuple[Sequence[Peer], Sequence[Port]]]] = {
            Direction.EGRESS: [*((it.destination.peers, it.ports) for it in service.grants), dns_reach(service.dns)],
            Direction.INGRESS: [(it.source.peers, it.ports) for it in service.callers],
        }
        for direction in service.directions:
            count = sum(limit.rules_for(*it) for it in rules[direction])
            if count > limit.most:
                repair = "write larger networks, port ranges, or fewer rows"
                limited = LimitedFeature(f"{count} {direction} rules", dialect, reason, repair)
                report.add(
                    unsupported_feature(service.origin, service.name, limited, service=service.id, destination="")
                )


def check_service_ports(policies: PolicySet, cluster: Cluster, report: Report) -> None:
    """EG447 for a row that reaches the API server on another port, where rules name its Service and no port."""
    if not cluster.names_services:
        return
    reason = "the rule names its Service, which opens the port of the API server alone"
    repair = f"write {cluster.api_server_port}, or no port, or `port` below cluster.apiServer"
    limited = LimitedFeature("another port of the API server than the cluster's", cluster.dialect, reason, repair)
    told: set[Span] = set()
    for service in policies.policies:
        for grant in service.grants:
            end, ports = grant.destination, (Port(Protocol.TCP, cluster.api_server_port),)
            is_named = any(isinstance(it, HostPeer) and it.is_entity for it in end.peers)
            if not is_named or grant.ports == ports:
                continue
            at = place_of_name(end.name, grant.origins[0])
            if at not in told:
                told.add(at)
                report.add(unsupported_feature(at, end.name, limited, service=service.id, destination=end.key))


def _build_of(ability: Ability) -> Callable[..., Diagnostic]:
    return unsupported_feature if ability.support is Support.UNSUPPORTED else approximate_feature
