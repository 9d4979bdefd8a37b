"""Policies that only deny, apart from those that allow."""

from dataclasses import replace
from typing import Any

from egressc.model.flows import EVERY_POD, Direction, PodClass, Policy, Precedence, RuleAction
from egressc.model.label_classes import ANY, select_namespaces
from egressc.model.policy import Selector
from egressc.verify.changes.change import FlowChange
from egressc.verify.changes.denied import DeniedFlows, find_denied, set_apart, without_denied
from egressc.verify.changes.find import find_changes
from egressc.verify.flows.words import say_peer, say_ports
from egressc.verify.listing.entries import Names
from oracles.reading import read_policies
from support.tables import each

WEB, OTHERS = {"matchLabels": {"app": "web"}}, {"podSelector": {"matchLabels": {"app": "db"}}}
METADATA, TENANT = {"ipBlock": {"cidr": "169.254.169.254/32"}}, {"namespaceSelector": {"matchLabels": {"tenant": "b"}}}


def policy(name: str, *rules: Any, direction: Direction = Direction.EGRESS) -> Policy:
    metadata, side = {"name": name, "namespace": "shop"}, direction.value
    spec = {"podSelector": WEB, "policyTypes": [side.capitalize()], side: list(rules)}
    (read,) = read_policies(
        [{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}]
    )
    return read


def guardrail(
    *rules: Any,
    order: float = 100,
    action: RuleAction = RuleAction.DENY,
    isolates: frozenset[Direction] = frozenset(),
    direction: Direction = Direction.EGRESS,
) -> Policy:
    """One of the whole cluster."""
    read = policy("guardrail", *rules, direction=direction)
    acting = tuple(replace(rule, action=action) for rule in read.rules(direction) or ())
    precedence = Precedence(-1, order, "guardrail", by_index=True, isolates=isolates)
    return replace(read.with_rules(direction, acting), namespace="", subject=EVERY_POD, precedence=precedence)


ALLOW_FIRST = guardrail({"to": [METADATA]}, order=50, action=RuleAction.ALLOW)
ALLOW_LATER = guardrail({"to": [METADATA]}, order=150, action=RuleAction.ALLOW)


@each(
    ("denying", "beside", "is_apart"),
    [
        (guardrail({"to": [METADATA]}), (), True),
        (guardrail({"to": [METADATA]}), (ALLOW_LATER,), True),
        (guardrail({"to": [METADATA]}), (ALLOW_FIRST,), False),
        (guardrail({"to": [METADATA]}, isolates=frozenset(Direction)), (), False),
        (guardrail({"to": [METADATA]}, action=RuleAction.PASS), (), False),
    ],
)
def test_what_others_can_override_or_what_isolates_is_not_apart(
    denying: Policy, beside: tuple[Policy, ...], is_apart: bool
) -> None:
    web = policy("web", {"to": [OTHERS]})
    denials, others = set_apart([web, *beside, denying])
    assert denials == ([denying] if is_apart else [])
    assert others == [web, *beside, *([] if is_apart else [denying])]


def told(found: list[DeniedFlows]) -> list[str]:
    return [
        f"{it.direction} {say_peer(it.subject)}, {say_peer(it.peer)} {say_ports(it.ports)} {it.is_whole}"
        for it in found
    ]


def test_a_denial_counts_where_it_is_new_and_something_was_allowed() -> None:
    one, both = guardrail({"to": [METADATA]}), guardrail({"to": [METADATA]}, {"to": [TENANT], "ports": [{"port": 80}]})
    web = policy("web", {"to": [OTHERS]})
    egress = "egress all pods in any namespace"
    tenant = f"{egress}, all pods in namespaces tenant=b 80/TCP"
    assert told(find_denied([one], [], [], before_translation=False)) == [f"{egress}, 169.254.169.254/32 any port True"]
    assert told(find_denied([both], [one], [web], before_translation=False)) == [f"{tenant} False"]
    assert told(find_denied([one], [both], [], before_translation=False)) == []
    closed = replace(policy("all"), subject=EVERY_POD)
    assert told(find_denied([both], [], [closed], before_translation=False)) == []
    opened = replace(policy("all", {"to": [METADATA]}), subject=EVERY_POD)
    assert told(find_denied([both], [], [opened], before_translation=False)) == [
        f"{egress}, 169.254.169.254/32 any port False"
    ]


def test_denials_of_ingress_have_a_direction() -> None:
    denying = guardrail({"from": [TENANT]}, direction=Direction.INGRESS)
    assert told(find_denied([denying], [], [], before_translation=False)) == [
        "ingress all pods in any namespace, all pods in namespaces tenant=b any port True"
    ]


def opens(*rules: Any) -> tuple[FlowChange, ...]:
    """What a policy of these rules opens to pods that were denied everything."""
    (change,) = find_changes([policy("web")], [policy("web", *rules)], Names()).flows
    return change.opens


def test_what_is_denied_at_either_end_does_not_open() -> None:
    tenant = [{"to": [TENANT], "ports": [{"port": 80}, {"port": 443}]}]
    assert [say_ports(it.ports) for it in opens(*tenant)] == ["80/TCP, 443/TCP"]
    at_the_source = [guardrail({"to": [TENANT], "ports": [{"port": 80}]})]
    at_the_destination = [
        replace(it, subject=opens(*tenant)[0].peer)  # type: ignore[arg-type]  # pods
        for it in [
            guardrail({"from": [{"namespaceSelector": {}}], "ports": [{"port": 443}]}, direction=Direction.INGRESS)
        ]
    ]
    for denials, before, left in (
        (at_the_source, False, ["443/TCP"]),
        (at_the_source, True, ["443/TCP"]),
        (at_the_destination, False, ["80/TCP"]),
        (at_the_destination, True, ["80/TCP, 443/TCP"]),
        ([*at_the_source, *at_the_destination], False, []),
    ):
        parts = without_denied(opens(*tenant), denials, Direction.EGRESS, before_translation=before)
        assert [say_ports(it.ports) for it in parts] == left


# The guardrail is on both sides, in any order among the policies: only what it leaves is a change.
@each(
    ("before", "after", "left"),
    [
        ((policy("web"),), (policy("web", {"to": [METADATA]}),), []),
        ((policy("web"),), (policy("web", {"to": [METADATA, OTHERS]}),), ["pods app=db in shop any port"]),
        ((policy("web", {"to": [METADATA]}),), (policy("web"),), []),
    ],
)
def test_changes_leave_out_what_is_denied_before_and_after(
    before: tuple[Policy, ...], after: tuple[Policy, ...], left: list[str]
) -> None:
    denying = guardrail({"to": [METADATA]})
    changes = find_changes([denying, *before], [*after, denying], Names())
    assert (changes.new, changes.gone, changes.moved) == ((), (), ())
    parts = [part for it in changes.flows for part in (*it.opens, *it.closes)]
    assert [f"{say_peer(it.peer)} {say_ports(it.ports)}" for it in parts] == left


def test_pods_that_lose_their_policy_reach_what_is_not_denied() -> None:
    denying = guardrail({"to": [{"namespaceSelector": {}}, METADATA]})
    (gone,) = find_changes([denying, policy("web")], [denying], Names()).gone
    (freed,) = gone.freed
    assert [say_peer(it.peer) for it in freed.opens] == ["any IPv4 address but 169.254.169.254/32 and any IPv6 address"]


# A policy of the whole cluster selects namespaces by labels: of those that are known, no pod is supposed to lack them.
@each(
    ("after", "added"),
    [
        ([TENANT], 0),
        ([TENANT, {"namespaceSelector": {"matchLabels": {"tenant": "c"}}}], 1),
    ],
)
def test_pods_that_cannot_exist_change_nothing(after: list[Any], added: int) -> None:
    known = {"shop": {"tenant": "a"}, "data": {"tenant": "b"}}
    denying = guardrail({"to": [{"namespaceSelector": {"matchLabels": {"tenant": "c"}}}]}, order=200)
    web = policy("web", {"to": [{"namespaceSelector": {}}]})

    def side(peers: list[Any]) -> list[Policy]:
        both = [guardrail({"to": peers}, action=RuleAction.ALLOW), denying]
        subject = PodClass(select_namespaces(Selector((("tenant", "a"),))), ANY)
        return [web, *(replace(it, subject=subject) for it in both)]

    changes = find_changes(side([TENANT]), side(after), Names(), known_before=known, known_after=known)
    assert (len(changes.flows), changes.freed, changes.new, changes.gone) == (added, (), (), ())
    assert all(change.opens and not change.closes for change in changes.flows)
