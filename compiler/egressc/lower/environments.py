"""Environments: what a file says of one of them, and which of them a row holds in."""

import difflib
from collections.abc import Collection, Sequence
from typing import Final

from egressc.diagnostics.cells import unknown_key
from egressc.diagnostics.core import Report
from egressc.diagnostics.environments import blank_environment, unknown_environment
from egressc.lower.selections import refuse
from egressc.lower.words import ANY
from egressc.model.catalog import OF_ENVIRONMENTS as OF_CATALOGS
from egressc.model.environments import KEY, Environments
from egressc.model.project_file import OF_ENVIRONMENTS
from egressc.model.records import Role
from egressc.model.requirements import Row
from egressc.model.scalars import dns_label_problem
from egressc.model.texts import plain_phrase, split_list
from egressc.source import Located, Span
from egressc.tables.yaml import YamlMapping, YamlNode, YamlScalar, YamlSequence, key_span_at, merge_nodes

_EVERY: Final = frozenset({*ANY, "all environments", "any environment", "every environment", "every", "everywhere"})


def read_environments(
    cell: Located[str], header: str, heading: str, names: Sequence[str], report: Report
) -> frozenset[str] | None:
    """The environments that a cell names, of all that the project has; None once EG260 or EG261 is reported.

    `heading`: the nearest above the table, or its file.
    """
    known = {plain_phrase(it): it for it in names}
    items = split_list(cell.value.replace("/", ", ").replace(" and ", ", "))
    if not items:
        report.add(blank_environment(cell, header, heading))
        return None
    found: set[str] = set()
    for item in items:
        plain = plain_phrase(item)
        if plain in _EVERY:
            found.update(names)
        elif plain in known:
            found.add(known[plain])
        else:
            near = difflib.get_close_matches(plain, known, 1) or [it for it in known if plain.startswith(it)]
            report.add(unknown_environment(cell, item, names, known[near[0]] if near else ""))
            return None
    return frozenset(found)


def elsewhere(row: Row, headers: Sequence[str], heading: str, environments: Environments, report: Report) -> str:
    """Why a row grants nothing in the current environment; empty where it holds in it. EG260, EG261.

    `headers` are those of its columns; `heading` is the nearest above its table, or its file.
    """
    if Role.ENVIRONMENT not in row.columns:
        return ""
    for at in row.columns[Role.ENVIRONMENT]:
        cell = row.cells[at]
        held = read_environments(
            Located(cell.text, Span(row.source, cell.start, cell.end)), headers[at], heading, environments.names, report
        )
        if held is None:
            return "refused"
        if environments.current and environments.current not in held:
            return f"for {', '.join(it for it in environments.names if it in held)}"
    return ""


def environments_of(current: str, node: YamlNode, report: Report) -> Environments:
    """The environments of a project file. EG232 for a name that is no folder's, or means all of them."""
    names = tuple(_entries(node))
    for name in names:
        problem = dns_label_problem(name) or ("means all environments in tables" if name in _EVERY else "")
        if problem:
            repair = "write a name such as dev or prod"
            refuse(node, (KEY, name), f'of "{name}": the environment {problem}', repair, report)
    return Environments(names, current if current in names else "")


def in_folder(folder: str, environments: Environments) -> str:
    """The folder of generated files: each environment has its own in it."""
    return f"{folder}/{environments.current}" if environments.current else folder


def project_in(environment: str, node: YamlNode, report: Report) -> YamlNode | None:
    """A project file as an environment has it. Facts about the cluster replace those of the file; other lists add."""
    return _merge(environment, node, OF_ENVIRONMENTS, report, replaced=("cluster", "export"))


def catalog_in(environments: Environments, node: YamlNode, report: Report) -> YamlNode | None:
    """A catalog file as an environment has it: what is said of the environment replaces what the file says, by key.

    EG230 for an environment that the project file does not have.
    """
    unknown = [it for it in _entries(node) if it not in environments.names]
    for name in unknown:
        near = difflib.get_close_matches(name, environments.names, 1)
        key = Located(name, key_span_at(node, (KEY, name)))
        report.add(unknown_key(key, environments.names, near[0] if near else ""))
    return None if unknown else _merge(environments.current, node, OF_CATALOGS, report, replaced=OF_CATALOGS)


def _merge(
    environment: str, node: YamlNode, known: Collection[str], report: Report, *, replaced: Collection[str]
) -> YamlNode | None:
    said = _entries(node).get(environment)
    if said is None or not isinstance(node, YamlMapping) or not isinstance(said, YamlMapping):
        return node
    for name, (key, value) in said.entries.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            report.add(unknown_key(Located(name, key.span), sorted(known), near[0] if near else ""))
            return None
        held = node.entries.get(name)
        if name == "catalog" and held is not None and isinstance(held[1], YamlScalar):  # a list of one
            held = held[0], YamlSequence((held[1],), held[1].span)
        merged = merge_nodes(held[1], value, adds_lists=name not in replaced) if held is not None else value
        node = YamlMapping({**node.entries, name: (key, merged)}, node.span)
    return node


def _entries(node: YamlNode) -> dict[str, YamlNode]:
    if isinstance(node, YamlMapping) and KEY in node.entries and isinstance(held := node.entries[KEY][1], YamlMapping):
        return {name: value for name, (_, value) in held.entries.items()}
    return {}
