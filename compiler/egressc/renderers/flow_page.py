"""Flows as one HTML page that needs nothing else: no network, no server, no other file.

The table is in the page itself, so it is there without scripts; the script draws the graph and filters. A content
security policy in the page admits this script and this style sheet alone, by their hashes.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import count, groupby
from typing import NamedTuple

from egressc.diagnostics.phrases import say_count
from egressc.renderers.excerpts import printable
from egressc.renderers.flows import Flow, FlowReport, Node, ReportedDenial, ReportedGuardrail
from egressc.renderers.html import as_text, content_policy, fill_page, page_part
from egressc.renderers.reading import CellRecord
from egressc.renderers.reading_page import TABS, linked_cells, render_reading

_CLASSES = (
    " <strong>exact</strong>: what is allowed is what the row asks for. <strong>approximate</strong>: names or "
    "addresses that NetworkPolicy leaves to the cluster. <strong>extra</strong>: a rule of the values file that no row "
    "asks for."
)
# More than these in a list push the page's own content out of sight.
_SHOWN_AT_ONCE = 12


class _GraphEnd(NamedTuple):
    """A node, its number in the data of the page, and its address there: `#node-` and the fragment."""

    node: Node
    number: int
    fragment: str


def render_page(report: FlowReport, *, tool_version: str) -> str:
    style, script = page_part("page.css"), f"{page_part('page.js')}{page_part('reading.js')}"
    fragments = _fragments(node.id for node in report.nodes)
    nodes = {node.id: _GraphEnd(node, number, fragments[number]) for number, node in enumerate(report.nodes)}
    rules = _fragments(f"{flow.source}-to-{flow.destination}-{flow.protocol.lower()}" for flow in report.flows)
    reading = report.reading
    cells = linked_cells(reading) if reading else []
    places = _places(cells)
    parts = {
        "policy": content_policy(style, script),
        "style": style,
        "subject": "Who may reach whom",
        "table": "table",
        "script": script,
        "origin": as_text(f"{report.checkout}: {report.title}" if report.checkout else report.title),
        "summary": as_text(report.summary()),
        "notes": "".join(f"<p>{as_text(note)}</p>" for note in report.notes),
        "version": as_text(tool_version),
        "internet": _switched_off(report, nodes) + _internet(report, nodes),
        "guardrails": _guardrails(report.guardrails),
        "namespaces": "".join(f"<option>{as_text(name)}</option>" for name in _namespaces(report)),
        "bare": "" if any(flow.purpose or flow.asked_in for flow in report.flows) else ' class="bare"',
        "rows": "".join(
            _row(rules[at], flow, nodes, [(place, places.get((at, place))) for place in flow.asked_in])
            for at, flow in enumerate(report.flows)
        ),
        "classes": "" if report.noun != "service" else _CLASSES,
        "tabs": TABS if reading else "",
        "reading": render_reading(reading) if reading else "",
        "data": embedded_json({**_data(report, nodes), "cells": [cell.rules for _, cell in cells]}),
    }
    return fill_page("page.html", parts)


def embedded_json(value: object) -> str:
    """JSON that can stand in a script element: no character of it can end the element or open a comment."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _namespaces(report: FlowReport) -> list[str]:
    return sorted({node.namespace for node in report.nodes if node.namespace})


def _fragments(names: Iterable[str]) -> list[str]:
    """Names as parts of addresses in the page, each once: letters, digits and a few signs."""
    found: dict[str, None] = {}
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9._]+", "-", name).strip("-") or "unnamed"
        numbered = (f"{plain}-{number}" for number in count(2))
        found[plain if plain not in found else next(it for it in numbered if it not in found)] = None
    return list(found)


def _data(report: FlowReport, nodes: Mapping[str, _GraphEnd]) -> dict[str, object]:
    """Nodes and flows as lists, in the order of page.js; a flow's number is that of its row."""
    return {
        "noun": report.noun,
        "nodes": [
            [printable(node.name), printable(node.namespace), node.kind, fragment]
            for node, _, fragment in nodes.values()
        ],
        "flows": [
            [
                nodes[flow.source].number,
                nodes[flow.destination].number,
                flow.protocol,
                list(flow.ports),
                flow.flow_class,
                flow.is_internet,
                printable(flow.purpose),
                [printable(place) for place in flow.asked_in],
            ]
            for flow in report.flows
        ],
    }


def _places(cells: Sequence[tuple[str, CellRecord]]) -> dict[tuple[int, str], int]:
    """The number of the cell by a flow and a place that asks for it."""
    return {(flow, place): number for number, (place, cell) in enumerate(cells) for flow in cell.rules}


def _switched_off(report: FlowReport, nodes: Mapping[str, _GraphEnd]) -> str:
    return "".join(
        f"<p><strong>{_link(nodes[it.service])} is switched off</strong> in {as_text(it.off_in)}: {it.effect}.</p>"
        for it in report.switched_off
    )


def _guardrails(guardrails: Sequence[ReportedGuardrail]) -> str:
    items = "".join(
        f"<li><strong>{as_text(it.name)}</strong>{f': {as_text(it.purpose)}' if it.purpose else ''}"
        f"<small>Guards {as_text(it.pods)}; enforced by {as_text(it.enforced_by)}; {as_text(it.given_in)}</small><ul>"
        f"{''.join(f'<li>{_denial(one)}</li>' for one in it.denies)}</ul></li>\n"
        for it in guardrails
    )
    if not items:
        return ""
    about = "No row, no values file and no extra rule can open what a guardrail denies."
    title = '<h2 id="guardrails-title">Guardrails</h2>'
    items = f"<ul>\n{items}</ul>\n"
    if len(guardrails) > _SHOWN_AT_ONCE:
        items = f"<details><summary>{say_count(len(guardrails), 'guardrail')}</summary>{items}</details>\n"
    return f'<section aria-labelledby="guardrails-title">\n{title}\n<p>{about}</p>\n{items}</section>\n'


def _denial(denied: ReportedDenial) -> str:
    peers = f"<small>{as_text(denied.peers)}</small>" if denied.is_named else ""
    return f"{as_text(denied.say_in_short())}{peers}"


def _internet(report: FlowReport, nodes: Mapping[str, _GraphEnd]) -> str:
    flows = [flow for flow in report.flows if flow.is_internet]
    leaving = [flow for flow in flows if nodes[flow.destination].node.kind == "internet"]
    entering = [flow for flow in flows if nodes[flow.source].node.kind == "internet"]
    if not leaving:
        said = f'<p class="closed">No {report.noun} reaches a public address.</p>'
    else:
        said = _at_public_addresses(report, nodes, leaving, {flow.source for flow in leaving}, "reaches", "reach")
    if entering:
        reached = {flow.destination for flow in entering}
        said += _at_public_addresses(report, nodes, entering, reached, "is reached from", "are reached from")
    return said


def _at_public_addresses(
    report: FlowReport, nodes: Mapping[str, _GraphEnd], flows: Sequence[Flow], ends: Set[str], verb: str, verbs: str
) -> str:
    by_ends = groupby(flows, lambda it: (it.source, it.destination, it.in_short or it.reaches))
    items = "".join(
        f"<li>{_link(nodes[source])} → {_link(nodes[destination])} on {', '.join(map(_ports, same))}"
        f"{f': <span>{as_text(reaches)}</span>' if reaches else ''}</li>"
        for (source, destination, reaches), same in by_ends
    )
    does = verb if len(ends) == 1 else verbs
    said = f"{len(ends)} of {report.say_subjects()} {does} public addresses"
    if len(flows) > _SHOWN_AT_ONCE:
        return f"<details><summary>{said}, by {say_count(len(flows), 'flow')}</summary><ul>{items}</ul></details>"
    return f"<p>{said}:</p><ul>{items}</ul>"


def _row(fragment: str, flow: Flow, nodes: Mapping[str, _GraphEnd], places: Sequence[tuple[str, int | None]]) -> str:
    source, destination = nodes[flow.source], nodes[flow.destination]
    internet = ' <strong class="tag internet">internet</strong>' if flow.is_internet else ""
    reason = f"<small>{as_text(flow.reason)}</small>" if flow.reason else ""
    if flow.directions != ("egress",):
        ends = "at both ends" if flow.limited_in == "both" else "at its destination"
        reason = f"<small>limited {ends}</small>{reason}"
    reaches = f"<small>{as_text(flow.reaches)}</small>" if flow.reaches else ""
    if flow.in_short:
        reaches = f"<details><summary>{as_text(flow.in_short)}</summary>{reaches}</details>"
    asked = "<br>".join(_asked(place, cell) for place, cell in places)
    return (
        f'<tr id="rule-{fragment}"><th scope="row">{_link(source)}{_namespace(source)}</th>'
        f"<td>{_link(destination)}{internet}{_namespace(destination)}{reaches}</td>"
        f'<td>{_ports(flow)}</td><td><span class="tag {flow.flow_class}">{flow.flow_class}</span>{reason}</td>'
        f"<td>{as_text(flow.purpose)}</td><td>{asked}</td></tr>\n"
    )


def _asked(place: str, cell: int | None) -> str:
    return as_text(place) if cell is None else f'<a href="#cell-{cell}">{as_text(place)}</a>'


def _link(end: _GraphEnd) -> str:
    return f'<a href="#node-{end.fragment}">{as_text(end.node.name)}</a>'


def _namespace(end: _GraphEnd) -> str:
    return f"<small>{as_text(end.node.namespace)}</small>" if end.node.namespace else ""


def _ports(flow: Flow) -> str:
    return ", ".join(f"{as_text(port)}/{flow.protocol}" for port in flow.ports)
