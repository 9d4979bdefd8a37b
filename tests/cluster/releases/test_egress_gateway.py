"""The release of an egress gateway on a real API server, next to services with a Sidecar each."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from cluster.meshed import accounts_with_roles, allow_gateway_release, control_plane_of_istio, home, with_proxy, write
from cluster.projects import Shop, codes, policies, revisions
from testbed.api import Api
from testbed.control_plane import ControlPlane

_KINDS: Final = {
    "authorizationpolicies": "security.istio.io/v1",
    "destinationrules": "networking.istio.io/v1",
    "envoyfilters": "networking.istio.io/v1alpha3",
    "gateways": "networking.istio.io/v1",
    "serviceentries": "networking.istio.io/v1",
    "virtualservices": "networking.istio.io/v1",
}
_CATALOG: Final = """\
destinations:
  Stripe: {hosts: [api.stripe.example], ports: [443]}
  Weather:
    hosts: [weather.example]
    ports: [80]
    gateway: {tls: originate, rateLimit: {requests: 100, per: minute}}
"""
_NEEDS: Final = "orders, Stripe, Weather"
STRIPE, WEATHER = "egress-gateway-api-stripe-example", "egress-gateway-weather-example"
ALL: Final = {
    "authorizationpolicies": {STRIPE, WEATHER},
    "destinationrules": {"egress-gateway", WEATHER},
    "envoyfilters": {WEATHER},
    "gateways": {STRIPE, WEATHER},
    "serviceentries": {STRIPE, WEATHER},
    "virtualservices": {STRIPE, WEATHER},
}
NOTHING: Final[dict[str, set[str]]] = {kind: set() for kind in ALL}


@pytest.fixture(scope="module")
def control_plane() -> Iterator[ControlPlane]:
    with control_plane_of_istio() as running:
        yield running


@pytest.fixture
def meshed(shop: Shop, api: Api) -> Shop:
    made = with_proxy(shop, api)
    write(made, "gateway", _CATALOG, _NEEDS)
    return made


def path_of(shop: Shop, kind: str) -> str:
    return f"/apis/{_KINDS[kind]}/namespaces/{home(shop)}/{kind}"


def live(api: Api, shop: Shop, kind: str) -> dict[str, dict[str, Any]]:
    return {it["metadata"]["name"]: it for it in api.get(path_of(shop, kind))["items"]}


def objects(api: Api, shop: Shop) -> dict[str, set[str]]:
    return {kind: set(live(api, shop, kind)) for kind in _KINDS}


def sidecars(api: Api, shop: Shop) -> dict[str, dict[str, Any]]:
    items = api.get(f"/apis/networking.istio.io/v1/namespaces/{shop.namespace}/sidecars")["items"]
    return {it["metadata"]["name"]: it for it in items}


def version(found: dict[str, Any]) -> int:
    return int(found["metadata"]["resourceVersion"])


def test_it_is_installed_first_and_uninstalled(meshed: Shop, api: Api) -> None:
    printed = meshed.run("install", "--yes")
    assert "3 installed, 0 failed" in printed
    assert objects(api, meshed) == ALL
    (sidecar,) = sidecars(api, meshed).values()
    made = [version(it) for kind in _KINDS for it in live(api, meshed, kind).values()]
    assert max(made) < min(version(it) for it in (sidecar, *policies(api, meshed.namespace).values()))
    printed = meshed.run("status")
    assert "cluster/egress-gateway" in printed
    assert printed.count("as installed") == 3
    assert not any(codes(printed, f"EG64{digit}") for digit in "0123468")
    assert set(revisions(api, home(meshed))) == {"egress-gateway"}
    assert "3 up to date" in meshed.run("install", "--yes")
    assert "1 uninstalled, 0 failed" in meshed.run("uninstall", "cluster/egress-gateway", "--yes")
    assert objects(api, meshed) == NOTHING
    assert any("is not installed" in it for it in codes(meshed.run("status", status=1), "EG642"))
    assert "1 installed, 0 failed, 2 unchanged" in meshed.run("install", "--yes")
    assert "3 uninstalled, 0 failed" in meshed.run("uninstall", "--all", "--yes")
    assert objects(api, meshed) == NOTHING
    assert sidecars(api, meshed) == {}


@pytest.mark.parametrize("kind", _KINDS)
def test_what_is_edited_or_missing_is_told_and_restored(kind: str, meshed: Shop, api: Api) -> None:
    meshed.run("install", "--yes")
    path = f"{path_of(meshed, kind)}/{WEATHER}"
    before = live(api, meshed, kind)[WEATHER]["spec"]
    edits: dict[str, dict[str, Any]] = {
        "authorizationpolicies": {"action": "AUDIT"},
        "destinationrules": {"exportTo": ["*"]},
        "envoyfilters": {"priority": 5},
        "gateways": {"selector": {"istio": "ingressgateway"}},
        "serviceentries": {"exportTo": ["*"]},
        "virtualservices": {"exportTo": ["*"]},
    }
    api.patch(f"{path}?fieldManager=kubectl-edit", {"spec": edits[kind]})
    printed = meshed.run("status", status=1)
    assert any(WEATHER in line and "was edited in the cluster" in line for line in printed.splitlines()), printed
    meshed.run("install", "--yes")
    assert live(api, meshed, kind)[WEATHER]["spec"] == before
    api.delete(path)
    (found,) = codes(meshed.run("status", status=1), "EG642")
    assert WEATHER in found
    meshed.run("install", "--yes")
    assert live(api, meshed, kind)[WEATHER]["spec"] == before


def test_a_change_of_hosts_can_be_rolled_back(meshed: Shop, api: Api) -> None:
    write(meshed, "gateway", _CATALOG, "orders, Stripe")
    meshed.run("install", "--yes")
    assert objects(api, meshed)["serviceentries"] == {STRIPE}
    write(meshed, "gateway", _CATALOG, _NEEDS)
    assert codes(meshed.run("status", status=1), "EG669") or codes(meshed.run("status", status=1), "EG643")
    meshed.run("install", "--yes")
    assert objects(api, meshed) == ALL
    assert "1 rolled back" in meshed.run("rollback", "cluster/egress-gateway", "--yes")
    assert objects(api, meshed)["serviceentries"] == {STRIPE}


def test_without_hosts_there_is_no_release(meshed: Shop, api: Api) -> None:
    meshed.run("install", "--yes")
    write(meshed, "gateway", _CATALOG, "orders")
    assert not (meshed.folder / "values" / "cluster" / "egress-gateway.yaml").exists()
    assert [it for it in codes(meshed.run("status", status=1), "EG656") if "egress-gateway" in it]


def test_the_documented_roles_are_enough(meshed: Shop, api: Api) -> None:
    account, edge = accounts_with_roles(meshed, api)
    assert "1 failed" in account.run("install", "cluster/egress-gateway", "--yes", status=1)
    allow_gateway_release(edge, account, api)
    assert "3 installed, 0 failed" in account.run("install", "--yes")
    assert "3 uninstalled, 0 failed" in account.run("uninstall", "--all", "--yes")
