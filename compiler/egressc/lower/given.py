"""Keys that are written and say nothing: null, or an empty list, never stands for the default of the platform."""

from typing import Final

from egressc.diagnostics.core import Report
from egressc.lower.models import Path
from egressc.lower.selections import refuse
from egressc.model.entries import Entry
from egressc.tables.yaml import YamlNode

# Where an empty list would leave open what the entry is about; other lists may well be empty.
_SAYS_WHERE: Final = frozenset({"to", "addresses", "hosts", "ports"})


def refuse_empty(entry: Entry, node: YamlNode, path: Path, report: Report) -> None:
    """EG232 for each key of an entry, and of the peers in it, that is null, and for lists of places that are empty."""
    for name in sorted(entry.model_fields_set):
        value = getattr(entry, name)
        key = type(entry).model_fields[name].alias or name
        if value is None or (value == [] and name in _SAYS_WHERE):
            refuse(node, (*path, key), "is empty", f'write a value, or remove "{key}" for the default', report)
        for index, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, Entry):
                refuse_empty(item, node, (*path, key, index), report)
