"""Groups of the catalog: each member is one known thing."""

from egressc.diagnostics.core import Report
from egressc.diagnostics.names import unusable_member
from egressc.resolve.forms import is_all_services
from egressc.resolve.things import Things


def check_groups(things: Things, report: Report) -> None:
    """EG315 for members of groups that are groups, unknown, or several things."""
    for name in sorted(things.groups):
        group = things.groups[name]
        for member in (*group.members, *group.excepts):
            found = things.find(member.value)
            if member.value in things.groups or is_all_services(member.value):
                report.add(unusable_member(name, member, "is a group"))
            elif not found:
                near = things.near(member.value)
                offered = f', but "{near[0]}" is' if near else ""
                report.add(unusable_member(name, member, f"is not defined{offered}"))
            elif len(found) > 1:
                report.add(unusable_member(name, member, f"matches {len(found)} destinations"))
