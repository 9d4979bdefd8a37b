"""Values with extra rules, one for every rule by which the API server judges a NetworkPolicy, and their near misses.

Nothing here says what is valid: the API server does, and the compiler's verdict is compared with it.

Source of the rules: pkg/apis/networking/validation/validation.go of kubernetes/kubernetes, release 1.36.
"""

import random
from collections.abc import Iterator
from typing import Any, Final

Document = dict[str, Any]

POD: Final[Document] = {"podSelector": {"matchLabels": {"app": "db"}}}
PORTS: Final[tuple[Any, ...]] = (
    *(1, 80, 65535, 0, -1, 65536, 2**31, 2**32 + 80, 80.0, 80.5, "80", "http", "a", "A", "Http", "http-", "-http"),
    *(
        "ht--tp",
        "ht-tp",
        "a" * 15,
        "a" * 16,
        "1a",
        "11",
        "1-1",
        "",
        "h_t",
        "h.t",
        "héllo",
        " http",
        "http ",
        True,
        None,
    ),
    *([80], {"number": 80}, "0x50", "8e1"),
)
PROTOCOLS: Final[tuple[Any, ...]] = (
    "TCP",
    "UDP",
    "SCTP",
    "tcp",
    "Tcp",
    "ICMP",
    "",
    "TCP ",
    "ANY",
    None,
    6,
    True,
    ["TCP"],
)
RANGES: Final[tuple[tuple[Any, Any], ...]] = (
    *((80, 80), (80, 81), (80, 79), (1, 65535), (80, 65536), (80, 0), (80, -1), ("http", 90), (None, 90), (80, "90")),
    *((80, None), (80, 90.0), (80, 90.5), (80, True), (65535, 65535), (0, 90)),
)
CIDRS: Final[tuple[Any, ...]] = (
    *("0.0.0.0/0", "::/0", "10.0.0.0/8", "10.1.2.3/32", "10.1.2.3/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "/8"),
    *("10.0.0.0", "10.0.0/8", "10.0.0.0.0/8", "256.0.0.0/8", "010.0.0.0/8", "10.0.0.0/08", "10.0.0.00/8", "", " "),
    *(" 10.0.0.0/8", "10.0.0.0/8 ", "10.0.0.0 /8", "10.0.0.0/8/8", "10.0.0.0/0x8", "0x0a.0.0.0/8", "a.b.c.d/8"),
    *(
        "fd00::/8",
        "FD00::/8",
        "fd00:0:0::/8",
        "fd00::1/8",
        "fd00::1/128",
        "fd00::/129",
        "fd00::",
        "fd00:::/8",
        "::1/128",
    ),
    *("::ffff:10.0.0.0/104", "::ffff:10.0.0.0/8", "::ffff:0a00:0/104", "::10.0.0.0/104", "64:ff9b::10.0.0.0/104"),
    *("fe80::1%eth0/128", "fe80::%1/64", "1:2:3:4:5:6:7:8/128", "1:2:3:4:5:6:7::/112", "1:2:3:4:5:6:7:8:9/128"),
    *("1:2:3:4:5:6:7:8/127", "00fd::/16", "0000::/0", "fd00::00000/8", "[fd00::]/8", "10.0.0.0/8,11.0.0.0/8"),
    *(
        "10.0.0.0/+8",
        "+10.0.0.0/8",
        "10.0.0.0/\uff18",
        "\uff110.0.0.0/8",
        None,
        10,
        ["10.0.0.0/8"],
        "localhost/8",
        "0/0",
        "10/8",
    ),
    *("10.0.0.0/255.0.0.0", "255.255.255.255/32", "127.0.0.0/8", "169.254.169.254/32", "224.0.0.0/4", "ff02::/16"),
)
EXCEPTS: Final[tuple[tuple[str, Any], ...]] = (
    *(("10.0.0.0/8", ["10.1.0.0/16"]), ("10.0.0.0/8", ["10.0.0.0/8"]), ("10.0.0.0/8", ["11.0.0.0/16"])),
    *(("10.0.0.0/8", ["0.0.0.0/0"]), ("10.0.0.0/8", ["10.0.0.0/9", "10.128.0.0/9"]), ("10.0.0.0/8", [])),
    *(("10.0.0.0/8", ["10.1.0.0/16", "10.1.0.0/16"]), ("10.0.0.0/8", ["10.1.2.3/16"]), ("10.0.0.0/8", ["10.1.2.3"])),
    *(("10.0.0.0/8", [""]), ("10.0.0.0/8", [None]), ("10.0.0.0/8", None), ("10.0.0.0/8", "10.1.0.0/16")),
    *(("::/0", ["fd00::/8"]), ("::/0", ["10.0.0.0/8"]), ("0.0.0.0/0", ["fd00::/8"]), ("fd00::/8", ["fe80::/10"])),
    *(("::/0", ["::/0"]), ("::/0", ["::ffff:10.0.0.0/104"]), ("0.0.0.0/0", ["::ffff:10.0.0.0/104"])),
    *(("10.1.2.3/32", ["10.1.2.3/32"]), ("10.0.0.0/8", ["10.0.0.0/32", "10.255.255.255/32"]), ("::/0", ["FD00::/8"])),
    *(("10.0.0.0/8", ["010.1.0.0/16"]), ("10.0.0.0/8", [{"cidr": "10.1.0.0/16"}]), ("10.0.0.0/8", [10])),
)
KEYS: Final[tuple[str, ...]] = (
    *(
        "app",
        "App",
        "a",
        "a" * 63,
        "a" * 64,
        "app.kubernetes.io/name",
        "example.com/",
        "/name",
        "a/b/c",
        "",
        "-a",
        "a-",
    ),
    *("a_b", "a.b", ".a", "a.", "_a", "a b", "é", "Example.com/a", "example.com/A", "-example.com/a", "example..com/a"),
    *("example.com./a", "x" * 253 + "/a", ".".join(["x" * 63] * 4)[:253] + "/a", ".".join(["x" * 63] * 5) + "/a"),
    *("exa_mple.com/a", "a:b", "a/-b", "a\n", "1", "1/2", "true", "null"),
)
VALUES: Final[tuple[Any, ...]] = (
    *("", "a", "A1", "a" * 63, "a" * 64, "-a", "a-", "_a", "a_", ".a", "a.", "a.b-c_d", "a b", "a/b", "é", "a\n", "1"),
    *(1, 1.5, True, None, ["a"], {}, "true", " a", "a ", "a:b", "٣", "\uff41"),
)
EXPRESSIONS: Final[tuple[Any, ...]] = (
    *({"key": "a", "operator": "In", "values": ["b"]}, {"key": "a", "operator": "In", "values": []}),
    *({"key": "a", "operator": "In"}, {"key": "a", "operator": "NotIn", "values": ["b", "c"]}),
    *(
        {"key": "a", "operator": "NotIn"},
        {"key": "a", "operator": "Exists"},
        {"key": "a", "operator": "Exists", "values": []},
    ),
    *({"key": "a", "operator": "Exists", "values": ["b"]}, {"key": "a", "operator": "DoesNotExist"}),
    *({"key": "a", "operator": "DoesNotExist", "values": ["b"]}, {"key": "a", "operator": "Equals", "values": ["b"]}),
    *({"key": "a", "operator": "in", "values": ["b"]}, {"key": "a", "operator": "", "values": ["b"]}, {"key": "a"}),
    *({"operator": "Exists"}, {"key": "", "operator": "Exists"}, {"key": "a", "operator": "Gt", "values": ["1"]}),
    *({"key": "a", "operator": "In", "values": ["b", "b"]}, {"key": "a", "operator": "In", "values": [""]}),
    *({"key": "a", "operator": "In", "values": ["-b"]}, {"key": "a", "operator": "In", "values": [1]}),
    *({"key": "a", "operator": "In", "values": [None]}, {"key": "a", "operator": "In", "values": "b"}),
    *({"key": "a", "operator": "In", "values": ["b" * 64]}, {"key": "a", "operator": "Exists", "values": None}),
    *({"key": "a b", "operator": "Exists"}, {"key": "a", "operator": "Exists", "extra": 1}, {}, None, "a"),
)
SELECTORS: Final[tuple[Any, ...]] = (
    *(
        {},
        None,
        {"matchLabels": {}},
        {"matchLabels": None},
        {"matchExpressions": []},
        {"matchExpressions": None},
        [],
        "a",
    ),
    *({"matchLabels": []}, {"matchLabels": "a"}, {"matchExpressions": {}}, {"app": "db"}, {"matchlabels": {"a": "b"}}),
)
PEERS: Final[tuple[Any, ...]] = (
    *({}, None, "a", [], {"podSelector": {}}, {"namespaceSelector": {}}, {"podSelector": {}, "namespaceSelector": {}}),
    *({"ipBlock": {}}, {"ipBlock": None}, {"ipBlock": {"except": ["10.0.0.0/8"]}}, {"ipBlock": "10.0.0.0/8"}),
    *(
        {"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}},
        {"ipBlock": {"cidr": "10.0.0.0/8"}, "namespaceSelector": {}},
    ),
    *(
        {"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": None},
        {"podSelector": None},
        {"podSelector": None, "ipBlock": None},
    ),
    *({"podSelector": {}, "ipBlock": None}, {"ipBlock": {"cidr": "10.0.0.0/8", "excepts": []}}, {"namespace": "a"}),
    *({"podselector": {}}, {"ipBlock": {"cidr": "10.0.0.0/8"}, "ports": []}),
)
RULES: Final[tuple[Any, ...]] = (
    *({}, None, [], "a", {"to": []}, {"to": None}, {"ports": []}, {"ports": None}, {"to": [], "ports": []}, {"to": {}}),
    *({"to": POD}, {"to": [[POD]]}, {"ports": {"port": 80}}, {"ports": [80]}, {"ports": [None]}, {"ports": [{}]}),
    *({"from": [POD]}, {"to": [POD], "from": []}, {"to": [POD], "port": 80}, {"To": [POD]}, {"to": [POD, POD]}),
    *(
        {"to": [POD], "ports": [{"port": 80}, {"port": 80}]},
        {"to": [POD], "name": "x"},
        {"ports": [{"targetPort": 80}]},
    ),
)
NAMES: Final[tuple[Any, ...]] = (
    *("a", "checkout", "Checkout", "check out", "a.b", "a_b", "-a", "a-", "a" * 56, "a" * 57, "a" * 63, "a" * 64),
    *("a" * 253, "a" * 254, "", ".a", "a.", "a..b", "a-.b", "é", "a/b", "1", "a\n", 1, True, None),
)
LISTS: Final[tuple[Any, ...]] = (
    [],
    None,
    {},
    [{}],
    [{}, {}],
    [None],
    [[]],
    "a",
    {"0": {}},
    [{"to": [POD]}] * 50,
    False,
    0,
)


def by_hand() -> Iterator[tuple[str, Document]]:
    """Each near miss alone, in each of its places, with a name that tells which it is.

    A document is what stands under `networkPolicy`, but for `fullnameOverride`, which stands beside it.
    """
    for name, rules in _extras():
        yield f"egress: {name}", {"egress": rules}
    for key in KEYS:
        yield f"commonLabels key {key!r}", {"commonLabels": {key: "x"}}
        yield f"commonAnnotations key {key!r}", {"commonAnnotations": {key: "x"}}
    for value in VALUES:
        yield f"commonLabels value {value!r}", {"commonLabels": {"a": value}}
        yield f"commonAnnotations value {value!r}", {"commonAnnotations": {"a": value}}
        yield f"own pods value {value!r}", {"podSelector": {"matchLabels": {"a": value}}}
    for name in NAMES:
        yield f"name {name!r}", {"fullnameOverride": name}
    for size in (261973, 262143, 262144, 262145):
        yield f"commonAnnotations of {size} bytes", {"commonAnnotations": {"a": "x" * (size - 1)}}
    for selector in SELECTORS:
        yield f"own pods {selector!r}", {"podSelector": selector}
    for expression in EXPRESSIONS:
        yield f"own pods expression {expression!r}", {"podSelector": {"matchExpressions": [expression]}}


def _extras() -> Iterator[tuple[str, Any]]:
    for rules in LISTS:
        yield f"list {rules!r:.60}", rules
    for rule in RULES:
        yield f"rule {rule!r}", [rule]
    for peer in PEERS:
        yield f"peer {peer!r}", [{"to": [peer]}]
    for port in PORTS:
        yield f"port {port!r}", [{"to": [POD], "ports": [{"port": port}]}]
        yield f"port {port!r} with protocol", [{"to": [POD], "ports": [{"port": port, "protocol": "UDP"}]}]
    for protocol in PROTOCOLS:
        yield f"protocol {protocol!r}", [{"to": [POD], "ports": [{"port": 80, "protocol": protocol}]}]
        yield f"protocol {protocol!r} alone", [{"to": [POD], "ports": [{"protocol": protocol}]}]
    for port, end in RANGES:
        yield f"range {port!r} to {end!r}", [{"to": [POD], "ports": [{"port": port, "endPort": end}]}]
    yield "range without a start", [{"to": [POD], "ports": [{"endPort": 90}]}]
    for cidr in CIDRS:
        yield f"cidr {cidr!r}", [_block(cidr)]
        yield f"cidr {cidr!r} as except", [_block("0.0.0.0/0", [cidr])]
        yield f"cidr {cidr!r} as except of IPv6", [_block("::/0", [cidr])]
    for cidr, excepts in EXCEPTS:
        yield f"cidr {cidr!r} except {excepts!r}", [_block(cidr, excepts)]
    for kind in ("podSelector", "namespaceSelector"):
        for selector in SELECTORS:
            yield f"{kind} {selector!r}", [{"to": [{kind: selector}]}]
        for expression in EXPRESSIONS:
            yield f"{kind} expression {expression!r}", [{"to": [{kind: {"matchExpressions": [expression]}}]}]
        for key in KEYS:
            yield f"{kind} key {key!r}", [{"to": [{kind: {"matchLabels": {key: "x"}}}]}]
            keyed = {"key": key, "operator": "Exists"}
            yield f"{kind} expression key {key!r}", [{"to": [{kind: {"matchExpressions": [keyed]}}]}]
        for value in VALUES:
            yield f"{kind} value {value!r}", [{"to": [{kind: {"matchLabels": {"a": value}}}]}]
            valued = {"key": "a", "operator": "NotIn", "values": [value]}
            yield f"{kind} expression value {value!r}", [{"to": [{kind: {"matchExpressions": [valued]}}]}]


def _block(cidr: Any, excepts: Any = ...) -> Document:
    block = {"cidr": cidr} if excepts is ... else {"cidr": cidr, "except": excepts}
    return {"to": [{"ipBlock": block}]}


def generated(seed: int, count: int) -> Iterator[tuple[str, Document]]:
    """Lists of rules made by chance of the pools above: mostly good parts, so that a bad one decides."""
    chance = random.Random(seed)  # noqa: S311  nothing secret
    for number in range(count):
        rules = [_rule(chance) for _ in range(chance.randint(1, 3))]
        yield f"generated {seed}.{number}", {"egress": rules}


def _rule(chance: random.Random) -> Any:
    if chance.random() < 0.02:
        return chance.choice(RULES)
    rule: Document = {}
    if chance.random() < 0.9:
        rule["to"] = [_peer(chance) for _ in range(chance.randint(0 if chance.random() < 0.05 else 1, 3))]
    if chance.random() < 0.8:
        rule["ports"] = [_port(chance) for _ in range(chance.randint(0 if chance.random() < 0.05 else 1, 3))]
    return rule


def _peer(chance: random.Random) -> Any:
    if chance.random() < 0.03:
        return chance.choice(PEERS)
    if chance.random() < 0.4:
        cidr = _pick(chance, CIDRS, ("10.0.0.0/8", "0.0.0.0/0", "::/0", "203.0.113.0/24"))
        if chance.random() < 0.5:
            return _block(cidr)["to"][0]
        inner = _pick(chance, CIDRS, ("10.1.0.0/16", "10.0.0.0/8", "fd00::/8", "203.0.113.128/25"))
        return _block(cidr, [inner])["to"][0]
    kinds = chance.choice((("podSelector",), ("namespaceSelector",), ("podSelector", "namespaceSelector")))
    return {kind: _selector(chance) for kind in kinds}


def _selector(chance: random.Random) -> Any:
    if chance.random() < 0.05:
        return chance.choice(SELECTORS)
    selector: Document = {}
    if chance.random() < 0.7:
        key = _pick(chance, KEYS, ("app", "app.kubernetes.io/name", "tier"))
        selector["matchLabels"] = {key: _pick(chance, VALUES, ("db", "x", ""))}
    if chance.random() < 0.4:
        selector["matchExpressions"] = [_pick(chance, EXPRESSIONS, EXPRESSIONS[:1] + EXPRESSIONS[3:4])]
    return selector


def _port(chance: random.Random) -> Document:
    port: Document = {}
    if chance.random() < 0.9:
        port["port"] = _pick(chance, PORTS, (80, 443, 8080, "http", "metrics"))
    if chance.random() < 0.6:
        port["protocol"] = _pick(chance, PROTOCOLS, ("TCP", "UDP", "SCTP"))
    if chance.random() < 0.2:
        port["endPort"] = _pick(chance, (None, 0, 65536, "90", 79), (443, 8080, 9000, 65535))
    return port


def _pick(chance: random.Random, pool: tuple[Any, ...], good: tuple[Any, ...]) -> Any:
    return chance.choice(pool if chance.random() < 0.03 else good)
