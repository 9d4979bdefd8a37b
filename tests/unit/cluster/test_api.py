"""Every kind of object is listed by methods that the official client has."""

import json
import re
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes import client  # type: ignore[import-untyped]  # see egressc.cluster.api

from egressc.cluster.api import _CUSTOM, _METHODS, AbsentError, ApiReader
from egressc.cluster.objects import Access, ClusterError, ObjectKind
from egressc.cluster.plugins import EKS_CONFIG
from egressc.cluster.workloads import _READ
from support.tables import each


def test_every_kind_has_methods() -> None:
    assert set(_METHODS) == set(ObjectKind)
    for api, within, everywhere in _METHODS.values():
        assert callable(getattr(getattr(client, api), f"list_{everywhere}", None)), everywhere
        assert api == "CustomObjectsApi" or callable(getattr(getattr(client, api), f"list_{within}", None)), within


def test_kinds_that_a_cluster_may_lack_are_asked_by_group_version_and_plural() -> None:
    taken = list(signature(client.CustomObjectsApi.list_cluster_custom_object).parameters)
    assert taken[1:4] == ["group", "version", "plural"] or taken[1:4] == ["group", "version", "resource_plural"]
    assert all(len(scope) == 3 for scope in _CUSTOM.values())


def test_the_documented_role_lists_every_kind_of_workload() -> None:
    text = (Path(__file__).parents[3] / "docs" / "cluster.md").read_text("utf-8")
    roles = map(yaml.safe_load, re.findall(r"^```yaml\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
    rules = next(role["rules"] for role in roles if role["metadata"]["name"] == "egressc-workloads")
    granted = {(rule["apiGroups"][0], it) for rule in rules for it in rule["resources"]}
    own = {(group, plural) for kind, (group, _, plural) in _CUSTOM.items() if kind in _READ}
    known = {f"{kind.name.replace('_', '').lower()}" for kind in _READ if kind not in _CUSTOM}
    assert own <= granted
    assert {plural for _, plural in granted - own} == known


def test_the_documented_role_lists_every_kind_of_policy() -> None:
    text = (Path(__file__).parents[3] / "docs" / "cluster.md").read_text("utf-8")
    roles = map(yaml.safe_load, re.findall(r"^```yaml\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
    rules = next(role["rules"] for role in roles if role["metadata"]["name"] == "egressc-status")
    granted = {(rule["apiGroups"][0], it) for rule in rules for it in rule["resources"]}
    assert {(group, plural) for kind, (group, _, plural) in _CUSTOM.items() if kind not in _READ} <= granted
    (named,) = (rule for rule in rules if "resourceNames" in rule)
    assert (named["resources"], named["resourceNames"], named["verbs"]) == (["configmaps"], [EKS_CONFIG], ["get"])


class _Configured(ApiReader):
    """One with a ConfigMap."""

    def __init__(self) -> None:
        pass

    def call(self, api: str, method: str, *scope: Any, **options: Any) -> bytes:
        del options
        assert callable(getattr(getattr(client, api), method))
        if scope != ("amazon-vpc-cni", "kube-system"):
            raise AbsentError
        return json.dumps({"data": {"one": "two"}}).encode()


def test_a_config_map_is_read_by_its_name() -> None:
    assert _Configured().config_map("kube-system", "amazon-vpc-cni") == {"data": {"one": "two"}}
    assert _Configured().config_map("kube-system", "other") is None
    taken = list(signature(client.CoreV1Api.read_namespaced_config_map).parameters)
    assert taken[1:3] == ["name", "namespace"]


_GROUP = "policy.networking.k8s.io"
_BOTH, _OLD = ("v1beta1", "v1alpha2"), ("v1alpha2",)


class _Server(ApiReader):
    """One that serves ClusterNetworkPolicies in some versions, each time with the same object in it."""

    def __init__(self, versions: tuple[str, ...], *, holds: bool, forbids: tuple[str, ...] = ()) -> None:
        self._versions, self._holds, self._forbids = versions, holds, forbids
        self.lists: list[str] = []

    def call(self, api: str, method: str, *scope: Any, **options: Any) -> bytes:
        del api, options
        if method in self._forbids:
            raise PermissionError
        group, version, *plural = scope
        if group != _GROUP or version not in self._versions:
            raise AbsentError
        if not plural:
            return json.dumps({"resources": [{"name": "clusternetworkpolicies"}]}).encode()
        self.lists.append(version)
        items = [{"metadata": {"name": "one"}}] if self._holds else []
        kind = {"apiVersion": f"{group}/{version}", "kind": "ClusterNetworkPolicyList"}
        return json.dumps({**kind, "items": items}).encode()


@each(
    ("versions", "holds", "found"),
    [
        (_BOTH, True, ["policy.networking.k8s.io/v1beta1"]),
        (_BOTH, False, []),
        (_OLD, True, ["policy.networking.k8s.io/v1alpha2"]),
        ((), True, []),
    ],
)
def test_an_object_in_two_versions_counts_once(versions: tuple[str, ...], holds: bool, found: list[str]) -> None:
    items = _Server(versions, holds=holds).everywhere(ObjectKind.CLUSTER_POLICIES)
    assert [it["apiVersion"] for it in items or ()] == found
    assert items is not None


@each(
    ("versions", "forbids", "is_hidden"),
    [
        (_BOTH, ("list_cluster_custom_object",), True),
        (_OLD, ("list_cluster_custom_object",), True),
        ((), ("list_cluster_custom_object",), False),
        ((), ("list_cluster_custom_object", "get_api_resources"), True),
    ],
)
def test_what_the_server_does_not_have_needs_no_rights(
    versions: tuple[str, ...], forbids: tuple[str, ...], is_hidden: bool
) -> None:
    found = _Server(versions, holds=True, forbids=forbids).everywhere(ObjectKind.CLUSTER_POLICIES)
    assert found == (None if is_hidden else [])


def test_a_group_without_the_kind_is_like_no_group() -> None:
    server = _Server(("v1alpha1",), holds=True, forbids=("list_cluster_custom_object",))
    assert server.everywhere(ObjectKind.ADMIN_POLICIES) == []


def test_a_missing_kubeconfig_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    with pytest.raises(ClusterError) as caught:
        ApiReader(Access())
    found = caught.value.diagnostic
    assert f"no kubeconfig was found ({tmp_path}/config does not exist)" in found.message
    assert "--kubeconfig FILE" in found.help
