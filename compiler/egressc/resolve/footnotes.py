"""Raised text that may be a footnote mark or a part of a name: `Cache<sup>2</sup>` where Cache2 is known too."""

import re
from collections.abc import Iterator
from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.names import ambiguous_destination
from egressc.lower.asks import read_asks
from egressc.model.requirements import Requirements, Role, Row
from egressc.resolve.things import Things
from egressc.source import Located
from egressc.tables.inline import Inline
from egressc.tables.links import link_definitions

_TAG: Final = re.compile(r"</?sup\s*>", re.IGNORECASE)
_NAMES: Final = (Role.SERVICE, Role.SOURCE, Role.DESTINATION, Role.DEPENDENCIES, Role.EXTERNAL, Role.CALLED_BY)


def check_raised_names(requirements: Requirements, things: Things, report: Report) -> None:
    """EG302 for a name with a raised mark that is a known name with the mark as well as without it."""
    labels: dict[int, frozenset[str]] = {}
    for row in _rows(requirements):
        if id(row.source) not in labels:
            labels[id(row.source)] = link_definitions(row.source.text)
        for role in _NAMES:
            for index in row.columns.get(role, ()):
                cell = row.cells[index]
                raw = row.source.text[cell.start : cell.end]
                if not _TAG.search(raw):
                    continue
                glued = Inline(_TAG.sub("", raw.replace("\\|", "|")), labels[id(row.source)]).text
                for item, (ask, other) in enumerate(zip(read_asks(cell.text), read_asks(glued), strict=False)):
                    if ask.name != other.name and things.find(ask.name) and things.find(other.name):
                        place = row.place(cell, item=item)
                        choices = [ask.name, other.name]
                        report.add(ambiguous_destination(Located(ask.name, place), choices, (), ""))


def _rows(requirements: Requirements) -> Iterator[Row]:
    """The rows of sources that raise any text at all: most do not, and cost one search."""
    raises: dict[int, bool] = {}
    for kind in (requirements.services, requirements.destinations, requirements.flows):
        for it in kind:
            source = it.row.source
            if id(source) not in raises:
                raises[id(source)] = _TAG.search(source.text) is not None
            if raises[id(source)]:
                yield it.row
