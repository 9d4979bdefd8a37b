"""What a change between two sets of policies is: of an entry, of a direction, of a service."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from egressc.model.flows import Approximation, Direction, Endpoints, PodClass, Witness
from egressc.model.port_sets import PortSet
from egressc.source import Span
from egressc.verify.listing.entries import ListedEntry


class ChangeKind(StrEnum):
    """ADDED and REMOVED: the other side has no such entry, and allows none of its flows. Everything else CHANGED."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FlowChange:
    """Flows of one entry that one side alone allows, and one of them. `subject` may be a part of the service's pods."""

    subject: PodClass
    peer: Endpoints
    ports: PortSet
    witness: Witness
    approximate: tuple[Approximation, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One entry and the flows of it that differ. `old` or `new` is None where that side has no such entry."""

    kind: ChangeKind
    service: str
    old: ListedEntry | None
    new: ListedEntry | None
    opens: tuple[FlowChange, ...]
    closes: tuple[FlowChange, ...]

    @property
    def entry(self) -> ListedEntry:
        """The newer one that there is."""
        entry = self.new or self.old
        assert entry is not None, "a change is of something"
        return entry


@dataclass(frozen=True, slots=True)
class Freed:
    """Pods that one side does not isolate in a direction, and the other does: there everything is open.

    `pods` are all of them: every pod of the service (`is_whole`), or some. What differs is all that the isolating side
    does not allow: `opens` or `closes`, of which only one is not empty, holds every address of it, of pods an example.
    """

    service: str
    direction: Direction
    pods: tuple[PodClass, ...]
    is_whole: bool
    opens: tuple[FlowChange, ...]
    closes: tuple[FlowChange, ...]
    origin: Span


@dataclass(frozen=True, slots=True)
class Moved:
    """A service that keeps its name and selects other pods: what that means for those that it left, and for those new.

    `opens` and `closes` are flows of its entries; `freed` are pods that only one side isolates.
    """

    service: str
    was: PodClass
    now: PodClass
    opens: tuple[FlowChange, ...]
    closes: tuple[FlowChange, ...]
    freed: tuple[Freed, ...]
    origin: Span


@dataclass(frozen=True, slots=True)
class WholeService:
    """A service that only one side has: all its entries, be there a difference in them or not."""

    service: str
    subject: PodClass
    entries: tuple[Change, ...]
    freed: tuple[Freed, ...]
    origin: Span

    @property
    def opens(self) -> bool:
        return any(it.opens for it in self.entries) or any(it.opens for it in self.freed)

    @property
    def closes(self) -> bool:
        return any(it.closes for it in self.entries) or any(it.closes for it in self.freed)


@dataclass(frozen=True, slots=True)
class Changes:
    """`by_rows`: both sides are tables, so what a new or moved service may reach is opened by its rows.

    Otherwise flows alone count: a pod that no policy selected could reach everything, and a policy only takes from it.
    """

    flows: tuple[Change, ...]
    freed: tuple[Freed, ...]
    moved: tuple[Moved, ...]
    new: tuple[WholeService, ...]
    gone: tuple[WholeService, ...]
    by_rows: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.flows or self.freed or self.moved or self.new or self.gone)

    @property
    def widens(self) -> bool:
        """Whether anything is allowed that was not; a row of a new or moved service counts as that."""
        if self.by_rows and (self.new or self.moved):
            return True
        return any(it.opens for it in self._effects())

    def _effects(self) -> Iterator[Change | Freed | Moved]:
        yield from self.flows
        yield from self.freed
        for moved in self.moved:
            yield moved
            yield from moved.freed
        for service in (*self.new, *self.gone):
            yield from service.entries
            yield from service.freed
