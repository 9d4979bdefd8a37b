"""Parts of changes in words: what opens or closes, for whom, and by which connection it shows."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from egressc.verify.changes.change import Freed, Part
    from egressc.verify.listing.entries import Entry


def say_parts(parts: "Sequence[Part]", entry: "Entry") -> tuple[str, ...]:
    """What the parts are, in words; of peers that the entry names itself the ports alone."""
    from egressc.verify.flows.words import say_peer, say_ports

    subjects = {policy.subject for policy, _ in entry.rules}
    found: dict[str, list[str]] = {}
    for part in parts:
        said = say_ports(part.ports)
        if part.peer not in entry.reach:
            said = f"{say_peer(part.peer)} on {said}"
        some = found.setdefault(said, [])
        if part.subject not in subjects and (who := say_peer(part.subject)) not in some:
            some.append(who)
    end = "from" if entry.direction == "egress" else "to"
    return tuple(f"{said} ({end} {' or '.join(some)})" if some else said for said, some in found.items())


def say_destination(entry: "Entry") -> str:
    return f"{'from ' if entry.direction == 'ingress' else ''}{entry.name}"


def example_of(parts: "Sequence[Part]") -> str:
    from egressc.verify.flows.words import say_witness

    return say_witness(parts[0].witness) if parts else ""


def reasons_of(parts: "Iterable[Part]") -> str:
    return "; ".join(dict.fromkeys(str(reason) for part in parts for reason in part.approximate))


def opens_internet(parts: "Iterable[Part]") -> bool:
    from egressc.model.flows import PodClass
    from egressc.verify.listing.flows import reaches_internet

    return any(not isinstance(part.peer, PodClass) and reaches_internet(part.peer) for part in parts)


def say_freedom(freed: "Freed") -> str:
    """What pods gain or lose that only one side isolates; which pods, where it is not all of the service's."""
    from egressc.verify.flows.words import say_peer

    end = "from" if freed.direction == "egress" else "to"
    some = "" if freed.is_whole else f" ({end} {' or '.join(map(say_peer, freed.pods))})"
    return f"all {freed.direction} that the rules do not name{some}"
