"""How the releases and live policies of a fleet differ from what the sources give: the findings of `egressc status`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from egressc.cluster import releases
from egressc.cluster.planning import ReleaseTarget, find_conflict, is_current
from egressc.cluster.releases import UNINSTALLED
from egressc.diagnostics.core import Report
from egressc.diagnostics.gateways import edited_object, outdated_object
from egressc.diagnostics.live import (
    no_enforcement,
    node_local_dns,
    older_wording,
    pending_release,
    stale_release,
    unenforced_hosts,
)
from egressc.fleet.fleet import Fleet
from egressc.model.address_sets import holds
from egressc.model.dialects import DIALECTS
from egressc.model.flows import Policy, Rule
from egressc.model.policy import Protocol
from egressc.model.port_sets import has_port
from egressc.model.release_kinds import RELEASE_KINDS, SERVICES
from egressc.project.compiling import Compiled
from egressc.renderers.status import ServiceStatus
from egressc.verify.comparison.absences import report_absences
from egressc.verify.comparison.drift import (
    Name,
    by_name,
    differing_part,
    mean_the_same,
    report_edits,
    report_missing,
    report_outdated,
    report_widening,
)

CURRENT, OLDER_WORDS, OUTDATED = "current", "same flows", "outdated"
MISSING, FOREIGN, PENDING, FAILED, UNKNOWN = "missing", "foreign", "pending", "failed", "unknown"
EQUAL, EDITED = "as installed", "edited"

_UP_TO_DATE, _OFF, _OUT_OF_DATE = "up to date", "switched off", "out of date"


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


def statuses_of(compiled: Compiled, ids: Iterable[str], states: Iterable[State]) -> Iterator[ServiceStatus]:
    """Each service, be its cluster read or not."""
    known = {state.service: state for state in states}
    files = {values.service.id: values for values in compiled.values}
    for service in sorted(ids):
        values = files[service]
        words = _OFF if service in compiled.switched_off else _UP_TO_DATE
        if values.file_name in compiled.plan.new:
            words = MISSING
        elif values.file_name in compiled.plan.changed:
            words = _OUT_OF_DATE
        state = known.get(service, State(service, values.service.namespace, 0, UNKNOWN, UNKNOWN))
        yield ServiceStatus(service, state.namespace, words, state.revision, state.installed, state.live)


def report_surroundings(fleet: Fleet, report: Report) -> None:
    """EG645, EG649 to EG653, EG656, EG663: what is about the cluster more than about one release."""
    ours = {name for target in fleet.targets.values() for name in target.policies}
    ours |= _known_others(fleet)
    report_widening(fleet.intended, fleet.found.policies, ours, report, before_translation=fleet.before_translation)
    namespaces = (
        None
        if fleet.live.namespaces is None
        else {name: fleet.found.namespaces.get(name, {}) for name in fleet.live.namespaces}
    )
    report_absences(fleet.intended, namespaces, fleet.pods, report)
    _report_plugins(fleet, report)
    _report_stale(fleet, report)


def _known_others(fleet: Fleet) -> set[Name]:
    """The live policies of others that are as `otherPolicies` of the project has them: `check` tells what they open."""
    live = by_name(fleet.found.policies)
    named = by_name(fleet.compiled.others.policies)
    return {name for name, policy in named.items() if name in live and mean_the_same([policy], [live[name]])}


def _look_at(target: ReleaseTarget, fleet: Fleet, report: Report) -> State:
    release = fleet.installed_release(target)
    revision = release.revision if release is not None else 0

    def state(installed: str, live: str) -> State:
        return State(target.service, target.namespace, revision, installed, live)

    conflict = find_conflict(target, release, fleet.live.owners)
    if conflict is not None:
        report.add(conflict)
        return state(FOREIGN, FOREIGN)
    if release is not None and release.status in releases.PENDING:
        report.add(
            pending_release(target.place, release.title, release.status, release.revision, service=target.service)
        )
        return state(PENDING, UNKNOWN)
    is_failed = release is not None and release.status == releases.FAILED
    if release is not None and is_failed:
        report.add(
            pending_release(target.place, release.title, release.status, release.revision, service=target.service)
        )
    found = {*(policy.key for policy in fleet.live_policies(target)), *fleet.live_parts(target)}
    stored = (policy.key for policy in (fleet.stored or {}).get(target.service, ()))
    held = target.policies if release is None else {*stored, *fleet.stored_parts.get(target.service, {})}
    if report_missing(target.service, target.place, held, found, release.title if release else "", report):
        words = UNKNOWN if fleet.stored is None else _installed(target, fleet, Report())
        return state(FAILED if is_failed else words, MISSING)
    if is_failed:
        return state(FAILED, _after_failure(target, fleet, report))
    return state(_installed(target, fleet, report), _live(target, fleet, report))


def _installed(target: ReleaseTarget, fleet: Fleet, report: Report) -> str:
    """The release against the sources; where releases may not be read, the live policies in its place."""
    release = fleet.installed_release(target)
    if release is None and fleet.stored is not None:
        return MISSING
    if release is not None and is_current(target, release):
        return CURRENT
    wanted = fleet.wanted_policies(target)
    installed = fleet.live_policies(target) if fleet.stored is None else fleet.stored.get(target.service, ())
    if _report_outdated(target, wanted, installed, fleet, report):
        return OUTDATED
    held = fleet.live_parts(target) if fleet.stored is None else fleet.stored_parts.get(target.service, {})
    if part := differing_part(held, fleet.parts.get(target.service, {})):
        report.add(outdated_object(target.place, *part, service=target.service))
        return OUTDATED
    if release is None:
        return UNKNOWN if fleet.stored is None else MISSING
    report.add(older_wording(target.place, release.title, service=target.service))
    return OLDER_WORDS


def _after_failure(target: ReleaseTarget, fleet: Fleet, report: Report) -> str:
    """The live policies of a release whose operation failed: of what it holds they may have all, some, or none."""
    live, stored = fleet.live_policies(target), (fleet.stored or {}).get(target.service, ())
    _report_outdated(target, fleet.wanted_policies(target), live, fleet, report)
    return EQUAL if mean_the_same(stored, live, before_translation=fleet.before_translation) else UNKNOWN


def _report_outdated(
    target: ReleaseTarget, wanted: Sequence[Policy], installed: Sequence[Policy], fleet: Fleet, report: Report
) -> bool:
    before = fleet.before_translation
    # What enforces its rules is not what only says them, though the flows are the same.
    alike = [it for it in installed if it.is_staged or not any(one.is_staged for one in wanted)]
    return report_outdated(target.service, target.place, wanted, alike, report, before_translation=before)


def _live(target: ReleaseTarget, fleet: Fleet, report: Report) -> str:
    """The live policies against their release."""
    if fleet.stored is None:
        return UNKNOWN
    stored = fleet.stored.get(target.service, ())
    live, before = fleet.live_policies(target), fleet.before_translation
    if report_edits(target.service, stored, live, report, before_translation=before):
        return EDITED
    if part := differing_part(fleet.stored_parts.get(target.service, {}), fleet.live_parts(target)):
        report.add(edited_object(target.place, *part, service=target.service))
        return EDITED
    return EQUAL


def _report_plugins(fleet: Fleet, report: Report) -> None:
    plugins = fleet.live.plugins
    if plugins is None:
        return
    place = fleet.compiled.workspace.place
    if not plugins.enforcing and plugins.is_whole:
        found = f"{' and '.join(plugins.others)} does not" if plugins.others else "no known network plugin"
        report.add(no_enforcement(place, found))
    host_kind = DIALECTS[fleet.compiled.workspace.project.cluster.dialect].host_kind
    if plugins.host_problem is not None and any(it.kind == host_kind for it in fleet.rendered.values()):
        report.add(unenforced_hosts(place, *plugins.host_problem))
    if plugins.node_local_dns:
        profile = next(_profiles_beside(plugins.node_local_addresses, fleet), None)
        if profile is not None:
            report.add(node_local_dns(place, plugins.node_local_dns, plugins.node_local_addresses, profile))


def _profiles_beside(addresses: Sequence[str], fleet: Fleet) -> Iterator[str]:
    """DNS profiles of the policies that do not open the cache on their node, not by an extra rule either.

    Those without a DNS rule are left out.
    """
    profiles = {it.id: it.dns.profile for it in fleet.compiled.policies.policies if it.dns.has_rule}
    for policy in fleet.intended:
        opens = any(_opens_dns(rule, address) for rule in policy.egress or () for address in addresses)
        if policy.name in profiles and not opens:
            yield profiles[policy.name]


def _opens_dns(rule: Rule, address: str) -> bool:
    return holds(rule.addresses, address) and has_port(rule.ports, Protocol.UDP, 53, frozenset())


def _report_stale(fleet: Fleet, report: Report) -> None:
    releases = {(it.service.namespace, it.service.release) for it in fleet.compiled.values}
    charts = {it.chart for it in RELEASE_KINDS if it is not SERVICES}
    charts |= {target.chart_name for target in fleet.targets.values()}
    for (namespace, name), release in sorted((fleet.live.releases or {}).items()):
        is_ours = release.chart in charts and release.status != UNINSTALLED
        if is_ours and (namespace, name) not in releases:
            report.add(stale_release(fleet.compiled.workspace.place, release.title, name, namespace))
