"""Services that rows of connections make, and callers that one side of a table names and the other does not."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from egressc.diagnostics.baselines import no_dns
from egressc.diagnostics.callers import address_callers, limited_dns, uncalled_services, unlimited_destinations
from egressc.diagnostics.core import Report
from egressc.diagnostics.environments import absent_service
from egressc.diagnostics.rows import almost_known_service, created_services, serviceless_group, unmatched_ingress
from egressc.model.catalog import Catalog
from egressc.model.dns_profiles import dns_reach
from egressc.model.endpoints import is_within
from egressc.model.entities import Entity
from egressc.model.flows import PodClass
from egressc.model.label_classes import ANY, namespace, select
from egressc.model.policy import AddressPeer, Direction, Grant, PodPeer, PolicySet, Port, ServicePolicy
from egressc.model.port_sets import covers, port_set
from egressc.model.ports import DNS_PORTS, say_port
from egressc.model.project import Project
from egressc.model.records import Role
from egressc.model.references import Reference, Written
from egressc.model.requirements import Requirements, ServiceRow
from egressc.model.texts import place_of_name
from egressc.resolve.directions import said_directions
from egressc.resolve.names import NearNames
from egressc.resolve.peers import pods_of
from egressc.resolve.presets import ANYWHERE, API_SERVER
from egressc.resolve.resolution import Resolution
from egressc.source import Located, Span

_NEARNESS: Final = 0.9
_TELLING: Final = 6  # shorter names are near too many others
_DIGITS: Final = re.compile("[0-9]")


def check_created(resolution: Resolution, report: Report) -> None:
    """EG430 for the services that rows of connections make, EG437 for one that may be a slip of another name."""
    if not resolution.created:
        return
    first = min((it.span for it in resolution.created), key=lambda it: it.order)
    names = sorted(it.value for it in resolution.created)
    report.add(created_services(first, names))
    created = [entity for name in names for entity in resolution.find(name)[:1]]
    book: NearNames | None = None
    for entity in created:
        if len(entity.statements) > 1 or any(it.entry for it in entity.statements):
            continue  # something else knows the name
        book = book or NearNames(resolution.names)
        if near := next((it for it in book.near(entity.name) if it != entity.name and _may_be_meant(entity, it)), ""):
            report.add(almost_known_service(entity.place, near, entity.key))


def check_absent(requirements: Requirements, resolution: Resolution, environment: str, report: Report) -> None:
    """EG264 for services whose rows hold in other environments, and which rows of this one reach."""
    for name in {it.value: it for it in reversed(requirements.absent)}.values():
        for entity in resolution.find(name.value)[:1]:
            entries = [it.entry for it in entity.statements if it.entry is not None]
            is_reached = entity in resolution.used and not entity.is_service
            if is_reached and all(it.can_have_policy for it in entries):
                report.add(absent_service(name, environment))


def _may_be_meant(entity: Entity, near: str) -> bool:
    """Whether one name may be a slip of the other: `shop-11` and `shop-12`, which differ in a number, are not."""
    is_close = SequenceMatcher(a=entity.name.casefold(), b=near.casefold()).ratio() >= _NEARNESS
    return is_close and len(near) >= _TELLING and _DIGITS.sub("", entity.name) != _DIGITS.sub("", near)


def check_groups(requirements: Requirements, resolution: Resolution, report: Report) -> None:
    """EG446 for a row of a table of services that is about a group without any."""
    groups = resolution.answers.entities.groups
    for row in requirements.services:
        if row.is_service and row.name in groups and not any(it.is_service for it in resolution.find(row.name)):
            report.add(serviceless_group(Located(row.name, row.row.span_of(Role.SERVICE))))


def check_ingress(requirements: Requirements, resolution: Resolution, report: Report) -> None:
    """EG433 for a caller under "Ingress from" whose egress is limited, and not opened by a row of its own."""
    if not any(row.ingress for row in requirements.services):
        return
    policies = resolution.policies.services
    free = {it.name for it in policies if Direction.EGRESS not in it.directions}
    granted = {(service.name, it.destination.name) for service in policies for it in service.grants}
    whole = {it.policy.namespace: it.policy for it in resolution.policies.baselines}
    for service in policies:
        if service.namespace in whole:  # what a baseline opens, it opens for every pod
            granted |= {(service.name, it.destination.name) for it in whole[service.namespace].grants}
    for row in requirements.services:
        for cell, ref, place in _callers(row):
            callees = resolution.find(row.name)
            for caller in resolution.find(ref.text) or resolution.find(ref.name):
                if not caller.is_service or caller.name in free:
                    continue
                if not any((caller.name, it.name) in granted or caller is it for it in callees):
                    above = (it for it in requirements.records if it.source is place.source)
                    table = max(above, key=lambda it: (it.span.start <= place.start, it.span.start))
                    header = table.headers[table.roles.index(Role.INGRESS)].text
                    is_open = (place.source.name, cell.start) in resolution.admitting
                    named = Located(caller.name, place)
                    report.add(unmatched_ingress(named, row.name, table.name, header, caller.key, is_open=is_open))


def check_callers(
    project: Project,
    catalog: Catalog,
    requirements: Requirements,
    resolution: Resolution,
    singled_out: Collection[str],
    report: Report,
) -> None:
    """EG463 for what is called and has no policy; EG444 for services that nothing can connect to; EG461, EG462.

    Args:
        singled_out: ids of services and callers for which the project file allows EG461.
    """
    _check_addresses(resolution, singled_out, report)
    _check_dns(resolution, report)
    _check_unlimited(project, catalog, resolution, report)
    policies = resolution.policies
    entered = {it.policy.namespace for it in policies.baselines if it.policy.callers}
    limited = (it for it in policies.services if Direction.INGRESS in it.directions and it.namespace not in entered)
    closed = {it.name for it in limited if not it.callers}
    if not closed:
        return
    closed -= {row.name for row in requirements.services if row.row.text(Role.CALLED_BY) or row.ingress}
    places = sorted(
        (it.place for it in resolution.entities if it.is_service and it.name in closed), key=lambda it: it.span.order
    )
    if places:
        report.add(uncalled_services(places[0], [it.value for it in places[1:]]))


def check_way_to_dns(requirements: Requirements, resolution: Resolution, report: Report) -> None:
    """EG468: services that cannot resolve names, but for those whose rows say so."""
    closed = {row.name for row in requirements.services if row.no_dns}
    without = {it.id for it in services_without_dns(resolution.policies) if it.name not in closed}
    found = sorted(
        (it for it in resolution.entities if it.is_service and it.id in without), key=lambda it: it.place.span.order
    )
    if found:
        report.add(no_dns(found[0].place, [it.name for it in found[1:]], found[0].id))


def services_without_dns(policies: PolicySet) -> list[ServicePolicy]:
    """Services that cannot resolve names, of a project in which a baseline may allow that."""
    reached = {it.policy.namespace for it in policies.baselines if it.policy.dns.has_rule}
    return [
        it
        for it in policies.services
        if policies.baselines
        and Direction.EGRESS in it.directions
        and not it.dns.has_rule
        and it.namespace not in reached
        and not any(covers(port_set(grant.ports), port_set(DNS_PORTS)) for grant in it.grants)
    ]


def _check_addresses(resolution: Resolution, singled_out: Collection[str], report: Report) -> None:
    """EG461, once: at the first row that names a caller by its address. Those singled out have findings of their own.

    Those of presets are known to connect from these addresses.
    """
    direct = {it.key for it in resolution.entities if it.is_preset and not it.facts.internet and it.name != ANYWHERE}
    direct |= {f"{it.key}-calls" for it in resolution.find(API_SERVER)}
    found: dict[tuple[str, str], list[tuple[Grant, str]]] = {}
    for service in resolution.policies.policies:
        for grant in service.callers:
            key = grant.source.key
            if key not in direct and any(isinstance(peer, AddressPeer) for peer in grant.source.peers):
                alone = (service.id if service.id in singled_out else "", key if key in singled_out else "")
                found.setdefault(alone, []).append((grant, service.name))
    for (called, caller), held in found.items():
        held.sort(key=lambda it: it[0].origins[0].order)
        first, _ = held[0]
        services = list(dict.fromkeys(name for _, name in held))
        place = Located(first.source.name, place_of_name(first.source.name, first.origins[0]))
        report.add(address_callers(place, services, service=called, source=caller))


def _check_dns(resolution: Resolution, report: Report) -> None:
    """EG462: DNS rules open the way out alone, and no other policy lets clients in to the DNS pods.

    A baseline has to let in those whose DNS rules lead there; a service everybody, as its rows are not about DNS.
    """
    policies = resolution.policies
    limited = [it for it in policies.policies if Direction.INGRESS in it.directions]
    closed = {it.policy.id for it in policies.baselines}
    for dns in dict.fromkeys(it.dns for it in policies.policies if limited and it.dns.profile != "any"):
        peers, ports = dns_reach(dns)
        clients = [_pods(it) for it in policies.policies if it.dns == dns]
        found: dict[str, ServicePolicy] = {}
        for server in (pods_of(peer) for peer in peers if isinstance(peer, PodPeer)):
            around = [it for it in limited if is_within(_pods(it), server) or is_within(server, _pods(it))]
            callers = [grant for it in around if is_within(server, _pods(it)) for grant in it.callers]
            baselines = [it for it in around if it.id in closed]
            if not _let_in(clients if baselines else [PodClass(ANY, ANY)], callers, ports):
                found |= {it.id: it for it in baselines or around}
        for policy in found.values():
            entity = next((it for it in resolution.entities if it.is_service and it.id == policy.id), None)
            if entity is not None:
                report.add(limited_dns(entity.place, dns.profile, policy.id))
            else:
                home = Located(policy.namespace, policy.origin)
                report.add(limited_dns(home, dns.profile, policy.id, [say_port(it) for it in ports]))


def _let_in(clients: Iterable[PodClass], callers: Sequence[Grant], ports: tuple[Port, ...]) -> bool:
    sources = [it.source for it in callers if covers(port_set(it.ports), port_set(ports))]
    peers = [pods_of(peer) for it in sources for peer in it.peers if isinstance(peer, PodPeer)]
    return all(any(is_within(client, peer) for peer in peers) for client in clients)


def _pods(policy: ServicePolicy) -> PodClass:
    return PodClass(namespace(policy.namespace), select(policy.pod_selector))


def _check_unlimited(project: Project, catalog: Catalog, resolution: Resolution, report: Report) -> None:
    """EG463, once: the project limits ingress, but not of these, which rows name as destinations alone."""
    called = {it.destination.key: it.origins[0] for it in resolution.policies.every_grant()}
    found = [
        (it, called[it.key])
        for it in resolution.entities
        if it.key in called
        and not (it.is_service or it.is_preset or it.is_dns or it.facts.addresses or it.facts.internet)
        and not (it.facts.is_external or it.facts.hosts or it.facts.peers or it.has_no_policy)
        and Direction.INGRESS in said_directions(it, project, catalog)
    ]
    if found:
        found.sort(key=lambda it: it[1].order)
        first, origin = found[0]
        named = Located(first.name, place_of_name(first.name, origin))
        report.add(unlimited_destinations(named, [it.name for it, _ in found[1:]]))


def _callers(row: ServiceRow) -> Iterator[tuple[Written, Reference, Span]]:
    for listed in row.ingress:
        for item, ref in enumerate(listed.refs):
            yield listed.cell, ref, row.row.place(listed.cell, item=item)
