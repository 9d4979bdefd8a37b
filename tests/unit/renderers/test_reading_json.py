"""The account for programs: the shape that docs/reports.md describes."""

import json
import re
from pathlib import Path

from egressc.renderers.reading import CellRecord, Column, Fault, ReadReport, RowRecord, TableRecord, Text
from egressc.renderers.reading_json import render_json

DOCUMENT = Path(__file__).parents[3] / "docs" / "reports.md"
USERS = CellRecord("Users", 6, 3, "describes", "service")
REDIS = CellRecord("Redis", 6, 11, "grants", "dependencies", (), (0,))
COLUMNS = (Column("Service", "service"), Column("Depends on", "dependencies"))
TABLE = TableRecord("services.md", 3, "Services", "services", "", COLUMNS, (RowRecord(6, "grants", (USERS, REDIS)),))


def test_a_table_is_laid_out_as_the_documentation_says() -> None:
    report = ReadReport(("services.md",), (TABLE,), (), ("users -> redis 6379/TCP",))
    section = DOCUMENT.read_text("utf-8").partition("## What was read")[2].partition("\n## ")[0]
    (example,) = re.findall(r"```json\n(.*?)```", section, re.DOTALL)
    assert json.loads(render_json(report, tool_version="1"))["tables"] == [json.loads(example)]


def test_the_whole_document() -> None:
    fault = Fault("EG301", "no such destination")
    refused = CellRecord("x", 7, 11, "refused", "dependencies", (fault,))
    table = TableRecord("s.md", 3, "", "refused", "no", COLUMNS, (RowRecord(7, "refused", (USERS, refused)),), (fault,))
    report = ReadReport(("s.md",), (table,), (Text("s.md", 9, "a | b", "why"),))
    document = json.loads(render_json(report, tool_version="1.2.3"))
    assert list(document) == ["version", "tool", "summary", "tables", "texts"]
    assert (document["version"], document["tool"]["version"]) == (1, "1.2.3")
    assert document["summary"]["rowsRefused"] == document["summary"]["cellsRefused"] == 1
    assert document["texts"] == [{"source": "s.md", "line": 9, "text": "a | b", "why": "why"}]
    said = [{"code": "EG301", "text": "no such destination"}]
    assert document["tables"][0]["faults"] == document["tables"][0]["rows"][0]["cells"][1]["faults"] == said
