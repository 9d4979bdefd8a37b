"""Places in manifests: of a policy, of a rule."""

from egressc.dialects.shapes.places import find_field
from egressc.model.flows import Direction, Policy, Rule
from egressc.source import Span


def policy_place(policy: Policy) -> Span:
    """The name of a policy in its manifest."""
    return find_field(policy.origin, f"{policy.path}metadata.name")


def names_namespace(policy: Policy) -> bool:
    """Whether the manifest of a policy says which namespace it is for."""
    metadata = find_field(policy.origin, f"{policy.path}metadata")
    return find_field(policy.origin, f"{policy.path}metadata.namespace") != metadata


def rule_place(policy: Policy, rule: Rule, direction: Direction) -> Span:
    """A rule of a policy in its manifest."""
    return find_field(policy.origin, policy.path + (rule.field or f"spec.{direction}[{rule.index}]"))


def rule_name(policy: Policy, rule: Rule, direction: Direction) -> str:
    name = f"policy {policy.title}"
    if rule.by_server_name and policy.isolates_nothing:  # an object of a mesh, for pods of another namespace
        return f"{policy.kind} {policy.name}, with the rule that lets these pods connect to the gateway,"
    return f"{rule_field(rule, direction)} of {name}" if rule.index >= 0 else f"{name}, none of whose rules meets it,"


def rule_field(rule: Rule, direction: Direction) -> str:
    return rule.field.removeprefix("spec.") or f"{direction}[{rule.index}]"
