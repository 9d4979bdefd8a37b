"""`egressc rollback` and `egressc uninstall` on a real API server."""

from cluster.projects import Shop, codes, policies, revisions
from testbed.api import POLICIES, Api


def test_rollback_goes_back_and_says_what_opens(shop: Shop, api: Api) -> None:
    shop.run("install", "--yes")
    before = policies(api, shop.namespace)["web"]["spec"]
    shop.write({"web": "orders, redis", "orders": "redis", "redis": "-"})
    shop.run("install", "--yes")
    assert policies(api, shop.namespace)["web"]["spec"] != before
    printed = shop.run("rollback", "web", "--yes")
    assert "back to revision 1" in printed
    assert "closes web -> pods app.kubernetes.io/name=redis" in printed
    assert policies(api, shop.namespace)["web"]["spec"] == before
    assert len(codes(shop.run("status", status=1), "EG643")) == 1
    assert len(codes(shop.run("rollback", "web", "--revision", "9", "--yes", status=1), "EG654")) == 1


def test_uninstall_leaves_nothing(shop: Shop, api: Api) -> None:
    shop.run("install", "--yes")
    assert "opens  web -> everything" in shop.run("uninstall", "web", "--yes")
    assert set(policies(api, shop.namespace)) == {"orders", "redis"}
    shop.run("uninstall", "--all", "--yes")
    assert policies(api, shop.namespace) == {}
    assert revisions(api, shop.namespace) == {}
    assert "no release to uninstall" in shop.run("uninstall", "--all", "--yes")
    assert "add services, or --all" in shop.run("uninstall", "--yes", status=2)


def test_a_kept_history_is_no_release(shop: Shop, api: Api) -> None:
    shop.run("install", "--yes")
    shop.helm("uninstall", "web", "--keep-history")
    assert revisions(api, shop.namespace)["web"] == {1: "uninstalled"}
    printed = shop.run("status", status=1)
    assert "it is not installed" in codes(printed, "EG642")[0]
    assert "no release to uninstall" in shop.run("uninstall", "web", "--yes")
    assert revisions(api, shop.namespace)["web"] == {1: "uninstalled"}
    shop.run("install", "--yes")
    assert "web" in policies(api, shop.namespace)


def test_beside_a_default_deny_the_preview_turns_around(shop: Shop, api: Api) -> None:
    spec = {"podSelector": {}, "policyTypes": ["Egress"]}
    deny = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "deny"}, "spec": spec}
    api.post(f"{POLICIES}/namespaces/{shop.namespace}/networkpolicies", deny)
    printed = shop.run("install", "web", "--yes")
    assert "opens  web -> pods app.kubernetes.io/name=orders" in printed
    assert "closes" not in printed
    printed = shop.run("uninstall", "web", "--yes")
    assert "closes web -> pods app.kubernetes.io/name=orders" in printed
    assert "opens" not in printed
