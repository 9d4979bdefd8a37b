"""Changes of whole policies, of the pods they select, and of the list of their rules."""

from collections.abc import Iterator

from mutants.changing import Manifest, Manifests, on_each, once, operator, rules_of


@operator
def drop_a_policy(manifests: Manifests) -> Iterator[Manifests]:
    for at in range(len(manifests)):
        yield manifests[:at] + manifests[at + 1 :]


@operator
def add_a_policy_that_opens_all(manifests: Manifests) -> Iterator[Manifests]:
    for manifest in manifests:
        spec = {"podSelector": manifest["spec"]["podSelector"], "policyTypes": ["Egress"], "egress": [{}]}
        yield [*manifests, _policy(manifest["metadata"]["namespace"], spec)]


@operator
def add_a_policy_that_closes_ingress(manifests: Manifests) -> Iterator[Manifests]:
    for manifest in manifests:
        spec = {"podSelector": manifest["spec"]["podSelector"], "policyTypes": ["Ingress"]}
        yield [*manifests, _policy(manifest["metadata"]["namespace"], spec)]


@operator
def add_a_policy_that_isolates_the_namespace(manifests: Manifests) -> Iterator[Manifests]:
    """It denies whatever no policy isolates; for pods that ours isolate nothing changes."""
    for manifest in manifests:
        spec: Manifest = {"podSelector": {}, "policyTypes": ["Egress"]}
        yield [*manifests, _policy(manifest["metadata"]["namespace"], spec)]


@operator
def add_a_policy_that_denies_again(manifests: Manifests) -> Iterator[Manifests]:
    """Denying what is isolated already takes nothing away: policies add up."""
    for manifest in manifests:
        spec = {"podSelector": manifest["spec"]["podSelector"], "policyTypes": ["Egress"], "egress": []}
        yield [*manifests, _policy(manifest["metadata"]["namespace"], spec)]


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
    labels = spec["podSelector"]["matchLabels"]
    for key in list(labels):
        yield from once(labels, key, "mistaken")


@on_each
def select_by_expression(policy: Manifest, spec: Manifest) -> Iterator[None]:
    labels = spec["podSelector"]["matchLabels"]
    said = [{"key": key, "operator": "In", "values": [value]} for key, value in labels.items()]
    yield from once(spec, "podSelector", {"matchExpressions": said})


@on_each
def drop_policy_types(policy: Manifest, spec: Manifest) -> Iterator[None]:
    yield from once(spec, "policyTypes", ...)


@on_each
def change_policy_types(policy: Manifest, spec: Manifest) -> Iterator[None]:
    yield from once(spec, "policyTypes", ["Ingress"])
    yield from once(spec, "policyTypes", ["Ingress", "Egress"])


@on_each
def drop_every_rule(policy: Manifest, spec: Manifest) -> Iterator[None]:
    yield from once(spec, "egress", [])
    yield from once(spec, "egress", ...)


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
    for rules, _, rule in rules_of(spec):
        yield from once(spec, "egress", [*rules, rule])


@on_each
def reorder_rules(policy: Manifest, spec: Manifest) -> Iterator[None]:
    yield from once(spec, "egress", list(reversed(spec["egress"])))


@on_each
def split_a_rule_by_ports(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for rules, at, rule in rules_of(spec):
        if len(rule.get("ports") or []) > 1:
            parts = [{**rule, "ports": [port]} for port in rule["ports"]]
            yield from once(spec, "egress", [*rules[:at], *parts, *rules[at + 1 :]])


@on_each
def merge_two_rules(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for rules, at, rule in rules_of(spec):
        if at and "to" in rule and "to" in rules[at - 1]:
            before = rules[at - 1]
            merged = {"to": before["to"] + rule["to"], "ports": before.get("ports", []) + rule.get("ports", [])}
            yield from once(spec, "egress", [*rules[: at - 1], merged, *rules[at + 1 :]])
