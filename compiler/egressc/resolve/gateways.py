"""Services reach hosts through an egress gateway: what follows for the rules of these services."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count

from egressc.model.cluster import Cluster
from egressc.model.dialects import DIALECTS
from egressc.model.gateway import PASSED_THROUGH, GatewayHost, GatewayUse, Way
from egressc.model.policy import Grant, PolicySet, ServicePolicy


def lead_through_gateway(policies: PolicySet, cluster: Cluster) -> PolicySet:
    """The same policies, where those with hosts also let their pods get to the gateway, if there is one."""
    if cluster.gateway is None:
        return policies
    ways = cluster.gateway.ways(cluster.namespace_key)

    def lead(policy: ServicePolicy) -> ServicePolicy:
        return policy._replace(grants=_with_ways(policy.grants, ways))

    baselines = tuple(
        held._replace(policy=lead(held.policy), opt_ins=tuple(map(lead, held.opt_ins))) for held in policies.baselines
    )
    by_server_name = DIALECTS[cluster.dialect].by_server_name
    services = tuple(map(lead, policies.services))
    return replace(policies, services=services, baselines=baselines, by_server_name=by_server_name)


def gateway_hosts(policies: PolicySet, uses: Mapping[str, GatewayUse]) -> tuple[GatewayHost, ...]:
    """The hosts that policies name, with the clients of each; `uses`: settings, by the key of a destination.

    Every host is wanted in one way (EG476).
    """
    ports: dict[str, int] = {}
    clients: dict[str, set[str]] = {}
    settings: dict[str, GatewayUse] = {}
    for policy in policies.policies:
        for grant in policy.grants:
            for host in grant.named_hosts:
                ports.update((host, it.port) for it in grant.ports if isinstance(it.port, int))
                clients.setdefault(host, set()).add(policy.client)
                settings[host] = uses.get(grant.destination.key, PASSED_THROUGH)
    return tuple(
        GatewayHost(host, ports[host], tuple(sorted(clients[host])), *settings[host]) for host in sorted(ports)
    )


def _with_ways(grants: tuple[Grant, ...], ways: Sequence[Way]) -> tuple[Grant, ...]:
    named = [it for it in grants if it.named_hosts]
    if not named:
        return grants
    hosts = ", ".join(sorted({host for it in named for host in it.named_hosts}))
    origins = tuple(sorted({span for it in named for span in it.origins}, key=lambda it: it.order))
    held = {it.destination.key: it for it in grants}
    for end, port, purpose in ways:
        if any(it.destination.peers == end.peers and port in it.ports for it in grants):
            continue  # a row asks for it
        key = next(it for n in count(1) if (it := end.key if n == 1 else f"{end.key}-{n}") not in held)
        held[key] = Grant(named[0].source, replace(end, key=key), (port,), purpose or f"Routes to {hosts}", origins)
    return tuple(held[key] for key in sorted(held))
