"""What manifests alone say of their workloads, as the reports of it show it: plain words, already in order.

Nothing here is safe for any format yet: each renderer escapes what it writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from egressc.diagnostics.phrases import say_count
from egressc.renderers.flows import Flow, FlowClass, FlowReport, Node

Ports = Mapping[str, tuple[str, ...]]
"""By protocol: a number, a range, a name, or "any"."""


@dataclass(frozen=True, slots=True)
class WorkloadRecord:
    """A controller or a pod. `ports` are what its containers say they listen on; `isolated` has "egress", "ingress"."""

    kind: str
    namespace: str
    name: str
    ports: Ports
    isolated: tuple[str, ...]

    @property
    def title(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class Networks:
    """Addresses at one end of a connection: in words, and each network. `is_internet`: some of them are public.

    `in_short`: the title in fewer words, where there are any.
    """

    title: str
    networks: tuple[str, ...]
    is_internet: bool
    in_short: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionRecord:
    """An end is a workload, or addresses. `ports` are numbers, `said` the same in words; `reason` why approximate."""

    source: WorkloadRecord | Networks
    destination: WorkloadRecord | Networks
    ports: Ports
    said: str
    reason: str

    @property
    def is_internet(self) -> bool:
        return any(isinstance(end, Networks) and end.is_internet for end in (self.source, self.destination))


@dataclass(frozen=True, slots=True)
class ExposureRecord:
    """Who else may be at the other end of a workload: `peer`, pods in words, or addresses.

    `is_limited`: policies isolate some of these pods, and let less than `ports` through. Not `is_isolated`: no policy
    isolates the workload in this direction.
    """

    workload: WorkloadRecord
    direction: str
    peer: str | Networks
    ports: Ports
    said: str
    is_isolated: bool
    is_limited: bool

    @property
    def title(self) -> str:
        return self.peer.title if isinstance(self.peer, Networks) else self.peer

    @property
    def is_internet(self) -> bool:
        return isinstance(self.peer, Networks) and self.peer.is_internet

    @property
    def remarks(self) -> tuple[str, ...]:
        return (
            *(("INTERNET",) if self.is_internet else ()),
            *(() if self.is_isolated else ("no policy isolates it",)),
            *(("policies of some allow less",) if self.is_limited else ()),
        )


@dataclass(frozen=True, slots=True)
class WorkloadReport:
    """`title` is where the manifests are; `notes` is what had to be supposed."""

    title: str
    workloads: tuple[WorkloadRecord, ...]
    connections: tuple[ConnectionRecord, ...]
    exposures: tuple[ExposureRecord, ...]
    notes: tuple[str, ...]

    @property
    def remarks(self) -> tuple[str, ...]:
        """The notes, and the workloads that no other line names: who looks for one of them finds that it was read."""
        ends = {end.title for it in self.connections for end in (it.source, it.destination)}
        ends |= {it.workload.title for it in self.exposures}
        closed = [it.title for it in self.workloads if it.title not in ends]
        return (*self.notes, *([f"no connection is open to or from {', '.join(closed)}"] if closed else ()))

    def summary(self) -> str:
        """Counts, in one line."""
        between = sum(
            isinstance(it.source, WorkloadRecord) and isinstance(it.destination, WorkloadRecord)
            for it in self.connections
        )
        isolated = ", ".join(
            f"{sum(direction in it.isolated for it in self.workloads)} for {direction}"
            for direction in ("egress", "ingress")
        )
        internet = len({it.workload.title for it in self.exposures if it.is_internet})
        return (
            f"{say_count(len(self.workloads), 'workload')}, isolated: {isolated}; "
            f"{say_count(between, 'connection')} between them; {internet} exposed to the internet"
        )

    def graph(self) -> FlowReport:
        """The same for who draws flows: connections, and exposure to pods."""
        nodes = {it.title: Node(it.title, f"{it.name} ({it.kind})", it.namespace, "service") for it in self.workloads}
        flows: list[Flow] = []
        for it in self.connections:
            flows += _flows(nodes, it.source, it.destination, it.ports, it.reason)
        for exposure in self.exposures:
            if isinstance(exposure.peer, str):
                here, there = exposure.workload, exposure.peer
                source, destination = (here, there) if exposure.direction == "egress" else (there, here)
                some = _flows(nodes, source, destination, exposure.ports, "")
                flows += [replace(flow, reason="; ".join(exposure.remarks)) for flow in some]
        return _Graph(
            self.title,
            tuple(nodes.values()),
            tuple(flows),
            notes=self.remarks,
            noun="workload",
            caption=f"{self.summary()}; {say_count(len(flows), 'flow')}",
        )


@dataclass(frozen=True, slots=True)
class _Graph(FlowReport):
    caption: str = ""

    def summary(self) -> str:
        return self.caption


_End = WorkloadRecord | Networks | str


def _flows(nodes: dict[str, Node], source: _End, destination: _End, ports: Ports, reason: str) -> list[Flow]:
    ids = _node(nodes, source), _node(nodes, destination)
    is_internet = any(isinstance(end, Networks) and end.is_internet for end in (source, destination))
    found: FlowClass = "approximate" if reason else "exact"
    return [Flow(*ids, protocol, some, found, reason, "", is_internet, "", ()) for protocol, some in ports.items()]


def _node(nodes: dict[str, Node], end: _End) -> str:
    title = end if isinstance(end, str) else end.title
    is_internet = isinstance(end, Networks) and end.is_internet
    name = end.in_short if isinstance(end, Networks) and end.in_short else title
    nodes.setdefault(title, Node(title, name, "", "internet" if is_internet else "destination"))
    return title
