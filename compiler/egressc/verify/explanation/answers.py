"""A question about one connection, and what is answered: the verdict, what decides it, and what would repair it."""

from dataclasses import dataclass

from egressc.model.flows import Approximation, Endpoint
from egressc.model.policy import Protocol
from egressc.source import Span
from egressc.verify.explanation.causes import DenialCause
from egressc.verify.explanation.fronts import Offer


@dataclass(frozen=True, slots=True)
class Question:
    """One connection; `offered` are ports of Services in front of the destination, where policy sees what is behind.

    `front` is the Service that the connection goes through, which sends it on to `port`; None for a pod's own port.
    """

    source: Endpoint
    destination: Endpoint
    protocol: Protocol
    port: int
    offered: tuple[Offer, ...] = ()
    front: Offer | None = None

    @property
    def asked_port(self) -> int:
        """The port that the client connects to."""
        return self.port if self.front is None else self.front.port.service


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One link of the chain. `place` is where it stands.

    `kind` is one of egress, ingress, policy, rule, values, row, and service for what a Service does to the port.
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
