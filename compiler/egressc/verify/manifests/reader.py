"""Streams of manifests into policies, pods, Services and namespaces; what is not understood becomes a diagnostic."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from egressc.diagnostics import manifests
from egressc.diagnostics.core import Report
from egressc.dialects.reading import (
    NOTHING_KNOWN,
    DialectReader,
    FinishingReader,
    KnownFacts,
    PartObject,
    SettlingReader,
    readers,
)
from egressc.dialects.shapes.fields import Object, Problems, mapping, text
from egressc.dialects.shapes.places import find_field
from egressc.dialects.shapes.selectors import read_labels
from egressc.model.flows import Pod, Policy, object_key
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.management import UNMANAGED, find_unmanaged
from egressc.model.workloads import Service, Workload
from egressc.source import Source, Span
from egressc.verify.documents.fast_yaml import BlockReader
from egressc.verify.documents.streams import read_documents
from egressc.verify.manifests.kinds import (
    CLUSTER_KINDS,
    ManifestRole,
    is_like_ours,
    policy_kind,
    repair_for,
    role_of,
    workload_kind,
)
from egressc.verify.manifests.learned_names import report_unlearned
from egressc.verify.manifests.services import read_service
from egressc.verify.manifests.undecided import report_undecided
from egressc.verify.manifests.workloads import read_workload, shows_no_pods

NO_HOMES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Manifests:
    """What a set of manifests says. Policies are one for each kind, namespace and name: of two the last.

    `unmanaged`: how many policies count as absent, by labels or annotations (EG619). `before_translation`: a project
    says of its policies that egress names ports of Services (see `BothDirections`).
    `parts` are objects that count only together, by their keys; policies have what they come to.
    `workloads` are all Pods and controllers, their pods with the labels of the namespace where a manifest gives them.
    """

    policies: tuple[Policy, ...]
    workloads: tuple[Workload, ...]
    services: tuple[Service, ...]
    namespaces: Mapping[str, Mapping[str, str]]
    unmanaged: int = 0
    before_translation: bool = False
    parts: Mapping[tuple[str, str], PartObject] = field(default_factory=dict)

    @property
    def pods(self) -> tuple[Pod, ...]:
        """One for each workload."""
        return tuple(it.pod for it in self.workloads)

    def with_namespaces(self, others: Mapping[str, Mapping[str, str]]) -> "Manifests":
        """The same where namespaces that no manifest of these shows have the labels that others give them."""
        namespaces = {**others, **self.namespaces}
        placed = tuple(replace(it, pod=_placed(it.pod, namespaces)) for it in self.workloads)
        return replace(self, workloads=placed, namespaces=namespaces)


def read_manifests(
    sources: Iterable[Source],
    report: Report,
    *,
    default_namespace: str = "default",
    homes: Mapping[str, str] = NO_HOMES,
    is_live: bool = False,
    only_workloads: bool = False,
    known: KnownFacts = NOTHING_KNOWN,
) -> Manifests:
    """Read streams of YAML documents; sources may come from a generator, one at a time.

    Args:
        report: receives EG610 to EG616, EG618, EG619, EG625 and EG664. After an error but EG619 and EG625 the policies
            are not all there: nothing can be proven.
        default_namespace: of objects that name none, as `kubectl apply --namespace` would give it.
        homes: the same for the objects of some sources, by their names.
        is_live: the objects are in a cluster, whatever a tool would make of them.
        only_workloads: leave out policies, and unknown kinds that show no pods.
        known: what a project says about them.
    """
    reader = _Stream(report, is_live=is_live, only_workloads=only_workloads, known=known)
    blocks = BlockReader()
    for source in sources:
        reader.default_namespace = homes.get(source.name, default_namespace)
        for document in read_documents(source, blocks):
            if document.problem:
                report.add(manifests.unreadable_manifest(document.span, document.problem))
            else:
                reader.read(document.value, document.span, "")
    return reader.all()


class _Namespace(NamedTuple):
    labels: Mapping[str, str]
    place: Span


class _Stream:
    def __init__(self, report: Report, *, is_live: bool, only_workloads: bool, known: KnownFacts) -> None:
        self.default_namespace = ""
        self._is_live = is_live
        self._only_workloads = only_workloads
        self._known = known._replace(is_complete=known.is_complete or is_live)
        self._unsettled: dict[tuple[str, str, str], SettlingReader] = {}
        self._unmanaged = 0
        self._around: list[tuple[object, str]] = []
        self._report = report
        self._readers = {
            kind: it for kind, it in readers().items() if known.has_routes or not isinstance(it, FinishingReader)
        }
        self._policies: dict[tuple[str, str, str], Policy] = {}
        self._workloads: list[Workload] = []
        self._services: list[Service] = []
        self._namespaces: dict[str, _Namespace] = {}

    def all(self) -> Manifests:
        # Only now: a namespace may follow its pods, and a tier its policies.
        namespaces = {name: it.labels for name, it in self._namespaces.items()}
        for key, reader in self._unsettled.items():
            policy, problems = self._policies[key], Problems()
            self._policies[key] = reader.settle(policy, namespaces, self._known, problems)
            self._tell(policy.title, policy.origin, policy.path, problems)
        self._finish()
        if not self._is_live:  # of a cluster, what somebody else left without effect is no reason to stop
            report_unlearned(self._policies.values(), self._report)
        report_undecided(self._policies.values(), self._report)
        return Manifests(
            tuple(self._policies.values()),
            tuple(replace(it, pod=_placed(it.pod, namespaces)) for it in self._workloads),
            tuple(self._services),
            namespaces,
            self._unmanaged,
            parts={part.key: part for reader in self._finishing() for part in reader.parts()},
        )

    def _finish(self) -> None:
        """Add what objects come to that are read together."""
        read = tuple(self._policies.values())
        for reader in self._finishing():
            tell = (lambda *_: None) if self._is_live else self._tell  # live objects are compared themselves
            for index, policy in enumerate(reader.finish(read, tell, self._known)):
                key = policy.kind, policy.namespace, policy.name
                self._policies[key if key in self._policies else (*key[:2], f"{policy.name} {index}")] = policy

    def _finishing(self) -> Iterable[FinishingReader]:
        """Each once: one reads several kinds."""
        return {id(it): it for it in self._readers.values() if isinstance(it, FinishingReader)}.values()

    def read(self, value: Any, span: Span, path: str) -> None:
        if not isinstance(value, dict):
            self._report.add(manifests.incomplete_manifest(find_field(span, path), "is not a mapping"))
            return
        manifest: Object = value
        problems = Problems()
        api_version = text(manifest, "apiVersion", "", problems)
        kind = text(manifest, "kind", "", problems)
        role = role_of(api_version, kind, self._readers)
        if role is ManifestRole.LIST and isinstance(items := manifest.get("items"), list | None):
            # Helm goes by the annotations of a document, so those of a list count for all that is in it.
            self._around.append((manifest.get("metadata"), path))
            for i, entry in enumerate(items or ()):
                self.read(_typed(entry, api_version, kind), span, f"{path}items[{i}].")
            self._around.pop()
            return
        metadata = mapping(manifest, "metadata", "", problems) or {}
        name = text(metadata, "name", "metadata", problems)
        home = text(metadata, "namespace", "metadata", problems) or self.default_namespace
        if not kind or not api_version:
            lack = "has no kind" if not kind else "has no apiVersion"
            self._report.add(manifests.incomplete_manifest(find_field(span, path), lack))
            return
        if self._only_workloads and shows_no_pods(role, manifest):
            return
        match role:
            case ManifestRole.POLICY if not name and metadata.get("name") in (None, ""):
                self._report.add(manifests.incomplete_manifest(find_field(span, path), f"is a {kind} without a name"))
            case ManifestRole.STAGED_POLICY if not self._counts(api_version, kind, home, name):
                title = name if kind.startswith("StagedGlobal") else f"{home}/{name}"
                self._report.add(manifests.skipped_staged_policy(find_field(span, f"{path}kind"), kind, title))
            case ManifestRole.POLICY | ManifestRole.STAGED_POLICY:
                self._read_policy(self._readers[api_version, kind], manifest, home, name, span, path, problems)
            case ManifestRole.OTHER_POLICY:
                at, called = find_field(span, f"{path}kind"), f"{api_version} {kind}"
                self._report.add(manifests.unread_policy_kind(at, called, repair_for(api_version)))
            case ManifestRole.WORKLOAD:
                called = workload_kind(api_version, kind)
                workload = read_workload(called, manifest, home, name, origin=span, path=path, problems=problems)
                if workload is not None:
                    self._workloads.append(workload)
                self._report_workload(f"{called} {home}/{name}", span, path, problems)
            case ManifestRole.SERVICE:
                if (service := read_service(manifest, home, problems, span, path)) is not None:
                    self._services.append(service)
                self._report_workload(f"{kind} {home}/{name}", span, path, problems)
            case ManifestRole.NAMESPACE:
                self._read_namespace(metadata, name, span, path, problems)
            case ManifestRole.UNKNOWN | ManifestRole.LIST:
                place = find_field(span, f"{path}kind")
                self._report.add(
                    manifests.unknown_kind(place, f"{api_version} {kind}", is_like_ours=is_like_ours(kind))
                )
            case ManifestRole.INERT:
                pass

    def _counts(self, api_version: str, kind: str, home: str, name: str) -> bool:
        """Whether a staged policy is one that is to be read as what it would enforce."""
        return (api_version, kind) in self._readers and object_key(kind, home, name) in self._known.staged

    def _read_namespace(self, metadata: Object, name: str, span: Span, path: str, problems: Problems) -> None:
        labels = read_labels(mapping(metadata, "labels", "metadata", problems) or {}, "metadata.labels", problems)
        place = find_field(span, f"{path}metadata.name")
        earlier = self._namespaces.get(name)
        if (said := labels.get(NAMESPACE_NAME, name)) != name:
            labelled = find_field(span, f"{path}metadata.labels[{NAMESPACE_NAME}]")
            self._report.add(manifests.misnamed_namespace(labelled, name, said))
        elif earlier is not None and earlier.labels != labels:
            self._report.add(manifests.policy_given_twice(place, f"namespace {name}", earlier.place))
        elif not problems.found:  # a label that cannot be read is not known to be absent
            self._namespaces[name] = _Namespace(labels, place)
        self._report_workload(f"Namespace {name}", span, path, problems)

    def _read_policy(
        self, reader: DialectReader, manifest: Object, home: str, name: str, span: Span, path: str, problems: Problems
    ) -> None:
        policy = reader.read(manifest, home, name, origin=span, path=path, problems=problems)
        kind = policy_kind(manifest["apiVersion"], manifest["kind"])
        home = "" if kind in CLUSTER_KINDS else home
        title = f"{home}/{name}".removeprefix("/")
        self._tell(title, span, path, problems)
        if policy is None or self._is_unmanaged(manifest["metadata"], title, span, path):
            return
        key = (kind, home, name)
        earlier = self._policies.pop(key, None)
        if earlier is not None:
            first = find_field(earlier.origin, f"{earlier.path}metadata.name")
            place = find_field(span, f"{path}metadata.name")
            self._report.add(manifests.policy_given_twice(place, f"policy {title}", first))
        self._policies[key] = policy if policy.kind == kind else replace(policy, kind=kind)
        if isinstance(reader, SettlingReader):
            self._unsettled[key] = reader

    def _tell(self, title: str, span: Span, path: str, problems: Problems) -> None:
        for found, diagnose in (
            (problems.found, manifests.unreadable_policy),
            (problems.doubts, manifests.loose_network),
            (problems.overlooked, manifests.overlooked_part),
        ):
            for problem in found:
                place = find_field(span, path + problem.path)
                self._report.add(diagnose(place, title, problem.path, problem.text))

    def _is_unmanaged(self, metadata: Object, policy: str, span: Span, path: str) -> bool:
        if self._is_live:
            return False
        for part, at in ((metadata, path), *self._around):
            for kept in ("annotations", "labels"):
                keys = part.get(kept) if isinstance(part, dict) else None
                key = find_unmanaged(keys) if isinstance(keys, dict) else None
                if key is not None:
                    place = find_field(span, f"{at}metadata.{kept}")
                    self._report.add(manifests.unmanaged_policy(place, policy, kept[:-1], key, UNMANAGED[key]))
                    self._unmanaged += 1
                    return True
        return False

    def _report_workload(self, workload: str, span: Span, path: str, problems: Problems) -> None:
        for problem in problems.found:
            place = find_field(span, path + problem.path)
            self._report.add(manifests.unreadable_workload(place, workload, problem.path, problem.text))


def _placed(pod: Pod, namespaces: Mapping[str, Mapping[str, str]]) -> Pod:
    return replace(pod, namespace_labels=namespaces.get(pod.namespace, {}))


def _typed(entry: Any, api_version: str, kind: str) -> Any:
    """An item of a typed list (NetworkPolicyList) may leave out what the list says of it."""
    element = kind.removesuffix("List")
    if element and isinstance(entry, dict) and "kind" not in entry:
        return {"apiVersion": api_version, **entry, "kind": element}
    return entry
