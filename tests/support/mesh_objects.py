"""Objects of Istio by hand: an egress gateway that leads to hosts, and services that reach it."""

from collections.abc import Iterable
from typing import Any, Final

import yaml

GATEWAY: Final = "istio-egress"
WAYPOINT: Final = "egress"
PAYMENTS: Final = "api.payments.example"
MAIL: Final = "api.mail.example"
_NETWORKING, _SECURITY = "networking.istio.io/v1", "security.istio.io/v1"
_SERVICE: Final = f"istio-egressgateway.{GATEWAY}.svc.cluster.local"
_PODS: Final = {"istio": "egressgateway"}

Object = dict[str, Any]


def led(host: str, clients: Iterable[str] = ("shop",), port: int = 443) -> list[Object]:
    """What leads the services of some namespaces to a host, and nobody else."""
    seen = {"exportTo": [".", *clients]}
    wrapped = {"port": {"number": 443}, "tls": {"mode": "ISTIO_MUTUAL", "sni": host}}
    subset = host.replace(".", "-")
    to_gateway = {"host": _SERVICE, "subset": subset, "port": {"number": 443}}
    to_host = {"host": host, "port": {"number": port}}
    return [
        _object(
            _NETWORKING,
            "ServiceEntry",
            host,
            {
                "hosts": [host],
                "location": "MESH_EXTERNAL",
                "resolution": "DNS",
                "ports": [{"number": port, "name": "tls", "protocol": "TLS"}],
                **seen,
            },
        ),
        _object(
            _NETWORKING,
            "Gateway",
            host,
            {
                "selector": _PODS,
                "servers": [
                    {
                        "port": {"number": 443, "name": "tls", "protocol": "TLS"},
                        "hosts": [host],
                        "tls": {"mode": "ISTIO_MUTUAL"},
                    }
                ],
            },
        ),
        _object(
            _NETWORKING,
            "DestinationRule",
            host,
            {
                "host": _SERVICE,
                "subsets": [{"name": subset, "trafficPolicy": {"portLevelSettings": [wrapped]}}],
                **seen,
            },
        ),
        _object(
            _NETWORKING,
            "VirtualService",
            host,
            {
                "hosts": [host],
                "gateways": ["mesh", host],
                "tls": [
                    {
                        "match": [{"gateways": ["mesh"], "port": port, "sniHosts": [host]}],
                        "route": [{"destination": to_gateway}],
                    }
                ],
                "tcp": [{"match": [{"gateways": [host], "port": 443}], "route": [{"destination": to_host}]}],
                **seen,
            },
        ),
        _object(
            _SECURITY,
            "AuthorizationPolicy",
            host,
            {
                "selector": {"matchLabels": _PODS},
                "action": "DENY",
                "rules": [
                    {
                        "from": [{"source": {"notNamespaces": [*clients]}}],
                        "when": [{"key": "connection.sni", "values": [host]}],
                    }
                ],
            },
        ),
    ]


def waypoint(**listener: Any) -> Object:
    """The Gateway of which Istio makes a waypoint."""
    held = {"name": "mesh", "port": 15008, "protocol": "HBONE", **listener}
    spec = {"gatewayClassName": "istio-waypoint", "listeners": [held]}
    return _object("gateway.networking.k8s.io/v1", "Gateway", WAYPOINT, spec)


def behind(host: str, source: Object | None = None) -> list[Object]:
    """What puts a host behind the waypoint, for clients: those of the namespace `shop` by default."""
    entry = _object(
        _NETWORKING,
        "ServiceEntry",
        host,
        {
            "hosts": [host],
            "location": "MESH_EXTERNAL",
            "resolution": "DNS",
            "ports": [{"number": 443, "name": "tls", "protocol": "TLS"}],
        },
    )
    entry["metadata"]["labels"] = {"istio.io/use-waypoint": WAYPOINT}
    rule = {
        "from": [{"source": source or {"namespaces": ["shop"]}}],
        "when": [{"key": "connection.sni", "values": [host]}],
    }
    target = {"group": "networking.istio.io", "kind": "ServiceEntry", "name": host}
    policy = {"targetRefs": [target], "action": "ALLOW", "rules": [rule]}
    return [entry, _object(_SECURITY, "AuthorizationPolicy", host, policy)]


def tunnelling(app: str, namespace: str = "shop") -> Object:
    """A NetworkPolicy that lets pods reach the waypoint."""
    made = reaching(app, namespace)
    made["spec"]["egress"] = [
        {
            "to": [
                {
                    "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": GATEWAY}},
                    "podSelector": {"matchLabels": {"gateway.networking.k8s.io/gateway-name": WAYPOINT}},
                }
            ],
            "ports": [{"port": 15008, "protocol": "TCP"}],
        }
    ]
    return made


def reaching(app: str, namespace: str = "shop") -> Object:
    """A NetworkPolicy that lets pods reach the gateway."""
    pods = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": GATEWAY}},
        "podSelector": {"matchLabels": _PODS},
    }
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": app, "namespace": namespace},
        "spec": {
            "podSelector": {"matchLabels": {"app": app}},
            "policyTypes": ["Egress"],
            "egress": [{"to": [pods], "ports": [{"port": 8443, "protocol": "TCP"}]}],
        },
    }


def sidecar(app: str, *hosts: str, namespace: str = "shop") -> Object:
    """A Sidecar that leaves hosts to pods; for all pods of the namespace without a label."""
    listed = ["*/*.svc.cluster.local", *(f"{GATEWAY}/{it}" for it in hosts)]
    selected = {"workloadSelector": {"labels": {"app": app}}} if app else {}
    return _object(_NETWORKING, "Sidecar", app or "default", {**selected, "egress": [{"hosts": listed}]}, namespace)


def in_yaml(objects: Iterable[Object]) -> str:
    return yaml.safe_dump_all(objects, sort_keys=False)


def _object(api_version: str, kind: str, name: str, spec: Object, namespace: str = GATEWAY) -> Object:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec}
