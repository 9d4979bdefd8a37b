"""Extra rules that are wider than they look, each beside a neighbour that is not."""

from typing import Any

from egressc.contract.finding import Path
from egressc.contract.wide_extras import find_wide_extras
from egressc.source import Source, Span
from support.tables import each
from unit.contract.values_corpus import PEER, PORT, VALID, Document, caller, dependency, extra, inward

NOWHERE = Span(Source("values.yaml", ""), 0, 0)
METADATA_NAME = "kubernetes.io/metadata.name"
NAMESPACE: Document = {"namespaceSelector": {"matchLabels": {METADATA_NAME: "monitoring"}}}
EVERYWHERE_WITH_THE_SECOND: list[tuple[str, Path]] = [("EG451", ("to", 1, "ipBlock", "cidr"))]
INTERNET: Document = {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}
NOT_SHOP: Document = {"key": METADATA_NAME, "operator": "NotIn", "values": ["shop"]}
OTHERS: Document = {"namespaceSelector": {"matchExpressions": [NOT_SHOP]}}
GONE: Document = {"matchExpressions": [{"key": "retired", "operator": "DoesNotExist"}]}


def addresses(cidr: str) -> Document:
    return {"ipBlock": {"cidr": cidr}}


def found(rule: dict[str, Any], namespace_label: str = METADATA_NAME) -> list[tuple[str, Path]]:
    findings = find_wide_extras(extra(**rule), namespace_label)
    return [(finding.at(NOWHERE).code.id, finding.path[3:]) for finding in findings]


def turned(rule: dict[str, Any]) -> dict[str, Any]:
    """The rule for egress as one for ingress."""
    return {"from" if key == "to" else key: value for key, value in rule.items()}


def said(document: Document) -> list[tuple[str, str]]:
    diagnostics = [finding.at(NOWHERE) for finding in find_wide_extras(document, METADATA_NAME)]
    return [(f"{it.code.id} {it.message}", it.help) for it in diagnostics]


@each(
    ("rule", "findings"),
    [
        # everything
        ({}, [("EG450", ())]),
        ({"to": [], "ports": []}, [("EG450", ())]),
        ({"ports": [{"protocol": "TCP"}]}, [("EG450", ())]),
        ({"ports": [{}]}, [("EG450", ())]),
        ({"to": [addresses("0.0.0.0/0")]}, [("EG450", ("to", 0, "ipBlock", "cidr"))]),
        ({"to": [PEER, addresses("::/0")]}, [("EG450", ("to", 1, "ipBlock", "cidr"))]),
        # everyone
        ({"ports": [PORT]}, [("EG451", ())]),
        ({"to": [addresses("0.0.0.0/0")], "ports": [PORT]}, [("EG451", ("to", 0, "ipBlock", "cidr"))]),
        ({"to": [INTERNET], "ports": [PORT]}, []),
        ({"to": [addresses("0.0.0.0/1"), addresses("128.0.0.0/1")], "ports": [PORT]}, EVERYWHERE_WITH_THE_SECOND),
        ({"to": [addresses("8000::/1"), addresses("::/1")], "ports": [PORT]}, EVERYWHERE_WITH_THE_SECOND),
        ({"to": [INTERNET, addresses("10.0.0.0/8")], "ports": [PORT]}, EVERYWHERE_WITH_THE_SECOND),
        ({"to": [addresses("0.0.0.0/1"), addresses("8000::/1")], "ports": [PORT]}, []),
        ({"to": [addresses("0.0.0.0/1"), addresses("128.0.0.0/2")], "ports": [PORT]}, []),
        ({"to": [addresses("203.0.113.0/24")], "ports": [PORT]}, []),
        # every pod
        ({"to": [{"namespaceSelector": {}}], "ports": [PORT]}, [("EG451", ("to", 0, "namespaceSelector"))]),
        (
            {"to": [{"namespaceSelector": {"matchLabels": {}}, "podSelector": {}}], "ports": [PORT]},
            [("EG451", ("to", 0, "namespaceSelector"))],
        ),
        ({"to": [{"namespaceSelector": {}, **PEER}], "ports": [PORT]}, []),
        ({"to": [NAMESPACE], "ports": [PORT]}, [("EG451", ("to", 0, "namespaceSelector"))]),
        ({"to": [{**NAMESPACE, "podSelector": {}}], "ports": [PORT]}, []),
        # every port
        ({"to": [PEER]}, [("EG451", ())]),
        ({"to": [INTERNET]}, [("EG451", ())]),
        ({"to": [PEER], "ports": [PORT, {"protocol": "UDP"}]}, [("EG451", ("ports",))]),
        ({"to": [PEER], "ports": [{"port": "http"}]}, []),
        # two peers
        ({"to": [NAMESPACE, PEER], "ports": [PORT]}, [("EG452", ("to", 1, "podSelector"))]),
        ({"to": [PEER, NAMESPACE], "ports": [PORT]}, [("EG452", ("to", 0, "podSelector"))]),
        ({"to": [{**NAMESPACE, **PEER}], "ports": [PORT]}, []),
        ({"to": [{**NAMESPACE, **PEER}, PEER], "ports": [PORT]}, []),
        ({"to": [{**NAMESPACE, "podSelector": {}}, INTERNET, PEER], "ports": [PORT]}, []),
        ({"to": [PEER, PEER], "ports": [PORT]}, []),
        # the label of namespaces
        (
            {"to": [{"namespaceSelector": {"matchLabels": {"name": "a"}}, **PEER}], "ports": [PORT]},
            [("EG453", ("to", 0, "namespaceSelector", "matchLabels", "name"))],
        ),
        (
            {
                "to": [{"namespaceSelector": {"matchExpressions": [{"key": "name", "operator": "Exists"}]}, **PEER}],
                "ports": [PORT],
            },
            [("EG453", ("to", 0, "namespaceSelector", "matchExpressions", 0, "key"))],
        ),
        ({"to": [{"podSelector": {"matchLabels": {"name": "a"}}}], "ports": [PORT]}, []),
        ({"to": [{"namespaceSelector": {"matchLabels": {"team": "a"}}, **PEER}], "ports": [PORT]}, []),
        # only exclusions
        ({"to": [{**OTHERS, "podSelector": {}}], "ports": [PORT]}, [("EG454", ("to", 0, "namespaceSelector"))]),
        ({"to": [{**OTHERS, "podSelector": GONE}], "ports": [PORT]}, [("EG454", ("to", 0, "namespaceSelector"))]),
        ({"to": [{**OTHERS, **PEER}], "ports": [PORT]}, []),
        ({"to": [{**NAMESPACE, "podSelector": GONE}], "ports": [PORT]}, []),
        ({"to": [{"podSelector": GONE}], "ports": [PORT]}, []),
        (
            {
                "to": [
                    {
                        "namespaceSelector": {
                            "matchExpressions": [NOT_SHOP, {"key": METADATA_NAME, "operator": "Exists"}]
                        },
                        "podSelector": {},
                    }
                ],
                "ports": [PORT],
            },
            [],
        ),
    ],
)
def test_width(rule: dict[str, Any], findings: list[tuple[str, Path]]) -> None:
    assert found(rule) == findings
    inwards = [(it.at(NOWHERE).code.id, it.path[3:]) for it in find_wide_extras(inward(**turned(rule)), METADATA_NAME)]
    assert inwards == [(code, tuple("from" if key == "to" else key for key in path)) for code, path in findings]


@each(
    ("rule", "outward", "inwards"),
    [
        (
            {},
            "extra rule allows every connection, so the rows of the tables restrict nothing",
            "extra rule lets in every connection, so the rows of the tables restrict no caller",
        ),
        (
            {"to": [addresses("0.0.0.0/0")]},
            "extra rule allows every address on every port, so the rows of the tables restrict nothing",
            "extra rule lets in every address on every port, so the rows of the tables restrict no caller",
        ),
        (
            {"ports": [PORT]},
            "extra rule reaches every pod and every address",
            "extra rule lets in every pod and every address",
        ),
        (
            {"to": [addresses("::/0")], "ports": [PORT]},
            "extra rule reaches every address, including private ones",
            "extra rule lets in every address, including private ones",
        ),
        ({"to": [PEER]}, "extra rule reaches every port of its peers", "extra rule lets in its peers on every port"),
        (
            {"to": [{"namespaceSelector": {}}], "ports": [PORT]},
            "extra rule reaches every pod of every namespace",
            "extra rule lets in every pod of every namespace",
        ),
        (
            {"to": [NAMESPACE], "ports": [PORT]},
            "extra rule reaches every pod of these namespaces",
            "extra rule lets in every pod of these namespaces",
        ),
    ],
)
def test_the_words_are_those_of_the_direction(rule: dict[str, Any], outward: str, inwards: str) -> None:
    ((message, help),) = said(extra(**rule))
    assert message[6:] == outward
    assert said(inward(**turned(rule))) == [(f"{message[:5]} {inwards}", help.replace("under to", "under from"))]


def test_the_addresses_of_the_api_server_are_advised_for_egress_alone() -> None:
    rule = {"to": [{"namespaceSelector": {"matchLabels": {METADATA_NAME: "default"}}}], "ports": [{"port": 443}]}
    ((_, outward),), ((_, inwards),) = said(extra(**rule)), said(inward(**turned(rule)))
    assert "cluster.apiServer" in outward
    assert inwards == "add podSelector to the same item, podSelector: {} for every pod"


def test_name_is_fine_where_the_project_says_so() -> None:
    rule = {"to": [{"namespaceSelector": {"matchLabels": {"name": "a"}}, **PEER}], "ports": [PORT]}
    assert found(rule, namespace_label="name") == []


def test_compiled_rules_are_not_judged_here() -> None:
    assert not list(find_wide_extras(dependency(to=[addresses("0.0.0.0/0")]), METADATA_NAME))
    assert not list(find_wide_extras(caller(**{"from": [addresses("0.0.0.0/0")]}), METADATA_NAME))


def test_split_peer_shows_both_halves() -> None:
    (finding,) = find_wide_extras(extra(to=[NAMESPACE, PEER], ports=[PORT]), METADATA_NAME)
    assert finding.related == ("networkPolicy", "egress", 0, "to", 0)


def test_any_valid_document_can_be_looked_at() -> None:
    found = [it for document in VALID.values() for it in find_wide_extras(document, METADATA_NAME)]
    assert {it.path[:2] for it in found} == {("networkPolicy", "egress"), ("networkPolicy", "ingress")}
