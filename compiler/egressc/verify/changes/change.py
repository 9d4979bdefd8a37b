"""What a change between two sets of policies is: of an entry, of a direction, of a service."""

from dataclasses import dataclass
from enum import StrEnum

from egressc.model.flows import Approximation, Direction, Endpoints, PodClass, Witness
from egressc.model.port_sets import PortSet
from egressc.source import Span
from egressc.verify.listing.entries import Entry


class ChangeKind(StrEnum):
    """ADDED and REMOVED: the other side has no such entry, and allows none of its flows. Everything else CHANGED."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Part:
    """Flows of one entry that one side alone allows, and one of them. `subject` may be a part of the service's pods."""

    subject: PodClass
    peer: Endpoints
    ports: PortSet
    witness: Witness
    approximate: tuple[Approximation, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One entry whose flows differ. `old` or `new` is None where that side has no such entry."""

    kind: ChangeKind
    service: str
    old: Entry | None
    new: Entry | None
    opens: tuple[Part, ...]
    closes: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Freed:
    """A service in both sets that one of them does not isolate in a direction: there everything is open."""

    service: str
    direction: Direction
    opens: tuple[Part, ...]
    closes: tuple[Part, ...]
    origin: Span


@dataclass(frozen=True, slots=True)
class Moved:
    """A service that keeps its name and selects other pods."""

    service: str
    was: PodClass
    now: PodClass
    origin: Span


@dataclass(frozen=True, slots=True)
class WholeService:
    """A service that only one side has, and its entries. `is_free`: the other side leaves its pods alone."""

    service: str
    subject: PodClass
    entries: tuple[Entry, ...]
    is_free: bool
    origin: Span


@dataclass(frozen=True, slots=True)
class Changes:
    flows: tuple[Change, ...]
    freed: tuple[Freed, ...]
    moved: tuple[Moved, ...]
    new: tuple[WholeService, ...]
    gone: tuple[WholeService, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.flows or self.freed or self.moved or self.new or self.gone)

    @property
    def widens(self) -> bool:
        """Whether anything is allowed that was not.

        A new service counts, since its flows are; so does a gone or moved one whose old pods nothing isolates any more.
        """
        opening = any(change.opens for change in self.flows) or any(freed.opens for freed in self.freed)
        return opening or bool(self.moved or self.new) or any(service.is_free for service in self.gone)
