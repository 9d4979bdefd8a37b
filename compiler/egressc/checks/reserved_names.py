"""Names of the catalog that cells can never mean, or that mean something already."""

from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.references import reserved_name
from egressc.model.catalog import Catalog
from egressc.model.texts import says_nothing

# What always means each service; "All apps" and the like a catalog may narrow to a group of its own.
_EVERY_SERVICE: Final = frozenset({"all services", "every service", "each service", "all the services"})


def check_reserved_names(catalog: Catalog, report: Report) -> None:
    """EG322 for entries, aliases and groups under a word for nothing, or for every service."""
    names = [group.name for group in catalog.groups]
    for entry in catalog.entries:
        names += (entry.name, *entry.aliases)
    for name in names:
        if says_nothing(name.value):
            report.add(reserved_name(name, "nothing"))
        elif name.value.casefold() in _EVERY_SERVICE:
            report.add(reserved_name(name, "every service"))
