"""How to ask for a connection that no row speaks of: in a row of its service, or for all pods of a namespace."""

from typing import NamedTuple

from egressc.model.flows import Direction, Endpoint, Policy


class AskedEnd(NamedTuple):
    """The other end of a connection: the name that sources have for it or none, and the policy that limits it too."""

    end: Endpoint
    name: str
    policy: Policy | None


def say_ask(policy: Policy, direction: Direction, other: AskedEnd, port: str) -> str:
    """The repair in words, for a connection that `policy` denies.

    Args:
        policy: of a service, of a namespace or of an opt-in; `direction` is the one that it limits.
    """
    place = f"({policy.origin.source.name}:{policy.origin.line})"
    namespace = _namespace_of(policy)
    if not namespace:
        return f"add it to a row of {policy.name} {place}"
    is_egress = direction is Direction.EGRESS
    name = _say_end(other)
    ends = (f"Namespace {namespace}", name) if is_egress else (name, f"Namespace {namespace}")
    row = f"add a row `{' | '.join(ends)} | {port}` to a table of connections"
    if other.policy is not None:
        return row  # a row opens both ends
    opened, key = ("destinations", "allowTo") if is_egress else ("callers", "allowFrom")
    return f"{row}, or {name} with port {port} to the {opened} of its baseline, `{key}` {place}"


def _say_end(other: AskedEnd) -> str:
    """As a row names it; pods that nothing names are for the author to name."""
    end, name, policy = other
    if policy is not None and (namespace := _namespace_of(policy)):
        return f"Namespace {namespace}"
    if name or isinstance(end, str):
        return name or str(end)
    return policy.origin.text if policy is not None else "\u2026"


def _namespace_of(policy: Policy) -> str:
    """The namespace for all or some of whose pods a policy is; empty for that of a service."""
    home, _, rest = policy.name.partition("/")
    return rest.partition("/")[0] if home == "namespaces" else ""
