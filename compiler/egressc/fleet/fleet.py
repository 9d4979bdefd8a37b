"""One project and one cluster: what the sources give for each service, and what the cluster holds of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from egressc.cluster.api import ApiReader
from egressc.cluster.changing import Phase
from egressc.cluster.live import Live, Unread, read_live
from egressc.cluster.objects import Access, ClusterError, ObjectKind, ObjectReader
from egressc.cluster.planning import ReleaseTarget
from egressc.cluster.releases import UNINSTALLED, StoredRelease, storage_driver, storage_kind
from egressc.diagnostics.core import Diagnostic, Report
from egressc.diagnostics.generated import whole_file
from egressc.diagnostics.live import unreachable_cluster, unread_part
from egressc.helm.chart import chart_name
from egressc.helm.engine import EngineError
from egressc.model.dialects import CILIUM, DIALECTS
from egressc.model.flows import Pod, Policy, object_key
from egressc.model.label_classes import only_name
from egressc.model.policy import GUARDRAIL_CHART, GUARDRAILS, Direction, ServicePolicy
from egressc.project.compiling import Compiled
from egressc.project.extra_rules import extra_rules_of
from egressc.project.rendering import RENDERED, charts_of, render_services
from egressc.project.usage import UsageProblem
from egressc.source import Source
from egressc.tables.yaml import read_yaml, to_plain
from egressc.verify.intent.extras import intend_all
from egressc.verify.manifests.kinds import policy_kind
from egressc.verify.manifests.reader import Manifests, read_manifests

Name = tuple[str, str]

# Kinds of policy that charts render, and what has to be readable where one is ours.
_INSTALLED = {
    DIALECTS[CILIUM].kind: ObjectKind.CILIUM_POLICIES,
    "ClusterNetworkPolicy": ObjectKind.CLUSTER_POLICIES,
    "AdminNetworkPolicy": ObjectKind.ADMIN_POLICIES,
    "BaselineAdminNetworkPolicy": ObjectKind.BASELINE_ADMIN_POLICIES,
    "ClusterNetworkPolicy.networking.k8s.aws": ObjectKind.EKS_CLUSTER_POLICIES,
}


@dataclass(frozen=True, slots=True)
class Fleet:
    """Services and their cluster.

    Attributes:
        targets: what the sources give, by service id, sorted.
        rendered: the policies of all targets, by namespace and name.
        intended: what rows and extra rules ask for; its rules are named and have places.
        found: the live policies, pods and namespaces as the proof reads them.
        owned: the live policies of each Helm release, by its namespace and name.
        stored: the policies that each release of a service holds, by service id; None where releases are not readable.
    """

    compiled: Compiled
    targets: Mapping[str, ReleaseTarget]
    rendered: Mapping[Name, Policy]
    intended: Sequence[Policy]
    live: Live
    found: Manifests
    owned: Mapping[Name, Sequence[Policy]]
    stored: Mapping[str, Sequence[Policy]] | None

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

    @property
    def before_translation(self) -> bool:
        """See `BothDirections`."""
        return self.compiled.policies.before_translation

    @property
    def pods(self) -> Sequence[Pod] | None:
        """The live pods; None where they could not be read."""
        return None if self.live.workloads is None else self.found.pods


def open_reader(kubeconfig: Path | None, context: str | None, report: Report) -> tuple[ObjectReader, Access] | None:
    """A way to the API server; None once it is reported (EG640) that there is none."""
    try:
        reader = ApiReader(Access(kubeconfig, context))
    except ClusterError as error:
        report.add(error.diagnostic)
        return None
    return reader, reader.access


def read_fleet(compiled: Compiled, ids: Sequence[str], reader: ObjectReader, report: Report) -> Fleet | None:
    """Render the services and read the cluster; None once it is reported that one of the two cannot be done."""
    sources = list(render_services(compiled, ids, None, report))
    try:
        targets, rendered = _targets(compiled, sources, report)
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
    kinds = {dialect.kind, *(policy.kind for policy in rendered.values())}
    homes = {target.namespace for target in targets.values() if target.service != GUARDRAILS}
    try:
        live = read_live(
            reader,
            homes,
            _named_namespaces(intended),
            storage(),
            live_key,
            {_INSTALLED[kind] for kind in kinds if kind in _INSTALLED},
            {target.namespace for target in targets.values()} - homes,
        )
    except ClusterError as error:
        report.add(error.diagnostic)
        return None
    except PermissionError as error:
        report.add(unreachable_cluster(whole_file("cluster"), str(error)))
        return None
    report.extend(map(say_unread, live.unread))
    found = read_manifests([*live.policies.values(), *live.surroundings], report, is_live=True)
    owned = _owned(live, found)
    stored = _stored(targets, live, report)
    if report.has_errors:
        return None
    return Fleet(compiled, targets, rendered, intended, live, found, owned, stored)


def live_key(api_version: str, kind: str, namespace: str, name: str) -> Name:
    """The key of a live policy, which `Policy.key` has too once it is read."""
    return object_key(policy_kind(api_version, kind), namespace, name)


def say_unread(unread: Unread) -> Diagnostic:
    """EG641 for what cannot be read."""
    return unread_part(whole_file("cluster"), unread.part, unread.unseen)


def _targets(
    compiled: Compiled, sources: Collection[Source], report: Report
) -> tuple[dict[str, ReleaseTarget], dict[Name, Policy]]:
    texts = {source.name.removeprefix(f"{RENDERED}/").removesuffix(".yaml"): source for source in sources}
    policies: dict[Name, Policy] = {}
    targets: dict[str, ReleaseTarget] = {}
    name_of, charts = cache(chart_name), charts_of(compiled.workspace)
    for values in compiled.values:
        service = values.service
        if service.id not in texts:
            continue
        read = read_manifests([texts[service.id]], report, default_namespace=service.namespace).policies
        names = {policy.key: policy for policy in read}
        policies |= names
        file = compiled.folder.files[values.file_name]
        node = read_yaml(file, report)
        document = to_plain(node) if node is not None else {}
        chart = charts[service.chart]
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
            policies=tuple(names),
            phase=_phase(service),
        )
    return targets, policies


def _phase(service: ServicePolicy) -> Phase:
    if service.chart == GUARDRAIL_CHART:
        return Phase.GUARD
    if service.is_baseline:
        return Phase.DENY
    return Phase.INGRESS if Direction.INGRESS in service.directions else Phase.ALLOW


def _owned(live: Live, found: Manifests) -> dict[Name, list[Policy]]:
    owned: dict[Name, list[Policy]] = {}
    for policy in found.policies:
        owner = live.owners[policy.key]
        if owner.is_helm:
            owned.setdefault((owner.namespace, owner.release), []).append(policy)
    return owned


def _stored(targets: Mapping[str, ReleaseTarget], live: Live, report: Report) -> dict[str, Sequence[Policy]] | None:
    if live.releases is None:
        return None
    found: dict[str, Sequence[Policy]] = {}
    for target in targets.values():
        release = live.releases.get((target.namespace, target.release))
        if release is not None and release.status != UNINSTALLED:
            source = Source(f"{release.title} revision {release.revision}", release.manifest)
            read = read_manifests([source], report, default_namespace=target.namespace)
            found[target.service] = read.policies
    return found


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
