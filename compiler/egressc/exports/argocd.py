"""Argo CD: an ApplicationSet that finds the values files itself, or the folders of rendered manifests.

Sources: Argo CD 3.2, `applicationset/generators/git.go` (parameters of a file; patterns are Git's pathspecs, where `*`
also stands for a slash, or doublestar's, where it does not), `applicationset/controllers` (steps, reverse deletion),
`reposerver/repository` (`$values`), `controller/appcontroller.go` (`allowEmpty`: a policy that is switched off goes).
"""

from collections.abc import Mapping
from posixpath import basename
from typing import Final

from egressc.dialects.emitting import Data
from egressc.emit.blocks import mapping_lines
from egressc.emit.scalars import comment
from egressc.exports.manifests import FOLDER as MANIFESTS
from egressc.exports.project import ChartInRegistry, ExportedProject
from egressc.model.release_kinds import GUARDRAILS, NAMESPACES, SERVICES, ReleaseKind

FILE: Final = "argocd.yaml"

_OF_SERVICES: Final = "# One Argo CD application for each file in {folders}. A new service changes no line here.\n"
_OF_NAMESPACES: Final = (
    "# One Argo CD application for each folder in {folders}, a namespace. A new namespace changes no line here.\n"
    "# Argo CD applies the baseline of a namespace after its services, by sync waves in the manifests.\n"
)
_GUARDRAILS_THERE: Final = "# Guardrails are in the folder of the namespace of their release.\n"
_STEPS: Final = """\
# Argo CD syncs services before the baselines of namespaces, and reverses that when it deletes this ApplicationSet, but
# only with progressive syncs (argocd-cmd-params-cm, applicationsetcontroller.enable.progressive.syncs: "true"). It then
# no longer reverts edits in the cluster. `egressc export argocd --per namespace` needs no such setting.
"""
_DELETION: Final = """\
# If you delete one of the files, Argo CD deletes its policy. If you delete this ApplicationSet, it deletes all of them.
# {consequence} To keep the policies when you delete the ApplicationSet, run first:
#   kubectl patch applicationset {name} -n {namespace} --type merge \\
#     -p '{{"spec": {{"syncPolicy": {{"preserveResourcesOnDeletion": true}}}}}}'
"""
_IS_OF_KIND: Final = "hasKey .networkPolicy `{marker}`"
_IS_SERVICE: Final = _IS_OF_KIND.format(marker=SERVICES.marker)
_LIMITS_INGRESS: Final = "has `Ingress` (dig `policyTypes` (list) .networkPolicy)"
# In the order of `egressc install`.
_PHASES: Final = ("ingress", "egress", "namespace")
_PHASE: Final = (
    f"{{{{ if not ({_IS_SERVICE}) }}}}namespace"
    f"{{{{ else if {_LIMITS_INGRESS} }}}}ingress{{{{ else }}}}egress{{{{ end }}}}"
)
_PHASE_LABEL: Final = "egressc/phase"
_NAMESPACE: Final = "{{ .networkPolicy.release.namespace }}"
_RELEASE: Final = "{{ .networkPolicy.release.name }}"


def export_services(project: ExportedProject) -> Mapping[str, str]:
    """One application per service and namespace, from the values files."""
    values = project.in_repository(project.values)
    is_ordered = project.has_baselines
    folders = [values, *dict.fromkeys(f"{values}/{it.folder}" for it in project.kinds if it.folder)]
    helm: Data = {"releaseName": _RELEASE, "valueFiles": ["$values/{{ .path.path }}/{{ .path.filename }}"]}
    text = _application_set(
        project,
        [_files(project, folder) for folder in folders],
        f"{_NAMESPACE}.{_RELEASE}",
        _NAMESPACE,
        {"sources": [{**_chart(project), "helm": helm}, {**_literal_git(project), "ref": "values"}]},
        is_ordered=is_ordered,
    )
    head = _OF_SERVICES.format(folders=comment(" and ".join(folders))) + (_STEPS if is_ordered else "")
    return {FILE: head + _deletion(project) + text}


def export_namespaces(project: ExportedProject) -> Mapping[str, str]:
    """One application per namespace, from rendered manifests."""
    manifests = project.in_repository(f"{project.settings.folder}/{MANIFESTS}")
    folder = "{{ .path.basename }}"
    text = _application_set(
        project,
        [{"git": {**_git(project), "directories": [{"path": f"{manifests}/*"}]}}],
        folder,
        folder,
        {"source": {**_literal_git(project), "path": "{{ .path.path }}"}},
        is_ordered=False,
    )
    head = _OF_NAMESPACES.format(folders=comment(manifests)) + (
        _GUARDRAILS_THERE if GUARDRAILS in project.kinds else ""
    )
    return {FILE: head + _deletion(project) + text}


def _deletion(project: ExportedProject) -> str:
    settings = project.settings
    return _DELETION.format(consequence=project.consequence, name=settings.name, namespace=settings.argocd_namespace)


def _application_set(
    project: ExportedProject,
    generators: list[Data],
    name: str,
    namespace: str,
    sources: dict[str, Data],
    *,
    is_ordered: bool,
) -> str:
    """The object. `name`, `namespace` and `sources` are templates; `is_ordered`: it syncs phase by phase."""
    settings = project.settings
    phases = (*map(_phase_of, project.cluster_kinds), *_PHASES)
    steps: list[Data] = [
        {"matchExpressions": [{"key": _PHASE_LABEL, "operator": "In", "values": [phase]}]} for phase in phases
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
            **({"finalizers": finalizers} if is_ordered else {}),
        },
        "spec": {
            "goTemplate": True,
            "goTemplateOptions": ["missingkey=error"],
            "generators": generators,
            # Written out, so that the next apply takes back what the command above sets.
            "syncPolicy": {"preserveResourcesOnDeletion": False},
            **({"strategy": strategy} if is_ordered else {}),
            "template": {
                "metadata": {
                    "name": f"{settings.name}.{name}",
                    **({"labels": {_PHASE_LABEL: _phase(project)}} if is_ordered else {}),
                },
                "spec": {
                    "project": settings.argocd_project,
                    "destination": {"name": _literal(settings.argocd_cluster), "namespace": namespace},
                    **sources,
                    "syncPolicy": {
                        "automated": {"prune": True, "selfHeal": True, "allowEmpty": True},
                        "syncOptions": ["ServerSideApply=true"],
                    },
                },
            },
        },
    }
    return mapping_lines(document, "")


def _files(project: ExportedProject, folder: str) -> Data:
    """A generator of the values files in a folder. Other YAML files there, and files further below, are left out."""
    ours: Data = {"matchExpressions": [{"key": "networkPolicy.release.name", "operator": "Exists"}]}
    files: list[Data] = [{"path": f"{folder}/*.yaml"}, {"path": f"{folder}/*/*.yaml", "exclude": True}]
    return {"selector": ours, "git": {**_git(project), "files": files}}


def _git(project: ExportedProject) -> dict[str, Data]:
    return {"repoURL": project.settings.repository, "revision": project.settings.revision}


def _literal_git(project: ExportedProject) -> dict[str, Data]:
    settings = project.settings
    return {"repoURL": _literal(settings.repository), "targetRevision": _literal(settings.revision)}


def _chart(project: ExportedProject) -> dict[str, Data]:
    """The source of the chart, which depends on the kind of release that values are for."""
    charts = {it: project.chart_of(it) for it in (SERVICES, *project.kinds)}
    first = charts[SERVICES]
    if isinstance(first, ChartInRegistry):
        # Argo CD names a registry of charts without its scheme.
        registry = _literal(first.registry.removeprefix("oci://"))
        chart = _either({kind: it.name for kind, it in charts.items()})
        return {"repoURL": registry, "chart": chart, "targetRevision": first.version}
    folders = {
        it: project.in_repository(chart.folder)
        for it, chart in charts.items()
        if not isinstance(chart, ChartInRegistry)
    }
    assert folders.keys() == charts.keys(), "the project file takes either a chart of its own or a registry"
    return {**_literal_git(project), "path": _either(folders)}


def _either(charts: Mapping[ReleaseKind, str]) -> str:
    text = _literal(charts[SERVICES])
    if NAMESPACES in charts:
        text = f"{{{{ if {_IS_SERVICE} }}}}{text}{{{{ else }}}}{_literal(charts[NAMESPACES])}{{{{ end }}}}"
    return _or_of_cluster({kind: _literal(it) for kind, it in charts.items() if kind.is_of_cluster}, text)


def _phase(project: ExportedProject) -> str:
    return _or_of_cluster({it: _phase_of(it) for it in project.cluster_kinds}, _PHASE)


def _phase_of(kind: ReleaseKind) -> str:
    return basename(kind.id)


def _or_of_cluster(choices: Mapping[ReleaseKind, str], otherwise: str) -> str:
    """A text for each kind of release that is for the whole cluster, or another one for all other releases."""
    text = otherwise
    for kind, chosen in reversed([*choices.items()]):
        is_of_kind = _IS_OF_KIND.format(marker=kind.marker)
        text = f"{{{{ if {is_of_kind} }}}}{chosen}{{{{ else }}}}{text}{{{{ end }}}}"
    return text


def _literal(text: str) -> str:
    """A text as a template that gives exactly this text."""
    return text.replace("{{", "{{ `{{` }}")
