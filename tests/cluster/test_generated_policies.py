"""Random policies, made by the chart, enforced by Cilium: every connection ends as the compiler's engine predicts."""

import random
from collections.abc import Mapping
from itertools import product
from typing import Any, Final

import pytest
import yaml

from cluster.policy_chance import AREAS, POD_LABELS, PORTS, egress_values, ingress_policy
from egressc.diagnostics.core import Report
from egressc.helm.choose import open_engine
from egressc.helm.engine import Rendered, RenderJob, ValuesFile
from egressc.model.flows import Endpoint
from egressc.model.flows import Pod as PodFacts
from egressc.model.policy import Protocol
from egressc.source import Source
from egressc.verify.flows.verdicts import Judge
from egressc.verify.manifests.reader import read_manifests
from support.chart_samples import released
from support.flow_tables import ROOT
from testbed.cluster import Cluster, Pod, PodPlan
from testbed.probing import Attempt, Outcome, probe

SEEDS: Final = range(8)
POLICIES_EACH: Final = 9
INSIDE: Final = 320  # of 2,100
OUTWARDS: Final = 120  # of 600
ADDRESSES: Final = (
    *("203.0.113.9", "203.0.113.200", "198.51.100.7", "10.9.8.7", "172.20.0.1"),
    *("2001:db8::7", "2001:db8:1::7", "fd77::1"),
)


@pytest.fixture(scope="module")
def world(cluster: Cluster) -> list[Pod]:
    """Fifteen pods in three namespaces, each answering on every port; two ports have names."""
    cluster.replace_policies([])
    for namespace, labels in AREAS.items():
        cluster.add_namespace(namespace, labels)
    plans = [
        PodPlan(namespace, f"chance-{number}", labels, frozenset(PORTS), (("http", "TCP", 8080), ("dns", "UDP", 53)))
        for namespace in AREAS
        for number, labels in enumerate(POD_LABELS)
    ]
    cluster.add_pods(plans)
    cluster.answer_outside(PORTS)
    cluster.settle()
    return [cluster.pods[plan.namespace, plan.name] for plan in plans]


def test_without_policies_everything_is_allowed(cluster: Cluster, world: list[Pod]) -> None:
    cluster.replace_policies([])
    observed = probe([attempt for attempt, *_ in _connections(random.Random(0), world)])  # noqa: S311
    assert {one.outcome for one in observed} == {Outcome.ANSWERED}


@pytest.mark.parametrize("seed", SEEDS)
def test_packets_go_as_predicted(cluster: Cluster, world: list[Pod], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  nothing secret
    manifests = _manifests(chance)
    cluster.replace_policies([document for document in yaml.safe_load_all(manifests) if document])
    connections = _connections(chance, world)
    report = Report()
    judge = Judge(read_manifests([Source("manifests.yaml", manifests)], report).policies)
    assert not report.has_errors
    predicted = [
        judge.judge(source, target, protocol, port).allowed for _, source, target, protocol, port in connections
    ]
    observed = [one.is_allowed for one in probe([attempt for attempt, *_ in connections])]
    assert 0.1 < sum(observed) / len(observed) < 0.95, "a world where all or nothing is allowed shows little"
    wrong = [
        f"{_say(source)} -> {_say(target)} ({attempt.address}) {protocol}/{port}: not {expected} but {seen}"
        for (attempt, source, target, protocol, port), expected, seen in zip(
            connections, predicted, observed, strict=True
        )
        if expected != seen
    ]
    assert not wrong, "\n".join([*wrong, manifests])


def _manifests(chance: random.Random) -> str:
    """Egress policies as the chart renders them, and some ingress policies, as a stream of documents."""
    jobs = []
    for number in range(POLICIES_EACH):
        name, given, namespace = f"chance-{number}", egress_values(chance), chance.choice(list(AREAS))
        values = Source("values.yaml", yaml.safe_dump(released(given, name, namespace)))
        jobs.append(RenderJob(name, namespace, (ValuesFile(values),)))
    texts = []
    for outcome in open_engine(None, {}).render_fleet(ROOT, jobs):
        assert isinstance(outcome, Rendered), outcome.problem
        texts.append(outcome.text)
    ingress = [ingress_policy(chance, number) for number in range(2)]
    return "\n".join([*texts, yaml.safe_dump_all(ingress, explicit_start=True)])


Connection = tuple[Attempt, PodFacts, Endpoint, Protocol, int]


def _connections(chance: random.Random, world: list[Pod]) -> list[Connection]:
    """A sample of all connections between different pods, and from pods to the outside."""
    between = [
        (one, other, address, port)
        for one, other, port in product(world, world, PORTS)
        for address in (other.address, other.address_6)
        if one is not other
    ]
    outwards = list(product(world, ADDRESSES, PORTS))
    return [
        *(
            _connection(one, address, _facts(other), *port)
            for one, other, address, port in chance.sample(between, INSIDE)
        ),
        *(_connection(one, address, address, *port) for one, address, port in chance.sample(outwards, OUTWARDS)),
    ]


def _connection(source: Pod, address: str, target: Endpoint, protocol: str, port: int) -> Connection:
    return Attempt(source.network, address, protocol, port), _facts(source), target, Protocol(protocol), port


def _facts(pod: Pod) -> PodFacts:
    plan = pod.plan
    named = tuple((name, Protocol(protocol), port) for name, protocol, port in plan.named)
    return PodFacts(plan.namespace, plan.labels, AREAS[plan.namespace], plan.name, named)


def _say(end: Endpoint) -> str:
    return f"{end.namespace}/{end.name} {_pairs(end.labels)}" if isinstance(end, PodFacts) else end


def _pairs(labels: Mapping[str, Any]) -> str:
    return ",".join(f"{key}={value}" for key, value in labels.items())
