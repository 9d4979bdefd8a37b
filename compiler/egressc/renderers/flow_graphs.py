"""Flows as a graph for other programs to draw: DOT (Graphviz) and Mermaid.

DNS, which every service has, is left out.
"""

from collections.abc import Iterator

from egressc.renderers.excerpts import printable
from egressc.renderers.flows import Flow, FlowReport, Node

DNS = "DNS"

_MERMAID_ENTITIES = {ord(character): f"#{ord(character)};" for character in '"#<>&[](){}|\\`*_~'}


def render_dot(report: FlowReport) -> str:
    """One cluster a namespace; internet egress red, approximate edges dashed, extra ones dotted."""
    lines = [
        "digraph flows {",
        f"  label={_dot(report.summary())};",
        "  rankdir=LR; node [shape=box, style=rounded, fontname=sans]; edge [fontname=sans, fontsize=10];",
    ]
    numbers = _numbers(report)
    for index, (namespace, nodes) in enumerate(_groups(report)):
        indent = "  "
        if namespace:
            lines += [f"  subgraph cluster_{index} {{", f"    label={_dot(namespace)};"]
            indent = "    "
        for node in nodes:
            shape = {
                "service": "",
                "namespace": ", shape=folder",
                "destination": ", shape=cylinder",
                "internet": ", shape=octagon, color=red",
            }
            lines.append(f"{indent}n{numbers[node.id]} [label={_dot(_title(node, report))}{shape[node.kind]}];")
        if namespace:
            lines.append("  }")
    style = {"exact": "solid", "approximate": "dashed", "extra": "dotted"}
    for source, destination, flows in _edges(report):
        colour = ", color=red, penwidth=2" if any(flow.is_internet for flow in flows) else ""
        about = ", ".join(dict.fromkeys(part for flow in flows for part in (flow.purpose, *flow.asked_in) if part))
        lines.append(
            f"  n{numbers[source]} -> n{numbers[destination]} [label={_dot(_label(flows))}, tooltip={_dot(about)}, "
            f"style={style[flows[0].flow_class]}{colour}];"
        )
    return "".join(f"{line}\n" for line in [*lines, "}"])


def render_mermaid(report: FlowReport) -> str:
    """A flowchart as GitHub and GitLab draw it; one subgraph a namespace."""
    lines = ["flowchart LR"]
    numbers = _numbers(report)
    for index, (namespace, nodes) in enumerate(_groups(report)):
        indent = "  "
        if namespace:
            lines.append(f'  subgraph g{index}["{_mermaid(namespace)}"]')
            indent = "    "
        for node in nodes:
            opening, closing = {
                "service": ("[", "]"),
                "namespace": ("[[", "]]"),
                "destination": ("[(", ")]"),
                "internet": ("{{", "}}"),
            }[node.kind]
            mark = ":::internet" if node.kind == "internet" else ""
            lines.append(f'{indent}n{numbers[node.id]}{opening}"{_mermaid(_title(node, report))}"{closing}{mark}')
        if namespace:
            lines.append("  end")
    red: list[int] = []
    for index, (source, destination, flows) in enumerate(_edges(report)):
        arrow = "-->" if flows[0].flow_class == "exact" else "-.->"
        word = "" if flows[0].flow_class == "exact" else f" {flows[0].flow_class}"
        label = f"{_mermaid(_label(flows))}{word}"
        lines.append(f'  n{numbers[source]} {arrow}|"{label}"| n{numbers[destination]}')
        if any(flow.is_internet for flow in flows):
            red.append(index)
    lines.append("  classDef internet stroke:#b00020,stroke-width:3px")
    if red:
        lines.append(f"  linkStyle {','.join(map(str, red))} stroke:#b00020,stroke-width:3px")
    return "".join(f"{line}\n" for line in lines)


def _numbers(report: FlowReport) -> dict[str, int]:
    return {node.id: number for number, node in enumerate(report.nodes)}


def _title(node: Node, report: FlowReport) -> str:
    return f"{node.name} (switched off)" if any(it.service == node.id for it in report.switched_off) else node.name


def _groups(report: FlowReport) -> Iterator[tuple[str, list[Node]]]:
    groups: dict[str, list[Node]] = {}
    for node in report.nodes:
        if node.id != DNS:
            groups.setdefault(node.namespace, []).append(node)
    yield from sorted(groups.items())


def _edges(report: FlowReport) -> Iterator[tuple[str, str, list[Flow]]]:
    """The flows between two nodes together, but those of other classes apart."""
    edges: dict[tuple[str, str, str], list[Flow]] = {}
    for flow in report.flows:
        if flow.destination != DNS:
            edges.setdefault((flow.source, flow.destination, flow.flow_class), []).append(flow)
    for (source, destination, _), flows in edges.items():
        yield source, destination, flows


def _label(flows: list[Flow]) -> str:
    return ", ".join(f"{port}/{flow.protocol}" for flow in flows for port in flow.ports)


def _dot(text: str) -> str:
    # In a quoted string of DOT a backslash starts an escape, so it is doubled.
    return '"' + printable(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _mermaid(text: str) -> str:
    return printable(text).translate(_MERMAID_ENTITIES)
