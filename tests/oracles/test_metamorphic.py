"""What must not change the meaning of a policy set, and what may only change it one way."""

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from egressc.model.flows import Difference, DifferenceKind, Direction
from egressc.verify.comparison.compare import compare
from egressc.verify.flows.policy_index import PolicyIndex
from oracles.fuzzing import fuzz
from oracles.reading import read_policies
from oracles.worlds import Manifest, named, policies, policy_sets

_seeds = st.integers(0, 2**32)


def _differences(one: list[Manifest], other: list[Manifest]) -> list[Difference]:
    return compare(read_policies(one), read_policies(other))


@fuzz(100)
@given(policy_sets(), _seeds)
def test_order_never_matters(given_policies: list[Manifest], chosen: int) -> None:
    assert _differences(given_policies, _shuffled(given_policies, random.Random(chosen))) == []  # noqa: S311


def _shuffled(value: Any, chosen: random.Random) -> Any:
    match value:
        case dict():
            return {key: _shuffled(inner, chosen) for key, inner in chosen.sample(list(value.items()), len(value))}
        case list():
            return [_shuffled(inner, chosen) for inner in chosen.sample(value, len(value))]
        case _:
            return value


@fuzz(100)
@given(policy_sets())
def test_names_of_policies_never_matter(given_policies: list[Manifest]) -> None:
    renamed = [{**p, "metadata": {**p["metadata"], "name": f"other-{i}"}} for i, p in enumerate(given_policies)]
    assert _differences(given_policies, renamed) == []


@fuzz(100)
@given(policy_sets(most=3), policies())
def test_a_further_policy_denies_only_where_it_isolates(given_policies: list[Manifest], further: Manifest) -> None:
    before = read_policies(given_policies)
    after = read_policies(named([*given_policies, further]))
    sides = {direction: PolicyIndex(before, direction) for direction in Direction}
    for difference in compare(before, after):
        if difference.kind is DifferenceKind.UNDER:
            # Allowed before, denied now: nothing isolated that pod in that direction before.
            assert difference.policy is None
            assert sides[difference.direction].not_isolated(difference.subject) == [difference.subject]


@fuzz(100)
@given(policy_sets(), _seeds)
def test_another_spelling_means_the_same(given_policies: list[Manifest], chosen: int) -> None:
    generator = random.Random(chosen)  # noqa: S311 - a choice, not a secret
    assert _differences(given_policies, [_respelled(policy, generator) for policy in given_policies]) == []


def _respelled(policy: Manifest, chosen: random.Random) -> Manifest:
    spec = dict(policy["spec"])
    types = spec.get("policyTypes") or (["Ingress", "Egress"] if spec.get("egress") else ["Ingress"])
    spec["policyTypes"] = list(reversed(types))
    spec["podSelector"] = _respelled_selector(spec.get("podSelector", {}))
    for direction, peers in (("egress", "to"), ("ingress", "from")):
        if direction in spec:
            spec[direction] = [
                part for rule in spec[direction] for part in _respelled_rule(rule, peers, policy, chosen)
            ]
    return {**policy, "spec": spec}


def _respelled_rule(rule: Manifest, key: str, policy: Manifest, chosen: random.Random) -> list[Manifest]:
    ports = [part for port in rule.get("ports", []) for part in _respelled_port(port)]
    peers = [_respelled_peer(peer, policy) for peer in rule.get(key, [])]
    if not peers:
        everyone: list[Manifest] = [
            {"namespaceSelector": {}},
            {"ipBlock": {"cidr": "0.0.0.0/0"}},
            {"ipBlock": {"cidr": "::/0"}},
        ]
        peers = chosen.choice([[], everyone])
    if not ports:
        ports = chosen.choice([[], [{"protocol": protocol} for protocol in ("TCP", "UDP", "SCTP")]])
    if peers and chosen.random() < 0.5:
        return [{key: [peer], **({"ports": ports} if ports else {})} for peer in peers]
    return [{**({key: peers} if peers else {}), **({"ports": ports} if ports else {})}]


def _respelled_peer(peer: Manifest, policy: Manifest) -> Manifest:
    if "ipBlock" in peer:
        return peer
    found = {name: _respelled_selector(selector) for name, selector in peer.items()}
    if "namespaceSelector" not in found:
        home = policy["metadata"]["namespace"]
        found["namespaceSelector"] = {"matchLabels": {"kubernetes.io/metadata.name": home}}
    return found


def _respelled_selector(selector: Manifest) -> Manifest:
    labels = [{"key": k, "operator": "In", "values": [v]} for k, v in selector.get("matchLabels", {}).items()]
    return {"matchExpressions": labels + selector.get("matchExpressions", [])}


def _respelled_port(port: Manifest) -> list[Manifest]:
    protocol = port.get("protocol", "TCP")
    if "endPort" in port and port["endPort"] > port["port"]:
        first, last = port["port"], port["endPort"]
        middle = (first + last) // 2
        return [
            {"protocol": protocol, "port": middle + 1, "endPort": last},
            {"protocol": protocol, "port": first, "endPort": middle},
        ]
    return [{**port, "protocol": protocol}]
