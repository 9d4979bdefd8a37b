"""From rows to rules: what is granted, and that nothing else is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from support.compiled import CATALOG, compile_text, dependency, findings, flows, say_peer, services
from support.tables import each

DETAIL = "Destination | Namespace | Port | Protocol | Purpose"
FLOWS = "From | To | Port | Protocol | Purpose"


def table(heading: str, text: str) -> str:
    return f"\n## {heading}\n\n{text}"


def test_a_bare_name_means_the_ports_of_the_destination() -> None:
    assert flows(services("web | Redis, Kafka | None")) == ["web -> kafka 9092/TCP", "web -> redis 6379/TCP"]


def test_a_service_is_a_destination_for_the_others() -> None:
    text = services("web | cart | 8443", "cart | Redis | 8080", header="Service | Calls | Listens on")
    assert flows(text) == ["cart -> redis 6379/TCP", "web -> cart 8080/TCP"]


def test_a_detailed_row_says_the_ports_of_a_bare_name() -> None:
    text = services("web | Redis | None", "cart | Redis | None")
    text += table("web egress rules", services("Redis | apps | 6380 | TCP | Sessions", header=DETAIL))
    assert flows(text) == ["cart -> redis 6379/TCP", "web -> redis 6380/TCP"]


def test_a_detailed_row_defines_a_name_and_lends_its_port_to_no_other() -> None:
    text = services("web | Qdrant | None", "cart | Qdrant | None")
    text += table("Rules of web", services("Qdrant | data | 6333, 6334 | TCP | Search", header=DETAIL))
    assert findings(text) == ["EG401 Qdrant"]
    policies, _ = compile_text(text.replace("cart | Qdrant", "cart | Qdrant:6333"))
    assert [say_peer(it) for it in dependency(policies, "cart", "qdrant").destination.peers] == [
        "kubernetes.io/metadata.name=data/app=qdrant"
    ]


def test_a_heading_names_a_service_as_whole_words() -> None:
    text = services("api | None | None", "api-gateway | None | None")
    detail = services("Redis | apps | 6379 | TCP | x", header=DETAIL)
    assert flows(text + table("api-gateway: egress", detail)) == ["api-gateway -> redis 6379/TCP"]
    assert flows(text + table("Egress of `api`.", detail)) == ["api -> redis 6379/TCP"]
    assert flows(text + table("api-gateways", detail)) == []
    assert findings(text + table("api and api-gateway", detail)) == ["EG304 api and api-gateway"]


def test_only_the_nearest_heading_counts() -> None:
    text = services("web | None | None") + table(
        "web", "### Ports\n\n" + services("X | apps | 1 | TCP | x", header=DETAIL)
    )
    assert flows(text) == []
    assert findings(text) == ["EG305 Ports"]


def test_one_connection_is_one_rule_with_all_its_ports() -> None:
    text = services("web | Redis | None") + services("web | Redis:16379 | None", "web | None | None")
    assert flows(text) == ["web -> redis 6379/TCP, 16379/TCP"]


def test_ports_and_peers_never_multiply() -> None:
    text = services("web | Redis:1000, Kafka:2000 | None")
    assert flows(text) == ["web -> kafka 2000/TCP", "web -> redis 1000/TCP"]


def test_a_matrix_that_contradicts_its_details_is_refused() -> None:
    text = services("web | Redis:6380 | None")
    text += table("web", services("Redis | apps | 6379 | TCP | Sessions", header=DETAIL))
    assert "EG409 Redis:6380" in findings(text)


def test_flows_between_services() -> None:
    text = services("web | None | None", "cart | None | None") + services(
        "web | cart | 8080 | TCP | Baskets",
        "web | Redis | | | Sessions",
        "cart | 203.0.113.0/24 | 443 | | Bank",
        header=FLOWS,
    )
    assert flows(text) == ["cart -> cidr-203-0-113-0-24 443/TCP", "web -> cart 8080/TCP", "web -> redis 6379/TCP"]


def test_flows_alone_make_services_of_their_sources() -> None:
    text = services("web | cart | 8080 | | ", "cart | Redis | | | ", header=FLOWS)
    assert flows(text) == ["cart -> redis 6379/TCP", "web -> cart 8080/TCP"]


def test_a_flow_from_nowhere_is_refused() -> None:
    text = services("web | None | None") + services("wbe | Redis | 6379 | | ", header=FLOWS)
    assert findings(text) == ["EG303 wbe"]


def test_callers_get_the_rule() -> None:
    header = "Service | Namespace | Listens on | Called by"
    text = services("cart | shop | 8080 | web, NGINX ingress", "web | shop | 8443 | None", header=header)
    catalog = CATALOG + "  NGINX ingress: {namespace: ingress-nginx, selector: {app: nginx}}\n"
    assert flows(text, catalog) == ["nginx-ingress -> cart 8080/TCP", "web -> cart 8080/TCP"]
    assert findings(text) == []  # as in tables of flows, EG430 names who becomes a service
    needs = services("web | Redis", header="Service | Calls")
    assert findings(text + needs) == ["EG303 NGINX ingress"]
    assert flows(text + needs, catalog) == ["web -> cart 8080/TCP", "web -> redis 6379/TCP"]


def test_a_called_service_has_to_say_its_port() -> None:
    text = services("cart | web", "web | None", header="Service | Called by")
    assert findings(text) == ["EG401 cart"]


def test_groups_never_include_the_one_that_asks() -> None:
    header = "Service | Calls | Listens on"
    text = services("gate | All services | 1", "a | None | 2", "b | b | 3", header=header)
    assert flows(text) == ["b -> b 3/TCP", "gate -> a 2/TCP", "gate -> b 3/TCP"]


def test_groups_of_the_catalog() -> None:
    catalog = (
        CATALOG + "groups:\n  Stores: {members: [Redis, Kafka]}\n  Backends: {allServices: true, except: [gate]}\n"
    )
    header = "Service | Calls | Listens on"
    text = services("gate | Backends | 1", "a | Stores, Backends | 2", "b | Backends (9000) | 3", header=header)
    assert flows(text, catalog) == [
        "a -> b 3/TCP",
        "a -> kafka 9092/TCP",
        "a -> redis 6379/TCP",
        "b -> a 9000/TCP",
        "gate -> a 2/TCP",
        "gate -> b 3/TCP",
    ]


@each("member", ["Nope", "Other", "All services"])
def test_members_of_groups_are_checked(member: str) -> None:
    catalog = CATALOG + f"groups:\n  Stores: {{members: [{member}]}}\n  Other: {{members: [Redis]}}\n"
    assert findings(services("web | Redis | None"), catalog) == [f"EG315 {member}"]


ROWS = ["web | Redis, cart:8080 | None", "cart | Kafka | Internet:443", "pay | All services:1 | 203.0.113.0/24:443"]
DETAILS = ["Redis | apps | 6379 | TCP | Sessions", "Redis | apps | 6379 | TCP | Cache", "X | x | 1 | TCP | x"]


@settings(max_examples=20)
@given(st.permutations(ROWS), st.permutations(DETAILS))
def test_the_order_of_rows_and_sources_changes_nothing(rows: list[str], details: list[str]) -> None:
    wanted = flows({"a.md": services(*ROWS), "b.md": table("web", services(*DETAILS, header=DETAIL))})
    texts = {"b.md": table("web", services(*details, header=DETAIL)), "a.md": services(*rows)}
    assert flows(texts) == wanted
    policies, _ = compile_text(texts)
    assert dependency(policies, "web", "redis").purpose == "Cache; Sessions"


def test_a_further_row_of_a_service_only_adds() -> None:
    before = flows(services("web | Redis | None", "cart | None | None"))
    for row in ("web | Kafka | None", "web | Redis:1 | None", "cart | Redis | Internet:443", "web | None | None"):
        assert set(_single(before)) <= set(_single(flows(services("web | Redis | None", "cart | None | None", row))))


def _single(said: list[str]) -> list[str]:
    """A line a port."""
    return [
        f"{line.rsplit('> ')[0]}> {name} {port}"
        for line in said
        for name, _, ports in [line.split("> ")[1].partition(" ")]
        for port in ports.split(", ")
    ]


def test_where_a_purpose_comes_from() -> None:
    detail = services("Kafka | events | 9092 | TCP | Orders", header=DETAIL)
    text = services("web | Kafka | None", "cart | Kafka | None")
    policies, _ = compile_text(text + table("web", detail))
    assert dependency(policies, "web", "kafka").purpose == "Orders"
    assert dependency(policies, "cart", "kafka").purpose == "Event bus"
    policies, _ = compile_text(text + table("Destinations", detail))
    assert dependency(policies, "cart", "kafka").purpose == "Orders"


def test_a_row_of_a_service_may_ask_for_a_group() -> None:
    text = services("web | None | 1", "cart | None | 2", "pay | None | 3", header="Service | Calls | Listens on")
    text += table("web", services("All services | apps | 9000 | TCP | Health", header=DETAIL))
    assert flows(text) == ["web -> cart 9000/TCP", "web -> pay 9000/TCP"]
