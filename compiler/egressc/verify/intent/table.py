"""What the sources ask for, as policies of flows: the side that rendered policies are held against.

Nothing here looks at values or at the chart: a service is isolated in each direction that its policy limits, can
resolve names as its DNS profile says, reaches what its rows name, and is reached by the callers that rows name.
"""

from collections.abc import Sequence
from dataclasses import replace

from egressc.model.address_sets import EVERY_ADDRESS, AddressSet
from egressc.model.dns_profiles import dns_reach
from egressc.model.flows import EVERY_POD, PodClass, Policy, Rule
from egressc.model.label_classes import namespace, select
from egressc.model.peers import read_peers
from egressc.model.policy import (
    Denial,
    Direction,
    Grant,
    GrantEnd,
    Peer,
    PolicySet,
    Port,
    ServicePolicy,
)
from egressc.model.port_sets import EVERY_PORT, port_set
from egressc.source import Span

DNS_RULE = "dns"


def is_dns_rule(rule: Rule) -> bool:
    """Whether an intended rule is that of a DNS profile: a dependency may be called so too, and has rows."""
    return rule.name == DNS_RULE and not rule.origins


def intend(policies: PolicySet) -> tuple[Policy, ...]:
    """One policy for each service and namespace, and for each opt-in.

    Its DNS rule (named "dns"), if it has one, then one rule for each dependency.

    In ingress one rule for each caller. A rule is named as its key in the values' `dependencies` or `callers`; its
    origins are the rows that ask.
    """
    reader = _IntentReader(by_server_name=policies.by_server_name)
    return tuple(reader.read_service(policy) for policy in policies.policies)


def intend_denials(policies: PolicySet) -> tuple[Policy, ...]:
    """What rows deny, in the form of policies that open it: one for each service, its rules in order of the rows.

    Each rule has the row that says no as its origin, and is named by the destination's key; one that denies everything
    else has no name. Nothing is to let these flows through but what the table itself asks for.
    """
    reader = _IntentReader(by_server_name=policies.by_server_name)
    services = {policy.id: policy for policy in policies.policies}
    found: dict[str, dict[Direction, list[Rule]]] = {}
    for denial in policies.denials:
        if denial.service in services:
            rules = found.setdefault(denial.service, {}).setdefault(denial.direction, [])
            rules.append(reader.read_denial(len(rules), denial, services[denial.service].namespace))
    return tuple(
        reader.isolate(services[name], **{side.value: tuple(rules) for side, rules in sides.items()})
        for name, sides in found.items()
    )


class _IntentReader:
    """Reads each destination once: services share them."""

    def __init__(self, *, by_server_name: bool) -> None:
        self._by_server_name = by_server_name
        # Peers are kept beside their reading, so that their identity stays their own.
        self._peers: dict[tuple[int, str], tuple[Sequence[Peer], tuple[PodClass, ...], AddressSet]] = {}

    def read_service(self, service: ServicePolicy) -> Policy:
        home, egress, ingress = service.namespace, None, None
        if Direction.EGRESS in service.directions:
            peers, ports = dns_reach(service.dns)
            rules = [self._rule(0, peers, ports, home, DNS_RULE, ())] if peers else []
            for it in service.grants:
                rules.append(self._granted(len(rules), it, it.destination, home))
            egress = tuple(rules)
        if Direction.INGRESS in service.directions:
            ingress = tuple(self._granted(index, it, it.source, home) for index, it in enumerate(service.callers))
        return self.isolate(service, egress, ingress)

    def _granted(self, index: int, grant: Grant, other: GrantEnd, home: str) -> Rule:
        return self._rule(index, other.peers, grant.ports, home, other.key, grant.origins, other.hosts)

    def read_denial(self, index: int, denial: Denial, home: str) -> Rule:
        ports = port_set(denial.ports) if denial.ports else EVERY_PORT
        if denial.other is None:
            return Rule(index, (EVERY_POD,), EVERY_ADDRESS, ports, "", (denial.origin,))
        rule = self._rule(index, denial.other.peers, denial.ports, home, denial.other.key, (denial.origin,))
        return replace(rule, ports=ports)

    def isolate(
        self, service: ServicePolicy, egress: tuple[Rule, ...] | None = None, ingress: tuple[Rule, ...] | None = None
    ) -> Policy:
        subject = PodClass(namespace(service.namespace), select(service.pod_selector))
        return Policy(service.namespace, service.id, subject, egress, ingress, service.origin)

    def _rule(
        self,
        index: int,
        peers: Sequence[Peer],
        ports: tuple[Port, ...],
        home: str,
        name: str,
        origins: tuple[Span, ...],
        hosts: tuple[str, ...] = (),
    ) -> Rule:
        known = self._peers.get((id(peers), home))
        if known is None:
            known = self._peers[id(peers), home] = (peers, *read_peers(peers, home))
        is_named = self._by_server_name and known[2].names_hosts
        return Rule(index, known[1], known[2], port_set(ports), name, origins, hosts=hosts, by_server_name=is_named)
