"""What a policy set asks for, held against manifests written by hand."""

import dataclasses

from egressc.diagnostics.core import Report
from egressc.dialects.shapes.rules import RuleReader
from egressc.model.flows import DifferenceKind, Direction, Policy, SidedRule
from egressc.model.peers import read_peers
from egressc.model.policy import (
    AddressPeer,
    Dns,
    Expression,
    Grant,
    GrantEnd,
    Operator,
    PodPeer,
    PolicySet,
    Port,
    Protocol,
    Selector,
    ServicePolicy,
)
from egressc.verify.comparison.compare import compare
from egressc.verify.intent.extras import WrittenRule, add_extras, read_extras
from egressc.verify.intent.table import intend
from oracles.reading import read_policies
from support.policy_sets import NOBODY, dependency, labels, row, service, tcp
from support.tables import each

NAME = "kubernetes.io/metadata.name"
DNS = [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]
KUBE_SYSTEM = {"matchLabels": {NAME: "kube-system"}}
KUBE_DNS = {"namespaceSelector": KUBE_SYSTEM, "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}


def _rendered(*egress: object, pod: str = "checkout") -> tuple[Policy, ...]:
    return read_policies(
        [
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "NetworkPolicy",
                "metadata": {"name": pod, "namespace": "shop"},
                "spec": {
                    "podSelector": {"matchLabels": {"app.kubernetes.io/name": pod}},
                    "policyTypes": ["Egress"],
                    "egress": list(egress),
                },
            }
        ]
    )


@each(
    ("dns", "peers", "ports"),
    [
        (Dns("kube-dns"), [KUBE_DNS], DNS),
        (
            Dns("k8s-app-coredns"),
            [{"namespaceSelector": KUBE_SYSTEM, "podSelector": {"matchLabels": {"k8s-app": "coredns"}}}],
            DNS,
        ),
        (Dns("nodelocal"), [KUBE_DNS, {"ipBlock": {"cidr": "169.254.20.10/32"}}], DNS),
        (
            Dns("openshift"),
            [
                {
                    "namespaceSelector": {"matchLabels": {NAME: "openshift-dns"}},
                    "podSelector": {"matchLabels": {"dns.operator.openshift.io/daemonset-dns": "default"}},
                }
            ],
            [{"protocol": "UDP", "port": 5353}, {"protocol": "TCP", "port": 5353}],
        ),
        (Dns("any"), [], DNS),
        (
            Dns("custom", (AddressPeer("10.0.0.10/32"),), (Port(Protocol.UDP, 53),)),
            [{"ipBlock": {"cidr": "10.0.0.10/32"}}],
            [{"protocol": "UDP", "port": 53}],
        ),
    ],
)
def test_dns_profiles(dns: Dns, peers: list[object], ports: list[object]) -> None:
    intended = intend(PolicySet((service("checkout", dns=dns),)))
    assert compare(intended, _rendered({"to": peers, "ports": ports})) == []


def test_without_dns_there_is_no_rule_for_it() -> None:
    intended = intend(PolicySet((service("checkout", dns=Dns("none")),)))
    assert intended[0].egress == ()
    assert compare(intended, _rendered()) == []
    (over,) = compare(intended, _rendered({"to": [KUBE_DNS], "ports": DNS}))
    assert (over.kind, over.witness.port) == (DifferenceKind.OVER, 53)
    with_dns = intend(PolicySet((service("checkout"),)))
    (under,) = compare(with_dns, _rendered())
    assert (under.kind, under.witness.port) == (DifferenceKind.UNDER, 53)


def test_dependencies_are_rules_with_their_key_and_rows() -> None:
    everywhere = GrantEnd(
        "everywhere", "Everywhere", (PodPeer(Selector(), None), AddressPeer("10.0.0.0/8", ("10.9.0.0/16",)))
    )
    policies = PolicySet(
        (
            service(
                "checkout",
                Grant(NOBODY, everywhere, (Port(Protocol.SCTP, None), Port(Protocol.TCP, 80, 89)), "", (row(6),)),
                dependency("redis", tcp(6379), lines=(7,)),
            ),
        )
    )
    (intended,) = intend(policies)
    assert intended.egress is not None
    assert [(rule.index, rule.name, rule.origins) for rule in intended.egress] == [
        (0, "dns", ()),
        (1, "everywhere", (row(6),)),
        (2, "redis", (row(7),)),
    ]
    redis = {
        "namespaceSelector": {"matchLabels": {NAME: "data"}},
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "redis"}},
    }
    block = {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.9.0.0/16"]}}
    rendered = _rendered(
        {"to": [KUBE_DNS], "ports": DNS},
        {"to": [{"namespaceSelector": {}}, block], "ports": [{"protocol": "SCTP"}, {"port": 80, "endPort": 89}]},
        {"to": [redis], "ports": [{"port": 6379}]},
    )
    assert compare([intended], rendered) == []


def test_a_peer_without_namespaces_is_in_the_services_own() -> None:
    near = GrantEnd("near", "Near", (PodPeer(None, labels(("app", "near"))),))
    intended = intend(PolicySet((service("checkout", Grant(NOBODY, near, (tcp(80),), "", (row(6),))),)))
    rendered = _rendered(
        {"to": [KUBE_DNS], "ports": DNS},
        {"to": [{"podSelector": {"matchLabels": {"app": "near"}}}], "ports": [{"port": 80}]},
    )
    assert compare(intended, rendered) == []


def test_extras_are_apart_and_then_count() -> None:
    checkout = service("checkout")
    extras, report = _extras(checkout, {"to": [{"ipBlock": {"cidr": "192.0.2.1/32"}}]})
    assert report.sorted() == []
    assert [(side.value, rule.name, rule.is_extra) for side, rule in extras] == [("egress", "egress[0]", True)]
    intended = intend(PolicySet((checkout,)))
    rendered = _rendered({"to": [KUBE_DNS], "ports": DNS}, {"to": [{"ipBlock": {"cidr": "192.0.2.1/32"}}]})
    assert [difference.kind for difference in compare(intended, rendered)] == [DifferenceKind.OVER]
    assert compare(add_extras(intended, {"checkout": extras}), rendered) == []


def test_extras_that_the_api_server_refuses_are_problems() -> None:
    extras, report = _extras(service("checkout"), {"to": [{}]}, {"ports": [{"port": 0}]})
    assert extras == ()
    assert [(it.code.id, it.message.split(" of policy")[0]) for it in report.sorted()] == [
        ("EG611", "egress[0].to[0]"),
        ("EG611", "egress[1].ports[0].port"),
    ]


def _extras(of: ServicePolicy, *rules: object) -> tuple[tuple[SidedRule, ...], Report]:
    report = Report()
    written = [WrittenRule(Direction.EGRESS, rule, row(5)) for rule in rules]
    return read_extras(of, written, RuleReader(), report), report


def test_an_under_permission_names_the_row() -> None:
    intended = intend(PolicySet((service("checkout", dependency("redis", tcp(6379), lines=(7,))),)))
    (difference,) = compare(intended, _rendered({"to": [KUBE_DNS], "ports": DNS}))
    assert difference.kind is DifferenceKind.UNDER
    assert difference.rule is not None
    assert difference.rule.origins == (row(7),)
    assert dataclasses.asdict(difference.witness)["port"] == 6379
    assert [policy.name for policy in difference.against] == ["checkout"]


NO_POD = Selector((("app", "a"),), (Expression("app", Operator.DOES_NOT_EXIST),))
APP = Selector((("app", "a"),))


@each(
    ("peers", "count"),
    [
        ((PodPeer(None, APP),), 1),
        ((PodPeer(None, APP), PodPeer(None, APP)), 1),
        ((PodPeer(None, APP), PodPeer(Selector(), APP)), 2),
        ((PodPeer(None, NO_POD),), 0),
        ((PodPeer(NO_POD, APP),), 0),
        ((PodPeer(NO_POD, NO_POD), PodPeer(None, APP)), 1),
    ],
)
def test_peers_are_classes_that_pods_can_be_in_each_once(peers: tuple[PodPeer, ...], count: int) -> None:
    assert len(read_peers(peers, "shop")[0]) == count
