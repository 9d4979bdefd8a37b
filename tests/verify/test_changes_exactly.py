"""Changes are told entry by entry, and are those that the exact comparison finds, either way round."""

from hypothesis import given

from egressc.model.flows import Endpoints
from egressc.verify.changes.change import Change, Changes
from egressc.verify.changes.find import find_changes
from egressc.verify.comparison.compare import compare
from egressc.verify.listing.entries import Names
from verify.fuzzing import fuzz
from verify.reading import read_policies
from verify.worlds import Manifest, policy_sets


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


def _hold(old: list[Manifest], new: list[Manifest]) -> None:
    changes = _changes(old, new)
    differences = compare(read_policies(old), read_policies(new))
    if changes.flows or changes.freed:
        assert differences
    if changes.is_empty:
        assert differences == []
    if not (changes.new or changes.gone):
        assert bool(changes.flows or changes.freed) == bool(differences)


def _straight(change: Change) -> tuple[str, str, set[Endpoints], set[Endpoints]]:
    return change.service, str(change.kind), {it.peer for it in change.opens}, {it.peer for it in change.closes}


def _turned(change: Change) -> tuple[str, str, set[Endpoints], set[Endpoints]]:
    service, kind, opens, closes = _straight(change)
    return service, {"added": "removed", "removed": "added"}.get(kind, kind), closes, opens
