"""Everything that is said of one entity, as one: equal sayings agree, different ones are contradictions."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from egressc.diagnostics.core import Report
from egressc.diagnostics.phrases import say_count
from egressc.diagnostics.rows import contradicting_facts
from egressc.model.audit import AUDIT_KEYS, AuditData, AuditKey, Stated, audit_data, values_of
from egressc.model.entities import Statement
from egressc.model.policy import AddressPeer, Port, Selector
from egressc.model.ports import say_ports, sort_ports
from egressc.model.records import Role
from egressc.model.requirements import NO_FACTS, Facts

T = TypeVar("T")


class Merged(NamedTuple):
    """What all places together say of one entity; not sound where two of them differ."""

    facts: Facts
    purpose: str
    is_sound: bool = True


def merge_facts(name: str, statements: Sequence[Statement], report: Report) -> Merged:
    """What is said of an entity, as one; EG408 where two places differ.

    Statements come in order of place, the catalog last, so the first to say something is what others contradict.
    """
    said = [it for it in statements if it.facts is not NO_FACTS]
    if len(said) < 2 and not (said and _is_mixed(said[0].facts)):
        only = said[0] if said else statements[0]
        return Merged(only.facts if only.lends_ports else _without_ports(only.facts), _purpose(statements))
    merger = _Merger(name, statements, report)
    return Merged(merger.merge(), _purpose(statements), merger.is_sound)


class _Merger:
    """Merges the statements of one entity where several say something."""

    def __init__(self, name: str, statements: Sequence[Statement], report: Report) -> None:
        self.name = name
        self.statements = statements
        self.report = report
        self.is_sound = True

    def merge(self) -> Facts:
        statements = self.statements
        facts = Facts(
            self._agree("namespace", lambda it: it.namespace, str),
            self._agree("namespaces", lambda it: it.namespaces, say_selector),
            self._agree("selector", lambda it: it.pods, say_selector),
            self._listening(),
            tuple(sorted({port for it in statements for port in it.facts.service_ports}, key=lambda it: it.service)),
            self._agree("addresses", lambda it: it.addresses, say_addresses),
            self._agree("hosts", lambda it: it.hosts, ", ".join),
            self._agree("to", lambda it: it.peers, lambda it: say_count(len(it), "peer")),
            any(it.facts.internet for it in statements),
            any(it.facts.is_external for it in statements),
            tuple(sorted({name for it in statements for name in it.facts.port_names})),
            self._audit(),
            next((it.facts.gateway for it in statements if it.facts.gateway is not None), None),
            # Only the catalog says it.
            next((it.facts.service_account for it in statements if it.facts.service_account), ""),
        )
        if facts.peers and (facts.namespace or facts.namespaces or facts.pods or facts.addresses or facts.internet):
            self._differ("to", lambda it: not it.peers and it != NO_FACTS, lambda it: bool(it.peers))
        if facts.internet and facts.addresses:
            # One entry may list both; where they stand apart, one of them is meant.
            first = next(it for it in statements if it.facts.addresses)
            other = next((it for it in statements if it.facts.internet and not it.facts.addresses), None)
            if other is not None and not first.facts.internet:
                self._contradict("addresses", first, "certain networks", other, "the internet")
        if facts.namespace and facts.namespaces is not None:
            self._differ("namespaces", lambda it: bool(it.namespace), lambda it: it.namespaces is not None)
        if (facts.addresses or facts.internet) and (facts.namespace or facts.pods is not None):
            self._differ(
                "addresses",
                lambda it: bool(it.namespace) or it.pods is not None,
                lambda it: bool(it.addresses) or it.internet,
            )
        return facts

    def _agree(self, key: str, read: Callable[[Facts], T], say: Callable[[T], str]) -> T:
        """What all that say something say; the first one once EG408 is reported."""
        first: Statement | None = None
        for statement in self.statements:
            value = read(statement.facts)
            if value is None or value in ("", ()):
                continue
            if first is None:
                first = statement
            elif value != read(first.facts):
                self._contradict(key, first, say(read(first.facts)), statement, say(value))
        return read((first or self.statements[0]).facts)

    def _audit(self) -> AuditData:
        """What is stated for audits: rows add up, and the catalog must say the same if it says anything."""
        held = [it for it in self.statements if it.facts.audit]
        return tuple(Stated(key, found) for key in AUDIT_KEYS if (found := self._stated(key, held)))

    def _stated(self, key: AuditKey, held: Sequence[Statement]) -> tuple[str, ...]:
        rows = [it for it in held if it.entry is None and values_of(it.facts.audit, key)]
        said = values_of(audit_data([(key, [it for row in rows for it in values_of(row.facts.audit, key)])]), key)
        for entry in (it for it in held if it.entry is not None):
            says = values_of(entry.facts.audit, key)
            if said and says and [*map(str.casefold, says)] != [*map(str.casefold, said)]:
                self._contradict(key, rows[0], ", ".join(said), entry, ", ".join(says))
            said = said or says
        return said

    def _listening(self) -> tuple[Port, ...]:
        """Ports of an entity: rows of destinations add up; else rows, tables and the catalog must agree."""
        held: dict[str, tuple[Statement, set[Port]]] = {}
        for statement in self.statements:
            if not statement.lends_ports or not statement.facts.ports:
                continue
            before = held.get("service") if _is_service(statement) else None
            if before is not None and before[1] != set(statement.facts.ports):
                said = say_ports(sort_ports(before[1]))
                self._contradict("ports", before[0], said, statement, say_ports(statement.facts.ports))
                continue
            kind = "catalog" if statement.entry else "service" if _is_service(statement) else "destination"
            held.setdefault(kind, (statement, set()))[1].update(statement.facts.ports)
        if not held:
            return ()
        (first, ports), *others = held.values()
        for other, its in others:
            if its != ports:
                self._contradict("ports", first, say_ports(sort_ports(ports)), other, say_ports(sort_ports(its)))
        return sort_ports(ports)

    def _differ(self, key: str, one: Callable[[Facts], bool], two: Callable[[Facts], bool]) -> None:
        first = next(it for it in self.statements if one(it.facts))
        second = next(it for it in self.statements if two(it.facts))
        said, says = _KINDS[key]
        self._contradict(key, first, said, second, says)

    def _contradict(self, key: str, first: Statement, said: str, second: Statement, says: str) -> None:
        at, before = second.span_of(key), first.span_of(key)
        assert at is not None, "presets contradict nobody"
        assert before is not None, "presets contradict nobody"
        self.is_sound = False
        self.report.add(contradicting_facts(self.name, _FACT[key], says, at, said, before))


def _is_mixed(facts: Facts) -> bool:
    """Whether one place alone says entities that exclude each other."""
    return bool((facts.addresses or facts.internet) and (facts.namespace or facts.pods is not None))


def _purpose(statements: Sequence[Statement]) -> str:
    """What definitions for all say, else the catalog; the purpose of one service's row is its own."""
    said = {it.purpose for it in statements if it.purpose and it.lends_ports and it.entry is None}
    if said:
        return "; ".join(sorted(said))
    return next((it.purpose for it in statements if it.purpose and it.entry), "")


def _without_ports(facts: Facts) -> Facts:
    """What a row of one service says for all: where the destination is, not what the service may reach of it."""
    if not facts.ports:
        return facts
    return Facts(
        facts.namespace,
        facts.namespaces,
        facts.pods,
        addresses=facts.addresses,
        hosts=facts.hosts,
        internet=facts.internet,
        is_external=facts.is_external,
        audit=facts.audit,
    )


def _is_service(statement: Statement) -> bool:
    return statement.row is not None and Role.SERVICE in statement.row.columns


_KINDS = {
    "namespaces": ("one namespace", "several"),
    "addresses": ("pods of a namespace", "outside the cluster"),
    "to": ("not a list", "a list of peers"),
}
_FACT = {
    "namespace": "namespace",
    "namespaces": "namespace",
    "selector": "selector",
    "ports": "port",
    "addresses": "address",
    "hosts": "host",
    "to": "peer",
    **{str(key): str(key) for key in AUDIT_KEYS},
}


def say_selector(selector: Selector | None) -> str:
    if selector is None or selector.selects_everything:
        return "any"
    labels = [f"{key}={value}" for key, value in selector.match_labels]
    return ", ".join([*labels, *(f"{it.key} {it.operator.value} {it.values}" for it in selector.match_expressions)])


def say_addresses(addresses: tuple[AddressPeer, ...]) -> str:
    return ", ".join(it.cidr for it in addresses)
