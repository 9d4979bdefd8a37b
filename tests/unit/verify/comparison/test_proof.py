"""The verdict on manifests: what is reported of them, by what stands beside them."""

import yaml

from egressc.diagnostics.core import Diagnostic, Report
from egressc.model.flows import Approximation, Direction
from egressc.source import Source, Span
from egressc.verify.comparison.proof import Proof, count_approximate, prove
from egressc.verify.intent.extras import ExtraRules, WrittenRule
from egressc.verify.intent.table import intend
from egressc.verify.manifests.reader import read_manifests
from support.compiled import CATALOG, compile_text, services
from support.tables import each

TABLE = services("web | Redis | None", "api | Kafka, web | None") + "\n"
WITH_PORTS = CATALOG + "  web: {ports: [8080]}\n"


def manifest(service: str, *rules: str, types: str = "[Egress]") -> str:
    listed = "".join(f"    - {rule}\n" for rule in rules)
    return (
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: {service}, namespace: apps}}\nspec:\n  podSelector: {{matchLabels: {{app: {service}}}}}\n"
        f"  policyTypes: {types}\n  egress:\n    - {DNS}\n{listed}"
    )


def rule(namespace: str, app: str, port: int, protocol: str = "TCP") -> str:
    return (
        f"{{to: [{{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {namespace}}}}}, "
        f"podSelector: {{matchLabels: {{app: {app}}}}}}}], ports: [{{port: {port}, protocol: {protocol}}}]}}"
    )


DNS = (
    "{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, "
    "podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{port: 53, protocol: UDP}, {port: 53}]}"
)
REDIS, KAFKA, WEB = rule("apps", "redis", 6379), rule("events", "kafka", 9092), rule("apps", "web", 8080)
WHOLE = manifest("web", REDIS) + manifest("api", KAFKA, WEB)


def judge(
    text: str, extras: ExtraRules | None = None, *, beside_others: bool = False
) -> tuple[Proof | None, list[Diagnostic]]:
    policies, compiled = compile_text(TABLE, WITH_PORTS)
    assert policies is not None, compiled.sorted()
    report = Report()
    read = read_manifests([Source("m.yaml", text)], report)
    place = Span(Source("m.yaml", ""), 0, 0)
    return prove(policies, read, extras or {}, report, place=place, beside_others=beside_others), report.sorted()


def codes(text: str, *, beside_others: bool = False) -> list[str]:
    return sorted(f"{it.code.id} {it.service}".strip() for it in judge(text, beside_others=beside_others)[1])


def test_what_is_asked_for_is_proven() -> None:
    proof, found = judge(WHOLE)
    assert found == []
    assert proof == Proof(services=2, namespaces=0, policies=2, over=0, under=0, extras=0, approximate={})


@each(
    ("text", "expected"),
    [
        (manifest("web", REDIS, KAFKA) + manifest("api", KAFKA, WEB), ["EG620 web"]),
        (manifest("web") + manifest("api", KAFKA, WEB), ["EG621 web"]),
        (manifest("web", REDIS), ["EG622 api"]),
        (manifest("web", REDIS) + manifest("api", KAFKA, WEB, types="[Egress, Ingress]"), ["EG623 api"]),
        (manifest("web", REDIS, types="[Egress, Ingress]") + manifest("api", KAFKA, WEB), ["EG623 web"]),
        ("", ["EG617"]),
        (WHOLE + "---\n{]", ["EG610"]),
    ],
)
def test_each_difference_has_its_code(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_a_rule_for_dns_is_reported_where_there_should_be_none() -> None:
    place = Span(Source("m.yaml", ""), 0, 0)
    for profile, text, expected in (
        ("none", manifest("web"), ["EG620"]),
        ("none", manifest("web").replace(f"    - {DNS}\n", "    []\n"), []),
        ("kube-dns", manifest("web").replace(f"    - {DNS}\n", "    []\n"), ["EG621"]),
        ("none", manifest("web").replace(f"  egress:\n    - {DNS}\n", ""), []),
        ("none", manifest("web", types="[Ingress]").replace(f"    - {DNS}\n", "    []\n"), ["EG622", "EG623"]),
    ):
        policies, _ = compile_text(services("web | None | None"), CATALOG + f"  web: {{dns: {{profile: {profile}}}}}\n")
        assert policies is not None
        report = Report()
        read = read_manifests([Source("m.yaml", text)], report)
        prove(policies, read, {}, report, place=place)
        assert sorted(it.code.id for it in report.diagnostics) == expected, (profile, text)


def test_beside_others_only_flows_of_the_table_count() -> None:
    text = WHOLE.replace("policyTypes: [Egress]", "policyTypes: [Egress, Ingress]", 1)
    assert codes(text, beside_others=True) == ["EG621 api", "EG632 web"]
    others = WHOLE + manifest("somebody", REDIS, types="[Egress, Ingress]")
    assert codes(others, beside_others=True) == []
    # Alone, our policies must leave everybody else alone.
    assert codes(others) == ["EG623", "EG623"]


def test_an_over_permission_points_at_the_rule_and_at_the_nearest_row() -> None:
    (found,) = judge(manifest("web", REDIS, rule("apps", "redis", 6380)) + manifest("api", KAFKA, WEB))[1]
    assert found.primary.text == "egress[2] of policy apps/web allows it"
    assert found.primary.span.text.startswith("{to:")
    assert [label.text for label in found.related] == ["asks for 6379/TCP"]
    assert found.related[0].span.text == "Redis"


def test_an_under_permission_points_at_the_row_and_at_the_rule_that_comes_near() -> None:
    (_, under) = sorted(
        judge(manifest("web", rule("apps", "redis", 6380)) + manifest("api", KAFKA, WEB))[1], key=lambda it: it.code.id
    )
    assert under.code.id == "EG621"
    assert under.primary.span.text == "Redis"
    assert [label.text for label in under.related] == ["opens 6380/TCP"]


def test_what_depends_on_the_cluster_is_called_approximate() -> None:
    block = "{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 1}]}"
    (found,) = judge(manifest("web", REDIS, block) + manifest("api", KAFKA, WEB))[1]
    assert "approximate: an ipBlock with private addresses" in found.help


def _pod(app: str, namespace: str = "apps", *, on_host: bool = True) -> str:
    spec = "{hostNetwork: true}" if on_host else "{}"
    metadata = f"{{name: {app}, namespace: {namespace}, labels: {{app: {app}}}}}"
    return f"---\napiVersion: v1\nkind: Pod\nmetadata: {metadata}\nspec: {spec}\n"


@each(
    ("pods", "services", "rules"),
    [
        (_pod("web"), ["web"], 3),  # its DNS and its one row, and the row of api that asks for it
        (_pod("redis"), ["web"], 1),
        (_pod("kafka", "events") + _pod("redis"), ["api", "web"], 2),
        (_pod("redis", on_host=False) + _pod("redis", "elsewhere") + _pod("stranger"), [], 0),
    ],
)
def test_pods_on_the_host_network_are_named_and_counted(pods: str, services: list[str], rules: int) -> None:
    proof, found = judge(WHOLE + pods)
    assert sorted(it.service for it in found if it.code.id == "EG633") == services
    assert {it.primary.span.text for it in found} <= {"true"}
    assert [len(it.related) for it in found] == [1] * len(found)
    assert proof is not None
    assert proof.holds
    assert proof.approximate.get(Approximation.HOST_NETWORK, 0) == rules


def test_addresses_in_place_of_host_names_are_counted() -> None:
    catalog = CATALOG + "  Mail: {hosts: [mail.example.com], addresses: [203.0.113.0/24], ports: [587]}\n"
    policies, _ = compile_text(services("web | Redis, Mail | None") + "\n", catalog)
    assert policies is not None
    assert count_approximate(intend(policies)) == {Approximation.HOST_NAME: 1}


def test_names_that_are_wider_than_the_row_are_counted() -> None:
    hosts = '{hosts: ["*.models.example", api.models.example, "**.store.example"], ports: [443]}'
    catalog = CATALOG + f"  Models: {hosts}\n"
    rows = services("web | Redis, Models | None") + "\n"
    server = "dns: {profile: custom, to: [{ipBlock: {cidr: 203.0.113.53/32}}], ports: [53]}"
    for dialect, wider in (("EKS", {Approximation.LEARNED_NAME: 1, Approximation.WIDER_NAME: 1}), ("GKE", {})):
        policies, _ = compile_text(rows, catalog, f"cluster: {{dialect: {dialect}, {server}}}")
        assert (count_approximate(intend(policies)) if policies else {}) == wider


def test_extra_rules_are_allowed_and_told_apart() -> None:
    source = Source("values/web.yaml", f"{KAFKA}\n{REDIS}\n")
    spans = (Span(source, 0, len(KAFKA)), Span(source, len(KAFKA) + 1, len(source.text) - 1))
    extras = {"web": [WrittenRule(Direction.EGRESS, yaml.safe_load(span.text), span) for span in spans]}
    proof, found = judge(manifest("web", REDIS, KAFKA, REDIS) + manifest("api", KAFKA, WEB), extras)
    assert [(it.code.id, it.primary.span) for it in found] == [("EG630", spans[0]), ("EG631", spans[1])]
    assert "adds to the table: pods app=kafka in events on 9092/TCP" in found[0].message
    assert proof is not None
    assert (proof.holds, proof.extras) == (True, 1)
    _, found = judge(WHOLE, extras)
    assert "EG621" in [it.code.id for it in found], "an extra rule that is not rendered"


def test_extra_rules_that_cannot_be_read_are_told_where_they_are() -> None:
    source = Source("values/web.yaml", "one two")
    values = ({"to": [], "ports": [{"port": 1}]}, {"to": "x"})
    places = Span(source, 0, 3), Span(source, 4, 7)
    extras = {"web": [WrittenRule(Direction.EGRESS, *it) for it in zip(values, places, strict=True)]}
    proof, found = judge(WHOLE, extras)
    assert proof is None
    assert [(it.code.id, it.service, it.primary.span.text) for it in found] == [("EG611", "", "two")]


GUARD = (
    "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: in, namespace: apps}\n"
    "spec:\n  podSelector: {matchLabels: {app: redis}}\n"
    "  ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]\n"
)
NAMESPACE = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: apps, labels: {team: %s}}\n"


def test_labels_of_a_namespace_are_facts_where_its_manifest_is_given() -> None:
    assert codes(WHOLE + GUARD + NAMESPACE % "a", beside_others=True) == []
    (_, (denied,)) = judge(WHOLE + GUARD + NAMESPACE % "b", beside_others=True)
    assert denied.code.id == "EG621"
    assert "supposed" not in denied.help


def test_labels_that_nobody_gave_are_said_to_be_supposed() -> None:
    (_, (found,)) = judge(WHOLE + GUARD, beside_others=True)
    assert found.code.id == "EG621"
    assert "pod app=web in apps (without team) -> pod app=redis in apps (without team)" in found.message
    assert "assumed: namespace apps lacks the label team; to use the real labels" in found.help


def test_a_label_that_cannot_be_read_is_not_known_to_be_absent() -> None:
    (_, found) = judge(WHOLE + GUARD + NAMESPACE % "[a]", beside_others=True)
    assert [it.code.id for it in found] == ["EG616", "EG621"]
    assert "assumed" in found[1].help


def test_a_policy_for_the_same_pods_elsewhere_is_named() -> None:
    (_, found) = judge(WHOLE.replace("{name: api, namespace: apps}", "{name: api, namespace: ops}"), beside_others=True)
    assert [(it.code.id, it.service) for it in found] == [("EG622", "api")]
    assert [label.text for label in found[0].related] == ["selects the same labels, in ops"]
    assert found[0].help == "policy ops/api selects such pods in ops: write its namespace as apps"
    (_, found) = judge(WHOLE.replace("{name: api, namespace: apps}", "{name: api}"), beside_others=True)
    assert "has no namespace and is read as one in default: add the namespace apps" in found[0].help
