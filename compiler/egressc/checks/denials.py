"""Rows that say no against rows that grant: what one service is denied and given is a contradiction of the document."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from egressc.checks.row_texts import RowTexts
from egressc.diagnostics.core import Report
from egressc.diagnostics.rows import contradicting_denial, denied_dns
from egressc.model.address_sets import AddressSet, common, opens_names, subtract
from egressc.model.flows import PodClass
from egressc.model.label_classes import both, without
from egressc.model.peers import read_peers
from egressc.model.policy import Denial, Direction, Grant, GrantEnd, Peer, Port, ServicePolicy
from egressc.model.port_sets import EVERY_PORT, NO_PORTS, find, port_set
from egressc.model.ports import DNS_PORTS
from egressc.model.requirements import Requirements
from egressc.resolve.resolution import Resolution
from egressc.source import Located, Span


class _Grant(NamedTuple):
    service: ServicePolicy
    dependency: Grant


def check_denials(requirements: Requirements, resolution: Resolution, report: Report) -> None:
    """EG428 for a row that denies what another one grants, EG429 for one that denies the DNS that a service has.

    One finding for each cell that denies, whatever number of services it is about. A grant of some of what is denied
    is an exception and contradicts nothing, nor does any grant contradict a denial of everything else.
    """
    denials = resolution.policies.denials
    if not denials:
        return
    services = {it.id: it for it in resolution.policies.services}
    services |= {it.policy.id: it.policy for it in resolution.policies.baselines}
    let_in: dict[str, list[Grant]] = {}  # by the service that calls: the row of the destination may let it in alone
    whole = {it.policy.namespace: it for it in resolution.policies.baselines}
    for it in resolution.policies.services:
        for grant in it.callers:
            let_in.setdefault(grant.source.key, []).append(grant)
    dns = {entity.key for entity in resolution.entities if entity.is_dns}
    reaches, texts = _Reaches(), RowTexts(requirements)
    found: dict[Span, tuple[Denial, list[_Grant]]] = {}
    for denial in denials:
        service = services.get(denial.service)
        if denial.other is None or denial.is_general or service is None:
            continue
        baseline = whole.get(service.namespace)
        shared = baseline.policy if baseline is not None and baseline.policy.dns.has_rule else None
        dns_rule = service.dns if shared is None else shared.dns
        if denial.other.key in dns and dns_rule.has_rule and _meet(denial.ports, DNS_PORTS):
            denied = Located(denial.other.name, denial.origin)
            way_out = texts.leaving_out(denial.origin, denial.other.name)
            report.add(
                denied_dns(
                    denied,
                    service.name,
                    dns_rule.profile,
                    way_out,
                    service_id=service.id,
                    namespace=shared.namespace if shared else "",
                )
            )
        is_egress = denial.direction is Direction.EGRESS
        halves = (*service.grants, *let_in.get(service.id, ())) if is_egress else service.callers
        if baseline is not None and service.is_baseline:
            halves = (*halves, *(grant for it in baseline.opt_ins for grant in it.grants))
        granted = [it for it in halves if reaches.contradict(denial, it, service.namespace)]
        if granted:
            held = found.setdefault(denial.origin, (denial, []))
            held[1].extend(_Grant(service, it) for it in granted)
    for denial, grants in found.values():
        _report(denial, grants, texts, report)


class _Reach(NamedTuple):
    pods: tuple[PodClass, ...]
    addresses: AddressSet


class _Reaches:
    """What destinations come to, and how two of them lie to each other; rows of many services share them."""

    def __init__(self) -> None:
        # Peers are kept beside what they come to, so that their identity stays their own.
        self._read: dict[tuple[int, str], tuple[Sequence[Peer], _Reach]] = {}
        self._related: dict[tuple[int, int, str], tuple[bool, bool]] = {}

    def contradict(self, denial: Denial, grant: Grant, home: str) -> bool:
        """Whether a grant of a service in the namespace `home` lets through what a row denies, and is no exception."""
        assert denial.other is not None, "a denial of everything else contradicts nothing"
        denied, granted = denial.other.peers, _other(denial, grant).peers
        key = (id(denied), id(granted), home)
        related = self._related.get(key)
        if related is None:
            related = self._related[key] = _relate(self._reach(denied, home), self._reach(granted, home))
        shares_pods, shares_addresses = related
        return (shares_pods and _meet(denial.ports, grant.ports)) or (
            shares_addresses and _meet(denial.ports, grant.ports, named=False)
        )

    def _reach(self, peers: Sequence[Peer], home: str) -> _Reach:
        known = self._read.get((id(peers), home))
        if known is None:
            known = self._read[id(peers), home] = peers, _Reach(*read_peers(peers, home))
        return known[1]


def _relate(denied: _Reach, granted: _Reach) -> tuple[bool, bool]:
    """Whether they share pods, and addresses; neither where the grant lies strictly inside what is denied."""
    if not _beyond(granted, denied) and _beyond(denied, granted):
        return False, False
    shares_pods = any(_common(one, other) for one in denied.pods for other in granted.pods)
    is_behind = opens_names(granted.addresses, denied.addresses)
    return shares_pods, is_behind or bool(common(denied.addresses, granted.addresses))


def _beyond(one: _Reach, other: _Reach) -> bool:
    """Whether one reaches anything that the other does not."""
    if subtract(one.addresses, other.addresses):
        return True
    rest = list(one.pods)
    for taken in other.pods:
        rest = [part for pods in rest for part in _pods_without(pods, taken)]
    return bool(rest)


def _common(one: PodClass, other: PodClass) -> bool:
    return both(one.namespaces, other.namespaces) is not None and both(one.pods, other.pods) is not None


def _pods_without(one: PodClass, other: PodClass) -> Iterator[PodClass]:
    for namespaces in without(one.namespaces, other.namespaces):
        yield PodClass(namespaces, one.pods)
    inside = both(one.namespaces, other.namespaces)
    if inside is not None:
        for pods in without(one.pods, other.pods):
            yield PodClass(inside, pods)


def _meet(denied: tuple[Port, ...], granted: tuple[Port, ...], *, named: bool = True) -> bool:
    """Whether some port is in both; no ports of a denial are all of them."""
    ports = (port_set(denied) if denied else EVERY_PORT, port_set(granted))
    return find(ports, NO_PORTS, named=named) is not None


def _other(denial: Denial, grant: Grant) -> GrantEnd:
    return grant.destination if denial.direction is Direction.EGRESS else grant.source


def _report(denial: Denial, grants: Sequence[_Grant], texts: RowTexts, report: Report) -> None:
    assert denial.other is not None, "a denial of everything else contradicts nothing"
    by_place = {origin: it for it in grants for origin in it.dependency.origins}
    places = sorted(by_place, key=lambda it: it.order)
    service, granted = by_place[places[0]].service, _other(denial, by_place[places[0]].dependency).name
    denied = Located(denial.other.name, denial.origin)
    ways_out = texts.leaving_out(denial.origin, denied.value), texts.leaving_out(places[0], granted)
    report.add(
        contradicting_denial(
            denied,
            service.name,
            granted,
            places,
            ways_out,
            service_id=service.id,
            destination=denial.other.key,
        )
    )
