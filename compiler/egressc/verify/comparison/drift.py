"""A cluster against what it should hold: policies that are missing, older, edited, or widened by others."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from egressc.diagnostics import live
from egressc.diagnostics.core import Report
from egressc.dialects.reading import PartObject
from egressc.model.flows import Difference, DifferenceKind, Policy
from egressc.source import Span
from egressc.verify.comparison.compare import compare
from egressc.verify.flows.words import say_witness
from egressc.verify.manifests.places import policy_place, rule_place

Name = tuple[str, str]
"""Namespace and name of a policy, as `Policy.key` has them."""


def mean_the_same(one: Sequence[Policy], other: Sequence[Policy], *, before_translation: bool = False) -> bool:
    """Whether two sets of policies allow the same flows, and are asked at the same place among others."""
    return not compare(one, other, before_translation=before_translation) and _moved(one, other) is None


def _moved(one: Sequence[Policy], other: Sequence[Policy]) -> Policy | None:
    """The first policy of the other set that comes before or after other policies than its namesake."""
    names = by_name(one)
    return next((it for it in other if it.key in names and it.precedence != names[it.key].precedence), None)


def differing_part(one: Mapping[Name, PartObject], other: Mapping[Name, PartObject]) -> tuple[str, str] | None:
    """The first object, by kind and by namespace with name, that two sets do not have alike; None where they do."""
    for key in sorted({*one, *other}):
        mine, theirs = one.get(key), other.get(key)
        if mine is None or theirs is None or mine.spec != theirs.spec:
            held = mine or theirs
            assert held is not None, "the key is of one of them"
            namespace, name = key
            return held.kind, f"{namespace}/{name.removeprefix(f'{held.kind} ')}"
    return None


def report_missing(
    service: str, place: Span, wanted: Iterable[Name], found: Collection[Name], installed: str, report: Report
) -> bool:
    """EG642 for each policy that the cluster lacks; whether one is lacking. `installed` names the release, or is ""."""
    lacking = sorted(set(wanted) - set(found))
    for namespace, name in lacking:
        report.add(live.missing_policy(place, f"{namespace}/{name}".removeprefix("/"), installed, service=service))
    return bool(lacking)


def report_edits(
    service: str,
    stored: Sequence[Policy],
    found: Sequence[Policy],
    report: Report,
    *,
    before_translation: bool = False,
) -> bool:
    """EG644 for the first flow in which the live policies differ from what their release holds, or the first of them
    that comes at another place; whether they differ.
    """
    difference = next(iter(compare(stored, found, before_translation=before_translation)), None)
    if difference is None:
        moved = _moved(stored, found)
        if moved is not None:
            verdict = "comes before or after other policies than in its release"
            report.add(live.edited_policy(policy_place(moved), _title(moved), "it", verdict, service=service))
        return moved is not None
    policy = _named(difference, found)
    place = _place(difference, policy_place(policy))
    flow = say_witness(difference.witness)
    verdict = (
        "is allowed, but its release denies it" if _is_over(difference) else "is denied, but its release allows it"
    )
    report.add(live.edited_policy(place, _title(policy), flow, verdict, service=service))
    return True


def report_outdated(
    service: str,
    row: Span,
    wanted: Sequence[Policy],
    installed: Sequence[Policy],
    report: Report,
    *,
    before_translation: bool = False,
) -> bool:
    """EG643 for the first flow in which what is installed differs from what the sources give, or the first policy that
    comes at another place; whether they differ.
    """
    difference = next(iter(compare(wanted, installed, before_translation=before_translation)), None)
    if difference is None:
        moved = _moved(wanted, installed)
        if moved is not None:
            verdict = "comes before or after other policies than in them"
            report.add(live.outdated_policy(row, _title(moved), "it", verdict, service=service))
        return moved is not None
    policy = _named(difference, installed or wanted)
    flow = say_witness(difference.witness)
    verdict = "is allowed, but they deny it" if _is_over(difference) else "is denied, but they allow it"
    report.add(live.outdated_policy(_place(difference, row), _title(policy), flow, verdict, service=service))
    return True


def report_widening(
    intended: Iterable[Policy],
    found: Iterable[Policy],
    ours: Collection[Name],
    report: Report,
    *,
    before_translation: bool = False,
) -> None:
    """EG645 for each service and each policy of others that lets its pods reach what its sources do not ask for."""
    told: set[tuple[str, Name]] = set()
    for difference in compare(intended, found, of_intended_only=True, before_translation=before_translation):
        policy, rule = difference.policy, difference.rule
        if not _is_over(difference) or policy is None or rule is None or policy.key in ours:
            continue
        service = difference.against[0].name
        if (service, policy.key) in told:
            continue
        told.add((service, policy.key))
        place = rule_place(policy, rule, difference.direction)
        report.add(live.widening_policy(place, _title(policy), say_witness(difference.witness), service=service))


def by_name(policies: Iterable[Policy]) -> Mapping[Name, Policy]:
    return {policy.key: policy for policy in policies}


def _is_over(difference: Difference) -> bool:
    return difference.kind is DifferenceKind.OVER


def _place(difference: Difference, otherwise: Span) -> Span:
    """The rule that opens what should be closed; a rule that opens what should be open stands elsewhere."""
    if _is_over(difference) and difference.policy is not None and difference.rule is not None:
        return rule_place(difference.policy, difference.rule, difference.direction)
    return otherwise


def _named(difference: Difference, found: Sequence[Policy]) -> Policy:
    """The policy to speak of: the one that opens, or should open, else one that closes, else the first there is."""
    policy = difference.policy
    if _is_over(difference) and policy is not None:
        return policy
    same = (it for it in found if policy is not None and it.key == policy.key)
    return next(iter((*same, *difference.against, *found)))


def _title(policy: Policy) -> str:
    return policy.title
