"""Rules that are wider than the row that asks for them looks."""

from collections.abc import Iterable
from functools import cached_property

from egressc.diagnostics.core import Report
from egressc.diagnostics.width import (
    any_namespace,
    approximate_hosts,
    every_address,
    every_port,
    excluding_namespaces,
    separate_peers,
    whole_namespace,
)
from egressc.dialects.limits import Ability, Support
from egressc.model.address_sets import EVERY_ADDRESS, block, join_addresses
from egressc.model.baselines import Opening
from egressc.model.entities import Entity, Mention, Statement
from egressc.model.policy import AddressPeer, Peer, PodPeer, PolicySet, Selector
from egressc.model.requirements import Facts
from egressc.model.texts import place_of_name
from egressc.resolve.resolution import Resolution
from egressc.source import Located, Span

# Stands for the selector that a convention gives, which names its pods.
_SOME_PODS = Selector((("app", ""),))


def check_width(resolution: Resolution, host_names: Ability, report: Report) -> None:
    """EG402 to EG405 where an end is wide, at the place that makes it so; EG414 for names without a rule."""
    told: set[Span] = set()
    ends = _Ends(resolution.policies)
    open_keys: frozenset[str] | None = None
    for entity in resolution.entities:
        is_opened = entity in resolution.used and entity not in resolution.only_guarded
        if entity.is_preset or not is_opened or entity in resolution.spoiled:
            continue
        for statement in entity.statements:
            _check_statement(
                entity, statement, ends, report, selects_namespaces=resolution.answers.cluster.selects_namespaces
            )
            if any(port.is_every for port in statement.facts.ports):
                if open_keys is None:
                    open_keys = _reached_on_every_port(resolution.policies)
                if entity.key in open_keys:
                    place = _at(entity, statement, "ports")
                    told.add(place)
                    report.add(every_port(ends.say_reached(entity.key), entity.name, place, entity.key))
        facts = entity.facts
        if (
            facts.hosts
            and host_names.support is Support.APPROXIMATE
            and (facts.internet or facts.addresses or facts.peers or facts.pods is not None)
        ):
            hosts = entity.facts.hosts
            at = next((span for it in entity.statements if it.facts.hosts and (span := it.span_of("hosts"))), None)
            named = Located(entity.name, at or entity.place.span)
            stand_in = _say_stand_in(entity.facts)
            report.add(approximate_hosts(named, hosts, stand_in, host_names.reason, entity.key))
    _check_mentions(resolution.mentions, ends, told, report)
    _check_literal_callers(resolution, told, report)


class _Ends:
    """How findings call the ends of grants. Looked at for those alone."""

    def __init__(self, policies: PolicySet) -> None:
        self._services = policies.policies

    @cached_property
    def _reached(self) -> frozenset[tuple[str, str]]:
        return frozenset((it.source.key, it.destination.key) for held in self._services for it in held.grants)

    @cached_property
    def _destinations(self) -> frozenset[str]:
        return frozenset(key for _, key in self._reached)

    @cached_property
    def _callers(self) -> frozenset[str]:
        return frozenset(it.source.key for held in self._services for it in held.callers)

    def say(self, key: str) -> str:
        if key not in self._callers:
            return "destination"
        return "peer" if key in self._destinations else "caller"

    def say_reached(self, key: str, source: str = "") -> str:
        """What is reached: no policy limits egress to a service that only its own policy lets others reach."""
        is_destination = (source, key) in self._reached if source else key in self._destinations
        return "destination" if is_destination else "service"


def _check_literal_callers(resolution: Resolution, told: set[Span], report: Report) -> None:
    """EG405 for a network of everything that a row names as a caller, at the first row for each service."""
    defined = {it.key for it in resolution.entities if not it.is_preset}
    wide: dict[str, str] = {}
    for service in resolution.policies.policies:
        for grant in service.callers:
            source, at = grant.source, place_of_name(grant.source.name, grant.origins[0])
            if source.key not in wide:
                wide[source.key] = "" if source.key in defined else _find_everywhere(source.peers)
            if wide[source.key] and at not in told:
                told.add(at)
                report.add(every_address("caller", source.name, wide[source.key], at, source.key))


def _check_mentions(mentions: Iterable[Mention], ends: _Ends, told: set[Span], report: Report) -> None:
    """EG404 and EG405 for what a row itself makes wide: `Redis (any port)`, or a network of everything for a name."""
    for mention in mentions:
        if isinstance(mention.said, Opening):
            continue  # of a namespace, every port is usual
        entity = mention.entity
        is_open = any(port.is_every for port in mention.ports)
        wide = _find_everywhere((*entity.facts.addresses, *entity.facts.peers)) if entity.is_preset else ""
        if not is_open and not wide:
            continue
        at = mention.said.place
        if at in told:
            continue  # of a group, the first names it
        told.add(at)
        if is_open:
            report.add(every_port(ends.say_reached(entity.key, mention.service), entity.name, at, entity.key))
        if wide:
            report.add(every_address("destination", entity.name, wide, at, entity.key))


def check_separate_peers(entities: Iterable[Entity], report: Report) -> None:
    """EG415 for a namespace selector and a pod selector in two items: the usual slip for one item with both."""
    for entity in entities:
        if not entity.facts.peers:
            continue
        for statement in entity.statements:
            peers = [it for it in statement.facts.peers if isinstance(it, PodPeer)]
            has_namespace = any(it.pods is None for it in peers)
            has_pods = any(it.namespaces is None for it in peers)
            if has_namespace and has_pods:
                report.add(separate_peers(entity.name, _at(entity, statement, "to"), entity.key))


def _check_statement(
    entity: Entity, statement: Statement, ends: _Ends, report: Report, *, selects_namespaces: bool
) -> None:
    """EG402, EG403, EG405; EG424 for a dialect that does not ask for a namespace itself."""
    facts = statement.facts
    name, key = entity.name, entity.key
    if facts.namespaces is not None and facts.namespaces.selects_everything:
        report.add(any_namespace(ends.say(key), name, _at(entity, statement, "namespaces"), key))
    if facts.pods is not None and facts.pods.selects_everything:
        report.add(whole_namespace(ends.say(key), name, _say_where(entity), _at(entity, statement, "selector"), key))
    elsewhere = facts.namespaces
    if (
        elsewhere is not None
        and not selects_namespaces
        and _fits_outside(elsewhere, entity.facts.pods or facts.pods or _SOME_PODS)
    ):
        report.add(excluding_namespaces(name, _at(entity, statement, "namespaces"), key))
    for part, peers in (("addresses", facts.addresses), ("to", facts.peers)):
        if wide := _find_everywhere(peers):
            report.add(every_address(ends.say(key), name, wide, _at(entity, statement, part), key))
    for peer in facts.peers:
        if not isinstance(peer, PodPeer):
            continue
        if peer.namespaces is not None and peer.namespaces.selects_everything:
            report.add(any_namespace(ends.say(key), name, _at(entity, statement, "to"), key))
        elif (
            peer.namespaces is not None
            and not selects_namespaces
            and _fits_outside(peer.namespaces, peer.pods or Selector())
        ):
            report.add(excluding_namespaces(name, _at(entity, statement, "to"), key))
        elif peer.pods is None or (peer.namespaces is None and peer.pods.selects_everything):
            report.add(whole_namespace(ends.say(key), name, "a namespace", _at(entity, statement, "to"), key))


def _find_everywhere(peers: Iterable[Peer]) -> str:
    """The network that all addresses of a family are, where the peers are these together, as two halves are."""
    reached = join_addresses(block(it.cidr, it.excepts) for it in peers if isinstance(it, AddressPeer))
    if reached.v4 == EVERY_ADDRESS.v4:
        return "0.0.0.0/0"
    return "::/0" if reached.v6 == EVERY_ADDRESS.v6 else ""


def _fits_outside(namespaces: Selector, pods: Selector) -> bool:
    """Whether Cilium before 1.19 takes addresses outside for such pods (docs/parity.md); "any" it reads right."""
    return not namespaces.selects_everything and namespaces.only_excludes and pods.only_excludes


def _reached_on_every_port(policies: PolicySet) -> frozenset[str]:
    """Keys of the destinations that some rule reaches on every port: those who list their ports make none."""
    rules = policies.every_grant()
    return frozenset(rule.destination.key for rule in rules if any(port.is_every for port in rule.ports))


def _at(entity: Entity, statement: Statement, key: str) -> Span:
    return statement.span_of(key) or entity.place.span


def _say_where(entity: Entity) -> str:
    facts = entity.facts
    if facts.namespaces is not None:
        return "every namespace" if facts.namespaces.selects_everything else "several namespaces"
    return f'namespace "{facts.namespace}"' if facts.namespace else "its namespace"


def _say_stand_in(facts: Facts) -> str:
    if facts.internet:
        return "any public address"
    if facts.addresses:
        return ", ".join(it.cidr for it in facts.addresses)
    return "pods of a gateway"
