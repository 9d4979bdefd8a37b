"""Releases of the dialect CalicoStaged on a real API server: a dry run, and the way from it to policies that count."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from cluster.conftest import require_owners, require_testbed
from cluster.projects import PROJECT, Shop, codes, policies
from testbed import definitions
from testbed.api import Api
from testbed.control_plane import ControlPlane

PATH: Final = "/apis/projectcalico.org/v3/namespaces/{}/stagedkubernetesnetworkpolicies"


@pytest.fixture(scope="module")
def control_plane() -> Iterator[ControlPlane]:
    """One that knows the kinds of Calico."""
    require_testbed()
    require_owners()
    with ControlPlane() as running:
        definitions.register(running.api)
        yield running


def write(shop: Shop, dialect: str) -> None:
    shop.write({"web": "orders", "orders": "-"})
    (shop.folder / "egressc.yaml").write_text(f"{PROJECT}cluster: {{dialect: {dialect}}}\n", "utf-8")
    shop.run("compile")


def staged(api: Api, shop: Shop) -> dict[str, dict[str, Any]]:
    return {it["metadata"]["name"]: it for it in api.get(PATH.format(shop.namespace))["items"]}


def test_from_a_dry_run_to_policies_and_back(shop: Shop, api: Api) -> None:
    write(shop, "CalicoStaged")
    printed = shop.run("install", "--yes")
    assert codes(printed, "EG665")
    assert "no flow opens or closes" in printed
    specs = {name: it["spec"] for name, it in staged(api, shop).items()}
    assert set(specs) == {"web", "orders"}
    assert policies(api, shop.namespace) == {}
    shop.run("status")
    write(shop, "NetworkPolicy")
    assert codes(shop.run("status", status=1), "EG643")
    printed = shop.run("install", "--yes")
    assert "web -> everything but DNS, orders" in printed
    assert staged(api, shop) == {}
    assert {name: {**it["spec"], "stagedAction": "Set"} for name, it in policies(api, shop.namespace).items()} == specs
    write(shop, "CalicoStaged")
    assert codes(shop.run("status", status=1), "EG643")
    assert "no policy isolates it anymore" in shop.run("install", "--yes")
    assert policies(api, shop.namespace) == {}
    shop.run("uninstall", "--all", "--yes")
    assert staged(api, shop) == {}


def test_a_staged_policy_that_is_edited_or_missing(shop: Shop, api: Api) -> None:
    write(shop, "CalicoStaged")
    shop.run("install", "--yes")
    path = f"{PATH.format(shop.namespace)}/web"
    api.patch(f"{path}?fieldManager=kubectl-edit", {"spec": {"podSelector": {"matchLabels": {"app": "other"}}}})
    (found,) = codes(shop.run("status", status=1), "EG644")
    assert "web was edited in the cluster" in found
    api.delete(path)
    assert codes(shop.run("status", status=1), "EG642")
