"""Istio's own code, as other tests ask it: what it refuses, and where it sends what goes through an egress gateway."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from support.egress_gateway import (
    GATEWAY,
    PODS,
    SERVICE,
    allow,
    load,
    mutual,
    origination,
    passthrough,
    rate_limit,
    resolving,
)
from support.tables import each
from testbed.istio import BLACK_HOLE, HTTP, MUTUAL_TLS, PASSTHROUGH, TLS, Connection, Hop, IstioCheck, Pod

# What a hop has in common over all connections.
BLOCKED = "no cluster: block_all block_all"
NO_CHAIN = "no filter chains matched"
DENIED = "access denied: no policy allows it"

Manifests = Sequence[dict[str, Any]]


def paths(
    istio: IstioCheck, manifests: Manifests, connections: Sequence[Connection], **settings: Any
) -> dict[Connection, tuple[Hop, ...]]:
    answer = istio.ask([*SERVICE, *manifests], PODS, connections, **settings)
    assert answer.refused == {}
    return dict(zip(connections, answer.paths, strict=True))


def ends(istio: IstioCheck, manifests: Manifests, connections: Sequence[Connection], **settings: Any) -> list[str]:
    """For each connection, the clusters on its way and what is wrong at the end, without the gateway's long name."""
    found = paths(istio, manifests, connections, **settings).values()
    return [" > ".join(hop.cluster or hop.error for hop in path).replace(GATEWAY, "GATEWAY") for path in found]


# Each client namespace reaches the host through the gateway, and nothing else.
@each(
    ("connection", "end"),
    [
        (Connection("ai", "api.test", 443), "outbound|443||GATEWAY > outbound|443||api.test"),
        (Connection("orders", "api.test", 443), "outbound|443||GATEWAY > outbound|443||api.test"),
        (Connection("ai", "evil.test", 443), BLACK_HOLE),
        (Connection("ai", "a.api.test", 443), BLACK_HOLE),
        (Connection("ai", "api.test", 8443), BLACK_HOLE),
        (Connection("ai", "api.test", 80, HTTP), BLOCKED),
        (Connection("stranger", "api.test", 443), BLACK_HOLE),
        (Connection("gateway", "api.test", 8443), "outbound|443||api.test"),
        (Connection("gateway", "evil.test", 8443), NO_CHAIN),
        (Connection("gateway", "api.test", 8080), "no listener matched"),
    ],
)
def test_a_host_through_the_gateway(istio: IstioCheck, connection: Connection, end: str) -> None:
    assert ends(istio, passthrough("api.test", "shop"), [connection]) == [end]


# Validation is content with each of these.
def test_a_forgotten_route_is_a_way_round_the_gateway(istio: IstioCheck) -> None:
    entry, gateway, _ = passthrough("api.test", "shop")
    calls = [Connection("ai", "api.test", 443), Connection("gateway", "api.test", 8443)]
    assert ends(istio, [entry, gateway], calls) == ["outbound|443||api.test", "no listener matched"]


def test_a_route_that_its_clients_can_not_see_is_a_way_round_the_gateway(istio: IstioCheck) -> None:
    entry, gateway, service = passthrough("api.test", "shop", "billing")
    service["spec"]["exportTo"] = ["shop", "istio-system"]
    calls = [Connection("ai", "api.test", 443), Connection("pay", "api.test", 443)]
    assert ends(istio, [entry, gateway, service], calls) == [
        "outbound|443||GATEWAY > outbound|443||api.test",
        "outbound|443||api.test",
    ]


def test_a_gateway_that_does_not_listen(istio: IstioCheck) -> None:
    entry, _, service = passthrough("api.test", "shop")
    assert ends(istio, [entry, service], [Connection("ai", "api.test", 443)]) == [
        "outbound|443||GATEWAY > no listener matched"
    ]


def test_a_gateway_that_sends_to_itself(istio: IstioCheck) -> None:
    entry, gateway, service = passthrough("api.test", "shop")
    service["spec"]["tls"][1]["route"] = service["spec"]["tls"][0]["route"]
    (end,) = ends(istio, [entry, gateway, service], [Connection("ai", "api.test", 443)])
    assert re.fullmatch(r"(outbound\|443\|\|GATEWAY > )+it was here before", end)


SECOND_GATEWAY = """
apiVersion: v1
kind: Service
metadata: {name: edge, namespace: istio-system}
spec: {selector: {istio: edge}, ports: [{name: tls, port: 443, targetPort: 9443}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: istio-system}
spec:
  selector: {istio: edge}
  servers: [{port: {number: 443, name: tls, protocol: TLS}, hosts: [inner.test], tls: {mode: PASSTHROUGH}}]
"""


# The first ends the mutual TLS, so the second one reads the name inside.
def test_two_gateways_one_after_the_other(istio: IstioCheck) -> None:
    manifests = [*mutual("outer.test", "shop"), *passthrough("inner.test", "shop"), *load(SECOND_GATEWAY)]
    for service in (one["spec"] for one in manifests if one["kind"] == "VirtualService"):
        if "tcp" in service:
            service["tcp"][0]["route"] = [{"destination": {"host": "edge.istio-system.svc.cluster.local"}}]
        else:
            service["gateways"] = ["istio-system/edge"]
            service["tls"] = [{**service["tls"][1], "match": [{"port": 443, "sniHosts": ["inner.test"]}]}]
    edge = Pod("istio-system", {"istio": "edge"}, is_gateway=True)
    call = Connection("gateway", "inner.test", 8443, peer="ai", server_name="outer.test")
    answer = istio.ask([*SERVICE, *manifests], {**PODS, "edge": edge}, [call])
    assert [(hop.pod, hop.cluster) for hop in answer.paths[0]] == [
        ("gateway", "outbound|443||edge.istio-system.svc.cluster.local"),
        ("edge", "outbound|443||inner.test"),
    ]


def test_a_service_of_the_mesh_is_no_gateway(istio: IstioCheck) -> None:
    service = load("""
        apiVersion: v1
        kind: Service
        metadata: {name: strangers, namespace: other}
        spec: {selector: {app: ai}, ports: [{name: http, port: 8000}]}
    """)
    call = Connection("orders", "strangers.other.svc.cluster.local", 8000, HTTP)
    assert paths(istio, service, [call])[call] == (
        Hop("orders", "outbound|8000||strangers.other.svc.cluster.local", endpoint="10.1.0.5:8000"),
    )


# Where the pods of a service say that they take mutual TLS, proxies wrap connections of their own accord, under a name
# that no server of the gateway has.
def test_a_gateway_that_is_taken_for_a_pod_of_the_mesh(istio: IstioCheck) -> None:
    wrapped = replace(PODS["gateway"], labels={**PODS["gateway"].labels, "security.istio.io/tlsMode": "istio"})
    manifests = [*SERVICE, *passthrough("api.test", "shop")]
    answer = istio.ask(manifests, {**PODS, "gateway": wrapped}, [Connection("ai", "api.test", 443)])
    client, gateway = answer.paths[0]
    assert (client.tls, client.server_name) == (MUTUAL_TLS, f"outbound_.443_._.{GATEWAY}")
    assert gateway.error == NO_CHAIN


@each(
    ("resolution", "end"),
    [("NONE", "has no endpoint"), ("DYNAMIC_DNS", "does not learn a name")],
)
def test_a_wildcard_that_leads_a_gateway_nowhere(istio: IstioCheck, resolution: str, end: str) -> None:
    manifests = passthrough("*.api.test", "shop")
    manifests[0]["spec"]["resolution"] = resolution
    assert ends(istio, manifests, [Connection("ai", "a.b.api.test", 443), Connection("ai", "api.test", 443)]) == [
        f"outbound|443||GATEWAY > outbound|443||*.api.test {end}",
        BLACK_HOLE,
    ]


def test_a_wildcard_with_a_filter_that_resolves(istio: IstioCheck) -> None:
    manifests = passthrough("*.api.test", "shop")
    manifests[0]["spec"]["resolution"] = "DYNAMIC_DNS"
    call = [Connection("ai", "a.b.api.test", 443)]
    assert ends(istio, [*manifests, resolving("*.api.test", 443)], call) == [
        "outbound|443||GATEWAY > outbound|443||*.api.test"
    ]


# Without a gateway, the proxy of the client resolves the name that it reads.
def test_a_wildcard_without_a_gateway(istio: IstioCheck) -> None:
    entry, *_ = passthrough("*.api.test", "shop")
    entry["spec"]["resolution"] = "DYNAMIC_DNS"
    assert ends(istio, [entry], [Connection("ai", "a.b.api.test", 443)]) == ["outbound|443||*.api.test"]


SIDECAR = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: ai, namespace: shop}
spec:
  workloadSelector: {labels: {app: ai}}
  outboundTrafficPolicy: {mode: REGISTRY_ONLY}
  egress: [{hosts: [istio-system/a.test, istio-system/istio-egressgateway.istio-system.svc.cluster.local]}]
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec:
  outboundTrafficPolicy: {mode: REGISTRY_ONLY}
  egress: [{hosts: [istio-system/b.test, istio-system/istio-egressgateway.istio-system.svc.cluster.local]}]
"""


def test_sidecars_give_each_workload_its_hosts(istio: IstioCheck) -> None:
    manifests = [*passthrough("a.test", "shop"), *passthrough("b.test", "shop"), *load(SIDECAR)]
    calls = [Connection(pod, host, 443) for pod in ("ai", "orders") for host in ("a.test", "b.test")]
    through = "outbound|443||GATEWAY > outbound|443||"
    # The objects alone say that what they do not name is blocked.
    assert ends(istio, manifests, calls, mesh={}) == [f"{through}a.test", BLACK_HOLE, BLACK_HOLE, f"{through}b.test"]


def test_what_no_object_describes_is_open_where_nobody_says_otherwise(istio: IstioCheck) -> None:
    calls = [Connection("ai", "evil.test", 443), Connection("ai", "evil.test", 80, HTTP)]
    assert ends(istio, passthrough("api.test", "shop"), calls, mesh={}) == [PASSTHROUGH, PASSTHROUGH]
    assert ends(istio, passthrough("api.test", "shop"), calls) == [BLACK_HOLE, BLOCKED]


def test_mutual_tls_to_the_gateway_with_the_clients_own_tls_inside(istio: IstioCheck) -> None:
    call = Connection("ai", "api.test", 443)
    assert paths(istio, mutual("api.test", "shop"), [call])[call] == (
        Hop("ai", f"outbound|443|api-test|{GATEWAY}", endpoint="10.1.0.2:8443", tls=MUTUAL_TLS, server_name="api.test"),
        Hop("gateway", "outbound|443||api.test", endpoint="api.test:443"),
    )


@each(
    ("connection", "end"),
    [
        (Connection("gateway", "api.test", 8443, peer="ai", server_name="api.test"), "outbound|443||api.test"),
        # The name outside counts: what the application says inside, no gateway can read.
        (Connection("gateway", "evil.test", 8443, peer="ai", server_name="api.test"), "outbound|443||api.test"),
        (Connection("gateway", "api.test", 8443, peer="ai", server_name="evil.test"), NO_CHAIN),
        (Connection("gateway", "api.test", 8443), "invalid mTLS"),
    ],
)
def test_what_arrives_at_a_gateway_with_mutual_tls(istio: IstioCheck, connection: Connection, end: str) -> None:
    assert ends(istio, mutual("api.test", "shop"), [connection]) == [end]


def test_policies_of_the_gateway_decide_by_client_and_host(istio: IstioCheck) -> None:
    manifests = [
        *mutual("api.test", "shop", "billing"),
        *mutual("bank.test", "shop", "billing"),
        allow("api.test", namespaces=["shop"]),
        allow("bank.test", principals=["cluster.local/ns/billing/sa/pay"]),
    ]
    calls = [Connection(pod, host, 443) for pod in ("ai", "pay") for host in ("api.test", "bank.test")]
    to_gateway = ["outbound|443|api-test|GATEWAY > ", "outbound|443|bank-test|GATEWAY > "]
    assert ends(istio, manifests, calls) == [
        f"{to_gateway[0]}outbound|443||api.test",
        f"{to_gateway[1]}{DENIED}",
        f"{to_gateway[0]}{DENIED}",
        f"{to_gateway[1]}outbound|443||bank.test",
    ]


def test_a_gateway_that_leaves_tls_alone_knows_no_client(istio: IstioCheck) -> None:
    call = [Connection("ai", "api.test", 443)]
    manifests = passthrough("api.test", "shop")
    assert ends(istio, [*manifests, allow("api.test", namespaces=["shop"])], call) == [
        f"outbound|443||GATEWAY > {DENIED}"
    ]
    # Even where a client shows who it is.
    wrapped = [Connection("gateway", "api.test", 8443, peer="ai", server_name="api.test")]
    assert ends(istio, [*manifests, allow("api.test", namespaces=["shop"])], wrapped) == [DENIED]
    by_address = allow("api.test", ipBlocks=["10.1.0.0/16"])
    assert ends(istio, [*manifests, by_address], call) == ["outbound|443||GATEWAY > outbound|443||api.test"]
    by_origin = allow("api.test", remoteIpBlocks=["10.1.0.0/16"], notIpBlocks=["10.2.0.0/16"])
    assert ends(istio, [*manifests, by_origin], call) == ["outbound|443||GATEWAY > outbound|443||api.test"]
    by_address["spec"]["action"] = "DENY"
    assert ends(istio, [*manifests, by_address], call) == [
        "outbound|443||GATEWAY > access denied: ns[istio-system]-policy[api-test]-rule[0]"
    ]


def test_the_gateway_begins_tls(istio: IstioCheck) -> None:
    calls = [
        Connection("ai", "api.test", 80, HTTP),
        Connection("ai", "api.test", 443),
        Connection("ai", "evil.test", 80, HTTP),
        Connection("stranger", "api.test", 80, HTTP),
        Connection("gateway", "evil.test", 8080, HTTP, peer="ai", server_name="api.test"),
        Connection("gateway", "api.test", 8080, HTTP),
        Connection("gateway", "api.test", 8080, peer="ai", server_name="api.test"),
    ]
    first, *others = paths(istio, origination("api.test", "shop"), calls).values()
    assert first == (
        Hop("ai", f"outbound|80|api-test|{GATEWAY}", endpoint="10.1.0.2:8080", tls=MUTUAL_TLS, server_name="api.test"),
        Hop("gateway", "outbound|80||api.test", endpoint="api.test:443", tls=TLS, server_name="api.test"),
    )
    assert [path[-1].error or path[-1].cluster for path in others] == [
        BLACK_HOLE,
        BLOCKED,
        BLOCKED,
        "no virtual host matched",
        NO_CHAIN,
        "protocol error",
    ]


# As the documentation writes it: the host has a port 443 beside the one that leads through the gateway.
def test_a_second_port_of_the_host_is_a_way_round_the_gateway(istio: IstioCheck) -> None:
    manifests = origination("api.test", "shop")
    manifests[0]["spec"]["ports"].append({"number": 443, "name": "https", "protocol": "HTTPS"})
    assert ends(istio, manifests, [Connection("ai", "api.test", 443)]) == ["outbound|443||api.test"]


def test_a_rate_limit_is_in_what_the_gateway_gets(istio: IstioCheck) -> None:
    manifests = [*SERVICE, *origination("api.test", "shop"), rate_limit("api.test", 3)]
    answer = istio.ask(manifests, PODS, configurations=["gateway", "ai"])
    assert answer.refused == {}
    assert re.match("EnvoyFilter istio-system/api-test-limit: EnvoyFilter exposes internal", answer.warnings[0])
    gateway, client = (answer.configurations[name] for name in ("gateway", "ai"))
    (manager,) = (one["typedConfig"] for one in gateway["listeners"][0]["filterChains"][0]["filters"])
    assert manager["httpFilters"][0]["name"] == "envoy.filters.http.local_ratelimit"
    (host,) = (one for route in gateway["routes"] for one in route["virtualHosts"] if one["name"] == "api.test:80")
    limit = host["typedPerFilterConfig"]["envoy.filters.http.local_ratelimit"]
    assert limit["tokenBucket"]["maxTokens"] == 3
    assert "local_ratelimit" not in str(client)


@each(
    ("change", "message"),
    [
        ({"resolution": "SIDEWAYS"}, "unknown value .*SIDEWAYS.* for enum .*Resolution"),
        ({"hosts": ["*"]}, "invalid host"),
        ({"hosts": ["https://api.test"]}, "domain name"),
        ({"host": ["api.test"]}, 'unknown field "host"'),
        ({"ports": [{"number": 443, "name": "tls", "protocol": "TLSS"}]}, "invalid protocol|unsupported protocol"),
    ],
)
def test_what_validation_refuses(istio: IstioCheck, change: dict[str, Any], message: str) -> None:
    manifests = passthrough("api.test", "shop")
    manifests[0]["spec"] |= change
    answer = istio.ask([*SERVICE, *manifests], PODS, [Connection("ai", "api.test", 443)])
    assert list(answer.refused) == [1]
    assert re.search(message, answer.refused[1])
    assert answer.paths == ()


def test_a_kind_that_pilot_does_not_read(istio: IstioCheck) -> None:
    answer = istio.ask([{"apiVersion": "networking.istio.io/v1", "kind": "Egress", "metadata": {"name": "one"}}])
    assert re.match("pilot does not read networking.istio.io/v1 Egress: ", answer.refused[0])


def test_questions_do_not_remember_each_other(istio: IstioCheck) -> None:
    call = [Connection("ai", "api.test", 443)]
    good = passthrough("api.test", "shop")
    asked = [ends(istio, given, call) for given in (good, [], good)]
    assert asked[0] == asked[2] != asked[1] == [BLACK_HOLE]


def test_a_question_about_nobody(istio: IstioCheck) -> None:
    with pytest.raises(ValueError, match="no pod has the name nobody"):
        ends(istio, [], [Connection("nobody", "api.test", 443)])
    with pytest.raises(ValueError, match='a connection speaks TLS or HTTP, not "UDP"'):
        ends(istio, [], [Connection("ai", "api.test", 443, "UDP")])
    assert ends(istio, [], [Connection("ai", "api.test", 443)]) == [BLACK_HOLE]
