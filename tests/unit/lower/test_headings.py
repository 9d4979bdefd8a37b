"""Headings that leave tables out: told as a reader tells them, and never idle without an error."""

from support.compiled import compile_text, findings, services
from support.tables import each

GRANTED = services("web | None | None")
LATER = services("web | Redis | 6379", header="From | To | Port")


@each(
    "written",
    ["Not Granted yet", "not granted yet", "**Not** granted  yet", "`Not granted` yet", "[Not granted](x) yet"],
)
def test_case_blanks_and_marks_make_no_difference(written: str) -> None:
    text = GRANTED + "## Not *granted* yet\n\n" + LATER
    found = findings(text, project=f"tables: {{leaveOut: [{written!r}]}}")
    assert [it.split()[0] for it in found] == ["EG205"]


@each(
    ("heading", "offered"),
    [("Not granted (yet)", 'write "Not granted (yet)"'), ("Elsewhere", "exactly as in the document")],
)
def test_a_heading_that_was_edited_grants_nothing_unseen(heading: str, offered: str) -> None:
    policies, report = compile_text(
        GRANTED + f"## {heading}\n\n" + LATER, project="tables: {leaveOut: [Not granted yet]}"
    )
    assert policies is None
    (found,) = [it for it in report.diagnostics if it.code.id == "EG206"]
    assert offered in found.help
