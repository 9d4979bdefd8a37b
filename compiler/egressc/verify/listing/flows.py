"""Every flow of a project, rule by rule: who, whom, on which ports, why, and how sure the answer is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from egressc.model.flows import Approximation, Direction, PodClass, Policy, Rule, SidedRule
from egressc.model.label_classes import Labels, namespace, only_name, select
from egressc.model.policy import DIRECTIONS, EGRESS_ONLY, Directions, PolicySet, ServicePolicy
from egressc.verify.flows.internet import reaches_internet
from egressc.verify.flows.witnesses import approximations_of
from egressc.verify.flows.words import say_namespaces, say_peer, say_public
from egressc.verify.listing.additions import Addition, GrantedTable
from egressc.verify.listing.entries import DNS, Names, key_of


class FlowClass(StrEnum):
    """How sure an entry is: exactly the table, as good as the cluster's plugin, or not of the table at all."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class ListedFlow:
    """One rule of one service.

    `key` is that of the other end in the values, "DNS", or the peers in words where an extra rule names none.
    `directions`: where the flow is limited; the rule is that of the first. An ingress rule that only repeats what its
    source's own rule says is not listed.
    `reasons` say why it is approximate (an extra rule may have some too). `namespace` is empty unless it is one. `adds`
    is what an extra rule adds to the table.
    """

    service: ServicePolicy
    key: str
    name: str
    namespace: str
    rule: Rule
    flow_class: FlowClass
    reasons: tuple[str, ...]
    purpose: str
    adds: tuple[Addition, ...] = ()
    directions: Directions = EGRESS_ONLY

    @property
    def ends(self) -> tuple[str, str]:
        """Source and destination by key."""
        return (self.service.id, self.key) if self.directions[0] is Direction.EGRESS else (self.key, self.service.id)

    @property
    def pods(self) -> str:
        """The pods of the service in words."""
        return say_peer(PodClass(namespace(self.service.namespace), select(self.service.pod_selector)))

    @property
    def peers(self) -> str:
        """The peers of the rule in words."""
        ends = [say_peer(pods) for pods in self.rule.pods]
        if self.rule.addresses:
            ends.append(say_peer(self.rule.addresses))
        return " or ".join(ends)

    @property
    def in_short(self) -> str:
        """The peers in fewer words, where there are any."""
        return "" if self.rule.pods else say_public(self.rule.addresses)

    @property
    def is_internet(self) -> bool:
        return reaches_internet(self.rule.addresses)


def list_flows(
    policies: PolicySet, intended: Iterable[Policy], extras: Mapping[str, Sequence[SidedRule]], names: Names
) -> Iterator[ListedFlow]:
    """The flows of every service, in order: DNS, destinations by key, callers, then its extra rules.

    `names` has learnt the policies, so an extra rule that opens a known destination is told by its name.
    """
    intended = tuple(intended)
    table = GrantedTable(intended)
    admitted = {
        (service.id, grant.source.key): grant.ports for service in policies.policies for grant in service.callers
    }
    granted = {
        (service.id, grant.destination.key): grant.ports for service in policies.policies for grant in service.grants
    }
    for service, policy in zip(policies.policies, intended, strict=True):
        ends = {it.destination.key: (it.destination.name, it.purpose) for it in service.grants}
        for rule in policy.egress or ():
            key = key_of(rule)
            name, purpose = ends.get(key, (key, f"Name resolution, profile {service.dns.profile}"))
            is_both = key != DNS and admitted.get((key, service.id)) == granted[service.id, key]
            found = _of_table(service, key, name, rule, purpose)
            yield replace(found, directions=DIRECTIONS["both"]) if is_both else found
        ends = {it.source.key: (it.source.name, it.purpose) for it in service.callers}
        for rule in policy.ingress or ():
            if granted.get((rule.name, service.id)) != admitted[service.id, rule.name]:
                found = _of_table(service, rule.name, ends[rule.name][0], rule, ends[rule.name][1])
                yield replace(found, directions=DIRECTIONS["ingress"])
        for direction, rule in extras.get(service.id, ()):
            words = ListedFlow(service, "", "", "", rule, FlowClass.EXTRA, (), "").peers or "nothing"
            key, name = names.peers.get((frozenset(rule.pods), rule.addresses), (words, words))
            adds = table.added_by(direction, rule, policy.subject).parts
            reasons = (*(() if adds else ("adds nothing to the table",)), *approximations_of(rule))
            yield ListedFlow(
                service, key, name, _namespace(rule), rule, FlowClass.EXTRA, reasons, "", adds, (direction,)
            )


def _of_table(service: ServicePolicy, key: str, name: str, rule: Rule, purpose: str) -> ListedFlow:
    reasons = tuple(_reasons(rule))
    found = FlowClass.APPROXIMATE if reasons else FlowClass.EXACT
    return ListedFlow(service, key, name, _namespace(rule), rule, found, reasons, purpose)


def _reasons(rule: Rule) -> Iterator[str]:
    for reason in approximations_of(rule):
        if reason is Approximation.HOST_NAME:
            yield f"{', '.join(rule.hosts)}: these policies cannot name hosts, so addresses are used"
        else:
            yield reason


def _namespace(rule: Rule) -> str:
    found = {_only_place(pods.namespaces) for pods in rule.pods} if not rule.addresses else {""}
    return found.pop() if len(found) == 1 else ""


def _only_place(namespaces: Labels) -> str:
    """The namespace by its name, or by the one label that selects it; empty where it may be several."""
    name = only_name(namespaces)
    if name is None and len(namespaces) == 1:
        return say_namespaces(namespaces).removeprefix("in namespaces ")
    return name or ""
