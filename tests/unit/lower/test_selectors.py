"""Selector, namespace and address cells."""

from egressc.lower.addresses import read_addresses
from egressc.lower.selectors import read_namespace, read_selector
from egressc.model.policy import Expression, Operator, Selector
from egressc.model.references import Trouble
from egressc.model.requirements import NO_FACTS, Facts
from support.tables import each


@each(
    ("text", "selector"),
    [
        ("app=web", Selector((("app", "web"),))),
        ("app = web", Selector((("app", "web"),))),
        ("app: web", Selector((("app", "web"),))),
        ('app: "web"', Selector((("app", "web"),))),
        ("tier=front, app=web", Selector((("app", "web"), ("tier", "front")))),
        ("app.kubernetes.io/name=ui", Selector((("app.kubernetes.io/name", "ui"),))),
        ("tier in (b, a)", Selector((), (Expression("tier", Operator.IN, ("a", "b")),))),
        ("tier notin (a)", Selector((), (Expression("tier", Operator.NOT_IN, ("a",)),))),
        ("app!=web", Selector((), (Expression("app", Operator.NOT_IN, ("web",)),))),
        ("any pod", Selector()),
        ("All pods", Selector()),
        ("", None),
        ("-", None),
    ],
)
def test_selectors_are_read(text: str, selector: Selector | None) -> None:
    assert read_selector(text) == selector


@each(
    ("text", "part"),
    [
        ("web", "web"),
        ("app=web, front", "front"),
        ("app=we b", "app=we b"),
        ("-app=web", "-app=web"),
        ("app=web-", "app=web-"),
        ("app=a, app=b", "app=b"),
    ],
)
def test_what_is_no_selector_is_refused(text: str, part: str) -> None:
    found = read_selector(text)
    assert isinstance(found, Trouble)
    assert text[found.start : found.end] == part


def test_namespaces_are_read() -> None:
    assert read_namespace("data") == Facts(namespace="data")
    assert read_namespace("any") == Facts(namespaces=Selector())
    assert read_namespace("Internet") == Facts(is_external=True)
    assert read_namespace("") == NO_FACTS
    assert isinstance(read_namespace("Data"), Trouble)
    assert isinstance(read_namespace("a, b"), Trouble)


def test_addresses_are_read() -> None:
    found = read_addresses("api.example.com, 203.0.113.0/24, 2001:db8::/32, 198.51.100.7")
    assert not isinstance(found, Trouble)
    assert [peer.cidr for peer in found.peers] == ["198.51.100.7/32", "2001:db8::/32", "203.0.113.0/24"]
    assert found.hosts == ("api.example.com",)


@each("text", ["203.0.113.9/24", "300.1.1.1", "localhost", "*example.com", "203.0.113.0/33"])
def test_what_is_no_address_is_refused(text: str) -> None:
    assert isinstance(read_addresses(text), Trouble)
