"""What the charts make of a project with an egress gateway, asked of Istio: where each host of the table leads, and for
whom, from the pod of a service to where the connection leaves the mesh.
"""

import copy
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from support.dialect_projects import render_project
from support.mesh_scene import RESET, Scene, Site, get
from support.tables import each
from testbed.certificates import Authority
from testbed.istio import BLACK_HOLE, HTTP, MUTUAL_TLS, TLS, Connection, IstioCheck, Pod

SERVICES: Final = """\
| Service | Namespace | Depends on |
|---|---|---|
| Payments | payments | Stripe, Bank |
| Shop | shop | Stripe, Weather |
| Orders | shop | Weather |
| Reports | istio-egress | Stripe |
"""
CATALOG: Final = """\
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  Stripe: {hosts: [api.stripe.test, files.stripe.test], ports: [443]}
  Bank: {hosts: [api-eu.bank.test], ports: [8443]}
  Weather:
    hosts: [weather.test]
    ports: [80]
    gateway: {tls: originate, rateLimit: {requests: 7, per: minute}}
"""
PROJECT: Final = """\
sources: [services.md]
catalog: catalog.yaml
cluster:
  dialect: Istio
  istio: {gateway: {namespace: istio-egress}}
"""
GATEWAY: Final = "istio-egressgateway.istio-egress.svc.cluster.local"
SERVICE: Final[dict[str, Any]] = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "istio-egressgateway", "namespace": "istio-egress"},
    "spec": {"selector": {"istio": "egressgateway"}, "ports": [{"name": "tls", "port": 443, "targetPort": 8443}]},
}
# Of no service: `temporary` in a namespace of clients, `stranger` in one that no host is for.
PODS: Final = {
    "payments": Pod("payments", {"app": "payments"}),
    "shop": Pod("shop", {"app": "shop"}),
    "orders": Pod("shop", {"app": "orders"}),
    "reports": Pod("istio-egress", {"app": "reports"}),
    "temporary": Pod("payments", {"app": "temporary"}),
    "stranger": Pod("other", {"app": "shop"}),
    "gateway": Pod("istio-egress", {"istio": "egressgateway"}, is_gateway=True),
}
STRIPE: Final = ("api.stripe.test", 443, TLS)
FILES: Final = ("files.stripe.test", 443, TLS)
BANK: Final = ("api-eu.bank.test", 8443, TLS)
WEATHER: Final = ("weather.test", 80, HTTP)
HOSTS: Final = (STRIPE, FILES, BANK, WEATHER)
# Hosts of the table in another way, and their neighbours.
OTHERS: Final = (
    ("stripe.test", 443, TLS),
    ("eu.api.stripe.test", 443, TLS),
    ("api.stripe.test", 8443, TLS),
    ("api.stripe.test", 80, HTTP),
    ("api-eu.bank.test", 443, TLS),
    ("weather.test", 443, TLS),
    ("www.weather.test", 80, HTTP),
    ("evil.test", 443, TLS),
)
WANTED: Final = {
    "payments": {STRIPE, FILES, BANK},
    "shop": {STRIPE, FILES, WEATHER},
    "orders": {WEATHER},
    "reports": {STRIPE, FILES},
    # No Sidecar is for it: it knows what its namespace sees, and NetworkPolicies keep it from the gateway.
    "temporary": {STRIPE, FILES, BANK},
    "stranger": set[tuple[str, int, str]](),
}

Manifest = dict[str, Any]


@pytest.fixture(scope="module")
def manifests(tmp_path_factory: pytest.TempPathFactory) -> list[Manifest]:
    return rendered_objects(tmp_path_factory.mktemp("project"), CATALOG)


def rendered_objects(folder: Path, catalog: str) -> list[Manifest]:
    """The objects that the charts make of the project, besides NetworkPolicies, and the Service of the gateway."""
    for name, text in (("services.md", SERVICES), ("catalog.yaml", catalog), ("egressc.yaml", PROJECT)):
        (folder / name).write_text(text, "utf-8")
    rendered = render_project(folder / "egressc.yaml").manifests
    return [SERVICE, *(it for it in rendered if it["kind"] != "NetworkPolicy")]


def outcomes(istio: IstioCheck, manifests: Sequence[Manifest], connections: Sequence[Connection]) -> list[str]:
    """Where each connection ends: the host and port outside, or why nowhere."""
    answer = istio.ask(manifests, PODS, connections)
    assert answer.refused == {}
    return [path[-1].cluster or path[-1].error for path in answer.paths]


def test_istio_takes_every_object(istio: IstioCheck, manifests: list[Manifest]) -> None:
    answer = istio.ask(manifests, PODS)
    assert answer.refused == {}
    assert [it for it in answer.warnings if "EnvoyFilter exposes internal implementation details" not in it] == []
    assert {it["kind"] for it in manifests} >= {"ServiceEntry", "Gateway", "AuthorizationPolicy", "EnvoyFilter"}


def test_each_host_leads_through_the_gateway_for_those_that_want_it(
    istio: IstioCheck, manifests: list[Manifest]
) -> None:
    asked = [(pod, host) for pod in WANTED for host in (*HOSTS, *OTHERS)]
    answer = istio.ask(manifests, PODS, [Connection(pod, *host) for pod, host in asked])
    reached: dict[str, set[tuple[str, int, str]]] = {pod: set() for pod in WANTED}
    for (pod, host), path in zip(asked, answer.paths, strict=True):
        if path[-1].cluster in ("", BLACK_HOLE):
            continue
        first, last = path
        name, port, protocol = host
        assert first.cluster.startswith("outbound|443|")
        assert first.cluster.endswith(f"|{GATEWAY}")
        assert (first.tls, first.server_name) == (MUTUAL_TLS, name)
        assert (last.pod, last.cluster) == ("gateway", f"outbound|{port}||{name}")
        assert (last.tls, last.server_name) == (("", "") if protocol == TLS else (TLS, name))
        reached[pod].add(host)
    assert reached == WANTED


def in_root(kind: str, spec: Manifest) -> Manifest:
    group = "security" if kind == "AuthorizationPolicy" else "networking"
    named = {"name": "of-all", "namespace": "istio-system"}
    return {"apiVersion": f"{group}.istio.io/v1", "kind": kind, "metadata": named, "spec": spec}


def test_what_is_in_the_root_namespace_counts_for_the_whole_mesh(istio: IstioCheck, manifests: list[Manifest]) -> None:
    """Why the reader looks there too: a Sidecar for pods without one, a policy for every gateway of its labels."""
    narrow = in_root("Sidecar", {"egress": [{"hosts": ["*/*.svc.cluster.local"]}]})
    calls = [Connection(pod, *STRIPE) for pod in ("temporary", "shop")]
    assert outcomes(istio, [*manifests, narrow], calls) == [BLACK_HOLE, f"outbound|443||{STRIPE[0]}"]
    sources = [{"source": {"notNamespaces": ["shop"]}}]
    rule = {"from": sources, "when": [{"key": "connection.sni", "values": [FILES[0]]}]}
    selector = {"matchLabels": {"istio": "egressgateway"}}
    deny = in_root("AuthorizationPolicy", {"selector": selector, "action": "DENY", "rules": [rule]})
    denied, passed = outcomes(istio, [*manifests, deny], [Connection(pod, *FILES) for pod in ("payments", "shop")])
    assert denied.startswith("access denied: ns[istio-system]-policy[of-all]")
    assert passed == f"outbound|443||{FILES[0]}"


def test_the_gateway_tells_service_accounts_apart(istio: IstioCheck, tmp_path: Path) -> None:
    accounts = 'defaults: {namespace: shop, selector: {app: "{id}"}, serviceAccount: "{id}-runner"}'
    catalog = CATALOG.replace(CATALOG.partition("\n")[0], accounts)
    manifests = rendered_objects(tmp_path, catalog)
    pods = {name: replace(it, service_account=f"{name}-runner") for name, it in PODS.items()}
    pods["temporary"] = Pod("shop", {"app": "shop"})
    asked = [(pod, host) for pod in (*WANTED, "temporary") for host in HOSTS]
    answer = istio.ask(manifests, pods, [at_gateway(pod, host) for pod, host in asked])
    assert answer.refused == {}
    passed = {pair for pair, path in zip(asked, answer.paths, strict=True) if path[-1].cluster}
    assert passed == {(pod, host) for pod, hosts in WANTED.items() if pod != "temporary" for host in hosts}


def at_gateway(peer: str, host: tuple[str, int, str], name: str = "") -> Connection:
    """What arrives at the gateway from a pod whose sidecar does not keep to its configuration."""
    return Connection("gateway", name or host[0], 8443, host[2], peer=peer, server_name=host[0])


def test_the_gateway_itself_refuses_other_namespaces(istio: IstioCheck, manifests: list[Manifest]) -> None:
    clients = {STRIPE: {"payments", "shop", "istio-egress"}, BANK: {"payments"}, WEATHER: {"shop"}}
    asked = [(pod, host) for pod in WANTED for host in clients]
    found = outcomes(istio, manifests, [at_gateway(pod, host) for pod, host in asked])
    for (pod, host), end in zip(asked, found, strict=True):
        if PODS[pod].namespace in clients[host]:
            assert end == f"outbound|{host[1]}||{host[0]}"
        else:
            assert end.startswith("access denied: ns[istio-egress]-policy[egress-gateway-")
    assert len({end.startswith("access") for end in found}) == 2


def test_the_gateway_takes_nothing_else(istio: IstioCheck, manifests: list[Manifest]) -> None:
    asked = {
        Connection("gateway", STRIPE[0], 8443): "invalid mTLS",  # from a pod without a sidecar
        at_gateway("shop", ("evil.test", 443, TLS)): "no filter chains matched",
        at_gateway("shop", WEATHER, "evil.test"): "no virtual host matched",
    }
    assert outcomes(istio, manifests, [*asked]) == [*asked.values()]


def test_several_rules_for_the_service_of_the_gateway_would_close_hosts(
    istio: IstioCheck, manifests: list[Manifest]
) -> None:
    """Why one DestinationRule has the subsets of all hosts."""
    (rule,) = [it for it in manifests if it["spec"].get("host") == GATEWAY]
    clients = {it["spec"]["hosts"][0]: it["spec"]["exportTo"] for it in manifests if it["kind"] == "ServiceEntry"}
    rest = [it for it in manifests if it is not rule]
    for number, subset in enumerate(rule["spec"]["subsets"]):
        made = copy.deepcopy(rule)
        made["metadata"]["name"] += f"-{number}"
        (level,) = subset["trafficPolicy"]["portLevelSettings"]
        made["spec"] |= {"subsets": [subset], "exportTo": clients[level["tls"]["sni"]]}
        rest.append(made)
    with pytest.raises(ValueError, match="pilot's configuration has no cluster"):
        outcomes(istio, rest, [Connection("shop", *host) for host in WANTED["shop"]])


def test_the_gateway_checks_certificates_and_counts_requests(istio: IstioCheck, manifests: list[Manifest]) -> None:
    found = istio.ask(manifests, PODS, configurations=["gateway", "shop"]).configurations
    gateway = found["gateway"]
    (cluster,) = [it for it in gateway["clusters"] if it["name"] == f"outbound|80||{WEATHER[0]}"]
    context = cluster["transportSocket"]["typedConfig"]["commonTlsContext"]["combinedValidationContext"]
    assert context["defaultValidationContext"]["matchSubjectAltNames"] == [{"exact": WEATHER[0]}]
    chains = {
        name: chain
        for listener in gateway["listeners"]
        for chain in listener.get("filterChains", ())
        for name in chain["filterChainMatch"]["serverNames"]
    }
    limits = {name: [it for it in _http_filters(chain) if "ratelimit" in it["name"]] for name, chain in chains.items()}
    (limit,) = limits.pop(WEATHER[0])
    bucket = {"maxTokens": 7, "tokensPerFill": 7, "fillInterval": "60s"}
    assert limit["typedConfig"]["tokenBucket"] == bucket
    assert not any(limits.values())
    assert "local_ratelimit" not in str(found["shop"])


def _http_filters(chain: dict[str, Any]) -> list[dict[str, Any]]:
    managers = [it["typedConfig"] for it in chain["filters"] if it["name"].endswith("http_connection_manager")]
    return [found for it in managers for found in it["httpFilters"]]


def test_an_envoy_lets_clients_through_by_host_and_namespace(
    istio: IstioCheck, manifests: list[Manifest], authority: Authority, tmp_path: Path
) -> None:
    scene = Scene(istio, authority, tmp_path, PODS)
    # What is inside of mutual TLS is the application's; without TLS it is seen here what comes out.
    stripe, weather = Site(STRIPE[0], None), scene.site(WEATHER[0])
    resolved = {"api_stripe_test": stripe, "weather_test": weather}
    with stripe.running() as first, weather.running() as second:
        ports = dict(zip(resolved, (first, second), strict=True))
        with scene.gateway(manifests, **ports) as envoy:
            through = envoy.ports[8443]
            asked = [(pod, host) for pod in ("payments", "shop", "stranger") for host in (STRIPE[0], "evil.test")]
            passed = {(pod, host) for pod, host in asked if get(through, host, scene.proxy(pod)) != RESET}
            refused = get(through, WEATHER[0], scene.proxy("payments"))
            calls = [get(through, WEATHER[0], scene.proxy("shop")) for _ in range(9)]
            nobody = get(through, STRIPE[0], scene.proxy())
    assert passed == {("payments", STRIPE[0]), ("shop", STRIPE[0])}
    assert refused == "403 RBAC: access denied"
    assert calls == [f"200 {WEATHER[0]}"] * 7 + ["429 local_rate_limited"] * 2
    assert nobody == RESET
    assert (len(stripe.asked), len(weather.asked)) == (2, 7)


@each(
    ("certificate", "status"),
    [("weather.test", "200"), ("*.test", "200"), ("evil.test", "503"), ("*.weather.test", "503")],
)
def test_an_envoy_opens_tls_to_the_host_alone(
    istio: IstioCheck, manifests: list[Manifest], authority: Authority, tmp_path: Path, certificate: str, status: str
) -> None:
    scene = Scene(istio, authority, tmp_path, PODS)
    site = Site(WEATHER[0], authority.issue("host", f"DNS:{certificate}"))
    with site.running() as port, scene.gateway(manifests, weather_test=port) as envoy:
        assert get(envoy.ports[8443], WEATHER[0], scene.proxy("shop"))[:3] == status
