"""What only arithmetic shows about ports and networks, and where it is shown."""

from egressc.contract.arithmetic import find_mismatches
from egressc.source import Source, Span
from support.tables import each
from unit.contract.values_corpus import ARITHMETIC, PEER, VALID, Document, cidr, dependency, policy, port

NOWHERE = Span(Source("values.yaml", ""), 0, 0)


def said(document: Document) -> list[str]:
    diagnostics = [finding.at(NOWHERE) for finding in find_mismatches(document)]
    return [f"{diagnostic.code.id} {diagnostic.message}" for diagnostic in diagnostics]


def test_each_mismatch_is_found_and_nothing_else() -> None:
    found = {name: len(said(document)) for name, document in (VALID | ARITHMETIC).items()}
    assert found == dict.fromkeys(VALID, 0) | dict.fromkeys(ARITHMETIC, 1)


@each(
    ("document", "message"),
    [
        (port(port=90, endPort=80), "EG244 endPort 80 is below port 90"),
        (
            cidr("10.1.2.3/8"),
            'EG245 network "10.1.2.3/8" has bits set beyond the prefix length: "10.0.0.0/8" is the network',
        ),
        (
            cidr("::ffff:a00:0/104"),
            'EG245 network "::ffff:a00:0/104" is an IPv4-mapped IPv6 address: "10.0.0.0/8" is the network',
        ),
        (cidr("10.0.0.0/8", "11.0.0.0/16"), 'EG246 except "11.0.0.0/16" is not inside "10.0.0.0/8"'),
        (cidr("10.0.0.0/8", "10.0.0.0/8"), 'EG246 except "10.0.0.0/8" excludes all of "10.0.0.0/8"'),
        (cidr("::/0", "10.0.0.0/8"), 'EG246 except "10.0.0.0/8" has another address family than "::/0"'),
    ],
)
def test_message(document: Document, message: str) -> None:
    assert said(document) == [message]


def test_repair_of_host_bits_is_the_network() -> None:
    (finding,) = find_mismatches(cidr("10.1.2.3/8"))
    assert finding.at(NOWHERE).help == 'write "10.0.0.0/8"'


def test_excepts_of_a_bad_network_are_not_compared_with_it() -> None:
    assert len(said(cidr("10.1.2.3/8", "11.0.0.0/16"))) == 1


def test_place_and_related_place() -> None:
    (finding,) = find_mismatches(dependency(ports=[{"port": 9, "endPort": 8, "protocol": "TCP"}]))
    here = ("networkPolicy", "dependencies", "db", "ports", 0)
    assert (finding.path, finding.related) == ((*here, "endPort"), (*here, "port"))


def test_dns_named_rules_and_extras_are_all_looked_at() -> None:
    block = {"ipBlock": {"cidr": "10.1.2.3/8"}}
    ports = [{"port": 53, "protocol": "UDP"}]
    document = policy(
        dns={"profile": "custom", "to": [block], "ports": ports},
        dependencies={"a": None, "b": {"to": [PEER, block], "ports": ports}},
        callers={"a": None, "b": {"from": [PEER, block], "ports": ports}},
        egress=[{}, {"to": [block]}],
        ingress=[{}, {"from": [block]}],
    )
    assert [finding.path[1:-2] for finding in find_mismatches(document)] == [
        ("dns", "to", 0),
        ("dependencies", "b", "to", 1),
        ("callers", "b", "from", 1),
        ("egress", 1, "to", 0),
        ("ingress", 1, "from", 0),
    ]


@each(("size", "is_taken"), [(261_973, True), (261_974, False)])
def test_annotations_leave_room_for_those_of_helm(size: int, is_taken: bool) -> None:
    # "é" is two bytes.
    document = policy(commonAnnotations={"note": "é" + "x" * (size - 6)})
    assert (said(document) == []) is is_taken
