"""What a YAML file says of one environment, laid over what it says of all."""

import difflib
from collections.abc import Collection
from typing import Final

from egressc.diagnostics.cells import unknown_key, wrong_value
from egressc.diagnostics.core import Report
from egressc.lower.environments import EVERY
from egressc.model.catalog import OF_ENVIRONMENTS as OF_CATALOGS
from egressc.model.environments import KEY, Environments
from egressc.model.project_file import OF_ENVIRONMENTS
from egressc.model.scalars import dns_label_problem
from egressc.source import Located
from egressc.tables.yaml import YamlMapping, YamlNode, YamlScalar, YamlSequence, key_span_at, merge_nodes

_LOSES: Final = "is empty, and would remove what the file says"
_KEEP: Final = "write what it is in this environment, or remove the key to keep what the file says"


def environments_of(current: str, node: YamlNode, report: Report) -> Environments:
    """The environments of a project file. EG232 for a name that is no folder's, or means all of them."""
    names = tuple(_entries(node))
    for name in names:
        problem = dns_label_problem(name) or ("means all environments in tables" if name in EVERY else "")
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
        if held is not None and (lost := _find_lost(held[1], value, name)) is not None:
            report.add(wrong_value(lost[0], Located("", lost[1].span), _LOSES, _KEEP))
            return None
        if name == "catalog" and held is not None and isinstance(held[1], YamlScalar):  # a list of one
            held = held[0], YamlSequence((held[1],), held[1].span)
        depth = 2 if name == "guardrails" else None  # a guardrail changes key by key, and a selector is one value
        is_added = name not in (*replaced, "guardrails")
        merged = merge_nodes(held[1], value, adds_lists=is_added, depth=depth) if held is not None else value
        node = YamlMapping({**node.entries, name: (key, merged)}, node.span)
    return node


def _find_lost(base: YamlNode, over: YamlNode, name: str) -> tuple[str, YamlNode] | None:
    """The first key that has nothing after it where the file has something: it would be gone without a word."""
    if isinstance(over, YamlScalar) and over.value is None:
        return (name, over) if not isinstance(base, YamlScalar) or base.value is not None else None
    if isinstance(base, YamlMapping) and isinstance(over, YamlMapping):
        both = ((it, base.entries[it][1], over.entries[it][1]) for it in over.entries if it in base.entries)
        return next((lost for it, held, said in both if (lost := _find_lost(held, said, it)) is not None), None)
    return None


def _entries(node: YamlNode) -> dict[str, YamlNode]:
    if isinstance(node, YamlMapping) and KEY in node.entries and isinstance(held := node.entries[KEY][1], YamlMapping):
        return {name: value for name, (_, value) in held.entries.items()}
    return {}
