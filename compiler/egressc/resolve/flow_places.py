"""Where rows of connections say that their ends run, for names that nothing else places."""

from collections.abc import Mapping

from egressc.model.entities import Statement
from egressc.model.records import Role
from egressc.model.requirements import Facts, Requirements, Row


def places_by_flows(requirements: Requirements, canonical: Mapping[str, str]) -> dict[str, Statement]:
    """The one namespace in which rows of connections place a name; a name that they place in several is not there."""
    found: dict[str, Statement] = {}
    several: set[str] = set()
    for flow in requirements.flows:
        for listed, said, end, role in (
            (flow.sources, flow.from_where, Role.SOURCE, Role.SOURCE_NAMESPACE),
            (flow.targets, flow.where, Role.DESTINATION, Role.NAMESPACE),
        ):
            at = flow.row.columns.get(role)
            if flow.turned or not said.namespace or len(listed.refs) != 1 or at is None or listed.refs[0].address:
                continue
            ref = listed.refs[0]
            name = canonical.get(ref.text) or canonical.get(ref.name, ref.name)
            row = Row(flow.row.source, {end: flow.row.columns[end], Role.NAMESPACE: at}, flow.row.cells)
            first = found.setdefault(name, Statement(Facts(said.namespace), row, None, lends_ports=False))
            if first.facts.namespace != said.namespace:
                several.add(name)
    return {name: it for name, it in found.items() if name not in several}


def says_where(statement: Statement) -> bool:
    """Whether a statement places what it is about."""
    facts = statement.facts
    return bool(
        facts.namespace
        or facts.namespaces
        or facts.peers
        or facts.addresses
        or facts.hosts
        or facts.internet
        or facts.is_external
    )
