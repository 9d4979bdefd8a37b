"""The rules of a Calico policy into flows.

Sources: projectcalico/calico libcalico-go/lib/validator/v3 (what Calico refuses) and
libcalico-go/lib/backend/syncersv1/updateprocessors/rules.go (what a rule means). Networks also match pods and nodes
with such addresses, which no flow shows: docs/exactness.md.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from egressc.dialects.calico.peers import Peer, read_peer
from egressc.dialects.calico.ports import read_reach
from egressc.dialects.calico.sets import SetSelector
from egressc.dialects.shapes.fields import Object, Problems, item, mapping, only
from egressc.dialects.shapes.limited import choice
from egressc.model.flows import Direction, Rule, RuleAction
from egressc.model.port_sets import NO_PORTS

_ACTIONS: Final[Mapping[str, RuleAction | None]] = {
    "Allow": RuleAction.ALLOW,
    "Deny": RuleAction.DENY,
    "Pass": RuleAction.PASS,
    "Log": None,
}
_FIELDS: Final = frozenset(
    (
        *("action", "protocol", "notProtocol", "ipVersion", "icmp", "notICMP", "http", "metadata"),
        *("source", "destination"),
    )
)
_PORTS: Final = frozenset(("ports", "notPorts"))
_ENDS: Final = frozenset(
    ("selector", "notSelector", "namespaceSelector", "nets", "notNets", "serviceAccounts", "services")
)
_READ: Final = {
    (Direction.EGRESS, "source"): frozenset[str](),
    (Direction.EGRESS, "destination"): _ENDS | _PORTS,
    (Direction.INGRESS, "source"): _ENDS,
    (Direction.INGRESS, "destination"): _PORTS,
}


class CalicoRule(NamedTuple):
    """A rule. `sets`: the addresses of these network sets belong to it. `is_service`: its ports are a Service's."""

    rule: Rule
    sets: SetSelector | None = None
    is_service: bool = False


def read_rule(
    value: object, index: int, home: str, direction: Direction, path: str, problems: Problems
) -> CalicoRule | None:
    """One element of `egress` or `ingress`; None where it decides about no flow, or after a problem.

    `home` is empty in a policy of the whole cluster.
    """
    rule = item(value, path, problems)
    only(rule, _FIELDS, path, problems)
    action = _ACTIONS[choice(rule, "action", [*_ACTIONS], path, problems) or "Log"]
    ends = {key: mapping(rule, key, path, problems) or {} for key in ("source", "destination")}
    for key, entity in ends.items():
        only(entity, _ENDS | _PORTS, f"{path}.{key}", problems)
        for field in sorted(entity.keys() & (_ENDS | _PORTS) - _READ[direction, key]):
            problems.add(f"{path}.{key}.{field}", "narrows the rule to some pods or ports of its own end: not read")
    reach = read_reach(rule, ends["destination"], path, problems)
    key = "destination" if direction is Direction.EGRESS else "source"
    if action is None:
        return None
    peer = read_peer(ends[key], home, action, f"{path}.{key}", problems)
    if "http" in rule:
        _check_http(rule, direction, path, problems)
    if reach is None:
        problems.overlook(path, "is about a protocol without ports, such as ICMP, which no flow shows")
        return None
    if reach.ports == NO_PORTS:
        return None
    if "ipVersion" in rule:
        _check_family(peer, rule, path, problems)
    if peer.is_service and direction is Direction.EGRESS and ends[key].keys() & _PORTS:
        problems.add(f"{path}.destination.services", "has ports of its own, and cannot be used with others")
    made = Rule(index, peer.pods, peer.outside, reach.ports, action=action, not_in=reach.closed)
    return CalicoRule(made, peer.sets, peer.is_service and direction is Direction.EGRESS)


def _check_http(rule: Object, direction: Direction, path: str, problems: Problems) -> None:
    if direction is Direction.EGRESS or rule.get("action") != "Allow":
        problems.add(f"{path}.http", "is only for rules of ingress that allow")
    problems.overlook(f"{path}.http", "narrows what the port lets through, which is not looked at")


def _check_family(peer: Peer, rule: Object, path: str, problems: Problems) -> None:
    """An `ipVersion` that says no more than the networks; a problem for any other."""
    version, addresses = rule["ipVersion"], peer.outside
    if version not in (4, 6):
        problems.add(f"{path}.ipVersion", "is not 4 or 6")
    elif peer.is_service:
        problems.add(f"{path}.ipVersion", "selects addresses of the API server by their family, which is not known")
    elif peer.pods or peer.sets is not None:
        problems.add(f"{path}.ipVersion", "selects pods by the family of their addresses, which is not known")
    elif addresses.v6 if version == 4 else addresses.v4:
        problems.add(f"{path}.ipVersion", "is not the family of the networks")
