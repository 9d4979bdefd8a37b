"""What leaves the cluster, with what the sources state of it for audits, held against the rules of the project file."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from egressc.diagnostics.audit import Breach, unmet_audit_rule
from egressc.diagnostics.core import Label, Report
from egressc.diagnostics.phrases import quoted
from egressc.model.address_sets import AddressSet, block, common, join_addresses, subtract
from egressc.model.audit import AuditCondition, AuditData, AuditRule, Outside, values_of
from egressc.model.cluster import Cluster
from egressc.model.policy import AddressPeer, Direction
from egressc.model.texts import place_of_name
from egressc.project.extra_rules import read_extras_of
from egressc.resolve.ids import literal_id
from egressc.source import Span
from egressc.verify.flows.words import say_addresses
from egressc.verify.intent.table import intend
from egressc.verify.listing.entries import Names
from egressc.verify.listing.flows import ListedFlow, list_flows

if TYPE_CHECKING:
    from egressc.project.compiling import Compiled


_Parts = tuple[tuple[Outside | None, AddressSet], ...]


class LeavingFlow(NamedTuple):
    """A flow to outside the cluster, or the part of it to some `addresses`; none where pods are the way out.

    `outside` is None for addresses that no destination has. `unmet`: the rules that do not admit it, each with what it
    does not meet.
    """

    flow: ListedFlow
    outside: Outside | None
    addresses: AddressSet
    unmet: tuple[tuple[AuditRule, AuditCondition], ...]

    @property
    def stated(self) -> AuditData:
        return self.outside.stated if self.outside else ()

    @property
    def name(self) -> str:
        return self.outside.name if self.outside else say_addresses(self.addresses)

    @property
    def key(self) -> str:
        if self.outside:
            return self.outside.key
        if _is_network(self.name):
            return literal_id(AddressPeer(self.name))
        # The name leaves some of many networks out; what is allowed for these must not fit others.
        return f"cidrs-{sha256(repr(self.addresses).encode()).hexdigest()[:8]}"

    @property
    def places(self) -> tuple[Span, ...]:
        """All that lets the service reach it."""
        rule = self.flow.rule
        if rule.is_extra:
            return rule.origins
        return tuple(place_of_name(self.name, it) for it in rule.origins) or (self.flow.service.origin,)


def leaving_flows(compiled: "Compiled", report: Report) -> Iterator[LeavingFlow]:
    """The flows of all services and namespaces, extra rules among them, to destinations outside the cluster.

    An address without a name is to each destination that has it: see `_Networks`. Extra rules that the proof's reader
    refuses are reported (EG611).
    """
    project = compiled.workspace.project
    intended = intend(compiled.policies)
    names = Names()
    names.learn(compiled.policies, intended)
    known = {it.key: it for it in compiled.outside}
    networks = _Networks(compiled.outside, project.cluster)
    for flow in list_flows(compiled.policies, intended, read_extras_of(compiled, report), names):
        if Direction.EGRESS not in flow.directions:
            continue
        found: _Parts = ()  # pods, or what belongs to the cluster
        if flow.key in known:
            found = ((known[flow.key], flow.rule.addresses),)
        elif _is_literal(flow) or flow.key not in names.titles:
            found = networks.find(flow.rule.addresses)
        for outside, addresses in found:
            stated = outside.stated if outside else ()
            unmet = tuple((rule, it) for rule in project.audit_rules for it in rule.unmet(stated))
            yield LeavingFlow(flow, outside, addresses, unmet)


def check_audit(compiled: "Compiled", report: Report) -> None:
    """EG474 for each row, extra rule and opening of a baseline that a rule does not admit; once for its services.

    A service that the project file names where it allows the code has findings of its own.
    """
    project = compiled.workspace.project
    if not project.audit_rules:
        return
    code = unmet_audit_rule.code.id
    single = {it.service for it in project.allowances if it.code.value == code}
    found: dict[object, list[tuple[LeavingFlow, Span, AuditRule, AuditCondition]]] = {}
    # What cannot be read is reported where the files are checked.
    for leaving in leaving_flows(compiled, Report()):
        service = leaving.flow.service
        own = service.id if {service.id, service.name} & single else ""
        for place in leaving.places:
            for rule, unmet in leaving.unmet:
                topic = place.source.name, place.start, leaving.key, unmet.place.start, own
                found.setdefault(topic, []).append((leaving, place, rule, unmet))
    for (leaving, place, rule, unmet), *others in found.values():
        _report(leaving, place, rule, unmet, len(others), report)


def _report(
    leaving: LeavingFlow, place: Span, rule: AuditRule, unmet: AuditCondition, others: int, report: Report
) -> None:
    key, outside = unmet.key, leaving.outside
    values = [it for it in values_of(leaving.stated, key) if not unmet.admits(it)]
    breach = Breach(leaving.flow.service.name, others, leaving.name, key, values, [it.value for it in unmet.patterns])
    entry = outside.place_of(key) if outside else None
    labels = [Label(entry, f'states no "{key}"' if not values else "stated here")] if entry else []
    labels.append(Label(unmet.place, f"required here: {rule.reason}" if rule.reason else "required here"))
    report.add(
        unmet_audit_rule(
            place,
            breach,
            labels,
            _repair(leaving, key, is_stated=bool(values)),
            leaving.flow.service.id,
            leaving.key,
        )
    )


def _repair(leaving: LeavingFlow, key: str, *, is_stated: bool) -> str:
    outside = leaving.outside
    if is_stated:
        return f'remove it here, or correct "{key}" of {quoted(leaving.name)}'
    if outside is not None and outside.is_anywhere and key == "region":
        return "nobody knows the region of any address: write the destinations that it needs, with their hosts"
    if outside is not None:
        return f'add to the catalog: destinations: {{{quoted(outside.name)}: {{{key}: "\u2026"}}}}'
    if _is_network(leaving.name):
        said = f'{{id: {leaving.key}, addresses: [{quoted(leaving.name)}], {key}: "\u2026"}}'
        return f"add to the catalog: destinations: {{{quoted(leaving.name)}: {said}}}"
    return f'add to the catalog a destination with these addresses and "{key}"'


def _is_literal(flow: ListedFlow) -> bool:
    """Whether a row has a network in place of a name."""
    return _is_network(flow.name) and flow.key == literal_id(AddressPeer(flow.name))


def _is_network(name: str) -> bool:
    return "/" in name and " " not in name


class _Networks:
    """Which destinations have addresses that no name stands for."""

    def __init__(self, outside: Sequence[Outside], cluster: Cluster) -> None:
        self._cluster = _joined((it, ()) for it in (*cluster.api_server, *cluster.nodes))
        held = [(_joined(it.addresses), it) for it in outside if it.addresses and not it.is_anywhere]
        self._held = sorted(held, key=lambda it: (it[0].size, it[1].key))
        self._anywhere = next((it for it in outside if it.is_anywhere), None)
        self._found: dict[AddressSet, _Parts] = {}

    def find(self, addresses: AddressSet) -> _Parts:
        """Each that has some of them, a smaller one before one around it; None for addresses that none has.

        Of these, the API server's and the nodes' belong to the cluster. Most of all addresses of a family are the
        internet.
        """
        if addresses not in self._found:
            self._found[addresses] = tuple(self._find(addresses))
        return self._found[addresses]

    def _find(self, addresses: AddressSet) -> Iterator[tuple[Outside | None, AddressSet]]:
        families = (AddressSet(addresses.v4, ()), AddressSet((), addresses.v6))
        told = join_addresses(it for it in families if not it.is_most_addresses)
        left = subtract(addresses, self._cluster)
        for held, it in self._held:
            if part := common(told, held):
                yield it, part
                left = subtract(left, part)
        if left:
            yield self._anywhere if left.is_most_addresses else None, left


def _joined(blocks: Iterable[tuple[str, Sequence[str]]]) -> AddressSet:
    return join_addresses(block(cidr, excepts) for cidr, excepts in blocks)
