"""Random projects of services that limit egress, ingress, or both, compiled and rendered by Helm: every row, both ways.

What each row should come to is counted here from the rows alone: a connection is allowed where each end lets it
through, and an end that a policy limits lets through what rows grant. NCA says what the rendered policies allow.
"""

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from egressc.diagnostics.core import Report
from egressc.emit.values import emit_values
from egressc.helm.chart import own_chart
from egressc.helm.embedded import EmbeddedEngine
from egressc.helm.engine import RenderJob, ValuesFile
from egressc.model.address_sets import holds
from egressc.model.policy import Direction, PolicySet, Protocol
from egressc.model.port_sets import NO_NAMES, has_port
from egressc.source import Source, Span
from egressc.verify.comparison.proof import prove
from egressc.verify.listing.connections import list_connections
from oracles.fuzzing import fuzz
from oracles.reading import read
from oracles.test_against_nca import ours
from oracles.worlds import Manifest
from support.compiled import compile_text, services
from support.nca_oracle import Answer, allows, ask

HOMES = {"a": "x", "b": "x", "c": "y", "d": "y"}
STORES = ("a", "b")
OUTSIDE = {"Prometheus": "monitoring/prometheus", "Office": "192.0.2.7"}
PORTS = (80, 81, 82)
LABELS = {"a": {"app": "a", "tier": "store"}, "b": {"app": "b", "tier": "store"}, "c": {"app": "c"}, "d": {"app": "d"}}

Flow = tuple[str, str, int]


class Random(NamedTuple):
    """A project: `sides` are the directions of each service, `rows` its flows; "stores" as a destination is a and b."""

    sides: dict[str, str]
    rows: list[Flow]

    def limits(self, name: str, direction: Direction) -> bool:
        return self.sides.get(name) in (direction.value, "both")

    def grants(self) -> set[Flow]:
        return {(s, it, port) for s, d, port in self.rows for it in (STORES if d == "stores" else (d,))}

    def allows(self, flow: Flow) -> bool:
        source, destination, _ = flow
        is_closed = self.limits(source, Direction.EGRESS) or self.limits(destination, Direction.INGRESS)
        return not is_closed or flow in self.grants()

    def compile(self) -> PolicySet:
        entries = "".join(
            f"  {name}: {{directions: {side}, selector: {json.dumps(LABELS[name])}}}\n"
            for name, side in self.sides.items()
        )
        catalog = (
            f"destinations:\n{entries}"
            "  stores: {namespace: x, selector: {tier: store}, ports: [80]}\n"
            "  Prometheus: {namespace: monitoring, selector: {app: prometheus}, policy: none}\n"
            "  Office: {addresses: [192.0.2.0/24], policy: none}\n"
        )
        text = services(*(f"{it} | {home} | None" for it, home in HOMES.items()), header="Service | Namespace | Calls")
        text += services(*(f"{s} | {d} | {port}" for s, d, port in self.rows), header="From | To | Port")
        policies, report = compile_text(text, catalog)
        assert policies is not None, report.sorted()
        return policies


names = st.sampled_from([*HOMES])
projects = st.builds(
    Random,
    st.fixed_dictionaries(dict.fromkeys(HOMES, st.sampled_from(["egress", "ingress", "both"]))),
    st.lists(
        st.tuples(names | st.sampled_from([*OUTSIDE]), names | st.just("stores"), st.sampled_from(PORTS)),
        min_size=1,
        max_size=8,
    ),
)


@pytest.fixture(scope="module")
def engine() -> EmbeddedEngine:
    return EmbeddedEngine()


def render(policies: PolicySet, engine: EmbeddedEngine) -> Iterator[Manifest]:
    for values in emit_values(policies, schema_path="schema.json"):
        service = values.service
        source = Source(values.file_name, values.new_text)
        text = engine.render(own_chart(), RenderJob(service.id, service.namespace, (ValuesFile(source),)))
        yield from (document for document in yaml.safe_load_all(text) if document)


def cluster() -> Iterator[Manifest]:
    for name in ("x", "y", "monitoring"):
        metadata = {"name": name, "labels": {"kubernetes.io/metadata.name": name}}
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
    pods = [*((HOMES[name], name, labels) for name, labels in LABELS.items())]
    pods += [("monitoring", "prometheus", {"app": "prometheus"}), ("y", "prometheus", {"app": "prometheus"})]
    for namespace, name, labels in pods:
        metadata = {"name": name, "namespace": namespace, "labels": labels}
        containers = [{"name": "main", "image": "any"}]
        yield {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": containers}}


def is_open(answer: Answer, flow: Flow) -> bool:
    """What NCA says of a flow between two names of the project."""
    (source, destination), port = (_pod(it) for it in flow[:2]), flow[2]
    if "/" in source:
        return allows(answer, source, destination, Protocol.TCP, port)
    cells = answer.get(("", destination), {})
    assert isinstance(cells, dict), "the outside has addresses"
    return any(has_port(ports, Protocol.TCP, port, NO_NAMES) and holds(held, source) for ports, held in cells.items())


def _pod(name: str) -> str:
    return OUTSIDE.get(name) or f"{HOMES[name]}/{name}"


@fuzz(40)
@given(project=projects)
def test_every_row_holds_both_ways(
    project: Random, engine: EmbeddedEngine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder: Path = tmp_path_factory.getbasetemp()
    policies = project.compile()
    rendered = list(render(policies, engine))
    found = read([*cluster(), *rendered])
    answer = ask([*cluster(), *rendered], folder)
    assert ours(list_connections(found.policies, found.pods)) == answer
    for source, destination, port in product((*HOMES, *OUTSIDE), (*HOMES, *OUTSIDE), PORTS):
        if source != destination and "Office" not in (destination, *((source,) if destination in OUTSIDE else ())):
            flow = source, destination, port
            assert is_open(answer, flow) == project.allows(flow), flow
    for flow in project.grants():
        if flow[0] != flow[1]:
            assert is_open(answer, flow), flow
    report = Report()
    for beside_others in (False, True):
        place = Span(Source("m.yaml", ""), 0, 0)
        proof = prove(policies, found, {}, report, place=place, beside_others=beside_others)
        assert proof is not None
        assert (proof.holds, report.sorted()) == (True, [])
