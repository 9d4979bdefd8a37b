"""The verdict on policies that limit ingress: both halves of a row, at either end, alone and beside others."""

import yaml

from egressc.diagnostics.core import Diagnostic, Report
from egressc.model.flows import Approximation, Direction, Pod
from egressc.source import Source, Span
from egressc.verify.comparison.absences import report_absences
from egressc.verify.comparison.proof import Proof, prove
from egressc.verify.intent.extras import WrittenRule
from egressc.verify.intent.table import intend
from egressc.verify.manifests.reader import read_manifests
from support.compiled import compile_text, services
from support.tables import each

# front limits both sides, back ingress alone, job egress alone; each in a namespace of its own name.
CATALOG = """
defaults: {selector: {app: "{id}"}}
destinations:
  front: {namespace: front, directions: both}
  back: {namespace: back, directions: ingress}
  job: {namespace: job, directions: egress}
  Prometheus: {namespace: monitoring, selector: {app: prometheus}, policy: none}
  Office: {addresses: [192.0.2.0/24], policy: none}
"""
ROWS = (
    "front | back | 8080 | yes",
    "job | back | 8080 | yes",
    "job | front | 8443 | yes",
    "Office | front | 8443 | yes",
    "Prometheus | back | 9100 | yes",
    "Prometheus | front | 9101 | no",
)
TABLE = services("front | None", "back | None", "job | None", header="Service | Calls")
TABLE += services(*ROWS, header="From | To | Port | Allowed")
DNS = (
    "{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, "
    "podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{port: 53, protocol: UDP}, {port: 53}]}"
)


def rule(key: str, app: str, port: int | str, *, home: str = "") -> str:
    return (
        f"{{{key}: [{{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {home or app}}}}}, "
        f"podSelector: {{matchLabels: {{app: {app}}}}}}}], ports: [{{port: {port}}}]}}"
    )


def to(app: str, port: int | str, home: str = "") -> str:
    return rule("to", app, port, home=home)


def of(app: str, port: int | str, home: str = "") -> str:
    return rule("from", app, port, home=home)


OFFICE = "{from: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 8443}]}"
PROMETHEUS = of("prometheus", 9100, "monitoring")


def policy(
    name: str,
    *,
    egress: tuple[str, ...] | None = None,
    ingress: tuple[str, ...] | None = None,
    namespace: str = "",
    pods: str = "",
) -> str:
    sides = {"Egress": egress, "Ingress": ingress}
    types = ", ".join(side for side, rules in sides.items() if rules is not None)
    rules = "".join(f"  {side.lower()}: [{', '.join(rules)}]\n" for side, rules in sides.items() if rules is not None)
    return (
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: {name}, namespace: {namespace or name}}}\n"
        f"spec:\n  podSelector: {pods or f'{{matchLabels: {{app: {name}}}}}'}\n  policyTypes: [{types}]\n{rules}"
    )


FRONT_IN, FRONT_OUT = (of("job", 8443), OFFICE), (DNS, to("back", 8080))
BACK_IN = (of("front", 8080), of("job", 8080), PROMETHEUS)
JOB_OUT = (DNS, to("back", 8080), to("front", 8443))
FRONT = policy("front", egress=FRONT_OUT, ingress=FRONT_IN)
BACK = policy("back", ingress=BACK_IN)
JOB = policy("job", egress=JOB_OUT)
WHOLE = FRONT + BACK + JOB


def judge(
    text: str, *extras: tuple[str, Direction, str], beside_others: bool = False
) -> tuple[Proof | None, list[Diagnostic]]:
    """`extras`: rules of services by id, rendered already."""
    policies, compiled = compile_text(TABLE, CATALOG)
    assert policies is not None, compiled.sorted()
    report = Report()
    written: dict[str, list[WrittenRule]] = {}
    for service, direction, value in extras:
        span = Span(Source(f"values/{service}.yaml", value), 0, len(value))
        written.setdefault(service, []).append(WrittenRule(direction, yaml.safe_load(value), span))
    read = read_manifests([Source("m.yaml", text)], report)
    place = Span(Source("m.yaml", ""), 0, 0)
    return prove(policies, read, written, report, place=place, beside_others=beside_others), report.sorted()


def said(text: str, *, beside_others: bool = False) -> list[str]:
    return sorted(
        f"{it.code.id} {it.service} {it.destination}".strip() for it in judge(text, beside_others=beside_others)[1]
    )


def test_services_of_any_directions_are_proven_side_by_side() -> None:
    for beside_others in (False, True):
        proof, found = judge(WHOLE, beside_others=beside_others)
        assert found == []
        assert proof == Proof(
            services=3, namespaces=0, policies=3, over=0, under=0, extras=0, approximate={}, denials=1
        )


@each(
    ("text", "expected"),
    [
        # A rule that no row asks for.
        (FRONT + policy("back", ingress=(*BACK_IN, of("other", 1))) + JOB, ["EG620 back"]),
        (FRONT + policy("back", ingress=(*BACK_IN, "{}")) + JOB, ["EG620 back", "EG620 back"]),
        (FRONT + policy("back", ingress=(*BACK_IN, of("prometheus", 8080, "monitoring"))) + JOB, ["EG620 back"]),
        # What its caller still cannot reach, because that has no such rule.
        (FRONT + policy("back", ingress=(*BACK_IN, of("job", 8081))) + JOB, []),
        (policy("front", egress=FRONT_OUT, ingress=(*FRONT_IN, PROMETHEUS)) + BACK + JOB, ["EG620 front"]),
        # An outsider loses its half: nothing else would tell.
        (FRONT + policy("back", ingress=BACK_IN[:2]) + JOB, ["EG621 back prometheus"]),
        (policy("front", egress=FRONT_OUT, ingress=FRONT_IN[:1]) + BACK + JOB, ["EG621 front office"]),
        # One half of a row between services is gone: the row is named once, whichever half it is.
        (FRONT + policy("back", ingress=BACK_IN[1:]) + JOB, ["EG621 back front"]),
        (policy("front", egress=FRONT_OUT[:1], ingress=FRONT_IN) + BACK + JOB, ["EG621 front back"]),
        (policy("front", egress=FRONT_OUT[:1], ingress=FRONT_IN) + policy("back", ingress=BACK_IN[1:]) + JOB, [
            "EG621 back front", "EG621 front back",
        ]),
        # Isolation that is missing in a direction, and isolation that nobody asked for.
        (FRONT + JOB, ["EG622 back"]),
        (policy("front", egress=FRONT_OUT) + BACK + JOB, ["EG622 front"]),
        (policy("front", ingress=FRONT_IN) + BACK + JOB, ["EG622 front"]),
        # What a row denies.
        (policy("front", egress=FRONT_OUT, ingress=(*FRONT_IN, of("prometheus", 9101, "monitoring"))) + BACK + JOB, [
            "EG624 front prometheus",
        ]),
        (policy("front", egress=FRONT_OUT, ingress=("{}",)) + BACK + JOB, ["EG624 front prometheus"]),
    ],
)  # fmt: skip
def test_each_difference_in_ingress_has_its_code(text: str, expected: list[str]) -> None:
    assert said(text) == expected
    assert said(text, beside_others=True) == expected


def test_isolation_that_nobody_asked_for_is_reported_of_ours() -> None:
    """Beside others it may be theirs, and no flow that ours limit is denied by it."""
    text = FRONT + policy("back", ingress=BACK_IN, egress=()) + JOB
    assert said(text) == ["EG623 back"]
    assert said(text, beside_others=True) == ["EG632 back"]


CLOSED = policy("closed", ingress=(), namespace="back", pods="{}")
NARROW = policy("narrow", ingress=(of("front", 8080),), namespace="back", pods="{}")


def test_policies_of_others_add_up_with_ours() -> None:
    """What ours let in stays open; what others let in as well is theirs to answer for."""
    assert said(WHOLE + CLOSED, beside_others=True) == []
    assert said(WHOLE + NARROW, beside_others=True) == []
    opening = policy("foreign", ingress=(of("stranger", 8080),), namespace="back", pods="{matchLabels: {app: back}}")
    (found,) = judge(WHOLE + opening, beside_others=True)[1]
    assert (found.code.id, found.service) == ("EG620", "back")
    assert found.primary.text == "ingress[0] of policy back/foreign allows it"
    # A policy of others for pods of others, and one for a direction that ours leave alone.
    elsewhere = policy("foreign", ingress=(of("stranger", 8080),), namespace="back", pods="{matchLabels: {app: other}}")
    assert said(WHOLE + elsewhere, beside_others=True) == []
    assert said(WHOLE + policy("foreign", ingress=("{}",), namespace="job", pods="{}"), beside_others=True) == [
        "EG632 job"
    ]


def test_ingress_of_others_is_named_only_where_it_is_not_ours() -> None:
    others = "".join(
        policy(f"guard-{name}", ingress=("{}",), namespace=name, pods=f"{{matchLabels: {{app: {name}}}}}")
        for name in ("front", "back", "job")
    )
    assert said(WHOLE + others, beside_others=True) == [
        "EG620 back", "EG620 back", "EG624 front prometheus", "EG632 job",
    ]  # fmt: skip


def test_one_end_open_and_the_other_shut_by_others() -> None:
    """A policy of others closes the egress of a caller whose policy limits ingress alone, or of one without any."""
    shut = policy("shut", egress=(), namespace="monitoring", pods="{}")
    (found,) = judge(WHOLE + shut, beside_others=True)[1]
    assert (found.code.id, found.service, found.destination) == ("EG621", "back", "prometheus")
    assert "egress" in found.message + found.help
    assert [label.text for label in found.related] == ["isolates the pod in egress, and does not allow it"]
    assert found.primary.span.text == "back"
    guarded = policy("db", ingress=(), namespace="job", pods="{}")
    assert said(WHOLE + guarded, beside_others=True) == ["EG632 job"]
    guarded = policy("db", egress=(), namespace="back", pods="{}")
    assert said(WHOLE + guarded, beside_others=True) == ["EG632 back"]


def test_an_over_permission_of_ingress_points_at_the_rule_and_at_the_nearest_row() -> None:
    text = FRONT + policy("back", ingress=(*BACK_IN, of("job", 8081))) + JOB.replace("8080", "8080, endPort: 8081")
    found = judge(text)[1]
    assert {it.code.id for it in found} == {"EG620"}
    ingress = next(it for it in found if it.service == "back")
    assert ingress.primary.text == "ingress[3] of policy back/back allows it"
    assert [(label.text, label.span.text) for label in ingress.related] == [("asks for 8080/TCP", "back")]


@each(
    ("service", "value", "expected"),
    [
        ("back", of("stranger", 1), ["EG630 back"]),
        ("back", of("front", 8080), ["EG631 back"]),
        ("front", "{from: [{ipBlock: {cidr: 192.0.2.7/32}}], ports: [{port: 8443}]}", ["EG631 front"]),
        ("front", "{from: [{ipBlock: {cidr: 198.51.100.7/32}}], ports: [{port: 8443}]}", ["EG630 front"]),
        ("front", of("prometheus", 9101, "monitoring"), ["EG624 front prometheus", "EG630 front"]),
    ],
)
def test_extra_rules_of_ingress(service: str, value: str, expected: list[str]) -> None:
    rendered = {
        "front": policy("front", egress=FRONT_OUT, ingress=(*FRONT_IN, value)) + BACK + JOB,
        "back": FRONT + policy("back", ingress=(*BACK_IN, value)) + JOB,
    }[service]
    proof, found = judge(rendered, (service, Direction.INGRESS, value))
    assert sorted(f"{it.code.id} {it.service} {it.destination}".strip() for it in found) == expected
    assert {it.primary.span.source.name for it in found} == {f"values/{service}.yaml"}
    assert proof is not None
    assert proof.holds is not any("EG624" in it for it in expected)
    # Not rendered, and rendered on the other side.
    if "EG630" in expected[0]:
        codes = [it.code.id for it in judge(WHOLE, (service, Direction.INGRESS, value))[1]]
        assert sorted(codes) == ["EG621", "EG630"]


def test_denials_in_ingress_are_counted_where_the_policy_is_there() -> None:
    for text, count in ((WHOLE, 1), (policy("front", egress=FRONT_OUT) + BACK + JOB, 0)):
        proof, _ = judge(text)
        assert proof is not None
        assert proof.denials == count


BEFORE_CATALOG = """
defaults: {selector: {app: "{id}"}}
destinations:
  front: {namespace: front}
  back: {namespace: back, ports: [{port: 8080, servicePort: 80}]}
  Prometheus: {namespace: monitoring, selector: {app: prometheus}, policy: none}
"""
BEFORE_ROWS = services("front | back", "back | None", header="Service | Calls")
BEFORE_ROWS += services("Prometheus | back | 80 | no", header="From | To | Port | Allowed")


@each(
    ("sent", "admitted", "expected"),
    [
        ((to("back", 80),), (of("front", 8080),), []),
        ((), (of("front", 8080),), ["EG621 front back"]),
        ((to("back", 80),), (), ["EG621 back front"]),
        ((to("back", 80), to("back", 8080)), (of("front", 8080),), ["EG620 front"]),
        ((to("back", 80),), (of("front", 8080), of("front", 80)), ["EG620 back"]),
        # The row says the port of the Service, and denies that of the pods behind it.
        ((to("back", 80),), (of("front", 8080), of("prometheus", 8080, "monitoring")), ["EG624 back prometheus"]),
    ],
)
def test_before_translation_each_end_is_proven_by_itself(
    sent: tuple[str, ...], admitted: tuple[str, ...], expected: list[str]
) -> None:
    project = "directions: both\ncluster: {serviceTranslation: before}"
    policies, compiled = compile_text(BEFORE_ROWS, BEFORE_CATALOG, project)
    assert policies is not None, compiled.sorted()
    text = policy("front", egress=(DNS, *sent), ingress=()) + policy("back", egress=(DNS,), ingress=admitted)
    for beside_others in (False, True):
        report = Report()
        read, place = read_manifests([Source("m.yaml", text)], report), Span(Source("m.yaml", ""), 0, 0)
        prove(policies, read, {}, report, place=place, beside_others=beside_others)
        assert [f"{it.code.id} {it.service} {it.destination}".strip() for it in report.sorted()] == expected


def _pod(app: str, namespace: str = "") -> str:
    metadata = f"{{name: {app}, namespace: {namespace or app}, labels: {{app: {app}}}}}"
    return f"---\napiVersion: v1\nkind: Pod\nmetadata: {metadata}\nspec: {{hostNetwork: true}}\n"


@each(
    ("pod", "service", "rules"),
    [
        # Its own rules, both sides, and those at the other end.
        (_pod("front"), "front", 6),
        (_pod("back"), "back", 5),
        (_pod("prometheus", "monitoring"), "back", 1),
        (_pod("prometheus", "elsewhere"), "", 0),
    ],
)
def test_callers_on_the_host_network_are_named_and_counted(pod: str, service: str, rules: int) -> None:
    proof, found = judge(WHOLE + pod)
    assert [it.service for it in found if it.code.id == "EG633"] == [service] * bool(service)
    assert proof is not None
    assert proof.approximate.get(Approximation.HOST_NETWORK, 0) == rules


@each(
    ("namespaces", "pods", "expected"),
    [
        (("front", "back", "job", "monitoring", "kube-system"), None, []),
        (("front", "back", "job", "kube-system"), None, ["EG651 back: there is no namespace \"monitoring\""]),
        (("front", "back", "job", "monitoring"), ("front", "back", "job"), [
            "EG651 back: there are no pods app=prometheus",
        ]),
    ],
)  # fmt: skip
def test_callers_that_a_cluster_does_not_have(
    namespaces: tuple[str, ...], pods: tuple[str, ...] | None, expected: list[str]
) -> None:
    policies, compiled = compile_text(TABLE, CATALOG, "cluster: {dns: {profile: none}}")
    assert policies is not None, compiled.sorted()
    report = Report()
    there = None if pods is None else [Pod(it, {"app": it}) for it in pods]
    report_absences(intend(policies), {it: {} for it in namespaces}, there, report)
    found = [f"{it.code.id} {it.service}: {it.message}" for it in report.sorted()]
    assert len(found) == len(expected)
    for line, start in zip(found, expected, strict=True):
        code, words = start.split(": ")
        assert line.startswith(code)
        assert words in line
