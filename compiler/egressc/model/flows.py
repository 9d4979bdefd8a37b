"""Policies as flows: who may reach whom, for any pod that could exist. Sources and manifests are both read into these.

A flow is one connection attempt: a source (a pod or an address), a destination (likewise), a protocol and a port.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from egressc.model.address_sets import AddressSet
from egressc.model.dialects import NETWORK_POLICY, STAGED_KINDS
from egressc.model.host_sets import HostSet
from egressc.model.label_classes import ANY, NAMESPACE_NAME, Labels
from egressc.model.policy import Direction as Direction
from egressc.model.policy import Protocol
from egressc.model.port_sets import NO_PORTS, PortSet
from egressc.source import Span


class PodClass(NamedTuple):
    """Pods by the labels of their namespace and by their own."""

    namespaces: Labels
    pods: Labels


EVERY_POD = PodClass(ANY, ANY)

Endpoints = PodClass | AddressSet


class RuleAction(StrEnum):
    """What a rule does with the flows that it meets. PASS leaves them to the policies of later tiers."""

    DENY = "deny"
    ALLOW = "allow"
    PASS = "pass"  # noqa: S105 - an action, not a password


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a policy: each of its peers on each of its ports.

    `index` counts from 0 in its list; -1 stands for what no rule of the policy meets (see `precedence.additive`).
    `field` is the path of the rule in its manifest, where that is not `spec.<direction>[<index>]`. `also_in` and
    `not_in` narrow the ports where named ports leave no other way: to those in each of the one and not in the other.
    `by_server_name`: a proxy lets the names through by the server name that a client asks for; otherwise the network
    plugin opens the addresses that it learns. `name` (a key of the values) and `origins` (the rows that ask for it)
    belong to intended rules, as do the `hosts` that addresses stand in for; one that was read back from a manifest has
    none.
    """

    index: int
    pods: tuple[PodClass, ...]
    addresses: AddressSet
    ports: PortSet
    name: str = ""
    origins: tuple[Span, ...] = ()
    is_extra: bool = False
    hosts: tuple[str, ...] = ()
    action: RuleAction = RuleAction.ALLOW
    also_in: tuple[PortSet, ...] = ()
    not_in: PortSet = NO_PORTS
    field: str = ""
    by_server_name: bool = False


class Precedence(NamedTuple):
    """Where a policy stands among the policies that select the same pods; the lowest is asked first.

    Tier by tier, the first rule that meets a flow decides: it allows or denies the flow, or passes it to later tiers.
    Policies of equal tier, order and name are asked at once: DENY wins over ALLOW, and ALLOW over PASS. A flow that no
    rule of a tier meets is denied there if a policy of the tier isolates the pod in this direction, else it goes on.
    What passes the last tier is allowed.

    Attributes:
        tier: of NetworkPolicy: 0.
        order: inside the tier; of NetworkPolicy: 0.
        name: where a dialect goes by names among equal orders.
        by_index: the rules of the policy are asked one after the other, not at once.
        isolates: the directions in which the policy denies what no rule meets.
    """

    tier: float = 0
    order: float = 0
    name: str = ""
    by_index: bool = False
    isolates: frozenset[Direction] = frozenset(Direction)


SidedRule = tuple[Direction, Rule]
"""A rule with the direction of the list that it stands in."""


def object_key(kind: str, namespace: str, name: str) -> tuple[str, str]:
    """A policy by its namespace and name; the name says the kind where it is no NetworkPolicy."""
    return namespace, name if kind == NETWORK_POLICY else f"{kind} {name}"


@dataclass(frozen=True, slots=True)
class Policy:
    """The meaning of one policy, or what one service asks for.

    A list of rules isolates the subject in that direction, even an empty one; None leaves the direction alone.
    `origin` is the YAML document or the row; `path` leads to the policy inside a document that is a list of them.
    `precedence` None: all rules allow, in any order, as those of NetworkPolicy do. `resolves` are the hosts whose
    addresses the network plugin learns from the DNS answers to its pods. `isolates_nothing`: it only
    adds to a policy that isolates the same pods.
    """

    namespace: str
    name: str
    subject: PodClass
    egress: tuple[Rule, ...] | None
    ingress: tuple[Rule, ...] | None
    origin: Span
    path: str = ""
    precedence: Precedence | None = None
    kind: str = NETWORK_POLICY
    resolves: HostSet = ()
    isolates_nothing: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Its namespace and name, which policies of one kind share with no other; the name says any other kind."""
        return object_key(self.kind, self.namespace, self.name)

    @property
    def is_staged(self) -> bool:
        """Whether it enforces nothing: it says what is to be enforced later."""
        return self.kind in STAGED_KINDS

    @property
    def title(self) -> str:
        """`shop/web`; the name alone for one of the whole cluster."""
        return f"{self.namespace}/{self.name}".removeprefix("/")

    def rules(self, direction: Direction) -> tuple[Rule, ...] | None:
        return self.egress if direction is Direction.EGRESS else self.ingress

    def with_rules(self, direction: Direction, rules: tuple[Rule, ...] | None) -> "Policy":
        if direction is Direction.EGRESS:
            return replace(self, egress=rules)
        return replace(self, ingress=rules)

    def every_rule(self) -> Iterator[SidedRule]:
        """The rules of both directions, egress first."""
        yield from ((Direction.EGRESS, rule) for rule in self.egress or ())
        yield from ((Direction.INGRESS, rule) for rule in self.ingress or ())

    def isolates(self, direction: Direction) -> bool:
        """Whether pods that the policy selects are denied what no rule meets."""
        if self.isolates_nothing:
            return False
        return self.rules(direction) is not None and (self.precedence is None or direction in self.precedence.isolates)


@dataclass(frozen=True, slots=True)
class Pod:
    """One pod, real or made up as a witness. `ports` are (name, protocol, number) of its containers.

    `kind` and `name` are those of the Pod, or of the controller whose manifest describes it; empty for one made up.
    `supposed` are the labels of its namespace, by key, that nobody knows of: a witness supposes that it has those of
    them that are in `namespace_labels`, and lacks the others.
    """

    namespace: str
    labels: Mapping[str, str]
    namespace_labels: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    ports: tuple[tuple[str, Protocol, int], ...] = ()
    is_on_host_network: bool = False
    supposed: tuple[str, ...] = field(default=(), compare=False)
    kind: str = ""

    @property
    def title(self) -> str:
        """The workload: `Deployment shop/web`."""
        return f"{self.kind} {self.namespace}/{self.name}".strip()

    def place(self) -> Mapping[str, str]:
        """The labels of the pod's namespace, with the one that every namespace has."""
        return {**self.namespace_labels, NAMESPACE_NAME: self.namespace}

    def names_of(self, protocol: Protocol, number: int) -> frozenset[str]:
        return frozenset(name for name, p, n in self.ports if p is protocol and n == number)


Endpoint = Pod | str
"""A pod, or an address outside the cluster, the name of a host, or of an entity (see `model.host_sets`)."""


class Approximation(StrEnum):
    """Why a verdict is only as good as the cluster: NetworkPolicy leaves these to the network plugin or to the pod."""

    POD_ADDRESS = "an ipBlock with private addresses: whether it also matches pods and nodes is up to the plugin"
    NAMED_PORT = "a named port: which number it is depends on the destination pod"
    HOST_NAME = (
        "addresses instead of a host name: these policies cannot name hosts, and the addresses of a name can change"
    )
    SERVER_NAME = "a host name by server name: pods that the gateway cannot tell apart can reach each other's hosts"
    WIDER_NAME = "a wildcard of one label, which the dialect reads as one or more: names further below are open too"
    LEARNED_NAME = "a host name by learned addresses: what shares an address of the name is open too"
    HOST_NETWORK = "a pod on the host's network: most plugins treat it as its node"
    AMBIENT_TUNNEL = "port 15008: in an Istio ambient mesh it leads to every port of the pod"


@dataclass(frozen=True, slots=True)
class Witness:
    """One flow that shows a difference; a pod's labels are as few as make it so."""

    source: Endpoint
    destination: Endpoint
    protocol: Protocol
    port: int
    port_names: frozenset[str]


class DifferenceKind(StrEnum):
    OVER = "over-permission"
    UNDER = "under-permission"


@dataclass(frozen=True, slots=True)
class Difference:
    """Flows that one side allows and the other does not, for one cause, with a witness.

    OVER: the rendered side allows what is not intended; `policy` and `rule` are the rendered ones that open it.
    UNDER: the intended side allows what is not rendered; they are the intended ones.
    No policy: the allowing side leaves the pod alone, and the policies in `against` isolate it.
    `against` are the policies of the other side that isolate the witness's end in this direction.
    """

    kind: DifferenceKind
    direction: Direction
    policy: Policy | None
    rule: Rule | None
    subject: PodClass
    peer: Endpoints
    ports: PortSet
    witness: Witness
    against: tuple[Policy, ...]
    approximate: tuple[Approximation, ...]
