"""The release of a waypoint on an API server that knows the Gateway API, next to a service that reaches its host."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from cluster.meshed import accounts_with_roles, allow_gateway_release, control_plane_of_istio, home, with_proxy, write
from cluster.projects import Shop, codes
from testbed.api import Api
from testbed.control_plane import ControlPlane

WEATHER: Final = "egress-gateway-weather-example"
_PATHS: Final = {
    "AuthorizationPolicy": ("security.istio.io/v1", "authorizationpolicies", WEATHER),
    "DestinationRule": ("networking.istio.io/v1", "destinationrules", WEATHER),
    "Gateway": ("gateway.networking.k8s.io/v1", "gateways", "egress"),
    "ServiceEntry": ("networking.istio.io/v1", "serviceentries", WEATHER),
}
_CATALOG: Final = """\
destinations:
  Weather: {hosts: [weather.example], ports: [80], gateway: {tls: originate}}
"""


@pytest.fixture(scope="module")
def control_plane() -> Iterator[ControlPlane]:
    with control_plane_of_istio() as running:
        yield running


@pytest.fixture
def ambient(shop: Shop, api: Api) -> Shop:
    made = with_proxy(shop, api)
    write(made, "waypoint", _CATALOG, "orders, Weather")
    return made


def path_of(shop: Shop, kind: str) -> str:
    version, plural, name = _PATHS[kind]
    return f"/apis/{version}/namespaces/{home(shop)}/{plural}/{name}"


def test_it_is_installed_and_uninstalled(ambient: Shop, api: Api) -> None:
    assert "3 installed, 0 failed" in ambient.run("install", "--yes")
    live = {kind: api.get(path_of(ambient, kind)) for kind in _PATHS}
    assert live["Gateway"]["spec"]["listeners"][0]["protocol"] == "HBONE"
    printed = ambient.run("status")
    assert printed.count("as installed") == 3
    assert not any(codes(printed, f"EG64{digit}") for digit in "01234568")
    assert not codes(printed, "EG668")
    assert not codes(printed, "EG669")
    assert "3 up to date" in ambient.run("install", "--yes")
    assert "3 uninstalled, 0 failed" in ambient.run("uninstall", "--all", "--yes")


@pytest.mark.parametrize("kind", _PATHS)
def test_what_is_edited_or_missing_is_told_and_restored(kind: str, ambient: Shop, api: Api) -> None:
    ambient.run("install", "--yes")
    before = api.get(path_of(ambient, kind))["spec"]
    edits: dict[str, dict[str, Any]] = {
        "AuthorizationPolicy": {"action": "AUDIT"},
        "DestinationRule": {"exportTo": ["*"]},
        "Gateway": {"gatewayClassName": "istio"},
        "ServiceEntry": {"exportTo": ["*"]},
    }
    api.patch(f"{path_of(ambient, kind)}?fieldManager=kubectl-edit", {"spec": edits[kind]})
    printed = ambient.run("status", status=1)
    assert any(kind in line and "was edited in the cluster" in line for line in printed.splitlines()), printed
    ambient.run("install", "--yes")
    assert api.get(path_of(ambient, kind))["spec"] == before
    api.delete(path_of(ambient, kind))
    assert any(kind in it for it in codes(ambient.run("status", status=1), "EG642"))
    ambient.run("install", "--yes")
    assert api.get(path_of(ambient, kind))["spec"] == before


def test_the_documented_roles_are_enough(ambient: Shop, api: Api) -> None:
    account, edge = accounts_with_roles(ambient, api)
    allow_gateway_release(edge, account, api)
    assert "3 installed, 0 failed" in account.run("install", "--yes")
    assert "as installed" in account.run("status")
    assert "3 uninstalled, 0 failed" in account.run("uninstall", "--all", "--yes")
