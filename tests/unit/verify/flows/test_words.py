"""Flows and rules in words."""

from egressc.model.address_sets import EVERY_ADDRESS, NO_ADDRESSES, AddressSet, block, join_addresses
from egressc.model.flows import EVERY_POD, Endpoint, Endpoints, Pod, PodClass, Rule, Witness
from egressc.model.label_classes import ANY, NAMESPACE_NAME, Labels, Values, both, namespace, select, select_namespaces
from egressc.model.policy import Expression, Operator, Port, Protocol, Selector
from egressc.model.port_sets import EVERY_PORT, NO_PORTS, port_set
from egressc.verify.flows.words import (
    networks_of,
    say_addresses,
    say_beyond,
    say_end,
    say_peer,
    say_ports,
    say_public,
    say_rule,
    say_suppositions,
    say_who,
    say_witness,
)
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


def test_networks_are_listed_one_by_one() -> None:
    addresses = join_addresses([block("10.0.0.0/25"), block("10.0.0.128/26"), block("fc00::/7"), block("fe80::/10")])
    assert networks_of(addresses) == ["10.0.0.0/25", "10.0.0.128/26", "fc00::/7", "fe80::/10"]
    assert networks_of(NO_ADDRESSES) == []


@each(
    ("count", "words"),
    [(8, "14.0.0.0/32"), (9, "6.0.0.0/32 and 5 more networks")],
)
def test_a_few_networks_are_said_all(count: int, words: str) -> None:
    firsts = [number << 24 for number in range(0, 2 * count, 2)]
    assert say_addresses(AddressSet(tuple((first, first) for first in firsts), ())).endswith(words)


def test_all_but_some_is_said_where_that_is_shorter() -> None:
    assert say_addresses(block("::/0", ["fc00::/7"])) == "any IPv6 address but fc00::/7"
    assert say_addresses(block("0.0.0.0/0", ["0.0.0.0/1"])) == "128.0.0.0/1"


@each(
    ("end", "words", "within"),
    [
        ("192.0.2.1", "address 192.0.2.1", "address 192.0.2.1"),
        (Pod("shop", {"app": "web"}), "pod app=web in shop", "pod app=web in shop"),
        (
            Pod("shop", {"app": "web"}, name="web", kind="Deployment"),
            "Deployment shop/web: pod app=web in shop",
            "Deployment shop/web",
        ),
        (
            Pod("shop", {}, {"team": "a", NAMESPACE_NAME: "shop"}, supposed=("env", "team")),
            "pod without labels in shop (team=a, without env)",
            "pod without labels in shop (team=a, without env)",
        ),
    ],
)
def test_an_end_is_said_by_its_workload_and_labels(end: Endpoint, words: str, within: str) -> None:
    assert say_end(end) == words
    assert say_who(end) == within


def test_what_a_witness_supposes_is_said_once() -> None:
    here = Pod("shop", {}, {"team": "a"}, supposed=("env", "team"))
    assert say_suppositions(Witness(here, "192.0.2.1", Protocol.TCP, 1, frozenset())) == (
        "namespace shop lacks the label env, namespace shop has the label team=a"
    )
    there = Pod("shop", {}, {}, supposed=("env",))
    twice = Witness(there, there, Protocol.TCP, 1, frozenset())
    assert say_suppositions(twice) == "namespace shop lacks the label env"
    assert say_suppositions(Witness(Pod("shop", {}), Pod("shop", {}), Protocol.TCP, 1, frozenset())) == ""


def _tier(*values: str | None, excluded: bool = False) -> Labels:
    return frozenset((("tier", Values(excluded, frozenset(values))),))


@each(
    ("labels", "words"),
    [
        (_tier("a", None), "pods tier=a or without it"),
        (_tier("b", "a", None), "pods tier one of a, b or without it"),
        (_tier("b", "a", None, excluded=True), "pods tier other than a, b"),
    ],
)
def test_a_label_that_may_be_absent(labels: Labels, words: str) -> None:
    assert say_peer(PodClass(ANY, labels)) == f"{words} in any namespace"


def test_a_rule_is_said_by_its_peers_and_ports() -> None:
    pods, http = PodClass(namespace("x"), select(labels(app="a"))), port_set((Port(Protocol.TCP, 80),))
    assert say_rule(Rule(0, (pods,), block("192.0.2.0/24"), http)) == "pods app=a in x or 192.0.2.0/24 on 80/TCP"
    assert say_rule(Rule(0, (), NO_ADDRESSES, http)) == "nobody on 80/TCP"


TEAM = select_namespaces(labels(team="a"))
OTHERS: Labels = frozenset(((NAMESPACE_NAME, Values(True, frozenset(("data", "shop")))),))
TEAM_OF_OTHERS = both(TEAM, OTHERS)
assert TEAM_OF_OTHERS is not None


@each(
    ("peer", "words"),
    [
        (EVERY_POD, "the whole cluster"),
        (EVERY_ADDRESS, "any address"),
        (block("192.0.2.0/24"), "192.0.2.0/24"),
        (PodClass(namespace("shop"), ANY), "all pods in shop"),
        (PodClass(OTHERS, ANY), "all pods in other namespaces"),
        (PodClass(TEAM_OF_OTHERS, ANY), "all pods in other namespaces with team=a"),
        (PodClass(TEAM, ANY), "all pods in namespaces team=a"),
    ],
)
def test_beyond_known_namespaces_are_others(peer: Endpoints, words: str) -> None:
    assert say_beyond(peer, ("shop", "data")) == words


def test_a_namespace_that_must_have_labels_too() -> None:
    named = both(TEAM, namespace("shop"))
    assert named is not None
    assert say_peer(PodClass(named, ANY)) == "all pods in shop with labels team=a"
