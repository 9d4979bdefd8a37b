"""How the releases and live policies of a fleet differ from what the sources give: the findings of `egressc status`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from egressc.cli.clusters import Fleet
from egressc.diagnostics.core import Report

if TYPE_CHECKING:
    from egressc.cluster.planning import Target

CURRENT, OLDER_WORDS, OUTDATED = "current", "same flows", "outdated"
MISSING, FOREIGN, PENDING, FAILED, UNKNOWN = "missing", "foreign", "pending", "failed", "unknown"
EQUAL, EDITED = "as installed", "edited"


@dataclass(frozen=True, slots=True)
class State:
    """One service in three words: what its release is to the sources, and its live policies to the release."""

    service: str
    namespace: str
    revision: int
    installed: str
    live: str


def report_drift(fleet: Fleet, report: Report) -> list[State]:
    """EG642 to EG644, EG646 to EG648, EG657, service by service."""
    return [_look_at(target, fleet, report) for target in fleet.targets.values()]


def report_surroundings(fleet: Fleet, report: Report) -> None:
    """EG645, EG649 to EG653, EG656: what is about the cluster more than about one release."""
    from egressc.verify.comparison.absences import report_absences
    from egressc.verify.comparison.drift import report_widening

    ours = {name for target in fleet.targets.values() for name in target.policies}
    report_widening(fleet.intended, fleet.found.policies, ours, report)
    namespaces = (
        None
        if fleet.live.namespaces is None
        else {name: fleet.found.namespaces.get(name, {}) for name in fleet.live.namespaces}
    )
    report_absences(fleet.intended, namespaces, fleet.pods, report)
    _report_plugins(fleet, report)
    _report_stale(fleet, report)


def _look_at(target: "Target", fleet: Fleet, report: Report) -> State:
    from egressc.cluster import releases
    from egressc.cluster.planning import find_conflict
    from egressc.diagnostics.live import pending_release
    from egressc.verify.comparison.drift import report_missing

    release = fleet.release(target)
    revision = release.revision if release is not None else 0

    def state(installed: str, live: str) -> State:
        return State(target.service, target.namespace, revision, installed, live)

    conflict = find_conflict(target, release, fleet.live.owners, fleet.chart_name)
    if conflict is not None:
        report.add(conflict)
        return state(FOREIGN, FOREIGN)
    if release is not None and release.status in releases.PENDING:
        report.add(
            pending_release(target.place, release.title, release.status, release.revision, service=target.service)
        )
        return state(PENDING, UNKNOWN)
    found = {(policy.namespace, policy.name) for policy in fleet.live_policies(target)}
    held = (
        target.policies
        if release is None
        else tuple((policy.namespace, policy.name) for policy in (fleet.stored or {}).get(target.service, ()))
    )
    if report_missing(target.service, target.place, held, found, release.title if release else "", report):
        return state(UNKNOWN if fleet.stored is None else _installed(target, fleet, Report()), MISSING)
    return state(_installed(target, fleet, report), _live(target, fleet, report))


def _installed(target: "Target", fleet: Fleet, report: Report) -> str:
    """The release against the sources; where releases may not be read, the live policies in its place."""
    from egressc.cluster.planning import is_current
    from egressc.diagnostics.live import older_wording
    from egressc.verify.comparison.drift import report_outdated

    release = fleet.release(target)
    if release is None and fleet.stored is not None:
        return MISSING
    if release is not None and is_current(target, release):
        return CURRENT
    wanted = [fleet.rendered[name] for name in target.policies]
    installed = fleet.live_policies(target) if fleet.stored is None else fleet.stored.get(target.service, ())
    if report_outdated(target.service, target.place, wanted, installed, report):
        return OUTDATED
    if release is None:
        return UNKNOWN if fleet.stored is None else MISSING
    report.add(older_wording(target.place, release.title, service=target.service))
    return OLDER_WORDS


def _live(target: "Target", fleet: Fleet, report: Report) -> str:
    """The live policies against their release."""
    from egressc.verify.comparison.drift import report_edits

    if fleet.stored is None:
        return UNKNOWN
    stored = fleet.stored.get(target.service, ())
    return EDITED if report_edits(target.service, stored, fleet.live_policies(target), report) else EQUAL


def _report_plugins(fleet: Fleet, report: Report) -> None:
    from egressc.diagnostics.live import no_enforcement, node_local_dns

    plugins = fleet.live.plugins
    if plugins is None:
        return
    place = fleet.compiled.workspace.place
    if not plugins.enforcing:
        found = f"{' and '.join(plugins.others)} does not" if plugins.others else "no network plugin that is known"
        report.add(no_enforcement(place, found))
    profile = next(_profiles_beside_node_local(fleet), None)
    if plugins.node_local_dns and profile is not None:
        report.add(node_local_dns(place, plugins.node_local_dns, profile))


def _profiles_beside_node_local(fleet: Fleet) -> Iterator[str]:
    """DNS profiles of the services that do not let lookups reach the node's own address."""
    for service in fleet.compiled.policies.services:
        if service.id in fleet.targets and service.dns.profile in ("kube-dns", "coredns"):
            yield service.dns.profile


def _report_stale(fleet: Fleet, report: Report) -> None:
    from egressc.diagnostics.live import stale_release

    services = {(service.namespace, service.id) for service in fleet.compiled.policies.services}
    for (namespace, name), release in sorted((fleet.live.releases or {}).items()):
        if release.chart == fleet.chart_name and (namespace, name) not in services:
            report.add(stale_release(fleet.compiled.workspace.place, release.title, name, namespace))
