"""The two readers of YAML agree, and whatever is not understood is said."""

import json
import time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from egressc.diagnostics.core import Report
from egressc.model.policy import Port, Protocol
from egressc.source import Source
from egressc.verify.documents.blocks import BlockReader, Unusual
from egressc.verify.documents.braces import read_json
from egressc.verify.documents.full_yaml import UnreadableError, read_fully
from egressc.verify.documents.scalars import plain
from egressc.verify.documents.streams import read_documents
from egressc.verify.manifests.reader import Manifests, read_manifests
from verify.fuzzing import fuzz

POLICY = """
# Source: chart/templates/policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ai
  namespace: "x"
  annotations:
    why: 'because: it must'
spec:
  podSelector:
    matchLabels:
      app: ai
  policyTypes:
  - Egress
  egress:
    # DNS
    - to:
        - namespaceSelector: {}
          podSelector:
            matchLabels:
              k8s-app: kube-dns # not the chart's
        - ipBlock:
            cidr: ::/0
            except:
            - fe80::/10
      ports:
        - port: 53
          protocol: UDP
"""

_LINES = POLICY.split("\n")
_PIECES = [" ", "\n", "-", "- ", ":", ": ", "#", " #", "'", '"', "{}", "[]", "{", "a", "y", "  ", "\n  ", "\n- "]
_PIECES += ["&a ", "*a", "|", "? ", "!x ", "%", "@", "1", "0x1f", "1e3", "null", "~", ",", "--- ", "\t", "\u00e9", "<<"]

_edits = st.lists(st.tuples(st.integers(0, len(POLICY)), st.sampled_from(_PIECES), st.integers(0, 2)), max_size=3)
_some_lines = st.lists(st.sampled_from(_LINES), min_size=1, max_size=6).map(lambda lines: "\n" + "\n".join(lines))
_trees: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99999) | st.text("ab1-:# '\"é{}", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/.1-", min_size=1, max_size=4), inner),
    max_leaves=8,
)


def _agree(text: str) -> None:
    try:
        quick = BlockReader().read(text)
    except Unusual:
        return
    assert repr(quick) == repr(read_fully(text))


@fuzz(400)
@given(st.just(POLICY) | _some_lines, _edits)
def test_block_reader_agrees_with_pyyaml_on_edited_policies(text: str, edits: list[tuple[int, str, int]]) -> None:
    for at, piece, dropped in edits:
        text = text[:at] + piece + text[at + dropped :]
    _agree(text)


@fuzz(400)
@given(st.dictionaries(st.text("ab/.1-", min_size=1, max_size=4), _trees, min_size=1), st.booleans())
def test_block_reader_agrees_with_pyyaml_on_any_tree(tree: dict[str, Any], is_flow: bool) -> None:
    _agree("\n" + yaml.safe_dump(tree, default_flow_style=is_flow, allow_unicode=True))


@fuzz(400)
@given(st.dictionaries(st.text(max_size=4), _trees), st.none() | st.integers(0, 4), st.booleans(), _edits)
def test_json_reader_agrees_with_pyyaml(
    tree: dict[str, Any], indent: int | None, is_ascii: bool, edits: list[tuple[int, str, int]]
) -> None:
    text = json.dumps({**tree, "number": 1e3, "word": 'a\\n"/\u00e9'}, indent=indent, ensure_ascii=is_ascii)
    for at, piece, dropped in edits:
        at %= len(text)
        text = text[:at] + piece + text[at + dropped :]
    try:
        quick = read_json(text)
    except Unusual:
        return
    try:
        fully = read_fully(text)
    except UnreadableError:
        # JSON allows what libyaml refuses, such as a colon on a line of its own; kubectl reads it.
        return
    assert repr(quick) == repr(fully)


def test_json_reader_takes_what_kubectl_prints() -> None:
    assert read_json('{\n    "kind": "List",\n    "items": [{"port": 80, "on": true}]\n}\n') == {
        "kind": "List",
        "items": [{"port": 80, "on": True}],
    }


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"a": NaN}', '{"a": "\\ud800"}', "{a: 1}", '{"a": 1} # b'])
def test_json_reader_leaves_what_it_does_not_know(text: str) -> None:
    with pytest.raises(Unusual):
        read_json(text)


def test_block_reader_takes_what_helm_prints() -> None:
    assert BlockReader().read(POLICY)["spec"]["egress"][0]["to"][1]["ipBlock"]["except"] == ["fe80::/10"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("y", True),
        ("On", True),
        ("no", False),
        ("yEs", "yEs"),
        ("", None),
        ("~", None),
        ("Null", None),
        ("80", 80),
        ("0x50", 80),
        ("0120", 80),
        ("0o120", 80),
        ("1_000", 1000),
        ("8e1", 80),
        ("80.0", 80),
        ("08", 8),
        ("1.5", 1.5),
        ("2024-01-01", "2024-01-01"),
        ("1:30", "1:30"),
        ("1.2.3", "1.2.3"),
        ("-", "-"),
    ],
)
def test_plain_scalars_are_read_as_kubernetes_reads_them(text: str, value: object) -> None:
    assert (plain(text), type(plain(text))) == (value, type(value))


def test_documents_keep_their_place() -> None:
    source = Source("all.yaml", "# only a comment\n---\na: 1\n--- # two\nb: [1, 2]\n...\n---\n")
    documents = list(read_documents(source, BlockReader()))
    assert [(document.span.text, document.value) for document in documents] == [
        ("a: 1", {"a": 1}),
        ("# two\nb: [1, 2]", {"b": [1, 2]}),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\na: 2\n", 'key "a" is given twice'),
        ("a: &x 1\nb: {<<: *x}\n", "merge keys are not read"),
        ("a: !secret 1\n", "tag !secret is not read"),
        ("a: [1\n", "did not find expected ',' or ']'"),
        ("a: " + "[" * 60 + "]" * 60, "nested deeper than 50 levels"),
    ],
)
def test_unreadable_documents_say_why(text: str, problem: str) -> None:
    (document,) = read_documents(Source("bad.yaml", text), BlockReader())
    assert document.problem == problem


def test_aliases_cannot_blow_a_document_up() -> None:
    layers = "\n".join(f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]" for i in range(1, 40))
    (document,) = read_documents(Source("bomb.yaml", f"l0: &l0 [x]\n{layers}\n"), BlockReader())
    assert document.problem == "" or document.value is None


def _read(text: str) -> tuple[Manifests, list[str]]:
    report = Report()
    found = read_manifests([Source("all.yaml", text)], report)
    return found, [f"{d.code.id} {d.message} [{d.primary.span.text}]" for d in report.sorted()]


def _policy(spec: str, name: str = "p") -> str:
    return (
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: {name}, namespace: x}}\nspec: {spec}\n"
    )


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("{podSelector: {}, egres: []}", "spec.egres of policy x/p: is no field that Kubernetes knows here"),
        (
            "{egress: [{to: [{}]}]}",
            "spec.egress[0].to[0] of policy x/p: must have a podSelector, a namespaceSelector or",
        ),
        ("{egress: [{to: {}}]}", "spec.egress[0].to of policy x/p: must be a list"),
        ("{egress: [{ports: [{port: '80'}]}]}", 'spec.egress[0].ports[0].port of policy x/p: "80" is no port name'),
        ("{egress: [{ports: [{port: 0}]}]}", "spec.egress[0].ports[0].port of policy x/p: 0 is no port between"),
        ("{egress: [{ports: [{port: true}]}]}", "spec.egress[0].ports[0].port of policy x/p: true is no port between"),
        ("{egress: [{ports: [{port: 9, endPort: 8}]}]}", "spec.egress[0].ports[0].endPort of policy x/p: 8 is no port"),
        ("{egress: [{ports: [{port: a, endPort: 8}]}]}", "endPort of policy x/p: needs a port number to start from"),
        ("{egress: [{ports: [{protocol: tcp}]}]}", 'protocol of policy x/p: "tcp" is not TCP, UDP or SCTP'),
        ("{egress: [{to: [{ipBlock: {cidr: 10.0.0.0}}]}]}", 'cidr of policy x/p: "10.0.0.0" is no address range'),
        (
            "{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/8]}}]}]}",
            'except[0] of policy x/p: "11.0.0.0/8" must lie inside "10.0.0.0/8" and be smaller',
        ),
        (
            "{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}]}",
            'except[0] of policy x/p: "10.0.0.0/8" must lie inside "10.0.0.0/8" and be smaller',
        ),
        ("{egress: [{to: [{ipBlock: {cidr: 1.0.0.0/8}, podSelector: {}}]}]}", "has an ipBlock beside a selector"),
        ("{podSelector: {matchLabels: {app: y}}}", "matchLabels[app] of policy x/p: true is no label value"),
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
    assert messages == ["EG614 policy x/p is given twice, and the last one counts [p]"]


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
        "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a}\n---\n"
        "apiVersion: extensions/v1beta1\nkind: NetworkPolicy\nmetadata: {name: a}\n---\n"
        "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: a}\n---\n"
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n- a\n---\nkind: Pod\n"
    )
    assert messages == [
        "EG612 cilium.io/v2 CiliumNetworkPolicy may allow or deny flows and is not read [CiliumNetworkPolicy]",
        "EG612 extensions/v1beta1 NetworkPolicy may allow or deny flows and is not read [NetworkPolicy]",
        "EG613 example.org/v1 Widget is a kind that is not read [Widget]",
        "EG615 this document is no mapping [- a]",
        "EG615 this document has no apiVersion [kind: Pod]",
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
    assert messages == ["EG610 this document cannot be read: did not find expected ',' or ']' [a: [1]"]


def test_a_workload_that_cannot_be_read_whole_is_named() -> None:
    _, messages = _read("apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {app: yes}}\nspec: {containers: 5}\n")
    assert messages == [
        "EG616 metadata.labels[app] of Pod default/a: true is no label value [yes]",
        "EG616 spec.containers of Pod default/a: must be a list [5]",
    ]


def test_a_service_that_cannot_be_read_whole_is_named() -> None:
    found, messages = _read(
        "apiVersion: v1\nkind: Service\nmetadata: {name: a, namespace: x}\n"
        "spec: {selector: {app: a}, ports: [{port: http}, {port: 80, targetPort: web, protocol: UDP}]}\n"
    )
    (service,) = found.services
    assert [(port.service, port.pod) for port in service.ports] == [(80, Port(Protocol.UDP, "web"))]
    assert messages == ['EG616 spec.ports[0] of Service x/a: "http" to "http" is no port of a Service [{port: http}]']


@pytest.mark.parametrize(
    "text",
    [
        "a: x" + " " * 200_000 + "y\n",
        "a" + " " * 200_000 + "x\n",
        "a:" + " " * 200_000 + "#" * 200_000 + "\n",
        "a: " + "x: " * 100_000 + "\n",
        "a: '" + "# " * 100_000 + "\n",
        " \n" * 200_000 + "\t",
        "- " * 5_000,
        "---\n" * 50_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_hostile_text_takes_bounded_time(text: str) -> None:
    started = time.process_time()
    list(read_documents(Source("hostile.yaml", text), BlockReader()))
    assert time.process_time() - started < 5
