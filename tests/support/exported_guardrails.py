"""A project of a service, a namespace and guardrails, as exports see it."""

from pathlib import Path
from typing import Final

from egressc.exports.project import ExportedProject, ExportedRelease
from egressc.model.policy import GUARDRAIL_CHART, GUARDRAILS, NAMESPACE_CHART, SERVICE_CHART
from egressc.model.project import ExportSettings

HOME: Final = "kube-system"
_NAMED: Final = "# Generated\nnetworkPolicy:\n  release: {{name: {name}, namespace: {namespace}}}\n"
# Guardrails are in the values of every release; only their own say which kind of policy enforces them.
_RULES: Final = "  guardrails: {metadata: {rules: [{to: [{ipBlock: {cidr: 169.254.169.254/32}}], allPorts: [TCP]}]}}\n"
_MORE: Final = {
    SERVICE_CHART: "  podSelector: {matchLabels: {app: dns}}\n  policyTypes: [Egress]\n" + _RULES,
    NAMESPACE_CHART: _RULES,
    GUARDRAIL_CHART: "  apiVersion: policy.networking.k8s.io/v1alpha2\n" + _RULES,
}


def _release(id: str, name: str, chart: str) -> ExportedRelease:
    values = _NAMED.format(name=name, namespace=HOME) + _MORE[chart]
    return ExportedRelease(id, name, HOME, chart, f"{id}.yaml", values)


SERVICE: Final = _release("dns", "dns", SERVICE_CHART)
BASELINE: Final = _release(f"namespaces/{HOME}", NAMESPACE_CHART, NAMESPACE_CHART)
GUARDRAIL: Final = _release(GUARDRAILS, GUARDRAIL_CHART, GUARDRAIL_CHART)


def project_of(*releases: ExportedRelease, root: Path = Path("/project"), charts: str = "") -> ExportedProject:
    settings = ExportSettings(repository="https://git.example.com/a.git", charts=charts)
    return ExportedProject(settings, ".", root.as_posix(), "values", "", releases, dict)


def write_values(project: ExportedProject) -> None:
    for release in project.releases:
        path = Path(project.root) / project.values / release.values_file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(release.values, "utf-8")
