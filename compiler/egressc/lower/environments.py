"""Environments: what a file says of one of them, and which of them a row holds in."""

import difflib
import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Final

from egressc.diagnostics.cells import unknown_key, wrong_value
from egressc.diagnostics.columns import denying_row
from egressc.diagnostics.core import Report
from egressc.diagnostics.environments import blank_environment, unknown_environment
from egressc.lower.header_words import HeaderBook, plain_header
from egressc.lower.words import ANY
from egressc.model.catalog import OF_ENVIRONMENTS as OF_CATALOGS
from egressc.model.environments import KEY, Environments
from egressc.model.project_file import OF_ENVIRONMENTS
from egressc.model.records import Role
from egressc.model.requirements import Row
from egressc.model.scalars import dns_label_problem
from egressc.model.texts import plain_phrase, split_list
from egressc.model.vocabulary import ENGLISH, HEADERS
from egressc.source import Located, Span
from egressc.tables.core import Table
from egressc.tables.yaml import YamlMapping, YamlNode, YamlScalar, YamlSequence, key_span_at, merge_nodes

_WORD: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_USUAL: Final = ENGLISH["environments"] | ENGLISH["production"]
_AROUND: Final = frozenset(
    (*HEADERS["en"]["environment"], "all", "and", "for", "in", "just", "on", "only", "the", "cluster", "clusters")
)
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


@lru_cache(maxsize=1 << 12)
def environments_named(text: str, names: tuple[str, ...]) -> frozenset[str]:
    """The environments whose names are words of a text; "production" also stands for prod, and "stage" for staging."""
    words = {it.casefold() for it in _WORD.findall(text)}
    return frozenset(name for name in names if any(_means(word, name) for word in words))


def is_of_environments(text: str, names: tuple[str, ...]) -> bool:
    """Whether a text names environments and says nothing else: "prod", "only in dev and staging"."""
    words = [it.casefold() for it in _WORD.findall(text)]
    is_all = all(word in _AROUND or any(_means(word, name) for name in names) for word in words)
    return is_all and bool(environments_named(text, names))


def environment_columns(table: Table, roles: Sequence[Role | None], words: HeaderBook) -> set[int]:
    """Columns that limit no row, but are about the environments of the project, by their headers or by all cells."""
    found: set[int] = set()
    for index, header in enumerate(table.headers if words.environments else ()):
        said = [text for row in table.rows if (text := row[index].text)]
        cells = bool(said) and all(is_of_environments(it, words.environments) for it in said)
        names = {words.roles.get(it) for it in _WORD.findall(plain_header(header.text))}
        if roles[index] in (None, Role.CONDITION) and (cells or (roles[index] is None and Role.ENVIRONMENT in names)):
            found.add(index)
    return found


def _means(word: str, name: str) -> bool:
    return word == name or (word[:3] == name[:3] and word in _USUAL and name in _USUAL)


def other_environment(headings: Sequence[Located[str]], environments: Environments) -> Iterator[Located[str]]:
    """The headings above a table that name environments, and not the current one."""
    for heading in headings if environments.current else ():
        named = environments_named(heading.value, environments.names)
        if named and environments.current not in named:
            yield heading


def elsewhere(row: Row, headers: Sequence[str], heading: str, environments: Environments, report: Report) -> str:
    """Why a row grants nothing in the current environment; empty where it holds in it. EG218, EG260, EG261.

    `headers` are those of its columns; `heading` is the nearest above its table, or its file.
    """
    names = environments.names
    for at in (it for role in (Role.NOTES, Role.PURPOSE) for it in row.columns.get(role, ()) if environments.current):
        cell = row.cells[at]
        if is_of_environments(cell.text, names) and environments.current not in environments_named(cell.text, names):
            said = Located(cell.text, Span(row.source, cell.start, cell.end))
            report.add(denying_row(said, headers[at], heading, is_verdict=False))
            return "refused"
    for at in row.columns.get(Role.ENVIRONMENT, ()):
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
            report.add(wrong_value(KEY, Located(name, key_span_at(node, (KEY, name))), problem, repair))
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
