"""What the charts make of a project with a waypoint, asked of Istio: its control plane makes the configuration of the
waypoint, and a real Envoy lets connections through by it, as a ztunnel opens them for a pod.
"""

import copy
from pathlib import Path
from typing import Any, Final

import pytest

from support.dialect_projects import render_project
from support.mesh_scene import RESET, Scene, Site, get
from testbed.certificates import Authority
from testbed.istio import IstioCheck, Pod

SERVICES: Final = """\
| Service | Namespace | Depends on |
|---|---|---|
| Payments | payments | Stripe |
| Shop | shop | Stripe, Weather |
| Orders | shop | Weather |
"""
CATALOG: Final = """\
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  Shop: {serviceAccount: web-shop}
  Orders: {serviceAccount: orders}
  Stripe: {hosts: [api.stripe.test], ports: [443]}
  Weather: {hosts: [weather.test], ports: [80], gateway: {tls: originate}}
"""
PROJECT: Final = """\
sources: [services.md]
catalog: catalog.yaml
cluster:
  dialect: Istio
  istio: {waypoint: {namespace: istio-egress}}
"""
STRIPE: Final = "api.stripe.test"
WEATHER: Final = "weather.test"
LABELS: Final = {
    "gateway.networking.k8s.io/gateway-name": "egress",
    "gateway.istio.io/managed": "istio.io-mesh-controller",
}
# Of no service: `temporary` in a namespace whose accounts are known, `stranger` in one that no host is for.
PODS: Final = {
    "payments": Pod("payments", {"app": "payments"}),
    "shop": Pod("shop", {"app": "shop"}, service_account="web-shop"),
    "orders": Pod("shop", {"app": "orders"}, service_account="orders"),
    "temporary": Pod("shop", {"app": "temporary"}),
    "stranger": Pod("other", {"app": "shop"}, service_account="web-shop"),
    "waypoint": Pod("istio-egress", LABELS, service_account="egress", is_waypoint=True),
}
CLIENTS: Final = ("payments", "shop", "orders", "temporary", "stranger")

Manifest = dict[str, Any]


@pytest.fixture(scope="module")
def manifests(tmp_path_factory: pytest.TempPathFactory) -> list[Manifest]:
    folder: Path = tmp_path_factory.mktemp("project")
    for name, text in (("services.md", SERVICES), ("catalog.yaml", CATALOG), ("egressc.yaml", PROJECT)):
        (folder / name).write_text(text, "utf-8")
    return [it for it in render_project(folder / "egressc.yaml").manifests if it["kind"] != "NetworkPolicy"]


def test_istio_takes_every_object(istio: IstioCheck, manifests: list[Manifest]) -> None:
    answer = istio.ask(manifests, PODS)
    assert (answer.refused, answer.warnings) == ({}, ())
    assert {it["kind"] for it in manifests} == {"Gateway", "ServiceEntry", "AuthorizationPolicy", "DestinationRule"}


def test_the_waypoint_is_for_the_hosts_of_the_table(istio: IstioCheck, manifests: list[Manifest]) -> None:
    found = istio.ask(manifests, PODS, configurations=["waypoint"]).configurations["waypoint"]
    assert {*found["behind"]} == {STRIPE, WEATHER}
    (cluster,) = [it for it in found["clusters"] if it["name"] == f"inbound-vip|80|http|{WEATHER}"]
    context = cluster["transportSocket"]["typedConfig"]["transportSocket"]["typedConfig"]
    checked = context["commonTlsContext"]["combinedValidationContext"]["defaultValidationContext"]
    assert (context["sni"], checked["matchSubjectAltNames"]) == (WEATHER, [{"exact": WEATHER}])


def test_an_envoy_lets_clients_through_by_host_and_identity(
    istio: IstioCheck, manifests: list[Manifest], authority: Authority, tmp_path: Path
) -> None:
    scene = Scene(istio, authority, tmp_path, PODS)
    stripe, weather, evil = scene.site(STRIPE), scene.site(WEATHER), Site("evil.test", None)
    application = scene.application()
    with stripe.running() as first, weather.running() as second, evil.running() as third:
        addresses = {
            "stripe": f"{STRIPE}:443",
            "weather": f"{WEATHER}:80",
            "stripe on another port": f"{STRIPE}:80",
            "an address": f"127.0.0.1:{third}",
        }
        with scene.tunnels(manifests, CLIENTS, addresses, api_stripe_test=first, weather_test=second) as ports:
            seen = {(pod, STRIPE): get(ports[pod, "stripe"], STRIPE, application) for pod in CLIENTS} | {
                (pod, WEATHER): get(ports[pod, "weather"], WEATHER) for pod in CLIENTS
            }
            other_name = get(ports["shop", "stripe"], "evil.test", application)
            no_name = get(ports["shop", "stripe"], STRIPE)
            other_host = get(ports["shop", "weather"], "evil.test")
            elsewhere = [
                get(ports["shop", "stripe on another port"], STRIPE),
                get(ports["shop", "an address"], "evil.test"),
            ]
    passed = {pair for pair, answer in seen.items() if answer.startswith("200 ")}
    assert passed == {("payments", STRIPE), ("shop", STRIPE), ("shop", WEATHER), ("orders", WEATHER)}
    assert {answer for pair, answer in seen.items() if pair not in passed} == {RESET, "403 RBAC: access denied"}
    assert (other_name, no_name, other_host) == (RESET, RESET, "403 RBAC: access denied")
    assert elsewhere == [RESET, RESET]
    assert (stripe.asked, weather.asked, evil.asked) == ([STRIPE] * 2, [WEATHER] * 2, [])


def test_what_the_reader_refuses_or_counts_as_open_is_open(
    istio: IstioCheck, manifests: list[Manifest], authority: Authority, tmp_path: Path
) -> None:
    """A second host of an entry under the name of the first, and a host whose policy only logs."""
    changed = copy.deepcopy(manifests)
    (entry,) = [it for it in changed if it["kind"] == "ServiceEntry" and it["spec"]["hosts"] == [STRIPE]]
    entry["spec"]["hosts"].append("evil.test")
    (policy,) = [it for it in changed if it["kind"] == "AuthorizationPolicy" and "to" in it["spec"]["rules"][0]]
    policy["metadata"]["annotations"] = {"istio.io/dry-run": "true"}
    scene = Scene(istio, authority, tmp_path, PODS)
    # It has a certificate for the name that it is asked for.
    evil, weather = Site("evil.test", authority.issue("evil", f"DNS:{STRIPE}")), scene.site(WEATHER)
    addresses = {"evil": "evil.test:443", "weather": f"{WEATHER}:80"}
    with (
        evil.running() as first,
        weather.running() as second,
        scene.tunnels(changed, CLIENTS, addresses, evil_test=first, weather_test=second) as ports,
    ):
        under_other_name = get(ports["shop", "evil"], STRIPE, scene.application())
        of_stranger = get(ports["stranger", "weather"], WEATHER)
    assert (under_other_name, of_stranger) == ("200 evil.test", f"200 {WEATHER}")
