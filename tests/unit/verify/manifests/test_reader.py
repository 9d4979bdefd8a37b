"""Manifests into policies, pods and Services; whatever is not understood is said."""

from egressc.diagnostics.core import Report
from egressc.model.policy import Port, Protocol
from egressc.source import Source
from egressc.verify.manifests.reader import Manifests, read_manifests
from support.tables import each


def _read(text: str) -> tuple[Manifests, list[str]]:
    report = Report()
    found = read_manifests([Source("all.yaml", text)], report)
    return found, [f"{d.code.id} {d.message} [{d.primary.span.text}]" for d in report.sorted()]


def _policy(spec: str, name: str = "p") -> str:
    return (
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: {name}, namespace: x}}\nspec: {spec}\n"
    )


@each(
    ("spec", "message"),
    [
        ("{podSelector: {}, egres: []}", "spec.egres of policy x/p: is an unknown field"),
        (
            "{egress: [{to: [{}]}]}",
            "spec.egress[0].to[0] of policy x/p: must have a podSelector, a namespaceSelector or",
        ),
        ("{egress: [{to: {}}]}", "spec.egress[0].to of policy x/p: must be a list"),
        ("{egress: [{ports: [{port: '80'}]}]}", 'spec.egress[0].ports[0].port of policy x/p: "80" is not a port name'),
        ("{egress: [{ports: [{port: 0}]}]}", "spec.egress[0].ports[0].port of policy x/p: 0 is not a port between"),
        (
            "{egress: [{ports: [{port: true}]}]}",
            "spec.egress[0].ports[0].port of policy x/p: true is not a port between",
        ),
        (
            "{egress: [{ports: [{port: 9, endPort: 8}]}]}",
            "spec.egress[0].ports[0].endPort of policy x/p: 8 is not a port",
        ),
        ("{egress: [{ports: [{port: a, endPort: 8}]}]}", "endPort of policy x/p: needs a port number to start from"),
        ("{egress: [{ports: [{protocol: tcp}]}]}", 'protocol of policy x/p: "tcp" is not TCP, UDP or SCTP'),
        ("{egress: [{to: [{ipBlock: {cidr: 10.0.0.0}}]}]}", 'cidr of policy x/p: "10.0.0.0" is not a network'),
        (
            "{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/8]}}]}]}",
            'except[0] of policy x/p: "11.0.0.0/8" must be inside "10.0.0.0/8" and smaller',
        ),
        (
            "{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}]}",
            'except[0] of policy x/p: "10.0.0.0/8" must be inside "10.0.0.0/8" and smaller',
        ),
        ("{egress: [{to: [{ipBlock: {cidr: 1.0.0.0/8}, podSelector: {}}]}]}", "has an ipBlock and a selector"),
        ("{podSelector: {matchLabels: {app: y}}}", "matchLabels[app] of policy x/p: true is not a label value"),
        ("{podSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}}", '"in" is not In, NotIn, Exists'),
        ("{podSelector: {matchExpressions: [{key: a, operator: In}]}}", "values of policy x/p: In needs values"),
        ("{podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}", "Exists needs none"),
        ("{policyTypes: [Egres]}", 'spec.policyTypes[0] of policy x/p: "Egres" is not Ingress or Egress'),
        ("null", "spec of policy x/p: is missing"),
    ],
)
def test_a_policy_that_the_api_server_refuses_is_an_error(spec: str, message: str) -> None:
    found, messages = _read(_policy(spec))
    assert found.policies == ()
    assert any(text.startswith("EG611 ") and message in text for text in messages), messages


def test_one_name_twice_is_one_object_and_the_last_counts() -> None:
    found, messages = _read(_policy("{policyTypes: [Egress]}") + _policy("{policyTypes: [Ingress]}"))
    assert [policy.egress for policy in found.policies] == [None]
    assert [message.split(",")[0] for message in messages] == ["EG614 policy x/p is defined twice"]


def test_lists_are_opened() -> None:
    item = "{metadata: {name: p, namespace: x}, spec: {policyTypes: [Egress]}}"
    found, messages = _read(
        f"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\nitems: [{item}]\n---\n"
        "apiVersion: v1\nkind: List\nitems:\n"
        "- {apiVersion: v1, kind: Namespace, metadata: {name: x, labels: {a: b}}}\n"
    )
    assert [policy.path for policy in found.policies] == ["items[0]."]
    assert found.namespaces == {"x": {"a": "b"}}
    assert messages == []


def test_what_is_not_read_is_said() -> None:
    _, messages = _read(
        "apiVersion: crd.projectcalico.org/v1\nkind: NetworkPolicy\nmetadata: {name: a}\n---\n"
        "apiVersion: extensions/v1beta1\nkind: NetworkPolicy\nmetadata: {name: a}\n---\n"
        "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: a}\n---\n"
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n- a\n---\nkind: Pod\n"
    )
    assert messages == [
        "EG612 crd.projectcalico.org/v1 NetworkPolicy may allow or deny flows but is not read [NetworkPolicy]",
        "EG612 extensions/v1beta1 NetworkPolicy may allow or deny flows but is not read [NetworkPolicy]",
        "EG613 example.org/v1 Widget is an unknown kind and is not read [Widget]",
        "EG615 document is not a mapping [- a]",
        "EG615 document has no apiVersion [kind: Pod]",
    ]


def test_pods_take_the_labels_of_a_namespace_that_comes_later() -> None:
    found, messages = _read(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: x}\nspec:\n  template:\n"
        "    metadata: {labels: {app: web}}\n    spec:\n      hostNetwork: true\n"
        "      initContainers: [{restartPolicy: Always, ports: [{name: proxy, containerPort: 15001}]}, "
        "{ports: [{name: gone, containerPort: 1}]}]\n"
        "      containers: [{ports: [{name: http, containerPort: 80}, {containerPort: 81}]}]\n---\n"
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: x, labels: {env: prod}}\n"
    )
    (pod,) = found.pods
    assert (pod.namespace, pod.labels, pod.namespace_labels) == ("x", {"app": "web"}, {"env": "prod"})
    assert [(name, number) for name, _, number in pod.ports] == [("http", 80), ("proxy", 15001)]
    assert pod.is_on_host_network
    assert messages == []


def test_an_unreadable_document_is_an_error_and_the_others_are_read() -> None:
    found, messages = _read("a: [1\n" + _policy("{policyTypes: [Egress]}"))
    assert [policy.name for policy in found.policies] == ["p"]
    assert messages == ["EG610 document cannot be read: did not find expected ',' or ']' []"]


def test_a_workload_that_cannot_be_read_whole_is_named() -> None:
    _, messages = _read("apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {app: yes}}\nspec: {containers: 5}\n")
    assert messages == [
        "EG616 metadata.labels[app] of Pod default/a: true is not a label value [yes]",
        "EG616 spec.containers of Pod default/a: must be a list [5]",
    ]


def test_a_service_that_cannot_be_read_whole_is_named() -> None:
    found, messages = _read(
        "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: x}\n"
        "spec: {selector: {app: a}, ports: [{port: http}, {port: 80, targetPort: web, protocol: UDP}]}\n"
    )
    (service,) = found.services
    assert [(port.service, port.pod) for port in service.ports] == [(80, Port(Protocol.UDP, "web"))]
    assert messages == [
        'EG616 spec.ports[0] of Service x/a: "http" to "http" is not a port of a Service [{port: http}]'
    ]


def test_objects_without_a_namespace_are_where_their_source_is() -> None:
    texts = {name: f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\n" for name in ("a", "b")}
    sources = [Source(name, text) for name, text in texts.items()]
    found = read_manifests(sources, Report(), default_namespace="rest", homes={"a": "shop"})
    assert [(pod.name, pod.namespace) for pod in found.pods] == [("a", "shop"), ("b", "rest")]


def _namespace(name: str, labels: str) -> str:
    return f"---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n"


@each(
    ("text", "codes"),
    [
        (_namespace("data", "kubernetes.io/metadata.name: data"), []),
        (_namespace("data", "team: x"), []),
        (_namespace("data", "team: x") * 2, []),
        (_namespace("data", "team: x") + _namespace("data", "team: z"), ["EG614"]),
        (_namespace("other", "kubernetes.io/metadata.name: data"), ["EG635"]),
        (_namespace("other", "kubernetes.io/metadata.name: ''"), ["EG635"]),
    ],
)
def test_a_namespace_is_what_the_api_server_would_make_of_it(text: str, codes: list[str]) -> None:
    assert [message.split()[0] for message in _read(text)[1]] == codes


@each(
    ("spec", "place"),
    [
        ("{podSelector: {matchLabel: {}}}", "spec.podSelector.matchLabel"),
        (
            "{podSelector: {matchExpressions: [{key: a, operator: Exists, value: b}]}}",
            "spec.podSelector.matchExpressions[0].value",
        ),
        ("{podSelector: {}, egress: [{too: []}]}", "spec.egress[0].too"),
        ("{podSelector: {}, egress: [{to: [{podSelector: {}, ipblock: {}}]}]}", "spec.egress[0].to[0].ipblock"),
        (
            "{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24, excepts: []}}]}]}",
            "spec.egress[0].to[0].ipBlock.excepts",
        ),
        ("{podSelector: {}, egress: [{ports: [{port: 1, endport: 2}]}]}", "spec.egress[0].ports[0].endport"),
    ],
)
def test_a_field_that_nobody_knows_is_refused_wherever_it_is(spec: str, place: str) -> None:
    _, said = _read(_policy(spec))
    assert [it for it in said if f"{place} of policy x/p: is an unknown field" in it] == said != []
