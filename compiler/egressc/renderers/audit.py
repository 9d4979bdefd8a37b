"""What leaves the cluster, as audits need it: plain words, already in order. Renderers escape what they write."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from egressc.diagnostics.phrases import say_count, say_subjects

NOT_STATED: Final = "not stated"
EVERYTHING: Final = "everything"
# What destinations state, by its key in the catalog, as reports call it.
TITLES: Final[Mapping[str, str]] = {"data": "Data", "region": "Region", "via": "Via", "owner": "Owner"}


@dataclass(frozen=True, slots=True)
class AuditFlow:
    """A flow to a destination outside the cluster, with what that states by key; what is not stated is left out.

    `service` and `destination` are ids, each with a name. `ports` are "443/TCP"; `reaches` are addresses or hosts, in
    words. `breaks` are the rules of the project file that it breaks, each with its place. A service that may reach
    everything, because no policy limits it, has the destination `EVERYTHING`, and the cause in `reason`.
    """

    service: str
    service_name: str
    namespace: str
    destination: str
    destination_name: str
    ports: str
    reaches: str
    is_internet: bool
    stated: Mapping[str, tuple[str, ...]]
    flow_class: str
    reason: str
    purpose: str
    asked_in: tuple[str, ...]
    breaks: tuple[str, ...] = ()

    def say(self, key: str) -> str:
        return ", ".join(self.stated.get(key, ())) or NOT_STATED


@dataclass(frozen=True, slots=True)
class AuditGroup:
    """The flows to destinations that state a value; a destination with two values is in two groups.

    `destinations` are names; of services and flows, it has the numbers.
    """

    value: str
    services: int
    destinations: tuple[str, ...]
    flows: int

    def say(self) -> str:
        """Counts, in words."""
        ends = say_count(self.services, "service"), say_count(len(self.destinations), "destination")
        return ", ".join((*ends, say_count(self.flows, "flow")))


@dataclass(frozen=True, slots=True)
class AuditReport:
    """All that leaves, by service and destination. `title` names the sources; `checkout`, for pages, the repository."""

    title: str
    flows: tuple[AuditFlow, ...]
    others: str = ""
    checkout: str = ""

    def groups(self, key: str) -> Iterator[AuditGroup]:
        """The groups of a key, by value in any letter case; what is not stated comes last."""
        held: dict[str, list[AuditFlow]] = {}
        names: dict[str, str] = {}
        for flow in self.flows:
            for value in flow.stated.get(key, ()) or ("",):
                held.setdefault(value.casefold(), []).append(flow)
                names.setdefault(value.casefold(), value or NOT_STATED)
        for value in sorted(held, key=lambda it: (not it, it)):
            flows = held[value]
            destinations = {it.destination: it.destination_name for it in flows}
            services = len({it.service for it in flows})
            yield AuditGroup(names[value], services, tuple(sorted(destinations.values())), len(flows))

    def summary(self) -> str:
        """Counts, in one line."""
        destinations = {it.destination: it for it in self.flows}
        subjects = {it.service for it in self.flows}
        whole = sum("/" in it for it in subjects)  # the id of a service is no path
        said = (
            f"{say_subjects(len(subjects) - whole, whole)}, {say_count(len(destinations), 'destination')} outside the "
            f"cluster, {say_count(len(self.flows), 'flow')}"
        )
        counts = {key: sum(key not in it.stated for it in destinations.values()) for key in TITLES}
        silent = [f"{key} of {count}" for key, count in counts.items() if count]
        broken = sum(bool(it.breaks) for it in self.flows)
        parts = (
            *([f"{NOT_STATED}: {', '.join(silent)}"] if silent else []),
            *([f"{say_count(broken, 'flow breaks', 'flows break')} a rule"] if broken else []),
            *([self.others] if self.others else []),
        )
        return "; ".join((said, *parts))
