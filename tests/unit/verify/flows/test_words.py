"""Flows and rules in words."""

from egressc.model.address_sets import EVERY_ADDRESS, AddressSet, block, join_addresses
from egressc.model.flows import EVERY_POD, Pod, PodClass, Witness
from egressc.model.label_classes import namespace, select, select_namespaces
from egressc.model.policy import Expression, Operator, Port, Protocol, Selector
from egressc.model.port_sets import EVERY_PORT, NO_PORTS, port_set
from egressc.verify.flows.words import say_addresses, say_peer, say_ports, say_public, say_witness
from support.tables import each


def labels(**pairs: str) -> Selector:
    return Selector(tuple(pairs.items()))


def expression(operator: Operator, *values: str) -> Selector:
    return Selector((), (Expression("tier", operator, values),))


@each(
    ("peer", "words"),
    [
        (EVERY_POD, "all pods in any namespace"),
        (PodClass(namespace("data"), select(labels(app="redis", tier="db"))), "pods app=redis, tier=db in data"),
        (
            PodClass(select_namespaces(labels(team="shop")), select(expression(Operator.EXISTS))),
            "pods with tier in namespaces team=shop",
        ),
        (PodClass(namespace("x"), select(expression(Operator.IN, "b", "a"))), "pods tier one of a, b in x"),
        (PodClass(namespace("x"), select(expression(Operator.NOT_IN, "a"))), "pods tier not a in x"),
        (PodClass(namespace("x"), select(expression(Operator.DOES_NOT_EXIST))), "pods without tier in x"),
        (PodClass(namespace("x"), select(labels(tier=""))), 'pods tier="" in x'),
        (PodClass(namespace("x"), select(expression(Operator.IN, "", "a"))), 'pods tier one of "", a in x'),
        (PodClass(namespace("x"), select(expression(Operator.NOT_IN, ""))), 'pods tier not "" in x'),
    ],
)
def test_pods_are_said_by_their_labels(peer: PodClass, words: str) -> None:
    assert say_peer(peer) == words


@each(
    ("addresses", "words"),
    [
        (EVERY_ADDRESS, "any IPv4 address and any IPv6 address"),
        (block("10.0.0.0/8"), "10.0.0.0/8"),
        (
            block("0.0.0.0/0", ["10.0.0.0/8", "192.168.0.0/16"]),
            "any IPv4 address but 10.0.0.0/8, 192.168.0.0/16",
        ),
        (join_addresses([block("10.0.0.0/25"), block("10.0.0.128/25"), block("fc00::/7")]), "10.0.0.0/24 and fc00::/7"),
        (
            AddressSet(tuple((number, number) for number in range(0, 40, 2)), ()),
            "0.0.0.0/32, 0.0.0.2/32, 0.0.0.4/32, 0.0.0.6/32 and 16 more networks",
        ),
    ],
)
def test_addresses_are_said_the_short_way(addresses: AddressSet, words: str) -> None:
    assert say_addresses(addresses) == words


def test_ports_are_said_as_tables_write_them() -> None:
    ports = [
        Port(Protocol.TCP, 80),
        Port(Protocol.TCP, 8000, 8100),
        Port(Protocol.TCP, "http"),
        Port(Protocol.UDP, None),
    ]
    assert say_ports(port_set(tuple(ports))) == "80/TCP, 8000-8100/TCP, http/TCP, any/UDP"
    assert say_ports(EVERY_PORT) == "any port"
    assert say_ports(NO_PORTS) == "no port"


def test_a_witness_is_one_flow() -> None:
    source = Pod("shop", {"app": "web"}, {"env": "prod"})
    flow = Witness(source, Pod("data", {}), Protocol.TCP, 6379, frozenset(("redis",)))
    assert say_witness(flow) == "pod app=web in shop (env=prod) -> pod without labels in data on 6379/TCP (named redis)"
    empty = Witness(Pod("shop", {"app": ""}), Pod("data", {}), Protocol.TCP, 1, frozenset())
    assert say_witness(empty) == 'pod app="" in shop -> pod without labels in data on 1/TCP'
    outside = Witness(source, "203.0.113.9", Protocol.UDP, 53, frozenset())
    assert say_witness(outside) == "pod app=web in shop (env=prod) -> address 203.0.113.9 on 53/UDP"


INSIDE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16")


@each(
    ("addresses", "words"),
    [
        (block("0.0.0.0/0", INSIDE), "any public IPv4 address"),
        (block("0.0.0.0/0", (*INSIDE, "127.0.0.0/8")), "any public IPv4 address"),
        (block("::/0", ("fc00::/7", "fe80::/10")), "any public IPv6 address"),
        (
            join_addresses([block("0.0.0.0/0", INSIDE), block("::/0", ("fc00::/7", "fe80::/10"))]),
            "any public address",
        ),
        (block("0.0.0.0/0", INSIDE[:4]), ""),  # with the metadata of clouds
        (block("0.0.0.0/0", (*INSIDE, "8.8.8.0/24")), ""),
        (EVERY_ADDRESS, ""),
        (block("10.0.0.0/8"), ""),
        (block("203.0.113.0/24"), ""),
    ],
)
def test_public_addresses_in_short(addresses: AddressSet, words: str) -> None:
    assert say_public(addresses) == words
