"""The JSON form: the shape that docs/diagnostics.md promises."""

import json

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity
from egressc.renderers.json import render_json
from egressc.source import Source, Span

CODE = Code("EG301", "unknown-destination", Severity.ERROR, "A row names a destination that nothing defines.")


def test_shape() -> None:
    source = Source("services.md", "a\n| 決 | db |\n")
    diagnostic = Diagnostic(
        CODE,
        'destination "db" is unknown',
        Label(Span(source, 8, 10), "no such destination"),
        related=(Label(Span(source, 0, 1)),),
        help="write it",
        service="checkout",
        destination="db",
    )
    assert json.loads(render_json([diagnostic], tool_version="1.2.3")) == {
        "version": 1,
        "tool": {"name": "egressc", "version": "1.2.3"},
        "summary": {"errors": 1, "warnings": 0, "notes": 0},
        "diagnostics": [
            {
                "code": "EG301",
                "name": "unknown-destination",
                "severity": "error",
                "message": 'destination "db" is unknown',
                "help": "write it",
                "service": "checkout",
                "destination": "db",
                "location": {
                    "path": "services.md",
                    "startLine": 2,
                    "startColumn": 7,
                    "endLine": 2,
                    "endColumn": 9,
                    "label": "no such destination",
                },
                "related": [
                    {
                        "path": "services.md",
                        "startLine": 1,
                        "startColumn": 1,
                        "endLine": 1,
                        "endColumn": 2,
                        "label": "",
                    }
                ],
            }
        ],
    }


def test_without_findings_it_is_a_document_all_the_same() -> None:
    document = json.loads(render_json([], tool_version="1"))
    assert document["diagnostics"] == []
    assert document["summary"] == {"errors": 0, "warnings": 0, "notes": 0}


def test_is_plain_ascii_whatever_the_source_holds() -> None:
    span = Span(Source("s\udce9.md", "\x1b"), 0, 1)
    assert render_json([Diagnostic(CODE, "決\x1b", Label(span))], tool_version="1").isascii()
