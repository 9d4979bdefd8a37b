"""What is read of a cluster, with many rights and with few."""

import pytest

from egressc.cluster.live import read_live
from egressc.cluster.objects import Object, ObjectKind
from egressc.fleet.fleet import live_key
from support.recorded_cluster import RecordedCluster, daemon_set, namespace, node, pod, release
from support.tables import each

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


_HOST_KINDS = {
    ObjectKind.APPLICATION_POLICIES: ("networking.k8s.aws/v1alpha1", "ApplicationNetworkPolicy"),
    ObjectKind.FQDN_POLICIES: ("networking.gke.io/v1alpha1", "FQDNNetworkPolicy"),
}


def _of_hosts(kind: ObjectKind, home: str = "shop") -> Object:
    version, called = _HOST_KINDS[kind]
    return {"apiVersion": version, "kind": called, "metadata": {"name": "web", "namespace": home}, "spec": {}}


@each("kind", _HOST_KINDS)
def test_policies_for_hosts_are_read_in_the_namespaces_that_matter(kind: ObjectKind) -> None:
    objects = (*_OBJECTS, _of_hosts(kind), _of_hosts(kind, "data"), _of_hosts(kind, "elsewhere"))
    live = read_live(RecordedCluster(objects, narrow=[kind]), ["shop"], ["data"], ObjectKind.SECRETS, live_key)
    title = f"{_HOST_KINDS[kind][1]} web"
    assert set(live.policies) == {("shop", "web"), ("shop", title), ("data", title)}
    assert live.unread == ()


@each("kind", _HOST_KINDS)
def test_policies_for_hosts_have_to_be_readable_where_they_are_ours(kind: ObjectKind) -> None:
    cluster = RecordedCluster(_OBJECTS, hidden=[kind])
    title = {ObjectKind.APPLICATION_POLICIES: "ApplicationNetworkPolicies"}.get(kind, "FQDNNetworkPolicies")
    live = read_live(cluster, ["shop"], ["data"], ObjectKind.SECRETS, live_key)
    assert [it.part for it in live.unread] == [f"{title} in data, shop"]
    with pytest.raises(PermissionError, match=f"{title} in shop cannot be listed"):
        read_live(cluster, ["shop"], ["data"], ObjectKind.SECRETS, live_key, [kind])


def test_hidden_policies_of_a_plugin_that_does_not_run_are_not_missed() -> None:
    kinds = [ObjectKind.CILIUM_POLICIES, ObjectKind.CILIUM_CLUSTER_POLICIES]
    cluster = RecordedCluster((*_OBJECTS, daemon_set("calico-node")), hidden=kinds)
    assert read_live(cluster, ["shop"], [], ObjectKind.SECRETS, live_key).unread == ()


_CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "amazon-vpc-cni", "namespace": "kube-system"}}
_ON = {**_CONFIG, "data": {"enable-network-policy-controller": "true"}}
_OFF = {**_CONFIG, "data": {"enable-network-policy-controller": "false"}}
_AUTO = node("one", "v1.33.1-eks-1", **{"eks.amazonaws.com/compute-type": "auto"})
_OTHER = node("two", "v1.33.1-eks-1", **{"eks.amazonaws.com/compute-type": "fargate"})


@each(
    ("objects", "installed", "enforcing", "problem"),
    [
        ((_AUTO, _ON), "EKS", ("EKS Auto Mode",), ""),
        ((_AUTO, _OTHER, _ON), "EKS", ("EKS Auto Mode",), "1 of 2 nodes is not of EKS Auto Mode"),
        ((_OTHER, _AUTO, _OTHER, _ON), "EKS", ("EKS Auto Mode",), "2 of 3 nodes are not of EKS Auto Mode"),
        ((_AUTO, _ON), "", ("EKS Auto Mode",), ""),
        ((_ON,), "EKS", (), ""),
        ((_OTHER, _ON), "EKS", (), "no node is of EKS Auto Mode"),
        ((_AUTO, _OFF), "EKS", (), "does not turn on the network policy controller"),
        ((_AUTO, _CONFIG), "EKS", (), "does not turn on the network policy controller"),
        ((_AUTO,), "EKS", (), "does not turn on the network policy controller"),
        ((_AUTO,), "", (), ""),
        ((_AUTO, _ON, daemon_set("calico-node")), "EKS", ("Calico",), ""),
        ((_AUTO, daemon_set("calico-node")), "EKS", ("Calico",), "does not turn on the network policy controller"),
        ((daemon_set("anetd"),), "GKE", ("GKE Dataplane V2",), ""),
        ((daemon_set("calico-node"),), "GKE", ("Calico",), "kube-system has no DaemonSet anetd"),
        ((daemon_set("calico-node"),), "", ("Calico",), ""),
    ],
)
def test_what_rules_for_hosts_need(
    objects: tuple[Object, ...], installed: str, enforcing: tuple[str, ...], problem: str
) -> None:
    kinds = {"EKS": [ObjectKind.APPLICATION_POLICIES], "GKE": [ObjectKind.FQDN_POLICIES]}.get(installed, [])
    cluster = RecordedCluster((*_OBJECTS, *objects))
    plugins = read_live(cluster, ["shop"], [], ObjectKind.SECRETS, live_key, kinds).plugins
    assert plugins is not None
    assert plugins.enforcing == enforcing
    found = "" if plugins.host_problem is None else plugins.host_problem.found
    assert (problem in found) if problem else not found


def test_auto_mode_without_its_controller_is_named() -> None:
    plugins = read_live(RecordedCluster((*_OBJECTS, _AUTO)), ["shop"], [], ObjectKind.SECRETS, live_key).plugins
    assert plugins is not None
    assert [it.partition(" without ")[0] for it in plugins.others] == ["EKS Auto Mode"]
    assert plugins.is_whole


@each(
    ("hidden", "unread"),
    [
        (ObjectKind.CONFIG_MAPS, ["ConfigMap kube-system/amazon-vpc-cni"]),
        (ObjectKind.NODES, ["nodes"]),
    ],
)
def test_of_what_nobody_may_look_at_nothing_is_said(hidden: ObjectKind, unread: list[str]) -> None:
    objects = (*_OBJECTS, _AUTO, *([_ON] if hidden is ObjectKind.NODES else []))
    kinds = [ObjectKind.APPLICATION_POLICIES]
    live = read_live(RecordedCluster(objects, hidden=[hidden]), ["shop"], [], ObjectKind.SECRETS, live_key, kinds)
    assert live.plugins is not None
    assert (live.plugins.host_problem, live.plugins.is_whole) == (None, False)
    assert [it.part for it in live.unread] == unread


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
