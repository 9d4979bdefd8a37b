"""What is read of a cluster, with many rights and with few."""

import pytest

from egressc.cluster.live import read_live
from egressc.cluster.objects import ObjectKind
from egressc.model.flows import object_key
from support.recorded_cluster import RecordedCluster, namespace, pod

_POLICY = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "web", "namespace": "shop", "uid": "1", "managedFields": [{"manager": "helm"}]},
    "spec": {"podSelector": {}, "policyTypes": ["Egress"], "surprise": True},
    "status": {},
}
_OWNER = {"controller": True, "kind": "ReplicaSet", "name": "web-5d8f"}
_POD = pod("shop", "web-5d8f-x", {"app": "web", "pod-template-hash": "5d8f"}, ownerReferences=[_OWNER])
_OBJECTS = (
    namespace("shop"),
    namespace("data"),
    _POLICY,
    _POD,
    {**pod("shop", "job-1", {}), "status": {"phase": "Failed"}},
)


def test_a_policy_keeps_every_field_of_its_spec() -> None:
    live = read_live(RecordedCluster(_OBJECTS), ["shop"], ["data"], ObjectKind.SECRETS, object_key)
    text = live.policies["shop", "web"].text
    assert "surprise: true" in text
    assert "uid" not in text
    assert "managedFields" not in text


def test_workloads_have_the_names_that_people_know() -> None:
    live = read_live(RecordedCluster(_OBJECTS), ["shop"], [], ObjectKind.SECRETS, object_key)
    assert live.workloads == {("shop", "web-5d8f-x"): "Deployment web"}


def test_rights_in_single_namespaces_are_enough() -> None:
    narrow = RecordedCluster(
        _OBJECTS, hidden=[ObjectKind.SECRETS], narrow=[ObjectKind.POLICIES, ObjectKind.PODS, ObjectKind.NAMESPACES]
    )
    live = read_live(narrow, ["shop"], ["data", "gone"], ObjectKind.SECRETS, object_key)
    assert set(live.policies) == {("shop", "web")}
    assert live.namespaces == frozenset(("shop", "data"))
    assert live.releases is None
    assert [unread.part for unread in live.unread] == ["namespaces", "Secrets of Helm's releases in shop"]


def test_without_policies_there_is_nothing_to_say() -> None:
    with pytest.raises(PermissionError, match="NetworkPolicies in shop"):
        read_live(RecordedCluster(_OBJECTS, hidden=[ObjectKind.POLICIES]), ["shop"], [], ObjectKind.SECRETS, object_key)
