"""Connections to try from a service's pod: what is expected of each, and what stands behind it in the sources."""

from dataclasses import dataclass
from enum import StrEnum

from egressc.model.flows import Endpoint, Pod, PodClass
from egressc.model.policy import Port, Protocol
from egressc.source import Span


class Expect(StrEnum):
    """What the sources say of a connection."""

    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class ProbeCase:
    """A connection before anyone knows where its destination runs.

    Attributes:
        key: made of the destination's key and the port; unique within a service.
        name: the destination, for people.
        place: the row or extra rule that grants it; of a denial, the service's own row.
        pods: where it runs in the cluster; a listener of any of these will do.
        outside: host names, then single addresses.
        declared: ports that the sources say it listens on, to choose from where `port` is more than one.
        must_declare: only a pod that declares the port will do: the rule is wider than any one destination.
    """

    key: str
    expect: Expect
    name: str
    port: Port
    place: Span
    pods: tuple[PodClass, ...] = ()
    outside: tuple[str, ...] = ()
    declared: tuple[int, ...] = ()
    must_declare: bool = False


@dataclass(frozen=True, slots=True)
class Listener:
    """A pod that is ready for connections: its address, and every port that its containers declare."""

    pod: Pod
    address: str
    ports: frozenset[tuple[Protocol, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class ProbeConnection:
    """What a probing pod tries.

    Attributes:
        end: what policies see there; None for a name outside the cluster.
        is_named: the command line names it, and `place` is the option; else `place` is a row or an extra rule.
    """

    key: str
    expect: Expect
    name: str
    host: str
    port: int
    protocol: Protocol
    place: Span
    end: Endpoint | None = None
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """What is not tried, and why."""

    expect: Expect
    name: str
    port: Port
    place: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What is tried and what not, each in the order of the sources: allowed before denied."""

    connections: tuple[ProbeConnection, ...]
    skipped: tuple[Skipped, ...] = ()
