"""Policies as a table would list them: services, and for each its destinations, by name where one is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from egressc.model.address_sets import NO_ADDRESSES, AddressSet
from egressc.model.endpoints import pods_in
from egressc.model.flows import Direction, Endpoints, PodClass, Policy, Rule
from egressc.model.known_namespaces import NOTHING_KNOWN, NamespaceFacts, Namespaces
from egressc.model.label_classes import has_members
from egressc.model.policy import PolicySet
from egressc.model.port_sets import NO_PORTS, PortSet, join
from egressc.source import Span
from egressc.verify.flows.precedence import additive
from egressc.verify.flows.regions import endpoints
from egressc.verify.flows.words import say_peer
from egressc.verify.intent.table import is_dns_rule

EntryKey = tuple[str, str]
"""The direction, and the destination (or, for ingress, the source) by key or in words."""

DNS = "DNS"
"""The key of the DNS rule: keys of destinations have no capitals."""

_Peers = tuple[frozenset[PodClass], AddressSet]


def key_of(rule: Rule) -> str:
    """The key of an intended rule of the table."""
    return DNS if is_dns_rule(rule) else rule.name


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """One destination of one service: its peers with their ports, and the rules they come from."""

    direction: Direction
    name: str
    reach: dict[Endpoints, PortSet]
    rules: tuple[tuple[Policy, Rule], ...]

    @property
    def ports(self) -> PortSet:
        found = NO_PORTS
        for ports in self.reach.values():
            found = join(found, ports)
        return found

    @property
    def origins(self) -> tuple[Span, ...]:
        """The rows, or lines of extra rules, that ask for it; a rule of a manifest has none."""
        return tuple(dict.fromkeys(origin for _, rule in self.rules for origin in rule.origins))


@dataclass(frozen=True, slots=True)
class ListedService:
    """`pods` are what the subject means where namespaces are known: one class, or several of the whole cluster."""

    subject: PodClass
    pods: tuple[PodClass, ...]
    entries: dict[EntryKey, ListedEntry]
    origin: Span


@dataclass(frozen=True, slots=True)
class Entries:
    """`services` by key, in the order of the keys."""

    policies: tuple[Policy, ...]
    services: dict[str, ListedService]

    def renamed_like(self, other: "Entries") -> "Entries":
        """With the other's key for each service that only the key tells apart: the same pods under another name."""
        known = {service.subject: key for key, service in other.services.items() if key not in self.services}
        services = {
            key if key in other.services else known.get(service.subject, key): service
            for key, service in self.services.items()
        }
        return replace(self, services=dict(sorted(services.items())))


@dataclass(frozen=True, slots=True)
class Names:
    """What the sources call pods and peers, so that manifests can be told in their words."""

    services: dict[PodClass, str] = field(default_factory=dict)
    peers: dict[_Peers, tuple[str, str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def learn(self, policies: PolicySet, intended: Iterable[Policy]) -> None:
        """Take the names of one set of sources; the first to name something wins."""
        for service, policy in zip(policies.policies, intended, strict=True):
            self.services.setdefault(policy.subject, service.id)
            self.titles.setdefault(service.id, service.name)
            self.peers.setdefault((frozenset((policy.subject,)), NO_ADDRESSES), (service.id, service.name))
            called = {it.destination.key: it.destination.name for it in service.grants}
            called |= {it.source.key: it.source.name for it in service.callers}
            for _, rule in policy.every_rule():
                key = key_of(rule)
                name = called.get(key, key)
                self.titles.setdefault(key, name)
                self.peers.setdefault((frozenset(rule.pods), rule.addresses), (key, name))


def entries_of(policies: Iterable[Policy], names: Names, namespaces: Namespaces = NOTHING_KNOWN) -> Entries:
    """Every service and entry of a set of policies. Several policies on the same pods are one service.

    Entries are called as their policies are written, and mean what they do where `namespaces` have these labels.
    """
    policies, facts = additive(policies), NamespaceFacts(namespaces)
    grouped: dict[str, list[Policy]] = {}
    for policy in policies:
        is_of_somebody = has_members(policy.subject.pods) and has_members(policy.subject.namespaces)
        if is_of_somebody and facts.settle_pods(policy.subject):
            grouped.setdefault(_service_key(policy, names), []).append(policy)
    services = {
        key: ListedService(
            group[0].subject, facts.settle_pods(group[0].subject), _entries(group, names, facts), group[0].origin
        )
        for key, group in sorted(grouped.items())
    }
    return Entries(tuple(part for policy in policies for part in facts.settle_policy(policy)), services)


def _service_key(policy: Policy, names: Names) -> str:
    # A policy of the sources is named by its service; one of a manifest is known by the pods it selects.
    if any(rule.name for _, rule in policy.every_rule()):
        return policy.name
    return names.services.get(policy.subject) or say_peer(policy.subject)


def _entries(policies: Iterable[Policy], names: Names, facts: NamespaceFacts) -> dict[EntryKey, ListedEntry]:
    found: dict[EntryKey, ListedEntry] = {}
    for policy in policies:
        for direction in Direction:
            for rule in policy.rules(direction) or ():
                for key, name, written in _named(rule, direction, names):
                    reach = _settled(written, facts)
                    known = found.get((direction, key))
                    found[direction, key] = ListedEntry(
                        direction,
                        name,
                        _joined(known.reach, reach) if known else reach,
                        (*known.rules, (policy, rule)) if known else ((policy, rule),),
                    )
    return found


def _named(rule: Rule, direction: Direction, names: Names) -> Iterable[tuple[str, str, dict[Endpoints, PortSet]]]:
    if rule.name and not rule.is_extra:
        key = key_of(rule)
        yield key, names.titles.get(key, key), dict.fromkeys(endpoints(rule), rule.ports)
        return
    if known := names.peers.get((frozenset(rule.pods), rule.addresses)):
        yield *known, dict.fromkeys(endpoints(rule), rule.ports)
        return
    for peer in endpoints(rule):
        words = say_peer(peer)
        yield words, words, {peer: rule.ports}


def _settled(reach: Mapping[Endpoints, PortSet], facts: NamespaceFacts) -> dict[Endpoints, PortSet]:
    found: dict[Endpoints, PortSet] = {}
    for peer, ports in reach.items():
        for part in (peer,) if (pods := pods_in(peer)) is None else facts.settle_pods(pods):
            found[part] = join(found.get(part, NO_PORTS), ports)
    return found


def _joined(one: Mapping[Endpoints, PortSet], other: Mapping[Endpoints, PortSet]) -> dict[Endpoints, PortSet]:
    return {**one, **{peer: join(one.get(peer, NO_PORTS), ports) for peer, ports in other.items()}}
