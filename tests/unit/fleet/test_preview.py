"""What is shown before a cluster changes: flows that open and close, and who may lose a connection."""

from pathlib import Path

import pytest

from egressc.cluster.objects import Object
from egressc.diagnostics.core import Report
from egressc.fleet.fleet import Fleet
from egressc.fleet.preview import Effect, find_effect
from support.recorded_cluster import installed, pod
from support.recorded_shop import AROUND, BEFORE_TRANSLATION, RecordedShop

pytestmark = pytest.mark.slow  # each test runs commands on a whole project

_OWNER = {"controller": True, "kind": "ReplicaSet", "name": "web-7c"}
_REPLICA = pod("shop", "web-7c-2", {"app": "web", "pod-template-hash": "7c"}, ownerReferences=[_OWNER])


@pytest.fixture
def shop(tmp_path: Path) -> RecordedShop:
    return RecordedShop(tmp_path)


def fleet(shop: RecordedShop, *objects: Object) -> Fleet:
    return shop.fleet([*AROUND, _REPLICA, *objects], Report())


def install(fleet: Fleet, service: str) -> Effect:
    names = fleet.targets[service].policies
    return find_effect(fleet, names, [fleet.rendered[name] for name in names])


def test_a_first_policy_closes_all_but_the_table(shop: RecordedShop) -> None:
    effect = install(fleet(shop), "web")
    assert effect.opens == ()
    assert effect.closes == ("web -> everything but DNS, orders",)
    assert effect.breaks == ("Deployment web in shop", "Pod web-1 in shop")


def test_the_same_policy_changes_nothing(shop: RecordedShop) -> None:
    assert install(fleet(shop, *shop.everything()), "web") == Effect((), (), ())


def test_a_changed_rule_opens_and_closes(shop: RecordedShop) -> None:
    older = shop.manifest("web").replace("port: 8080", "port: 9090")
    effect = install(fleet(shop, *installed(older, "web", "shop"), *shop.installed("orders")), "web")
    assert effect.opens == ("web -> pods app=orders in shop on 8080/TCP",)
    assert effect.closes == ("web -> pods app=orders in shop on 9090/TCP",)
    assert effect.breaks == ("Deployment web in shop", "Pod web-1 in shop")


def test_what_is_staged_opens_and_closes_nothing(shop: RecordedShop, tmp_path: Path) -> None:
    (tmp_path / "staged").mkdir()
    staged = RecordedShop(tmp_path / "staged", "cluster: {dialect: CalicoStaged}\n")
    assert install(fleet(staged), "web") == Effect((), (), ())
    # In place of a policy that is enforced, it leaves the pods open.
    held = fleet(staged, *shop.everything())
    effect = find_effect(held, [("shop", "web")], [held.rendered[name] for name in held.targets["web"].policies])
    assert effect.opens == ("web -> everything: no policy isolates it anymore",)


def test_before_translation_a_changed_rule_opens_and_closes(tmp_path: Path) -> None:
    shop = RecordedShop(tmp_path, *BEFORE_TRANSLATION)
    older = shop.manifest("orders").replace("port: 8080", "port: 9090")
    effect = install(fleet(shop, *installed(older, "orders", "shop"), *shop.installed("web")), "orders")
    assert [it.endswith("8080/TCP") for it in effect.opens] == [True]
    assert [it.endswith("9090/TCP") for it in effect.closes] == [True]


def test_uninstalling_opens_everything(shop: RecordedShop) -> None:
    effect = find_effect(fleet(shop, *shop.everything()), [("shop", "web")], ())
    assert effect.opens == ("web -> everything: no policy isolates it anymore",)
    assert effect.closes == ()
    assert effect.breaks == ()


def test_another_selector_frees_some_pods_and_isolates_others(shop: RecordedShop) -> None:
    older = shop.manifest("web").replace("app: web", "app: web-old")
    moved = installed(older, "web", "shop")
    effect = install(fleet(shop, *moved, pod("shop", "old", {"app": "web-old"}), *shop.installed("orders")), "web")
    assert effect.closes == ("web -> everything but DNS, orders",)
    assert effect.opens == ("pods app=web-old in shop -> everything: no policy isolates it anymore",)
    assert effect.breaks == ("Deployment web in shop", "Pod web-1 in shop")


_DENY = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "default-deny", "namespace": "shop"},
    "spec": {"podSelector": {}, "policyTypes": ["Egress"]},
}


def test_beside_a_default_deny_a_first_policy_opens_the_table(shop: RecordedShop) -> None:
    effect = install(fleet(shop, _DENY), "web")
    assert effect.closes == effect.breaks == ()
    assert effect.opens == (
        "web -> pods k8s-app=kube-dns in kube-system on 53/TCP, 53/UDP",
        "web -> pods app=orders in shop on 8080/TCP",
    )


def test_beside_a_default_deny_uninstalling_closes_the_table(shop: RecordedShop) -> None:
    effect = find_effect(fleet(shop, *shop.everything(), _DENY), [("shop", "web")], ())
    assert effect.opens == ()
    assert effect.closes == install(fleet(shop, _DENY), "web").opens
    assert effect.breaks == ("Deployment web in shop", "Pod web-1 in shop")


def test_pods_that_others_isolate_already_are_told_apart(shop: RecordedShop) -> None:
    some = {**_DENY, "spec": {"podSelector": {"matchLabels": {"tier": "x"}}, "policyTypes": ["Egress"]}}
    nobody = install(fleet(shop, some), "web")
    assert nobody.opens == ()
    assert nobody.closes == ("pods app=web, tier not x in shop -> everything but DNS, orders",)
    effect = install(fleet(shop, some, pod("shop", "web-x", {"app": "web", "tier": "x"})), "web")
    assert effect.opens[1] == "pods app=web, tier=x in shop -> pods app=orders in shop on 8080/TCP"
    assert effect.closes == nobody.closes
    assert effect.breaks == ("Deployment web in shop", "Pod web-1 in shop")
