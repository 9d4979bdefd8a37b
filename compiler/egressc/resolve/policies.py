"""Requirements to policies: every service with all it may reach, whatever the order of its rows."""

from collections.abc import Iterable

from egressc.diagnostics.cells import protocol_contradiction
from egressc.diagnostics.core import Report
from egressc.diagnostics.names import ambiguous_destination
from egressc.diagnostics.references import unported_remark
from egressc.model.catalog import Catalog
from egressc.model.entities import Entity, Mention, RowPart, Target
from egressc.model.known_namespaces import NamespaceFacts
from egressc.model.policy import (
    NO_DNS,
    Direction,
    Dns,
    Grant,
    GrantEnd,
    PodPeer,
    PolicySet,
    Port,
    Selector,
    ServicePolicy,
)
from egressc.model.ports import say_ports
from egressc.model.project import Project
from egressc.model.records import Role
from egressc.model.references import Reference
from egressc.model.requirements import Requirements, Row, Spoken
from egressc.model.workloads import Workloads
from egressc.resolve.baselines import BaselineResolver
from egressc.resolve.cluster_ips import ClusterIps
from egressc.resolve.denials import resolve_denials
from egressc.resolve.directions import Accepting, directions_of, with_directions
from egressc.resolve.entities import gather_entities
from egressc.resolve.gateways import lead_through_gateway
from egressc.resolve.group_by_service import How, Request, RowsByService
from egressc.resolve.groups import check_groups, read_aliases
from egressc.resolve.guarded_services import check_idle, find_known_pods, guardrails_by_service
from egressc.resolve.guardrails import resolve_guardrails
from egressc.resolve.merge_rules import Part, RuleMerger, Unported
from egressc.resolve.namespaces import settle_namespaces
from egressc.resolve.owners import find_owners, turn_rows
from egressc.resolve.peers import place_service
from egressc.resolve.pods_behind import PodsBehind
from egressc.resolve.port_columns import check_port_columns
from egressc.resolve.presets import presets, with_presets
from egressc.resolve.references import Answer, ReferenceResolver
from egressc.resolve.resolution import Resolution
from egressc.resolve.subjects import find_services, know_names, settle_names
from egressc.source import Located


def resolve_policies(
    project: Project, catalog: Catalog, requirements: Requirements, workloads: Workloads, report: Report
) -> Resolution:
    """The policies that rows ask for. Reports EG301 to EG315, EG401, EG408, EG409, EG411, EG418, EG48x."""
    catalog = with_presets(catalog, project.cluster, report)
    canonical = read_aliases(catalog, report)
    project = settle_namespaces(project, requirements, report)
    known = presets(project.cluster)
    names = know_names(requirements, catalog, canonical, known)
    requirements = settle_names(requirements, names, report)
    subjects = find_services(requirements, names)
    services = subjects.services
    owners = find_owners(requirements, services, names.workloads, canonical, report)
    requirements = turn_rows(requirements, owners)
    pods = PodsBehind(workloads, catalog, project.cluster)
    entities = gather_entities(requirements, catalog, canonical, services, frozenset(owners), known, pods, report)
    held = tuple(sorted((entities.by_name[name][0] for name in services), key=lambda it: it.key))
    entities.used.update(held)
    answers = ReferenceResolver(entities, held, catalog, project.cluster, pods, report)
    check_groups(entities, report)
    for name, glued in requirements.raised:
        if entities.find(name.value) and entities.find(glued):
            report.add(ambiguous_destination(name, [name.value, glued], (), ""))
    check_port_columns(requirements, entities, report)
    directions = {it: directions_of(it, project, catalog) for it in held}
    limited = (it for it, sides in directions.items() if Direction.INGRESS in sides)
    baselines = BaselineResolver(project, answers, held, report)
    accepting = Accepting(limited, catalog, project.cluster, baselines)
    rows = RowsByService(answers, accepting, report)
    rows.collect(requirements, owners, canonical)
    resolver = _Resolver(project, catalog, answers, rows, report)
    policies = [policy for it in held if (policy := resolver.policy(it)) is not None]
    admitted = [grant for caller in rows.admitted for grant in resolver.admit(caller)]
    denials = resolve_denials(requirements, owners, rows, answers, directions)
    resolver.unported.report(report)
    opened = baselines.open_all()
    admitted += opened
    halves = with_directions(policies, admitted, directions, accepting, report)
    whole = baselines.resolve(policies, admitted, rows.closed)
    asked = frozenset(entities.used)
    guardrails = resolve_guardrails(project.guardrails, project.cluster.guardrails, answers, report)
    pods.report(report)
    answers.report_unknown()
    resolved = PolicySet(baselines.share(halves, admitted, opened), denials, project.cluster.before_translation, whole)
    resolved = lead_through_gateway(resolved, project.cluster)
    namespaces = NamespaceFacts({**workloads.namespaces, **project.cluster.namespace_labels})
    known_pods = find_known_pods(entities.all(), catalog.namespace, workloads) if guardrails else ()
    guarded = guardrails_by_service(guardrails, resolved.policies, namespaces, known_pods)
    if project.cluster.guardrails is None and not report.has_errors:
        check_idle(guardrails, guarded, report)
    return Resolution(
        ClusterIps(pods.fronts, workloads.services, report).settle(resolved),
        answers,
        (*resolver.mentions, *baselines.mentions),
        owners,
        tuple(subjects.created),
        frozenset(rows.idle),
        frozenset(rows.admitting),
        guardrails,
        guarded,
        entities.used - asked,
        known_pods,
    )


class _Resolver:
    """Goes through the services one by one; `mentions` collects the references that say ports themselves."""

    def __init__(
        self, project: Project, catalog: Catalog, answers: ReferenceResolver, rows: RowsByService, report: Report
    ) -> None:
        self.project = project
        self.catalog = catalog
        self.answers = answers
        self.pods = answers.pods
        self.rows = rows
        self.report = report
        self.mentions: list[Mention] = []
        self.unported = Unported()
        self._refused: set[tuple[str, int, int]] = set()

    def policy(self, service: Entity) -> ServicePolicy | None:
        """The policy of one service; None once its place or one of its rules is refused."""
        spoiled = self.answers.entities.spoiled
        placed = None if service in spoiled else place_service(service, self.catalog, self.report)
        if placed is None:
            spoiled.add(service)
        cluster = self.project.cluster
        dns = service.dns or cluster.dns_in(placed[0] if placed else "")
        if service.name in self.rows.closed:
            dns = NO_DNS
        namespace, pods = placed or ("", Selector())
        caller = GrantEnd(service.key, service.name, (PodPeer(Selector(((cluster.namespace_key, namespace),)), pods),))
        rules = self._grants(service, self.rows.requests.get(service.name, ()), caller, dns)
        if placed is None:
            return None
        account = service.facts.service_account or self.catalog.service_account.replace("{id}", service.id)
        policy = ServicePolicy(service.id, service.name, namespace, pods, dns, rules, service.place.span)
        return policy._replace(service_account=account)

    def admit(self, caller: Entity) -> tuple[Grant, ...]:
        """Grants of which only the ingress half counts."""
        requests = self.rows.admitted[caller]
        end = self.answers.caller(caller, lambda: requests[0].place)
        return () if end is None else self._grants(caller, requests, end, NO_DNS)

    def _grants(self, caller: Entity, requests: Iterable[Request], end: GrantEnd, dns: Dns) -> tuple[Grant, ...]:
        parts: dict[str, list[Part]] = {}
        for request in requests:
            self._add_parts(caller, request, parts)
        merge = RuleMerger(end, caller.id, dns, self.unported, self.report).merge
        return tuple(rule for key in sorted(parts) if (rule := merge(parts[key])) is not None)

    def _add_parts(self, service: Entity, request: Request, parts: dict[str, list[Part]]) -> None:
        """What one request comes to; its problem is reported once, however many services share the row."""
        row, cell, item, ref, how, ports, _, callee, spoken = request
        if callee is not None:
            target = self.answers.target(callee, lambda: row.span)
            if target is not None:
                part = Part(request, target, ports or target.ports)
                self._add(service, part, ports, parts)
            return
        answer = self.answers.known(ref)
        if answer is None or answer.is_group or not answer.targets:
            if (place := (row.source.name, cell.start, item)) in self._refused:
                return
            answer = self._answer(service, request)
            if answer.refuse is not None or answer.unknown is not None:
                self._refused.add(place)
        for target, own in answer.targets:
            if answer.is_group and target.entity is service:
                continue
            if how is How.LISTED:
                self._add(service, Part(request, target, own, answer.is_group), own, parts)
            else:
                role = Role.PORT if ports else spoken.role
                said = ports or self._spoken(row, spoken, target, ref)
                self._add(service, Part(request, target, said, ports_at=row.span_of(role)), ports, parts)

    def _add(self, service: Entity, part: Part, said: tuple[Port, ...], parts: dict[str, list[Part]]) -> None:
        """`said`: the ports that the request says itself."""
        entity = part.target.entity
        if said:
            request = part.request
            item = -1 if request.how is How.DETAILED else request.item
            mention = Mention(service.key, entity, said, RowPart(request.row, request.cell, item))
            if self.pods.knows(entity):
                mention = mention._replace(ports=self.pods.pod_ports(entity, said, mention.said.place))
                part = part._replace(ports=mention.ports)
            self.mentions.append(mention)
        parts.setdefault(entity.key, []).append(part)

    def _spoken(self, row: Row, spoken: Spoken, target: Target, ref: Reference) -> tuple[Port, ...]:
        """Of the ports that a row leaves to its destination, those of its protocols.

        Once a row: EG214 for none, EG320 where any of several may speak it.
        """
        protocols = spoken.protocols
        if not protocols or not target.ports:
            return ()
        found = tuple(port for port in target.ports if port.protocol in protocols)
        at = row.span_of(spoken.role)
        is_unclear = len(found) > 1 and spoken.is_application
        if (found and not is_unclear) or (row.source.name, at.start, -2) in self._refused:
            return found
        self._refused.add((row.source.name, at.start, -2))
        if is_unclear:
            port = say_ports(found[:1]).split("/")[0]
            self.report.add(unported_remark(Located(spoken.text, at), ref.text, ref.name, port))
        else:
            says = "/".join(sorted({port.protocol for port in target.ports}))
            ports = Located(say_ports(target.ports), at)
            self.report.add(protocol_contradiction(ports, says, "/".join(protocols)))
        return found

    def _answer(self, service: Entity, request: Request) -> Answer:
        answer = self.answers.answer(request.ref, lambda: request.place)
        self.answers.refuse(answer, request.span, service.key)
        if answer.is_group and not self.answers.has_room(len(answer.targets), lambda: request.place):
            return Answer()
        return answer
