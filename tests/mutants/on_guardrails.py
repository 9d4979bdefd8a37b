"""Changes of the policies that enforce guardrails, of any kind that does.

Those of HARMLESS never change what is denied: guardrails only deny, so neither their order nor that of their rules has
a meaning. Those of UNASKED always do, or what the API server takes. Of the others the engine says it.
"""

from collections.abc import Iterator

from mutants.changing import (
    PEERS,
    Change,
    Manifest,
    Manifests,
    Operator,
    on_each,
    once,
    operator,
    peers_of,
    rules_of,
    sides_of,
)
from support.cluster_policies import ADMIN, is_of_cluster

GUARDRAIL_OPERATORS: dict[str, Operator] = {}
HARMLESS = frozenset(
    (
        "rename a guardrail",
        "change the priority",
        "rename a rule of a guardrail",
        "repeat a rule of a guardrail",
        "reorder the rules of a guardrail",
        "split the peers of a guardrail",
        "split a network of a guardrail",
        "split the ports of a guardrail",
        "select by expression in a guardrail",
        "select the pods of namespaces",
    )
)

UNASKED = frozenset(("refuse to be valid for a guardrail", "decide together with a guardrail"))


def on_each_guardrail(change: Change) -> Operator:
    def of_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
        if is_of_cluster(policy):
            yield from change(policy, spec)

    of_guardrail.__name__ = change.__name__
    return on_each(of_guardrail, GUARDRAIL_OPERATORS)


def _action(policy: Manifest, action: str) -> str:
    return "Allow" if action == "Accept" and policy["apiVersion"] == ADMIN else action


# Whole policies


def drop_a_guardrail(manifests: Manifests) -> Iterator[Manifests]:
    for at, policy in enumerate(manifests):
        if is_of_cluster(policy):
            yield manifests[:at] + manifests[at + 1 :]


def decide_before_a_guardrail(manifests: Manifests) -> Iterator[Manifests]:
    """With a policy of a lower priority."""
    yield from _decide_otherwise(manifests, 5)


def decide_together_with_a_guardrail(manifests: Manifests) -> Iterator[Manifests]:
    """With a policy of the same priority: nobody knows which is asked first."""
    yield from _decide_otherwise(manifests, 0)


def _decide_otherwise(manifests: Manifests, before: int) -> Iterator[Manifests]:
    for policy in filter(is_of_cluster, manifests):
        if policy["spec"]["priority"] >= before:
            for action in ("Accept", "Pass"):
                spec = {**policy["spec"], "priority": policy["spec"]["priority"] - before}
                for side in sides_of(spec):
                    spec[side] = [{**rule, "action": _action(policy, action)} for rule in spec[side]]
                yield [*manifests, {**policy, "metadata": {"name": "a"}, "spec": spec}]


for whole in (drop_a_guardrail, decide_before_a_guardrail, decide_together_with_a_guardrail):
    operator(whole, GUARDRAIL_OPERATORS)


@on_each_guardrail
def rename_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    yield from once(policy["metadata"], "name", "renamed")


@on_each_guardrail
def change_the_priority(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for priority in sorted({0, 11, spec["priority"] + 1, 99} - {spec["priority"]}):
        yield from once(spec, "priority", priority)


@on_each_guardrail
def be_asked_after_network_policies(policy: Manifest, spec: Manifest) -> Iterator[None]:
    if "tier" in spec:
        yield from once(spec, "tier", "Baseline")


@on_each_guardrail
def refuse_to_be_valid_for_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """What the API server turns away is not in the cluster."""
    yield from once(spec, "priority", 1001)
    yield from once(spec, "priority", ...)
    yield from once(spec, "subject", {})
    yield from once(spec, "tier", "Middle")
    for _, _, rule in rules_of(spec):
        yield from once(rule, "action", "Block")
        for key in PEERS.values():
            if key in rule:
                yield from once(rule, key, [])
                yield from once(rule, key, ...)


# Rules


@on_each_guardrail
def drop_a_rule_of_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for rules, at, _ in rules_of(spec):
        yield from once(rules, at, ...)


@on_each_guardrail
def drop_a_direction_of_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for side in sides_of(spec):
        yield from once(spec, side, ...)
        yield from once(spec, side, [])


@on_each_guardrail
def change_the_action(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, rule in rules_of(spec):
        for action in ("Accept", "Pass"):
            yield from once(rule, "action", _action(policy, action))


@on_each_guardrail
def decide_before_a_rule(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """In front of all rules of its direction, for the same peers on any port."""
    for side in sides_of(spec):
        for _, _, rule in rules_of(spec, [side]):
            for action in ("Accept", "Pass"):
                first = {"action": _action(policy, action), PEERS[side]: rule[PEERS[side]]}
                yield from once(spec, side, [first, *spec[side]])


@on_each_guardrail
def deny_more(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for side, key in PEERS.items():
        added: list[Manifest] = [{"namespaces": {"matchLabels": {"stage": "stranger"}}}]
        added += [{"networks": ["203.0.113.99/32"]}] if side == "egress" else []
        for peer in added:
            yield from once(spec, side, [*spec.get(side, ()), {"action": "Deny", key: [peer]}])


@on_each_guardrail
def turn_a_direction_around(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """Rules of ingress have no networks."""
    for side, other in (("egress", "ingress"), ("ingress", "egress")):
        if side in spec and other not in spec and not any("networks" in peer for _, _, peer in peers_of(spec)):
            turned = [
                {**{key: it for key, it in rule.items() if key != PEERS[side]}, PEERS[other]: rule[PEERS[side]]}
                for rule in spec[side]
            ]
            for _ in once(spec, side, ...):
                yield from once(spec, other, turned)


@on_each_guardrail
def rename_a_rule_of_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, rule in rules_of(spec):
        yield from once(rule, "name", "renamed")
        yield from once(rule, "name", ...)


@on_each_guardrail
def repeat_a_rule_of_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for side in sides_of(spec):
        for _, _, rule in rules_of(spec, [side]):
            yield from once(spec, side, [*spec[side], {**rule, "name": "again"}])


@on_each_guardrail
def reorder_the_rules_of_a_guardrail(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for side in sides_of(spec):
        for key in (PEERS[side], "ports", "protocols"):
            backwards = [{**rule, **({key: rule[key][::-1]} if key in rule else {})} for rule in spec[side][::-1]]
            if backwards != spec[side]:
                yield from once(spec, side, backwards)
