"""Workloads of manifests as text, CSV and Markdown: one line a connection, and one an exposure."""

from collections.abc import Iterable, Iterator, Sequence

from egressc.renderers.csv import render_rows
from egressc.renderers.excerpts import printable
from egressc.renderers.markdown import cell
from egressc.renderers.workloads import ConnectionRecord, ExposureRecord, WorkloadReport

_COLUMNS = ("what", "source", "destination", "ports", "internet", "remarks")


def render_text(report: WorkloadReport) -> str:
    """`Deployment shop/web -> Deployment shop/orders  9090/TCP`, then `exposed: …`, columns aligned."""
    rows = [
        (f"{it.source.title} -> {it.destination.title}", it.said, ", ".join(_remarks(it, is_short=True)))
        for it in report.connections
    ]
    rows += [
        (f"exposed: {it.workload.title} {_arrow(it)} {it.title}", it.said, ", ".join(it.remarks))
        for it in report.exposures
    ]
    shown = [[printable(text) for text in row] for row in rows]
    widths = [max((len(row[column]) for row in shown), default=0) for column in range(2)]
    lines = ["  ".join([row[0].ljust(widths[0]), row[1].ljust(widths[1]), row[2]]).rstrip() for row in shown]
    notes = [f"# {printable(text)}" for text in (*report.remarks, report.summary())]
    return "".join(f"{line}\n" for line in [*lines, *notes])


def render_csv(report: WorkloadReport) -> str:
    return render_rows([_COLUMNS, *_records(report)])


def render_markdown(report: WorkloadReport) -> str:
    parts = [f"# Connections of {cell(report.title)}\n\n{report.summary().capitalize()}.\n"]
    parts += [f"\n{cell(note[:1].upper() + note[1:])}.\n" for note in report.remarks]
    connections = [
        (cell(it.source.title), cell(it.destination.title), cell(it.said), _bold(_remarks(it)))
        for it in report.connections
    ]
    parts += _table("Connections", ("From", "To", "Ports", "Remarks"), connections)
    exposures = [
        (cell(it.workload.title), it.direction, cell(it.title), cell(it.said), _bold(it.remarks))
        for it in report.exposures
    ]
    parts += _table("Exposure", ("Workload", "Direction", "Whoever is", "Ports", "Remarks"), exposures)
    return "".join(parts)


def _remarks(connection: ConnectionRecord, *, is_short: bool = False) -> tuple[str, ...]:
    """`is_short`: without the reason why it is approximate."""
    said = "approximate" if is_short else f"approximate: {connection.reason}"
    return (*(("INTERNET",) if connection.is_internet else ()), *((said,) if connection.reason else ()))


def _arrow(exposure: ExposureRecord) -> str:
    return "->" if exposure.direction == "egress" else "<-"


def _records(report: WorkloadReport) -> Iterator[tuple[str, ...]]:
    for it in report.connections:
        internet = "yes" if it.is_internet else "no"
        yield "connection", it.source.title, it.destination.title, it.said, internet, it.reason
    for exposure in report.exposures:
        ends = (exposure.workload.title, exposure.title)
        source, destination = ends if exposure.direction == "egress" else ends[::-1]
        remarks = "; ".join(it for it in exposure.remarks if it != "INTERNET")
        internet = "yes" if exposure.is_internet else "no"
        yield f"{exposure.direction} exposure", source, destination, exposure.said, internet, remarks


def _bold(remarks: Iterable[str]) -> str:
    return cell(", ".join(remarks)).replace("INTERNET", "**internet**")


def _table(title: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if rows:
        yield f"\n## {title}\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}\n"
        for row in rows:
            yield f"| {' | '.join(row)} |\n"
