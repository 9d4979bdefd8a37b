"""From rows to rules: what is granted, and that nothing else is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiled import CATALOG, compile_text, dependency, findings, flows, say_peer, services

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
    assert flows(text, catalog) == ["web -> cart 8080/TCP"]
    assert findings(text) == ["EG301 NGINX ingress"]


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


@pytest.mark.parametrize("member", ["Nope", "Other", "All services"])
def test_members_of_groups_are_checked(member: str) -> None:
    catalog = CATALOG + f"groups:\n  Stores: {{members: [{member}]}}\n  Other: {{members: [Redis]}}\n"
    assert findings(services("web | Redis | None"), catalog) == [f"EG315 {member}"]


def test_the_dns_rule_is_not_granted_twice() -> None:
    text = services("web | kube-dns | None", "cart | kube-dns:9153 | None")
    text += table("web", services("kube-dns | kube-system | 53 | UDP/TCP | DNS", header=DETAIL))
    assert flows(text) == ["cart -> kube-dns 9153/TCP"]


def test_another_dns_of_that_name_is_no_preset() -> None:
    text = services("web | kube-dns | None") + services("kube-dns | dns | 53 | UDP | DNS", header=DETAIL)
    assert flows(text) == ["web -> kube-dns 53/UDP"]


def test_presets() -> None:
    project = "cluster: {apiServer: {addresses: [192.0.2.10], port: 6443}}"
    text = services("web | Kubernetes API server, node metadata, istiod | Internet (HTTPS 443)")
    assert flows(text, project=project) == [
        "web -> internet 443/TCP",
        "web -> istiod 15012/TCP",
        "web -> kubernetes-api-server 6443/TCP",
        "web -> node-metadata 80/TCP",
    ]
    assert findings(text) == ["EG314 Kubernetes API server"]


def test_the_internet_has_no_ports_of_its_own() -> None:
    assert findings(services("web | None | Internet")) == ["EG401 Internet"]


def test_the_internet_leaves_out_private_ranges_of_both_families() -> None:
    policies, _ = compile_text(services("web | None | Internet:443"))
    four, six = dependency(policies, "web", "internet").destination.peers
    assert say_peer(four) == "0.0.0.0/0"
    assert getattr(four, "excepts", ()) == (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
    )
    assert (say_peer(six), getattr(six, "excepts", ())) == ("::/0", ("fc00::/7", "fe80::/10"))


def test_an_external_destination_needs_addresses() -> None:
    text = services("web | None | Rates") + services(
        "Rates | api.example.com | 443", header="Destination | Address | Port"
    )
    assert findings(text) == ["EG313 Rates"]
    text = services("web | None | Rates") + services("Rates | Internet | 443 | TCP | x", header=DETAIL)
    assert findings(text) == ["EG313 Rates"]


def test_one_name_in_two_namespaces_has_to_be_told_apart() -> None:
    detail = services("db | a | 1 | TCP | x", "db | b | 2 | TCP | y", header=DETAIL)
    assert findings(services("web | db | None") + detail) == ["EG302 db"]
    assert flows(services("web | db (b) | None") + detail) == ["web -> db-b 2/TCP"]
    assert findings(services("web | db (c) | None") + detail) == ["EG309 db"]


def test_names_are_exact_and_near_ones_are_offered() -> None:
    _, report = compile_text(services("web | redis | None"))
    (found,) = [it for it in report.sorted() if it.code.id == "EG301"]
    assert found.help == 'write "Redis", or add "redis" to the catalog'
    assert [label.span.text for label in found.related] == ["Redis"]


@pytest.mark.parametrize(
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


@pytest.mark.parametrize("name", ["../../x", "{{ .Values }}", "a" * 54, "Caf\u00e9", "-a"])
def test_names_that_make_no_id_are_refused(name: str) -> None:
    assert [it.split()[0] for it in findings(services(f"{name} | Redis | None"))] == ["EG306"]


def test_the_catalog_gives_an_id() -> None:
    catalog = CATALOG + "  Caf\u00e9: {id: cafe}\n"
    assert flows(services("Caf\u00e9 | Redis | None"), catalog) == ["cafe -> redis 6379/TCP"]


def test_two_things_of_one_id_are_refused() -> None:
    assert findings(services("my app | None | None", "my_app | None | None")) == ["EG307 my_app"]


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


def test_a_network_may_be_defined_by_a_row() -> None:
    text = services("web | 203.0.113.9 | None") + services("203.0.113.9/32 | | 443 | TCP | Bank", header=DETAIL)
    assert flows(text) == ["web -> cidr-203-0-113-9-32 443/TCP"]
    policies, _ = compile_text(text)
    assert dependency(policies, "web", "cidr-203-0-113-9-32").purpose == "Bank"


def test_a_group_takes_no_name_of_the_tables() -> None:
    catalog = CATALOG + "groups:\n  web: {members: [Redis]}\n"
    assert findings(services("web | Redis | None"), catalog) == ["EG308 web"]


def test_where_a_purpose_comes_from() -> None:
    detail = services("Kafka | events | 9092 | TCP | Orders", header=DETAIL)
    text = services("web | Kafka | None", "cart | Kafka | None")
    policies, _ = compile_text(text + table("web", detail))
    assert dependency(policies, "web", "kafka").purpose == "Orders"
    assert dependency(policies, "cart", "kafka").purpose == "Event bus"
    policies, _ = compile_text(text + table("Destinations", detail))
    assert dependency(policies, "cart", "kafka").purpose == "Orders"


def test_a_service_called_as_a_preset_is_that_service() -> None:
    text = services("istiod | Redis | 1", "web | istiod | 2", header="Service | Calls | Listens on")
    assert flows(text) == ["istiod -> redis 6379/TCP", "web -> istiod 1/TCP"]


def test_a_row_of_a_service_may_ask_for_a_group() -> None:
    text = services("web | None | 1", "cart | None | 2", "pay | None | 3", header="Service | Calls | Listens on")
    text += table("web", services("All services | apps | 9000 | TCP | Health", header=DETAIL))
    assert flows(text) == ["web -> cart 9000/TCP", "web -> pay 9000/TCP"]


def test_the_api_server_is_asked_for_by_the_port_of_its_endpoints() -> None:
    project = "cluster: {apiServer: {addresses: [192.0.2.10]}}"
    text = services("web | None | None")
    row = "Kubernetes API | default | {port} | TCP | Watches"
    good = text + table("web", services(row.format(port=6443), header=DETAIL))
    assert flows(good, project=project) == ["web -> kubernetes-api-server 6443/TCP"]
    assert findings(good.replace("6443", "443"), project=project) == ["EG406 443"]
