"""Argo CD: an ApplicationSet that finds the values files itself, or the folders of rendered manifests.

Sources: Argo CD 3.2, `applicationset/generators/git.go` (parameters of a file; patterns are Git's pathspecs, where `*`
also stands for a slash), `applicationset/controllers` (steps, reverse deletion), `reposerver/repository` (`$values`).
"""

from collections.abc import Mapping
from typing import Final

from egressc.dialects.emitting import Data
from egressc.emit.blocks import mapping_lines
from egressc.handover.manifests import FOLDER as MANIFESTS
from egressc.handover.releases import Releases

FILE: Final = "argocd.yaml"

_OF_SERVICES: Final = "# One Argo CD application for each file in {folders}; a new file needs no change here.\n"
_OF_NAMESPACES: Final = (
    "# One Argo CD application for each folder in {folders}, a namespace; a new folder needs no change here.\n"
    "# Sync waves in the manifests put the baseline of a namespace behind its services, and deletion reverses them.\n"
)
_STEPS: Final = """\
# Policies of services come first, then the baselines of namespaces; deletion of the whole reverses that. Both hold only
# with progressive syncs (argocd-cmd-params-cm, applicationsetcontroller.enable.progressive.syncs: "true"), and with
# them Argo CD does not revert edits in the cluster. `egressc export argocd --per namespace` needs no such setting.
"""
_DELETION: Final = """\
# Deleting one of the files deletes its policy, and deleting this ApplicationSet deletes all: pods that no other policy
# selects can then reach everything. To keep the policies, set spec.syncPolicy.preserveResourcesOnDeletion: true first.
"""
_IS_SERVICE: Final = "hasKey .networkPolicy `podSelector`"
_LIMITS_INGRESS: Final = "has `Ingress` (dig `policyTypes` (list) .networkPolicy)"
_PHASES: Final = ("ingress", "egress", "deny")
_PHASE: Final = (
    f"{{{{ if not ({_IS_SERVICE}) }}}}deny{{{{ else if {_LIMITS_INGRESS} }}}}ingress{{{{ else }}}}egress{{{{ end }}}}"
)
_PHASE_LABEL: Final = "egressc/phase"
_NAMESPACE: Final = "{{ .networkPolicy.release.namespace }}"
_RELEASE: Final = "{{ .networkPolicy.release.name }}"


def export_services(fleet: Releases) -> Mapping[str, str]:
    """One application per service and namespace, from the values files."""
    values = fleet.in_repository(fleet.values)
    ordered = bool(fleet.baselines)
    folders = [values, f"{values}/namespaces"] if ordered else [values]
    # What is no values file of ours is left alone.
    ours: Data = {"matchExpressions": [{"key": "networkPolicy.release.name", "operator": "Exists"}]}
    files: list[Data] = [{"path": f"{folder}/*.yaml"} for folder in folders]
    helm: Data = {"releaseName": _RELEASE, "valueFiles": ["$values/{{ .path.path }}/{{ .path.filename }}"]}
    text = _application_set(
        fleet,
        {"selector": ours, "git": {**_git(fleet, "revision"), "files": files}},
        f"{_NAMESPACE}.{_RELEASE}",
        {_PHASE_LABEL: _PHASE} if ordered else {},
        _NAMESPACE,
        {"sources": [{**_chart(fleet), "helm": helm}, {**_git(fleet), "ref": "values"}]},
    )
    head = _OF_SERVICES.format(folders=" and ".join(folders)) + (_STEPS if ordered else "") + _DELETION
    return {FILE: head + text}


def export_namespaces(fleet: Releases) -> Mapping[str, str]:
    """One application per namespace, from rendered manifests."""
    manifests = fleet.in_repository(f"{fleet.settings.folder}/{MANIFESTS}")
    text = _application_set(
        fleet,
        {"git": {**_git(fleet, "revision"), "directories": [{"path": f"{manifests}/*"}]}},
        "{{ .path.basename }}",
        {},
        "{{ .path.basename }}",
        {"source": {**_git(fleet), "path": "{{ .path.path }}"}},
    )
    return {FILE: _OF_NAMESPACES.format(folders=manifests) + _DELETION + text}


def _application_set(
    fleet: Releases,
    generator: dict[str, Data],
    name: str,
    labels: dict[str, Data],
    namespace: str,
    sources: dict[str, Data],
) -> str:
    """The object; with labels of phases, its applications are synced in their order."""
    settings = fleet.settings
    steps: list[Data] = [
        {"matchExpressions": [{"key": _PHASE_LABEL, "operator": "In", "values": [phase]}]} for phase in _PHASES
    ]
    strategy: Data = {"type": "RollingSync", "deletionOrder": "Reverse", "rollingSync": {"steps": steps}}
    # Without it the object is gone before its controller can delete in order.
    finalizers: Data = ["resources-finalizer.argocd.argoproj.io"]
    document: dict[str, Data] = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {
            "name": settings.name,
            "namespace": settings.argocd_namespace,
            **({"finalizers": finalizers} if labels else {}),
        },
        "spec": {
            "goTemplate": True,
            "goTemplateOptions": ["missingkey=error"],
            "generators": [generator],
            **({"strategy": strategy} if labels else {}),
            "template": {
                "metadata": {"name": f"{settings.name}.{name}", **({"labels": labels} if labels else {})},
                "spec": {
                    "project": settings.argocd_project,
                    "destination": {"name": settings.argocd_cluster, "namespace": namespace},
                    **sources,
                    "syncPolicy": {
                        "automated": {"prune": True, "selfHeal": True},
                        "syncOptions": ["ServerSideApply=true"],
                    },
                },
            },
        },
    }
    return mapping_lines(document, "")


def _git(fleet: Releases, key: str = "targetRevision") -> dict[str, Data]:
    return {"repoURL": fleet.settings.repository, key: fleet.settings.revision}


def _chart(fleet: Releases) -> dict[str, Data]:
    """The source of the chart, which depends on whether values are those of a service or of a namespace."""
    service, namespace = fleet.service_chart, fleet.namespace_chart
    if service.registry:
        # Argo CD names a registry of charts without its scheme.
        registry = service.registry.removeprefix("oci://")
        return {
            "repoURL": registry,
            "chart": _either(fleet, service.name, namespace.name),
            "targetRevision": service.version,
        }
    folders = fleet.in_repository(service.folder), fleet.in_repository(namespace.folder)
    return {**_git(fleet), "path": _either(fleet, *folders)}


def _either(fleet: Releases, service: str, namespace: str) -> str:
    if not fleet.baselines:
        return service
    return f"{{{{ if {_IS_SERVICE} }}}}{service}{{{{ else }}}}{namespace}{{{{ end }}}}"
