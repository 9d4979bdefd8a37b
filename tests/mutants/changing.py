"""Ways to break rendered policies, each a small change that a template, a merge or a hand could make.

An operator yields mutants: the manifests with one change at one place. Some change nothing that is allowed; which ones
is for `verdict` to find out.
"""

import copy
from collections.abc import Callable, Container, Iterator, Sequence
from typing import Any

Manifest = dict[str, Any]
Manifests = list[Manifest]
Operator = Callable[[Manifests], Iterator[Manifests]]

Change = Callable[[Manifest, Manifest], Iterator[None]]

OPERATORS: dict[str, Operator] = {}

PEERS = {"egress": "to", "ingress": "from"}
"""What rules of each direction call their peers."""


def operator(function: Operator, operators: dict[str, Operator] = OPERATORS) -> Operator:
    operators[function.__name__.replace("_", " ")] = function
    return function


def on_each(
    change: Change, operators: dict[str, Operator] = OPERATORS, kinds: Container[str] | None = None
) -> Operator:
    """An operator on each policy: `change` gets a copy and its spec, and yields after each change it made.

    It is started anew for each mutant, so that changes never add up.

    Args:
        kinds: those of the policies that it changes; None for all.
    """

    def operate(manifests: Manifests) -> Iterator[Manifests]:
        for at, policy in enumerate(manifests):
            if kinds is not None and policy["kind"] not in kinds:
                continue
            count = 0
            while True:
                mutant = copy.deepcopy(manifests)
                changes = change(mutant[at], mutant[at]["spec"])
                made = -1
                for made, _ in enumerate(changes):
                    if made == count:
                        break
                if made < count:
                    break
                yield mutant
                count += 1

    operate.__name__ = change.__name__
    return operator(operate, operators)


def once(holder: Any, key: Any, value: Any) -> Iterator[None]:
    """Set an entry for as long as the caller looks at it; `...` takes it away."""
    held = copy.copy(holder)
    if value is ...:
        del holder[key]
    else:
        holder[key] = value
    yield
    holder.clear()
    holder.extend(held) if isinstance(holder, list) else holder.update(held)


def sides_of(spec: Manifest) -> list[str]:
    """The directions that have a list of rules, by its key."""
    return [side for side in PEERS if side in spec]


def rules_of(spec: Manifest, sides: Sequence[str] = ()) -> Iterator[tuple[list[Manifest], int, Manifest]]:
    for side in sides or sides_of(spec):
        rules = spec[side] or []
        for at, rule in enumerate(list(rules)):
            yield rules, at, rule


def ports_of(spec: Manifest) -> Iterator[tuple[list[Manifest], int, Manifest]]:
    for _, _, rule in rules_of(spec):
        for at, port in enumerate(list(rule.get("ports") or [])):
            yield rule["ports"], at, port


def peers_of(spec: Manifest) -> Iterator[tuple[list[Manifest], int, Manifest]]:
    for _, _, rule in rules_of(spec):
        for key in PEERS.values():
            for at, peer in enumerate(list(rule.get(key) or [])):
                yield rule[key], at, peer


def blocks_of(spec: Manifest) -> Iterator[Manifest]:
    """The address blocks, which Cilium has in a list of their own."""
    yield from (peer["ipBlock"] for _, _, peer in peers_of(spec) if "ipBlock" in peer)
    for _, _, rule in rules_of(spec):
        yield from rule.get("toCIDRSet") or rule.get("fromCIDRSet") or ()


def selectors_of(spec: Manifest) -> Iterator[tuple[Manifest, str, Manifest]]:
    for _, _, peer in peers_of(spec):
        for key in ("podSelector", "namespaceSelector"):
            if key in peer:
                yield peer, key, peer[key]
