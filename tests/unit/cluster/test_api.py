"""Every kind of object is listed by methods that the official client has."""

import re
from inspect import signature
from pathlib import Path

import pytest
import yaml
from kubernetes import client  # type: ignore[import-untyped]  # see egressc.cluster.api

from egressc.cluster.api import _CUSTOM, _METHODS, ApiReader
from egressc.cluster.objects import Access, ClusterError, ObjectKind
from egressc.cluster.workloads import _READ


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


def test_a_missing_kubeconfig_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    with pytest.raises(ClusterError) as caught:
        ApiReader(Access())
    found = caught.value.diagnostic
    assert f"no kubeconfig was found ({tmp_path}/config does not exist)" in found.message
    assert "--kubeconfig FILE" in found.help
