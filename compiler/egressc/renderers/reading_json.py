"""The account of a reading for programs: one JSON document, described in docs/reports.md, stable within `version`."""

from egressc.renderers.document import render_document
from egressc.renderers.reading import CellRecord, Fault, ReadCounts, ReadReport, RowRecord, TableRecord

SHAPE_VERSION = 1


def render_json(report: ReadReport, *, tool_version: str) -> str:
    document = {
        "summary": lay_out_counts(report.counts),
        "tables": [_table(table, report.rules) for table in report.tables],
        "texts": [{"source": it.source, "line": it.line, "text": it.text, "why": it.why} for it in report.texts],
    }
    return render_document(document, version=SHAPE_VERSION, tool_version=tool_version)


def lay_out_counts(counts: ReadCounts) -> dict[str, int]:
    return {
        "tables": counts.tables,
        "tablesIgnored": counts.ignored_tables,
        "rowsGrant": counts.grants,
        "rowsDeny": counts.denies,
        "rowsDescribe": counts.describes,
        "rowsIgnored": counts.ignored,
        "rowsRefused": counts.refused,
        "cellsRead": counts.cells,
        "cellsIgnored": counts.ignored_cells,
        "cellsRefused": counts.refused_cells,
    }


def _table(table: TableRecord, rules: tuple[str, ...]) -> dict[str, object]:
    return {
        "source": table.source,
        "line": table.line,
        "heading": table.heading,
        "kind": table.kind,
        "why": table.why,
        "faults": [_fault(it) for it in table.faults],
        "columns": [{"header": it.header, "role": it.role} for it in table.columns],
        "rows": [_row(row, rules) for row in table.rows],
    }


def _row(row: RowRecord, rules: tuple[str, ...]) -> dict[str, object]:
    return {"line": row.line, "use": row.use, "cells": [_cell(cell, rules) for cell in row.cells]}


def _cell(cell: CellRecord, rules: tuple[str, ...]) -> dict[str, object]:
    return {
        "text": cell.text,
        "line": cell.line,
        "column": cell.column,
        "use": cell.use,
        "why": cell.why,
        "faults": [_fault(it) for it in cell.faults],
        "rules": [rules[at] for at in cell.rules],
    }


def _fault(fault: Fault) -> dict[str, str]:
    return {"code": fault.code, "text": fault.text}
