"""Names of the catalog that cells can never mean, or that mean something already."""

from egressc.diagnostics.core import Report
from egressc.diagnostics.references import reserved_name
from egressc.lower.words import says_nothing
from egressc.model.catalog import Catalog
from egressc.resolve.forms import is_all_services


def check_reserved_names(catalog: Catalog, report: Report) -> None:
    """EG322 for entries, aliases and groups under a word for nothing, or for every service."""
    names = [group.name for group in catalog.groups]
    for entry in catalog.entries:
        names += (entry.name, *entry.aliases)
    for name in names:
        if says_nothing(name.value):
            report.add(reserved_name(name, "nothing"))
        elif is_all_services(name.value):
            report.add(reserved_name(name, "every service"))
