"""The flows of a compiled project as records for the renderers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from egressc.diagnostics.core import Report
from egressc.model.policy import Direction, PolicySet, Protocol
from egressc.model.port_sets import EVERY_NUMBER, EVERY_PORT, PortSet, port_set
from egressc.project.compiling import Compiled
from egressc.project.extra_rules import read_extras_of
from egressc.renderers.flows import Denied, Flow, FlowReport, Node, OtherPolicy, SwitchedOff
from egressc.reports.reading import lay_out_reading
from egressc.source import Span
from egressc.verify.flows.words import say_ports
from egressc.verify.intent.table import intend
from egressc.verify.listing.entries import Names
from egressc.verify.listing.flows import ListedFlow, list_flows
from egressc.verify.manifests.places import policy_place


def report_flows(compiled: Compiled, report: Report, *, with_reading: bool = False) -> FlowReport:
    """Every flow of a project. Extra rules that the proof's reader refuses are reported (EG611).

    Args:
        with_reading: add the account of the sources, which takes as long again; `compiled` has kept them.
    """
    intended = intend(compiled.policies)
    names = Names()
    names.learn(compiled.policies, intended)
    extras = read_extras_of(compiled, report)
    listed = tuple(list_flows(compiled.policies, intended, extras, names))
    flows = tuple(_flows(listed))
    denied = tuple(_denied(compiled.policies))
    sides = {it.id: tuple(direction.value for direction in it.directions) for it in compiled.policies.policies}
    off = tuple(
        SwitchedOff(id, places((it.place,))[0], tuple(side for side in sides.get(id, ()) if side not in it.denied))
        for id, it in compiled.switched_off.items()
    )
    nodes = _nodes(compiled.policies, listed)
    others = tuple(OtherPolicy(it.title, places((policy_place(it),))[0]) for it in compiled.others.policies)
    found = FlowReport(
        compiled.workspace.title, nodes, tuple(flow for flow, _ in flows), denied, switched_off=off, others=others
    )
    if not with_reading:
        return found
    assert compiled.kept is not None, "who wants the reading keeps the sources"
    rules = [(f"{it.source} -> {it.destination} {', '.join(it.ports)}/{it.protocol}", origins) for it, origins in flows]
    return replace(found, reading=lay_out_reading((), compiled.kept.reading, rules))


def places(origins: Sequence[Span]) -> tuple[str, ...]:
    """Files with lines, each once."""
    return tuple(dict.fromkeys(f"{span.source.name}:{span.line}" for span in origins))


def _nodes(policies: PolicySet, listed: Sequence[ListedFlow]) -> tuple[Node, ...]:
    nodes = {it.id: Node(it.id, it.name, it.namespace, "service") for it in policies.services}
    whole = (it for held in policies.baselines for it in held.policies)
    nodes |= {it.id: Node(it.id, it.name, it.namespace, "namespace") for it in whole}
    for it in listed:
        kind = nodes[it.key].kind if it.key in nodes else "destination"
        if it.key not in nodes or (it.is_internet and kind == "destination"):
            nodes[it.key] = Node(it.key, it.name, it.namespace, "internet" if it.is_internet else "destination")
    return tuple(nodes.values())


def _flows(listed: Sequence[ListedFlow]) -> Iterator[tuple[Flow, tuple[Span, ...]]]:
    """Each flow with the cells that ask for it."""
    for it in listed:
        asked_in = places(it.rule.origins) or ("project file",)
        for protocol in Protocol:
            ports = say_numbers(it.rule.ports, protocol)
            if ports:
                flow = Flow(
                    *it.ends,
                    protocol.value,
                    ports,
                    it.flow_class.value,
                    "; ".join(it.reasons),
                    it.pods if it.ends[0] == it.key else it.peers,
                    it.is_internet,
                    it.purpose,
                    asked_in,
                    tuple(filter(None, (part.say(protocol) for part in it.adds))),
                    it.in_short if it.ends[1] == it.key else "",
                    tuple(direction.value for direction in it.directions),
                    it.peers if it.ends[0] == it.key else "",
                )
                yield flow, it.rule.origins


def _denied(policies: PolicySet) -> Iterator[Denied]:
    for it in policies.denials:
        other = it.other.name if it.other else "everything else"
        ports = say_ports(port_set(it.ports) if it.ports else EVERY_PORT)
        ends = (it.service, other) if it.direction is Direction.EGRESS else (other, it.service)
        yield Denied(*ends, ports, places((it.origin,))[0])


def say_numbers(ports: PortSet, protocol: Protocol) -> tuple[str, ...]:
    """The ports of one protocol as tables write them: numbers, ranges, names, or "any"."""
    numbers, names = ports.of(protocol)
    if numbers == EVERY_NUMBER:
        return ("any",)
    said: list[str] = []
    for first, last in numbers:
        # Two neighbours are two ports to a reader, as the row has them.
        said += [str(first), str(last)][: last - first + 1] if last - first < 2 else [f"{first}-{last}"]
    return (*said, *sorted(names))
