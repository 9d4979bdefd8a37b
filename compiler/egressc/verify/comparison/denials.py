"""Rows that say no against the manifests: nothing lets such a flow through, not even what an operator may add.

A flow that the service's own rows ask for is an exception of a wider denial. Pods that no policy isolates are reported
as such (EG622), and nothing is shown to be closed to them.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from egressc.diagnostics import proof
from egressc.diagnostics.core import Diagnostic, Label
from egressc.model.address_sets import NO_ADDRESSES, opens_names
from egressc.model.endpoints import addresses_in, intersect
from egressc.model.flows import Difference, Direction, Endpoints, PodClass, Policy, Rule, Witness
from egressc.model.pod_classes import common_pods
from egressc.model.release_kinds import NAMESPACES
from egressc.verify.flows.policy_index import BothDirections, PolicyIndex
from egressc.verify.flows.regions import Region, endpoints, region_of, take
from egressc.verify.flows.witnesses import approximations, pick_witness
from egressc.verify.flows.words import say_suppositions, say_witness
from egressc.verify.manifests.places import rule_name, rule_place

_MOST_ROWS = 10


def shared_ends(opened: Endpoints, closed: Endpoints) -> Endpoints | None:
    """What is in both: a host that is denied by name is wherever it is, so in the internet."""
    denied, allowed = addresses_in(closed), addresses_in(opened)
    if opens_names(allowed, denied):
        return NO_ADDRESSES._replace(hosts=denied.hosts)
    return intersect(opened, closed)


class _Opening(NamedTuple):
    """A rendered rule that lets through what a rule of `denying` denies, and a flow that shows it."""

    policy: Policy
    rule: Rule
    direction: Direction
    denying: Policy
    denied: Rule
    region: Region
    witness: Witness


class Denials:
    """What rows deny, held against rendered policies; all of them settled by the same namespaces."""

    def __init__(
        self,
        denied: Sequence[Policy],
        intended: Iterable[Policy],
        rendered: Sequence[Policy],
        *,
        before_translation: bool = False,
        blamed: Container[str] | None = None,
    ) -> None:
        """`denied` are policies that open what is denied (see `intend_denials`); `intended` has the extra rules too.

        `blamed`: sources whose policies are looked at; None for all.
        """
        self._blamed = blamed
        self._denied = denied
        self._intended = {policy.name: policy for policy in intended} if denied else {}
        self._open: set[tuple[str, Direction, int]] = set()
        self._telling: set[tuple[int, int]] = set()
        self._rendered = BothDirections(rendered if denied else (), before_translation=before_translation)

    def report(self) -> list[Diagnostic]:
        """EG624 for each rendered rule that lets a denied flow through; at an extra rule, where it is one."""
        by_rule: dict[tuple[int, int], list[_Opening]] = {}  # policies may share a rule
        for opening in self._openings():
            self._open.add((opening.denying.name, opening.direction, opening.denied.index))
            by_rule.setdefault((id(opening.policy), id(opening.rule)), []).append(opening)
        self._telling.update(by_rule)
        return [self._describe(openings) for openings in by_rule.values()]

    def count_closed(self) -> int:
        """How many denials hold, by service and row; known once they were reported."""
        return sum(
            (policy.name, direction, rule.index) not in self._open
            for policy in self._denied
            for direction, rule in policy.every_rule()
            if not self._rendered.of[direction].not_isolated(policy.subject)
        )

    def tells(self, difference: Difference) -> bool:
        """Whether the rule that makes a difference is reported as one that lets through what a row denies."""
        return (id(difference.policy), id(difference.rule)) in self._telling

    def _openings(self) -> Iterator[_Opening]:
        for denying, direction in product(self._denied, Direction):
            if denying.rules(direction) is None:
                continue
            granted = PolicyIndex(self._asked(denying.name, direction), direction)
            own = self._intended[denying.name]
            side = self._rendered.of[direction]
            for subject in side.subjects_over(denying.subject):
                pods = common_pods(subject, denying.subject)
                assert pods is not None, "the subject was found by its overlap"
                for policy, rule in side.rules(subject):
                    if self._blamed is not None and policy.origin.source.name not in self._blamed:
                        continue
                    if not all(granted.allows_as_is(own.subject, peer, rule.ports) for peer in endpoints(rule)):
                        yield from self._opened(policy, rule, pods, denying, granted)

    def _asked(self, name: str, direction: Direction) -> Iterator[Policy]:
        """What rows ask for in spite of a denial: those of the service itself, or of all services of a namespace."""
        own = self._intended[name]
        for policy in self._intended.values():
            is_of_namespace = name.startswith(f"{NAMESPACES.folder}/") and "/" not in policy.name
            if policy is own or (is_of_namespace and policy.namespace == own.namespace):
                rules = policy.rules(direction) or ()
                yield policy.with_rules(direction, tuple(rule for rule in rules if not rule.is_extra))

    def _opened(
        self, policy: Policy, rule: Rule, pods: PodClass, denying: Policy, granted: PolicyIndex
    ) -> Iterator[_Opening]:
        """Each denial of a service that a rule for these pods of it opens, with one flow."""
        direction = granted.direction
        for denied in denying.rules(direction) or ():
            region = next(self._regions(rule, pods, denied, granted), None)
            if region is not None:
                witness = pick_witness(region, direction)
                yield _Opening(policy, rule, direction, denying, denied, region, witness)

    def _regions(self, rule: Rule, pods: PodClass, denied: Rule, granted: PolicyIndex) -> Iterator[Region]:
        pieces = granted.pieces_over(pods)
        for opened in endpoints(rule):
            for closed in endpoints(denied):
                peer = shared_ends(opened, closed)
                if peer is not None:
                    opening = region_of(pods, peer, rule)
                    opening = opening._replace(inside=(*opening.inside, denied.ports))
                    for region in take(opening, pieces, granted.direction):
                        yield from self._rendered.passed(region, granted.direction)

    def _describe(self, openings: Sequence[_Opening]) -> Diagnostic:
        first = openings[0]
        policy, rule = first.policy, first.rule
        extra = self._extra(first)
        rows = {origin for it in openings for origin in it.denied.origins}
        rows_by_place = sorted(rows, key=lambda it: it.order)
        return proof.open_denial(
            extra.origins[0] if extra else rule_place(policy, rule, first.direction),
            say_witness(first.witness),
            "this extra rule allows it" if extra else f"{rule_name(policy, rule, first.direction)} allows it",
            tuple(Label(origin, "denied here") for origin in rows_by_place[:_MOST_ROWS]),
            service=first.denying.name,
            destination=first.denied.name,
            provisos=proof.Provisos(
                "; ".join(approximations(first.region, first.witness, rule)), say_suppositions(first.witness)
            ),
        )

    def _extra(self, opening: _Opening) -> Rule | None:
        """The extra rule of the service that was rendered into this one."""
        rule = opening.rule
        for own in self._intended[opening.denying.name].rules(opening.direction) or ():
            if own.is_extra and (own.pods, own.addresses, own.ports) == (rule.pods, rule.addresses, rule.ports):
                return own
        return None
