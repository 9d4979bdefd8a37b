"""Rules that are wider than they look, unless that is meant."""

from support.compiled import CATALOG, compile_text, findings, services
from support.tables import each

DESTINATION = "Destination | Namespace | Selector | Port | Notes"
LABEL = "Destination | Address | Port | Notes"


def wide(row: str, header: str = DESTINATION) -> str:
    return services("web | X | None") + services(row, header=header)


@each(
    ("row", "found"),
    [
        ("X | data | app=x | 1 | ", []),
        ("X | data | any pod | 1 | ", ["EG402 any pod"]),
        ("X | any | app=x | 1 | ", ["EG403 any"]),
        ("X | data | app=x | any | ", ["EG404 any"]),
        ("X | data | any pod | 1 | allow EG402: one tenant a namespace", []),
        ("X | data | any pod | any | allow EG402: one tenant; allow EG404: many ports", []),
        ("X | data | app=x | 1 | allow EG402: nothing to allow", ["EG416 EG402"]),
        ("X | data | any pod | 1 | allow EG402", ["EG402 any pod", "EG220 allow EG402"]),
        ("X | data | any pod | 1 | allow EG402:", ["EG402 any pod", "EG220 allow EG402:"]),
        ("X | data | any pod | 1 | allow EG4O2: typo", ["EG402 any pod", "EG220 allow EG4O2: typo"]),
    ],
)
def test_wide_destinations_are_named_unless_allowed(row: str, found: list[str]) -> None:
    assert findings(wide(row)) == found


@each(
    ("row", "found"),
    [
        ("X | 203.0.113.0/24 | 1 | ", []),
        ("X | 0.0.0.0/0 | 1 | ", ["EG405 0.0.0.0/0"]),
        ("X | ::/0 | 1 | ", ["EG405 ::/0"]),
        ("X | any public address | 1 | ", []),
    ],
)
def test_every_address_is_wide(row: str, found: list[str]) -> None:
    assert findings(wide(row, LABEL)) == found


def test_a_destination_of_every_port_is_wide_only_where_a_rule_is() -> None:
    catalog = CATALOG + "  X: {ports: any}\n"
    assert findings(services("a | X:1 | None"), catalog) == []
    assert findings(services("a | X:1 | None", "b | X | None"), catalog) == ["EG404 any"]


@each(
    ("rows", "expected"),
    [
        ("World | a | 1", ['EG405 caller "World"']),
        ("a | World | 1", ['EG405 destination "World"']),
        ("a | World | 1; World | a | 1", ['EG405 peer "World"']),
        ("0.0.0.0/0 | a | 1", ['EG405 caller "0.0.0.0/0"']),
        ("a | ::/0 | 1", ['EG405 destination "::/0"']),
        ("::/0 | a | 1; ::/0 | b | 1", ['EG405 caller "::/0"'] * 2),
        ("203.0.113.0/24 | a | 1; Internet | a | 1", []),
        ("Anyone | a | 1", ['EG402 caller "Anyone"', 'EG403 caller "Anyone"']),
        ("Prom | a | any", ['EG404 service "a"']),
        ("b | a | any", ['EG404 destination "a"']),
    ],
)
def test_findings_name_the_end_that_is_wide(rows: str, expected: list[str]) -> None:
    catalog = (
        f"{CATALOG}  World: {{addresses: [0.0.0.0/0], policy: none}}\n  Prom: {{namespace: mon, policy: none}}\n"
        "  Anyone: {namespaces: any, selector: any pod, policy: none}\n"
    )
    sources = services("a | None", "b | None", header="Service | Needs") + services(
        *rows.split("; "), header="From | To | Port"
    )
    report = compile_text(sources, catalog, "directions: both")[1]
    wide = [it for it in report.sorted() if it.code.id in ("EG402", "EG403", "EG404", "EG405")]
    assert sorted(f"{it.code.id} {' '.join(it.message.split()[:2])}" for it in wide) == expected


def test_callers_in_a_list_are_wide_too() -> None:
    table = services("a | 1 | None | Prom, 0.0.0.0/0", header="Service | Port | Needs | Called by")
    catalog = f"{CATALOG}  Prom: {{namespace: mon, policy: none}}\n"
    for row, found in ((table, ["EG405"]), (table.replace("0/0", "0/8"), [])):
        assert [it.split()[0] for it in findings(row, catalog, "directions: both") if it[:5] == "EG405"] == found


def test_selectors_in_two_peers_mean_either() -> None:
    peers = "[{namespaceSelector: {matchLabels: {a: b}}}, {podSelector: {matchLabels: {c: d}}}]"
    found = findings(services("web | X | None"), CATALOG + f"  X: {{ports: [1], to: {peers}}}\n")
    assert [it.split()[0] for it in found] == ["EG402", "EG415"]
    peers = "[{namespaceSelector: {matchLabels: {a: b}}, podSelector: {matchLabels: {c: d}}}]"
    assert findings(services("web | X | None"), CATALOG + f"  X: {{ports: [1], to: {peers}}}\n") == []


def test_names_enforced_as_addresses_are_approximate() -> None:
    entry = "  X: {hosts: [api.example.com], internet: true, ports: [443]}\n"
    assert findings(services("web | X | None"), CATALOG + entry) == ["EG414 [api.example.com]"]


NOT_SHOP = "{key: kubernetes.io/metadata.name, operator: NotIn, values: [shop]}"
SOME_NAME = "{key: kubernetes.io/metadata.name, operator: Exists}"


@each(
    ("facts", "found"),
    [
        (f"to: [{{namespaceSelector: {{matchExpressions: [{NOT_SHOP}]}}, podSelector: {{}}}}]", ["EG424"]),
        (
            f"to: [{{namespaceSelector: {{matchExpressions: [{NOT_SHOP}]}},"
            " podSelector: {matchExpressions: [{key: retired, operator: DoesNotExist}]}}]",
            ["EG424"],
        ),
        (f"to: [{{namespaceSelector: {{matchExpressions: [{NOT_SHOP}, {SOME_NAME}]}}, podSelector: {{}}}}]", []),
        (
            f"to: [{{namespaceSelector: {{matchExpressions: [{NOT_SHOP}]}}, podSelector: {{matchLabels: {{a: b}}}}}}]",
            [],
        ),
        (f"namespaces: {{matchExpressions: [{NOT_SHOP}]}}, selector: any pod", ["EG402", "EG424"]),
        (f"namespaces: {{matchExpressions: [{NOT_SHOP}]}}, selector: {{app: x}}", []),
        (f"namespaces: {{matchExpressions: [{NOT_SHOP}]}}", []),
    ],
)
def test_namespaces_told_by_exclusion_alone_are_more_under_cilium(facts: str, found: list[str]) -> None:
    report = findings(services("web | X | None"), CATALOG + f"  X: {{ports: [1], {facts}}}\n")
    assert sorted(it.split()[0] for it in report) == found


@each(
    ("cell", "found"),
    [
        ("0.0.0.0/0 (any port)", ["EG404 0.0.0.0/0 (any port)", "EG405 0.0.0.0/0 (any port)"]),
        ("Kafka, ::/0:443", ["EG405 ::/0:443"]),
        ("Internet (any port)", ["EG404 Internet (any port)"]),
        ("Redis:any", ["EG404 Redis:any"]),
        ("Internet:443", []),
        ("0.0.0.0/1:443", []),
    ],
)
def test_a_row_that_is_wide_itself_is_named(cell: str, found: list[str]) -> None:
    assert [it for it in findings(services(f"web | {cell} | None")) if not it.startswith("EG407")] == found


def test_a_flow_that_is_wide_is_named_once() -> None:
    table = services("web | None | None", "cart | None | None") + services(
        "All services | 0.0.0.0/0 | any | ", header="From | To | Port | Notes"
    )
    assert findings(table) == ["EG404 any", "EG405 any"]
    note = "allow EG404: a scanner; allow EG405: a scanner"
    assert findings(table.replace("any |  |", f"any | {note} |")) == []
    project = (
        "allow: [{code: EG404, destination: 0.0.0.0/0, reason: x}, {code: EG405, destination: 0.0.0.0/0, reason: x}]"
    )
    assert findings(table, project=project) == []


def test_a_table_of_ones_own_says_it_once() -> None:
    text = services("web | None | None") + "## web\n\n" + services("0.0.0.0/0 | any", header="Destination | Port")
    assert findings(text) == ["EG405 0.0.0.0/0 | any", "EG404 any"]
