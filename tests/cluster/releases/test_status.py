"""`egressc status` on a real API server: what differs between sources, releases and live policies."""

import re

from cluster.projects import Shop, codes, policies
from testbed.api import POLICIES, Api


def test_an_edit_in_the_cluster_is_found_and_undone(shop: Shop, api: Api) -> None:
    shop.run("install", "--yes")
    path = f"{POLICIES}/namespaces/{shop.namespace}/networkpolicies/web"
    before = api.get(path)["spec"]
    anyone = {
        "podSelector": {"matchLabels": {"tier": "x"}},
        "egress": [*before["egress"], {"to": [{"ipBlock": {"cidr": "203.0.113.0/24"}}]}],
    }
    api.patch(f"{path}?fieldManager=kubectl-edit", {"spec": anyone})
    found = codes(shop.run("status", status=1), "EG644")
    assert len(found) == 1
    assert "web was edited in the cluster" in found[0]
    shop.run("install", "--yes")
    assert api.get(path)["spec"] == before
    assert not codes(shop.run("status"), "EG644")


def test_another_order_is_no_drift(shop: Shop, api: Api) -> None:
    shop.run("install", "--yes")
    path = f"{POLICIES}/namespaces/{shop.namespace}/networkpolicies/web"
    rules = api.get(path)["spec"]["egress"]
    api.patch(f"{path}?fieldManager=kubectl-edit", {"spec": {"egress": rules[::-1]}})
    assert not re.search(r"^error", shop.run("status"), re.MULTILINE)
    assert "3 up to date" in shop.run("install", "--yes")


def test_a_deleted_policy_is_missed_and_made_again(shop: Shop, api: Api) -> None:
    shop.run("install", "--yes")
    api.delete(f"{POLICIES}/namespaces/{shop.namespace}/networkpolicies/web")
    found = codes(shop.run("status", status=1), "EG642")
    assert len(found) == 1
    assert "but it was deleted" in found[0]
    shop.run("install", "--yes")
    assert "web" in policies(api, shop.namespace)


def test_a_service_that_left_the_table_is_named(shop: Shop) -> None:
    shop.run("install", "--yes")
    shop.write({"web": "orders", "orders": "-"})
    found = codes(shop.run("status", "orders", status=1), "EG656")
    assert len(found) == 1
    assert "/redis belongs to a service that is not in the sources" in found[0]
