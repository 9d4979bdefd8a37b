"""Columns that say that a row does not hold, or not always: such rows are refused, or named."""

import pytest

from compiled import findings, flows, services

PLAIN = "From | To | Port"
ROW = "web | Redis | 6379"


@pytest.mark.parametrize(
    "word", ["Allow", "ALLOWED", "permit", "yes", "Y", "true", "✓", "✅", "✔️", "✅ Yes", "granted.", "[x]"]
)
@pytest.mark.parametrize(
    "header", ["Action", "Decision", "Verdict", "Allowed?", "Allow / Deny", "Access", "**Permit**"]
)
def test_a_row_that_affirms_is_granted(word: str, header: str) -> None:
    assert flows(services(f"{ROW} | {word}", header=f"{PLAIN} | {header}")) == ["web -> redis 6379/TCP"]


@pytest.mark.parametrize(
    "word", ["DENY", "no", "", "-", "❌", "x", "allow until review", "pending", "allow?no", "read"]
)
@pytest.mark.parametrize("header", ["Action", "Allowed?", "Allow/Deny", "access"])
def test_a_row_that_does_not_is_refused(word: str, header: str) -> None:
    assert findings(services(f"{ROW} | {word}", header=f"{PLAIN} | {header}")) == [f"EG218 {word}".strip()]


@pytest.mark.parametrize(
    ("header", "word", "found"),
    [
        ("Direction", "egress", []),
        ("Direction", "Outbound", []),
        ("Direction", "", []),
        ("Direction", "ingress", ["EG218 ingress"]),
        ("Direction", "both", ["EG218 both"]),
        ("Status", "active", ["EG202 Status"]),
        ("Status", "Denied", ["EG202 Status", "EG218 Denied"]),
        ("State", "not yet", ["EG202 State", "EG218 not yet"]),
        ("Lifecycle", "deprecated (use v2)", ["EG202 Lifecycle", "EG218 deprecated (use v2)"]),
        ("Valid until", "2031-01-01", ["EG219 Valid until"]),
        ("Valid until", "-", []),
        ("Env", "staging", ["EG219 Env"]),
        ("Except", "10.0.0.0/8", ["EG219 Except"]),
    ],
)
def test_direction_status_and_conditions(header: str, word: str, found: list[str]) -> None:
    assert findings(services(f"{ROW} | {word}", header=f"{PLAIN} | {header}")) == found


@pytest.mark.parametrize(
    ("header", "row"),
    [("Service | Calls | Allowed", "web | Redis | no"), ("Destination | Port | Allowed", "Redis | 6379 | no")],
)
def test_tables_of_every_kind_are_held_to_it(header: str, row: str) -> None:
    text = services("cart | None | None") + "## cart\n\n" + services(row, header=header)
    assert "EG218 no" in findings(text)


def test_the_project_file_can_ignore_a_column() -> None:
    text = services(f"{ROW} | planned", header=f"{PLAIN} | Status")
    assert flows(text, project="tables: {ignoreColumns: [status]}") == ["web -> redis 6379/TCP"]
    assert findings(text, project="tables: {ignoreColumns: [Status]}") == []
    assert findings(services(ROW, header=PLAIN), project="tables: {ignoreColumns: [Status]}") == ["EG222 Status"]


def test_a_column_may_have_a_header_of_ones_own() -> None:
    text = services(f"{ROW} | nein", header=f"{PLAIN} | Erlaubt")
    assert findings(text, project="tables: {headers: {decision: [Erlaubt]}}") == ["EG218 nein"]
