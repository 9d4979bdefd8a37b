"""A question about one connection, and what is answered: the verdict, what decides it, and what would repair it."""

from dataclasses import dataclass

from egressc.model.flows import Approximation, Direction, Endpoint
from egressc.model.policy import Protocol
from egressc.source import Span
from egressc.verify.explanation.causes import DenialCause
from egressc.verify.explanation.fronts import Offer


@dataclass(frozen=True, slots=True)
class Question:
    """One connection; `offered` are ports of Services in front of the destination, where policy sees what is behind.

    `front` is the Service that the connection goes through; None for a pod's own port. It sends the connection on to
    `port`; where policy sees packets before translation, `port` is its own, and only ingress sees the pod's. The names
    are those that the sources have for the ends; empty where they have none.
    """

    source: Endpoint
    destination: Endpoint
    protocol: Protocol
    port: int
    offered: tuple[Offer, ...] = ()
    front: Offer | None = None
    source_name: str = ""
    destination_name: str = ""

    @property
    def asked_port(self) -> int:
        """The port that the client connects to."""
        return self.port if self.front is None else self.front.port.service

    def port_at(self, direction: Direction) -> int:
        """The port that policies of a direction see."""
        behind = self.front.port.pod.port if self.front is not None and direction is Direction.INGRESS else None
        return behind if isinstance(behind, int) else self.port


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One link of the chain. `place` is where it stands.

    `kind` is one of egress, ingress, policy, rule, values, row, guardrail, and service for what a Service does to the
    port.
    """

    kind: str
    text: str
    place: Span | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    question: Question
    allowed: bool
    steps: tuple[ChainStep, ...]
    nearest: ChainStep | None
    causes: tuple[DenialCause, ...]
    repair: str
    approximate: tuple[Approximation, ...]
