"""What is read of a cluster, with many rights and with few."""

import pytest

from egressc.cluster.live import read_live
from egressc.cluster.objects import Object, ObjectKind
from egressc.fleet.fleet import live_key
from support.recorded_cluster import RecordedCluster, namespace, pod, release

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
    live = read_live(RecordedCluster(_OBJECTS), ["shop"], ["data"], ObjectKind.SECRETS, live_key)
    text = live.policies["shop", "web"].text
    assert "surprise: true" in text
    assert "uid" not in text
    assert "managedFields" not in text


def test_workloads_have_the_names_that_people_know() -> None:
    live = read_live(RecordedCluster(_OBJECTS), ["shop"], [], ObjectKind.SECRETS, live_key)
    assert live.workloads == {("shop", "web-5d8f-x"): "Deployment web"}


def test_rights_in_single_namespaces_are_enough() -> None:
    narrow = RecordedCluster(
        _OBJECTS, hidden=[ObjectKind.SECRETS], narrow=[ObjectKind.POLICIES, ObjectKind.PODS, ObjectKind.NAMESPACES]
    )
    live = read_live(narrow, ["shop"], ["data", "gone"], ObjectKind.SECRETS, live_key)
    assert set(live.policies) == {("shop", "web")}
    assert live.namespaces == frozenset(("shop", "data"))
    assert live.releases is None
    assert [unread.part for unread in live.unread] == ["namespaces", "Secrets of Helm's releases in shop"]


def _of_cluster(api_version: str, name: str) -> Object:
    kind = "AdminNetworkPolicy" if api_version.endswith("/v1alpha1") and "policy." in api_version else _CLUSTER_KIND
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}, "spec": {"priority": 1}}


_CLUSTER_KIND = "ClusterNetworkPolicy"
_OF_CLUSTER = (
    _of_cluster("policy.networking.k8s.io/v1beta1", "metadata"),
    _of_cluster("policy.networking.k8s.io/v1alpha1", "metadata"),
    _of_cluster("networking.k8s.aws/v1alpha1", "metadata"),
)


def test_policies_of_the_whole_cluster_are_known_by_kind_and_group() -> None:
    live = read_live(RecordedCluster((*_OBJECTS, *_OF_CLUSTER)), ["shop"], [], ObjectKind.SECRETS, live_key)
    kinds = [_CLUSTER_KIND, "AdminNetworkPolicy", f"{_CLUSTER_KIND}.networking.k8s.aws"]
    assert set(live.policies) == {("shop", "web"), *(("", f"{kind} metadata") for kind in kinds)}
    assert set(live.owners) == set(live.policies)
    assert live.policies["", f"{_CLUSTER_KIND} metadata"].name == f"live/{_CLUSTER_KIND} metadata.yaml"


def test_policies_of_the_whole_cluster_have_to_be_readable_where_they_are_ours() -> None:
    cluster = RecordedCluster(_OBJECTS, hidden=[ObjectKind.ADMIN_POLICIES])
    live = read_live(cluster, ["shop"], [], ObjectKind.SECRETS, live_key, [ObjectKind.CLUSTER_POLICIES])
    assert [unread.part for unread in live.unread] == ["AdminNetworkPolicies"]
    with pytest.raises(PermissionError, match="AdminNetworkPolicies cannot be listed"):
        read_live(cluster, ["shop"], [], ObjectKind.SECRETS, live_key, [ObjectKind.ADMIN_POLICIES])


def test_a_release_of_such_policies_needs_no_policies_of_its_namespace() -> None:
    class _Narrow(RecordedCluster):
        def within(self, kind: ObjectKind, namespace: str, *, labels: str = "") -> list[Object] | None:
            if kind is ObjectKind.POLICIES and namespace == "kube-system":
                return None
            return super().within(kind, namespace, labels=labels)

    stored = release("guardrail-policy", "kube-system", "", {})
    narrow = [ObjectKind.POLICIES, ObjectKind.NAMESPACES]
    cluster = _Narrow((*_OBJECTS, namespace("kube-system"), stored), narrow=narrow)
    live = read_live(cluster, ["shop"], [], ObjectKind.SECRETS, live_key, cluster_homes=["kube-system"])
    assert live.namespaces == frozenset(("shop", "kube-system"))
    assert set(live.releases or {}) == {("kube-system", "guardrail-policy")}
    with pytest.raises(PermissionError, match="NetworkPolicies in kube-system"):
        read_live(cluster, ["shop", "kube-system"], [], ObjectKind.SECRETS, live_key)


def test_without_policies_there_is_nothing_to_say() -> None:
    with pytest.raises(PermissionError, match="NetworkPolicies in shop"):
        read_live(RecordedCluster(_OBJECTS, hidden=[ObjectKind.POLICIES]), ["shop"], [], ObjectKind.SECRETS, live_key)
