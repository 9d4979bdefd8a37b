"""Groups of the catalog: each member is one known entity."""

from egressc.diagnostics.core import Report
from egressc.diagnostics.names import unusable_member
from egressc.resolve.entities import Entities
from egressc.resolve.forms import is_all_services


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
