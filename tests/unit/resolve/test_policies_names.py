"""Names in rows: whom they mean, and when they mean nobody or more than one."""

from support.compiled import CATALOG, compile_text, dependency, findings, flows, services
from support.tables import each

DETAIL = "Destination | Namespace | Port | Protocol | Purpose"


def test_one_name_in_two_namespaces_has_to_be_told_apart() -> None:
    detail = services("db | a | 1 | TCP | x", "db | b | 2 | TCP | y", header=DETAIL)
    assert findings(services("web | db | None") + detail) == ["EG302 db"]
    assert flows(services("web | db (b) | None") + detail) == ["web -> db-b 2/TCP"]
    assert findings(services("web | db (c) | None") + detail) == ["EG319 c"]


@each(
    ("item", "found"),
    [
        ("Redis (apps)", []),
        ("Redis (http)", []),
        ("Redis (nowhere)", ["EG319 nowhere"]),
        ("Redis (kube-system)", ["EG309 Redis"]),
        ("Kafka (apps)", ["EG309 Kafka"]),
        ("Two (http)", ["EG320 http"]),
    ],
)
def test_words_behind_a_name_are_a_namespace_or_a_protocol(item: str, found: list[str]) -> None:
    assert findings(services(f"web | {item} | None"), CATALOG + "  Two: {ports: [1, 2]}\n") == found


@each(
    ("column", "row", "found"),
    [
        ("Port", "Redis (nowhere) | 6379", "EG319 nowhere"),
        ("Port", "Rabbit | 6379", "EG301 Rabbit"),
        ("Protocol", "Redis | UDP", "EG214 UDP"),
        ("Protocol", "Two | HTTP", "EG320 HTTP"),
    ],
)
def test_a_problem_of_a_row_of_two_services_is_reported_once(column: str, row: str, found: str) -> None:
    text = services(f"web, cart | {row}", header=f"From | To | {column}")
    assert findings(text, CATALOG + "  Two: {ports: [1, 2]}\n") == [found]


def test_names_are_exact_and_near_ones_are_offered() -> None:
    _, report = compile_text(services("web | redis | None"))
    (found,) = [it for it in report.sorted() if it.code.id == "EG301"]
    assert found.help.startswith('write "Redis", or add it as an alias: Redis: {aliases: ["redis"]}; or add it to the ')
    assert [label.span.text for label in found.related] == ["Redis"]


@each(
    ("catalog", "found"),
    [
        ("", ["EG310 web", "EG310 Redis", "EG401 Redis"]),
        ('defaults: {selector: {app: "{id}"}}', ["EG310 web", "EG301 Redis"]),
        ("defaults: {namespace: apps}", ["EG311 web", "EG301 Redis"]),
    ],
)
def test_where_pods_are_is_never_guessed(catalog: str, found: list[str]) -> None:
    assert findings(services("web | Redis:1 | None"), catalog)[0] == found[0]


def test_a_service_is_certain_pods_of_one_namespace() -> None:
    header = "Service | Namespace | Selector | Calls"
    assert findings(services("web | any | app=web | None", header=header)) == ["EG312 web"]
    assert findings(services("web | apps | any pod | None", header=header)) == ["EG312 web"]
    assert findings(services("web | Internet | app=web | None", header=header)) == ["EG312 web"]


@each("name", ["../../x", "{{ .Values }}", "a" * 54, "Caf\u00e9", "-a"])
def test_names_that_make_no_id_are_refused(name: str) -> None:
    assert [it.split()[0] for it in findings(services(f"{name} | Redis | None"))] == ["EG306"]


def test_the_catalog_gives_an_id() -> None:
    catalog = CATALOG + "  Caf\u00e9: {id: cafe}\n"
    assert flows(services("Caf\u00e9 | Redis | None"), catalog) == ["cafe -> redis 6379/TCP"]


def test_two_things_of_one_id_are_refused() -> None:
    assert findings(services("my app | None | None", "my_app | None | None")) == ["EG307 my_app"]


def test_a_network_may_be_defined_by_a_row() -> None:
    text = services("web | 203.0.113.9 | None") + services("203.0.113.9/32 | | 443 | TCP | Bank", header=DETAIL)
    assert flows(text) == ["web -> cidr-203-0-113-9-32 443/TCP"]
    policies, _ = compile_text(text)
    assert dependency(policies, "web", "cidr-203-0-113-9-32").purpose == "Bank"


def test_a_row_may_be_about_a_group() -> None:
    catalog = CATALOG + "groups:\n  Shops: {members: [web, cart]}\n"
    text = services("web | None | None", "cart | None | None", "Shops | Redis | None")
    assert flows(text, catalog) == ["cart -> redis 6379/TCP", "web -> redis 6379/TCP"]


FLOWS = "From | To | Port"


@each(
    ("row", "found"),
    [
        ("web, cart | Redis | 6379", "cart -> redis 6379/TCP; web -> redis 6379/TCP"),
        ("web<br>cart | Redis | 6379", "cart -> redis 6379/TCP; web -> redis 6379/TCP"),
        ("web | Redis; Kafka | ", "web -> kafka 9092/TCP; web -> redis 6379/TCP"),
        ("web | Redis / Kafka | 6379 / 9092", "web -> kafka 9092/TCP; web -> redis 6379/TCP"),
        ("web | Redis (6379) and Kafka (9092) | ", "web -> kafka 9092/TCP; web -> redis 6379/TCP"),
        ("web + cart | Redis only | 6379", "cart -> redis 6379/TCP; web -> redis 6379/TCP"),
    ],
)
def test_a_cell_of_a_connection_may_hold_several_names(row: str, found: str) -> None:
    text = services("web | None | None", "cart | None | None") + services(row, header=FLOWS)
    assert flows(text) == found.split("; ")


@each("ports", ["9092 / 6379", "6379, 80", "6379 / 9092 / 80"])
def test_ports_that_may_be_crossed_with_names_are_refused(ports: str) -> None:
    text = services("web | None | None") + services(f"web | Redis / Kafka | {ports}", header=FLOWS)
    assert findings(text) == [f"EG435 {ports}"]


def test_a_name_with_a_comma_stays_a_name_where_the_catalog_knows_it() -> None:
    catalog = CATALOG + '  "Redis, main": {id: main, ports: [1]}\n'
    assert flows(services("web | Redis, main | 1", header=FLOWS), catalog) == ["web -> main 1/TCP"]


def test_a_line_break_makes_no_service() -> None:
    assert findings(services("a<br>b | Redis | None")) == ["EG221 a<br>b"]


def helps(text: str, catalog: str = CATALOG) -> list[str]:
    return [
        f"{it.code.id} {it.help}"
        for it in compile_text(text, catalog)[1].sorted()
        if it.code.id[:5] not in ("EG413", "EG407")
    ]


@each(
    ("cell", "offered"),
    [
        ("None, Redis", "EG210 remove it"),
        ("Redis:6379, 443", 'EG210 write "Redis:6379/443"'),
        ("Redis, 443", 'EG210 write "Redis (443)"'),
        ("Redis (sessions)", 'EG319 add to the project file: tables: {readAs: {"Redis (sessions)": "Redis"}}'),
        ("R\u0435dis", 'EG301 write "Redis" again: here it contains U+0435 (CYRILLIC SMALL LETTER IE) for U+0065'),
        ("203.0.113.0/24", 'EG401 write the port here: "203.0.113.0/24 (443)"'),
        ("Redis:8,080", 'EG210 write "Redis:8080"'),
        ("Redis (8,080)", 'EG211 write "8080" if it is one number'),
        ("Redis:08080", 'EG211 write "8080"'),
    ],
)
def test_the_repair_is_the_one_that_is_needed(cell: str, offered: str) -> None:
    (found,) = helps(services(f"web | {cell} | None"))
    assert found.startswith(offered)


def test_a_caller_that_nothing_defines_is_no_destination() -> None:
    text = services("web | Redis | cart", header="Service | Calls | Called by")
    (found,) = helps(text)
    assert found.startswith(
        'EG303 add it to a table of services, or to the catalog: destinations: {"cart": {namespace: '
    )


def test_a_cell_that_names_many_things_without_a_port_is_told_once() -> None:
    catalog = CATALOG + "  A: {}\n  B: {}\n  C: {}\n  D: {}\ngroups:\n  All: {members: [A, B, C, D]}\n"
    _, report = compile_text(services("web | All | None"), catalog)
    assert [it.message for it in report.diagnostics] == ['ports of "A", "B", "C" and 1 more are missing']


@each(
    ("protocol", "found"),
    [("TCP", ["web -> redis 6379/TCP"]), ("UDP", ["web -> redis 6380/UDP"]), ("", ["web -> redis 6379/TCP, 6380/UDP"])],
)
def test_a_protocol_without_a_port_chooses_among_those_of_the_destination(protocol: str, found: list[str]) -> None:
    catalog = CATALOG.replace("[6379]", "[6379, {port: 6380, protocol: UDP}]")
    table = services(f"web | Redis | | {protocol}", header="From | To | Port | Protocol")
    assert flows(table, catalog) == found
    assert findings(table.replace("UDP", "SCTP"), catalog) == (["EG214 SCTP"] if protocol == "UDP" else [])


@each(
    ("key", "offered"),
    [("calls", "dependencies"), ("dependsOn", "dependencies"), ("port", "listensOn"), ("callers", "calledBy")],
)
def test_a_key_in_other_words_is_known(key: str, offered: str) -> None:
    _, report = compile_text({"a.yaml": f"services: [{{service: web, {key}: [Redis]}}]"})
    assert [(it.code.id, it.help) for it in report.diagnostics] == [("EG230", f'write "{offered}"')]


@each("name", ["a.md", "a.csv", "a.yaml"])
def test_a_merge_that_is_not_done_is_not_read(name: str) -> None:
    text = "<<<<<<< HEAD\nservices: []\n=======\nservices: [{service: a}]\n>>>>>>> b\n"
    assert findings({name: text}) == ["EG108 <<<<<<< HEAD"]
    assert findings(services("web | Redis | None"), text) == ["EG108 <<<<<<< HEAD"]


def test_struck_out_text_is_told_once() -> None:
    assert findings(services("web | Redis | ~~80~~ 443", header="From | To | Port")) == ["EG113 ~~80~~"]


def test_an_allowance_without_a_reason_is_repaired_with_its_own_code() -> None:
    text = services("web | Redis | None | allow EG407", header="Service | Calls | External | Notes")
    assert helps(text) == ['EG220 write "allow EG407: why this is meant"']


@each(
    ("entry", "asked", "other"),
    [
        ("namespace-data: {addresses: [203.0.113.0/24]}", "Namespace data", "namespace-data"),
        ("cidr-198-51-100-0-24: {namespace: x, selector: {a: b}}", "198.51.100.0/24", "cidr-198-51-100-0-24"),
        ("Blob: {id: internet, addresses: [203.0.113.0/24]}", "Internet", "Blob"),
    ],
)
def test_what_a_cell_names_as_it_stands_is_nothing_else(entry: str, asked: str, other: str) -> None:
    for needs in (f"{asked} (8080), {other} (8080)", f"{other} (8080), {asked} (8080)"):
        found = findings(services(f"web | {needs} | None"), f"{CATALOG}  {entry}\n")
        assert [it for it in found if it.startswith("EG307")] == [f"EG307 {other}"], needs
