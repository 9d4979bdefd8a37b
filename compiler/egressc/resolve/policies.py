"""Requirements to policies: every service with all it may reach, whatever the order of its rows."""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from egressc.diagnostics.cells import protocol_contradiction
from egressc.diagnostics.core import Report
from egressc.diagnostics.references import unported_remark
from egressc.diagnostics.rows import repeated_item
from egressc.lower.places import place_item, place_part
from egressc.lower.ports import names_application, read_protocols
from egressc.model.catalog import Catalog
from egressc.model.policy import Dependency, Dns, PolicySet, Port, ServicePolicy
from egressc.model.ports import say_ports
from egressc.model.project import Project
from egressc.model.requirements import Ask, Listed, Requirements, Role, Row, ServiceRow, Trouble
from egressc.model.things import Mention, Resolution, Target, Thing
from egressc.resolve.answers import Answer, Answers
from egressc.resolve.collected import Call, Collected, Detail, collect_rows
from egressc.resolve.denials import resolve_denials
from egressc.resolve.footnotes import check_raised_names
from egressc.resolve.groups import check_groups
from egressc.resolve.owners import find_owners
from egressc.resolve.peers import place_service
from egressc.resolve.port_columns import check_port_columns
from egressc.resolve.presets import presets
from egressc.resolve.subjects import find_services, know_names, settle_names
from egressc.resolve.things import gather_things, read_aliases
from egressc.resolve.wanted import Unported, Wanted, settle
from egressc.source import Located, Span


def resolve_policies(project: Project, catalog: Catalog, requirements: Requirements, report: Report) -> Resolution:
    """The policies that rows ask for. Reports EG301 to EG315, EG401, EG408, EG409, EG411, EG418."""
    canonical = read_aliases(catalog, report)
    known = presets(project.cluster)
    names = know_names(requirements, catalog, canonical, known)
    requirements = settle_names(requirements, names, report)
    subjects = find_services(requirements, names)
    services = subjects.services
    owners = find_owners(requirements, services, canonical, report)
    things = gather_things(requirements, catalog, canonical, services, frozenset(owners), known, report)
    held = tuple(sorted((things.by_name[name][0] for name in services), key=lambda it: it.key))
    for service in held:
        service.is_used = True
    answers = Answers(things, held, catalog, project.cluster, report)
    check_groups(things, report)
    check_raised_names(requirements, things, report)
    check_port_columns(requirements, things, report)
    collector = collect_rows(requirements, owners, canonical, answers, report)
    resolver = _Resolver(project, catalog, answers, collector.found, report)
    policies = [policy for it in held if (policy := resolver.policy(it)) is not None]
    denials = resolve_denials(requirements, owners, collector, answers)
    resolver.unported.report(report)
    answers.report_unknown()
    everything = [it for name in sorted(things.by_name) for it in things.by_name[name]]
    return Resolution(
        PolicySet(tuple(policies), denials),
        tuple(everything),
        tuple(resolver.mentions),
        owners,
        tuple(subjects.created),
        things.members,
        things.every_name(),
        frozenset(collector.idle),
    )


# What calling Dependency does, in half the time: it is done for every dependency of a fleet.
_dependency: Final = partial(tuple.__new__, Dependency)


class _Resolver:
    """Goes through the services one by one; `mentions` collects the asks that say ports themselves."""

    def __init__(
        self, project: Project, catalog: Catalog, answers: Answers, collected: Collected, report: Report
    ) -> None:
        self.project = project
        self.catalog = catalog
        self.answers = answers
        self.collected = collected
        self.report = report
        self.mentions: list[Mention] = []
        self.unported = Unported()
        self._refused: set[tuple[int, int, int]] = set()  # cells of rows of several services, each told once

    def policy(self, service: Thing) -> ServicePolicy | None:
        """The policy of one service; None once its place or one of its rules is refused."""
        placed = place_service(service, self.catalog, self.report)
        cluster = self.project.cluster
        rows = self.collected.rows.get(service.name, ())
        dns = service.dns or cluster.namespace_dns.get(placed[0] if placed else "", cluster.dns)
        if any(row.no_dns for row in rows):
            dns = Dns("none")
        dependencies: dict[str, Dependency] | None = None
        if len(rows) == 1 and service.name not in self.collected.details and service.name not in self.collected.calls:
            dependencies = self._plain(service, rows[0])
        if dependencies is None:
            dependencies = self._collected(service, rows, dns)
        if placed is None:
            return None
        namespace, pods = placed
        return ServicePolicy(
            service.id,
            service.name,
            namespace,
            pods,
            dns,
            tuple([dependencies[key] for key in sorted(dependencies)]),
            service.place.span,
        )

    def _plain(self, service: Thing, row: ServiceRow) -> dict[str, Dependency] | None:
        """The usual case, quickly: one row of plain names. None where anything is unusual."""
        found: dict[str, Dependency] = {}
        mentions: list[Mention] = []
        plain_answers = self.answers.plain
        source = row.row.source
        for cell, asks in row.needs:
            origins = (Span(source, cell.start, cell.end),)
            for item, ask in enumerate(asks):
                try:
                    key, destination, ports, purpose, thing = plain_answers[ask.text]
                except KeyError:
                    at = partial(place_item, source, cell, item, 0, len(ask.text))
                    plain = self.answers.answer(ask, at).plain
                    if plain is None:
                        return None
                    plain_answers[ask.text] = plain
                    key, destination, ports, purpose, thing = plain
                if key in found:
                    return None
                found[key] = _dependency((destination, ports, purpose, origins))
                if ask.ports:
                    mentions.append(Mention(service.key, thing, ports, row.row, cell, item))
        self.mentions += mentions
        return found

    def _collected(self, service: Thing, rows: Iterable[ServiceRow], dns: Dns) -> dict[str, Dependency]:
        """The full case: everything that any row says of the service's destinations, brought together."""
        wanted: dict[str, Wanted] = {}
        for row in rows:
            for listed in row.needs:
                self._collect_list(service, row.row, listed, wanted)
        for detail in self.collected.details.get(service.name, ()):
            self._collect_detail(service, detail, wanted)
        for call in self.collected.calls.get(service.name, ()):
            self._collect_call(service, call, wanted)
        settled = {key: settle(it, service.key, dns, self.unported, self.report) for key, it in wanted.items()}
        return {key: it for key, it in settled.items() if it is not None}

    def _collect_list(self, service: Thing, row: Row, listed: Listed, wanted: dict[str, Wanted]) -> None:
        seen: Counter[str] = Counter()
        origin = Span(row.source, listed.cell.start, listed.cell.end)
        for item, ask in enumerate(listed.asks):
            at = partial(place_item, row.source, listed.cell, item)
            answer = self._answer(service, ask, at)
            if not answer.targets:
                continue
            place = at(0, len(ask.text))
            for target, ports in answer.targets:
                thing = target.thing
                if answer.is_group and thing is service:
                    continue
                if not answer.is_group:
                    seen[thing.key] += 1
                    if seen[thing.key] == 2:
                        self.report.add(repeated_item(Located(ask.text, place), service.key))
                want = wanted.get(thing.key)
                if want is None:
                    want = wanted[thing.key] = Wanted(target)
                want.origins.add(origin)
                if ports:
                    want.listed.append((place, ports))
                    self.mentions.append(Mention(service.key, thing, ports, row, listed.cell, item))
                else:
                    name = thing.name if answer.is_group else ask.name
                    want.bare.append(Located(name, place))

    def _collect_detail(self, service: Thing, detail: Detail, wanted: dict[str, Wanted]) -> None:
        row, cell, item = detail.row, detail.cell, detail.item
        if (id(row.source), cell.start, item) in self._refused:
            return
        at = partial(place_part, cell, row.source) if item < 0 else partial(place_item, row.source, cell, item)
        answer = self._answer(service, detail.ask, at)
        if answer.refuse is not None or answer.unknown is not None:
            self._refused.add((id(row.source), cell.start, item))
        for target, _ in answer.targets:
            thing = target.thing
            if answer.is_group and thing is service:
                continue
            want = wanted.setdefault(thing.key, Wanted(target))
            span = Span(row.source, cell.start, cell.end)
            want.origins.add(span)
            if detail.purpose:
                want.purposes.add(detail.purpose)
            spoken = () if detail.ports else self._spoken(row, target, detail.ask)
            if spoken:
                want.detailed.append((row.span_of(_spoken_under(row)), spoken))
            elif detail.ports:
                want.detailed.append((row.span_of(Role.PORT), detail.ports))
                self.mentions.append(Mention(service.key, thing, detail.ports, row, cell, -1))
            else:
                want.bare.append(Located(detail.ask.name, span))

    def _spoken(self, row: Row, target: Target, ask: Ask) -> tuple[Port, ...]:
        """Of the ports that a row leaves to its destination, those of its protocols.

        Once a row: EG214 for none, EG320 where any of several may speak it.
        """
        text = row.text(_spoken_under(row))
        protocols = read_protocols(text)
        if isinstance(protocols, Trouble) or not protocols or not target.ports:
            return ()
        found = tuple(port for port in target.ports if port.protocol in protocols)
        at = row.span_of(_spoken_under(row))
        is_unclear = len(found) > 1 and names_application(text)
        if (found and not is_unclear) or (id(row.source), at.start, -2) in self._refused:
            return found
        self._refused.add((id(row.source), at.start, -2))
        if is_unclear:
            port = say_ports(found[:1]).split("/")[0]
            self.report.add(unported_remark(Located(text, at), ask.text, ask.name, port))
        else:
            says = "/".join(sorted({port.protocol for port in target.ports}))
            ports = Located(say_ports(target.ports), at)
            self.report.add(protocol_contradiction(ports, says, "/".join(protocols)))
        return found

    def _collect_call(self, service: Thing, call: Call, wanted: dict[str, Wanted]) -> None:
        target = self.answers.target(call.callee, lambda: call.row.span)
        if target is None:
            return
        want = wanted.setdefault(call.callee.key, Wanted(target))
        want.origins.add(Span(call.row.source, call.cell.start, call.cell.end))
        if call.ports or target.ports:
            want.called.update(call.ports or target.ports)
        else:
            want.bare.append(Located(call.callee.name, call.row.span_of(Role.SERVICE)))
        if call.ports:
            self.mentions.append(Mention(service.key, call.callee, call.ports, call.row, call.cell, call.item))

    def _answer(self, service: Thing, ask: Ask, at: Callable[[int, int], Span]) -> Answer:
        answer = self.answers.answer(ask, lambda: at(0, len(ask.text)))
        self.answers.refuse(answer, at, service.key)
        if answer.is_group and not self.answers.has_room(len(answer.targets), lambda: at(0, len(ask.text))):
            return Answer()
        return answer


def _spoken_under(row: Row) -> Role:
    """The column that says what the ports of a row's destination speak."""
    return Role.PROTOCOL if row.text(Role.PROTOCOL) else Role.PORT
