"""What is asked of the extra rules of a service: each port as the rule opens it."""

from dataclasses import replace

from egressc.model.address_sets import NO_ADDRESSES, block, join_addresses
from egressc.model.flows import Policy, Rule
from egressc.model.policy import PolicySet, Port, Protocol
from egressc.model.port_sets import EVERY_PORT, PortSet, port_set
from egressc.model.ports import say_port
from egressc.verify.intent.table import intend
from egressc.verify.probing.asks import ask_allowed, key_of
from support.policy_sets import dependency, row, service, tcp
from support.tables import each

SERVICE = service("web", dependency("redis", tcp(6379), lines=(6, 7)))
TCP, UDP = Protocol.TCP, Protocol.UDP


def with_extra(rule: Rule) -> Policy:
    (policy,) = intend(PolicySet((SERVICE,)))
    return replace(policy, egress=(*(policy.egress or ()), rule))


@each(
    ("ports", "asked"),
    [
        (port_set((Port(TCP, 80),)), {"extra-0-80": "80/TCP"}),
        (port_set((Port(TCP, 80, 90), Port(UDP, 53))), {"extra-0-80": "80-90/TCP", "extra-0-53-udp": "53/UDP"}),
        (port_set((Port(UDP, "dns"), Port(TCP, None))), {"extra-0-any": "any/TCP", "extra-0-dns-udp": "dns/UDP"}),
        (EVERY_PORT, {"extra-0-any": "any/TCP", "extra-0-any-udp": "any/UDP", "extra-0-any-sctp": "any/SCTP"}),
    ],
)
def test_each_port_of_an_extra_rule(ports: PortSet, asked: dict[str, str]) -> None:
    rule = Rule(0, (), NO_ADDRESSES, ports, "egress[0]", (row(9),), is_extra=True)
    first, *others = ask_allowed(SERVICE, with_extra(rule), ())
    assert (first.key, say_port(first.port), first.place) == ("redis-6379", "6379/TCP", row(6))
    assert {it.key: say_port(it.port) for it in others} == asked
    assert {(it.place, it.name, it.must_declare) for it in others} == {(row(9), "extra rule egress[0]", True)}


def test_single_addresses_of_an_extra_rule_are_asked() -> None:
    cidrs = ("192.0.2.7/32", "198.51.100.0/24", "2001:db8::7/128")
    rule = Rule(0, (), join_addresses(map(block, cidrs)), port_set((Port(TCP, 80),)), "egress[0]", (), is_extra=True)
    (asked,) = ask_allowed(SERVICE, with_extra(rule), ())[1:]
    assert asked.outside == ("192.0.2.7", "2001:db8::7")
    assert asked.place == SERVICE.origin


@each(
    ("name", "port", "key"),
    [
        ("redis", Port(TCP, 6379), "redis-6379"),
        ("redis", Port(UDP, None), "redis-any-udp"),
        ("x" * 70, Port(TCP, 80), "x" * 60 + "-80"),
        ("x" * 59 + "-" + "y" * 9, Port(TCP, 80), "x" * 59 + "-80"),
    ],
)
def test_a_key_is_a_label(name: str, port: Port, key: str) -> None:
    assert key_of(name, port) == key
