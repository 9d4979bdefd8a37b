"""What an operation would open and close against the live policies, and whose running connections may break."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from egressc.cli.clusters import Fleet, Name
from egressc.cli.reporting import say

if TYPE_CHECKING:
    from egressc.model.flows import PodClass, Policy
    from egressc.model.policy import PolicySet
    from egressc.verify.changes.change import Changes, Part

_MOST_LINES = 60
_MOST_WORKLOADS = 8


@dataclass(frozen=True, slots=True)
class Effect:
    """Lines for people, a flow or a rule each, and the workloads that lose flows."""

    opens: tuple[str, ...]
    closes: tuple[str, ...]
    breaks: tuple[str, ...]


def find_effect(fleet: Fleet, leaving: Iterable[Name], coming: "Iterable[Policy]") -> Effect:
    """What changes when live policies of these names leave and others come."""
    from egressc.verify.changes.find import find_changes
    from egressc.verify.listing.entries import Names

    gone = set(leaving)
    before = fleet.found.policies
    after = [policy for policy in before if (policy.namespace, policy.name) not in gone] + list(coming)
    names = Names()
    names.learn(_policy_set(fleet), fleet.intended)
    changes = find_changes(before, after, names)
    opens, closes, losing = list(_opens(changes)), list(_closes(changes)), list(_losing(changes))
    return Effect(tuple(opens), tuple(closes), tuple(_workloads(fleet, losing)))


def say_effect(effect: Effect) -> None:
    for title, lines in (("opens", effect.opens), ("closes", effect.closes)):
        for line in lines[:_MOST_LINES]:
            say(f"  {title:<6} {line}")
        if len(lines) > _MOST_LINES:
            say(f"  {title:<6} and {len(lines) - _MOST_LINES} more")
    if not effect.opens and not effect.closes:
        say("  no flow opens or closes")
    if effect.breaks:
        named = ", ".join(effect.breaks[:_MOST_WORKLOADS])
        more = len(effect.breaks) - _MOST_WORKLOADS
        say(f"  running connections may break: {named}{f' and {more} more' if more > 0 else ''}")


def _opens(changes: "Changes") -> Iterator[str]:
    for change in changes.flows:
        yield from _parts(change.service, change.opens)
    for freed in changes.freed:
        yield from _parts(freed.service, freed.opens)
    for service in changes.gone:
        if service.is_free:
            yield f"{service.service} -> everything: no policy isolates it any more"
    for moved in changes.moved:
        yield f"{moved.service} -> everything, for pods that only the old selector matches"


def _closes(changes: "Changes") -> Iterator[str]:
    for change in changes.flows:
        yield from _parts(change.service, change.closes)
    for freed in changes.freed:
        yield from _parts(freed.service, freed.closes)
    for service in changes.new:
        kept = ", ".join(dict.fromkeys(entry.name for entry in service.entries))
        yield f"{service.service} -> everything but {kept}" if service.is_free else f"{service.service}: also {kept}"
    for service in changes.gone:
        if not service.is_free:
            kept = ", ".join(dict.fromkeys(entry.name for entry in service.entries))
            yield f"{service.service} -> {kept}, as far as no other policy allows it"
    for moved in changes.moved:
        yield f"{moved.service} -> everything else, for pods that only the new selector matches"


def _parts(service: str, parts: "Sequence[Part]") -> Iterator[str]:
    from egressc.verify.flows.words import say_peer, say_ports

    for part in parts:
        yield f"{service} -> {say_peer(part.peer)} on {say_ports(part.ports)}"


def _losing(changes: "Changes") -> "Iterator[PodClass]":
    """The pods that may do less than before."""
    closed = [change.closes for change in changes.flows] + [freed.closes for freed in changes.freed]
    for parts in closed:
        yield from (part.subject for part in parts)
    for service in changes.new:
        if service.is_free:
            yield service.subject
    for moved in changes.moved:
        yield moved.now


def _workloads(fleet: Fleet, subjects: "Sequence[PodClass]") -> list[str]:
    from egressc.model.label_classes import matches

    workloads = fleet.live.workloads
    if workloads is None:
        return []
    subjects = list(dict.fromkeys(subjects))
    found: dict[str, int] = {}
    for pod in fleet.found.pods:
        if any(matches(one.pods, pod.labels) and matches(one.namespaces, pod.place()) for one in subjects):
            title = f"{workloads[pod.namespace, pod.name]} in {pod.namespace}"
            found[title] = found.get(title, 0) + 1
    return [f"{title} ({count} pods)" if count > 1 else title for title, count in sorted(found.items())]


def _policy_set(fleet: Fleet) -> "PolicySet":
    from egressc.model.policy import PolicySet

    services = fleet.compiled.policies.services
    return PolicySet(tuple(service for service in services if service.id in fleet.targets))
