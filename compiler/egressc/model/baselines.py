"""What sources say of a namespace as a whole: entries of the project file, and rows of tables of namespaces."""

from typing import NamedTuple

from egressc.model.policy import Directions, Dns, Port, Selector
from egressc.model.references import Reference
from egressc.source import Located, Span


class Opening(NamedTuple):
    """A name at the other end of what is open to all pods of a namespace, and on which ports, if that is said.

    `is_in_table`: a row says so, and not the project file, for whose own texts it has nothing else read.
    """

    ref: Reference
    place: Span
    ports: tuple[Port, ...] = ()
    is_in_table: bool = False

    @property
    def key(self) -> tuple[int, int, int]:
        return id(self.place.source), self.place.start, self.place.end

    @property
    def has_name(self) -> bool:
        """Whether the place has the name beside the ports."""
        return self.ports in ((), self.ref.ports)

    @property
    def phrase(self) -> str:
        """What the project file can have something else read for."""
        return self.place.text if self.is_in_table else ""


class OptIn(NamedTuple):
    """Pods that can reach more than the others of their namespace."""

    key: str
    span: Span
    pods: Selector
    targets: tuple[Opening, ...]


class NamespaceSettings(NamedTuple):
    """What one place says of a namespace; None where it is silent.

    `deny`: what its baseline denies, empty for none. `dns` is how all its pods reach DNS by the baseline, `service_dns`
    how its services do, and all its pods too where `dns` is silent. `within`: whether its pods may reach each other.
    """

    span: Span
    deny: Directions | None = None
    dns: Dns | None = None
    service_dns: Dns | None = None
    within: Located[bool] | None = None
    callers: tuple[Opening, ...] | None = None
    targets: tuple[Opening, ...] | None = None
    opt_ins: tuple[OptIn, ...] | None = None

    @property
    def has_baseline(self) -> bool:
        return any(it is not None for it in self._replace(service_dns=None)[1:])

    def with_defaults(self, other: "NamespaceSettings | None") -> "NamespaceSettings":
        """This, and the other where this is silent."""
        if other is None:
            return self
        return NamespaceSettings._make(theirs if own is None else own for own, theirs in zip(self, other, strict=True))
