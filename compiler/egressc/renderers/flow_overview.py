"""Flows as a table for the terminal: each service with what it reaches and, where policies say, what reaches it."""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import Final

from egressc.renderers.flows import Flow, FlowReport

OVERVIEW: Final = ("service", "connection", "which is", "ports", "asked for in")
"""The columns of a row."""

OverviewRow = tuple[str, str, str, str, str]


def overview_title(report: FlowReport) -> str:
    if report.limits_ingress:
        return "What each service can reach (->), and what can reach it (<-)"
    return "What each service can reach"


def overview_rows(report: FlowReport, services: Collection[str]) -> Iterator[list[OverviewRow]]:
    """For each of these services a row an end and rule, over all protocols; the service is named once."""
    for service in (node for node in report.subjects if node.id in services):
        outward = [flow for flow in report.flows if flow.source == service.id and "egress" in flow.directions]
        inward = [flow for flow in report.flows if flow.destination == service.id and "ingress" in flow.directions]
        rows = [*_rows(report, outward, "->"), *_rows(report, inward, "<-")]
        named = [(service.id, "nothing", "", "", "")] if not rows else [(service.id, *rows[0][1:]), *rows[1:]]
        yield named


def _rows(report: FlowReport, flows: Sequence[Flow], arrow: str) -> Iterator[OverviewRow]:
    nodes = report.by_id
    other = "destination" if arrow == "->" else "source"
    by_rule = groupby(flows, lambda it: (getattr(it, other), it.in_short or it.reaches, it.asked_in))
    for (end, reaches, asked_in), same in by_rule:
        held = list(same)
        ports = ", ".join(f"{port}/{it.protocol}" for it in held for port in it.ports)
        peers = reaches if arrow == "->" else held[0].comes_from or f"service in {nodes[end].namespace}"
        yield "", f"{arrow} {nodes[end].name}", peers, ports, ", ".join(asked_in)
