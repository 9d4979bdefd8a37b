"""How to ask for a connection that no row speaks of: in a row of its service, or for all pods of a namespace."""

from egressc.model.flows import Direction, Endpoint, Policy


def say_ask(policy: Policy, direction: Direction, other: Endpoint, there: Policy | None, port: str) -> str:
    """The repair in words, for a connection that `policy` denies.

    Args:
        policy: of a service, of a namespace or of an opt-in; `direction` is the one that it limits.
        other: the other end; `there` is the policy that limits it as well, if one does.
    """
    place = f"({policy.origin.source.name}:{policy.origin.line})"
    namespace = _namespace_of(policy)
    if not namespace:
        return f"add it to a row of {policy.name} {place}"
    is_egress = direction is Direction.EGRESS
    name = _say_end(other, there)
    ends = (f"Namespace {namespace}", name) if is_egress else (name, f"Namespace {namespace}")
    row = f"add a row `{' | '.join(ends)} | {port}` to a table of connections"
    if there is not None:
        return row  # a row opens both ends
    opened, key = ("destinations", "allowTo") if is_egress else ("callers", "allowFrom")
    return f"{row}, or {name} with port {port} to the {opened} of its baseline, `{key}` {place}"


def _say_end(end: Endpoint, policy: Policy | None) -> str:
    if isinstance(end, str):
        return end
    if policy is None:
        return "\u2026"
    namespace = _namespace_of(policy)
    return f"Namespace {namespace}" if namespace else policy.origin.text


def _namespace_of(policy: Policy) -> str:
    """The namespace for all or some of whose pods a policy is; empty for that of a service."""
    home, _, rest = policy.name.partition("/")
    return rest.partition("/")[0] if home == "namespaces" else ""
