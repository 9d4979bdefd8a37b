"""Changes are told entry by entry, and are those that the exact comparison finds, either way round."""

import json
import random
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from egressc.model.address_sets import holds
from egressc.model.flows import DifferenceKind, Direction, Endpoints, PodClass
from egressc.model.known_namespaces import Namespaces, settle
from egressc.model.label_classes import matches
from egressc.model.policy import Protocol
from egressc.model.port_sets import has_port
from egressc.verify.changes.change import Change, Changes, FlowChange, Freed
from egressc.verify.changes.find import find_changes
from egressc.verify.comparison.compare import compare
from egressc.verify.listing.entries import Names
from oracles.fuzzing import fuzz
from oracles.naive import Spot, is_allowed
from oracles.reading import read_policies
from oracles.test_compare_exactly import Flow, single_flows, witnessed
from oracles.worlds import Manifest, policy_sets


def _changes(old: list[Manifest], new: list[Manifest]) -> Changes:
    return find_changes(read_policies(old), read_policies(new), Names())


def _reworded(policies: list[Manifest]) -> list[Manifest]:
    """The same pods isolated by policies of other names, with the rules of the next policy."""
    specs = [policy["spec"] for policy in policies]
    rules = [{key: spec[key] for key in ("egress", "ingress") if key in spec} for spec in specs]
    turned = rules[1:] + rules[:1]
    kept = ("podSelector", "policyTypes")
    return [
        {
            **policy,
            "metadata": {**policy["metadata"], "name": f"{policy['metadata']['name']}-new"},
            "spec": {**{key: spec[key] for key in kept if key in spec}, **other},
        }
        for policy, spec, other in zip(policies, specs, turned, strict=True)
    ]


@fuzz(150)
@given(policy_sets(), policy_sets())
def test_a_change_is_a_difference_and_no_change_is_none(old: list[Manifest], new: list[Manifest]) -> None:
    _hold(old, new)


@fuzz(150)
@given(policy_sets())
def test_services_that_stay_differ_exactly_where_the_comparison_says(old: list[Manifest]) -> None:
    _hold(old, _reworded(old))


places = st.fixed_dictionaries(
    {},
    optional={
        name: st.fixed_dictionaries(
            {}, optional={"env": st.sampled_from(["prod", "test"]), "team": st.sampled_from(["core", "two"])}
        )
        for name in ("x", "y", "z")
    },
)


@fuzz(150)
@given(policy_sets(), policy_sets(), places, places)
def test_labels_of_known_namespaces_count_on_their_side(
    old: list[Manifest], new: list[Manifest], before: Namespaces, after: Namespaces
) -> None:
    for later in (new, old):
        changes = find_changes(
            read_policies(old), read_policies(later), Names(), known_before=before, known_after=after
        )
        differences = compare(settle(read_policies(old), before), settle(read_policies(later), after))
        assert changes.is_empty == (differences == [])
        assert changes.widens == any(it.kind is DifferenceKind.OVER for it in differences)


@fuzz(150)
@given(policy_sets(), policy_sets())
def test_what_one_way_opens_the_other_closes(old: list[Manifest], new: list[Manifest]) -> None:
    there, back = _changes(old, new), _changes(new, old)
    assert [_turned(change) for change in there.flows] == [_straight(change) for change in back.flows]
    assert {it.service for it in there.new} == {it.service for it in back.gone}
    assert {it.service for it in there.gone} == {it.service for it in back.new}


@fuzz(150)
@given(policy_sets())
def test_nothing_changes_against_itself(policies: list[Manifest]) -> None:
    assert _changes(policies, list(reversed(policies))).is_empty


@fuzz(150)
@given(policy_sets(), policy_sets(), st.integers(0, 2**32))
def test_every_single_flow_that_changes_is_in_a_part_of_some_change(
    old: list[Manifest], new: list[Manifest], chosen: int
) -> None:
    changes = _changes(old, new)
    parts = list(_parts(changes))
    for opens, _, part in parts:
        assert witnessed(new, part.witness) is opens, part.witness
        assert witnessed(old, part.witness) is not opens, part.witness
    freed = list(_freed(changes))
    # A port that needs two names at once, one for each end's rule, shows with one: a part may then say too much.
    is_plain = not any(name in json.dumps(old + new) for name in ("http", "metrics", "nobody-serves"))
    for flow in single_flows(400, random.Random(chosen)):  # noqa: S311 - a sample, not a secret
        before, after = is_allowed(old, *flow), is_allowed(new, *flow)
        told = {opens for opens, direction, part in parts if _is_in(part, direction, flow)}
        free = {bool(it.opens) for it in freed if _is_free(it, flow)}
        if before != after:
            assert after in told | free, flow
        if is_plain and told:
            assert before != after, flow
            assert told == {after}, flow


def _parts(changes: Changes) -> Iterator[tuple[bool, Direction, FlowChange]]:
    services = (*changes.new, *changes.gone)
    for change in (*changes.flows, *(entry for service in services for entry in service.entries)):
        for opens, parts in ((True, change.opens), (False, change.closes)):
            yield from ((opens, change.entry.direction, part) for part in parts)
    for freed in _freed(changes):
        for opens, parts in ((True, freed.opens), (False, freed.closes)):
            yield from ((opens, freed.direction, part) for part in parts)


def _freed(changes: Changes) -> Iterator[Freed]:
    yield from changes.freed
    for service in (*changes.new, *changes.gone):
        yield from service.freed


def _is_in(part: FlowChange, direction: Direction, flow: Flow) -> bool:
    source, destination, protocol, port, names = flow
    guarded, other = (source, destination) if direction is Direction.EGRESS else (destination, source)
    on_port = has_port(part.ports, Protocol(protocol), port, names)
    return _is_end(part.subject, guarded) and _is_end(part.peer, other) and on_port


def _is_free(freed: Freed, flow: Flow) -> bool:
    guarded = flow[0] if freed.direction is Direction.EGRESS else flow[1]
    return any(_is_end(pods, guarded) for pods in freed.pods)


def _is_end(ends: Endpoints, end: Spot | str) -> bool:
    if isinstance(ends, PodClass):
        return isinstance(end, Spot) and matches(ends.namespaces, end.place) and matches(ends.pods, end.labels)
    return isinstance(end, str) and holds(ends, end)


def _hold(old: list[Manifest], new: list[Manifest]) -> None:
    changes = _changes(old, new)
    differences = compare(read_policies(old), read_policies(new))
    assert changes.is_empty == (differences == [])
    assert changes.widens == any(it.kind is DifferenceKind.OVER for it in differences)


def _straight(change: Change) -> tuple[str, str, set[Endpoints], set[Endpoints]]:
    return change.service, str(change.kind), {it.peer for it in change.opens}, {it.peer for it in change.closes}


def _turned(change: Change) -> tuple[str, str, set[Endpoints], set[Endpoints]]:
    service, kind, opens, closes = _straight(change)
    return service, {"added": "removed", "removed": "added"}.get(kind, kind), closes, opens
