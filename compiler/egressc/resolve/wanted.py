"""What one service wants of one destination, collected from all its rows, and the one rule that comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from egressc.diagnostics.core import Label, Report
from egressc.diagnostics.ports import contradicting_ports, unknown_port
from egressc.model.policy import Dependency, Dns, Port
from egressc.model.ports import say_ports, sort_ports
from egressc.model.requirements import Role
from egressc.model.things import Target
from egressc.resolve.answers import without_dns
from egressc.source import Located, Span

# How many destinations a finding about a cell names.
MOST_NAMES: Final = 3


@dataclass(slots=True)
class Wanted:
    """One destination of one service. `bare` are the places that ask without ports: the destination's own are meant."""

    target: Target
    listed: list[tuple[Span, tuple[Port, ...]]] = field(default_factory=list)
    detailed: list[tuple[Span, tuple[Port, ...]]] = field(default_factory=list)
    called: set[Port] = field(default_factory=set)
    bare: list[Located[str]] = field(default_factory=list)
    purposes: set[str] = field(default_factory=set)
    origins: set[Span] = field(default_factory=set)


class Unported:
    """Things asked for without a port that nothing says, by the place that asks: a cell may name many, for many."""

    def __init__(self) -> None:
        self._asked: dict[tuple[int, int, int], tuple[Located[str], str, dict[str, tuple[str, Target]]]] = {}

    def add(self, asked: Located[str], target: Target, service: str) -> None:
        span = asked.span
        held = self._asked.setdefault((id(span.source), span.start, span.end), (asked, service, {}))
        held[2].setdefault(target.thing.key, (asked.value, target))

    def report(self, report: Report) -> None:
        """EG401, once a place."""
        for asked, service, held in self._asked.values():
            names = [name for name, _ in held.values()]
            first = next(target for _, target in held.values())
            thing = first.thing
            shown = Located[Sequence[str]](names[:MOST_NAMES], asked.span)
            more, is_literal = max(0, len(names) - MOST_NAMES), thing.is_preset and bool(thing.facts.addresses)
            report.add(unknown_port(shown, more, hints(first), service, thing.key, is_address=is_literal))


def settle(wanted: Wanted, service: str, dns: Dns, unported: Unported, report: Report) -> Dependency | None:
    """The rule; None where the DNS rule grants all of it, where no port is known, or once EG409 is reported.

    A row of a table of its own says the ports exactly; a bare name elsewhere then means these.
    """
    target = wanted.target
    ports = set(wanted.called)
    if wanted.detailed:
        ports.update(port for _, its in wanted.detailed for port in its)
        detailed = {port for _, its in wanted.detailed for port in its}
        listed = {port for _, its in wanted.listed for port in its}
        if listed and listed != detailed:
            at, says = min(wanted.listed, key=lambda it: _order(it[0]))
            first = min((span for span, _ in wanted.detailed), key=_order)
            said, other = say_ports(sort_ports(says)), say_ports(sort_ports(detailed))
            name = Located(target.thing.name, at)
            report.add(contradicting_ports(name, said, other, first, service, target.thing.key))
            return None
    else:
        ports.update(port for _, its in wanted.listed for port in its)
        if wanted.bare:
            ports.update(target.ports)
    if not ports:
        bare = min(wanted.bare, key=lambda it: _order(it.span))
        unported.add(bare, target, service)
        return None
    held = without_dns(target.thing, sort_ports(ports)) if dns.has_rule else sort_ports(ports)
    if not held:
        return None
    purpose = "; ".join(sorted(wanted.purposes)) or target.thing.purpose
    origins = wanted.origins
    # One place is what members of groups have, by the hundred thousand.
    placed = tuple(origins) if len(origins) == 1 else tuple(sorted(origins, key=_order))
    return Dependency(target.destination, held, purpose, placed)


def hints(target: Target) -> list[Label]:
    """Where the port is said for one service alone: the row of that service lends it to no other."""
    rows = [it.row for it in target.thing.statements if it.row and it.facts.ports and not it.lends_ports]
    return [Label(row.span_of(Role.PORT), "known here, for one service alone") for row in rows[:1]]


def _order(span: Span) -> tuple[str, int, int]:
    return span.source.name, span.start, span.end
