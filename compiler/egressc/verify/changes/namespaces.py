"""Two environments whose namespaces have other names: which of one is which of the other, and one with those names."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from egressc.model.flows import Direction, PodClass, Policy, Rule
from egressc.model.label_classes import NAMESPACE_NAME, Labels, Values


def find_moves(old: Iterable[Policy], new: Iterable[Policy], named: Collection[str] = ()) -> dict[str, str]:
    """The namespaces of the old policies that have another name among the new ones, with that name.

    Both are intended policies. Services and destinations of one name tell them apart; a namespace that some of them
    lead elsewhere, or that two lead to, keeps its name.

    Args:
        named: namespaces that the old side names otherwise, in extra rules: nothing may be mixed up with them.
    """
    there = dict(_named_places(new))
    pairs: dict[str, set[str]] = {}
    for thing, place in _named_places(old):
        pairs.setdefault(place, set()).update([there[thing]] if thing in there else [])
    # One that is nowhere on the other side keeps its name, and nothing may be mixed up with it.
    reached = [other for place, found in pairs.items() for other in found or [place]]
    moves = {place: next(iter(found)) for place, found in pairs.items() if len(found) == 1}
    free = {place: other for place, other in moves.items() if reached.count(other) == 1 and other not in named}
    return {place: other for place, other in free.items() if place != other}


def named_namespaces(policies: Iterable[Policy], keys: Collection[str]) -> set[str]:
    """Every namespace that a policy or a rule names, by the labels that hold such a name."""
    pods = [it.subject for it in policies]
    pods += [peer for it in policies for side in Direction for rule in it.rules(side) or () for peer in rule.pods]
    return {name for it in pods for key, said in it.namespaces if key in keys for name in said.values if name}


def _named_places(policies: Iterable[Policy]) -> Iterator[tuple[object, str]]:
    """Each service and destination, by what sources call it, that is in one namespace; with that namespace."""
    for policy in policies:
        if place := _place_of(policy.subject):
            yield policy.name, place
        for direction in Direction:
            for rule in policy.rules(direction) or ():
                places = {_place_of(it) for it in rule.pods}
                if rule.name and len(places) == 1 and (place := places.pop()):
                    yield (policy.name, direction, rule.name), place


def _place_of(pods: PodClass) -> str:
    """The one namespace that pods are in, by its name; empty where they may be in several."""
    said = dict(pods.namespaces).get(NAMESPACE_NAME)
    if said is None or said.excluded or len(said.values) != 1:
        return ""
    (name,) = said.values
    return name or ""


def moved(policy: Policy, moves: Mapping[str, str], keys: Iterable[str]) -> Policy:
    """A policy with the names that its namespaces have elsewhere; `keys` are the labels that hold such a name."""
    names = frozenset(keys)

    def _labels(labels: Labels) -> Labels:
        if not any(key in names for key, _ in labels):
            return labels
        return frozenset((key, _values(said, moves) if key in names else said) for key, said in labels)

    def _pods(pods: PodClass) -> PodClass:
        return PodClass(_labels(pods.namespaces), pods.pods)

    def _rules(rules: tuple[Rule, ...] | None) -> tuple[Rule, ...] | None:
        return rules and tuple(replace(it, pods=tuple(map(_pods, it.pods))) for it in rules)

    return replace(
        policy,
        namespace=moves.get(policy.namespace, policy.namespace),
        subject=_pods(policy.subject),
        egress=_rules(policy.egress),
        ingress=_rules(policy.ingress),
    )


def _values(said: Values, moves: Mapping[str, str]) -> Values:
    return Values(said.excluded, frozenset(moves.get(it, it) if it is not None else None for it in said.values))
