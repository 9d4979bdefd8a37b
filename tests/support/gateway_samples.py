"""Values of an egress gateway, with a host of each kind."""

from typing import Any, Final

NAME: Final = "egress-gateway"
NAMESPACE: Final = "istio-egress"
STRIPE: Final = "api.stripe.example"
BANK: Final = "api-eu.bank.example"
WEATHER: Final = "weather.example"
HOSTS: Final[dict[str, dict[str, Any]]] = {
    STRIPE: {"port": 443, "clients": ["payments", "shop"]},
    BANK: {"port": 8443, "clients": ["payments"], "tls": "passthrough"},
    WEATHER: {
        "port": 80,
        "clients": ["shop"],
        "tls": "originate",
        "rateLimit": {"requests": 100, "per": "minute"},
    },
}
GATEWAY: Final[dict[str, Any]] = {
    "service": "istio-egressgateway",
    "podSelector": {"istio": "egressgateway"},
    "port": 443,
    "clusterDomain": "cluster.local",
}


WAYPOINT: Final[dict[str, Any]] = {"waypoint": "egress", "clusterDomain": "cluster.local"}
BEHIND: Final[dict[str, dict[str, Any]]] = {
    STRIPE: {"port": 443, "clients": ["payments", "shop/web-shop"]},
    WEATHER: {"port": 8080, "clients": ["shop/web-shop"], "tls": "originate"},
}


def gateway_values(**changes: Any) -> dict[str, Any]:
    """Values of the chart egress-gateway, with other members of `networkPolicy`."""
    whole = {"release": {"name": NAME, "namespace": NAMESPACE}, "gateway": GATEWAY, "hosts": HOSTS}
    return {"networkPolicy": {**whole, **changes}}


def one_host(**settings: Any) -> dict[str, Any]:
    """Values with one host, with other settings; None leaves one out."""
    held = {key: value for key, value in {**HOSTS[STRIPE], **settings}.items() if value is not None}
    return gateway_values(hosts={STRIPE: held})
