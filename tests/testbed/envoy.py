"""An Envoy on loopback that runs what Istio's control plane generated for a gateway or a waypoint.

    answer = istio.ask(manifests, pods, configurations=["gateway"])
    with running_envoy(answer.configurations["gateway"], folder, resolved={"api.test:443": port}, …) as envoy:
        envoy.ports[8443]

It is Envoy alone: filters that only Istio's build of it has are left out, none of which decides about connections.
"""

import json
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from testbed.certificates import Authority, Identity
from testbed.processes import Running
from testbed.programs import ENVOY

_LOOPBACK: Final = "127.0.0.1"
_START_SECONDS: Final = 60


@dataclass(frozen=True)
class RunningEnvoy:
    """Attributes:
    ports: on loopback, by the port of the gateway's pod.
    """

    ports: Mapping[int, int]


@contextmanager
def running_envoy(
    configuration: Mapping[str, Any],
    folder: Path,
    resolved: Mapping[str, int],
    authority: Authority,
    identity: Identity,
) -> Iterator[RunningEnvoy]:
    """Run a configuration until the end of the block. Raises NotReady.

    Args:
        resolved: the port on loopback that stands for a host with its port, as a DNS server would say it.
        authority: whose certificates the gateway trusts, of clients and of hosts.
        identity: what the gateway shows its clients.
    """
    listening = {
        one["name"]: one["address"]["socketAddress"]["portValue"]
        for one in configuration["listeners"]
        if "address" in one
    }
    with _running(_bootstrap(configuration, resolved, authority, identity), folder) as ports:
        yield RunningEnvoy({listening[name]: port for name, port in ports.items() if name in listening})


@contextmanager
def running_ztunnel(
    waypoint: int, clients: Mapping[str, Identity], addresses: Mapping[str, str], folder: Path, authority: Authority
) -> Iterator[Mapping[tuple[str, str], int]]:
    """What a ztunnel does with connections of pods: HTTP CONNECT inside mutual TLS. Raises NotReady.

    Args:
        waypoint: its port on loopback.
        clients: the pods, with their identities.
        addresses: by name, where the pods connect to, each with a port.

    Yields:
        For each pod and address, a port on loopback that connects the pod there.
    """
    listeners = [
        {
            "name": f"{pod} {name}",
            "address": _address(0),
            "filter_chains": [{"filters": [_typed("network.tcp_proxy", "TcpProxy", **_tunnel(pod, address))]}],
        }
        for pod in clients
        for name, address in addresses.items()
    ]
    clusters = [_to_waypoint(pod, waypoint, identity, authority) for pod, identity in clients.items()]
    bootstrap = {
        "admin": {"address": _address(0)},
        "static_resources": {"listeners": listeners, "clusters": clusters},
    }
    with _running(bootstrap, folder) as ports:
        yield {(pod, name): ports[f"{pod} {name}"] for pod in clients for name in addresses}


def _tunnel(pod: str, address: str) -> dict[str, Any]:
    return {"stat_prefix": pod, "cluster": pod, "tunneling_config": {"hostname": address}}


def _to_waypoint(pod: str, port: int, identity: Identity, authority: Authority) -> dict[str, Any]:
    own = {
        "certificate_chain": {"filename": str(identity.certificate)},
        "private_key": {"filename": str(identity.key)},
    }
    trusted = {"trusted_ca": {"filename": str(authority.certificate)}}
    common = {
        "tls_params": {"tls_maximum_protocol_version": "TLSv1_3"},
        "tls_certificates": [own],
        "validation_context": trusted,
        "alpn_protocols": ["h2"],
    }
    options = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
    http2 = {"@type": f"type.googleapis.com/{options}", "explicit_http_config": {"http2_protocol_options": {}}}
    return {
        "name": pod,
        "load_assignment": {
            "cluster_name": pod,
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": _address(port)}}]}],
        },
        "typed_extension_protocol_options": {options: http2},
        "transport_socket": _typed("transport_sockets.tls", "UpstreamTlsContext", common_tls_context=common),
    }


def _typed(package: str, message: str, **fields: Any) -> dict[str, Any]:
    """An extension of Envoy, by its package below `envoy.extensions`."""
    within = f"filters.{package}" if package.startswith("network") else package
    url = f"type.googleapis.com/envoy.extensions.{within}.v3.{message}"
    return {"name": f"envoy.{within}", "typed_config": {"@type": url, **fields}}


@contextmanager
def _running(bootstrap: Mapping[str, Any], folder: Path) -> Iterator[dict[str, int]]:
    """The ports on loopback of an Envoy, by the names of its listeners."""
    given, admin = folder / "envoy.json", folder / "admin"
    # Of one that ran here before.
    admin.unlink(missing_ok=True)
    given.write_text(json.dumps(bootstrap), "utf-8")
    options = ("--admin-address-path", admin, "--disable-hot-restart", "--concurrency", "1", "--log-level", "warning")
    with Running("envoy", [ENVOY.path, "-c", given, *options], folder / "envoy.log") as process:
        process.wait_until(lambda: admin.exists() and admin.read_text("utf-8") != "", _START_SECONDS)
        address = admin.read_text("utf-8")
        process.wait_until(lambda: _ask(address, "server_info")["state"] == "LIVE", _START_SECONDS)
        yield {
            one["name"]: one["local_address"]["socket_address"]["port_value"]
            for one in _ask(address, "listeners?format=json")["listener_statuses"]
            if "socket_address" in one["local_address"]
        }


def _ask(address: str, question: str) -> Any:
    with urllib.request.urlopen(f"http://{address}/{question}", timeout=5) as answer:
        return json.load(answer)


def _bootstrap(
    configuration: Mapping[str, Any], resolved: Mapping[str, int], authority: Authority, identity: Identity
) -> dict[str, Any]:
    """All that Istio sends over its own protocol, in one file; every TLS secret by the name that Istio gives it."""
    routes = {route["name"]: route for route in configuration["routes"]}
    trusted = {"trusted_ca": {"filename": str(authority.certificate)}}
    own = {
        "certificate_chain": {"filename": str(identity.certificate)},
        "private_key": {"filename": str(identity.key)},
    }
    return {
        "admin": {"address": _address(0)},
        # The listeners of a waypoint hand connections on to each other.
        "bootstrap_extensions": [_typed("bootstrap.internal_listener", "InternalListener")],
        "static_resources": {
            "listeners": [_listener(_portable(one, routes)) for one in configuration["listeners"]],
            "clusters": [_cluster(_portable(one, routes), resolved) for one in configuration["clusters"]],
            "secrets": [
                {"name": "default", "tls_certificate": own},
                {"name": "ROOTCA", "validation_context": trusted},
                {"name": "file-root:system", "validation_context": trusted},
            ],
        },
    }


def _listener(given: Mapping[str, Any]) -> dict[str, Any]:
    return {**given, "address": _address(0)} if "address" in given else dict(given)


def _portable(node: Any, routes: Mapping[str, Any]) -> Any:
    """A part of the configuration, without what only Istio's Envoy has or what is fetched from its agent."""
    match node:
        case {"rds": {"routeConfigName": name}, **others}:
            return {"routeConfig": _portable(routes[name], routes), **_portable(others, routes)}
        case dict():
            left_out = {"sdsConfig", "accessLog"}
            kept = {key: _portable(value, routes) for key, value in node.items() if key not in left_out}
            if kept.get("factoryKey") == "istio.hashable_string":
                kept["factoryKey"] = "envoy.hashable_string"
            return kept
        case list():
            return [_portable(one, routes) for one in node if not _is_istios_own(one)]
        case _:
            return node


def _is_istios_own(node: Any) -> bool:
    if not isinstance(node, dict):
        return False
    config = node.get("typedConfig")
    type_url = config.get("typeUrl", "") if isinstance(config, dict) else ""
    return str(node.get("name")).startswith("istio.") or str(type_url).startswith("type.googleapis.com/io.istio.")


def _cluster(given: Mapping[str, Any], resolved: Mapping[str, int]) -> dict[str, Any]:
    """A cluster with the endpoints on loopback that stand for its own, unless it asks DNS for whatever name it gets."""
    if "clusterType" in given or given.get("type") == "ORIGINAL_DST" or "envoyInternalAddress" in str(given):
        return dict(given)
    own = [one for locality in given.get("loadAssignment", {}).get("endpoints", []) for one in locality["lbEndpoints"]]
    hosts = [one["endpoint"]["address"]["socketAddress"] for one in own]
    ports = [port for one in hosts if (port := resolved.get(f"{one['address']}:{one['portValue']}"))]
    kept = {key: value for key, value in given.items() if key not in ("edsClusterConfig", "typedDnsResolverConfig")}
    endpoints = [{"lb_endpoints": [{"endpoint": {"address": _address(port)}} for port in ports]}]
    return {
        **kept,
        "type": "STATIC",
        "loadAssignment": {"clusterName": given["name"], "endpoints": endpoints},
    }


def _address(port: int) -> dict[str, Any]:
    return {"socket_address": {"address": _LOOPBACK, "port_value": port}}
