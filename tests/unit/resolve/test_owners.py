"""Headings that give a table of destinations to a service, that almost do, and that may take it away."""

from egressc.model.ports import say_ports
from support.compiled import CATALOG, codes, compile_text, findings, flows, services
from support.tables import each

SERVICES = services("Web | None | None", "ai-service | None | None", "Draft Store | None | None")
TABLE = services("Redis | 6379", header="Destination | Port")


def under(*headings: str) -> str:
    return SERVICES + "".join(f"{'#' * (at + 1)} {it}\n\n" for at, it in enumerate(headings)) + TABLE


@each("headings", [("Web egress rules",), ("Platform", "Web"), ("Default deny: Web",), ("A request for change", "Web")])
def test_a_heading_gives_its_table_to_the_service(headings: tuple[str, ...]) -> None:
    assert flows(under(*headings)) == ["web -> redis 6379/TCP"]


def test_a_heading_of_two_tables_is_reported_once() -> None:
    assert findings(
        f"{under('Rejected', 'Web')}\nMore of them:\n\n{TABLE.replace('Redis | 6379', 'Kafka | 9092')}"
    ) == ["EG316 Web"]


def test_a_name_may_hold_a_word_that_denies() -> None:
    assert flows(under("Draft Store")) == ["draft-store -> redis 6379/TCP"]


@each(
    "headings",
    [
        ("Services not allowed for Web",),
        ("Changes since v1 — Web, removed",),
        ("Planned: Web",),
        ("All services except Web",),
        ("Web (deprecated)",),
        ("Rejected", "Web"),
        ("Deny list of Web",),
    ],
)
def test_a_heading_that_may_say_the_opposite_is_refused(headings: tuple[str, ...]) -> None:
    found = findings(under(*headings))
    assert found == [f"EG316 {headings[-1]}"]
    project = f"tables: {{leaveOut: ['{headings[-1]}']}}"
    assert [it.split()[0] for it in findings(under(*headings), project=project)] == ["EG205"]


@each(
    ("heading", "found"),
    [
        ("web egress rules", ["EG305 web egress rules"]),
        ("AI Service egress rules", ["EG305 AI Service egress rules"]),
        ("ai-servise", ["EG305 ai-servise"]),
        ("Destinations", []),
        ("Wep", []),
    ],
)
def test_a_heading_that_almost_names_a_service_is_told(heading: str, found: list[str]) -> None:
    assert findings(under(heading)) == found


@each(
    ("heading", "found"),
    [("Flows", []), ("Limits of the gateway", ["EG224 Limits of the gateway"]), ("Default deny", [])],
)
def test_rows_of_other_tables_are_granted_with_a_warning(heading: str, found: list[str]) -> None:
    text = services("Web | Redis | 6379", header="From | To | Port")
    assert findings(f"# {heading}\n\n" + text) == found


def test_a_row_below_a_heading_may_tell_who_calls_its_service() -> None:
    rows = ("Redis | out | 6379", "ai-service | in | 8080")
    text = services("Web | None | None", "ai-service | None | None")
    text += "# Web\n\n" + services(*rows, header="Peer | Direction | Port")
    assert flows(text, catalog=f"{CATALOG}  Web: {{ports: [8080]}}\n") == [
        "ai-service -> web 8080/TCP",
        "web -> redis 6379/TCP",
    ]


def test_such_a_row_says_nothing_of_the_ports_of_a_caller_nobody_owns() -> None:
    text = services("Web | Redis | None") + "# Others\n\n"
    text += services("Redis | in | 8080", header="Peer | Direction | Port")
    assert flows(text) == ["web -> redis 6379/TCP"]


CALLERS = services("ai-service | 8080", "Draft Store | 8081", header="From | Port")


def callers(*headings: str, table: str = CALLERS, project: str = "directions: both") -> list[str]:
    """What policies let in, in words; fails on errors."""
    text = SERVICES + "".join(f"{'#' * (at + 1)} {it}\n\n" for at, it in enumerate(headings)) + table
    policies, report = compile_text(text, project=project)
    assert policies is not None, codes(report)
    return [
        f"{it.source.key} -> {service.id} {say_ports(it.ports)}"
        for service in policies.services
        for it in service.callers
    ]


@each(
    "headings",
    [("Web",), ("Web", "Ingress"), ("Web", "Inbound traffic"), ("Web ingress",)],
)
def test_a_table_of_callers_below_a_service(headings: tuple[str, ...]) -> None:
    assert callers(*headings) == ["ai-service -> web 8080/TCP", "draft-store -> web 8081/TCP"]


def test_callers_of_a_section_send_too() -> None:
    text = SERVICES + "# Web\n\n## Ingress\n\n" + CALLERS
    assert flows(text) == ["ai-service -> web 8080/TCP", "draft-store -> web 8081/TCP"]


@each("headings", [("Web", "Egress"), ("Web", "Outgoing connections"), ("Web", "Allowed egress")])
def test_a_heading_of_the_direction_alone_leaves_the_table_to_the_service_around(headings: tuple[str, ...]) -> None:
    assert flows(under(*headings)) == ["web -> redis 6379/TCP"]


@each(
    ("headings", "found"),
    [
        (("Policies", "Ingress"), ["EG323 Policies"]),
        (("Web", "Policies"), ["EG323 Policies"]),
        (("Web", "Egress"), ["EG323 Egress"]),
        (("Web and ai-service",), ["EG304 Web and ai-service"]),
    ],
)
def test_callers_of_nobody_are_refused(headings: tuple[str, ...], found: list[str]) -> None:
    text = SERVICES + "".join(f"{'#' * (at + 1)} {it}\n\n" for at, it in enumerate(headings)) + CALLERS
    assert findings(text) == found


def test_callers_of_nobody_are_refused_below_destinations_too() -> None:
    destinations = services("redis | 6379", header="Destination | Port")
    assert "EG323 Overview" in findings(f"{SERVICES}# Overview\n\n{destinations}\n{CALLERS}")


def test_a_caller_that_is_refused_is_a_denial() -> None:
    table = services("ai-service | 8080 | no", "Draft Store | 8081 | yes", header="From | Port | Allowed")
    assert callers("Web", "Ingress", table=table) == ["draft-store -> web 8081/TCP"]
    assert findings(SERVICES + "# Web\n\n" + table) == []
