"""Names that are of no use: rows said twice, unused destinations, labels nobody sets, names with a fixed meaning."""

from collections.abc import Sequence
from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.presets import absent_family, nodelocal_without_ipv4
from egressc.diagnostics.references import reserved_name
from egressc.diagnostics.rows import ineffective_key, repeated_row, unused_destination
from egressc.diagnostics.width import custom_namespace_label
from egressc.model.catalog import Catalog
from egressc.model.cluster import Cluster
from egressc.model.policy import AddressPeer, Peer, PolicySet
from egressc.model.requirements import Requirements, Row
from egressc.model.texts import place_of_name, says_nothing
from egressc.resolve.names import NearNames
from egressc.resolve.resolution import Resolution
from egressc.source import Located

# What always means each service; "All apps" and the like a catalog may narrow to a group of its own.
_EVERY_SERVICE: Final = frozenset({"all services", "every service", "each service", "all the services"})


def check_repeated_rows(requirements: Requirements, report: Report) -> None:
    """EG410 for a row that says, word for word, what an earlier one of the same kind and heading says."""
    _repeated([(row.row, "") for row in requirements.services], report)
    headed = [
        (it.row, it.headings[-1].value if it.headings else it.owner.value if it.owner else "")
        for it in requirements.destinations
    ]
    _repeated(headed, report)
    _repeated([(row.row, "") for row in requirements.flows], report)


def _repeated(rows: Sequence[tuple[Row, str]], report: Report) -> None:
    seen: dict[object, Row] = {}
    for row, under in rows:
        texts = tuple([cell.text for cell in row.cells])
        first = seen.setdefault((under, texts), row)
        if first is not row and list(first.columns.items()) == list(row.columns.items()):
            report.add(repeated_row(row.span, first.span))


def check_unused(resolution: Resolution, report: Report) -> None:
    """EG413 for a destination that no row of a service names."""
    settled = resolution.used | resolution.spoiled
    named = NearNames({it.name for it in resolution.used})
    for entity in resolution.entities:
        if entity not in settled and not entity.is_preset and not entity.is_service:
            near = next(iter(named.near(entity.name)), "")
            report.add(unused_destination(entity.place, near, entity.key))


def check_ineffective_keys(resolution: Resolution, report: Report) -> None:
    """EG427 for `dns` and `serviceAccount` of what has no policy of its own, and `gateway` of one without hosts."""
    for entity in resolution.entities:
        if entity in resolution.spoiled:
            continue
        for key, is_idle, lack, owner in (
            ("dns", entity.dns is not None and not entity.is_service, "is not a service", "a service"),
            ("serviceAccount", entity.facts.service_account and not entity.is_service, "is not a service", "a service"),
            ("gateway", entity.facts.gateway and not entity.facts.hosts, "has no hosts", "a destination with hosts"),
        ):
            if is_idle:
                place = next(it.span_of(key) for it in entity.statements if it.entry is not None)
                named = Located(entity.name, place or entity.place.span)
                report.add(ineffective_key(named, key, lack, owner, entity.key))


def check_nodelocal(cluster: Cluster, policies: PolicySet, report: Report) -> None:
    """EG328, once, for the profile `nodelocal` where pods have no IPv4."""
    using = [it for it in policies.policies if it.dns.profile == "nodelocal"]
    if using and "IPv4" not in cluster.ip_families:
        report.add(nodelocal_without_ipv4(using[0].origin, service=using[0].id))


def check_families(cluster: Cluster, policies: PolicySet, report: Report) -> None:
    """EG329, once an end, for addresses that no pod of the cluster can connect to or from."""
    if len(cluster.ip_families) > 1:
        return
    told: set[str] = set()
    for grant in policies.every_grant():
        for end in (grant.destination, grant.source):
            found = {_family(it) for it in end.peers}
            if end.key not in told and len(found) == 1 and found.isdisjoint(("", *cluster.ip_families)):
                told.add(end.key)
                name = Located(end.name, place_of_name(end.name, grant.origins[0]))
                report.add(absent_family(name, found.pop(), cluster.ip_families[0], end.key))


def _family(peer: Peer) -> str:
    if not isinstance(peer, AddressPeer):
        return ""
    return "IPv6" if ":" in peer.cidr else "IPv4"


def check_namespace_labels(cluster: Cluster, catalog: Catalog, report: Report) -> None:
    """EG412 for labels of namespaces that Kubernetes does not set itself: `kubernetes.io/metadata.name` it does."""
    if cluster.namespace_label is not None:
        report.add(custom_namespace_label(cluster.namespace_label))
    for entry in catalog.entries:
        selector = entry.facts.namespaces
        for key, _ in selector.match_labels if selector is not None else ():
            if key == "name":
                span = entry.spans.get("namespaces", entry.name.span)
                report.add(custom_namespace_label(Located(key, span)))


def check_reserved_names(catalog: Catalog, report: Report) -> None:
    """EG322 for entries, aliases and groups under a word for nothing, or for every service."""
    names = [group.name for group in catalog.groups]
    for entry in catalog.entries:
        names += (entry.name, *entry.aliases)
    for name in names:
        if says_nothing(name.value):
            report.add(reserved_name(name, "nothing"))
        elif name.value.casefold() in _EVERY_SERVICE:
            report.add(reserved_name(name, "every service"))
