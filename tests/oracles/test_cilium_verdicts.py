"""Policies of Cilium and of Kubernetes together: our reading decides each connection as Cilium's own engine does."""

import json
import math
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from egressc.diagnostics.core import Report
from egressc.model.flows import Endpoint, Pod, Policy, RuleAction
from egressc.model.host_sets import ENTITY
from egressc.model.policy import Protocol
from egressc.source import Source
from egressc.verify.flows.precedence import place_of, precedence_of
from egressc.verify.flows.verdicts import Guard, Judge
from egressc.verify.manifests.reader import read_manifests
from oracles.cilium_chance import FLOWS, NAMESPACES, OUTSIDE, PODS, WORLD, policies
from oracles.fuzzing import fuzz
from testbed.policy_engine import Flow, Place, PolicyEngine

# More sets of policies tell more than all the flows of each: a rule that is misread is so for many flows.
ASKED = 300


@fuzz(1000)
@given(chance=st.integers(0, 2**32 - 1))
def test_every_connection_is_decided_as_by_cilium(policy_engine: PolicyEngine, chance: int) -> None:
    drawn = random.Random(chance)  # noqa: S311 - chance, not secrecy
    manifests = policies(drawn)
    flows = drawn.sample(FLOWS, ASKED)
    answer = policy_engine.ask(manifests, WORLD, flows)
    report = Report()
    texts = "---\n".join(f"{json.dumps(it)}\n" for it in manifests)
    read = read_manifests([Source("policies.yaml", texts)], report, is_live=True)  # names need no DNS rule here
    if answer.refused:
        assert report.has_errors, (answer.refused, texts)
        return
    assert not report.has_errors, ([it.message for it in report.diagnostics], texts)
    judge = Judge(read.policies)
    is_one_sided = _decides_about_one_family(read.policies)
    for flow, expected in zip(flows, answer.verdicts, strict=True):
        if is_one_sided and any(
            name in OUTSIDE and _has_name(OUTSIDE[name]) for name in (flow.source, flow.destination)
        ):
            continue  # nobody knows of which family the address of a name is, so our reading closes it
        assert _is_allowed(judge, flow) == expected, (flow, expected, texts)


def _decides_about_one_family(policies: tuple[Policy, ...]) -> bool:
    """Whether some rule that is asked before others meets most addresses of IPv4 or of IPv6, and not those of both."""
    decided = [
        rule.addresses
        for it in policies
        for _, rule in it.every_rule()
        if rule.action is not RuleAction.ALLOW or (it.precedence is not None and it.precedence.by_index)
    ]
    families = [(it._replace(v6=()), it._replace(v4=())) for it in decided]
    return any(v4.is_most_addresses != v6.is_most_addresses for v4, v6 in families)


def _has_name(place: Place) -> bool:
    return bool(place.hosts or place.entity)


def _is_allowed(judge: Judge, flow: Flow) -> bool:
    """A place by its address, by its name or as an entity: the rule that is asked first decides, whichever it meets."""
    verdicts = [
        judge.judge(source, destination, Protocol(flow.protocol), flow.port)
        for source in _ends(flow.source)
        for destination in _ends(flow.destination)
    ]
    sides = [it.egress for it in verdicts], [it.ingress for it in verdicts]
    asked = ([guard for guard in side if guard is not None] for side in sides)
    return all(min(guards, key=_place).allows for guards in asked if guards)


def _place(guard: Guard) -> tuple[float | str, ...]:
    """Where it is decided: what isolates comes after all rules of its tier."""
    if not guard.deciding:
        return (0 if guard.isolates else math.inf, math.inf)
    policy, rule = guard.deciding[0].policy, guard.deciding[0].rule
    return (precedence_of(policy).tier, *place_of(policy, rule))


def _ends(name: str) -> list[Endpoint]:
    if name in PODS:
        pod: Any = PODS[name]
        ports = tuple((it.name, Protocol(it.protocol), it.port) for it in pod.ports)
        return [Pod(pod.namespace, pod.labels, NAMESPACES[pod.namespace], ports=ports)]
    place = OUTSIDE[name]
    known = [place.address, *place.hosts, f"{ENTITY}{place.entity}" if place.entity else ""]
    return [it for it in known if it]
