"""Rules in words: peers, ports, and where they come from."""

import pytest

from egressc.cli.reach import Reach, reaches
from egressc.emit.values import emit_values
from egressc.model.policy import (
    AddressPeer,
    Dependency,
    Destination,
    Dns,
    Expression,
    Operator,
    Peer,
    PodPeer,
    PolicySet,
    Port,
    Protocol,
    Selector,
    ServicePolicy,
)
from egressc.source import Source, Span

TABLE = Source("services.md", "one\ntwo\nthree\n")
NAMESPACE = Selector((("kubernetes.io/metadata.name", "data"),))
TCP = (Port(Protocol.TCP, 5432),)


def reach_of(peer: Peer, ports: tuple[Port, ...] = TCP) -> Reach:
    dependency = Dependency(
        Destination("db", "The DB", (peer,)), ports, "", (Span(TABLE, 4, 5), Span(TABLE, 5, 6), Span(TABLE, 9, 10))
    )
    service = ServicePolicy(
        "shop", "Shop", "web", Selector((("app", "shop"),)), Dns("kube-dns"), (dependency,), Span(TABLE, 0, 1)
    )
    (values,) = emit_values(PolicySet((service,)), schema_path="s.json")
    dns, reach = reaches(values, [])
    assert (dns.key, dns.peers) == ("dns", "profile kube-dns")
    return reach


def test_without_dns_there_is_nothing_but_the_dependencies() -> None:
    service = ServicePolicy("shop", "Shop", "web", Selector((("app", "shop"),)), Dns("none"), (), Span(TABLE, 0, 1))
    (values,) = emit_values(PolicySet((service,)), schema_path="s.json")
    assert list(reaches(values, [])) == [Reach("shop", "", "nothing", "", "", "services.md:1")]
    rule = {"to": [{"podSelector": {}}], "ports": [{"port": 80}]}
    assert [reach.key for reach in reaches(values, [(rule, "values/shop.yaml:9")])] == ["extra-rule"]


def test_a_dependency_names_its_rows_once_each() -> None:
    reach = reach_of(PodPeer(NAMESPACE, Selector((("app", "db"),))))
    assert reach == Reach("shop", "db", "The DB", "pods app=db in data", "TCP/5432", "services.md:2, services.md:3")


@pytest.mark.parametrize(
    ("peer", "words"),
    [
        (PodPeer(NAMESPACE, None), "all pods in data"),
        (PodPeer(Selector(), Selector((("app", "db"),))), "pods app=db in any namespace"),
        (PodPeer(Selector((("team", "red"),)), Selector()), "all pods in team=red"),
        (PodPeer(None, Selector((("app", "db"),))), "pods app=db in its own namespace"),
        (
            PodPeer(NAMESPACE, Selector((), (Expression("tier", Operator.IN, ("a", "b")),))),
            "pods tier In (a, b) in data",
        ),
        (AddressPeer("203.0.113.0/24"), "203.0.113.0/24"),
        (AddressPeer("0.0.0.0/0", ("10.0.0.0/8",)), "0.0.0.0/0 except 10.0.0.0/8"),
    ],
)
def test_peers(peer: Peer, words: str) -> None:
    assert reach_of(peer).peers == words


@pytest.mark.parametrize(
    ("ports", "words"),
    [
        ((Port(Protocol.TCP, 80), Port(Protocol.UDP, 53)), "TCP/80, UDP/53"),
        ((Port(Protocol.TCP, 8000, 8100),), "TCP/8000-8100"),
        ((Port(Protocol.TCP, "http"),), "TCP/http"),
        ((Port(Protocol.TCP, None), Port(Protocol.UDP, None)), "TCP/*, UDP/*"),
    ],
)
def test_ports(ports: tuple[Port, ...], words: str) -> None:
    assert reach_of(PodPeer(NAMESPACE, None), ports).ports == words


def test_an_extra_rule_that_says_nothing_allows_everything() -> None:
    service = ServicePolicy("shop", "Shop", "web", Selector((("app", "shop"),)), Dns("any"), (), Span(TABLE, 0, 1))
    (values,) = emit_values(PolicySet((service,)), schema_path="s.json")
    _, empty, port = reaches(values, [({}, "values/shop.yaml:9"), ({"ports": [{"port": 80}]}, "values/shop.yaml:10")])
    assert empty == Reach("shop", "extra-rule", "extra rule", "anything", "any port", "values/shop.yaml:9")
    assert (port.peers, port.ports) == ("anything", "TCP/80")
