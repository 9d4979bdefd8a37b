"""Parts of changes in words: what opens or closes, for whom, and by which connection it shows."""

from collections.abc import Iterable, Sequence

from egressc.model.flows import PodClass
from egressc.verify.changes.change import FlowChange, Freed
from egressc.verify.flows.internet import reaches_internet
from egressc.verify.flows.words import say_peer, say_ports, say_witness
from egressc.verify.listing.entries import ListedEntry

_MOST = 6


def say_parts(parts: Sequence[FlowChange], entry: ListedEntry) -> tuple[str, ...]:
    """What the parts are, in words; of peers that the entry names itself the ports alone."""
    subjects = {policy.subject for policy, _ in entry.rules}
    found: dict[str, list[PodClass]] = {}
    for part in parts:
        said = say_ports(part.ports)
        if part.peer not in entry.reach:
            said = f"{say_peer(part.peer)} on {said}"
        some = found.setdefault(said, [])
        if part.subject not in subjects:
            some.append(part.subject)
    end = "from" if entry.direction == "egress" else "to"
    return tuple(f"{said} ({end} {say_any(some)})" if some else said for said, some in found.items())


def say_any(pods: Sequence[PodClass]) -> str:
    """Pods of any of some classes; of many the first: what two services select has as many kinds as services."""
    said = list(dict.fromkeys(map(say_peer, pods)))
    return " or ".join(said if len(said) <= _MOST else [*said[:_MOST], f"{len(said) - _MOST} other kinds of pods"])


def say_destination(entry: ListedEntry) -> str:
    return f"{'from ' if entry.direction == 'ingress' else ''}{entry.name}"


def example_of(parts: Sequence[FlowChange]) -> str:
    """One connection: one with a public address, where there is one, since that tells most."""
    if not parts:
        return ""
    return say_witness(next((part for part in parts if opens_internet([part])), parts[0]).witness)


def reasons_of(parts: Iterable[FlowChange]) -> str:
    return "; ".join(dict.fromkeys(str(reason) for part in parts for reason in part.approximate))


def opens_internet(parts: Iterable[FlowChange]) -> bool:
    return any(reaches_internet(part.peer) for part in parts)


def say_freedom(freed: Freed) -> str:
    """What pods gain or lose that only one side isolates; which pods, where it is not all of the service's."""
    end = "from" if freed.direction == "egress" else "to"
    some = "" if freed.is_whole else f" ({end} {say_any(freed.pods)})"
    return f"all {freed.direction} that the rules do not name{some}"
