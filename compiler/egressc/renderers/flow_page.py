"""Flows as one HTML page that needs nothing else: no network, no server, no other file.

The table is in the page itself, so it is there without scripts; the script draws the graph and filters. A content
security policy in the page admits this script and this style sheet alone, by their hashes.
"""

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files

from egressc.renderers.excerpts import printable
from egressc.renderers.flows import Flow, FlowReport, Node, counted
from egressc.renderers.reading import Cell
from egressc.renderers.reading_page import TABS, linked_cells, render_reading

# More than these in a list push the page's own content out of sight.
_SHOWN_AT_ONCE = 12


def render_page(report: FlowReport, *, tool_version: str) -> str:
    style, script = _part("page.css"), f"{_part('page.js')}{_part('reading.js')}"
    numbers = {node.id: number for number, node in enumerate(report.nodes)}
    reading = report.reading
    cells = linked_cells(reading) if reading else []
    places = _places(cells)
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    parts = {
        "policy": policy,
        "style": style,
        "script": script,
        "title": _text(report.title),
        "summary": _text(report.summary()),
        "version": _text(tool_version),
        "internet": _switched_off(report, numbers) + _internet(report, numbers),
        "namespaces": "".join(f"<option>{_text(name)}</option>" for name in _namespaces(report)),
        "rows": "".join(_row(at, flow, report.nodes, numbers, places) for at, flow in enumerate(report.flows)),
        "tabs": TABS if reading else "",
        "reading": render_reading(reading) if reading else "",
        "data": embedded_json({**_data(report, numbers), "cells": [cell.rules for _, cell in cells]}),
    }
    # In one pass: a name that looks like a slot is not filled again.
    return re.sub(r"\{\{(\w+)\}\}", lambda slot: parts[slot[1]], _part("page.html"))


def embedded_json(value: object) -> str:
    """JSON that can stand in a script element: no character of it can end the element or open a comment."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _part(name: str) -> str:
    return files("egressc.renderers").joinpath("page", name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _text(text: str) -> str:
    return escape(printable(text), quote=True)


def _namespaces(report: FlowReport) -> list[str]:
    return sorted({node.namespace for node in report.nodes if node.namespace})


def _data(report: FlowReport, numbers: Mapping[str, int]) -> dict[str, object]:
    """Nodes and flows as lists, in the order of page.js; a flow's number is that of its row."""
    return {
        "nodes": [[printable(node.name), printable(node.namespace), node.kind] for node in report.nodes],
        "flows": [
            [
                numbers[flow.source],
                numbers[flow.destination],
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


def _places(cells: Sequence[tuple[str, Cell]]) -> dict[tuple[int, str], int]:
    """The number of the cell by a flow and a place that asks for it."""
    return {(flow, place): number for number, (place, cell) in enumerate(cells) for flow in cell.rules}


def _switched_off(report: FlowReport, numbers: Mapping[str, int]) -> str:
    nodes = report.nodes
    return "".join(
        f"<p><strong>{_link(nodes[numbers[it.service]], numbers)} is switched off</strong> in {_text(it.off_in)}: "
        "nothing limits what it reaches.</p>"
        for it in report.switched_off
    )


def _internet(report: FlowReport, numbers: Mapping[str, int]) -> str:
    flows = [flow for flow in report.flows if flow.is_internet]
    if not flows:
        return '<p class="closed">No service reaches a public address.</p>'
    nodes = report.nodes
    items = "".join(
        f"<li>{_link(nodes[numbers[flow.source]], numbers)} → {_link(nodes[numbers[flow.destination]], numbers)}"
        f" on {_ports(flow)}: <span>{_text(flow.reaches)}</span></li>"
        for flow in flows
    )
    services = len({flow.source for flow in flows})
    verb = "reaches" if services == 1 else "reach"
    said = f"{services} of {counted(len(report.services), 'service')} {verb} public addresses"
    if len(flows) > _SHOWN_AT_ONCE:
        return f"<details><summary>{said}, by {counted(len(flows), 'flow')}</summary><ul>{items}</ul></details>"
    return f"<p>{said}:</p><ul>{items}</ul>"


def _row(
    number: int,
    flow: Flow,
    nodes: tuple[Node, ...],
    numbers: Mapping[str, int],
    cells: Mapping[tuple[int, str], int],
) -> str:
    source, destination = nodes[numbers[flow.source]], nodes[numbers[flow.destination]]
    internet = ' <strong class="tag internet">internet</strong>' if flow.is_internet else ""
    reason = f"<small>{_text(flow.reason)}</small>" if flow.reason else ""
    places = "<br>".join(_asked(place, cells.get((number, place))) for place in flow.asked_in)
    return (
        f'<tr id="rule-{number}"><th scope="row">{_link(source, numbers)}{_namespace(source)}</th>'
        f"<td>{_link(destination, numbers)}{internet}{_namespace(destination)}<small>{_text(flow.reaches)}</small></td>"
        f'<td>{_ports(flow)}</td><td><span class="tag {flow.flow_class}">{flow.flow_class}</span>{reason}</td>'
        f"<td>{_text(flow.purpose)}</td><td>{places}</td></tr>\n"
    )


def _asked(place: str, cell: int | None) -> str:
    return _text(place) if cell is None else f'<a href="#cell-{cell}">{_text(place)}</a>'


def _link(node: Node, numbers: Mapping[str, int]) -> str:
    return f'<a href="#node-{numbers[node.id]}">{_text(node.name)}</a>'


def _namespace(node: Node) -> str:
    return f"<small>{_text(node.namespace)}</small>" if node.namespace else ""


def _ports(flow: Flow) -> str:
    return ", ".join(f"{_text(port)}/{flow.protocol}" for port in flow.ports)
