"""What changes between the guardrails of two sides: what is no longer denied, and what is denied from now on.

Policies of the cluster that only deny count as guardrails, whoever wrote them (see `denied.set_apart`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from egressc.model.flows import Direction, Policy, Rule, Witness
from egressc.model.known_namespaces import Namespaces, settle
from egressc.verify.changes.denied import regions_of, set_apart
from egressc.verify.flows.internet import reaches_internet
from egressc.verify.flows.policy_index import BothDirections
from egressc.verify.flows.regions import Region, endpoints, region_of, take
from egressc.verify.flows.witnesses import pick_witness


class GuardedSide(NamedTuple):
    """One side: all policies in force, the guardrails that checks alone enforce, and what is known of namespaces."""

    policies: Sequence[Policy]
    checked: Sequence[Policy]
    namespaces: Namespaces


class DeniedRegion(NamedTuple):
    direction: Direction
    region: Region


class _MeantRule(NamedTuple):
    """A rule of a guardrail as it is written, and the flows that it means where namespaces are known."""

    policy: Policy
    direction: Direction
    rule: Rule
    means: tuple[DeniedRegion, ...]


class ComparedRule(NamedTuple):
    """A rule of a guardrail as it is written, and what the guardrail does not deny on the other side."""

    policy: Policy
    direction: Direction
    rule: Rule
    beyond: tuple[DeniedRegion, ...]


@dataclass(frozen=True, slots=True)
class GuardrailChange:
    """A guardrail that one side has alone, or that denies something else or is enforced in another way.

    `opens` and `closes`: what no guardrail of the other side denies. Where policies of the cluster enforce it, these
    are flows: `now_allowed` and `now_denied` are one each that the other policies allow, and `internet` are those
    opened that have public addresses.
    """

    was: Policy | None
    now: Policy | None
    was_in_force: bool
    is_in_force: bool
    old_rules: tuple[ComparedRule, ...]
    new_rules: tuple[ComparedRule, ...]
    opens: tuple[DeniedRegion, ...]
    closes: tuple[DeniedRegion, ...]
    now_allowed: Witness | None
    now_denied: Witness | None
    internet: tuple[DeniedRegion, ...]

    @property
    def subject(self) -> Policy:
        """The newer one that there is."""
        policy = self.now or self.was
        assert policy is not None, "a change is of something"
        return policy


def find_guardrail_changes(
    old: GuardedSide, new: GuardedSide, *, before_translation: bool = False
) -> tuple[GuardrailChange, ...]:
    """By name. Other words for the same denials are no change, nor is another order."""
    before, after = _Denying(old, before_translation), _Denying(new, before_translation)
    changes = (_compare(was, now, before, after) for was, now in _pairs(before.guardrails, after.guardrails))
    return tuple(sorted(filter(None, changes), key=lambda it: it.subject.name))


class _Denying:
    """One side with what it denies; what the other policies allow is looked up only where something differs."""

    def __init__(self, side: GuardedSide, before_translation: bool) -> None:
        self._in_force, self._others = set_apart(side.policies)
        self._namespaces = side.namespaces
        self._before_translation = before_translation
        self._allowing: BothDirections | None = None
        self.guardrails = (*self._in_force, *side.checked)
        self._regions = {
            is_in_force: {direction: self._of(policies, direction) for direction in Direction}
            for is_in_force, policies in ((True, self._in_force), (False, self.guardrails))
        }

    def _of(self, policies: Iterable[Policy], direction: Direction) -> list[Region]:
        settled = settle(policies, self._namespaces)
        return regions_of(settled, direction, before_translation=self._before_translation)

    def has_in_force(self, policy: Policy | None) -> bool:
        return any(it is policy for it in self._in_force)

    def rules_of(self, policy: Policy) -> Iterator[_MeantRule]:
        for side, rule in policy.every_rule():
            alone = policy.with_rules(side, (rule,)).with_rules(side.opposite, None)
            means = (
                DeniedRegion(side, region_of(part.subject, peer, known))
                for part in settle([alone], self._namespaces)
                for _, known in part.every_rule()
                for peer in endpoints(known)
            )
            yield _MeantRule(policy, side, rule, tuple(means))

    def left_of(self, denied: Iterable[DeniedRegion], *, in_force: bool) -> tuple[DeniedRegion, ...]:
        """What of it this side does not deny; `in_force`: by policies of the cluster."""
        known = self._regions[in_force]
        return tuple(DeniedRegion(side, it) for side, whole in denied for it in take(whole, known[side], side))

    def find_allowed(self, denied: Iterable[DeniedRegion]) -> Witness | None:
        """One flow of it that the other policies of this side allow at both ends; None where they allow none."""
        if self._allowing is None:
            others = settle(self._others, self._namespaces)
            self._allowing = BothDirections(others, before_translation=self._before_translation)
        for side, region in denied:
            for sent in self._allowing.of[side].passing(region):
                for it in self._allowing.passed(sent, side):
                    return pick_witness(it, side)
        return None


def _pairs(old: Sequence[Policy], new: Sequence[Policy]) -> Iterator[tuple[Policy | None, Policy | None]]:
    """Guardrails of one name; those of one kind before others."""
    left = list(old)
    later: list[Policy] = []
    for policy in new:
        twin = next((it for it in left if it.key == policy.key), None)
        if twin is None:
            later.append(policy)
            continue
        left.remove(twin)
        yield twin, policy
    for policy in later:
        namesake = next((it for it in left if it.name == policy.name), None)
        if namesake is not None:
            left.remove(namesake)
        yield namesake, policy
    yield from ((it, None) for it in left)


def _compare(was: Policy | None, now: Policy | None, before: _Denying, after: _Denying) -> GuardrailChange | None:
    old = tuple(before.rules_of(was)) if was is not None else ()
    new = tuple(after.rules_of(now)) if now is not None else ()
    old_rules, new_rules = _beyond(old, new), _beyond(new, old)
    was_in_force, is_in_force = before.has_in_force(was), after.has_in_force(now)
    is_alike = was is not None and now is not None and was.kind == now.kind
    if is_alike and not any(it.beyond for it in (*old_rules, *new_rules)):
        return None
    opens = after.left_of((it for rule in old for it in rule.means), in_force=was_in_force)
    closes = before.left_of((it for rule in new for it in rule.means), in_force=is_in_force)
    internet = [it for it in opens if was_in_force and reaches_internet(it.region.peer)]
    internet = [it for it in internet if after.find_allowed([it]) is not None]
    return GuardrailChange(
        was,
        now,
        was_in_force,
        is_in_force,
        old_rules,
        new_rules,
        opens,
        closes,
        after.find_allowed(internet or opens) if was_in_force else None,
        before.find_allowed(closes) if is_in_force else None,
        tuple(internet),
    )


def _beyond(mine: Iterable[_MeantRule], other: Sequence[_MeantRule]) -> tuple[ComparedRule, ...]:
    known = {side: [it.region for rule in other for it in rule.means if it.direction is side] for side in Direction}
    return tuple(
        ComparedRule(
            it.policy,
            it.direction,
            it.rule,
            tuple(DeniedRegion(side, left) for side, whole in it.means for left in take(whole, known[side], side)),
        )
        for it in mine
    )
