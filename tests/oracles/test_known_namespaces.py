"""With some namespaces known, the comparison is exact for every cluster that has them as they are given."""

import random

from hypothesis import given
from hypothesis import strategies as st

from egressc.model.flows import DifferenceKind, Endpoint, Pod
from egressc.model.known_namespaces import settle
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.verify.comparison.compare import compare
from oracles.fuzzing import fuzz
from oracles.naive import Spot, is_allowed
from oracles.reading import read_policies
from oracles.test_compare_exactly import Flow, single_flows
from oracles.worlds import NAMESPACES, Manifest, policy_sets

SAMPLE = 3_000

_KNOWN = st.sets(st.sampled_from(sorted(NAMESPACES))).map(lambda names: {name: NAMESPACES[name] for name in names})


def _placed(end: Spot | str, known: dict[str, dict[str, str]]) -> Spot | str:
    """An end in its namespace as that is known."""
    if isinstance(end, str) or end.namespace not in known:
        return end
    return Spot(end.namespace, {**known[end.namespace], NAMESPACE_NAME: end.namespace}, end.labels)


def _spot(end: Endpoint, known: dict[str, dict[str, str]]) -> Spot | str:
    return end if isinstance(end, str) else _placed(Spot(end.namespace, end.place(), end.labels), known)


@fuzz(150)
@given(policy_sets(), policy_sets(), _KNOWN, st.integers(0, 2**32))
def test_differences_are_those_of_single_flows_where_namespaces_are_known(
    intended: list[Manifest], rendered: list[Manifest], known: dict[str, dict[str, str]], chosen: int
) -> None:
    settled = [settle(read_policies(policies), known) for policies in (intended, rendered)]
    differences = compare(*settled)
    kinds = {difference.kind for difference in differences}
    for difference in differences:
        witness = difference.witness
        ends = _spot(witness.source, known), _spot(witness.destination, known)
        flow: Flow = (*ends, witness.protocol.value, witness.port, witness.port_names)
        is_over = difference.kind is DifferenceKind.OVER
        assert is_allowed(rendered, *flow) == is_over, witness
        assert is_allowed(intended, *flow) != is_over, witness
        # Nothing is supposed of a namespace that is known.
        pods = [end for end in (witness.source, witness.destination) if isinstance(end, Pod)]
        assert not any(pod.supposed or pod.namespace_labels for pod in pods if pod.namespace in known)
    for source, destination, protocol, port, names in single_flows(SAMPLE, random.Random(chosen)):  # noqa: S311 - a sample, not a secret
        flow = (_placed(source, known), _placed(destination, known), protocol, port, names)
        wanted, actual = is_allowed(intended, *flow), is_allowed(rendered, *flow)
        if actual and not wanted:
            assert DifferenceKind.OVER in kinds, flow
        if wanted and not actual:
            assert DifferenceKind.UNDER in kinds, flow


@fuzz(100)
@given(policy_sets())
def test_what_is_not_known_changes_nothing(policies: list[Manifest]) -> None:
    read = read_policies(policies)
    assert settle(read, {}) == read
    assert compare(settle(read, NAMESPACES), settle(read, NAMESPACES)) == []
