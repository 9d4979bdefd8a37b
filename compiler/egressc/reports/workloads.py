"""Workloads of manifests and what may connect with them as records for the renderers."""

from collections.abc import Mapping

from egressc.model.address_sets import AddressSet
from egressc.model.endpoints import addresses_in
from egressc.model.flows import Pod
from egressc.model.policy import Protocol
from egressc.model.port_sets import PortSet, port_set
from egressc.renderers.workloads import (
    ConnectionRecord,
    ExposureRecord,
    Networks,
    Ports,
    WorkloadRecord,
    WorkloadReport,
)
from egressc.reports.flows import say_numbers
from egressc.verify.flows.internet import reaches_internet
from egressc.verify.flows.words import networks_of, say_beyond, say_ports, say_public
from egressc.verify.listing import connections, exposure
from egressc.verify.listing.connectivity import approximations_between, find_connectivity
from egressc.verify.manifests.reader import Manifests


def report_workloads(read: Manifests, title: str) -> WorkloadReport:
    """Every connection between the workloads, and their exposure."""
    found = find_connectivity(read)
    known = {
        it.pod.title: WorkloadRecord(
            it.pod.kind, it.pod.namespace, it.pod.name, _ports(port_set(it.ports)), tuple(sorted(isolated))
        )
        for it, isolated in zip(found.workloads, found.isolated, strict=True)
    }
    notes = [f"no manifest shows the namespace {it}: taken to have no label but its name" for it in found.supposed]
    if not known:
        notes.append("none of these manifests is of a workload, and connections are listed between workloads")
    return WorkloadReport(
        title,
        tuple(known.values()),
        tuple(_connection(it, known) for it in found.connections),
        tuple(_exposure(it, known, read) for it in found.exposures),
        tuple(notes),
    )


def _connection(found: connections.WorkloadConnection, known: Mapping[str, WorkloadRecord]) -> ConnectionRecord:
    return ConnectionRecord(
        _end(found.source, known),
        _end(found.destination, known),
        _ports(found.ports),
        say_ports(found.ports),
        "; ".join(approximations_between(found.source, found.destination)),
    )


def _exposure(found: exposure.Exposure, known: Mapping[str, WorkloadRecord], read: Manifests) -> ExposureRecord:
    peer = found.peer
    return ExposureRecord(
        known[found.workload.title],
        str(found.direction),
        _networks(held) if (held := addresses_in(peer)) else say_beyond(peer, read.namespaces),
        _ports(found.ports),
        say_ports(found.ports),
        found.is_isolated,
        found.is_limited,
    )


def _end(end: Pod | AddressSet, known: Mapping[str, WorkloadRecord]) -> WorkloadRecord | Networks:
    return known[end.title] if isinstance(end, Pod) else _networks(end)


def _networks(addresses: AddressSet) -> Networks:
    title, networks = say_beyond(addresses, ()), tuple(networks_of(addresses))
    return Networks(title, networks, reaches_internet(addresses), say_public(addresses))


def _ports(ports: PortSet) -> Ports:
    return {it.value: said for it in Protocol if (said := say_numbers(ports, it))}
