"""Entities from rows, catalog and presets: who is said to exist, under which names and ids."""

import re
from collections.abc import Iterable, Iterator, Mapping

from egressc.diagnostics.core import Report
from egressc.diagnostics.names import shared_id, taken_name, unusable_name
from egressc.model.catalog import Catalog, Group
from egressc.model.cluster import Cluster
from egressc.model.entities import Entity, Statement
from egressc.model.policy import AddressPeer, Selector
from egressc.model.records import Role
from egressc.model.requirements import NO_FACTS, Facts, Requirements, Row
from egressc.model.scalars import dns_label_problem, is_dns_label
from egressc.model.texts import split_list
from egressc.resolve.facts import merge_facts
from egressc.resolve.flow_places import places_by_flows, says_where
from egressc.resolve.forms import is_all_services, is_everything, is_no_name, is_person, stands_for_others
from egressc.resolve.ids import is_host, literal_id, make_id, make_plain_id
from egressc.resolve.names import NearNames
from egressc.resolve.pods_behind import PodsBehind
from egressc.resolve.presets import API_SERVER, DNS, KONNECTIVITY
from egressc.resolve.published_presets import Preset
from egressc.source import Located

_DESTINATION = Role.DESTINATION
SERVICE_ID_MAX = 53  # a Helm release name

# Not "all pods in data": what is meant by that may be anything.
_NAMESPACE = re.compile(r"[Nn]amespace ([a-z0-9-]+)")


class Entities:
    """All entities by name; a name has several where tables place it in several namespaces."""

    def __init__(
        self, catalog: Catalog, canonical: Mapping[str, str], known_presets: Iterable[Preset], pods: PodsBehind
    ) -> None:
        self.by_name: dict[str, tuple[Entity, ...]] = {}
        self.used: set[Entity] = set()
        self.spoiled: set[Entity] = set()
        self.groups: dict[str, Group] = {group.name.value: group for group in catalog.groups}
        self.canonical = canonical
        self.presets = {preset.name: preset for preset in known_presets}
        self._preset_of = {name.casefold(): it for it in self.presets.values() for name in (it.name, *it.aliases)}
        self._pods = pods
        self._literals: dict[str, Entity] = {}
        self._near: NearNames | None = None
        self._ids: dict[str, Entity] = {}
        self._hosts: dict[str, list[Entity]] | None = None

    def near(self, name: str) -> list[str]:
        if self._near is None:
            presets = {name for it in self.presets.values() for name in (it.name, *it.aliases)}
            names = {*self.by_name, *self.canonical, *self.groups, *presets}
            self._near = NearNames(names)
        return self._near.near(name)

    def find(self, name: str) -> tuple[Entity, ...]:
        """What a name, an alias or the name of a preset stands for; none if nothing."""
        found = self.by_name.get(name)
        if found is None and (known := self.canonical.get(name)) is not None:
            found, name = self.by_name.get(known), known
        if found is None and (preset := self.preset(name)) is not None:
            found = self.by_name.get(preset.name) or (self._add_preset(preset),)
        if found is None and (whole := _NAMESPACE.fullmatch(name)) is not None and is_dns_label(whole[1]):
            found = (self.whole_namespace(whole[1]),)
        return found or ()

    def preset(self, name: str) -> Preset | None:
        return self._preset_of.get(name.casefold())

    def holds(self, name: str) -> bool:
        """Whether a name stands for anything, a group among it."""
        return name in self.groups or is_all_services(name) or bool(self.find(name))

    def calling(self, entity: Entity, cluster: Cluster) -> Entity:
        """Whoever connects in the name of an entity: for the API server it may be others, as for admission webhooks."""
        if not entity.is_preset or entity.name != API_SERVER or cluster.api_server_calls_from is None:
            return entity
        if not cluster.api_server_calls_from:
            return self.find(KONNECTIVITY)[0]
        addresses = tuple(map(AddressPeer, cluster.api_server_calls_from))
        facts = Facts(addresses=addresses, is_external=True)
        return self._literal(f"{API_SERVER} (calls)", f"{entity.key}-calls", facts)

    def with_host(self, host: str) -> tuple[Entity, ...]:
        """The one entity outside whose only host a name is; none where several have it, or it has others too."""
        if self._hosts is None:
            self._hosts = {}
            for held in self.by_name.values():
                for entity in held:
                    for its in entity.facts.hosts:
                        self._hosts.setdefault(its.casefold(), []).append(entity)
        found = self._hosts.get(host.casefold(), [])
        return tuple(found) if len(found) == 1 and len(found[0].facts.hosts) == 1 else ()

    def members(self, name: str) -> tuple[Entity, ...]:
        """The same as `find`, and the members that a group lists."""
        group = self.groups.get(name)
        return self.find(name) if group is None else tuple(it for name in group.members for it in self.find(name.value))

    def all(self) -> tuple[Entity, ...]:
        """Everything that is defined, by name."""
        return tuple(entity for name in sorted(self.by_name) for entity in self.by_name[name])

    def every_name(self) -> tuple[str, ...]:
        return tuple(sorted({*self.by_name, *self.canonical, *self.groups}))

    def check_id(self, entity: Entity, report: Report) -> None:
        """EG306 and EG307 for an id that is none, or another's; of what is only described, once it is asked for."""
        if self._ids.get(entity.key) is entity:
            return
        if not entity.is_preset and (problem := _id_problem(entity.key, is_service=entity.is_service)):
            self.spoiled.add(entity)
            parts = split_list(entity.name)
            report.add(unusable_name(entity.place, entity.key, problem, parts if len(parts) > 1 else ()))
        other = self._ids.setdefault(entity.key, entity)
        if other is not entity:
            # What a cell names as it stands, such as an address, has no place of its own.
            named, first = (other, entity) if entity.is_preset else (entity, other)
            self.spoiled.update((named, entity))
            place = Located(first.name, named.place.span) if first.is_preset else first.place
            report.add(shared_id(named.place, place, entity.key))

    def with_id(self, key: str) -> Entity | None:
        """The entity of an id that `check_id` has seen."""
        return self._ids.get(key)

    def literal(self, address: AddressPeer) -> Entity:
        """The entity that an address is, written in place of a name."""
        if defined := self.by_name.get(address.cidr):
            return defined[0]
        return self._literal(address.cidr, literal_id(address), Facts(addresses=(address,), is_external=True))

    def whole_namespace(self, namespace: str) -> Entity:
        """All pods of a namespace, which a cell names as such: a wrong name is of no pods."""
        return self._literal(f"Namespace {namespace}", f"namespace-{namespace}", Facts(namespace, pods=Selector()))

    def _literal(self, name: str, key: str, facts: Facts) -> Entity:
        if name not in self._literals:
            entity = Entity(name, key, key, (Statement(facts),), facts, is_preset=True)
            self._literals[name] = self._pods.complete(entity)
        return self._literals[name]

    def _add_preset(self, preset: Preset) -> Entity:
        said, is_dns = (Statement(preset.facts),), preset.name == DNS
        entity = Entity(preset.name, preset.id, preset.id, said, preset.facts, is_dns=is_dns, is_preset=True)
        self.by_name[preset.name] = (entity,)
        return entity


def gather_entities(
    requirements: Requirements,
    catalog: Catalog,
    canonical: Mapping[str, str],
    services: Mapping[str, Row | Located[str] | None],
    owned: frozenset[int],
    known_presets: Iterable[Preset],
    pods: PodsBehind,
    report: Report,
) -> Entities:
    """Everything that rows and catalog define. EG306 to EG308 and EG408 for names, ids and facts that clash.

    Args:
        canonical: what every alias stands for.
        services: canonical names of services; with a row for those that no table of services has.
        owned: positions, in `requirements.destinations`, of the rows that a service asks for.
    """
    entities = Entities(catalog, canonical, known_presets, pods)
    statements: dict[str, list[Statement]] = {}
    spoiled: set[str] = set()
    ids = {entry.name.value: entry.id.value for entry in catalog.entries if entry.id is not None}
    for service in requirements.services:
        name = canonical.get(service.name, service.name)
        is_defined = name in services or bool(service.callers) or any(service.facts)
        if not is_defined or name in entities.groups or stands_for_others(name):
            continue  # it stands for others, or says nothing of what it names
        statements.setdefault(name, []).append(Statement(service.facts, service.row))
        if service.is_spoiled:
            spoiled.add(name)
    known_entries = {entry.name.value for entry in catalog.entries}
    for index, it in enumerate(requirements.destinations):
        if not it.ref.name:
            continue  # "none"
        name = canonical.get(it.ref.text) or canonical.get(it.ref.name, it.ref.name)
        if name in entities.groups or is_all_services(name):
            continue  # it asks for its members; there is nothing to define
        if name not in known_entries and (is_everything(name) or is_person(name) or is_no_name(name)):
            continue  # stands for several entities: EG301 where a row asks for it
        if it.ref.address is not None and name == it.ref.name:
            name = it.ref.address.cidr
            ids[name] = literal_id(it.ref.address)
        statements.setdefault(name, []).append(Statement(it.facts, it.row, None, index not in owned, it.purpose))
        if it.is_spoiled:
            spoiled.add(name)
    for entry in catalog.entries:
        name = entry.name.value
        statements.setdefault(name, []).append(Statement(entry.facts, None, entry, True, entry.purpose))
        if entry.is_spoiled:
            spoiled.add(name)
    placed = {} if catalog.namespace else places_by_flows(requirements, canonical)
    for name, row in services.items():
        if name not in statements and isinstance(row, Row):
            statements[name] = [placed.get(name) or Statement(NO_FACTS, row)]
    for name, said in statements.items():
        if name in placed and placed[name] not in said and not any(map(says_where, said)):
            said.append(placed[name])
    for name, group in entities.groups.items():
        if name in statements and not any(it.entry for it in statements[name]):
            span = statements[name][0].span_of("name")
            report.add(taken_name(group.name, Located(name, span or group.name.span)))
    for name, said in statements.items():
        if name not in services and _is_preset(entities, name, said):
            continue
        is_service = name in services
        id_ = ids.get(name) or (make_plain_id(name) if not is_service and is_host(name) else make_id(name))
        found: list[Entity] = []
        for suffix, its in _split(said, is_service=is_service):
            merged = merge_facts(name, its, report)
            own = _ids_of(name, id_, id_ + suffix, merged.facts, is_service=is_service)
            found.append(pods.complete(Entity(name, *own, its, merged.facts, merged.purpose, is_service)))
            if name in spoiled or not merged.is_sound:
                entities.spoiled.add(found[-1])
        entities.by_name[name] = tuple(found)
    _check_ids(entities, report)
    return entities


def _is_preset(entities: Entities, name: str, said: list[Statement]) -> bool:
    """Whether rows only repeat what a preset says: then the preset is meant."""
    preset = entities.preset(name)
    if preset is None or any(it.entry and (it.facts != NO_FACTS or it.purpose) for it in said):
        return False
    facts = preset.facts
    for it in said:
        if it.facts.namespace not in ("", facts.namespace, *preset.namespaces):
            return False
        if it.facts.pods not in (None, facts.pods):
            return False
        if it.facts.namespaces is not None or it.facts.addresses or it.facts.hosts:
            return False
    return True


def _split(said: list[Statement], *, is_service: bool) -> Iterator[tuple[str, tuple[Statement, ...]]]:
    """What is said of one entity, or of one a namespace where only tables of destinations place the name, in several.

    Each comes with the end of its key.
    """
    placed = [] if len(said) == 1 else sorted({it.facts.namespace for it in said if it.facts.namespace})
    if is_service or len(placed) < 2 or any(it.entry and it.facts.namespace for it in said):
        yield "", tuple(said)
        return
    for namespace in placed:
        yield f"-{namespace}", tuple(it for it in said if it.facts.namespace in ("", namespace))


def _ids_of(name: str, id_: str, key: str, facts: Facts, *, is_service: bool) -> tuple[str, str]:
    """Id and key of an entity: a plain id where they are none, and no label of a pod depends on it."""
    if _id_problem(key, is_service=is_service) and _is_placed(facts) and is_dns_label(plain := make_plain_id(name)):
        return plain, plain
    return id_, key


def _check_ids(entities: Entities, report: Report) -> None:
    for name in sorted(entities.by_name):
        for entity in entities.by_name[name]:
            if entity.is_service or any(it.row is None or _DESTINATION in it.row.columns for it in entity.statements):
                entities.check_id(entity, report)


def _is_placed(facts: Facts) -> bool:
    """Whether something says which pods or addresses it is, so that the convention, with its id, does not."""
    return bool(facts.pods or facts.addresses or facts.internet or facts.peers)


def _id_problem(key: str, *, is_service: bool) -> str | None:
    if not is_dns_label(key):
        return dns_label_problem(key)
    if is_service and len(key) > SERVICE_ID_MAX:
        return f"has {len(key)} characters, but {SERVICE_ID_MAX} are allowed for a service"
    return None
