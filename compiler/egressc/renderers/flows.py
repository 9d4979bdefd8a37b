"""A project's flows as its reports show them: plain words, already in order.

Nothing here is safe for any format yet: each renderer escapes what it writes.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from egressc.diagnostics.phrases import say_count, say_subjects
from egressc.renderers.reading import ReadReport

NodeKind = Literal["service", "namespace", "destination", "internet"]
FlowClass = Literal["exact", "approximate", "extra"]


@dataclass(frozen=True, slots=True)
class Node:
    """A service, or what is at the other end of its connections. `id` is unique; `namespace` may be empty."""

    id: str
    name: str
    namespace: str
    kind: NodeKind


@dataclass(frozen=True, slots=True)
class Flow:
    """Connections between two nodes over one protocol; `source` and `destination` are their ids.

    `ports` as tables write them: a number, a range, a name, or "any". `asked_in` are files with lines. `reason` says
    why a flow is approximate, `is_internet` that public addresses are open, `adds` what an extra rule opens that no row
    asks for, in words. `in_short` may say in fewer words what it `reaches`: the peers of the rule. `directions` are the
    ends at which policies limit it: "egress", "ingress". `comes_from`: the peers of a rule for ingress.
    """

    source: str
    destination: str
    protocol: str
    ports: tuple[str, ...]
    flow_class: FlowClass
    reason: str
    reaches: str
    is_internet: bool
    purpose: str
    asked_in: tuple[str, ...]
    adds: tuple[str, ...] = ()
    in_short: str = ""
    directions: tuple[str, ...] = ("egress",)
    comes_from: str = ""

    @property
    def limited_in(self) -> str:
        """The ends at which policies limit it, in one word."""
        return "both" if len(self.directions) > 1 else self.directions[0]


@dataclass(frozen=True, slots=True)
class Denied:
    """What a row denies: the id of a service, and the other end by its name, or "everything else".

    `denied_in` is file and line.
    """

    source: str
    destination: str
    ports: str
    denied_in: str


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """A service whose policy an operator switched off; `off_in` is file and line.

    `directions` are those that the policy would limit and nothing limits now.
    """

    service: str
    off_in: str
    directions: tuple[str, ...]

    @property
    def effect(self) -> str:
        if not self.directions:
            return "its namespace denies what only this policy allows"
        ends = {"egress": "what it reaches", "ingress": "who reaches it"}
        return f"nothing limits {' and '.join(ends[it] for it in self.directions)}"


@dataclass(frozen=True, slots=True)
class OtherPolicy:
    """A policy of another owner: namespace and name, and the file and line that has it."""

    title: str
    given_in: str


@dataclass(frozen=True, slots=True)
class ReportedDenial:
    """What a guardrail denies in a direction, by the `name` that tables have for it or none, and in words."""

    direction: str
    name: str
    peers: str
    ports: str

    @property
    def is_named(self) -> bool:
        """Whether its name says more than its peers: that of an address is the address."""
        return bool(self.name) and self.name not in self.peers

    def say(self) -> str:
        return self._say(f"{self.name} ({self.peers})" if self.is_named else self.peers)

    def say_in_short(self) -> str:
        """By the name, where it has one."""
        return self._say(self.name if self.is_named else self.peers)

    def _say(self, other: str) -> str:
        verb = "cannot reach" if self.direction == "egress" else "cannot be reached by"
        return f"{verb} {other} on {self.ports}"


@dataclass(frozen=True, slots=True)
class ReportedGuardrail:
    """What no row can open: the pods that it guards, in words, and what it denies to them.

    `given_in` is file and line; `enforced_by` is "checks", or kind and apiVersion of policies of the cluster.
    """

    name: str
    purpose: str
    pods: str
    denies: tuple[ReportedDenial, ...]
    given_in: str
    enforced_by: str


@dataclass(frozen=True, slots=True)
class FlowReport:
    """Nodes and flows, what rows deny, and what limits nothing now; `title` names the sources.

    What the policies of `others` open and close is in none of the flows.

    For pages alone: `reading` has the flows for rules, `checkout` is the name of the repository with its revision,
    `notes` is what else to say, and `noun` is what a node of kind "service" is.
    """

    title: str
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    denied: tuple[Denied, ...] = ()
    reading: ReadReport | None = None
    switched_off: tuple[SwitchedOff, ...] = ()
    others: tuple[OtherPolicy, ...] = ()
    checkout: str = ""
    notes: tuple[str, ...] = ()
    noun: str = "service"
    guardrails: tuple[ReportedGuardrail, ...] = ()

    def only(self, services: Collection[str]) -> "FlowReport":
        """What concerns some services, by their ids."""
        flows = tuple(
            it
            for it in self.flows
            if (it.source in services and "egress" in it.directions)
            or (it.destination in services and "ingress" in it.directions)
        )
        named = {*services, *(end for flow in flows for end in (flow.source, flow.destination))}
        return replace(
            self,
            nodes=tuple(node for node in self.nodes if node.id in named),
            flows=flows,
            denied=tuple(it for it in self.denied if it.source in services or it.destination in services),
            switched_off=tuple(it for it in self.switched_off if it.service in services),
        )

    @property
    def by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    @property
    def limits_ingress(self) -> bool:
        return any(flow.directions != ("egress",) for flow in self.flows)

    @property
    def subjects(self) -> tuple[Node, ...]:
        """What policies are for: services, and namespaces as a whole."""
        return tuple(node for node in self.nodes if node.kind in ("service", "namespace"))

    def say_subjects(self, ids: Collection[str] | None = None) -> str:
        """How many there are of each kind, of these ids or in all."""
        held = [node for node in self.subjects if ids is None or node.id in ids]
        whole = {node.namespace for node in held if node.kind == "namespace"}
        services = sum(node.kind == "service" for node in held)
        return say_subjects(services, len(whole), self.noun)

    def summary(self) -> str:
        """Counts, in one line."""
        subjects = {node.id for node in self.subjects}
        leaving = {flow.source for flow in self.flows if flow.is_internet and flow.source in subjects}
        entered = {flow.destination for flow in self.flows if flow.is_internet and flow.source not in subjects}
        destinations = len({flow.destination for flow in self.flows} - subjects)
        callers = len({flow.source for flow in self.flows} - subjects)
        classes = [
            f"{count} {flow_class}"
            for flow_class in ("exact", "approximate", "extra")
            if (count := sum(flow.flow_class == flow_class for flow in self.flows))
        ]
        denied = f"; {say_count(len(self.denied), 'denial')}" if self.denied else ""
        reach = "no service reaches" if not leaving else f"{(said := self.say_subjects(leaving))} {_verb(said)}"
        others = f"{say_count(callers, 'other caller')}, " if callers else ""
        enter = f", which reaches {self.say_subjects(entered)}" if entered else ""
        off = (
            f"; {say_count(len(self.switched_off), 'policy is', 'policies are')} switched off"
            if self.switched_off
            else ""
        )
        left_out = f"; {self.say_others()}" if self.others else ""
        guarded = f"; {say_count(len(self.guardrails), 'guardrail')}" if self.guardrails else ""
        return (
            f"{self.say_subjects()}, {say_count(destinations, 'other destination')}, {others}"
            f"{say_count(len(self.flows), 'flow')} ({', '.join(classes)}); {reach} the internet{enter}{denied}{off}"
            f"{left_out}{guarded}"
        )

    def say_others(self) -> str:
        """What the flows leave out of policies of other owners, and what counts it; empty without any."""
        return say_others(len(self.others))


def say_others(count: int) -> str:
    """What a list of flows leaves out of policies of other owners; empty without any."""
    said = say_count(count, "policy", "policies")
    return f"without {said} of other owners, which `egressc explain` counts" if count else ""


def _verb(subjects: str) -> str:
    return "reaches" if subjects.startswith("1 ") and " and " not in subjects else "reach"
