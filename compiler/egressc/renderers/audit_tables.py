"""What leaves the cluster as text, CSV, Markdown and JSON; the shape of the JSON is in docs/reports.md."""

from collections.abc import Iterator

from egressc.renderers.audit import NOT_STATED, TITLES, AuditFlow, AuditReport
from egressc.renderers.csv import render_rows
from egressc.renderers.document import render_document
from egressc.renderers.excerpts import printable
from egressc.renderers.markdown import cell

SHAPE_VERSION = 1
_COLUMNS = (
    *("service", "namespace", "destination", "ports", *TITLES, "internet", "class", "purpose", "asked for in"),
    *("which is", "reason", "breaks"),
)


def render_text(report: AuditReport) -> str:
    """One line a flow, columns aligned; then the counts of each group."""
    rows = [
        (
            f"{it.service} -> {it.destination}",
            it.ports,
            *(f"{key} {it.say(key)}" for key in TITLES),
            f"{', '.join(it.asked_in)}{' BREAKS A RULE' if it.breaks else ''}",
        )
        for it in report.flows
    ]
    shown = [[printable(text) for text in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in shown]
    lines += [f"# {key} {printable(it.value)}: {it.say()}" for key in TITLES for it in report.groups(key)]
    return "".join(f"{line}\n" for line in [*lines, f"# {report.summary()}"])


def render_csv(report: AuditReport) -> str:
    """For a spreadsheet: one line a flow."""
    return render_rows([_COLUMNS, *map(_fields, report.flows)])


def _fields(flow: AuditFlow) -> tuple[str, ...]:
    return (
        *(flow.service_name, flow.namespace, flow.destination_name, flow.ports),
        *map(flow.say, TITLES),
        "yes" if flow.is_internet else "no",
        *(flow.flow_class, flow.purpose, ", ".join(flow.asked_in), flow.reaches, flow.reason, "; ".join(flow.breaks)),
    )


def render_markdown(report: AuditReport) -> str:
    """A table for each key, then one of all flows."""
    parts = [f"# What leaves the cluster: {cell(report.title)}\n\n{report.summary()}.\n"]
    for key, title in TITLES.items() if report.flows else ():
        parts.append(f"\n## By {key}\n\n| {title} | Services | Flows | Destinations |\n|---|---|---|---|\n")
        for it in report.groups(key):
            destinations = ", ".join(map(cell, it.destinations))
            parts.append(_line((cell(it.value), str(it.services), str(it.flows), destinations)))
    if report.flows:
        heads = ("Service", "Destination", "Ports", *TITLES.values(), "Class", "Purpose", "Asked for in", "Breaks")
        parts.append(f"\n## Flows\n\n{_line(heads)}|{'---|' * len(heads)}\n")
        parts += map(_markdown_row, report.flows)
    return "".join(parts)


def _markdown_row(flow: AuditFlow) -> str:
    internet = " **internet**" if flow.is_internet else ""
    return _line(
        (
            cell(flow.service_name),
            f"{cell(flow.destination_name)}{internet}",
            cell(flow.ports),
            *(cell(flow.say(key)) for key in TITLES),
            cell(flow.flow_class + (f": {flow.reason}" if flow.reason else "")),
            cell(flow.purpose),
            ", ".join(map(cell, flow.asked_in)),
            cell("; ".join(flow.breaks)),
        )
    )


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |\n"


def render_json(report: AuditReport, *, tool_version: str) -> str:
    """Ids, names and all values; what is not stated is an empty list."""
    document = {
        "title": report.title,
        "groups": {key: [*_groups(report, key)] for key in TITLES},
        "flows": [_flow(it) for it in report.flows],
    }
    return render_document(document, version=SHAPE_VERSION, tool_version=tool_version)


def _groups(report: AuditReport, key: str) -> Iterator[dict[str, object]]:
    for it in report.groups(key):
        value = "" if it.value == NOT_STATED else it.value
        yield {"value": value, "services": it.services, "destinations": list(it.destinations), "flows": it.flows}


def _flow(flow: AuditFlow) -> dict[str, object]:
    return {
        "service": flow.service,
        "serviceName": flow.service_name,
        "namespace": flow.namespace,
        "destination": flow.destination,
        "destinationName": flow.destination_name,
        "ports": flow.ports,
        **{key: list(flow.stated.get(key, ())) for key in TITLES},
        "internet": flow.is_internet,
        "class": flow.flow_class,
        "reason": flow.reason,
        "reaches": flow.reaches,
        "purpose": flow.purpose,
        "askedIn": list(flow.asked_in),
        "breaks": list(flow.breaks),
    }
