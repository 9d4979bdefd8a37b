"""Why a connection is denied: the rule that comes nearest, what it lacks, and what would let the connection through."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from egressc.model.address_sets import is_host
from egressc.model.flows import Endpoint, Pod, PodClass, Policy, Rule
from egressc.model.label_classes import ANY, Labels, only_name
from egressc.model.policy import Protocol
from egressc.verify.flows.verdicts import Guard, JudgedRule
from egressc.verify.flows.words import say_addresses, say_ports


class Miss(NamedTuple):
    """A rule that nearly allows the connection: what it lacks, and the repair."""

    judged: JudgedRule
    text: str
    repair: str


def nearest_miss(
    guard: Guard,
    end: Endpoint,
    protocol: Protocol,
    port: int,
    name_rule: Callable[[JudgedRule], str],
    *,
    is_row: bool,
    has_rows: Callable[[Policy], bool],
) -> Miss | None:
    """The rule that comes nearest, if one comes near at all.

    `name_rule` says what people call a rule; `is_row`: it is a row that a repair changes, not the manifest, of policies
    that can have rows at all (`has_rows`).
    """
    # What a namespace opens for all its pods is no row that could be about this connection.
    near_misses = [
        it for it in guard.near_misses if not is_row or (it.policy.subject.pods != ANY and has_rows(it.policy))
    ]
    right_peer = [judged for judged in near_misses if judged.meets_peer]
    if right_peer:
        # Of several the one that means this end most: a network of one partner before nearly every address.
        judged = min(right_peer, key=lambda it: _breadth(it.rule, end))
        opened = say_ports(judged.rule.ports)
        where = "in the row that asks" if is_row else f"in that rule of {judged.policy.title}"
        return Miss(
            judged,
            f"{name_rule(judged)} opens {opened}, not {port}/{protocol}",
            f"connect to {opened}, or add {port}/{protocol} {where}",
        )
    near = [
        (rank, judged, lack, repair)
        for judged in near_misses
        for rank, lack, repair in _end_lacks(judged.rule, end, is_row=is_row)
    ]
    if not near:
        return None
    _, judged, lack, repair = min(near, key=lambda it: it[0])
    return Miss(judged, f"{name_rule(judged)} has the port, but {lack}", repair)


class Shortfall(NamedTuple):
    """A label that an object does not have as a class wants it: in words, and as `kubectl label` is told to set it.

    `is_wrong`: it has another value.
    """

    key: str
    words: str
    argument: str
    is_wrong: bool


def lacks(labels: Labels, actual: Mapping[str, str]) -> Iterator[Shortfall]:
    for key, values in sorted(labels, key=lambda pair: pair[0]):
        if values.admits(actual.get(key)):
            continue
        named = sorted(value for value in values.values if value is not None)
        if values.excluded:
            free = next(value for value in _some() if value not in values.values)
            yield Shortfall(
                key, f"another {key}" if key in actual else f"a label {key}", f"{key}={free}", key in actual
            )
        elif named:
            yield Shortfall(key, f"{key}={named[0]}", f"{key}={named[0]}", key in actual)
        else:
            yield Shortfall(key, f"no {key}", f"{key}-", is_wrong=False)


def _some() -> Iterator[str]:
    """Values for a label that must be there, whatever it says."""
    yield "true"
    number = 1
    while True:
        yield f"true-{number}"
        number += 1


def _breadth(rule: Rule, end: Endpoint) -> int:
    """How many addresses a rule means beside this one; pods are told apart by labels, all alike."""
    if isinstance(end, Pod):
        return 0
    return sum(last - first for held in (rule.addresses.v4, rule.addresses.v6) for first, last in held)


def _end_lacks(rule: Rule, end: Endpoint, *, is_row: bool) -> Iterator[tuple[int, str, str]]:
    """What keeps a rule with the right port from an end: how far it is (less is nearer), in words, and the repair."""
    if isinstance(end, str):
        if rule.addresses:
            where = "to the rule if you need it"
            if is_row:
                where = "to the destination in the catalog if it belongs to it, or write another row"
            yield (
                1,
                f"opens {say_addresses(rule.addresses)}: {end} is not among these",
                f"add the {'host' if is_host(end) else 'address'} {where}",
            )
        return
    for peer in rule.pods:
        yield from _pod_lacks(peer, end, is_row=is_row)


def _pod_lacks(peer: PodClass, end: Pod, *, is_row: bool) -> Iterator[tuple[int, str, str]]:
    wrong_place, wrong_pod = list(lacks(peer.namespaces, end.place())), list(lacks(peer.pods, end.labels))
    if wrong_place and not wrong_pod:
        name = only_name(peer.namespaces)
        if name is not None and name != end.namespace:
            where = "in the row or the catalog" if is_row else "in the rule"
            yield 0, f"in namespace {name}, not in {end.namespace}", f"write another namespace {where}"
        else:
            said = ", ".join(lack.words for lack in wrong_place)
            yield 0, f"the namespace {end.namespace} lacks {said}", label_namespace(end.namespace, wrong_place)
    elif wrong_pod and not wrong_place and len(wrong_pod) < len(peer.pods):
        where = "in the catalog" if is_row else "in the rule"
        said = ", ".join(lack.words for lack in wrong_pod)
        yield 2, f"the pod lacks {said}", f"write other labels for the pod, or another selector {where}"


def label_namespace(namespace: str, wanted: Sequence[Shortfall]) -> str:
    """The repair for a namespace that lacks labels, or has others in their place."""
    arguments = " ".join(lack.argument for lack in wanted)
    force = " --overwrite" if any(lack.is_wrong for lack in wanted) else ""
    return f"label the namespace: kubectl label namespace {namespace} {arguments}{force}"
