"""Values of the chart egress-gateway: what they say, with near misses, and how a person reads a refusal."""

from typing import Any

import pytest

from egressc.contract.gateway import GatewayValuesDocument
from egressc.contract.validation import find_violations
from egressc.source import Source, Span
from support.gateway_samples import BEHIND, GATEWAY, HOSTS, STRIPE, WAYPOINT, WEATHER, gateway_values, one_host

NOWHERE = Span(Source("egress-gateway.yaml", ""), 0, 0)
LIMIT = HOSTS[WEATHER]["rateLimit"]

Document = dict[str, Any]


def without(member: str) -> Document:
    held = gateway_values()["networkPolicy"]
    return {"networkPolicy": {key: value for key, value in held.items() if key != member}}


def gateway(**changes: Any) -> Document:
    return gateway_values(gateway={key: value for key, value in {**GATEWAY, **changes}.items() if value is not None})


def originated(**settings: Any) -> Document:
    return one_host(**{"port": 80, "tls": "originate", **settings})


TAKEN: dict[str, Document] = {
    "hosts of each kind": gateway_values(),
    "disabled": gateway_values(enabled=False),
    "labels of the operator": gateway_values(commonLabels={"team": "web", "gone": None}, commonAnnotations={"a": "b"}),
    "a host that another file removes": gateway_values(hosts={**HOSTS, STRIPE: None}),
    "another port": one_host(port=8443),
    "a limit that another file removes": gateway_values(hosts={WEATHER: {**HOSTS[WEATHER], "rateLimit": None}}),
    "many requests": originated(rateLimit={"requests": 1_000_000_000, "per": "hour"}),
    "another domain": gateway(clusterDomain="cluster.corp.example"),
    "a waypoint": gateway_values(gateway=WAYPOINT, hosts=BEHIND),
    "a Service that another file removes": gateway_values(gateway={**WAYPOINT, "service": None}, hosts=BEHIND),
}
REFUSED: dict[str, tuple[Document, str]] = {
    "no release": (without("release"), 'EG242 networkPolicy has no "release"'),
    "no gateway": (without("gateway"), 'EG242 networkPolicy has no "gateway"'),
    "no hosts": (without("hosts"), 'EG242 networkPolicy has no "hosts"'),
    "no host": (gateway_values(hosts={}), "EG240 hosts is empty"),
    "keys of a service": (gateway_values(egress=[]), 'EG241 "egress" is not a key of networkPolicy'),
    "no Service": (gateway(service=None), 'EG242 gateway has no "service"'),
    "a Service with its namespace": (
        gateway(service="gateway.istio-egress"),
        'EG240 service "gateway.istio-egress" can contain only a-z, 0-9 and -, and must start and end with a letter or '
        "digit",
    ),
    "no labels": (gateway(podSelector={}), "EG240 podSelector is empty"),
    "labels with expressions": (gateway(podSelector={"matchLabels": {}}), "EG240 matchLabels is a map, not a string"),
    "no port of the gateway": (gateway(port=None), 'EG242 gateway has no "port"'),
    "no domain": (gateway(clusterDomain=None), 'EG242 gateway has no "clusterDomain"'),
    "a wildcard": (
        gateway_values(hosts={"*.stripe.example": HOSTS[STRIPE]}),
        'EG240 key "*.stripe.example" has a wildcard',
    ),
    "an address": (
        gateway_values(hosts={"203.0.113.1": HOSTS[STRIPE]}),
        'EG240 key "203.0.113.1" is an address, not a name',
    ),
    "no port": (one_host(port=None), f'EG242 host "{STRIPE}" has no "port"'),
    "two ports": (one_host(port=[443, 8443]), "EG240 port is a list, not a whole number"),
    "a port in quotes": (one_host(port="443"), 'EG240 port is "443", not a whole number'),
    "no clients": (one_host(clients=None), f'EG242 host "{STRIPE}" has no "clients"'),
    "no client": (one_host(clients=[]), "EG240 clients is empty"),
    "every client": (
        one_host(clients=["*"]),
        'EG240 client "*" is not a namespace or NAMESPACE/SERVICE-ACCOUNT',
    ),
    "every account of a namespace": (
        one_host(clients=["shop/*"]),
        'EG240 client "shop/*" is not a namespace or NAMESPACE/SERVICE-ACCOUNT',
    ),
    "a client twice": (one_host(clients=["shop", "shop"]), "EG240 clients has the same item twice"),
    "another way": (one_host(tls="mutual"), 'EG240 tls "mutual" is not one of passthrough, originate'),
    "the port of TLS": (
        originated(port=443),
        "EG240 port 443 is the one to which the gateway itself opens TLS",
    ),
    "a limit inside TLS": (
        one_host(rateLimit=LIMIT),
        "EG243 rateLimit needs tls: originate, and cannot be used with a waypoint",
    ),
    "a limit behind a waypoint": (
        gateway_values(gateway=WAYPOINT),
        "EG243 rateLimit needs tls: originate, and cannot be used with a waypoint",
    ),
    "a waypoint with a Service": (
        gateway_values(gateway={**WAYPOINT, "service": "gateway"}, hosts=BEHIND),
        'EG243 "service" cannot be used with waypoint',
    ),
    "another name for a waypoint": (
        gateway_values(gateway={**WAYPOINT, "waypoint": "a.b"}, hosts=BEHIND),
        'EG240 waypoint "a.b" can contain only a-z, 0-9 and -, and must start and end with a letter or digit',
    ),
    "no requests": (originated(rateLimit={"per": "hour"}), 'EG242 rateLimit has no "requests"'),
    "zero requests": (originated(rateLimit={**LIMIT, "requests": 0}), "EG240 requests 0 is not in 1..1000000000"),
    "another unit": (
        originated(rateLimit={**LIMIT, "per": "day"}),
        'EG240 per "day" is not one of second, minute, hour',
    ),
}


def said(document: Document) -> list[str]:
    found = [finding.at(NOWHERE) for finding in find_violations(document, GatewayValuesDocument)]
    return sorted(f"{it.code.id} {it.message}" for it in found)


@pytest.mark.slow
def test_what_is_taken_and_what_a_person_reads_about_the_rest() -> None:
    assert {name: said(document) for name, document in TAKEN.items()} == {name: [] for name in TAKEN}
    assert {name: said(document) for name, (document, _) in REFUSED.items()} == {
        name: [message] for name, (_, message) in REFUSED.items()
    }


def test_help_is_for_a_gateway_where_a_service_has_the_same_key() -> None:
    helps = {
        "the port of the gateway's Service": gateway(port=None),
        "the pods of the gateway": gateway(podSelector=None),
        "the port that clients": one_host(port=None),
    }
    for words, document in helps.items():
        (found,) = [it.at(NOWHERE) for it in find_violations(document, GatewayValuesDocument)]
        assert words in found.help
