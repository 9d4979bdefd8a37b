"""Baselines of namespaces: what is open to all their pods, by what sources say of them and by rows."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial
from typing import Final

from egressc.diagnostics.baselines import (
    idle_baseline,
    opened_for_all,
    reserved_id,
    reserved_release,
)
from egressc.diagnostics.core import Report
from egressc.diagnostics.ports import unknown_port
from egressc.model.baselines import NamespaceSettings, Opening
from egressc.model.entities import Entity, Mention
from egressc.model.policy import (
    NO_DNS,
    Baseline,
    Direction,
    Directions,
    Grant,
    GrantEnd,
    PodPeer,
    Port,
    Selector,
    ServicePolicy,
)
from egressc.model.ports import EVERY_PROTOCOL, sort_ports
from egressc.model.project import Project
from egressc.model.release_kinds import NAMESPACES
from egressc.resolve.closed_ends import check_closed_ends
from egressc.resolve.openings import answer_opening
from egressc.resolve.presets import DNS
from egressc.resolve.references import ReferenceResolver
from egressc.source import Located, Span

_EVERY_PORT: Final = sort_ports(Port(it, None) for it in EVERY_PROTOCOL)


class BaselineResolver:
    """Makes the baseline of each namespace that has one, with what rows grant to or from all of its pods.

    `ends` are namespaces that have services or a baseline, as the ends of grants, by name. What `open_all` gives comes
    before `resolve`, which takes it as `admitted`, and `share`.
    """

    def __init__(
        self, project: Project, answers: ReferenceResolver, services: Iterable[Entity], report: Report
    ) -> None:
        self.cluster = project.cluster
        self.answers = answers
        self.report = report
        self.services = {it: it.facts.namespace or answers.catalog.namespace for it in services}
        own = {name for name, said in self.cluster.namespaces.items() if said.has_baseline}
        names = {*self.services.values(), *own} - {""}
        self.denied: dict[str, Directions] = {it: self.cluster.denied_in(it) for it in sorted(names)}
        self.ends = {it: self._whole(it) for it in self.denied}
        self.by_key = {end.key: name for name, end in self.ends.items()}
        self.mentions: list[Mention] = []
        self._opt_ins: dict[str, list[ServicePolicy]] = {}

    def limits(self, entity: Entity, direction: Direction) -> bool:
        """Whether an entity is all pods of a namespace whose baseline limits a direction, or whose services send."""
        name = self.by_key.get(entity.key)
        sends = direction is Direction.EGRESS and name in self.services.values()
        return name is not None and (sends or direction in self.denied[name])

    def services_in(self, entity: Entity) -> tuple[Entity, ...]:
        """The services in a namespace that an entity is; none of any other."""
        name = self.by_key.get(entity.key)
        return tuple(it for it, home in self.services.items() if name is not None and home == name)

    def id_of(self, entity: Entity) -> str:
        """The id of the baseline that limits what all pods of a namespace send; empty without one."""
        name = self.by_key.get(entity.key)
        return f"{NAMESPACES.folder}/{name}" if name is not None and Direction.EGRESS in self.denied[name] else ""

    def open_all(self) -> tuple[Grant, ...]:
        """What baselines open, as if rows said it: both ends are opened. EG401, EG465, and of unknown names."""
        for name, said in self.cluster.namespaces.items():
            self._report_idle(name, said)
        return tuple(grant for name, denied in self.denied.items() if denied for grant in self._openings(name))

    def resolve(
        self, services: Iterable[ServicePolicy], admitted: Iterable[Grant], closed: AbstractSet[str]
    ) -> tuple[Baseline, ...]:
        """All baselines, by namespace. EG466, EG467, EG469, EG471 and EG472.

        `services` are policies with what rows grant, `admitted` what others send and what baselines open, `closed` the
        services that nothing may leave.
        """
        if not any(self.denied.values()):
            return ()
        grants = [*(grant for policy in services for grant in policy.grants), *admitted]
        for service, name in self.services.items():
            if service.id == NAMESPACES.chart and self.denied.get(name):
                self.report.add(reserved_release(service.place, NAMESPACES.chart, name))
        for entity in self.answers.entities.all():
            at = self.by_key.get(entity.key)
            if at is not None and self.denied[at]:
                self.report.add(reserved_id(entity.place, entity.key, at))
        found = [self._resolve(name, grants) for name, denied in self.denied.items() if denied]
        policies = {it.policy.namespace: it.policy for it in found}
        own = {*(it.key for it in self.services), *self.by_key}
        own.update(grant.source.key for its in self._opt_ins.values() for it in its for grant in it.grants)
        others = {it.key for it in self.answers.entities.all() if it.has_no_policy}
        check_closed_ends(grants, policies, own, others, self.cluster, self.answers.pods.known.namespaces, self.report)
        for service in self.services:
            policy = policies.get(self.services[service])
            if policy is not None and service.name in closed and Direction.EGRESS in policy.directions:
                opened = [it.destination.name for it in policy.grants]
                opened += [DNS] if policy.dns != NO_DNS else []
                if opened:
                    self.report.add(opened_for_all(service.place, opened, policy.namespace, policy.origin, service.id))
        return tuple(found)

    def share(
        self, policies: Sequence[ServicePolicy], grants: Iterable[Grant], opened: Iterable[Grant]
    ) -> tuple[ServicePolicy, ...]:
        """The policies of services with what all pods of their namespace may send, and to whom baselines let them in.

        Their own policies isolate them, and are there before the baseline is: see `cluster.changing.Phase`. `grants`
        are those whose sources are no services, and what baselines open, which are `opened`.
        """
        ends = {name: end.key for name, end in self.ends.items()}
        sent: dict[str, list[Grant]] = {}
        for grant in (*(it for it in grants if it.source.key in self.by_key), *opened):
            sent.setdefault(grant.source.key, []).append(grant)
        keys = {it.id: it.key for it in self.services}
        found = []
        for policy in policies:
            own = keys[policy.id]
            outgoing = [
                it for key in (own, ends[policy.namespace]) for it in sent.get(key, ()) if it.destination.key != own
            ]
            if outgoing and Direction.EGRESS in policy.directions:
                end = GrantEnd(own, policy.name, (PodPeer(self._names(policy.namespace), policy.pod_selector),))
                shared = (it._replace(source=end) for it in outgoing)
                policy = policy._replace(grants=_merge((*policy.grants, *shared), Direction.EGRESS))
            found.append(policy)
        return tuple(found)

    def _openings(self, name: str) -> Iterator[Grant]:
        """What a baseline opens for all pods, and for those that opt in."""
        said, end = self._said(name), self.ends[name]
        is_egress, is_ingress = (it in self.denied[name] for it in Direction)
        if said.within is not None and said.within.value:
            fronts = self.answers.pods.addresses(self.answers.entities.whole_namespace(name))
            inside = replace(end, peers=(*end.peers, *fronts)) if fronts else end
            yield Grant(end, inside, _EVERY_PORT, "", (said.within.span,))
        if is_egress:
            yield from self._outgoing(said.targets or (), end)
            self._opt_ins[name] = list(self._opt_in_policies(said, name))
            yield from (grant for it in self._opt_ins[name] for grant in it.grants)
        for opening in said.callers or () if is_ingress else ():
            for target, ports in answer_opening(opening, self.answers):
                caller = self.answers.entities.calling(target.entity, self.cluster)
                reached = self.answers.caller(caller, partial(self._at, opening))
                if reached is not None:
                    whole = self.answers.entities.whole_namespace(name)
                    ports = self._pod_ports(reached.key, whole, ports, opening) or _EVERY_PORT
                    yield Grant(reached, end, ports, "", (opening.place,))

    def _resolve(self, name: str, grants: Iterable[Grant]) -> Baseline:
        said, end, denied = self._said(name), self.ends[name], self.denied[name]
        is_egress = Direction.EGRESS in denied
        outgoing = (it for it in grants if it.source.key == end.key)
        pods, whole = self.answers.pods, self.answers.entities.whole_namespace(name)
        said_in = (it for it in grants if it.destination.key == end.key)
        incoming = (it._replace(ports=pods.received(whole, it.ports)) for it in said_in)
        policy = ServicePolicy(
            f"{NAMESPACES.folder}/{name}",
            end.name,
            name,
            Selector(),
            (said.dns or self.cluster.dns_in(name)) if is_egress else NO_DNS,
            _merge(outgoing, Direction.EGRESS) if is_egress else (),
            said.span,
            _merge(incoming, Direction.INGRESS) if Direction.INGRESS in denied else (),
            denied,
        )
        return Baseline(policy, tuple(self._opt_ins.get(name, ())))

    def _opt_in_policies(self, said: NamespaceSettings, name: str) -> Iterator[ServicePolicy]:
        for it in sorted(said.opt_ins or (), key=lambda it: it.key):
            title = f"Namespace {name}, {it.key}"
            end = GrantEnd(f"namespace-{name}-{it.key}", title, (PodPeer(self._names(name), it.pods),))
            grants = _merge(self._outgoing(it.targets, end, _EVERY_PORT), Direction.EGRESS)
            yield ServicePolicy(f"{NAMESPACES.folder}/{name}/{it.key}", title, name, it.pods, NO_DNS, grants, it.span)

    def _outgoing(self, openings: Iterable[Opening], end: GrantEnd, usual: tuple[Port, ...] = ()) -> Iterator[Grant]:
        for opening in openings:
            for target, said in answer_opening(opening, self.answers):
                ports = self._pod_ports(end.key, target.entity, said, opening)
                if granted := ports or target.ports or usual:
                    yield Grant(end, target.destination, granted, "", (opening.place,))
                else:
                    names = Located[Sequence[str]]([opening.ref.name], opening.place)
                    key = target.entity.key
                    self.report.add(unknown_port(names, 0, [], end.key, key, is_address=target.entity.is_preset))

    def _pod_ports(self, source: str, entity: Entity, said: tuple[Port, ...], opening: Opening) -> tuple[Port, ...]:
        """Ports of an entity that a baseline says, as policies see them; none where it says none."""
        ports = self.answers.pods.pod_ports(entity, said, opening.place)
        if ports:
            self.mentions.append(Mention(source, entity, ports, opening))
        return ports

    @staticmethod
    def _at(opening: Opening) -> Span:
        return opening.place

    def _said(self, name: str) -> NamespaceSettings:
        said = self.cluster.namespace(name)
        assert said is not None, "a namespace without a word has no baseline"
        return said

    def _whole(self, name: str) -> GrantEnd:
        entity = self.answers.entities.whole_namespace(name)
        return GrantEnd(entity.key, entity.name, (PodPeer(self._names(name), None),))

    def _names(self, namespace: str) -> Selector:
        return Selector(((self.cluster.namespace_key, namespace),))

    def _report_idle(self, name: str, own: NamespaceSettings) -> None:
        """EG465 for what a namespace itself, not the default for all, has open without denying it."""
        denied = self.denied.get(name, ())
        for said, key, directions in (
            (own.callers, "allowFrom", (Direction.INGRESS,)),
            (own.targets, "allowTo", (Direction.EGRESS,)),
            (own.opt_ins, "optIns", (Direction.EGRESS,)),
            (own.within is not None and own.within.value, "allowWithin", (Direction.EGRESS, Direction.INGRESS)),
        ):
            if said and not set(directions) & set(denied):
                self.report.add(idle_baseline(Located(name, own.span), key, " or ".join(directions)))


def _merge(grants: Iterable[Grant], direction: Direction) -> tuple[Grant, ...]:
    """One grant for each other end, sorted by its key."""
    found: dict[str, list[Grant]] = {}
    for grant in grants:
        end = grant.destination if direction is Direction.EGRESS else grant.source
        found.setdefault(end.key, []).append(grant)
    return tuple(_join(found[key]) for key in sorted(found))


def _join(grants: list[Grant]) -> Grant:
    first = grants[0]
    ports = sort_ports(port for it in grants for port in it.ports)
    whole = {port.protocol for port in ports if port.port is None}
    purposes = dict.fromkeys(it.purpose for it in grants if it.purpose)
    origins = {span for it in grants for span in it.origins}
    return first._replace(
        ports=tuple(port for port in ports if port.port is None or port.protocol not in whole),
        purpose="; ".join(purposes),
        origins=tuple(sorted(origins, key=lambda it: it.order)),
    )
