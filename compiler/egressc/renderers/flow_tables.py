"""Flows as text, CSV and Markdown: one line for each destination of a service and protocol."""

from collections.abc import Iterator, Mapping, Sequence

from egressc.renderers.csv import render_rows
from egressc.renderers.excerpts import printable
from egressc.renderers.flows import Flow, FlowReport, Node, ReportedGuardrail, SwitchedOff
from egressc.renderers.markdown import cell

_COLUMNS = (
    "source",
    "source namespace",
    "destination",
    "destination namespace",
    "protocol",
    "ports",
    "class",
    "internet",
    "purpose",
    "asked for in",
    "which is",
    "reason",
    "limited in",
)


def render_text(report: FlowReport) -> str:
    """`ai-service -> redis  6379/TCP  exact  Session cache  services.md:11`, one line a flow, columns aligned.

    Where policies limit ingress too, a word behind the class says at which ends: egress, ingress, or both.
    What rows deny comes last, then the services whose policies are switched off, and the guardrails.
    """
    rows = [
        (
            f"{flow.source} -> {flow.destination}",
            f"{', '.join(flow.ports)}/{flow.protocol}",
            flow.flow_class
            + (f" {flow.limited_in}" if report.limits_ingress else "")
            + (" INTERNET" if flow.is_internet else ""),
            flow.purpose or "-",
            ", ".join(flow.asked_in),
        )
        for flow in report.flows
    ]
    rows += [(f"{it.source} -> {it.destination}", it.ports, "denied", "-", it.denied_in) for it in report.denied]
    rows += [
        (f"{source} -> {destination}", "any", "SWITCHED OFF", "-", it.off_in)
        for it in report.switched_off
        for source, destination in _open_ends(it)
    ]
    shown = [[printable(text) for text in row] for row in rows]
    widths = [max((len(row[column]) for row in shown), default=0) for column in range(4)]
    lines = [
        "  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[-1]]).rstrip()
        for row in shown
    ]
    lines += (printable(line) for guardrail in report.guardrails for line in _guardrail(guardrail))
    return "".join(f"{line}\n" for line in [*lines, f"# {report.summary()}"])


def _guardrail(guardrail: ReportedGuardrail) -> Iterator[str]:
    purpose = f": {guardrail.purpose}" if guardrail.purpose else ""
    place = f"({guardrail.given_in}, enforced by {guardrail.enforced_by})"
    yield f"guardrail {guardrail.name}{purpose}  {place}"
    yield from (f"    {guardrail.pods}: {it.say()}" for it in guardrail.denies)


def render_csv(report: FlowReport) -> str:
    """For a spreadsheet: one line a flow, and one for each direction of a policy that is switched off."""
    nodes = report.by_id
    lines = [_COLUMNS, *(_fields(flow, nodes) for flow in report.flows)]
    for it in report.switched_off:
        for ends in _open_ends(it):
            located = [text for end in ends for text in (end, nodes[end].namespace if end in nodes else "")]
            lines.append((*located, "any", "any", "switched off", "yes", "", it.off_in, "", "", ""))
    return render_rows(lines)


def _open_ends(off: SwitchedOff) -> Iterator[tuple[str, str]]:
    if not off.directions:
        yield off.service, "what its namespace allows"
    for direction in off.directions:
        yield (off.service, "everything") if direction == "egress" else ("everything", off.service)


def render_markdown(report: FlowReport) -> str:
    """A table for each service, another one of who reaches it, and one of what rows deny, for a wiki or a review."""
    names = report.by_id
    parts = [f"# Flows of {cell(report.title)}\n\n{report.summary().capitalize()}.\n"]
    leaving: dict[str, list[Flow]] = {}
    entering: dict[str, list[Flow]] = {}
    for flow in report.flows:
        if "egress" in flow.directions:
            leaving.setdefault(flow.source, []).append(flow)
        if "ingress" in flow.directions:
            entering.setdefault(flow.destination, []).append(flow)
    off = {it.service: it for it in report.switched_off}
    for service in report.subjects:
        switch = off.get(service.id)
        now = f"**Switched off** in {cell(switch.off_in)}: {switch.effect}.\n\n" if switch else ""
        parts.append(f"\n## {cell(service.name)}\n\n{now}")
        left, entered = leaving.get(service.id, []), entering.get(service.id, [])
        if left or not entered:
            parts += _markdown_table("Destination", [(names[flow.destination], flow) for flow in left])
        if left and entered:
            parts.append("\n")
        if entered:
            parts += _markdown_table("Caller", [(names[flow.source], flow) for flow in entered])
    if report.denied:
        parts.append("\n## Denied by the document\n\n| Source | Destination | Port | Denied in |\n|---|---|---|---|\n")
        for it in report.denied:
            ends = (names[end].name if end in names else end for end in (it.source, it.destination))
            denied = *map(cell, ends), cell(it.ports), cell(it.denied_in)
            parts.append(f"| {' | '.join(denied)} |\n")
    if report.guardrails:
        heads = "| Guardrail | Pods | Denies | Purpose | Enforced by | Given in |\n|---|---|---|---|---|---|\n"
        parts.append(f"\n## Guardrails\n\n{heads}")
        for guardrail in report.guardrails:
            said = (
                *(guardrail.name, guardrail.pods, "; ".join(it.say() for it in guardrail.denies), guardrail.purpose),
                *(guardrail.enforced_by, guardrail.given_in),
            )
            parts.append(f"| {' | '.join(map(cell, said))} |\n")
    return "".join(parts)


def _markdown_table(title: str, flows: Sequence[tuple[Node, Flow]]) -> Iterator[str]:
    """`title` is the header of the other ends."""
    yield f"| {title} | Namespace | Port | Protocol | Class | Purpose | Asked for in |\n|---|---|---|---|---|---|---|\n"
    for node, flow in flows:
        internet = " **internet**" if flow.is_internet else ""
        cells = (
            f"{cell(node.name)}{internet}",
            cell(node.namespace),
            cell(", ".join(flow.ports)),
            flow.protocol,
            flow.flow_class + (f": {cell(flow.reason)}" if flow.reason else ""),
            cell(flow.purpose),
            ", ".join(cell(place) for place in flow.asked_in),
        )
        yield f"| {' | '.join(cells)} |\n"


def _fields(flow: Flow, nodes: Mapping[str, Node]) -> tuple[str, ...]:
    source, destination = nodes[flow.source], nodes[flow.destination]
    return (
        flow.source,
        source.namespace,
        flow.destination,
        destination.namespace,
        flow.protocol,
        ", ".join(flow.ports),
        flow.flow_class,
        "yes" if flow.is_internet else "no",
        flow.purpose,
        ", ".join(flow.asked_in),
        flow.reaches,
        flow.reason,
        flow.limited_in,
    )
