"""Documents that take a row back in a place of their own: nothing of that is granted in silence."""

from egressc.diagnostics.phrases import group_entry
from support.compiled import compile_text, findings, flows, services
from support.tables import each

FLOWS = "From | To | Port"
ROW = services("web | Redis | 6379", header=FLOWS)
NEEDS = services("web | None", header="Service | Calls")


@each(
    ("text", "found"),
    [
        (services("web | Redis | web -> Kafka", header="Service | Calls | Connection"), "EG202 Connection"),
        (services("web -> ~~Redis~~ | 6379", header="Connection | Port"), "EG113 ~~Redis~~"),
        (services("web -x-> Redis | 6379", "web -> Kafka | 9092", header="Connection | Port"), "EG207"),
        (services("No web -> Redis | 6379", header="Connection | Port"), "EG317 No web"),
        (
            NEEDS + "# Planned\n\n### web rules\n\n" + services("Redis | 6379", header="Destination | Port"),
            "EG316 web rules",
        ),
        (services("web | Redis | ja", header="Service | Calls | Geplant"), "EG218 ja"),
        (services("web | Redis | 6379 | offen", header=f"{FLOWS} | Genehmigung"), "EG218 offen"),
        (
            services("web | yes | no", "**Planned** | |", "cart | yes | no", header="From \\ To | Redis | Kafka"),
            "EG218 **Planned**",
        ),
        (services("web | Redis | 2024-06", header="Service | D\u00e9pend de | Depuis"), "EG219 Depuis"),
        (services("web | Redis | 6379 | 2030", header="Servicio | Destino | Puerto | Desde"), "EG219 Desde"),
        (services("web | Redis [1]", header="From | To") + "\n[1] A store\nweb -> Kafka\n", "EG431 web -> Kafka"),
        (ROW + "\n1. All rows are planned.\n", "EG432 1. All rows are planned."),
        (services("web | Redis [1]", header="From | To") + f"\n[1] Rejected. {'x ' * 1500}\n", "EG438 Redis [1]"),
        ("# On hold until the audit\n\n## Team A\n\n" + ROW, "EG259 On hold until the audit"),
        ("# Nicht mehr ben\u00f6tigt\n\n## Team A\n\n" + ROW, "EG224 Nicht mehr ben\u00f6tigt"),
        (services("web | Redis | 6379 | QUIC", header=f"{FLOWS} | Remark"), "EG226 QUIC"),
    ],
)
def test_it_is_told(text: str, found: str) -> None:
    assert found in findings(text)


@each(
    "remark",
    [
        "unauthorized",
        "postponed",
        "staging only",
        "temporarily off",
        "wurde nicht genehmigt",
        "k\u00fcnftig",
        "entf\u00e4llt",
        "todav\u00eda no",
        "a partir de julio",
        "pas encore ouvert",
        "ne doit pas",
    ],
)
def test_a_remark_that_takes_its_row_back_is_refused(remark: str) -> None:
    assert findings(services(f"web | Redis | 6379 | {remark}", header=f"{FLOWS} | Notes")) == [f"EG218 {remark}"]


def test_a_section_that_denies_is_no_section() -> None:
    text = services("web | Kafka | 9092", "**Planned** | |", "| Redis | 6379", header=FLOWS)
    assert findings(text, project="tables: {at: {services.md: {blank: as above}}}")[0] == "EG218 **Planned**"


def test_a_posture_denies_nothing_below_it() -> None:
    text = "# Deny all egress\n\n## Flows\n\n" + ROW
    assert flows(text) == ["web -> redis 6379/TCP"]


def test_nobody_is_no_caller() -> None:
    policies, _ = compile_text(services("web | 80 | nobody", header="Service | Port | Called by"))
    assert policies is not None
    assert [it.id for it in policies.services] == ["web"]


def test_spanish_ends_are_ends_where_both_are_there() -> None:
    assert flows(services("web | Redis | 6379", header="Desde | Hasta | Port")) == ["web -> redis 6379/TCP"]


@each(
    ("text", "found"),
    [
        ("**Forbidden**\n\n" + ROW, "EG432 **Forbidden**"),
        ("Planned flows\n\n" + ROW, "EG432 Planned flows"),
        (ROW + "\n*Table 1: Forbidden flows*\n", "EG432 *Table 1: Forbidden flows*"),
        (
            "The following connections are not open yet:\n\n" + ROW,
            "EG432 The following connections are not open yet:",
        ),
        (services("web | Redis [1]", header="From | To") + "\n**[1]** Withdrawn in May\n", "EG438 Redis [1]"),
        (services("web | Redis | 1)", header="From | To | Notes") + "\n1) denied since May\n", "EG438 1)"),
        (
            services("web | Redis | siehe Anmerkung 1", header="From | To | Notes") + "\nAnmerkung 1: abgelehnt\n",
            "EG438 siehe Anmerkung 1",
        ),
    ],
)
def test_titles_without_marks_and_footnotes_in_words_are_told(text: str, found: str) -> None:
    assert found in findings(text)


def test_a_row_of_a_sheet_without_a_key_goes_on_with_the_one_above() -> None:
    sheet = services("Depends on | Redis", " | Kafka", header="Field | Value")
    assert flows("## web\n\n" + sheet) == ["web -> kafka 9092/TCP", "web -> redis 6379/TCP"]


def test_a_name_below_planned_is_settled_in_its_row_alone() -> None:
    header = "Service | Calls | Planned"
    text = services("web | Redis | Kafka", "cart | Kafka | no", header=header)
    _, report = compile_text(text)
    (found,) = [it for it in report.diagnostics if it.code.id == "EG218"]
    assert '{"web | Redis | Kafka": "deny"}' in found.help
    settled = flows(text, project='tables: {readAs: {"web | Redis | Kafka": allow}}')
    assert settled == ["cart -> kafka 9092/TCP", "web -> redis 6379/TCP"]


def test_a_sheet_below_a_general_heading_is_about_the_one_above() -> None:
    sheet = services("Depends on | Redis", header="Field | Value")
    assert flows("# web\n\n## Network access\n\n" + sheet) == ["web -> redis 6379/TCP"]


@each(("meaning", "granted"), [("leave out", False), ("deny", False), ("allow", True)])
@each("repeats", [True, False])
def test_what_is_said_of_a_section_holds_for_the_rows_below_it(meaning: str, granted: bool, repeats: bool) -> None:
    rows = ("web | Kafka | 9092", "**Planned** | |", "cart | Redis | 6379", "**Open** | |", "shop | Redis | 6379")
    keys = f"readAs: {{Planned: {meaning}, Open: leave out}}" + (
        ", at: {services.md: {blank: as above}}" if repeats else ""
    )
    found = flows(services(*rows, header=FLOWS), project=f"tables: {{{keys}}}")
    assert ("cart -> redis 6379/TCP" in found) is granted
    assert {"web -> kafka 9092/TCP", "shop -> redis 6379/TCP"} <= set(found)


@each("key", ["6379\u00b9", "web | Redis | 6379\u00b9"])
def test_a_marked_cell_is_settled_by_itself_or_by_its_row(key: str) -> None:
    text = services("web | Redis | 6379\u00b9", header=FLOWS) + "\n\u00b9 Only until May.\n"
    meaning = key.replace("\u00b9", "")
    assert "EG438 6379\u00b9" in findings(text)
    assert findings(text, project=f'tables: {{readAs: {{"{key}": "{meaning}"}}}}') == []


def beside(remark: str) -> str:
    return services(f"web | Redis | 6379 | {remark}", "web | Kafka | 9092 | events", header=f"{FLOWS} | Remark")


@each(
    "remark",
    [
        "nein",
        "nicht",
        "non",
        "\u2610",
        "\u2b1c later",
        "veto",
        "CISO: no",
        "coming soon",
        "out of scope",
        "not implemented yet",
        "not in prod",
        "not anymore",
        "rule removed",
        "firewall blocks it",
        "FW drops this",
        "hors service",
        "fuera de servicio",
        "no usar",
    ],
)
def test_a_remark_in_other_words_takes_its_row_back(remark: str) -> None:
    assert f"EG218 {remark}" in findings(beside(remark))
    project = f"tables: {{readAs: {{'{remark}': deny}}}}"
    assert flows(beside(remark), project=project) == ["web -> kafka 9092/TCP"]


@each(
    "remark",
    [
        "traffic of customers",
        "rule of the house",
        "port of entry",
        "note: see the wiki",
        "TLS: no",
        "Access archived documents",
    ],
)
def test_other_remarks_do_not(remark: str) -> None:
    assert findings(beside(remark)) == []


def test_who_approved_a_row_says_whether_anybody_did() -> None:
    rows = ("web | Redis | 6379 | Ann", "web | Kafka | 9092 | ", "cart | Redis | 6379 | rejected")
    text = services(*rows, header=f"{FLOWS} | Approved by")
    assert findings(text) == ["EG218"]
    key = "tables: {at: {services.md: {blank: {Approved by: %s}}}}"
    assert flows(text, project=key % "allow") == ["web -> kafka 9092/TCP", "web -> redis 6379/TCP"]
    assert flows(text, project=key % "leave out") == ["web -> redis 6379/TCP"]
    for conditional in ("?", "Ann, until May", "rejected, only test", "Ann (only production)"):
        assert findings(services(f"web | Redis | 6379 | {conditional}", header=f"{FLOWS} | Approved by")) == [
            f"EG218 {conditional}"
        ]
    blank = services("web | Redis | 6379 | ", header=f"{FLOWS} | Approved by")
    assert flows(blank) == ["web -> redis 6379/TCP"]  # a form that nobody fills in


def test_a_row_over_others_takes_them_back() -> None:
    rows = ("web | Redis | 6379", "**Retired with the old pier** | | ", "web | Kafka | 9092", "cart | Redis | 6379")
    text = services(*rows, header=FLOWS)
    above = "at: {services.md: {blank: as above}}"
    assert findings(text, project=f"tables: {{{above}}}") == ["EG218 **Retired with the old pier**"]
    leave = f"tables: {{{above}, readAs: {{Retired with the old pier: leave out}}}}"
    assert flows(text, project=leave) == ["web -> redis 6379/TCP"]


@each(
    "line",
    [
        "The following connections were asked for and must not be opened:",
        "Rows 4 and 6 hold in the test environment only.",
        "Zeilen ohne Freigabe sind nicht freigeschaltet.",
        "These were withdrawn.",
        "Everything else is blocked, and rows 4 and 6 are not open yet.",
    ],
)
def test_a_sentence_about_rows_is_told(line: str) -> None:
    assert f"EG432 {line}" in findings(f"# Flows\n\n{line}\n\n{ROW}")


@each(
    "line",
    [
        "All traffic is denied except the following connections:",
        "Only the connections below are open.",
        "Everything else is blocked.",
        "Last reviewed by the network guild.",
    ],
)
def test_a_posture_above_a_table_is_no_news(line: str) -> None:
    assert findings(f"# Flows\n\n{line}\n\n{ROW}") == []


def test_a_sentence_above_a_heading_is_not_about_the_table_below_it() -> None:
    assert findings(f"# Old notes\n\nThese must go.\n## Flows\n\n{ROW}") == []


def test_a_struck_out_row_stays_one_whatever_its_words_are_read_as() -> None:
    text = services("~~web~~ | ~~Redis~~ | ~~6379~~", "web | Kafka | 9092", header=FLOWS)
    project = "tables: {readAs: {web: web, Redis: Redis, '6379': '6379'}}"
    assert "EG117 ~~web~~ | ~~Redis~~ | ~~6379~~" in findings(text, project=project)
    assert flows(text, project=project) == ["web -> kafka 9092/TCP"]


def test_struck_out_text_can_be_settled() -> None:
    text = services("web | Kafka, ~~Redis~~", header="Service | Calls")
    assert findings(text) == ["EG113 ~~Redis~~"]
    assert flows(text, project="tables: {readAs: {'Kafka, Redis': Kafka}}") == ["web -> kafka 9092/TCP"]


def test_a_corner_in_another_language_is_that_of_a_grid() -> None:
    text = services("web | 6379 | ", "cart | | 9092", header="von \\ nach | Redis | Kafka")
    assert flows(text) == ["cart -> kafka 9092/TCP", "web -> redis 6379/TCP"]


def test_who_connects_under_an_unknown_header_is_asked_for() -> None:
    text = NEEDS + services("web | Redis | 6379", header="Trigger | Destination | Port")
    assert "EG439 Trigger" in findings(text)
    project = "tables: {headers: {source: [Trigger]}}"
    assert flows(text, project=project) == ["web -> redis 6379/TCP"]


@each(
    ("name", "entry"),
    [
        (
            "all but web, cart and billing",
            'groups: {"all but web, cart and billing": {allServices: true, except: ["web", "cart", "billing"]}}',
        ),
        ("all others", 'groups: {"all others": {members: [\u2026]}}'),
        ("everyone", 'groups: {"everyone": {allServices: true}}'),
    ],
)
def test_a_group_is_offered_with_whom_it_leaves_out(name: str, entry: str) -> None:
    assert group_entry(name) == entry


def test_a_destination_without_something_is_no_group() -> None:
    _, report = compile_text(services("web | Redis without persistence", header="Service | Calls"))
    (found,) = [it for it in report.sorted() if it.code.id == "EG301"]
    assert "groups" not in found.help
