"""A project of a service, a namespace, guardrails and an egress gateway, as exports see it."""

from pathlib import Path
from typing import Final

from egressc.exports.project import ExportedProject, ExportedRelease
from egressc.model.project import ExportSettings
from egressc.model.release_kinds import EGRESS_GATEWAY, GUARDRAILS, NAMESPACES, SERVICES, ReleaseKind

HOME: Final = "kube-system"
_NAMED: Final = "# Generated\nnetworkPolicy:\n  release: {{name: {name}, namespace: {namespace}}}\n"
# Guardrails are in the values of every release; only their own say which kind of policy enforces them.
_RULES: Final = "  guardrails: {metadata: {rules: [{to: [{ipBlock: {cidr: 169.254.169.254/32}}], allPorts: [TCP]}]}}\n"
_MORE: Final = {
    SERVICES: "  podSelector: {matchLabels: {app: dns}}\n  policyTypes: [Egress]\n" + _RULES,
    NAMESPACES: _RULES,
    GUARDRAILS: "  apiVersion: policy.networking.k8s.io/v1alpha2\n" + _RULES,
    EGRESS_GATEWAY: "  gateway: {service: gateway}\n  hosts: {api.example: {ports: [443], clients: [shop]}}\n",
}


def _release(id: str, kind: ReleaseKind, name: str = "") -> ExportedRelease:
    name = name or kind.chart
    values = _NAMED.format(name=name, namespace=HOME) + _MORE[kind]
    return ExportedRelease(id, name, HOME, kind, f"{id}.yaml", values)


SERVICE: Final = _release("dns", SERVICES, "dns")
BASELINE: Final = _release(f"namespaces/{HOME}", NAMESPACES)
GUARDRAIL: Final = _release(GUARDRAILS.id, GUARDRAILS)
GATEWAY: Final = _release(EGRESS_GATEWAY.id, EGRESS_GATEWAY)


def project_of(*releases: ExportedRelease, root: Path = Path("/project"), charts: str = "") -> ExportedProject:
    settings = ExportSettings(repository="https://git.example.com/a.git", charts=charts)
    return ExportedProject(settings, ".", root.as_posix(), "values", "", releases, dict)


def write_values(project: ExportedProject) -> None:
    for release in project.releases:
        path = Path(project.root) / project.values / release.values_file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(release.values, "utf-8")
