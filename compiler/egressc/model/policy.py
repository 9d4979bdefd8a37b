"""What is to be enforced: services, their dependencies, peers and ports, every name resolved.

What a fleet has by the ten thousand is a named tuple: a frozen dataclass takes three times as long to make.

Sources: networking.k8s.io/v1 NetworkPolicy (NetworkPolicyPeer, NetworkPolicyPort, LabelSelector).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal, NamedTuple

from egressc.model.release_kinds import NAMESPACES, SERVICES, ReleaseKind, kind_of
from egressc.model.scalars import PORT_MAX
from egressc.source import Span


class Direction(StrEnum):
    """Which end of a connection a rule guards; the other end is the rule's peer."""

    EGRESS = "egress"
    INGRESS = "ingress"

    @property
    def opposite(self) -> "Direction":
        return Direction.INGRESS if self is Direction.EGRESS else Direction.EGRESS


Directions = tuple[Direction, ...]

EGRESS_ONLY: Final[Directions] = (Direction.EGRESS,)
DIRECTIONS: Final[Mapping[str, Directions]] = {
    "egress": EGRESS_ONLY,
    "ingress": (Direction.INGRESS,),
    "both": (Direction.EGRESS, Direction.INGRESS),
}
"""What the key `directions` means: which sides of a service's connections its policy limits."""


class Protocol(StrEnum):
    TCP = "TCP"
    UDP = "UDP"
    SCTP = "SCTP"


class Operator(StrEnum):
    IN = "In"
    NOT_IN = "NotIn"
    EXISTS = "Exists"
    DOES_NOT_EXIST = "DoesNotExist"


# Those that what has no labels fits too.
EXCLUDING_OPERATORS = frozenset({Operator.NOT_IN, Operator.DOES_NOT_EXIST})


@dataclass(frozen=True, slots=True, order=True)
class Port:
    """One NetworkPolicyPort. `port` is a number 1..65535, an IANA name, or None: every port of the protocol."""

    protocol: Protocol
    port: int | str | None
    end_port: int | None = None

    @property
    def is_every(self) -> bool:
        """Whether it is every port of the protocol, be it as a range."""
        return self.port is None or (self.port == 1 and self.end_port == PORT_MAX)


@dataclass(frozen=True, slots=True)
class Expression:
    key: str
    operator: Operator
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selector:
    """A LabelSelector; with neither part it selects everything, and only a source that says so makes one."""

    match_labels: tuple[tuple[str, str], ...] = ()
    match_expressions: tuple[Expression, ...] = ()

    @property
    def selects_everything(self) -> bool:
        return not self.match_labels and not self.match_expressions

    @property
    def only_excludes(self) -> bool:
        """Whether it asks for no label to be there: what has no labels at all fits."""
        return not self.match_labels and all(it.operator in EXCLUDING_OPERATORS for it in self.match_expressions)


@dataclass(frozen=True, slots=True)
class PodPeer:
    """Pods by labels, in namespaces by labels; one at least is given. `namespaces` None: the policy's own namespace."""

    namespaces: Selector | None
    pods: Selector | None


@dataclass(frozen=True, slots=True)
class AddressPeer:
    """An ipBlock: addresses inside `cidr` and outside each of `excepts` (strict subsets of it), in canonical form."""

    cidr: str
    excepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HostPeer:
    """What a rule names itself: a host, hosts as `*.NAME` or `**.NAME` (see `model.host_sets`), or an entity.

    An entity is what network plugins know by a name of their own, such as `kube-apiserver`.
    """

    name: str
    is_entity: bool = False


Peer = PodPeer | AddressPeer | HostPeer


DnsProfile = Literal["kube-dns", "k8s-app-coredns", "nodelocal", "openshift", "any", "custom", "none"]

DNS_PROFILES_FIT: Final = (
    "kube-dns where DNS pods carry k8s-app=kube-dns, as on kubeadm, EKS, GKE, AKS and most others (their CoreDNS too); "
    "k8s-app-coredns where they carry k8s-app=coredns (CoreDNS chart, Canonical Kubernetes); nodelocal for NodeLocal "
    "DNSCache; openshift for OpenShift; any for port 53 anywhere; custom for your own `to` and `ports`; none for no "
    "DNS rule"
)
"""Which cluster fits which profile, for help texts and descriptions."""


@dataclass(frozen=True, slots=True)
class Dns:
    """The DNS rule of a service: a profile of the chart; `peers` and `ports` belong to the profile `custom` alone."""

    profile: str
    peers: tuple[Peer, ...] = ()
    ports: tuple[Port, ...] = ()

    @property
    def has_rule(self) -> bool:
        return self.profile != "none"


NO_DNS: Final = Dns("none")


@dataclass(frozen=True, slots=True)
class GrantEnd:
    """What one name stands for, resolved. Shared by all grants that have it: its identity may be a cache key.

    `key` is a DNS-1123 label, and the key in the values' maps `dependencies` and `callers`.
    """

    key: str
    name: str
    peers: tuple[Peer, ...]
    hosts: tuple[str, ...] = ()


class Grant(NamedTuple):
    """What rows let one end reach of another: the ports (sorted, unique), why, and the rows (sorted by place).

    The egress half belongs to the source, the ingress half to the destination.
    """

    source: GrantEnd
    destination: GrantEnd
    ports: tuple[Port, ...]
    purpose: str
    origins: tuple[Span, ...]

    @property
    def named_hosts(self) -> tuple[str, ...]:
        """The hosts that its rule names."""
        return tuple(it.name for it in self.destination.peers if isinstance(it, HostPeer) and not it.is_entity)


class ServicePolicy(NamedTuple):
    """All that one service may reach, and who may reach it, each where `directions` has that side.

    `id`, a DNS-1123 label, names file and release. `service_account`: that of its pods, where it is known; no other
    pods have it. `grants` are sorted by destination, `callers` by source.
    A `Baseline` has policies of this form too, and so has a release for the whole cluster, such as that of guardrails.
    """

    id: str
    name: str
    namespace: str
    pod_selector: Selector
    dns: Dns
    grants: tuple[Grant, ...]
    origin: Span
    callers: tuple[Grant, ...] = ()
    directions: Directions = EGRESS_ONLY
    service_account: str = ""

    @property
    def is_baseline(self) -> bool:
        """Whether it is for every pod of its namespace; no service's policy is."""
        return self.kind is NAMESPACES

    @property
    def kind(self) -> ReleaseKind:
        """Which kind of Helm release it is."""
        return kind_of(self.id, selects_everything=self.pod_selector.selects_everything)

    @property
    def halves(self) -> Iterator[tuple[Direction, Grant, GrantEnd]]:
        """What it grants in each direction, with the other end."""
        yield from ((Direction.EGRESS, it, it.destination) for it in self.grants)
        yield from ((Direction.INGRESS, it, it.source) for it in self.callers)

    @property
    def first_host(self) -> str:
        """A host that a rule names; empty where none does."""
        return next((host for grant in self.grants for host in grant.named_hosts), "")

    @property
    def client(self) -> str:
        """Who its pods are to an egress gateway: a namespace, or `namespace/service account` where that is known."""
        return f"{self.namespace}/{self.service_account}" if self.service_account else self.namespace

    @property
    def release(self) -> str:
        """The name of the Helm release."""
        return self.id if self.kind is SERVICES else self.kind.chart


class Baseline(NamedTuple):
    """What holds for every pod of a namespace, whatever service it is of, and for the pods that opt in to more.

    The id of `policy` is `namespaces/NAME`; that of an opt-in continues it with a key.
    """

    policy: ServicePolicy
    opt_ins: tuple[ServicePolicy, ...] = ()

    @property
    def policies(self) -> tuple[ServicePolicy, ...]:
        return self.policy, *self.opt_ins


class Denial(NamedTuple):
    """What a row says that a service must not reach, or in ingress, what must not reach it.

    `service` is its id. `other` None is everything that no row grants. No ports are all of them. `is_general`: the row
    says it of everybody ("any"), so what other rows grant is an exception.
    """

    service: str
    other: GrantEnd | None
    ports: tuple[Port, ...]
    origin: Span
    direction: Direction = Direction.EGRESS
    is_general: bool = False


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Every service of the project, sorted by id, and what rows deny them; the baselines of namespaces, by name.

    `before_translation`: egress sees the ports of Services, ingress those of the pods behind them. `by_server_name`: an
    egress gateway leads to hosts (see `flows.Rule`).
    """

    services: tuple[ServicePolicy, ...]
    denials: tuple[Denial, ...] = ()
    before_translation: bool = False
    baselines: tuple[Baseline, ...] = ()
    by_server_name: bool = False

    @property
    def policies(self) -> tuple[ServicePolicy, ...]:
        """The policies of all services, and then those of all namespaces."""
        return *self.services, *(policy for it in self.baselines for policy in it.policies)

    def dns_of(self, policy: ServicePolicy) -> Dns:
        """How the pods of a policy resolve names: by its own DNS rule, else by that of their namespace's baseline."""
        shared = (it.policy.dns for it in self.baselines if it.policy.namespace == policy.namespace)
        return next((it for it in (policy.dns, *shared) if it.has_rule), policy.dns)

    def every_grant(self) -> Iterator[Grant]:
        """The grants of which some policy has a half; one of which two have theirs may come twice."""
        for policy in self.policies:
            yield from policy.grants
            yield from policy.callers

    def only(self, ids: Collection[str]) -> "PolicySet":
        """The services and namespaces of these ids, and what is denied to them."""
        return replace(
            self,
            services=tuple(it for it in self.services if it.id in ids),
            denials=tuple(it for it in self.denials if it.service in ids),
            baselines=tuple(it for it in self.baselines if it.policy.id in ids),
        )
