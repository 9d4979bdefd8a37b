"""What `install`, `rollback` and `uninstall` would do: the steps, and which live policies leave and come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from egressc.cluster.changing import Action, Outcome, Phase, ReleaseStep
from egressc.cluster.objects import ObjectReader
from egressc.cluster.planning import ReleaseTarget, find_conflict
from egressc.cluster.planning import plan_install as plan_target
from egressc.cluster.releases import DEPLOYED, PENDING, SUPERSEDED, StoredRelease, read_history, wait_for_pending
from egressc.diagnostics.core import Report
from egressc.diagnostics.live import failed_release, missing_namespace
from egressc.diagnostics.phrases import say_count
from egressc.fleet.drift import report_drift
from egressc.fleet.fleet import Fleet, Name, read_fleet, read_held, storage
from egressc.model.flows import DifferenceKind, Policy
from egressc.project.compiling import Compiled
from egressc.source import Source
from egressc.verify.comparison.compare import compare
from egressc.verify.comparison.drift import differing_part, mean_the_same


@dataclass(frozen=True, slots=True)
class Operation:
    """The steps that change something, what to say about them, and the policies that leave and come.

    `unchanged`: how many releases need no step, where that is worth a word. `removes`: the steps remove releases.
    """

    steps: Sequence[ReleaseStep]
    summary: str
    lines: Sequence[str] = ()
    leaving: Iterable[Name] = ()
    coming: Iterable[Policy] = ()
    unchanged: int | None = None
    removes: bool = False


def plan_install(fleet: Fleet, reader: ObjectReader, report: Report, *, create_namespace: bool) -> Operation:
    """Bring releases to what the sources give; what stands in the way of some is reported (EG646, EG647, EG655)."""
    known = fleet.live.namespaces
    steps: list[ReleaseStep] = []
    for target in fleet.targets.values():
        release = fleet.release(target)
        conflict = find_conflict(target, release, fleet.live.owners)
        if conflict is not None:
            report.add(conflict)
        elif known is not None and target.namespace not in known and not create_namespace:
            report.add(missing_namespace(target.place, target.namespace, service=target.service))
        else:
            stored = (fleet.stored or {}).get(target.service)
            edited = stored is not None and not (
                mean_the_same(stored, fleet.live_policies(target), before_translation=fleet.before_translation)
                and not differing_part(fleet.stored_parts.get(target.service, {}), fleet.live_parts(target))
            )
            step = plan_target(
                target,
                release,
                is_edited=edited,
                good_revision=_good_revision(reader, release),
                phase=_phase(fleet, target, fleet.wanted_policies(target)),
            )
            if step is not None:
                steps.append(step)
    same = len(fleet.targets) - len(steps)
    if not steps:
        refused = sum(
            target.service in {found.service for found in report.diagnostics} for target in fleet.targets.values()
        )
        return Operation((), f"nothing to change: {refused} refused, {same - refused} up to date")
    changed = {name for step in steps for name in fleet.targets[step.service].policies}
    return Operation(
        steps,
        f"{len(steps)} of {say_count(len(fleet.targets), 'release')} to change",
        leaving=_live_names(fleet, steps) | changed,
        coming=[fleet.rendered[name] for name in changed if name in fleet.rendered],
        unchanged=same,
    )


def plan_rollback(fleet: Fleet, reader: ObjectReader, report: Report, *, revision: int | None) -> Operation:
    """Put releases back, all or none; EG647, EG654 and EG655 where there is nothing to go back to."""
    steps: list[ReleaseStep] = []
    lines: list[str] = []
    coming: list[Policy] = []
    for target in fleet.targets.values():
        release = fleet.release(target)
        conflict = find_conflict(target, release, fleet.live.owners)
        if conflict is not None:
            report.add(conflict)
            continue
        history = read_history(reader, storage(), target.namespace, target.release) or []
        newest = release.revision if release is not None else 0
        earlier = [it for it in history if it.revision < newest and it.status in (DEPLOYED, SUPERSEDED)]
        if revision is not None:
            earlier = [it for it in history if it.revision == revision]
        if not earlier:
            kept = ", ".join(str(it.revision) for it in history) or "none"
            reason = f"revision does not exist; stored are {kept}"
            report.add(failed_release(target.place, "roll back", reason, service=target.service))
            continue
        goal = earlier[-1]
        lines.append(f"{goal.title}: back to revision {goal.revision}")
        source = Source(f"{goal.title} revision {goal.revision}", goal.manifest)
        held = read_held(fleet.compiled, source, target.namespace, report).policies
        coming += held
        steps.append(target.step(Action.GO_BACK, phase=_phase(fleet, target, held), revision=goal.revision))
    if not steps:
        return Operation((), "nothing to roll back")
    if report.has_errors:
        steps = []
    leaving = _live_names(fleet, steps) | {policy.key for policy in coming}
    return Operation(steps, f"{say_count(len(lines), 'release')} to roll back", lines, leaving, coming)


def plan_uninstall(fleet: Fleet, report: Report) -> Operation:
    """Remove releases; another chart's are refused (EG647)."""
    steps: list[ReleaseStep] = []
    for target in fleet.targets.values():
        release = fleet.installed_release(target)
        if release is None:
            continue
        # A foreign policy of the same name is no hindrance here: Helm deletes what the release holds.
        conflict = find_conflict(target, release, {})
        if conflict is not None:
            report.add(conflict)
        else:
            steps.append(target.step(Action.UNINSTALL))
    summary = f"{say_count(len(steps), 'release')} to uninstall" if steps else "no release to uninstall"
    return Operation(steps, summary, leaving=_live_names(fleet, steps), removes=True)


def _phase(fleet: Fleet, target: ReleaseTarget, coming: Sequence[Policy]) -> Phase:
    """When to bring policies to a target. The baseline of a namespace that only opens comes before what may need it."""
    live = fleet.live_policies(target)
    if target.phase is not Phase.DENY or not live:
        return target.phase
    changes = {it.kind for it in compare(live, coming, before_translation=fleet.before_translation)}
    return Phase.OPEN if changes == {DifferenceKind.OVER} else Phase.DENY


def failures_of(outcomes: Sequence[Outcome], report: Report) -> int:
    """How many steps failed, each reported (EG654)."""
    failed = [outcome.problem for outcome in outcomes if outcome.problem is not None]
    report.extend(failed)
    return len(failed)


def look_again(compiled: Compiled, steps: Sequence[ReleaseStep], reader: ObjectReader, report: Report) -> None:
    """EG642 and EG643 where the cluster still is not what the sources give."""
    failed = {found.service for found in report.diagnostics}
    again = Report()
    fleet = read_fleet(compiled, [step.service for step in steps if step.service not in failed], reader, again)
    if fleet is not None:
        again = Report()
        report_drift(fleet, again)
    report.extend(again.diagnostics)


def await_pending(compiled: Compiled, ids: Sequence[str], reader: ObjectReader) -> None:
    """Wait while an operation that began a moment ago may still be running. Raises ClusterError."""
    wanted = set(ids)
    homes = {it.service.namespace for it in compiled.values if it.service.id in wanted}
    wait_for_pending(reader, storage(), homes)


def _live_names(fleet: Fleet, steps: Sequence[ReleaseStep]) -> set[Name]:
    """The live policies of the releases that steps change."""
    return {policy.key for step in steps for policy in fleet.live_policies(fleet.targets[step.service])}


def _good_revision(reader: ObjectReader, release: StoredRelease | None) -> int:
    """The newest revision that was deployed whole, of a release that was left pending; 0 where there is none."""
    if release is None or release.status not in PENDING:
        return 0
    history = read_history(reader, storage(), release.namespace, release.name) or []
    return max((one.revision for one in history if one.status in (DEPLOYED, SUPERSEDED)), default=0)
