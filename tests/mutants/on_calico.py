"""Changes of policies in the dialect Calico; the NetworkPolicies next to them have operators enough.

An operator here changes what is allowed, or what Calico takes, with each of its mutants; those of HARMLESS never do.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from mutants import on_policies
from mutants.changing import Manifest, Operator, on_each, once, operator, rules_of
from support.calico_policies import CALICO_VERSION

CALICO_OPERATORS: dict[str, Operator] = {}
HARMLESS = frozenset(
    (
        "rename the policy",
        "repeat a rule",
        "reorder rules",
        "write a selector otherwise",
        "split the ports",
        "log first",
    )
)
# The engine knows no order: what Calico asks first is for `precedence` to be right about, which has tests of its own.
UNSEEN = frozenset(("deny before", "ask in another order", "change an action", "move to a tier"))

_OTHER = "mistaken == 'pod'"

for shared in on_policies.OF_ANY_KIND:
    operator(shared, CALICO_OPERATORS)


def on_each_of_calico(change: Any) -> Operator:
    """An operator on Calico's own policies: NetworkPolicies of Kubernetes have the same kind."""

    def only(policy: Manifest, spec: Manifest) -> Iterator[None]:
        if policy["apiVersion"] == CALICO_VERSION:
            yield from change(policy, spec)

    only.__name__ = change.__name__
    return partial(on_each, operators=CALICO_OPERATORS)(only)


def _ends(spec: Manifest) -> Iterator[tuple[Manifest, str, Manifest]]:
    """The other end of each rule, with the rule and its key there."""
    for _, _, rule in rules_of(spec):
        for key in ("source", "destination"):
            if rule.get(key, {}).keys() - {"ports"}:
                yield rule, key, rule[key]


def _ported(spec: Manifest) -> Iterator[Manifest]:
    for _, _, rule in rules_of(spec):
        if "ports" in rule.get("destination", {}):
            yield rule["destination"]


# Pods, directions and order


@on_each_of_calico
def select_other_pods_of_calico(policy: Manifest, spec: Manifest) -> Iterator[None]:
    yield from once(spec, "selector", _OTHER)


@on_each_of_calico
def select_every_pod_of_calico(policy: Manifest, spec: Manifest) -> Iterator[None]:
    if spec["selector"] != "all()":
        yield from once(spec, "selector", "all()")
        yield from once(spec, "selector", ...)


@on_each_of_calico
def select_more_pods_of_calico(policy: Manifest, spec: Manifest) -> Iterator[None]:
    if spec["selector"] != "all()":
        yield from once(spec, "selector", f"{spec['selector']} || {_OTHER}")


@on_each_of_calico
def change_types(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for types in (["Ingress"], ["Egress"], ["Ingress", "Egress"]):
        if sorted(types) != sorted(spec["types"]):
            yield from once(spec, "types", types)


@on_each_of_calico
def ask_in_another_order(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """With an order of its own and a rule that denies, it is asked before what others allow."""
    for side in ("egress", "ingress"):
        if spec.get(side):
            changed = {**spec, "order": 1, side: [{"action": "Deny"}, *spec[side]]}
            yield from once(policy, "spec", changed)


@on_each_of_calico
def move_to_a_tier(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """What is denied at its end, no extra rule opens; and of a tier in no manifest nobody knows the order."""
    yield from once(spec, "tier", "platform")


# Rules


@on_each_of_calico
def change_an_action(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, rule in rules_of(spec):
        for action in ("Deny", "Pass", "Log", "Accept", ...):
            yield from once(rule, "action", action)


@on_each_of_calico
def deny_before(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for rules, at, rule in rules_of(spec):
        yield from once(rules, slice(at, at), [{**rule, "action": "Deny"}])


@on_each_of_calico
def allow_everything(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for rules, at, _ in rules_of(spec):
        yield from once(rules, at, {"action": "Allow"})


@on_each_of_calico
def log_first(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for side in ("egress", "ingress"):
        if spec.get(side):
            yield from once(spec, side, [{"action": "Log"}, *spec[side]])


# Ends


@on_each_of_calico
def reach_other_pods(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, end in _ends(spec):
        for key in ("selector", "namespaceSelector"):
            if key in end:
                yield from once(end, key, _OTHER)


@on_each_of_calico
def reach_every_pod(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, end in _ends(spec):
        for key in ("selector", "namespaceSelector"):
            if end.get(key, "all()") != "all()":
                yield from once(end, key, "all()")


@on_each_of_calico
def drop_a_selector(policy: Manifest, spec: Manifest) -> Iterator[None]:
    """Without any, an end is everything; without one of namespaces, it is in the policy's own."""
    for _, _, end in _ends(spec):
        for key in ("selector", "namespaceSelector"):
            if key in end and (key == "namespaceSelector" or end[key] != "all()"):
                yield from once(end, key, ...)


@on_each_of_calico
def break_a_selector(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, end in _ends(spec):
        for key in ("selector", "namespaceSelector"):
            if "==" in end.get(key, ""):
                yield from once(end, key, end[key].replace("==", "=", 1))


@on_each_of_calico
def turn_an_end_round(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for rule, key, end in _ends(spec):
        other = "source" if key == "destination" else "destination"
        changed = {name: it for name, it in rule.items() if name not in ("source", "destination")}
        for rules, at, held in rules_of(spec):
            if held is rule:
                yield from once(rules, at, {**changed, other: end})


@on_each_of_calico
def widen_nets(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, end in _ends(spec):
        for at, cidr in enumerate(list(end.get("nets", ()))):
            if not cidr.endswith("/0"):
                yield from once(end["nets"], at, "::/0" if ":" in cidr else "0.0.0.0/0")


@on_each_of_calico
def drop_nets(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, end in _ends(spec):
        if "nets" in end:
            yield from once(end, "nets", ...)
            yield from once(end, "nets", ["203.0.113.7/32"])


@on_each_of_calico
def drop_exceptions(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, end in _ends(spec):
        if "notNets" in end:
            yield from once(end, "notNets", ...)
            for at in range(len(end["notNets"])):
                yield from once(end["notNets"], at, ...)


@on_each_of_calico
def name_another_service(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, end in _ends(spec):
        if "services" in end:
            yield from once(end["services"], "name", "other")
            yield from once(end, "services", ...)


# Ports


@on_each_of_calico
def change_a_protocol(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for _, _, rule in rules_of(spec):
        if "protocol" in rule:
            for protocol in ("TCP", "UDP", "SCTP", "ICMP", ...):
                if protocol != rule["protocol"]:
                    yield from once(rule, "protocol", protocol)


@on_each_of_calico
def change_a_port_of_calico(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for end in _ported(spec):
        for at in range(len(end["ports"])):
            for port in (4444, "4444:4445", "renamed", 0):
                yield from once(end["ports"], at, port)


@on_each_of_calico
def drop_ports_of_calico(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for end in _ported(spec):
        yield from once(end, "ports", ...)
        yield from once(end, "ports", ["1:65535"])


@on_each_of_calico
def close_ports(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for end in _ported(spec):
        yield from once(end, "notPorts", list(end["ports"]))


# What changes nothing


@on_each_of_calico
def write_a_selector_otherwise(policy: Manifest, spec: Manifest) -> Iterator[None]:
    holders = [spec, *(end for _, _, end in _ends(spec))]
    for holder in holders:
        for key in ("selector", "namespaceSelector"):
            name, is_equal, value = holder.get(key, "").partition(" == ")
            if is_equal and " " not in value:
                yield from once(holder, key, f"{name} in {{{value}}}")


@on_each_of_calico
def split_the_ports(policy: Manifest, spec: Manifest) -> Iterator[None]:
    for rules, at, rule in rules_of(spec):
        ports = rule.get("destination", {}).get("ports", ())
        if len(ports) > 1:
            parts = ({**rule, "destination": {**rule["destination"], "ports": [it]}} for it in ports)
            yield from once(rules, slice(at, at + 1), [*parts])
