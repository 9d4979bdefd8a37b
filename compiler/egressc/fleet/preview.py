"""What an operation would open and close against the live policies, and whose running connections may break."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from egressc.fleet.fleet import Fleet, Name
from egressc.model.flows import Pod, PodClass, Policy
from egressc.model.label_classes import matches
from egressc.model.policy import PolicySet
from egressc.verify.changes.change import Change, Changes, FlowChange, Freed
from egressc.verify.changes.denied import DeniedFlows, find_denied, set_apart
from egressc.verify.changes.find import find_changes
from egressc.verify.flows.words import say_peer, say_ports
from egressc.verify.listing.entries import Names

_MOST_LINES = 60
_MOST_WORKLOADS = 8


@dataclass(frozen=True, slots=True)
class Effect:
    """Lines for people, a flow or a rule each, and the workloads that lose flows."""

    opens: tuple[str, ...]
    closes: tuple[str, ...]
    breaks: tuple[str, ...]


def find_effect(fleet: Fleet, leaving: Iterable[Name], coming: Iterable[Policy]) -> Effect:
    """What changes when live policies of these names leave and others come."""
    gone = set(leaving)
    # What is staged opens and closes nothing.
    live, translated = [it for it in fleet.found.policies if not it.is_staged], fleet.before_translation
    left = [it for it in (*(policy for policy in live if policy.key not in gone), *coming) if not it.is_staged]
    (denied_before, before), (denied_after, after) = set_apart(live), set_apart(left)
    names = Names()
    names.learn(_policy_set(fleet), fleet.intended)
    changes = _without_nobody(find_changes(live, left, names, before_translation=translated), fleet)
    opened = find_denied(denied_before, denied_after, after, before_translation=translated)
    closed = find_denied(denied_after, denied_before, before, before_translation=translated)
    opens = [*_opens(changes), *map(_opened, opened)]
    closes = [*_closes(changes), *map(_denied, closed)]
    losing = [*_losing(changes), *(pods for it in closed for pods in it.pods)]
    return Effect(tuple(opens), tuple(closes), tuple(_workloads(fleet, losing)))


def _without_nobody(changes: Changes, fleet: Fleet) -> Changes:
    """Without what concerns pods alone that two services select, where the cluster has no such pods."""
    if fleet.live.workloads is None:
        return changes

    def kept(entries: Iterable[Change]) -> tuple[Change, ...]:
        return tuple(
            replace(
                it,
                opens=tuple(_of_somebody(it, it.opens, fleet)),
                closes=tuple(_of_somebody(it, it.closes, fleet)),
            )
            for it in entries
        )

    new, gone = ([replace(it, entries=kept(it.entries)) for it in some] for some in (changes.new, changes.gone))
    return replace(changes, flows=kept(changes.flows), new=tuple(new), gone=tuple(gone))


def _of_somebody(change: Change, parts: Iterable[FlowChange], fleet: Fleet) -> Iterator[FlowChange]:
    known = {policy.subject for policy, _ in change.entry.rules}
    for part in parts:
        if part.subject in known or any(_is_in(part.subject, pod) for pod in fleet.found.pods):
            yield part


def _is_in(pods: PodClass, pod: Pod) -> bool:
    return matches(pods.pods, pod.labels) and matches(pods.namespaces, pod.place())


def effect_lines(effect: Effect) -> Iterator[str]:
    for title, lines in (("opens", effect.opens), ("closes", effect.closes)):
        yield from (f"  {title:<6} {line}" for line in lines[:_MOST_LINES])
        if len(lines) > _MOST_LINES:
            yield f"  {title:<6} and {len(lines) - _MOST_LINES} more"
    if not effect.opens and not effect.closes:
        yield "  no flow opens or closes"
    if effect.breaks:
        named = ", ".join(effect.breaks[:_MOST_WORKLOADS])
        more = len(effect.breaks) - _MOST_WORKLOADS
        yield f"  running connections may break: {named}{f' and {more} more' if more > 0 else ''}"


def _opens(changes: Changes) -> Iterator[str]:
    for change in _entries(changes):
        yield from _parts(change, change.opens)
    for freed in _all_freed(changes):
        if freed.opens:
            yield from (f"{end}: no policy isolates it anymore" for end in _everything(freed))


def _closes(changes: Changes) -> Iterator[str]:
    for change in _entries(changes):
        yield from _parts(change, change.closes)
    kept: dict[str, list[str]] = {}
    for service in changes.new:
        kept[service.service] = list(dict.fromkeys(it.entry.name for it in service.entries))
    for freed in _all_freed(changes):
        if freed.closes:
            but = f" but {', '.join(kept[freed.service])}" if kept.get(freed.service) else ""
            yield from (f"{end}{but}" for end in _everything(freed))


def _entries(changes: Changes) -> Iterator[Change]:
    """Every entry. No service moves: live policies are known by the pods that they select."""
    yield from changes.flows
    for service in (*changes.new, *changes.gone):
        yield from service.entries


def _all_freed(changes: Changes) -> Iterator[Freed]:
    yield from changes.freed
    for service in (*changes.new, *changes.gone):
        yield from service.freed


def _everything(freed: Freed) -> Iterator[str]:
    for who in [freed.service] if freed.is_whole else map(say_peer, freed.pods):
        yield f"{who} -> everything" if freed.direction == "egress" else f"everything -> {who}"


def _parts(change: Change, parts: Sequence[FlowChange]) -> Iterator[str]:
    known = {policy.subject for policy, _ in change.entry.rules}
    for part in parts:
        ends = [change.service if part.subject in known else say_peer(part.subject), say_peer(part.peer)]
        yield f"{' -> '.join(ends if change.entry.direction == 'egress' else ends[::-1])} on {say_ports(part.ports)}"


def _denied(flows: DeniedFlows) -> str:
    ends = [say_peer(flows.subject), say_peer(flows.peer)]
    return f"{' -> '.join(ends if flows.direction == 'egress' else ends[::-1])} on {say_ports(flows.ports)}"


def _opened(flows: DeniedFlows) -> str:
    return _denied(flows) + ("" if flows.is_whole else ", where no other policy denies it")


def _losing(changes: Changes) -> Iterator[PodClass]:
    """The pods that may do less than before."""
    for change in _entries(changes):
        yield from (part.subject for part in change.closes)
    for freed in _all_freed(changes):
        yield from freed.pods if freed.closes else ()


def _workloads(fleet: Fleet, subjects: Sequence[PodClass]) -> list[str]:
    workloads = fleet.live.workloads
    if workloads is None:
        return []
    subjects = list(dict.fromkeys(subjects))
    found: dict[str, int] = {}
    for pod in fleet.found.pods:
        if any(_is_in(one, pod) for one in subjects):
            title = f"{workloads[pod.namespace, pod.name]} in {pod.namespace}"
            found[title] = found.get(title, 0) + 1
    return [f"{title} ({count} pods)" if count > 1 else title for title, count in sorted(found.items())]


def _policy_set(fleet: Fleet) -> PolicySet:
    return fleet.compiled.policies.only(fleet.targets)
