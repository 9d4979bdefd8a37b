"""One project and one cluster: what the sources give for each service, and what the cluster holds of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from egressc.cluster.api import ApiReader
from egressc.cluster.changing import Phase
from egressc.cluster.live import Live, read_live
from egressc.cluster.objects import Access, ClusterError, ObjectKind, ObjectReader, Unread
from egressc.cluster.planning import ReleaseTarget, owns
from egressc.cluster.releases import UNINSTALLED, StoredRelease, storage_driver, storage_kind
from egressc.diagnostics.core import Diagnostic, Report
from egressc.diagnostics.generated import whole_file
from egressc.diagnostics.live import unreachable_cluster, unread_part
from egressc.dialects.reading import KnownFacts, PartObject
from egressc.fleet.installed_kinds import INSTALLED
from egressc.helm.chart import chart_name
from egressc.helm.engine import EngineError
from egressc.model.dialects import DIALECTS
from egressc.model.flows import Pod, Policy, object_key
from egressc.model.label_classes import only_name
from egressc.model.policy import Direction, ServicePolicy
from egressc.model.release_kinds import CLUSTER_KINDS
from egressc.project.compiling import Compiled
from egressc.project.extra_rules import extra_rules_of
from egressc.project.known import known_of_own, note_staged, report_staged
from egressc.project.rendering import RENDERED, charts_of, render_services
from egressc.project.usage import UsageProblem
from egressc.source import Source
from egressc.tables.yaml import read_yaml, to_plain
from egressc.verify.intent.extras import intend_all
from egressc.verify.manifests.kinds import policy_kind
from egressc.verify.manifests.reader import Manifests, read_manifests

Name = tuple[str, str]
Parts = Mapping[Name, PartObject]


@dataclass(frozen=True, slots=True)
class Fleet:
    """Services and their cluster.

    Attributes:
        targets: what the sources give, by service id, sorted.
        rendered: the policies of all targets, by namespace and name.
        parts: the objects of all targets that count only together, by service id.
        intended: what rows and extra rules ask for; its rules are named and have places.
        found: the live policies, pods and namespaces as the proof reads them.
        owned: the live policies of each Helm release, by its namespace and name.
        stored: the policies that each release of a service holds, by service id; None where releases are not readable.
        stored_parts: the objects that count only together likewise.
    """

    compiled: Compiled
    targets: Mapping[str, ReleaseTarget]
    rendered: Mapping[Name, Policy]
    parts: Mapping[str, Parts]
    intended: Sequence[Policy]
    live: Live
    found: Manifests
    owned: Mapping[Name, Sequence[Policy]]
    stored: Mapping[str, Sequence[Policy]] | None
    stored_parts: Mapping[str, Parts]

    def release(self, target: ReleaseTarget) -> StoredRelease | None:
        """The current revision of a target's release, whoever's it is; of one that is uninstalled there may be some."""
        return (self.live.releases or {}).get((target.namespace, target.release))

    def installed_release(self, target: ReleaseTarget) -> StoredRelease | None:
        """The same, but for a release of which Helm keeps nothing but the history."""
        release = self.release(target)
        return None if release is None or release.status == UNINSTALLED else release

    def live_policies(self, target: ReleaseTarget) -> Sequence[Policy]:
        """The live policies that Helm takes for the target's release."""
        return self.owned.get((target.namespace, target.release), ())

    def wanted_policies(self, target: ReleaseTarget) -> list[Policy]:
        """The policies that the sources give for a target."""
        return [self.rendered[name] for name in target.policies if name in self.rendered]

    def live_parts(self, target: ReleaseTarget) -> Parts:
        """The live objects that count only together, of those that Helm takes for the target's release."""
        return {key: it for key, it in self.found.parts.items() if owns(target, self.live.owners[key])}

    @property
    def before_translation(self) -> bool:
        """See `BothDirections`."""
        return self.compiled.policies.before_translation

    @property
    def pods(self) -> Sequence[Pod] | None:
        """The live pods; None where they could not be read."""
        return None if self.live.workloads is None else self.found.pods


def open_reader(access: Access, report: Report) -> ApiReader | None:
    """A way to the API server; None once it is reported (EG640) that there is none."""
    try:
        return ApiReader(access)
    except ClusterError as error:
        report.add(error.diagnostic)
        return None


def read_fleet(compiled: Compiled, ids: Sequence[str], reader: ObjectReader, report: Report) -> Fleet | None:
    """Render the services and read the cluster; None once it is reported that one of the two cannot be done."""
    sources = list(render_services(compiled, ids, None, report))
    try:
        targets, rendered, parts = _targets(compiled, sources, report)
    except EngineError as error:
        report.add(error.diagnostic)
        return None
    chosen = compiled.policies.only(targets)
    intended = intend_all(chosen, extra_rules_of(compiled, ids, report), report)
    is_read = not report.has_errors
    if not is_read or intended is None:
        return None
    # What is switched off renders nothing, and may still be installed.
    dialect = DIALECTS[compiled.workspace.project.cluster.dialect]
    kinds = {*dialect.kinds, *(policy.kind for policy in rendered.values())}
    kinds |= {part.kind for held in parts.values() for part in held.values()}
    of_cluster = {it.id for it in CLUSTER_KINDS}
    homes = {target.namespace for target in targets.values() if target.service not in of_cluster}
    cluster_homes = {target.namespace for target in targets.values()} - homes
    if len(targets) == len(compiled.values):  # a release may be left that the sources no longer give
        cluster_homes |= compiled.workspace.project.cluster.release_homes - homes
    try:
        live = read_live(
            reader,
            homes,
            _named_namespaces(intended),
            storage(),
            live_key,
            {INSTALLED[kind] for kind in kinds if kind in INSTALLED},
            cluster_homes,
        )
    except ClusterError as error:
        report.add(error.diagnostic)
        return None
    except PermissionError as error:
        report.add(unreachable_cluster(whole_file("cluster"), str(error)))
        return None
    report.extend(map(say_unread, live.unread))
    report_staged(note_staged(compiled.workspace), report)
    sources = [*live.policies.values(), *live.surroundings]
    found = read_manifests(sources, report, is_live=True, known=_known(compiled, targets, live))
    owned = _owned(live, found)
    stored, stored_parts = _stored(compiled, targets, live, report)
    if report.has_errors:
        return None
    return Fleet(compiled, targets, rendered, parts, intended, live, found, owned, stored, stored_parts)


def read_held(compiled: Compiled, source: Source, namespace: str, report: Report) -> Manifests:
    """The policies of a release of a project; where its dialect is staged, as what they would enforce."""
    known = known_of_own(compiled)
    return read_manifests([source], report, default_namespace=namespace, known=known)


def _known(compiled: Compiled, targets: Mapping[str, ReleaseTarget], live: Live) -> KnownFacts:
    """Of staged policies in the cluster, those of our releases count, where the dialect of the project is staged."""
    known = known_of_own(compiled)
    ours = (key for key, owner in live.owners.items() if any(owns(target, owner) for target in targets.values()))
    return known._replace(staged=frozenset(ours)) if known.staged else known


def live_key(api_version: str, kind: str, namespace: str, name: str) -> Name:
    """The key of a live policy, which `Policy.key` has too once it is read."""
    return object_key(policy_kind(api_version, kind), namespace, name)


def say_unread(unread: Unread) -> Diagnostic:
    """EG641 for what cannot be read."""
    return unread_part(whole_file("cluster"), unread.part, unread.unseen)


def _targets(
    compiled: Compiled, sources: Collection[Source], report: Report
) -> tuple[dict[str, ReleaseTarget], dict[Name, Policy], dict[str, Parts]]:
    texts = {source.name.removeprefix(f"{RENDERED}/").removesuffix(".yaml"): source for source in sources}
    policies: dict[Name, Policy] = {}
    targets: dict[str, ReleaseTarget] = {}
    parts: dict[str, Parts] = {}
    name_of, charts = cache(chart_name), charts_of(compiled.workspace)
    for values in compiled.values:
        service = values.service
        if service.id not in texts:
            continue
        read = read_held(compiled, texts[service.id], service.namespace, report)
        names = {policy.key: policy for policy in read.policies}
        policies |= names
        parts[service.id] = read.parts
        file = compiled.folder.files[values.file_name]
        node = read_yaml(file, report)
        document = to_plain(node) if node is not None else {}
        chart = charts[service.kind]
        targets[service.id] = ReleaseTarget(
            service=service.id,
            release=service.release,
            namespace=service.namespace,
            place=service.origin,
            chart=chart,
            chart_name=name_of(chart),
            file=compiled.folder.path / values.file_name,
            values=document if isinstance(document, dict) else {},
            text=texts[service.id].text,
            policies=tuple(dict.fromkeys((*names, *read.parts))),
            phase=_phase(service),
        )
    homes = {f"{RENDERED}/{it.service}.yaml": it.namespace for it in targets.values()}
    together = _together(parts, sources, homes, compiled)
    return targets, policies | {it.key: it for it in together}, parts


def _together(
    parts: Mapping[str, Parts], sources: Iterable[Source], homes: Mapping[str, str], compiled: Compiled
) -> list[Policy]:
    """What objects of several releases come to, which no single one shows, and the policies for which they count."""
    if not any(parts.values()):
        return []
    keys = {key for held in parts.values() for key in held}
    read = read_manifests(sources, Report(), homes=homes, known=known_of_own(compiled))
    return [policy for policy in read.policies if policy.key in keys or not policy.isolates_nothing]


def _phase(service: ServicePolicy) -> Phase:
    if service.kind.is_of_cluster:
        return Phase.CLUSTER
    if service.is_baseline:
        return Phase.DENY
    return Phase.INGRESS if Direction.INGRESS in service.directions else Phase.ALLOW


def _owned(live: Live, found: Manifests) -> dict[Name, list[Policy]]:
    owned: dict[Name, list[Policy]] = {}
    for policy in found.policies:
        owner = live.owners.get(policy.key)
        if owner is not None and owner.is_helm:
            owned.setdefault((owner.namespace, owner.release), []).append(policy)
    return owned


def _stored(
    compiled: Compiled, targets: Mapping[str, ReleaseTarget], live: Live, report: Report
) -> tuple[dict[str, Sequence[Policy]] | None, dict[str, Parts]]:
    if live.releases is None:
        return None, {}
    found: dict[str, Sequence[Policy]] = {}
    parts: dict[str, Parts] = {}
    sources: dict[str, Source] = {}
    for target in targets.values():
        release = live.releases.get((target.namespace, target.release))
        if release is not None and release.status != UNINSTALLED:
            source = Source(f"{release.title} revision {release.revision}", release.manifest)
            read = read_held(compiled, source, target.namespace, report)
            found[target.service], parts[target.service] = read.policies, read.parts
            sources[target.service] = source
    homes = {source.name: targets[it].namespace for it, source in sources.items()}
    services = {source.name: it for it, source in sources.items()}
    for policy in _together(parts, sources.values(), homes, compiled):
        service = services[policy.origin.source.name]
        found[service] = (*(it for it in found[service] if it.key != policy.key), policy)
    return found, parts


def _named_namespaces(intended: Sequence[Policy]) -> set[str]:
    peers = (peer for policy in intended for _, rule in policy.every_rule() for peer in rule.pods)
    return {name for peer in peers if (name := only_name(peer.namespaces)) is not None}


def storage() -> ObjectKind:
    """Where Helm keeps releases. Raises UsageProblem for a place that is not in the cluster."""
    driver = storage_driver()
    kind = storage_kind(driver)
    if kind is None:
        raise UsageProblem(f'HELM_DRIVER is "{driver}", but releases are read only from Secrets and ConfigMaps')
    return kind
