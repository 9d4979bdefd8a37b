"""`guardrails` of the project file, and the policies that enforce them: each wrong value is refused at its place."""

from egressc.diagnostics.core import Report
from egressc.lower.project import lower_project
from egressc.model.guardrails import GuardrailPolicies
from egressc.model.policy import Direction, Selector
from egressc.source import Source
from support.tables import each

ENFORCED = "cluster: {guardrails: {apiVersion: policy.networking.k8s.io/v1alpha2, "


def lowered(text: str) -> tuple[object, list[str]]:
    report = Report()
    project = lower_project(Source("egressc.yaml", text), report)
    return project, [f"{it.code.id} {it.message}" for it in report.sorted()]


@each(
    ("text", "message"),
    [
        ("guardrails: {a_b: {denyTo: [Web]}}", 'of "a_b": the key'),
        (f"guardrails: {{{'a' * 41}: {{denyTo: [Web]}}}}", "the key has more than 40 characters"),
        ("guardrails: {a: {}}", "denies nothing"),
        ("guardrails: {a: {denyTo: [Web], exceptFrom: [Web]}}", "needs denyFrom"),
        ("guardrails: {a: {denyFrom: [Web], exceptTo: [Web]}}", "needs denyTo"),
        ('guardrails: {a: {denyTo: [Web], purpose: "a\\nb"}}', "contains a line break or control character"),
        ("guardrails: {a: {denyTo: [Web], pods: {a b: c}}}", 'has the key "a b"'),
        ("guardrails: {a: {denyTo: [Web], namespaces: {a: b c}}}", 'value "b c" of "a"'),
        ("cluster: {guardrails: {apiVersion: v1}}", 'value "v1" of "apiVersion" is not a supported apiVersion'),
        (ENFORCED + "namespace: A}}", 'value "A" of "namespace"'),
        (ENFORCED + "priority: 0x10}}", "is not a plain number"),
        (ENFORCED + "priority: 1000}}\nguardrails: {a: {denyTo: [Web]}, b: {denyTo: [Web]}}", "leaves no room for 2"),
        (
            "cluster: {guardrails: {apiVersion: policy.networking.k8s.io/v1alpha1, priority: 100}}",
            "leaves no room for 0 guardrails up to 99",
        ),
        (
            "guardrails: {a: {denyTo: [Web], pods: {matchExpressions: [{key: a, operator: In, values: [b]}, "
            "{key: a, operator: NotIn, values: [b]}]}}}",
            "selects nothing",
        ),
        ("cluster: {namespaces: {shop: {labels: {a: b c}}}}", 'value "b c" of "a"'),
    ],
)
def test_a_wrong_value_is_refused(text: str, message: str) -> None:
    _, found = lowered(text + "\n")
    assert len(found) == 1, found
    assert found[0].startswith("EG232")
    assert message in found[0]


def test_an_unknown_key_is_refused() -> None:
    _, found = lowered("guardrails: {a: {deny: [Web]}}\n")
    assert [it[:5] for it in found] == ["EG230"]


def test_what_a_guardrail_says() -> None:
    report = Report()
    text = """
        guardrails:
          metadata:
            purpose: No credentials
            namespaces: {matchExpressions: [{key: team, operator: Exists}]}
            pods: {app: web}
            denyTo: [node metadata, {name: Web, ports: [80]}]
            exceptTo: [{name: Web, ports: any}]
        cluster:
          guardrails: {apiVersion: networking.k8s.aws/v1alpha1, priority: 7}
          namespaces: {shop: {labels: {team: a}}, bare: {labels: {}}, unsaid: {}}
    """
    project = lower_project(Source("egressc.yaml", text), report)
    assert report.diagnostics == []
    (found,) = project.guardrails
    assert (found.key, found.purpose, found.pods) == ("metadata", "No credentials", Selector((("app", "web"),)))
    assert [it.ref.name for it in found.denied[Direction.EGRESS]] == ["node metadata", "Web"]
    assert [len(it.ports) for it in found.denied[Direction.EGRESS]] == [0, 1]
    assert [it.ref.name for it in found.excepted[Direction.EGRESS]] == ["Web"]
    assert found.denied[Direction.INGRESS] == ()
    policies = project.cluster.guardrails
    assert isinstance(policies, GuardrailPolicies)
    assert (policies.kind, policies.namespace, policies.priority) == (
        "ClusterNetworkPolicy.networking.k8s.aws",
        "kube-system",
        7,
    )
    assert project.cluster.namespace_labels == {"shop": {"team": "a"}, "bare": {}}


def test_a_label_of_ones_own_for_names_need_not_be_repeated() -> None:
    report = Report()
    text = "cluster: {namespaceLabel: name, namespaces: {shop: {labels: {team: a}}, lab: {labels: {name: other}}}}\n"
    project = lower_project(Source("egressc.yaml", text), report)
    assert project.cluster.namespace_labels == {"shop": {"name": "shop", "team": "a"}, "lab": {"name": "other"}}
