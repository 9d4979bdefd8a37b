"""Changes of whole policies, of the pods they select, and of the list of their rules."""

import copy
from collections.abc import Iterator

from mutants.changing import PEERS, Manifest, Manifests, on_each, once, operator, rules_of, sides_of


@operator
def drop_a_policy(manifests: Manifests) -> Iterator[Manifests]:
    for at in range(len(manifests)):
        yield manifests[:at] + manifests[at + 1 :]


@operator
def add_a_policy_that_opens_all(manifests: Manifests) -> Iterator[Manifests]:
    for manifest, side in _sides(manifests):
        spec = {"podSelector": manifest["spec"]["podSelector"], "policyTypes": [side.title()], side: [{}]}
        yield [*manifests, _policy(manifest["metadata"]["namespace"], spec)]


@operator
def add_a_policy_that_opens_the_other_direction(manifests: Manifests) -> Iterator[Manifests]:
    """For pods that are not isolated in it that changes nothing, or less than it seems."""
    for manifest in manifests:
        for side in PEERS.keys() - set(sides_of(manifest["spec"])):
            spec = {"podSelector": manifest["spec"]["podSelector"], "policyTypes": [side.title()], side: [{}]}
            yield [*manifests, _policy(manifest["metadata"]["namespace"], spec)]


@operator
def add_a_policy_that_closes_the_other_direction(manifests: Manifests) -> Iterator[Manifests]:
    for manifest in manifests:
        for side in PEERS.keys() - set(sides_of(manifest["spec"])):
            spec = {"podSelector": manifest["spec"]["podSelector"], "policyTypes": [side.title()]}
            yield [*manifests, _policy(manifest["metadata"]["namespace"], spec)]


@operator
def add_a_policy_that_isolates_the_namespace(manifests: Manifests) -> Iterator[Manifests]:
    """It denies whatever no policy isolates; for pods that ours isolate nothing changes."""
    for manifest, side in _sides(manifests):
        spec: Manifest = {"podSelector": {}, "policyTypes": [side.title()]}
        yield [*manifests, _policy(manifest["metadata"]["namespace"], spec)]


@operator
def add_a_policy_that_denies_again(manifests: Manifests) -> Iterator[Manifests]:
    """Denying what is isolated already takes nothing away: policies add up."""
    for manifest, side in _sides(manifests):
        spec = {"podSelector": manifest["spec"]["podSelector"], "policyTypes": [side.title()], side: []}
        yield [*manifests, _policy(manifest["metadata"]["namespace"], spec)]


def _sides(manifests: Manifests) -> Iterator[tuple[Manifest, str]]:
    return ((manifest, side) for manifest in manifests for side in sides_of(manifest["spec"]))


def _policy(namespace: str, spec: Manifest) -> Manifest:
    metadata = {"name": "added", "namespace": namespace}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


@on_each
def move_to_another_namespace(policy: Manifest, spec: Manifest) -> Iterator[None]:
    yield from once(policy["metadata"], "namespace", "elsewhere")


@on_each
def rename_the_policy(policy: Manifest, spec: Manifest) -> Iterator[None]:
    yield from once(policy["metadata"], "name", "renamed")


@on_each
def select_every_pod(policy: Manifest, spec: Manifest) -> Iterator[None]:
    yield from once(spec, "podSelector", {})


@on_each
def select_other_pods(policy: Manifest, spec: Manifest) -> Iterator[None]:
    labels = spec["podSelector"].get("matchLabels", {})
    for key in list(labels):
        yield from once(labels, key, "mistaken")


@on_each
def select_by_expression(policy: Manifest, spec: Manifest) -> Iterator[None]:
    labels = spec["podSelector"].get("matchLabels", {})
    said = [{"key": key, "operator": "In", "values": [value]} for key, value in labels.items()]
    yield from once(spec, "podSelector", {"matchExpressions": said})


@on_each
def drop_policy_types(policy: Manifest, spec: Manifest) -> Iterator[None]:
    yield from once(spec, "policyTypes", ...)


@on_each
def change_policy_types(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for types in (["Ingress"], ["Egress"], ["Ingress", "Egress"]):
        yield from once(spec, "policyTypes", types)


@on_each
def drop_every_rule(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for side in sides_of(spec):
        yield from once(spec, side, [])
        yield from once(spec, side, ...)


@on_each
def turn_every_rule_round(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """What pods may reach is who may reach them, and the other way round."""
    turned = {
        other: [{PEERS[other] if key == PEERS[side] else key: said for key, said in it.items()} for it in spec[side]]
        for side, other in (("egress", "ingress"), ("ingress", "egress"))
        if side in spec
    }
    held = copy.copy(spec)
    for side in sides_of(held):
        del spec[side]
    spec.update(turned, policyTypes=[side.title() for side in turned])
    yield
    spec.clear()
    spec.update(held)


@on_each
def drop_a_rule(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for rules, at, _ in rules_of(spec):
        yield from once(rules, at, ...)


@on_each
def open_a_rule(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for rules, at, _ in rules_of(spec):
        yield from once(rules, at, {})


@on_each
def repeat_a_rule(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for side in sides_of(spec):
        for rules, _, rule in rules_of(spec, [side]):
            yield from once(spec, side, [*rules, rule])


@on_each
def reorder_rules(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for side in sides_of(spec):
        yield from once(spec, side, list(reversed(spec[side])))


@on_each
def split_a_rule_by_ports(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for side in sides_of(spec):
        for rules, at, rule in rules_of(spec, [side]):
            if len(rule.get("ports") or []) > 1:
                parts = [{**rule, "ports": [port]} for port in rule["ports"]]
                yield from once(spec, side, [*rules[:at], *parts, *rules[at + 1 :]])


@on_each
def merge_two_rules(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for side in sides_of(spec):
        key = PEERS[side]
        for rules, at, rule in rules_of(spec, [side]):
            if at and key in rule and key in rules[at - 1]:
                before = rules[at - 1]
                merged = {key: before[key] + rule[key], "ports": before.get("ports", []) + rule.get("ports", [])}
                yield from once(spec, side, [*rules[: at - 1], merged, *rules[at + 1 :]])


OF_ANY_KIND = (
    drop_a_policy,
    move_to_another_namespace,
    rename_the_policy,
    drop_every_rule,
    drop_a_rule,
    repeat_a_rule,
    reorder_rules,
)
"""What also makes sense of policies of a namespace in other dialects."""
