"""Changes as text for a terminal or a log: a sign, the flow in table terms, what it opens, who asks."""

from collections.abc import Iterator, Sequence

from egressc.renderers.changes import (
    ChangedFlow,
    ChangedWorkloads,
    ChangeReport,
    ServiceChange,
    ServiceFlow,
    listed,
    say_connection,
)
from egressc.renderers.excerpts import printable

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_OF_WHOLE = {"new": "+", "gone": "-", "moved": "~"}


def render_text(report: ChangeReport) -> str:
    lines = [f"{report.old} -> {report.new}: {report.summary()}"]
    for service, destination, ports in report.internet():
        lines.append(f"! INTERNET {say_connection(service, destination)} {ports}")
    for guardrail in report.guardrails:
        lines.append(f"{_SIGNS[guardrail.kind]} guardrail {guardrail.name}")
        lines += (f"    {part}" for part in guardrail.parts())
    for flow in report.flows:
        lines += _flow(flow)
    for whole in report.whole:
        # The name of a policy of a namespace says what it is.
        sign = _OF_WHOLE[whole.word] if whole.is_of_namespaces else f"{_OF_WHOLE[whole.word]} service"
        lines += _services(sign, whole.changes)
    if report.workloads is not None:
        lines += _workloads(report.workloads)
    return "".join(f"{printable(line)}\n" for line in lines)


def _flow(flow: ChangedFlow) -> Iterator[str]:
    ports = {"added": flow.now, "removed": flow.was}.get(flow.kind) or f"{flow.was or 'none'} => {flow.now or 'none'}"
    yield f"{_SIGNS[flow.kind]} {say_connection(flow.service_name, flow.destination)} {ports}"
    yield from _effect(flow, "    ", is_plain=flow.kind != "changed")
    if flow.reason:
        yield f"    approximate: {flow.reason}"
    if flow.asked_in:
        yield f"    asked for in {', '.join(flow.asked_in)}"
    elif flow.asked_before:
        yield f"    was asked for in {', '.join(flow.asked_before)}"


def _workloads(workloads: ChangedWorkloads) -> Iterator[str]:
    for sign, some in (("+", workloads.new), ("-", workloads.gone)):
        for title in some:
            yield f"{sign} workload {title}"
    for it in workloads.connections:
        ports = {"added": it.now, "removed": it.was}.get(it.kind) or f"{it.was} => {it.now}"
        internet = "  INTERNET" if it.opens_internet else ""
        yield f"{_SIGNS[it.kind]} connection {it.source} -> {it.destination} {ports}{internet}"


def _services(sign: str, services: Sequence[ServiceChange]) -> Iterator[str]:
    for service in services:
        known = [service.pods] if service.pods != service.name else []
        yield f"{sign} {service.name} ({', '.join([*known, *service.asked_in])}): {service.note}"
        yield from _effect(service, "    ")
        for flow in service.flows:
            asked = f"  {', '.join(flow.asked_in)}" if flow.asked_in else ""
            yield f"    {say_connection(service.name, flow.destination)} {flow.ports}{asked}"
            yield from _effect(flow, "        ")
            if flow.reason:
                yield f"        approximate: {flow.reason}"


def _effect(change: ChangedFlow | ServiceChange | ServiceFlow, margin: str, *, is_plain: bool = False) -> Iterator[str]:
    """What opens and closes, each with one connection. `is_plain`: all that the line above names."""
    for word, parts in (("opens", change.opens), ("closes", change.closes)):
        if parts and not is_plain:
            yield f"{margin}{word} {listed(parts)}"
    if change.opens:
        yield f"{margin}now allowed: {change.opens_example}"
    if change.closes:
        yield f"{margin}now denied: {change.closes_example}"
