"""What rows deny is closed, whatever would open it: a widened rule, an extra rule, a policy of others."""

import pytest
import yaml

from egressc.diagnostics.core import Diagnostic, Report
from egressc.model.flows import Direction
from egressc.source import Source, Span
from egressc.verify.comparison.proof import Proof, prove
from egressc.verify.intent.extras import WrittenRule
from egressc.verify.manifests.reader import read_manifests
from support.compiled import compile_text, services
from support.tables import each

CATALOG = """
defaults: {namespace: apps, selector: {app: "{id}"}}
destinations:
  web: {}
  api: {}
  redis: {ports: [6379]}
  kafka: {ports: [9092], namespace: events}
  partner: {addresses: [203.0.113.0/24], ports: [443]}
"""
TABLE = services(
    "web | redis | 6379 | yes",
    "web | partner | 443 | yes",
    "web | kafka | 9092 | no",
    "web | Internet | | no",
    "api | redis | 6379 | no",
    header="From | To | Port | Allowed",
)
EVERYTHING = TABLE + services("api | any | any | no", header="From | To | Port | Allowed")
KAFKA = (
    "{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: events}}, "
    "podSelector: {matchLabels: {app: kafka}}}], ports: [{port: PORT}]}"
)
REDIS = KAFKA.replace("events", "apps").replace("kafka", "redis")


def block(cidr: str, port: str = "443") -> str:
    return f"{{to: [{{ipBlock: {{cidr: {cidr}}}}}], ports: [{{port: {port}}}]}}"


DNS = (
    KAFKA.replace("events", "kube-system")
    .replace("app: kafka", "k8s-app: kube-dns")
    .replace("{port: PORT}", "{port: 53, protocol: UDP}, {port: 53}")
)


def manifest(name: str, *rules: str, pods: str = "", types: str = "Egress") -> str:
    key = "egress" if types == "Egress" else "ingress"
    return (
        f"---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: apps}}\n"
        f"spec:\n  podSelector: {pods or f'{{matchLabels: {{app: {name}}}}}'}\n  policyTypes: [{types}]\n"
        f"  {key}: [{', '.join(rules)}]\n"
    )


def rule(text: str, port: int | str) -> str:
    return text.replace("PORT", str(port))


WEB = manifest("web", DNS, rule(REDIS, 6379), block("203.0.113.0/24"))
API = manifest("api", DNS)


def judge(
    manifests: str,
    *extras: str,
    table: str = TABLE,
    only: tuple[str, ...] = ("web", "api"),
    beside_others: bool = False,
) -> tuple[Proof, list[Diagnostic]]:
    """`extras`: rules of web, rendered already."""
    policies, compiled = compile_text(table, CATALOG)
    assert policies is not None, compiled.sorted()
    report = Report()
    text = "\n".join(extras)
    source = Source("values/web.yaml", text)
    spans = [Span(source, at := text.index(it), at + len(it)) for it in extras]
    located = {"web": [WrittenRule(Direction.EGRESS, yaml.safe_load(span.text), span) for span in spans]}
    read = read_manifests([Source("m.yaml", manifests)], report)
    place = Span(Source("m.yaml", ""), 0, 0)
    proof = prove(policies.only(only), read, located, report, place=place, beside_others=beside_others)
    assert proof is not None, report.sorted()
    return proof, report.sorted()


def said(found: list[Diagnostic]) -> list[str]:
    """Each finding as its code, its service and the rows it names."""
    return [" ".join([it.code.id, it.service, *(label.span.text for label in it.related)]).strip() for it in found]


def test_denials_that_hold_are_counted() -> None:
    proof, found = judge(WEB + API)
    assert found == []
    assert proof.holds
    assert proof.denials == 3
    assert judge(WEB + API, table=EVERYTHING)[0].denials == 4


@pytest.mark.slow
@each(
    ("opened", "expected", "closed"),
    [
        (rule(KAFKA, 9092), ["EG624 web kafka"], 2),
        (rule(KAFKA, 9093), ["EG620 web web"], 3),
        ("{}", ["EG624 web kafka Internet"], 1),
        (block("0.0.0.0/0"), ["EG624 web Internet"], 2),
        (block("203.0.112.0/23"), ["EG624 web Internet"], 2),
        # More of what the table grants, and addresses inside: nobody said no to these.
        (block("10.0.0.0/8"), ["EG620 web web"], 3),
        (rule(REDIS, 6380), ["EG620 web redis"], 3),
        # One peer that a row asks for, and one that a row denies.
        (rule(REDIS, 6379).replace("to: [", "to: [{ipBlock: {cidr: 198.51.100.0/24}}, "), ["EG624 web Internet"], 2),
        # One finding for a rule, though most of what it opens is not denied.
        ("{to: [{podSelector: {}, namespaceSelector: {}}], ports: [{port: 9092}]}", ["EG624 web kafka"], 2),
    ],
)
@each("beside_others", [False, True])
def test_a_widened_rule_and_a_policy_of_others(
    opened: str, expected: list[str], closed: int, beside_others: bool
) -> None:
    widened = manifest("web", DNS, rule(REDIS, 6379), block("203.0.113.0/24"), opened)
    foreign = manifest("foreign", opened, pods="{matchLabels: {app: web, other: label}}")
    for text in (widened + API, WEB + API + foreign):
        proof, found = judge(text, beside_others=beside_others)
        assert sorted(said(found)) == sorted(expected)
        assert proof.over == len(expected)
        assert not proof.holds
        assert proof.denials == closed


@each(
    ("extra", "expected"),
    [
        (rule(KAFKA, 9092), ["EG624 web kafka", "EG630 web"]),
        (rule(KAFKA, "9000, endPort: 9100"), ["EG624 web kafka", "EG630 web"]),
        (rule(KAFKA, "named"), ["EG624 web kafka", "EG630 web"]),
        (rule(KAFKA, 9093), ["EG630 web"]),
        (rule(KAFKA, "9092, protocol: UDP"), ["EG630 web"]),
        (rule(KAFKA, 9092).replace("events", "apps"), ["EG630 web"]),
        (block("198.51.100.7/32"), ["EG624 web Internet", "EG630 web"]),
        (block("203.0.113.9/32"), ["EG631 web"]),
    ],
)
def test_an_extra_rule_cannot_open_what_a_row_denies(extra: str, expected: list[str]) -> None:
    text = manifest("web", DNS, rule(REDIS, 6379), block("203.0.113.0/24"), extra) + API
    proof, found = judge(text, extra)
    assert said(found) == expected
    assert proof.holds is not any(it.startswith("EG624") for it in expected)
    assert {it.primary.span.source.name for it in found} == {"values/web.yaml"}


def test_a_denial_of_everything_else_forbids_extra_rules_and_no_row() -> None:
    rows = services("web | any | any | no", "web | redis | 6379 | yes", header="From | To | Port | Allowed")
    plain = manifest("web", DNS, rule(REDIS, 6379))
    proof, found = judge(plain, table=rows, only=("web",))
    assert (proof.holds, proof.denials, found) == (True, 1, [])
    extra = rule(KAFKA, 9092)
    proof, found = judge(manifest("web", DNS, rule(REDIS, 6379), extra), extra, table=rows, only=("web",))
    assert said(found) == ["EG624 web any", "EG630 web"]
    assert (proof.holds, proof.denials) == (False, 0)


def test_what_the_destination_refuses_is_not_let_through() -> None:
    foreign = manifest("foreign", rule(REDIS, 6379), pods="{matchLabels: {app: api}}")
    closed = manifest("redis", "{from: [{podSelector: {matchLabels: {app: web}}}]}", types="Ingress")
    assert said(judge(WEB + API + foreign, beside_others=True)[1]) == ["EG624 api redis"]
    assert said(judge(WEB + API + foreign + closed, beside_others=True)[1]) == []
    for all_but in (
        "{from: [{podSelector: {matchLabels: {app: api}}}, {podSelector: {matchLabels: {app: web}}}]}",
        "{}",
    ):
        opened = manifest("redis", all_but, types="Ingress")
        assert said(judge(WEB + API + foreign + opened, beside_others=True)[1]) == ["EG624 api redis"]


def test_a_grant_to_one_service_opens_nothing_to_another_that_shares_its_pods() -> None:
    """Policies of both select a pod with the labels of both, and what one opens is open."""
    table = services("one | redis | 6379 | yes", "two | redis | 6379 | no", header="From | To | Port | Allowed")
    catalog = CATALOG + "  one: {selector: {app: x}}\n  two: {selector: {app: x, tier: front}}\n"
    policies, compiled = compile_text(table, catalog)
    assert policies is not None, compiled.sorted()
    text = manifest("one", DNS, rule(REDIS, 6379), pods="{matchLabels: {app: x}}")
    text += manifest("two", DNS, pods="{matchLabels: {app: x, tier: front}}")
    report = Report()
    read = read_manifests([Source("m.yaml", text)], report)
    prove(policies, read, {}, report, place=Span(Source("m.yaml", ""), 0, 0))
    assert said(report.sorted()) == ["EG624 two redis"]


def test_a_denied_service_without_a_policy_is_reported_and_nothing_of_it_is_proven() -> None:
    proof, found = judge(WEB)
    assert said(found) == ["EG622 api"]
    assert proof.denials == 2


def test_denials_go_with_their_services() -> None:
    policies, _ = compile_text(TABLE, CATALOG)
    assert policies is not None
    assert [it.service for it in policies.denials] == ["api", "web", "web"]
    assert [it.service for it in policies.only(("api",)).denials] == ["api"]
    assert [it.service for it in policies.only(("web",)).denials] == ["web", "web"]


def test_a_proof_of_some_services_is_about_their_denials_alone() -> None:
    foreign = manifest("foreign", rule(REDIS, 6379), pods="{}")
    proof, found = judge(WEB + API + foreign, only=("web",), beside_others=True)
    assert (proof.denials, found) == (2, [])
    assert said(judge(WEB + API + foreign, only=("api",), beside_others=True)[1]) == ["EG624 api redis"]


def test_one_rule_for_many_services_is_one_finding() -> None:
    foreign = manifest("foreign", "{}", pods="{}")
    proof, found = judge(WEB + API + foreign, beside_others=True)
    assert said([it for it in found if it.code.id == "EG624"]) == ["EG624 api kafka Internet redis"]
    assert proof.denials == 0


def test_labels_of_known_namespaces_decide() -> None:
    extra = KAFKA.replace("kubernetes.io/metadata.name: events", "team: streams").replace("PORT", "9092")
    namespace = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: events, labels: {team: TEAM}}\n"
    text = manifest("web", DNS, rule(REDIS, 6379), block("203.0.113.0/24"), extra) + API
    assert said(judge(text + namespace.replace("TEAM", "streams"), extra)[1]) == ["EG624 web kafka", "EG630 web"]
    assert said(judge(text + namespace.replace("TEAM", "others"), extra)[1]) == ["EG630 web"]
    found = judge(text, extra)[1]
    assert "assumed: namespace events has the label team=streams" in found[0].help


def test_each_policy_that_opens_a_denied_flow_is_told_of() -> None:
    """The same rule in two policies, one of which opens nothing that is denied."""
    same = rule(REDIS, 6379)
    text = WEB + manifest("api", DNS, same) + manifest("more", same, pods="{matchLabels: {app: api}}")
    found = judge(text, beside_others=True)[1]
    assert said(found) == ["EG624 api redis", "EG624 api redis"]
    assert [it.primary.text for it in found] == [
        "egress[1] of policy apps/api allows it",
        "egress[0] of policy apps/more allows it",
    ]


@each("count", [9, 10, 12])
def test_a_finding_names_ten_rows_at_most(count: int) -> None:
    rows = [f"web | kafka | {port} | no" for port in range(9000, 9000 + count)]
    table = services("web | redis | 6379 | yes", *rows, header="From | To | Port | Allowed")
    opened = manifest("web", DNS, rule(REDIS, 6379), KAFKA.replace("{port: PORT}", "{protocol: TCP}"))
    _, found = judge(opened, table=table, only=("web",))
    (finding,) = (it for it in found if it.code.id == "EG624")
    assert len(finding.related) == min(count, 10)
