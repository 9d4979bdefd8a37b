"""What changes between two sides as the reports of it show it: plain words, already in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from egressc.diagnostics.phrases import say_count

Kind = Literal["added", "removed", "changed"]
_KINDS: tuple[Kind, ...] = ("added", "removed", "changed")

_MOST_PARTS = 12


@dataclass(frozen=True, slots=True)
class ChangedFlow:
    """One destination of one service. `was` and `now` are ports, empty where the side has no such entry.

    `opens` and `closes` say what exactly is allowed that was not, and the other way round, each with one flow that
    shows it. `asked_in` are the rows that ask for it now, `asked_before` those that did.
    """

    kind: Kind
    service: str
    service_name: str
    destination: str
    was: str
    now: str
    opens: tuple[str, ...]
    closes: tuple[str, ...]
    opens_example: str
    closes_example: str
    opens_internet: bool
    reason: str
    asked_in: tuple[str, ...]
    asked_before: tuple[str, ...]

    @property
    def effect(self) -> str:
        if self.opens and self.closes:
            return "wider and narrower"
        return "wider" if self.opens else "narrower"


@dataclass(frozen=True, slots=True)
class ServiceFlow:
    """One destination of a service that only one side has. `is_internet`: it has public addresses.

    `opens` and `closes` are what exactly changes: a new service may be allowed what its pods could do before.
    """

    destination: str
    ports: str
    is_internet: bool
    asked_in: tuple[str, ...]
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    opens_example: str = ""
    closes_example: str = ""
    opens_internet: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """A service, or a policy of a namespace, that is new, gone, or selects other pods.

    `note` says what that means for its pods.

    `opens` and `closes` say what is allowed or denied now beside its `flows`, `internet` which ways of it lead to or
    from public addresses. `is_wider`: something is allowed that was not, here or in one of the flows.
    """

    service: str
    name: str
    pods: str
    note: str
    asked_in: tuple[str, ...]
    flows: tuple[ServiceFlow, ...] = ()
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    opens_example: str = ""
    closes_example: str = ""
    internet: tuple[str, ...] = ()
    is_wider: bool = False

    @property
    def opens_internet(self) -> bool:
        return bool(self.internet)

    @property
    def is_of_namespace(self) -> bool:
        """Whether it is the baseline of a namespace, or one of its opt-ins."""
        return self.service.startswith("namespaces/")


@dataclass(frozen=True, slots=True)
class ChangedConnection:
    """Two workloads, or a workload and addresses, whose ports differ; `was` and `now` are empty where none are open.

    `is_whole`: a workload at one end is on one side alone. `opens_internet`: more of public addresses is open.
    """

    kind: Kind
    source: str
    destination: str
    was: str
    now: str
    effect: str
    is_whole: bool
    opens_internet: bool


@dataclass(frozen=True, slots=True)
class ChangedWorkloads:
    """What changes between the workloads of two sets of manifests; `new` and `gone` are on one side alone."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    connections: tuple[ChangedConnection, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.gone or self.connections)

    def summary(self) -> str:
        counts = [sum(it.kind == kind for it in self.connections) for kind in _KINDS]
        said = f"{say_count(counts[0], 'connection')} of workloads added, {counts[1]} removed, {counts[2]} changed"
        for word, some in (("new", self.new), ("gone", self.gone)):
            said += f"; {say_count(len(some), f'{word} workload')}" if some else ""
        return said


class WholeChanges(NamedTuple):
    """What is new, gone or moved, as `word` says, of services or of policies of namespaces."""

    word: str
    is_of_namespaces: bool
    changes: tuple[ServiceChange, ...]

    @property
    def title(self) -> str:
        one, many = ("namespace policy", "namespace policies") if self.is_of_namespaces else ("service", "services")
        return say_count(len(self.changes), f"{self.word} {one}", f"{self.word} {many}")


@dataclass(frozen=True, slots=True)
class ChangedGuardrail:
    """A guardrail that one side has alone, or that denies something else: what it denied and denies, in words.

    `enforced_before` and `enforced_now` are the kind of the policies of the cluster, "checks", or empty where the side
    does not have it. `lost` and `gained` are what it denied alone, and denies alone. `opens` and `closes` are what no
    guardrail of the other side denies, each with one flow that shows it, where the cluster enforces it and other
    policies allow it. `internet` are pods, public addresses and ports that open.
    """

    kind: Kind
    name: str
    denied: tuple[str, ...]
    denies: tuple[str, ...]
    enforced_before: str
    enforced_now: str
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    opens: tuple[str, ...]
    closes: tuple[str, ...]
    opens_example: str
    closes_example: str
    internet: tuple[tuple[str, str, str], ...]

    @property
    def effect(self) -> str:
        if self.opens and self.closes:
            return "wider and narrower"
        return "wider" if self.opens else "narrower" if self.closes else "the same"

    def parts(self) -> tuple[str, ...]:
        """What it denies now, or denied before where it is gone, how that is enforced, and flows that show it."""
        if self.kind == "changed":
            lines = [*(f"no longer: {it}" for it in self.lost), *(f"now: {it}" for it in self.gained)]
            if self.enforced_before != self.enforced_now:
                lines.append(f"enforced by {self.enforced_now}, and before by {self.enforced_before}")
        elif self.kind == "removed":
            lines = [*self.denied, f"was enforced by {self.enforced_before}"]
        else:
            lines = [*self.denies, f"enforced by {self.enforced_now}"]
        if not self.opens and not self.closes:
            lines.append("other guardrails deny the same")
        lines += [f"now allowed: {self.opens_example}"] * bool(self.opens_example)
        lines += [f"now denied: {self.closes_example}"] * bool(self.closes_example)
        return tuple(lines)


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """`widens`: something is allowed that was not. `workloads` None: a side has none, or is no manifests."""

    old: str
    new: str
    flows: tuple[ChangedFlow, ...]
    new_services: tuple[ServiceChange, ...]
    gone_services: tuple[ServiceChange, ...]
    moved_services: tuple[ServiceChange, ...]
    widens: bool
    workloads: ChangedWorkloads | None = None
    guardrails: tuple[ChangedGuardrail, ...] = ()

    @property
    def is_empty(self) -> bool:
        is_same = self._has_same_flows and not self.guardrails
        return is_same and (self.workloads is None or self.workloads.is_empty)

    @property
    def _has_same_flows(self) -> bool:
        return not (self.flows or self.new_services or self.gone_services or self.moved_services)

    def of_kind(self, kind: Kind) -> tuple[ChangedFlow, ...]:
        return tuple(flow for flow in self.flows if flow.kind == kind)

    def internet(self) -> list[tuple[str, str, str]]:
        """Service, destination and ports of what newly reaches public addresses, or is newly reached from them."""
        found = [(it.service_name, it.destination, it.now) for it in self.flows if it.opens_internet]
        for service in (*self.new_services, *self.gone_services, *self.moved_services):
            found += [(service.name, it.destination, it.ports) for it in service.flows if it.opens_internet]
            found += [(service.name, way, "any port") for way in service.internet]
        found += [opened for guardrail in self.guardrails for opened in guardrail.internet]
        return found

    def summary(self) -> str:
        """Counts, in one line."""
        said = self._summary_of_flows()
        if self.guardrails:
            counts = [sum(it.kind == kind for it in self.guardrails) for kind in _KINDS]
            said += f"; {say_count(counts[0], 'guardrail')} added, {counts[1]} removed, {counts[2]} changed"
        return said if self.workloads is None or self.workloads.is_empty else f"{said}; {self.workloads.summary()}"

    def _summary_of_flows(self) -> str:
        if self._has_same_flows:
            return "no flow of a service changes" if self.guardrails else "no flow changes"
        added, removed, changed = (len(self.of_kind(kind)) for kind in _KINDS)
        parts = [f"{say_count(added, 'flow')} added, {removed} removed, {changed} changed"]
        return "; ".join([*parts, *(it.title for it in self.whole if it.changes)])

    @property
    def whole(self) -> tuple[WholeChanges, ...]:
        """Services and then policies of namespaces, each with what is new, gone and moved."""
        held = {"new": self.new_services, "gone": self.gone_services, "moved": self.moved_services}
        return tuple(
            WholeChanges(word, is_of, tuple(it for it in changes if it.is_of_namespace is is_of))
            for is_of in (False, True)
            for word, changes in held.items()
        )


def say_connection(service: str, other: str) -> str:
    """Who connects to whom: a caller is "from" somewhere, and "any egress" is of the service itself."""
    if other in ("any egress", "any ingress"):
        return f"{service}: {other}"
    return f"{other.removeprefix('from ')} -> {service}" if other.startswith("from ") else f"{service} -> {other}"


def listed(parts: Sequence[str], between: str = ", ") -> str:
    """What opens or closes as people read it; JSON has all."""
    more = len(parts) - _MOST_PARTS
    return between.join(parts[:_MOST_PARTS]) + (f" and {more} more" if more > 0 else "")
