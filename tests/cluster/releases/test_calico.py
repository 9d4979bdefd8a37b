"""Releases of the dialect Calico on an API server with Calico's custom resources, there and back."""

from typing import Any, Final

import pytest

from cluster.projects import PROJECT, Shop, codes, policies
from testbed.api import Api
from testbed.control_plane import ControlPlane

_GROUP: Final = "projectcalico.org/v3"
PATH: Final = "/apis/projectcalico.org/v3/namespaces/{}/networkpolicies"


@pytest.fixture(scope="module")
def control_plane(calico: ControlPlane) -> ControlPlane:
    return calico


def write(shop: Shop, dialect: str) -> None:
    shop.write({"web": "orders", "orders": "-"})
    table = shop.folder / "services.md"
    table.write_text(table.read_text("utf-8").replace("| orders |", "| orders, Kubernetes API server |", 1), "utf-8")
    server = "" if dialect == "Calico" else ", apiServer: {addresses: [192.0.2.10/32]}"
    (shop.folder / "egressc.yaml").write_text(f"{PROJECT}cluster: {{dialect: {dialect}{server}}}\n", "utf-8")
    shop.run("compile")


def of_calico(api: Api, shop: Shop) -> dict[str, dict[str, Any]]:
    return {it["metadata"]["name"]: it for it in api.get(PATH.format(shop.namespace))["items"]}


def test_there_and_back(shop: Shop, api: Api) -> None:
    write(shop, "NetworkPolicy")
    shop.run("install", "--yes")
    write(shop, "Calico")
    assert codes(shop.run("status", status=1), "EG643")
    printed = shop.run("install", "--yes")
    assert "opens  web -> the entity kube-apiserver on 6443/TCP" in printed
    assert policies(api, shop.namespace) == {}
    assert set(of_calico(api, shop)) == {"web", "orders"}
    shop.run("status")
    write(shop, "NetworkPolicy")
    assert codes(shop.run("status", status=1), "EG643")
    shop.run("install", "--yes")
    assert of_calico(api, shop) == {}
    assert set(policies(api, shop.namespace)) == {"web", "orders"}
    shop.run("uninstall", "--all", "--yes")
    assert policies(api, shop.namespace) == {}


def test_extra_rules_are_a_policy_of_their_own(shop: Shop, api: Api) -> None:
    write(shop, "Calico")
    shop.add_extra("web", "203.0.113.0/24")
    shop.run("install", "--yes")
    assert set(of_calico(api, shop)) == {"web", "orders"}
    assert set(policies(api, shop.namespace)) == {"web-extra"}
    shop.run("status")


def test_a_policy_that_is_edited_or_missing(shop: Shop, api: Api) -> None:
    write(shop, "Calico")
    shop.run("install", "--yes")
    path = f"{PATH.format(shop.namespace)}/web"
    api.patch(f"{path}?fieldManager=kubectl-edit", {"spec": {"selector": "app == 'other'"}})
    (found,) = codes(shop.run("status", status=1), "EG644")
    assert "web was edited in the cluster" in found
    shop.run("install", "--yes")
    shop.run("status")
    api.delete(path)
    assert codes(shop.run("status", status=1), "EG642")


def test_policies_of_others_count(shop: Shop, api: Api) -> None:
    """In a tier that is asked first, with the networks of a set."""
    write(shop, "Calico")
    shop.run("install", "--yes")
    end = {"namespaceSelector": "global()", "selector": "role == 'mirror'"}
    rule = {"action": "Allow", "protocol": "TCP", "destination": end}
    spec = {"tier": "platform", "order": 1, "selector": "all()", "types": ["Egress"], "egress": [rule]}
    objects: dict[str, dict[str, Any]] = {
        "tiers/platform": {"kind": "Tier", "spec": {"order": 100, "defaultAction": "Pass"}},
        "globalnetworksets/mirrors": {"kind": "GlobalNetworkSet", "spec": {"nets": ["203.0.113.0/24"]}},
        "globalnetworkpolicies/platform.open": {"kind": "GlobalNetworkPolicy", "spec": spec},
    }
    for path, made in objects.items():
        plural, name = path.split("/")
        metadata = {"name": name, "labels": {"role": "mirror"}}
        api.post(f"/apis/{_GROUP}/{plural}", {"apiVersion": _GROUP, "metadata": metadata, **made})
    try:
        printed = shop.run("status")
    finally:
        for path in objects:
            api.delete(f"/apis/{_GROUP}/{path}")
    assert codes(printed, "EG645")
    assert "address 203.0.113.0 on" in printed
    assert "platform.open" in printed


def test_guardrails_are_a_tier_of_their_own(shop: Shop, api: Api) -> None:
    """Helm creates it before its policies, and keeps it."""
    write(shop, "Calico")
    guardrails = f"guardrails: {{apiVersion: {_GROUP}, namespace: {shop.namespace}}}"
    settings = (
        f"{PROJECT}guardrails: {{metadata: {{denyTo: [node metadata]}}}}\ncluster: {{dialect: Calico, {guardrails}}}\n"
    )
    (shop.folder / "egressc.yaml").write_text(settings, "utf-8")
    shop.run("compile")
    shop.run("install", "--yes")
    policy = f"/apis/{_GROUP}/globalnetworkpolicies/guardrail-policy.metadata"
    tier = f"/apis/{_GROUP}/tiers/guardrail-policy"
    assert api.get(policy)["spec"]["tier"] == "guardrail-policy"
    assert api.get(tier)["spec"] == {"order": 900, "defaultAction": "Pass"}
    shop.run("status")
    api.patch(f"{tier}?fieldManager=kubectl-edit", {"spec": {"order": 2_000_000}})
    assert codes(shop.run("status", status=1), "EG644")
    shop.run("install", "--yes")
    shop.run("status")
    api.patch(f"{policy}?fieldManager=kubectl-edit", {"spec": {"egress": [{"action": "Pass"}]}})
    assert codes(shop.run("status", status=1), "EG644")
    shop.run("install", "--yes")
    shop.run("status")
    api.delete(policy)
    assert codes(shop.run("status", status=1), "EG642")
    shop.run("install", "--yes")
    shop.run("uninstall", "--all", "--yes")
    assert api.get(f"/apis/{_GROUP}/globalnetworkpolicies")["items"] == []
    assert api.get(tier)["spec"] == {"order": 900, "defaultAction": "Pass"}
    shop.run("install", "--yes")
    shop.run("status")
    shop.run("uninstall", "--all", "--yes")
    api.delete(tier)
