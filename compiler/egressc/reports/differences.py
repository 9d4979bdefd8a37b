"""Two sides of a comparison, read and held against each other: `egressc diff`."""

from collections.abc import Callable

from egressc.diagnostics.core import Report
from egressc.project.manifests import ManifestFiles
from egressc.project.sides import ComparedSide, DiffSide, read_compared
from egressc.renderers.changes import ChangeReport
from egressc.reports.changes import report_changes
from egressc.reports.guardrails import report_changed_guardrails
from egressc.verify.changes.find import find_changes
from egressc.verify.changes.guardrails import find_guardrail_changes
from egressc.verify.changes.workloads import WorkloadChanges, find_workload_changes
from egressc.verify.listing.connectivity import find_connectivity
from egressc.verify.listing.entries import Names
from egressc.verify.manifests.reader import Manifests

Tell = Callable[[DiffSide, Report, bool], None]
"""Takes what is to be said of a side, errors or warnings, and whether it could be read."""


def compare_sides(old: DiffSide, new: DiffSide, files: ManifestFiles, tell: Tell) -> ChangeReport | None:
    """What the newer side allows and the older one does not, and the other way round; None if a side cannot be read.

    Args:
        files: how manifests are read; its paths are not used.
    """
    names = Names()
    by_projects = old.is_project and new.is_project
    read = _read_both(old, new, names, files, tell)
    if read is None:
        return None
    old_side, new_side = read
    before, after = old_side.against(new_side), new_side.against(old_side)
    # What one side alone knows of a namespace is taken to hold for both: else nothing but facts would differ.
    before, after = before.with_namespaces(after.namespaces), after.with_namespaces(before.namespaces)
    is_before_translation = before.before_translation or after.before_translation
    changes = find_changes(
        before.policies,
        after.policies,
        names,
        by_rows=by_projects,
        before_translation=is_before_translation,
        known_before=before.namespaces,
        known_after=after.namespaces,
    )
    denied = find_guardrail_changes(
        old_side.guarded(before, with_checks=by_projects),
        new_side.guarded(after, with_checks=by_projects),
        before_translation=is_before_translation,
    )
    guardrails = report_changed_guardrails(denied, by_projects=by_projects)
    moves = [f"namespace {here} as {there}" for here, there in sorted(old_side.moves.items())]
    old_name = f"{old.name} ({', '.join(moves)})" if moves else old.name
    return report_changes(changes, names, old_name, new.name, _compare_workloads(before, after), guardrails)


def _read_both(
    old: DiffSide, new: DiffSide, names: Names, files: ManifestFiles, tell: Tell
) -> tuple[ComparedSide, ComparedSide] | None:
    """The newer side names things, so it is read first; but a project before manifests: it says more about them."""
    is_new_first = new.is_project or not old.is_project
    read: list[ComparedSide] = []
    for side in (new, old) if is_new_first else (old, new):
        report = Report()
        first = read[0] if read else None
        is_moved = old.environment != new.environment
        found = read_compared(side, names, report, files, other=first, is_moved=is_moved)
        tell(side, report, found is not None)
        read += [found] if found is not None else []
    if len(read) < 2:
        return None
    return (read[1], read[0]) if is_new_first else (read[0], read[1])


def _compare_workloads(before: Manifests, after: Manifests) -> WorkloadChanges | None:
    """None where a side has no workloads: then there is nothing to compare them with."""
    if not before.workloads or not after.workloads:
        return None
    return find_workload_changes(find_connectivity(before), find_connectivity(after))
