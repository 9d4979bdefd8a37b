"""One rule for each destination of a service, merged from all the items that ask for it."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from egressc.diagnostics.core import Label, Report
from egressc.diagnostics.ports import contradicting_ports, unknown_port
from egressc.diagnostics.rows import repeated_item
from egressc.model.entities import Entity, Target
from egressc.model.policy import Dns, Grant, GrantEnd, Port
from egressc.model.ports import DNS_PORTS, say_ports, sort_ports
from egressc.model.records import Role
from egressc.resolve.group_by_service import How, Request
from egressc.source import Located, Span

# How many destinations a finding about a cell names.
MOST_NAMES: Final = 3


class Part(NamedTuple):
    """One destination of a request. Without `ports` its own are meant; `ports_at` is where a row of it says them.

    `is_member`: of a group that is asked for.
    """

    request: Request
    target: Target
    ports: tuple[Port, ...]
    is_member: bool = False
    ports_at: Span | None = None

    @property
    def name(self) -> str:
        """The name that a finding shows."""
        return self.target.entity.name if self.is_member or self.request.callee else self.request.ref.name

    @property
    def place(self) -> Span:
        """Where it is asked for without ports: of a caller, the service that it calls; of a row, its cell."""
        request = self.request
        match request.how:
            case How.LISTED:
                return request.place
            case How.DETAILED:
                return request.origin
            case How.CALLED:
                return request.row.span_of(Role.SERVICE)


class Unported:
    """Entities asked for without a port that nothing says, by the place that asks: a cell may name many, for many."""

    def __init__(self) -> None:
        self._asked: dict[tuple[int, int, int], tuple[Located[str], str, dict[str, tuple[str, Target]]]] = {}

    def add(self, asked: Located[str], target: Target, service: str) -> None:
        span = asked.span
        held = self._asked.setdefault((id(span.source), span.start, span.end), (asked, service, {}))
        held[2].setdefault(target.entity.key, (asked.value, target))

    def report(self, report: Report) -> None:
        """EG401, once a place."""
        for asked, service, held in self._asked.values():
            names = [name for name, _ in held.values()]
            first = next(target for _, target in held.values())
            entity = first.entity
            shown = Located[Sequence[str]](names[:MOST_NAMES], asked.span)
            more, is_literal = max(0, len(names) - MOST_NAMES), entity.is_preset and bool(entity.facts.addresses)
            report.add(unknown_port(shown, more, hints(first), service, entity.key, is_address=is_literal))


class RuleMerger:
    """Merges the parts of one caller, destination by destination."""

    def __init__(self, caller: GrantEnd, service: str, dns: Dns, unported: Unported, report: Report) -> None:
        """`service`: the id that findings are about."""
        self.caller = caller
        self.service = service
        self.dns = dns
        self.unported = unported
        self.report = report

    def merge(self, parts: list[Part]) -> Grant | None:
        """The rule; None where the DNS rule grants all of it, where no port is known, or once EG409 is reported."""
        first = parts[0]
        target = first.target
        entity = target.entity
        if len(parts) == 1:  # of most destinations
            ports: tuple[Port, ...] | None = first.ports or target.ports
            purpose = first.request.purpose
            origins: tuple[Span, ...] = (first.request.origin,)
        else:
            self._report_repeated(parts)
            ports = self._merge_ports(parts)
            purpose = "; ".join(sorted({it.request.purpose for it in parts if it.request.purpose}))
            origins = tuple(sorted({it.request.origin for it in parts}, key=lambda it: it.order))
        if ports is None:
            return None
        if not ports:
            bare = min((it for it in parts if not it.ports), key=lambda it: it.place.order)
            self.unported.add(Located(bare.name, bare.place), target, self.service)
            return None
        if entity.is_dns and self.dns.has_rule and not (ports := _without_dns(entity, ports)):
            return None
        return Grant(self.caller, target.destination, ports, purpose or entity.purpose, origins)

    def _merge_ports(self, parts: list[Part]) -> tuple[Port, ...] | None:
        """All ports; None once EG409 is reported.

        A row of a table of its own says the ports exactly; a bare name elsewhere then means these.
        """
        by_how = {how: [it for it in parts if it.request.how is how and it.ports] for how in How}
        detailed = {port for it in by_how[How.DETAILED] for port in it.ports}
        listed = {port for it in by_how[How.LISTED] for port in it.ports}
        if detailed and listed and listed != detailed:
            self._report_contradiction(by_how[How.LISTED], by_how[How.DETAILED], detailed)
            return None
        ports = {port for it in by_how[How.CALLED] for port in it.ports} | detailed | listed
        if not detailed and any(not it.ports for it in parts):
            ports.update(parts[0].target.ports)
        return sort_ports(ports)

    def _report_contradiction(self, listed: list[Part], detailed: list[Part], ports: set[Port]) -> None:
        one = min(listed, key=lambda it: it.request.place.order)
        first = min((it.ports_at or it.request.place for it in detailed), key=lambda it: it.order)
        said, other = say_ports(sort_ports(one.ports)), say_ports(sort_ports(ports))
        entity = one.target.entity
        name = Located(entity.name, one.request.place)
        self.report.add(contradicting_ports(name, said, other, first, self.service, entity.key))

    def _report_repeated(self, parts: list[Part]) -> None:
        """EG411 for an entity that one cell lists twice, on the same ports."""
        by_cell: dict[tuple[Span, tuple[Port, ...]], list[Request]] = {}
        for it in parts:
            if it.request.how is How.LISTED and not it.is_member:
                by_cell.setdefault((it.request.origin, it.ports), []).append(it.request)
        for _, second, *_ in (held for held in by_cell.values() if len(held) > 1):
            self.report.add(repeated_item(Located(second.ref.text, second.place), self.service))


def hints(target: Target) -> list[Label]:
    """Where the port is said for one service alone: the row of that service lends it to no other."""
    rows = [it.row for it in target.entity.statements if it.row and it.facts.ports and not it.lends_ports]
    return [Label(row.span_of(Role.PORT), "known here, for one service alone") for row in rows[:1]]


def _without_dns(entity: Entity, ports: tuple[Port, ...]) -> tuple[Port, ...]:
    """The ports that the DNS rule of a service does not grant already."""
    return tuple(port for port in ports if port not in DNS_PORTS) if entity.is_dns else ports
