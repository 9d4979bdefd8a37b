"""Metadata and fields of a policy: what a server refuses is refused, what a cluster adds is let be."""

import json
from typing import Any

from egressc.diagnostics.core import Report
from egressc.source import Source
from egressc.verify.manifests.reader import read_manifests
from support.tables import each


def _read(**changes: Any) -> list[str]:
    policy = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "p", "namespace": "x"},
        "spec": {"podSelector": {}, "policyTypes": ["Egress"]},
        **changes,
    }
    report = Report()
    found = read_manifests([Source("p.json", json.dumps(policy))], report)
    assert bool(found.policies) is not report.has_errors
    return [f"{it.code.id} {it.message}" for it in report.sorted()]


def _named(**metadata: Any) -> list[str]:
    return _read(metadata={"name": "p", "namespace": "x", **metadata})


@each(
    ("metadata", "message"),
    [
        ({"name": "Orders_Egress"}, 'metadata.name of policy x/Orders_Egress: "Orders_Egress" may hold only a-z'),
        ({"name": "a" * 254}, "has 254 characters, 253 are allowed"),
        ({"name": True}, "metadata.name of policy x/: must be text, not true"),
        ({"namespace": "x.y"}, 'metadata.namespace of policy x.y/p: "x.y" may hold only a-z, 0-9 and -'),
        ({"namespace": 7}, "metadata.namespace of policy default/p: must be text, not 7"),
        ({"labels": {"a b": "c"}}, 'metadata.labels of policy x/p: "a b" is no label key'),
        ({"labels": {"a": "b c"}}, 'metadata.labels[a] of policy x/p: "b c" is no label value'),
        ({"labels": {"a": 1}}, "metadata.labels[a] of policy x/p: 1 is no label value"),
        ({"annotations": {"a/b/c": ""}}, 'metadata.annotations of policy x/p: the key "a/b/c" has the prefix'),
        ({"annotations": {"a": 1}}, "metadata.annotations[a] of policy x/p: must be text, not 1"),
        ({"annotations": {"a": "b" * 262144}}, "metadata.annotations of policy x/p: have 262145 bytes"),
        ({"label": {}}, "metadata.label of policy x/p: is no field that Kubernetes knows here"),
    ],
)
def test_metadata_that_the_api_server_refuses_is_an_error(metadata: dict[str, Any], message: str) -> None:
    (found,) = _named(**metadata)
    assert found.startswith("EG611 ")
    assert message in found


def test_a_policy_without_a_name_is_no_object() -> None:
    assert _read(metadata={"namespace": "x"}) == ["EG615 this document is a NetworkPolicy without a name"]
    assert _named(name=None) == _named(name="") == _read(metadata={"namespace": "x"})


def test_a_field_beside_the_spec_is_an_error() -> None:
    assert _read(egress=[{}]) == ["EG611 egress of policy x/p: is no field that Kubernetes knows here"]


def test_what_a_cluster_adds_is_let_be() -> None:
    assert not _read(
        status={},
        metadata={
            "name": "p.with.dots",
            "namespace": "x",
            "labels": {"app.kubernetes.io/name": "p", "empty": "", "null": None},
            "annotations": {"Example.COM/Note": "ä", "kubectl.kubernetes.io/last-applied-configuration": "{}"},
            "creationTimestamp": None,
            "deletionGracePeriodSeconds": 0,
            "deletionTimestamp": "2026-01-01T00:00:00Z",
            "finalizers": ["a/b"],
            "generation": 1,
            "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:spec": {}}}],
            "ownerReferences": [{"kind": "Thing"}],
            "resourceVersion": "1",
            "selfLink": "/apis",
            "uid": "0",
        },
    )
