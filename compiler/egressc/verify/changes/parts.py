"""What one side allows beyond the other: of an entry, and of pods that only one of them isolates."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from egressc.model.address_sets import EVERY_ADDRESS
from egressc.model.endpoints import pods_in
from egressc.model.flows import EVERY_POD, Direction, PodClass, Policy
from egressc.model.pod_classes import ClassIndex, common_pods, pods_without
from egressc.model.port_sets import EVERY_PORT
from egressc.verify.changes.change import FlowChange
from egressc.verify.changes.denied import without_denied
from egressc.verify.flows.policy_index import BothDirections, PolicyIndex
from egressc.verify.flows.regions import Region, take
from egressc.verify.flows.witnesses import approximations, pick_witness
from egressc.verify.listing.entries import ListedEntry


class ComparedPolicies(BothDirections):
    """One of two sets of policies that are compared."""

    def __init__(
        self, policies: Iterable[Policy], denials: Sequence[Policy] = (), *, before_translation: bool = False
    ) -> None:
        """`denials`: what is asked before these policies and denies its flows (see `denied.set_apart`)."""
        policies = tuple(policies)
        super().__init__(policies, before_translation=before_translation)
        named = (rule for policy in policies for rule in policy.egress or () if rule.by_server_name)
        self._by_server_name = tuple(islice(named, 1))
        self._denials = denials
        self._unlike: dict[ComparedPolicies, ClassIndex[None]] = {}

    def ingress_unlike(self, pods: PodClass, other: "ComparedPolicies") -> list[PodClass]:
        """The part of a class, as disjoint classes, whose ingress policies are not the same on both sides.

        Without this look a rule to the whole cluster is held against every ingress policy: minutes for 500 workloads.
        """
        unlike = self._unlike.get(other)
        if unlike is None:
            mine, theirs = self.of[Direction.INGRESS], other.of[Direction.INGRESS]
            subjects = dict.fromkeys((*mine.subjects, *theirs.subjects))
            unlike = ClassIndex((it, None) for it in subjects if not mine.says_the_same(it, theirs))
            self._unlike[other] = unlike
        return _within(pods, (subject for subject, _ in unlike.overlapping(pods)))

    def changes_of(self, region: Region, direction: Direction) -> Iterator[FlowChange]:
        """A region of flows that these policies allow as changes, without those that denials take from it."""
        witness = pick_witness(region, direction)
        provisos = approximations(region, witness, *self._by_server_name)
        part = FlowChange(region.subject, region.peer, region.ports, witness, provisos)
        if self._denials:
            yield from without_denied([part], self._denials, direction, before_translation=self.before_translation)
        else:
            yield part


def parts_of_entry(
    subject: PodClass, entry: ListedEntry, many: ComparedPolicies, few: ComparedPolicies
) -> Iterator[FlowChange]:
    """The flows of an entry that `many` allows and `few` does not.

    Of egress also those that only the other end refuses: the caller's row is where a reader looks for them.
    """
    direction = entry.direction
    denying = few.of[direction]
    for peer, ports in entry.reach.items():
        whole = Region(subject, peer, (ports,))
        if not denying.allows_as_is(subject, peer, ports):
            for isolated in _isolated(subject, denying):
                for region in take(whole._replace(subject=isolated), denying.pieces_over(isolated), direction):
                    yield from _parts(region, direction, many)
        if direction is Direction.EGRESS:
            yield from _refused(whole, many, few)


def parts_of_freedom(
    free: PodClass, many: ComparedPolicies, few: ComparedPolicies, direction: Direction
) -> Iterator[FlowChange]:
    """What pods that `many` does not isolate may do there, and may not under `few`.

    Of other pods one part of it, since there may be as many as there are rules; of addresses all: some are public.
    """
    pieces = few.of[direction].pieces_over(free)
    for everyone, most in ((EVERY_POD, 1), (EVERY_ADDRESS, None)):
        regions = take(Region(free, everyone, (EVERY_PORT,)), pieces, direction)
        yield from islice((part for region in regions for part in _parts(region, direction, many)), most)


def _refused(whole: Region, many: ComparedPolicies, few: ComparedPolicies) -> Iterator[FlowChange]:
    """The flows of an egress region that pass the egress of `few`, and that its ingress refuses.

    Before translation only those whose callers it refuses on every port: others differ in ingress alone.
    """
    called = pods_in(whole.peer)
    if called is None:
        return
    refusing, before = few.of[Direction.INGRESS], few.before_translation
    for peer in few.ingress_unlike(called, many):
        if not _isolated(peer, refusing):
            continue
        for sent in few.of[Direction.EGRESS].passing(whole._replace(peer=peer)):
            for region in many.passed(sent, Direction.EGRESS):
                reached = pods_in(region.peer)
                assert reached is not None, "a flow that passes ingress ends at a pod"
                for guarded in _isolated(reached, refusing):
                    seen_there = region._replace(subject=guarded, peer=region.subject)
                    pieces = refusing.pieces_over(guarded, on_any_port=before)
                    for left in take(seen_there, pieces, Direction.INGRESS):
                        callers = pods_in(left.peer)
                        assert callers is not None, "the callers are pods"
                        yield from many.changes_of(left._replace(subject=callers, peer=left.subject), Direction.EGRESS)


def _isolated(pods: PodClass, side: PolicyIndex) -> list[PodClass]:
    """The part of a class that a side isolates, as disjoint classes."""
    return [pods] if side.isolates(pods) else _within(pods, side.subjects_over(pods))


def _within(pods: PodClass, others: Iterable[PodClass]) -> list[PodClass]:
    """The part of a class that is in some of the others, as disjoint classes."""
    found: list[PodClass] = []
    rest = [pods]
    for other in others:
        found += [part for piece in rest if (part := common_pods(piece, other)) is not None]
        rest = [part for piece in rest for part in pods_without(piece, other)]
    return found


def _parts(region: Region, direction: Direction, many: ComparedPolicies) -> Iterator[FlowChange]:
    # What the other end refuses is not allowed on that side, so it is no difference.
    for part in many.passed(region, direction):
        yield from many.changes_of(part, direction)
