"""Items of list cells, and lists of them."""

from hypothesis import given
from hypothesis import strategies as st

from egressc.lower.references import read_reference, read_references
from egressc.model.ports import say_ports
from egressc.model.texts import item_offsets, split_list
from egressc.source import Source, Span
from support.tables import each


@each(
    ("text", "name", "namespace", "ports"),
    [
        ("redis", "redis", "", ""),
        ("Query Engine", "Query Engine", "", ""),
        ("redis:6379", "redis", "", "6379/TCP"),
        ("redis: 6379", "redis", "", "6379/TCP"),
        ("dns:53/UDP", "dns", "", "53/UDP"),
        ("web:http", "web", "", "http/TCP"),
        ("redis (6379)", "redis", "", "6379/TCP"),
        ("LLM APIs (HTTPS 443)", "LLM APIs", "", "443/TCP"),
        ("redis (8000-8100)", "redis", "", "8000-8100/TCP"),
        ("redis (data)", "redis", "data", ""),
        ("redis (data-2)", "redis", "data-2", ""),
        ("redis (data, 6379)", "redis", "data", "6379/TCP"),
        ("redis (data):6379", "redis", "data", "6379/TCP"),
        ("redis (6379, 6380)", "redis", "", "6379/TCP, 6380/TCP"),
        ("gateway (any port)", "gateway", "", "any/SCTP, any/TCP, any/UDP"),
        ("redis (port 6379)", "redis", "", "6379/TCP"),
        ("Internet (443 for panels)", "Internet", "", "443/TCP"),
        ("Tensorhub (price models)", "Tensorhub", "", ""),
        ("postgres (MySQL)", "postgres", "", ""),
        ("https://api.pay.example/v1", "api.pay.example", "", "443/TCP"),
        ("http://api.pay.example:8080", "api.pay.example", "", "8080/TCP"),
        ("store.shop.svc.cluster.local:5432", "store", "shop", "5432/TCP"),
        ("store.shop.svc", "store", "shop", ""),
    ],
)
def test_an_item_is_a_name_with_what_stands_beside_it(text: str, name: str, namespace: str, ports: str) -> None:
    ask = read_reference(text)
    assert (ask.name, ask.namespace, say_ports(ask.ports), ask.trouble) == (name, namespace, ports, None)


@each(
    ("text", "cidr", "ports"),
    [
        ("203.0.113.0/24", "203.0.113.0/24", ""),
        ("203.0.113.9", "203.0.113.9/32", ""),
        ("203.0.113.9:443", "203.0.113.9/32", "443/TCP"),
        ("203.0.113.0/24 (443)", "203.0.113.0/24", "443/TCP"),
        ("2001:DB8:0::/32", "2001:db8::/32", ""),
        ("[2001:db8::1]:443", "2001:db8::1/128", "443/TCP"),
    ],
)
def test_an_address_may_stand_in_place_of_a_name(text: str, cidr: str, ports: str) -> None:
    ask = read_reference(text)
    assert ask.address is not None
    assert (ask.address.cidr, say_ports(ask.ports)) == (cidr, ports)


@each("text", ["203.0.113.9/24", "10.0.0.256", "1.2.3"])
def test_what_is_no_address_is_a_name(text: str) -> None:
    assert read_reference(text).address is None


@each(
    ("text", "part"),
    [
        ("external APIs (any public address)", "any public address"),
        ("redis (TCP)", "TCP"),
        ("redis (planned)", "planned"),
        ("redis (read-only)", "read-only"),
        ("redis (on request)", "on request"),
        ("redis (api.example.com)", "api.example.com"),
        ("redis (on-prem, 10.120.4.0/22, 8443)", "10.120.4.0/22"),
        ("redis (99999)", "99999"),
        ("postgres (15)", "15"),
        ("redis (7)", "7"),
        ("SQL Server (2019)", "2019"),
        ("redis ()", "()"),
        ("redis:99999", "99999"),
    ],
)
def test_what_cannot_be_read_is_pointed_at(text: str, part: str) -> None:
    ask = read_reference(text)
    assert ask.name == text
    assert ask.trouble is not None
    assert text[ask.trouble.start : ask.trouble.end] == part


@each(("text", "ports"), [("redis (TCP 22)", "22/TCP"), ("web (80)", "80/TCP"), ("git (22, 443)", "22/TCP, 443/TCP")])
def test_a_small_number_with_other_words_is_a_port(text: str, ports: str) -> None:
    ask = read_reference(text)
    assert (ask.trouble, say_ports(ask.ports)) == (None, ports)


@each("text", ["", "None", "none", "-", "\u2013", "(none)", "N/A", "n/a", "No"])
def test_a_cell_may_say_nothing(text: str) -> None:
    assert read_references(text) == ()


def test_separators_within_parentheses_separate_nothing() -> None:
    assert split_list("a (1, 2), b; c\nd, ") == ["a (1, 2)", "b", "c", "d"]


@given(st.text(alphabet="ab(),; \n:1/-", max_size=30))
def test_items_stand_where_their_offsets_say(text: str) -> None:
    text = text.strip()
    offsets = item_offsets(text)
    assert [text[start:end] for start, end in offsets] == split_list(text)
    assert list(offsets) == sorted(offsets)


@given(st.text(max_size=40))
def test_any_text_is_read(text: str) -> None:
    for ask in read_references(text):
        assert ask.name
        if ask.trouble is not None:
            assert 0 <= ask.trouble.start <= ask.trouble.end <= len(ask.text)


@each(
    ("text", "said", "problem"),
    [
        ("10.0.0.1/8", "10.0.0.1/8", 'has bits set beyond the prefix length: "10.0.0.0/8" is the network'),
        ("10.0.0.1/8:443", "10.0.0.1/8", 'has bits set beyond the prefix length: "10.0.0.0/8" is the network'),
        ("10.0.0.1/8 (443)", "10.0.0.1/8", 'has bits set beyond the prefix length: "10.0.0.0/8" is the network'),
        ("300.1.1.1/32", "300.1.1.1/32", "is not an IPv4 or IPv6 network"),
        ("10.1.1.1/99 (443)", "10.1.1.1/99", "has a prefix length above 32"),
        ("fd00::1/8", "fd00::1/8", 'has bits set beyond the prefix length: "fd00::/8" is the network'),
        ("fe80::1%eth0 (443)", "fe80::1%eth0", 'has an IPv6 zone: "fe80::1" is the address'),
        ("[fe80::1%eth0]:443", "fe80::1%eth0", 'has an IPv6 zone: "fe80::1" is the address'),
        ("[fd00::1] (443)", "[fd00::1]", 'has brackets, which are for URLs: "fd00::1" is the address'),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.7", 'is an IPv4-mapped IPv6 address: "192.0.2.7/32" is the network'),
    ],
)
def test_a_network_that_is_none_says_why(text: str, said: str, problem: str) -> None:
    trouble = read_reference(text).trouble
    assert trouble is not None
    assert text[trouble.start : trouble.end] == said
    found = trouble.build(Span(Source("services.md", text), trouble.start, trouble.end))
    assert (found.code.id, found.message) == ("EG217", f'address "{said}" {problem}')


@each(
    ("text", "cidr", "port"),
    [
        ("https://[2001:db8::7]/v1", "2001:db8::7/128", 443),
        ("https://[2001:DB8:0::7]:8443", "2001:db8::7/128", 8443),
        ("amqps://user@192.0.2.7/x", "192.0.2.7/32", 5671),
    ],
)
def test_a_url_of_an_address_is_that_address(text: str, cidr: str, port: int) -> None:
    read = read_reference(text)
    assert read.address is not None
    assert (read.address.cidr, [it.port for it in read.ports]) == (cidr, [port])
