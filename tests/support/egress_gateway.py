"""Objects of an egress gateway of Istio, by the recipes of its documentation, and the pods that they are for.

Source: istio.io, "Egress Gateways" and "Egress Gateways with TLS Origination".
"""

from typing import Any, Final

import yaml

from testbed.istio import Pod

GATEWAY: Final = "istio-egressgateway.istio-system.svc.cluster.local"
# `ai` and `orders` share a namespace; `pay` has a service account; `stranger` is in a namespace that no host is for.
PODS: Final = {
    "ai": Pod("shop", {"app": "ai"}),
    "orders": Pod("shop", {"app": "orders"}),
    "pay": Pod("billing", {"app": "pay"}, service_account="pay"),
    "stranger": Pod("other", {"app": "ai"}),
    "gateway": Pod("istio-system", {"istio": "egressgateway"}, is_gateway=True),
}

Manifest = dict[str, Any]


def load(text: str) -> list[Manifest]:
    return list(yaml.safe_load_all(text))


def name_of(host: str) -> str:
    """Of the objects for a host. A Gateway has the name of a DNS label."""
    return host.replace("*", "all").replace(".", "-")


SERVICE: Final = load("""
apiVersion: v1
kind: Service
metadata: {name: istio-egressgateway, namespace: istio-system}
spec:
  selector: {istio: egressgateway}
  ports: [{name: http2, port: 80, targetPort: 8080}, {name: https, port: 443, targetPort: 8443}]
""")


def passthrough(host: str, *clients: str) -> list[Manifest]:
    """The application speaks TLS, which the gateway leaves as it is: it reads the server name alone."""
    return load(f"""
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: {name_of(host)}, namespace: istio-system}}
spec:
  hosts: ["{host}"]
  location: MESH_EXTERNAL
  resolution: DNS
  ports: [{{number: 443, name: tls, protocol: TLS}}]
  exportTo: {_namespaces(clients)}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: {name_of(host)}, namespace: istio-system}}
spec:
  selector: {{istio: egressgateway}}
  servers:
  - port: {{number: 443, name: tls, protocol: TLS}}
    hosts: ["{host}"]
    tls: {{mode: PASSTHROUGH}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name_of(host)}, namespace: istio-system}}
spec:
  hosts: ["{host}"]
  gateways: [mesh, istio-system/{name_of(host)}]
  exportTo: {_namespaces(clients)}
  tls:
  - match: [{{gateways: [mesh], port: 443, sniHosts: ["{host}"]}}]
    route: [{{destination: {{host: {GATEWAY}, port: {{number: 443}}}}}}]
  - match: [{{gateways: [istio-system/{name_of(host)}], port: 443, sniHosts: ["{host}"]}}]
    route: [{{destination: {{host: "{host}", port: {{number: 443}}}}}}]
""")


def mutual(host: str, *clients: str) -> list[Manifest]:
    """The application speaks TLS, and the proxies wrap it in mutual TLS: the gateway knows who the client is."""
    entry, gateway, service = passthrough(host, *clients)
    gateway["spec"]["servers"][0]["tls"] = {"mode": "ISTIO_MUTUAL"}
    to_gateway, onward = service["spec"]["tls"]
    to_gateway["route"][0]["destination"]["subset"] = name_of(host)
    service["spec"]["tls"] = [to_gateway]
    service["spec"]["tcp"] = [{**onward, "match": [{"gateways": [f"istio-system/{name_of(host)}"], "port": 443}]}]
    return [entry, gateway, service, _wrapping(host, 443)]


def origination(host: str, *clients: str) -> list[Manifest]:
    """The application speaks HTTP to port 80, proxies wrap it in mutual TLS, and the gateway speaks TLS to the host.

    One port of the host, with another target: a port 443 would be open to the clients without the gateway.
    """
    manifests = load(f"""
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: {name_of(host)}, namespace: istio-system}}
spec:
  hosts: ["{host}"]
  location: MESH_EXTERNAL
  resolution: DNS
  ports: [{{number: 80, name: http, protocol: HTTP, targetPort: 443}}]
  exportTo: {_namespaces(clients)}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: {name_of(host)}, namespace: istio-system}}
spec:
  selector: {{istio: egressgateway}}
  servers:
  - port: {{number: 80, name: https, protocol: HTTPS}}
    hosts: ["{host}"]
    tls: {{mode: ISTIO_MUTUAL}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name_of(host)}, namespace: istio-system}}
spec:
  hosts: ["{host}"]
  gateways: [mesh, istio-system/{name_of(host)}]
  exportTo: {_namespaces(clients)}
  http:
  - match: [{{gateways: [mesh], port: 80}}]
    route: [{{destination: {{host: {GATEWAY}, subset: {name_of(host)}, port: {{number: 80}}}}}}]
  - match: [{{gateways: [istio-system/{name_of(host)}], port: 80}}]
    route: [{{destination: {{host: "{host}", port: {{number: 80}}}}}}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {name_of(host)}, namespace: istio-system}}
spec:
  host: "{host}"
  trafficPolicy: {{portLevelSettings: [{{port: {{number: 80}}, tls: {{mode: SIMPLE, sni: "{host}"}}}}]}}
""")
    return [*manifests, _wrapping(host, 80)]


def rate_limit(host: str, calls: int) -> Manifest:
    """So many calls an hour through each pod of the gateway, where it sees HTTP."""
    name = "envoy.filters.http.local_ratelimit"
    limit = {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
        "stat_prefix": host,
    }
    always = {"default_value": {"numerator": 100}}
    bucket = {"max_tokens": calls, "tokens_per_fill": calls, "fill_interval": "3600s"}
    of_host = {**limit, "token_bucket": bucket, "filter_enabled": always, "filter_enforced": always}
    manager = {"filterChain": {"filter": {"name": "envoy.filters.network.http_connection_manager"}}}
    return _filter(
        f"{name_of(host)}-limit",
        {
            "applyTo": "HTTP_FILTER",
            "match": {"context": "GATEWAY", "listener": manager},
            "patch": {"operation": "INSERT_BEFORE", "value": {"name": name, "typed_config": limit}},
        },
        {
            "applyTo": "VIRTUAL_HOST",
            "match": {"context": "GATEWAY", "routeConfiguration": {"vhost": {"name": f"{host}:80"}}},
            "patch": {"operation": "MERGE", "value": {"typed_per_filter_config": {name: of_host}}},
        },
    )


def resolving(host: str, port: int) -> Manifest:
    """What a gateway needs beside `resolution: DYNAMIC_DNS`: it resolves the server name that it reads."""
    proxy = {"name": "envoy.filters.network.tcp_proxy"}
    config = {
        "@type": "type.googleapis.com/envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig",
        # Pilot's own cache, of the cluster.
        "dns_cache_config": {"name": f"{host}_dfp_dns_cache", "dns_lookup_family": "V4_ONLY"},
        "port_value": port,
    }
    value = {"name": "envoy.filters.network.sni_dynamic_forward_proxy", "typed_config": config}
    return _filter(
        f"{name_of(host)}-resolving",
        {
            "applyTo": "NETWORK_FILTER",
            "match": {"context": "GATEWAY", "listener": {"filterChain": {"sni": host, "filter": proxy}}},
            "patch": {"operation": "INSERT_BEFORE", "value": value},
        },
    )


def _filter(name: str, *patches: dict[str, Any]) -> Manifest:
    return {
        "apiVersion": "networking.istio.io/v1alpha3",
        "kind": "EnvoyFilter",
        "metadata": {"name": name, "namespace": "istio-system"},
        "spec": {"workloadSelector": {"labels": {"istio": "egressgateway"}}, "configPatches": list(patches)},
    }


def allow(host: str, **source: list[str]) -> Manifest:
    """Only these clients reach a host through the gateway; `source` is one of an AuthorizationPolicy."""
    return {
        "apiVersion": "security.istio.io/v1",
        "kind": "AuthorizationPolicy",
        "metadata": {"name": name_of(host), "namespace": "istio-system"},
        "spec": {
            "selector": {"matchLabels": {"istio": "egressgateway"}},
            "action": "ALLOW",
            "rules": [{"from": [{"source": source}], "when": [{"key": "connection.sni", "values": [host]}]}],
        },
    }


def _wrapping(host: str, port: int) -> Manifest:
    """How the proxies of clients wrap connections to the gateway for one host."""
    tls = {"port": {"number": port}, "tls": {"mode": "ISTIO_MUTUAL", "sni": host}}
    subset = {"name": name_of(host), "trafficPolicy": {"portLevelSettings": [tls]}}
    return {
        "apiVersion": "networking.istio.io/v1",
        "kind": "DestinationRule",
        "metadata": {"name": f"egressgateway-{name_of(host)}", "namespace": "istio-system"},
        "spec": {"host": GATEWAY, "subsets": [subset]},
    }


def _namespaces(clients: tuple[str, ...]) -> str:
    return f"[{', '.join([*clients, 'istio-system'])}]"
