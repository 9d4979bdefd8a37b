"""The key `at` of a catalog entry: where a destination is, as one text for pods, addresses or a DNS name."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from egressc.diagnostics.core import Report
from egressc.lower.addresses import address_problem, as_network, read_network
from egressc.lower.models import Path
from egressc.lower.selections import refuse
from egressc.model.catalog import DestinationEntry
from egressc.model.scalars import dns_label_problem, label_key_problem, label_value_problem
from egressc.tables.yaml import YamlNode

_PLACES: Final = ("namespace", "namespaces", "selector", "to", "addresses", "internet", "hosts")
_BUT_HOSTS: Final = _PLACES[:-1]  # the addresses of a host may be said next to it
_EXPECTED: Final = "write NAMESPACE/LABEL=VALUE, an address or network, or a DNS name"


class Placed(NamedTuple):
    """An entry with the longer keys in place of `at`, and which of them those are."""

    entry: DestinationEntry
    keys: tuple[str, ...] = ()


def read_location(entry: DestinationEntry, node: YamlNode, path: Path, report: Report) -> Placed:
    """Read `at` into the longer keys. EG232 for what is none of its forms, and for another key that says the same."""
    if entry.at is None:
        return Placed(entry)
    texts = [entry.at] if isinstance(entry.at, str) else entry.at
    found: dict[str, object] = {}
    for index, text in enumerate(texts):
        here: Path = (*path, "at") if isinstance(entry.at, str) else (*path, "at", index)
        read = _read(text)
        if isinstance(read, str):
            refuse(node, here, read, _EXPECTED, report)
            return Placed(entry)
        if "selector" in read and len(texts) > 1:
            refuse(node, here, "is one of several places", 'write "to" for pods of several selectors', report)
            return Placed(entry)
        for key, value in read.items():
            before = found.get(key)
            found[key] = [*before, *value] if isinstance(before, list) and isinstance(value, list) else value
    if "selector" in found:
        others: tuple[str, ...] = _PLACES
    else:
        others = (*found, *(_BUT_HOSTS if "addresses" in found else ()))
    for key in others:
        if getattr(entry, key):
            refuse(
                node, (*path, key), 'cannot be used with "at", which says where it is', "remove one of the two", report
            )
            return Placed(entry)
    return Placed(entry.model_copy(update=found), tuple(found))


def _read(text: str) -> Mapping[str, object] | str:
    """The longer keys that a text stands for, or what is wrong with it."""
    if "=" in text:
        namespace, slash, labels = text.partition("/")
        selector: dict[str, str] = {}
        if not slash or "=" in namespace:
            return "has no namespace before its labels"
        if problem := dns_label_problem(namespace):
            return f'has the namespace "{namespace}", which {problem}'
        for label in labels.split(","):
            key, equals, value = (part.strip() for part in label.partition("="))
            problem = "is not LABEL=VALUE" if not equals else label_key_problem(key) or label_value_problem(value)
            if problem or key in selector:
                return f'has the label "{label.strip()}", which {problem or "is there twice"}'
            selector[key] = value
        return {"namespace": namespace, "selector": selector}
    if read_network(text) is not None:
        return {"addresses": [as_network(text)]}
    if "/" in text and ":" not in text and not text[0].isdigit():
        return "is neither NAMESPACE/LABEL=VALUE nor a network"
    return address_problem(text) or {"hosts": [text]}
