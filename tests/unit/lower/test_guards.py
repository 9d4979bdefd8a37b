"""Whether a row holds: verdicts, states, directions, and words that deny under any header."""

import pytest

from egressc.model.policy import Denial
from egressc.model.ports import say_ports
from support.compiled import codes, compile_text, findings, flows, services
from support.tables import each

PLAIN = "From | To | Port"
ROW = "web | Redis | 6379"


def denials(text: str, project: str = "") -> tuple[Denial, ...]:
    policies, report = compile_text(text, project=project)
    assert policies is not None, codes(report)
    return policies.denials


@pytest.mark.slow
@each("word", ["Allow", "ALLOWED", "permit", "yes", "Y", "true", "✓", "✅", "✔️", "✅ Yes", "granted.", "[x]"])
@each("header", ["Action", "Decision", "Verdict", "Allowed?", "Allow / Deny", "Access", "**Permit**"])
def test_a_row_that_affirms_is_granted(word: str, header: str) -> None:
    assert flows(services(f"{ROW} | {word}", header=f"{PLAIN} | {header}")) == ["web -> redis 6379/TCP"]


@each(
    "word",
    [
        *(
            "DENY",
            "no",
            "No.",
            "\u274c",
            "\U0001f6ab",
            "BLOCKED",
            "denied by policy",
            "Deny, never directly",
            "not allowed",
        ),
        *("\u274c timeout", "rejected", "closed", "drop", "false", "no - see ticket 7"),
    ],
)
@each("header", ["Action", "Allowed?", "Allow/Deny", "access"])
def test_a_row_that_says_no_is_a_denial(word: str, header: str) -> None:
    policies, report = compile_text(services(f"{ROW} | {word}", header=f"{PLAIN} | {header}"))
    assert codes(report) == []
    assert policies is not None
    assert [(it.id, it.grants) for it in policies.services] == [("web", ())]
    (denial,) = policies.denials
    assert (denial.service, denial.other and denial.other.key, say_ports(denial.ports)) == (
        "web",
        "redis",
        "6379/TCP",
    )


@each(
    "word",
    [
        "",
        "-",
        "x",
        "allow until review",
        "allow?no",
        "read",
        "Allow reading only",
        "\u274c (except updates)",
        "no, but yes",
    ],
)
@each("header", ["Action", "Allowed?"])
def test_a_row_that_says_neither_is_refused(word: str, header: str) -> None:
    assert findings(services(f"{ROW} | {word}", header=f"{PLAIN} | {header}")) == [f"EG218 {word}".strip()]


@each("word", ["pending", "planned for May", "not yet", "deprecated (use v2)", "expired", "until 2020"])
@each("header", ["Action", "Status", "Lifecycle", "Allowed"])
def test_a_row_that_waits_or_is_over_grants_nothing_and_is_told(word: str, header: str) -> None:
    text = services(f"{ROW} | {word}", "cart | Redis | 6379 | yes", header=f"{PLAIN} | {header}")
    assert [it for it in findings(text) if not it.startswith("EG202")] == [f"EG227 {word}"]
    assert flows(text) == ["cart -> redis 6379/TCP"]


@each("header", ["Blocked", "Denied", "Forbidden?"])
def test_a_header_may_ask_the_other_way_round(header: str) -> None:
    text = services(f"{ROW} | no", "cart | Redis | 6379 | yes", header=f"{PLAIN} | {header}")
    assert flows(text) == ["web -> redis 6379/TCP"]
    assert [it.service for it in denials(text)] == ["cart"]
    assert findings(services(f"{ROW} | ", header=f"{PLAIN} | {header}")) == ["EG218"]


@each("header", ["Expected", "Result of the test", "Wie"])
def test_a_column_of_verdicts_is_one_under_any_header(header: str) -> None:
    text = services(
        f"{ROW} | Allow", "web | Kafka | 9092 | BLOCKED", "cart | Redis | 6379 | \u274c", header=f"{PLAIN} | {header}"
    )
    assert flows(text) == ["web -> redis 6379/TCP"]
    assert [(it.service, it.other and it.other.key) for it in denials(text)] == [
        ("cart", "redis"),
        ("web", "kafka"),
    ]


@each("header", ["Purpose", "Notes", "Namespace", "Team"])
@each("word", ["NOT ALLOWED, blocked since May", "denied", "Blocked", "planned", "until May", "No", "\u274c"])
def test_a_word_that_denies_counts_under_any_header(header: str, word: str) -> None:
    if header == "Namespace" and word in ("No", "\u274c"):
        return  # it says that there is none, or is no name of one
    found = findings(services(f"{ROW} | {word}", header=f"{PLAIN} | {header}"))
    assert [it for it in found if not it.startswith("EG202")] == [f"EG218 {word}"]


@each("header", ["Purpose", "Notes"])
@each("word", ["stores denied orders", "queue of pending mails", "used until noon"])
def test_a_word_in_a_sentence_is_a_warning(header: str, word: str) -> None:
    text = services(f"{ROW} | {word}", header=f"{PLAIN} | {header}")
    assert findings(text) == [f"EG226 {word}"]
    assert flows(text) == ["web -> redis 6379/TCP"]


@each("text", ["No new quotes without it", "Notes of nobody", "Nodes", "Reads and writes", "Block storage", "-", ""])
def test_a_sentence_that_begins_like_a_verdict_is_none(text: str) -> None:
    assert findings(services(f"{ROW} | {text}", header=f"{PLAIN} | Purpose")) == []


@each("header", ["TLS", "mTLS", "Encrypted", "Stateful"])
def test_a_question_about_something_else_may_be_answered(header: str) -> None:
    found = findings(services(f"{ROW} | no", "web | Kafka | 9092 | yes", header=f"{PLAIN} | {header}"))
    assert found == [f"EG202 {header}"]


@each("word", ["no", "\u274c"])
def test_an_answer_to_an_unknown_question_is_refused(word: str) -> None:
    text = services(f"{ROW} | yes", f"web | Kafka | 9092 | {word}", header=f"{PLAIN} | Reviewed")
    assert findings(text) == ["EG202 Reviewed", "EG253 Reviewed"]


@each(
    ("header", "word", "found"),
    [
        ("Direction", "egress", []),
        ("Direction", "Outbound", []),
        ("Direction", "", []),
        ("Direction", "both", ["EG257 both"]),
        ("Status", "active", []),
        ("Status", "[ ] OK [ ] FAIL", []),
        ("Status", "FAIL", ["EG218 FAIL"]),
        ("Status", "approved, review pending", ["EG218 approved, review pending"]),
        ("Valid until", "2031-01-01", ["EG219 Valid until"]),
        ("Valid until", "-", []),
        ("Env", "staging", ["EG219 Env"]),
        ("Except", "10.0.0.0/8", ["EG219 Except"]),
        ("Source port", "any", []),
        ("Source port", "4000", ["EG219 Source port"]),
    ],
)
def test_direction_status_and_conditions(header: str, word: str, found: list[str]) -> None:
    assert findings(services(f"{ROW} | {word}", header=f"{PLAIN} | {header}")) == found


def test_an_inbound_row_is_turned_round() -> None:
    text = services(
        "web | Outbound | Redis | 6379", "cart | Inbound | web | 8080", "cart | Outbound | Redis | 6379",
        header="Application | Direction | Remote | Port",
    )  # fmt: skip
    assert flows(text) == ["cart -> redis 6379/TCP", "web -> cart 8080/TCP", "web -> redis 6379/TCP"]


def test_tables_of_services_and_destinations_deny_too() -> None:
    text = services("cart | None | None", "web | None | None") + "## cart\n\n"
    assert [
        it.service for it in denials(text + services("Redis | 6379 | no", header="Destination | Port | Allowed"))
    ] == ["cart"]
    assert [it.service for it in denials(text + services("web | Redis | no", header="Service | Calls | Allowed"))] == [
        "web"
    ]


def test_the_project_file_can_ignore_a_column_with_a_reason() -> None:
    text = services(f"{ROW} | planned", header=f"{PLAIN} | Status")
    assert findings(text, project="tables: {ignoreColumns: [Status]}") == ["EG218 planned"]
    reason = "tables: {ignoreColumns: [{column: status, reason: it speaks of the document}]}"
    assert flows(text, project=reason) == ["web -> redis 6379/TCP"]
    assert findings(text, project=reason) == ["EG251 planned"]
    assert findings(services(ROW, header=PLAIN), project="tables: {ignoreColumns: [Status]}") == ["EG222 Status"]


@each(
    ("meaning", "granted", "denied"),
    [("allow", True, False), ("deny", False, True), ("leave out", False, False), ("ignore", True, False)],
)
@each("header", ["Notes", "Purpose"])
def test_the_project_file_says_what_a_cell_means(meaning: str, granted: bool, denied: bool, header: str) -> None:
    text = services(f"{ROW} | Blocked by default", "cart | Redis | 6379 |", header=f"{PLAIN} | {header}")
    project = f'tables: {{readAs: {{"blocked by default": {meaning}}}}}'
    assert ("web -> redis 6379/TCP" in flows(text, project=project)) is granted
    assert bool(denials(text, project)) is denied


def test_a_column_may_have_a_header_of_ones_own() -> None:
    text = services(f"{ROW} | nein", header=f"{PLAIN} | Erlaubt")
    project = "tables: {headers: {decision: [Erlaubt]}, words: {negative: [nein]}}"
    assert [it.service for it in denials(text, project)] == ["web"]
    assert [it.service for it in denials(text, "tables: {language: [de]}")] == ["web"]


ROWS_BELOW = services("cart | Redis | 6379", header=PLAIN)


@each(
    ("heading", "found"),
    [
        ("Forbidden flows", "EG258"),
        ("Not allowed", "EG258"),
        ("Denied connections", "EG258"),
        ("Flujos prohibidos", "EG258"),
        ("Flux refus\u00e9s", "EG258"),
        ("Gesperrte Verbindungen", "EG258"),
        ("Planned", "EG259"),
        ("Connections not yet approved", "EG259"),
        ("Planned for 2026", "EG259"),
        ("Approval: pending", "EG259"),
        ("Unauthorized flows", "EG258"),
        ("Kein Zugriff", "EG258"),
        ("Not yet approved", "EG259"),
        ("Geplante Verbindungen", "EG259"),
        ("Flujos previstos", "EG259"),
        ("Connections that are not allowed", "EG258"),
        ("Connections that aren't allowed", "EG258"),
        ("Flows which are blocked", "EG258"),
        ("Must not connect", "EG258"),
        ("Denylisted connections", "EG258"),
        ("Unpermitted flows", "EG258"),
        ("Barred connections", "EG258"),
        ("Connections that must not be blocked", "EG224"),
        ("Flows that cannot be dropped", "EG224"),
        ("No connections are blocked", "EG224"),
        ("Flows which must not be disabled", "EG224"),
        ("Unable to connect", "EG224"),
        ("Traffic that must reach the shop", ""),
        ("Rejected orders", "EG224"),
        ("Services that must not call", "EG224"),
        ("Who cannot talk", "EG224"),
        ("Carts that shouldn\u2019t be here", "EG224"),
        ("Connections that are allowed", ""),
        ("May connect", ""),
        ("Flows", ""),
    ],
)
def test_a_heading_may_decide_on_all_rows(heading: str, found: str) -> None:
    text = services(ROW, header=PLAIN) + f"## {heading}\n\n" + ROWS_BELOW
    codes_found = {it.split()[0] for it in findings(text)} - {"EG413"}
    assert codes_found == ({found} if found else set())
    assert ("cart -> redis 6379/TCP" in flows(text)) is (found in ("EG224", ""))
    assert [it.service for it in denials(text)] == (["cart"] if found == "EG258" else [])


def test_a_column_of_verdicts_and_the_project_file_go_before_a_heading() -> None:
    text = services(ROW, header=PLAIN) + "## Forbidden flows\n\n"
    assert "cart -> redis 6379/TCP" in flows(text + services("cart | Redis | 6379 | yes", header=f"{PLAIN} | Allowed"))
    for meaning, granted, denied in (("allow", True, []), ("leave out", False, []), ("deny", False, ["cart"])):
        project = f"tables: {{readAs: {{Forbidden flows: {meaning}}}}}"
        assert ("cart -> redis 6379/TCP" in flows(text + ROWS_BELOW, project=project)) is granted
        assert [it.service for it in denials(text + ROWS_BELOW, project)] == denied


def test_a_heading_is_doubtful_only_if_a_row_below_it_grants() -> None:
    """A column of verdicts decides."""
    text = services(ROW, header=PLAIN) + "## Who cannot talk\n\n"
    for verdict, found in (("no", set()), ("yes", {"EG224"})):
        below = services(f"cart | Redis | 6379 | {verdict}", header=f"{PLAIN} | Allowed")
        assert {it.split()[0] for it in findings(text + below)} == found


@each("word", ["live", "Active", "in production since May", "approved by CISO", "", "erledigt"])
def test_a_state_in_effect_changes_nothing(word: str) -> None:
    text = services(f"{ROW} | {word}", "cart | Redis | 6379 | live", header=f"{PLAIN} | State")
    assert findings(text) == []
    assert "web -> redis 6379/TCP" in flows(text)


@each(
    "word",
    [
        "design",
        "idea",
        "queued",
        "submitted",
        "new",
        "live if approved",
        "in use, planned",
        "in production from July",
        "open",
        "approved with conditions",
        "live in staging",
        "enabled: false",
        "vigente desde julio",
    ],
)
def test_any_other_state_is_refused(word: str) -> None:
    text = services(f"{ROW} | {word}", "cart | Redis | 6379 | live", header=f"{PLAIN} | State")
    assert findings(text) == [f"EG218 {word}"]


@each(
    ("remark", "found"),
    [("UDP", ["EG226 UDP"]), ("UDP and TCP", ["EG226 UDP and TCP"]), ("TCP", []), ("sends UDP packets", [])],
)
def test_a_remark_that_is_a_protocol_alone_is_told(remark: str, found: list[str]) -> None:
    assert findings(services(f"{ROW} | {remark}", header=f"{PLAIN} | Notes")) == found


@each("word", ["veraltete", "eliminados", "supprim\u00e9es", "no longer used", "to be closed", "abandoned"])
def test_words_that_postpone_count_with_their_endings(word: str) -> None:
    assert findings(services(f"{ROW} | {word}", header=f"{PLAIN} | Notes")) == [f"EG218 {word}"]


def test_the_project_file_may_give_a_row_as_it_holds() -> None:
    text = services("web, cart | Redis | 6379 | not for cart", header=f"{PLAIN} | Notes")
    row = "web, cart | Redis | 6379 | not for cart"
    assert flows(text, project=f'tables: {{readAs: {{"{row}": "web | Redis | 6379 |"}}}}') == ["web -> redis 6379/TCP"]
    assert "EG225" in findings(text, project=f'tables: {{readAs: {{"{row}": "web | Redis"}}}}')[0]
