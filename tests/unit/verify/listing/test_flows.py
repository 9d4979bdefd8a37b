"""Flows as a report lists them: class, reasons, purpose, and what counts as the internet."""

from egressc.diagnostics.core import Report
from egressc.dialects.shapes.rules import RuleReader
from egressc.model.address_sets import block
from egressc.model.flows import Direction, SidedRule
from egressc.model.policy import PolicySet
from egressc.verify.flows.internet import reaches_internet
from egressc.verify.intent.extras import WrittenRule, read_extras
from egressc.verify.intent.table import intend
from egressc.verify.listing.entries import Names
from egressc.verify.listing.flows import ListedFlow, list_flows
from support.compiled import compile_text, services
from support.tables import each

CATALOG = """
defaults: {namespace: apps, selector: {app: "{id}"}}
destinations:
  Redis: {ports: [6379], purpose: Cache}
  Mail: {hosts: [mail.example.com], addresses: [203.0.113.0/24], ports: [587]}
  Legacy: {addresses: [10.1.0.0/16], ports: [8080]}
  Named: {ports: [http]}
"""


def _listed(*extras: object) -> dict[str, ListedFlow]:
    policies, report = compile_text(services("web | Redis, Mail, Legacy, Named | None"), CATALOG)
    assert policies is not None, report.sorted()
    return {it.key: it for it in list_flows(policies, intend(policies), _extras(policies, extras), _names(policies))}


def _names(policies: PolicySet) -> Names:
    names = Names()
    names.learn(policies, intend(policies))
    return names


def _extras(policies: PolicySet, extras: tuple[object, ...]) -> dict[str, tuple[SidedRule, ...]]:
    (service,) = policies.services
    report = Report()
    written = [WrittenRule(Direction.EGRESS, rule, service.origin) for rule in extras]
    rules = read_extras(service, written, RuleReader(), report)
    assert report.sorted() == []
    return {service.id: rules}


def test_every_flow_has_a_class_and_its_reason() -> None:
    found = _listed()
    assert [(key, it.flow_class.value) for key, it in found.items()] == [
        ("DNS", "exact"),
        ("legacy", "approximate"),
        ("mail", "approximate"),
        ("named", "approximate"),
        ("redis", "exact"),
    ]
    assert found["mail"].reasons == ("mail.example.com: these policies cannot name hosts, so addresses are used",)
    assert "private addresses" in found["legacy"].reasons[0]
    assert "named port" in found["named"].reasons[0]
    assert (found["redis"].purpose, found["redis"].namespace) == ("Cache", "apps")


def test_an_extra_rule_for_a_known_destination_bears_its_name() -> None:
    peer = {"podSelector": {"matchLabels": {"app": "redis"}}}
    found = _listed({"to": [peer], "ports": [{"port": 6380}]})
    assert (found["redis"].flow_class, found["redis"].name) == ("extra", "Redis")
    block_rule = {"to": [{"ipBlock": {"cidr": "198.51.100.0/24"}}], "ports": [{"port": 443}]}
    assert _listed(block_rule)["198.51.100.0/24"].is_internet


NAME = "kubernetes.io/metadata.name"


@each(
    ("peers", "namespace"),
    [
        ([{"podSelector": {}}], "apps"),
        ([{"namespaceSelector": {"matchLabels": {NAME: "data"}}}], "data"),
        ([{"namespaceSelector": {"matchLabels": {"team": "a"}}}], "team=a"),
        ([{"namespaceSelector": {"matchLabels": {"team": "a", "env": "b"}}}], ""),
        ([{"namespaceSelector": {}}], ""),
        ([{"podSelector": {}}, {"podSelector": {"matchLabels": {"app": "x"}}}], "apps"),
        ([{"podSelector": {}}, {"namespaceSelector": {"matchLabels": {NAME: "data"}}}], ""),
        ([{"ipBlock": {"cidr": "192.0.2.0/24"}}], ""),
        ([{"podSelector": {}}, {"ipBlock": {"cidr": "192.0.2.0/24"}}], ""),
    ],
)
def test_a_flow_to_one_namespace_says_which(peers: list[object], namespace: str) -> None:
    *_, extra = _listed({"to": peers, "ports": [{"port": 1}]}).values()
    assert (extra.flow_class, extra.namespace) == ("extra", namespace)


@each(
    ("cidr", "is_internet"),
    [
        ("0.0.0.0/0", True),
        ("8.8.8.8/32", True),
        ("10.0.0.0/8", False),
        ("172.15.255.255/32", True),
        ("172.16.0.0/12", False),
        ("100.64.0.0/10", False),
        ("169.254.169.254/32", False),
        ("224.0.0.0/4", False),
        ("255.255.255.255/32", False),
        ("::/0", True),
        ("2000::/3", True),
        ("fc00::/7", False),
        ("fe80::/10", False),
        ("::1/128", False),
    ],
)
def test_the_internet_is_any_public_address(cidr: str, is_internet: bool) -> None:
    assert reaches_internet(block(cidr)) is is_internet
