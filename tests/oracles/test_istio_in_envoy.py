"""What Istio generates for a gateway, run by an Envoy on loopback, with real connections."""

from pathlib import Path

import pytest

from support.egress_gateway import PODS, SERVICE, allow, mutual, origination, passthrough, rate_limit, resolving
from support.mesh_scene import RESET, Scene, Site, get
from testbed.certificates import Authority
from testbed.istio import IstioCheck


@pytest.fixture
def scene(istio: IstioCheck, authority: Authority, tmp_path: Path) -> Scene:
    return Scene(istio, authority, tmp_path, PODS)


def test_only_the_hosts_of_the_table_pass_the_gateway(scene: Scene) -> None:
    site = scene.site("api.test")
    manifests = passthrough("api.test", "shop")
    with site.running() as port, scene.gateway([*SERVICE, *manifests], api_test=port) as envoy:
        through = envoy.ports[8443]
        # The host's own certificate: the client checks it from end to end.
        assert get(through, "api.test", scene.application()) == "200 api.test"
        assert get(through, "evil.test", scene.application()) == RESET
        assert get(through, "a.api.test", scene.application()) == RESET
        assert get(through, "api.test") == RESET
    assert site.asked == ["api.test"]


def test_the_gateway_decides_by_client_and_host(scene: Scene) -> None:
    # What is inside of mutual TLS is the application's; without TLS it is seen here what comes out.
    sites = [Site("api.test", None), Site("bank.test", None)]
    manifests = [
        *mutual("api.test", "shop", "billing"),
        *mutual("bank.test", "shop", "billing"),
        allow("api.test", namespaces=["shop"]),
        allow("bank.test", principals=["cluster.local/ns/billing/sa/pay"]),
    ]
    with (
        sites[0].running() as api,
        sites[1].running() as bank,
        scene.gateway([*SERVICE, *manifests], api_test=api, bank_test=bank) as envoy,
    ):
        through = envoy.ports[8443]
        seen = {
            (pod, host): get(through, host, scene.proxy(pod))
            for pod in ("ai", "pay", "stranger")
            for host in ("api.test", "bank.test", "evil.test")
        }
        without_identity = get(through, "api.test", scene.proxy())
    allowed = {("ai", "api.test"): "200 api.test", ("pay", "bank.test"): "200 bank.test"}
    assert seen == dict.fromkeys(seen, RESET) | allowed
    assert without_identity == RESET
    assert [site.asked for site in sites] == [["api.test"], ["bank.test"]]


def test_calls_beyond_the_limit_are_refused(scene: Scene) -> None:
    sites = [scene.site("api.test"), scene.site("free.test")]
    manifests = [
        *origination("api.test", "shop"),
        *origination("free.test", "shop"),
        rate_limit("api.test", 3),
    ]
    with (
        sites[0].running() as api,
        sites[1].running() as free,
        scene.gateway([*SERVICE, *manifests], api_test=api, free_test=free) as envoy,
    ):
        through = envoy.ports[8080]
        calls = [get(through, "api.test", scene.proxy("ai")) for _ in range(5)]
        others = [get(through, "free.test", scene.proxy("ai")) for _ in range(5)]
        elsewhere = get(through, "evil.test", scene.proxy("ai"), server_name="api.test")
    assert calls == ["200 api.test"] * 3 + ["429 local_rate_limited"] * 2
    assert others == ["200 free.test"] * 5
    assert elsewhere == "404 "
    # The gateway spoke TLS to the hosts, and knew their certificates.
    assert [len(site.asked) for site in sites] == [3, 5]


# Names below localhost are the loopback's own, whoever resolves them.
def test_a_wildcard_needs_a_filter_that_resolves(scene: Scene) -> None:
    site = scene.site("a.localhost")
    manifests = passthrough("*.localhost", "shop")
    manifests[0]["spec"]["resolution"] = "DYNAMIC_DNS"
    with site.running() as port:
        with scene.gateway([*SERVICE, *manifests]) as envoy:
            without = get(envoy.ports[8443], "a.localhost", scene.application())
        with scene.gateway([*SERVICE, *manifests, resolving("*.localhost", port)]) as envoy:
            seen = [get(envoy.ports[8443], host, scene.application()) for host in ("a.localhost", "a.test")]
    assert without == RESET
    assert seen == ["200 a.localhost", RESET]
