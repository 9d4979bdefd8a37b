"""Raised text that may be a footnote mark or a part of a name: `Cache<sup>2</sup>` where Cache2 is known too."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from egressc.lower.references import read_references
from egressc.model.records import RaisedName, Role
from egressc.model.requirements import Requirements
from egressc.source import Located, Source
from egressc.tables.inline import Inline
from egressc.tables.links import link_definitions

_TAG: Final = re.compile(r"</?sup\s*>", re.IGNORECASE)
_NAMES: Final = (Role.SERVICE, Role.SOURCE, Role.DESTINATION, Role.DEPENDENCIES, Role.EXTERNAL, Role.CALLED_BY)


def raised_names(parts: Iterable[Requirements], source: Source) -> Iterator[RaisedName]:
    """The names with a raised mark in the rows of one source; most raise no text at all, and cost one search."""
    if not _TAG.search(source.text):
        return
    labels = link_definitions(source.text)
    for row in (it.row for part in parts for rows in (part.services, part.destinations, part.flows) for it in rows):
        for cell in (row.cells[index] for role in _NAMES for index in row.columns.get(role, ())):
            raw = source.text[cell.start : cell.end]
            if not _TAG.search(raw):
                continue
            glued = Inline(_TAG.sub("", raw.replace("\\|", "|")), labels).text
            for item, (ref, other) in enumerate(zip(read_references(cell.text), read_references(glued), strict=False)):
                if ref.name != other.name:
                    yield RaisedName(Located(ref.name, row.place(cell, item=item)), other.name)
