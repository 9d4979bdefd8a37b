"""Do two policy sets differ? By trying every flow among the pods and addresses that their own selectors suggest.

For matchLabels and single expressions these pods are all that can be told apart: each selector met, each of its labels
missing, each with another value, and two selectors met at once. The flows are judged by `naive`.
"""

import ipaddress
import itertools
from functools import cache
from typing import Any

from oracles.naive import Spot, is_peer, is_port, selects

Manifest = dict[str, Any]

_NAME = "kubernetes.io/metadata.name"
_PROTOCOLS = ("TCP", "UDP", "SCTP")


# The value of a label that only has to be there.
_ANY = "any"


class Universe:
    """Ends and ports that matter to some policy sets; a truth table has a bit for each port of each pair of ends."""

    def __init__(self, sets: list[list[Manifest]]) -> None:
        policies = [policy for each in sets for policy in each]
        rules = [rule for it in policies for side in ("egress", "ingress") for rule in it["spec"].get(side) or []]
        peers = [peer for rule in rules for key in ("to", "from") for peer in rule.get(key) or []]
        pods = variants(
            [policy["spec"].get("podSelector") or {} for policy in policies]
            + [peer["podSelector"] for peer in peers if "podSelector" in peer]
        )
        places = _places(policies, [peer["namespaceSelector"] for peer in peers if "namespaceSelector" in peer])
        self.ends: list[Spot | str] = [Spot(place[_NAME], place, labels) for place in places for labels in pods]
        self.ends += _addresses([peer["ipBlock"] for peer in peers if "ipBlock" in peer])
        numbers = {1, 65535}
        for port in (port for rule in rules for port in rule.get("ports") or []):
            if isinstance(port.get("port"), int):
                numbers |= {port["port"] - 1, port["port"], port.get("endPort", port["port"]), port["port"] + 1}
                numbers.add(port.get("endPort", port["port"]) + 1)
        self.ports = [(protocol, n) for protocol in _PROTOCOLS for n in sorted(numbers) if 1 <= n <= 65535]
        self._every_port = (1 << len(self.ports)) - 1

    def table(self, policies: list[Manifest]) -> list[list[int]]:
        """For each source and destination the ports that are open, as bits."""
        out = [self.row(policies, "Egress", end) for end in self.ends]
        into = [self.row(policies, "Ingress", end) for end in self.ends]
        return [
            [0 if self.cannot_be(s, d) else out[s][d] & into[d][s] for d in range(len(self.ends))]
            for s in range(len(self.ends))
        ]

    def cannot_be(self, source: int, destination: int) -> bool:
        """Whether no two such ends connect: two addresses, or pods of one namespace that see it differently."""
        one, other = self.ends[source], self.ends[destination]
        if isinstance(one, str) and isinstance(other, str):
            return True
        if isinstance(one, str) or isinstance(other, str):
            return False
        return one.namespace == other.namespace and one.place != other.place

    def row(self, policies: list[Manifest], direction: str, end: Spot | str) -> list[int]:
        """What the policies that guard one end open to every other end."""
        everything = [self._every_port] * len(self.ends)
        if isinstance(end, str):
            return everything
        isolating = [p for p in policies if isolates(p, direction, end)]
        if not isolating:
            return everything
        row = [0] * len(self.ends)
        for policy in isolating:
            for rule in policy["spec"].get(direction.lower()) or []:
                bits = self._bits(rule.get("ports"))
                home = policy["metadata"]["namespace"]
                for i, other in enumerate(self.ends):
                    if row[i] | bits != row[i] and is_peer(
                        rule.get("to" if direction == "Egress" else "from"), home, other
                    ):
                        row[i] |= bits
        return row

    def _bits(self, ports: list[Manifest] | None) -> int:
        return sum(
            1 << i for i, (protocol, number) in enumerate(self.ports) if is_port(ports, protocol, number, frozenset())
        )


def isolates(policy: Manifest, direction: str, end: Spot | str) -> bool:
    """Whether a policy isolates a pod; an address is never isolated."""
    if isinstance(end, str):
        return False
    spec = policy["spec"]
    types = spec.get("policyTypes") or (["Ingress", "Egress"] if spec.get("egress") else ["Ingress"])
    same_place = policy["metadata"]["namespace"] == end.namespace
    return direction in types and same_place and selects(spec.get("podSelector") or {}, end.labels)


def variants(selectors: list[Manifest]) -> list[dict[str, str]]:
    found: dict[tuple[tuple[str, str], ...], None] = {(): None}
    whole: list[dict[str, str]] = []
    for selector in selectors:
        labels = dict(selector.get("matchLabels") or {})
        for expression in selector.get("matchExpressions") or []:
            labels[expression["key"]] = (expression.get("values") or [_ANY])[0]
        whole.append(labels)
        found[tuple(sorted(labels.items()))] = None
        for key in labels:
            found[tuple(sorted((k, v) for k, v in labels.items() if k != key))] = None
            found[tuple(sorted({**labels, key: "something-else"}.items()))] = None
    # What two selectors meet at once, where they don't contradict each other.
    for one, other in itertools.combinations(whole, 2):
        shared = one.keys() & other.keys()
        if all(one[key] == other[key] or _ANY in (one[key], other[key]) for key in shared):
            values = {key: one[key] if other[key] == _ANY else other[key] for key in shared}
            found[tuple(sorted({**one, **other, **values}.items()))] = None
    return [dict(labels) for labels in found]


def _places(policies: list[Manifest], selectors: list[Manifest]) -> list[dict[str, str]]:
    homes = sorted({policy["metadata"]["namespace"] for policy in policies})
    found: dict[tuple[tuple[str, str], ...], None] = {((_NAME, name),): None for name in [*homes, "other"]}
    for labels in variants(selectors):
        for name in [labels[_NAME]] if _NAME in labels else [*homes, "other"]:
            found[tuple(sorted({**labels, _NAME: name}.items()))] = None
    return [dict(labels) for labels in found]


def _addresses(blocks: list[Manifest]) -> list[str]:
    found = {"192.0.2.1", "2001:db8::1"}
    for cidr in {cidr for block in blocks for cidr in (block["cidr"], *block.get("except", []))}:
        found |= edges(cidr)
    return sorted(found)


@cache
def edges(cidr: str) -> frozenset[str]:
    network = ipaddress.ip_network(cidr)
    kind = ipaddress.IPv4Address if network.version == 4 else ipaddress.IPv6Address
    first, last = int(network[0]), int(network[-1])
    inside = [number for number in (first - 1, first, last, last + 1) if 0 <= number < 2**network.max_prefixlen]
    return frozenset(str(kind(number)) for number in inside)
