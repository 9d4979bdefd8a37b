"""What changes between the workloads of two sets of manifests: which there are, and what may connect."""

from collections.abc import Iterator
from dataclasses import dataclass

from egressc.model.address_sets import EVERY_ADDRESS, NO_ADDRESSES, AddressSet, common, join_addresses, subtract
from egressc.model.flows import Pod
from egressc.model.port_sets import NO_PORTS, PortSet, covers
from egressc.verify.listing.connections import WorkloadConnection
from egressc.verify.listing.connectivity import Connectivity

End = Pod | AddressSet
_Cells = dict[PortSet, AddressSet]


@dataclass(frozen=True, slots=True)
class ConnectionChange:
    """One pair of ends and its ports, as they were and are; one of them may be none. Pods are those of the newer side.

    `is_whole`: a workload at one end is on one side alone.
    """

    source: End
    destination: End
    was: PortSet
    now: PortSet
    is_whole: bool

    @property
    def opens(self) -> bool:
        return not covers(self.was, self.now)

    @property
    def closes(self) -> bool:
        return not covers(self.now, self.was)


@dataclass(frozen=True, slots=True)
class WorkloadChanges:
    """`new` and `gone` are workloads that one side alone has, by title."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    connections: tuple[ConnectionChange, ...]

    @property
    def widens(self) -> bool:
        """Whether workloads that both sides have may connect where they could not."""
        return any(it.opens and not it.is_whole for it in self.connections)


def find_workload_changes(old: Connectivity, new: Connectivity) -> WorkloadChanges:
    """Workloads are the same by kind, namespace and name, whatever their labels say."""
    before, after = _titles(old), _titles(new)
    both = before.keys() & after.keys()
    pods = {**before, **after}
    changes = [*_between(old, new, pods, both), *_outside(old, new, pods, both)]
    changes.sort(key=lambda it: (_order(it.source), _order(it.destination)))
    return WorkloadChanges(
        tuple(title for title in after if title not in both),
        tuple(title for title in before if title not in both),
        tuple(changes),
    )


def _titles(side: Connectivity) -> dict[str, Pod]:
    return {it.pod.title: it.pod for it in side.workloads}


def _order(end: End) -> tuple[int, str, str]:
    return (0, end.namespace, end.title) if isinstance(end, Pod) else (1, "", str(end))


def _between(old: Connectivity, new: Connectivity, pods: dict[str, Pod], both: set[str]) -> Iterator[ConnectionChange]:
    before, after = _pairs(old), _pairs(new)
    for pair in before.keys() | after.keys():
        was, now = before.get(pair, NO_PORTS), after.get(pair, NO_PORTS)
        if was != now:
            yield ConnectionChange(pods[pair[0]], pods[pair[1]], was, now, not both.issuperset(pair))


def _pairs(side: Connectivity) -> dict[tuple[str, str], PortSet]:
    return {
        (it.source.title, it.destination.title): it.ports
        for it in side.connections
        if isinstance(it.source, Pod) and isinstance(it.destination, Pod)
    }


def _outside(old: Connectivity, new: Connectivity, pods: dict[str, Pod], both: set[str]) -> Iterator[ConnectionChange]:
    """Connections with addresses: those together that change alike."""
    before, after = _cells(old), _cells(new)
    for title, is_source in before.keys() | after.keys():
        was = _with_closed(before.get((title, is_source), {}))
        now = _with_closed(after.get((title, is_source), {}))
        for ports, addresses in was.items():
            for later, others in now.items():
                held = common(addresses, others)
                if ports != later and held:
                    ends: tuple[End, End] = (pods[title], held) if is_source else (held, pods[title])
                    yield ConnectionChange(*ends, ports, later, title not in both)


def _cells(side: Connectivity) -> dict[tuple[str, bool], _Cells]:
    """Addresses by their ports, of each workload as source and as destination."""
    found: dict[tuple[str, bool], _Cells] = {}
    for connection in side.connections:
        if (end := _with_addresses(connection)) is not None:
            title, is_source, addresses = end
            cells = found.setdefault((title, is_source), {})
            cells[connection.ports] = join_addresses((cells.get(connection.ports, NO_ADDRESSES), addresses))
    return found


def _with_addresses(connection: WorkloadConnection) -> tuple[str, bool, AddressSet] | None:
    match connection.source, connection.destination:
        case Pod() as pod, AddressSet() as addresses:
            return pod.title, True, addresses
        case AddressSet() as addresses, Pod() as pod:
            return pod.title, False, addresses
        case _:
            return None


def _with_closed(cells: _Cells) -> _Cells:
    """With the addresses to which nothing is open."""
    rest = subtract(EVERY_ADDRESS, join_addresses(cells.values()))
    return {**cells, NO_PORTS: rest} if rest else cells
