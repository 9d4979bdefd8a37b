"""Groups and aliases of the catalog: each member is one known entity, each alias is of one."""

from egressc.diagnostics.core import Report
from egressc.diagnostics.names import taken_name, unusable_member
from egressc.model.catalog import Catalog
from egressc.resolve.entities import Entities
from egressc.resolve.forms import is_all_services
from egressc.source import Located


def check_groups(entities: Entities, report: Report) -> None:
    """EG315 for members of groups that are groups, unknown, or several entities."""
    for name in sorted(entities.groups):
        group = entities.groups[name]
        for member in (*group.members, *group.excepts):
            found = entities.find(member.value)
            if member.value in entities.groups or is_all_services(member.value):
                report.add(unusable_member(name, member, "is a group"))
            elif not found:
                near = entities.near(member.value)
                offered = f', but "{near[0]}" is' if near else ""
                report.add(unusable_member(name, member, f"is not defined{offered}"))
            elif len(found) > 1:
                report.add(unusable_member(name, member, f"matches {len(found)} destinations"))


def read_aliases(catalog: Catalog, report: Report) -> dict[str, str]:
    """Aliases to the names that they stand for; EG308 for one that is given twice or is a name itself."""
    owners: dict[str, Located[str]] = {entry.name.value: entry.name for entry in catalog.entries}
    owners.update({group.name.value: group.name for group in catalog.groups})
    found: dict[str, str] = {}
    for entry in catalog.entries:
        for alias in entry.aliases:
            if alias.value in owners:
                report.add(taken_name(alias, owners[alias.value]))
            else:
                owners[alias.value] = alias
                found[alias.value] = entry.name.value
    return found
