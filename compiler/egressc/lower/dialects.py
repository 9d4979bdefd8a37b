"""The dialect in the project file, and the settings that only one dialect has."""

from typing import Final, NamedTuple

from egressc.diagnostics.core import Report
from egressc.dialects.cilium.limits import DEEP_NAMES_SINCE, OLDEST
from egressc.lower.models import Path
from egressc.lower.selections import read_selection, refuse
from egressc.model.cluster import CiliumSettings
from egressc.model.dialect_entries import CiliumEntry, IstioEntry
from egressc.model.dialects import CILIUM, DIALECTS, ISTIO, version_problem
from egressc.model.gateway import NO_WAYPOINT, OWN_PORTS, EgressGateway, Waypoint
from egressc.model.project_file import ClusterEntry
from egressc.model.scalars import dns_label_problem, host_name_problem
from egressc.tables.yaml import YamlNode


class _Settings(NamedTuple):
    """A key of settings, the dialect that has it, what they say, an example, and why they see the ports of pods."""

    key: str
    dialect: str
    meaning: str
    example: str
    why_pod_ports: str


_SETTINGS: Final = (
    _Settings(
        "cilium",
        CILIUM,
        "the version of Cilium in the cluster",
        'cilium: {version: "1.19"}',
        "Cilium sees the ports of pods",
    ),
    _Settings(
        "istio",
        ISTIO,
        "the namespace of the egress gateway or waypoint",
        "istio: {gateway: {namespace: istio-egress}}",
        "proxies connect to the pods of the gateway",
    ),
)


def lower_dialect(
    entry: ClusterEntry, node: YamlNode, report: Report
) -> tuple[CiliumSettings | None, EgressGateway | Waypoint | None]:
    """The settings of the dialect; EG232 for an unknown dialect, and for settings that are missing or of another."""
    at: Path = ("cluster",)
    if entry.dialect not in DIALECTS:
        *others, last = (f'"{name}"' for name in DIALECTS)
        known = f"{', '.join(others)} or {last}"
        refuse(node, (*at, "dialect"), f"is not {known}", "dialect: Kind of policy to make.", report)
    for held in _SETTINGS:
        is_given, is_wanted = getattr(entry, held.key) is not None, entry.dialect == held.dialect
        needed = f'"dialect: {held.dialect}"'
        if is_given and not is_wanted:
            refuse(node, (*at, held.key), f"needs {needed}", f"remove it, or write {needed}", report)
        if is_wanted and not is_given:
            problem = f'needs "{held.key}", with {held.meaning}'
            refuse(node, (*at, "dialect"), problem, f"write `{held.example}` next to it", report)
        if is_wanted and entry.service_translation == "before":
            problem = f'cannot be "before": {held.why_pod_ports}'
            refuse(node, (*at, "serviceTranslation"), problem, "remove it", report)
    cilium = None if entry.cilium is None else _cilium(entry.cilium, node, report)
    return cilium, None if entry.istio is None else _gateway(entry.istio, node, report)


def _cilium(entry: CiliumEntry, node: YamlNode, report: Report) -> CiliumSettings | None:
    """EG232 for a version that is none or too old, and for settings that it does not have."""
    at: Path = ("cluster", "cilium")
    if problem := version_problem(entry.version):
        refuse(node, (*at, "version"), problem, 'write a version such as "1.19", in quotes', report)
        return None
    major, _, minor = entry.version.partition(".")
    version = int(major), int(minor)
    if version < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        refuse(node, (*at, "version"), f"is older than {oldest}", f'write "{oldest}" or a later version', report)
    if entry.strict_dns and version < DEEP_NAMES_SINCE:
        since = ".".join(map(str, DEEP_NAMES_SINCE))
        problem = f"needs Cilium {since}: earlier ones cannot name every host below a domain"
        refuse(node, (*at, "strictDns"), problem, "remove it", report)
    _refuse_domain(entry.cluster_domain, node, at, report)
    return CiliumSettings(version, entry.strict_dns, entry.cluster_domain)


def _gateway(entry: IstioEntry, node: YamlNode, report: Report) -> EgressGateway | Waypoint | None:
    """EG232 for names and labels that the API server would refuse; it is either a gateway or a waypoint."""
    at: Path = ("cluster", "istio")
    _refuse_domain(entry.cluster_domain, node, at, report)
    _refuse_name(entry.namespace, "namespace", node, at, report)
    gateway, waypoint = entry.gateway, entry.waypoint
    if gateway is None and waypoint is None:
        repair = "write `gateway: {namespace: istio-egress}`, or in ambient mode `waypoint: {namespace: istio-egress}`"
        refuse(node, at, 'has neither "gateway" nor "waypoint"', repair, report)
        return None
    if waypoint is not None:
        path: Path = (*at, "waypoint")
        if gateway is not None:
            refuse(node, path, 'cannot be used with "gateway"', "remove one of the two", report)
        _refuse_name(waypoint.namespace, "namespace", node, path, report)
        _refuse_name(waypoint.name, "name", node, path, report)
        if waypoint.name == NO_WAYPOINT:
            problem = 'is reserved: in Istio it means "no waypoint"'
            refuse(node, (*path, "name"), problem, "write another name, such as egress", report)
        return Waypoint(waypoint.namespace, waypoint.name, entry.cluster_domain, entry.namespace)
    assert gateway is not None, "else it is a waypoint"
    path = (*at, "gateway")
    _refuse_name(gateway.namespace, "namespace", node, path, report)
    _refuse_name(gateway.service, "service", node, path, report)
    if gateway.pod_port in OWN_PORTS:
        problem = f"is one of the proxy's own ports, {OWN_PORTS[0]} to {OWN_PORTS[-1]}"
        refuse(node, (*path, "podPort"), problem, "write the targetPort of the gateway's Service", report)
    selector = read_selection(gateway.selector, node, (*path, "selector"), report)
    return EgressGateway(
        gateway.namespace,
        gateway.service,
        selector.match_labels,
        gateway.service_port,
        gateway.pod_port,
        entry.cluster_domain,
        entry.namespace,
    )


def _refuse_name(name: str, key: str, node: YamlNode, at: Path, report: Report) -> None:
    if problem := dns_label_problem(name):
        what = "Gateway" if key == "name" else key
        refuse(node, (*at, key), f'"{name}" {problem}', f"write the name of a {what}", report)


def _refuse_domain(domain: str, node: YamlNode, at: Path, report: Report) -> None:
    if problem := host_name_problem(domain):
        refuse(node, (*at, "clusterDomain"), problem, "write a domain such as cluster.local", report)
