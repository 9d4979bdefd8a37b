"""Pods out of manifests: their labels and the names they give to ports.

Source: PodSpec (core/v1). Ports of init containers count when they run beside the others (restartPolicy Always).
"""

from collections.abc import Mapping

from egressc.dialects.shapes.fields import Object, Problems, field_path, mapping
from egressc.dialects.shapes.selectors import read_labels, read_pod_selector
from egressc.model.flows import Pod
from egressc.model.label_classes import Labels, select
from egressc.model.policy import Selector
from egressc.model.workloads import Workload
from egressc.source import Span
from egressc.verify.manifests.additions import added_labels, read_ports
from egressc.verify.manifests.kinds import ManifestRole

_BY_LABELS = ("DeploymentConfig", "ReplicationController")  # their selector is a map of labels
_SELECTING = (
    *_BY_LABELS,
    *("DaemonSet", "Deployment", "ReplicaSet", "Rollout", "StatefulSet", "VirtualMachineInstanceReplicaSet"),
)
_HOOKS = ("helm.sh/hook", "argocd.argoproj.io/hook")


def host_network_path(kind: str) -> str:
    """Where a Pod or a controller says that its pods are on the host's network."""
    return ".".join((*_template_path(kind), "spec", "hostNetwork"))


def read_workload(
    kind: str, manifest: Object, home: str, name: str, *, origin: Span, path: str, problems: Problems
) -> Workload | None:
    """A Pod or a controller, in the namespace `home`; `origin` and `path` say where its manifest stands.

    None for a Rollout that describes no pods: its `workloadRef` names the Deployment that does.
    """
    if kind == "Rollout" and not has_pod_template(manifest):
        return None
    inside, pod = "", manifest
    for step in _template_path(kind):
        pod, inside = mapping(pod, step, inside, problems) or {}, field_path(inside, step)
    metadata = mapping(pod, "metadata", inside, problems) or {}
    spec = mapping(pod, "spec", inside, problems) or {}
    of_metadata, of_spec = field_path(inside, "metadata"), field_path(inside, "spec")
    labels = read_labels(mapping(metadata, "labels", of_metadata, problems) or {}, f"{of_metadata}.labels", problems)
    labels |= added_labels(kind, name)
    ports = tuple(read_ports(kind, spec, of_spec, problems))
    described = Pod(
        namespace=home,
        labels=labels,
        name=name,
        ports=tuple((said, port.protocol, port.port) for said, port in ports if said and isinstance(port.port, int)),
        is_on_host_network=spec.get("hostNetwork") is True,
        kind=kind,
    )
    listens = tuple(dict.fromkeys(port for _, port in ports))
    is_idle = kind == "ReplicaSet" and _section(manifest, "spec").get("replicas") == 0
    selector = _read_selector(kind, manifest, labels)
    owner = _read_owner(manifest, home)
    return Workload(described, selector, listens, owner, is_idle, origin, path, _read_hook(manifest))


def has_pod_template(manifest: Object) -> bool:
    """Whether an object of any kind describes pods as a Deployment does."""
    return isinstance(_section(_section(_section(manifest, "spec"), "template"), "spec").get("containers"), list)


def _template_path(kind: str) -> tuple[str, ...]:
    match kind:
        case "Pod" | "VirtualMachineInstance":
            return ()
        case "CronJob":
            return ("spec", "jobTemplate", "spec", "template")
        case _:
            return ("spec", "template")


def _read_selector(kind: str, manifest: Object, labels: Mapping[str, str]) -> Labels:
    """What of it cannot be read, the API server refuses: then the labels stand for the pods."""
    own = select(Selector(tuple(sorted(labels.items()))))
    written = _section(manifest, "spec").get("selector") if kind in _SELECTING else None
    if not isinstance(written, dict):
        return own
    problems = Problems()
    selector = {"matchLabels": written} if kind in _BY_LABELS else written
    read = read_pod_selector(selector, "spec.selector", problems)
    return own if problems.found or not read else read


def _read_owner(manifest: Object, home: str) -> tuple[str, str, str] | None:
    """The controller among the owners (OwnerReference, meta/v1)."""
    owners = _section(manifest, "metadata").get("ownerReferences")
    for owner in owners if isinstance(owners, list) else ():
        if isinstance(owner, dict) and owner.get("controller") is True:
            return str(owner.get("kind")), home, str(owner.get("name"))
    return None


def _read_hook(manifest: Object) -> str:
    annotations = _section(_section(manifest, "metadata"), "annotations")
    return next((str(annotations[key]) for key in _HOOKS if annotations.get(key)), "")


def _section(manifest: Object, key: str) -> Object:
    section = manifest.get(key)
    return section if isinstance(section, dict) else {}


def shows_no_pods(role: ManifestRole, manifest: Object) -> bool:
    """Whether a manifest is of no use to who asks for pods alone."""
    if role is ManifestRole.UNKNOWN:
        return not has_pod_template(manifest)
    return role in (ManifestRole.POLICY, ManifestRole.STAGED_POLICY, ManifestRole.OTHER_POLICY)
