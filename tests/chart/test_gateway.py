"""The chart of an egress gateway: what it renders for each host, and what it refuses."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from egressc.contract.gateway import GatewayValuesDocument
from egressc.contract.validation import is_valid
from support.chart_copies import lint_and_package, with_notes, without_schema
from support.gateway_samples import (
    BANK,
    BEHIND,
    GATEWAY,
    HOSTS,
    NAME,
    NAMESPACE,
    STRIPE,
    WAYPOINT,
    WEATHER,
    gateway_values,
    one_host,
)
from support.helm_engines import ROOT, Binary, Embedded, Engine, HelmFailed, Values
from support.odd_values import odd_values

LIMIT = HOSTS[WEATHER]["rateLimit"]
SERVICE = "istio-egressgateway.istio-egress.svc.cluster.local"


@pytest.fixture(scope="session")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The chart without links, of which Helm speaks on stderr."""
    return Path(shutil.copytree(ROOT / NAME, tmp_path_factory.mktemp("charts") / NAME))


@pytest.fixture(scope="session")
def unchecked(chart: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return without_schema(chart, tmp_path_factory.mktemp("unchecked"))


def text_of(engine: Engine, chart: Path, values: Values, release: str = NAME, namespace: str = NAMESPACE) -> str:
    return engine.template(chart, values, release=release, namespace=namespace)


def render(chart: Path, values: Values) -> list[dict[str, Any]]:
    return [it for it in yaml.safe_load_all(text_of(Embedded(), chart, values)) if it]


def problems(chart: Path, values: Values) -> list[str]:
    try:
        render(chart, values)
    except HelmFailed as failed:
        return failed.problems or [str(failed)]
    return []


def test_renders_the_expected_text(engine: Engine, chart: Path, expect_text: Callable[[str, str], None]) -> None:
    """The binaries sort kinds that Helm does not know by their names, the embedded Helm leaves them in their order."""
    documents = text_of(engine, chart, gateway_values()).split("---\n# Source: ")[1:]
    by_kind = sorted(documents, key=lambda it: it.partition("\nkind: ")[2].partition("\n")[0])
    expect_text("gateway.yaml", "".join(f"---\n# Source: {it}" for it in by_kind))


def test_renders_a_waypoint(chart: Path, expect_text: Callable[[str, str], None]) -> None:
    values = gateway_values(gateway=WAYPOINT, hosts=BEHIND, commonLabels={"istio.io/use-waypoint": "other"})
    expect_text("gateway-waypoint.yaml", text_of(Embedded(), chart, values))
    bound = [it["metadata"]["labels"] for it in render(chart, values) if it["kind"] == "ServiceEntry"]
    assert {it["istio.io/use-waypoint"] for it in bound} == {"egress"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"gateway": {**WAYPOINT, "service": "gateway"}},
            "networkPolicy.gateway.service: unknown key; write waypoint or clusterDomain",
        ),
        (
            {"gateway": {**WAYPOINT, "waypoint": "Egress"}},
            'networkPolicy.gateway.waypoint: "Egress" is not the name of a Gateway; write that of the waypoint',
        ),
        (
            {"gateway": {**WAYPOINT, "waypoint": "none"}},  # to Istio, no waypoint
            'networkPolicy.gateway.waypoint: "none" is not the name of a Gateway; write that of the waypoint',
        ),
        (
            {"hosts": HOSTS},
            f"networkPolicy.hosts.{WEATHER}.rateLimit: cannot be used with a waypoint: Istio has no limit of requests "
            "for it; remove it",
        ),
    ],
)
def test_says_what_a_waypoint_cannot_have(unchecked: Path, changes: dict[str, Any], problem: str) -> None:
    assert problems(unchecked, gateway_values(**{"gateway": WAYPOINT, "hosts": BEHIND, **changes})) == [problem]


def test_disabled_renders_nothing(engine: Engine, chart: Path) -> None:
    assert not [it for it in yaml.safe_load_all(text_of(engine, chart, gateway_values(enabled=False))) if it]


def kinds(objects: list[dict[str, Any]], host: str) -> dict[str, dict[str, Any]]:
    """The objects that are for one host, by kind."""
    names = {it["metadata"]["name"] for it in objects if it["spec"].get("hosts") == [host]}
    return {it["kind"]: it for it in objects if it["metadata"]["name"] in names}


def test_a_host_has_the_objects_that_it_needs(chart: Path) -> None:
    objects = render(chart, gateway_values())
    passed = {"ServiceEntry", "Gateway", "VirtualService", "AuthorizationPolicy"}
    assert {host: set(kinds(objects, host)) for host in HOSTS} == {
        STRIPE: passed,
        BANK: passed,
        WEATHER: {*passed, "DestinationRule", "EnvoyFilter"},
    }
    assert len(objects) == 2 * len(passed) + len(passed) + 2 + 1


def test_one_rule_has_the_subsets_of_all_hosts(chart: Path) -> None:
    """Of two rules with other namespaces in exportTo, a sidecar would take one."""
    (rule,) = [it for it in render(chart, gateway_values()) if it["spec"].get("host") == SERVICE]
    assert rule["metadata"]["name"] == NAME
    assert {it["trafficPolicy"]["portLevelSettings"][0]["tls"]["sni"] for it in rule["spec"]["subsets"]} == set(HOSTS)
    assert rule["spec"]["exportTo"] == [".", "payments", "shop"]


def test_what_clients_do_not_need_is_not_seen_from_their_namespaces(chart: Path) -> None:
    """Sidecars that saw it would open TLS themselves, past the gateway."""
    objects = kinds(render(chart, gateway_values()), WEATHER)
    assert objects["DestinationRule"]["spec"]["exportTo"] == ["."]
    assert [it["number"] for it in objects["ServiceEntry"]["spec"]["ports"]] == [80]


def test_the_certificate_of_a_host_is_checked(chart: Path) -> None:
    (level,) = kinds(render(chart, gateway_values()), WEATHER)["DestinationRule"]["spec"]["trafficPolicy"][
        "portLevelSettings"
    ]
    assert level["tls"] == {"mode": "SIMPLE", "sni": WEATHER, "subjectAltNames": [WEATHER]}


def test_clients_in_the_namespace_of_the_gateway_are_listed_once(chart: Path) -> None:
    """Istio refuses `.` next to the name of the namespace itself."""
    objects = kinds(render(chart, one_host(clients=["shop", NAMESPACE])), STRIPE)
    assert objects["ServiceEntry"]["spec"]["exportTo"] == [".", "shop"]
    (rule,) = objects["AuthorizationPolicy"]["spec"]["rules"]
    assert rule["from"] == [{"source": {"notNamespaces": [NAMESPACE, "shop"]}}]


def test_hosts_that_differ_in_a_dot_have_objects_of_their_own(chart: Path) -> None:
    long = ".".join(["a" * 60] * 4)
    hosts = {
        "a-b.example": HOSTS[STRIPE],
        "a.b.example": HOSTS[STRIPE],
        f"x.{long}": HOSTS[STRIPE],
        long: HOSTS[STRIPE],
    }
    objects = render(chart, gateway_values(hosts=hosts))
    names = [it["metadata"]["name"] for it in objects if it["kind"] == "Gateway"]
    (rule,) = [it for it in objects if it["kind"] == "DestinationRule"]
    subsets = [it["name"] for it in rule["spec"]["subsets"]]
    for found in (names, subsets):
        assert len(set(found)) == len(hosts)
        assert all(len(it) <= 63 and "." not in it for it in found)
    assert "egress-gateway-a-b-example" in names


def test_a_name_does_not_depend_on_other_hosts(chart: Path) -> None:
    alone = kinds(render(chart, one_host()), STRIPE)
    assert alone["Gateway"] == kinds(render(chart, gateway_values()), STRIPE)["Gateway"]


def test_a_host_that_is_null_is_left_out(chart: Path, unchecked: Path) -> None:
    for each in (chart, unchecked):
        text = text_of(Embedded(), each, gateway_values(hosts={**HOSTS, STRIPE: None}))
        assert STRIPE not in text
        assert BANK in text
        assert not [it for it in render(each, gateway_values(hosts={STRIPE: None})) if it]


def gateway(**changes: Any) -> dict[str, Any]:
    held = {key: value for key, value in {**GATEWAY, **changes}.items() if value is not None}
    return gateway_values(gateway=held, hosts={STRIPE: HOSTS[STRIPE]})


def originated(**settings: Any) -> dict[str, Any]:
    return one_host(**{"port": 80, "tls": "originate", **settings})


def of_host(host: str) -> dict[str, Any]:
    return gateway_values(hosts={host: HOSTS[STRIPE]})


HOST = f"networkPolicy.hosts.{STRIPE}"
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "another release": (
        gateway_values(release={"name": "other", "namespace": NAMESPACE}),
        'networkPolicy.release.name: these values are for the release "other", but this one is egress-gateway; install '
        "it as other, or write egress-gateway in another values file",
    ),
    "another namespace": (
        gateway_values(release={"name": NAME, "namespace": "istio-system"}),
        "networkPolicy.release.namespace: the gateway is in the namespace istio-system, but this release is in "
        "istio-egress; install with --namespace istio-system, or write istio-egress in another values file",
    ),
    "no namespace": (
        gateway_values(release={"name": NAME}),
        "networkPolicy.release.namespace: is missing; write the namespace of the gateway",
    ),
    "keys of a service": (
        gateway_values(dns={}),
        "networkPolicy.dns: unknown key; write release, enabled, gateway, hosts, commonLabels or commonAnnotations",
    ),
    "no gateway": (
        gateway_values(gateway=None),
        "networkPolicy.gateway: null is not a map; write service, podSelector, port and clusterDomain below it",
    ),
    "a key of the gateway": (
        gateway(namespace="x"),
        "networkPolicy.gateway.namespace: unknown key; write service, podSelector, port or clusterDomain",
    ),
    "a Service with its namespace": (
        gateway(service="gateway.istio-egress"),
        'networkPolicy.gateway.service: "gateway.istio-egress" is not the name of a Service; write that of the gateway',
    ),
    "no port of the gateway": (
        gateway(port=None),
        "networkPolicy.gateway.port: null is not a port; write 1 to 65535",
    ),
    "no domain": (
        gateway(clusterDomain=None),
        "networkPolicy.gateway.clusterDomain: null is not a domain; write the DNS domain of the cluster, such as "
        "cluster.local",
    ),
    "no labels": (
        gateway(podSelector={}),
        "networkPolicy.gateway.podSelector: is empty, which selects every pod; write labels that only the pods of the "
        "gateway have",
    ),
    "labels that are null": (
        gateway(podSelector={"istio": None}),
        "networkPolicy.gateway.podSelector.istio: has no value; write one, or remove the label",
    ),
    "a label that is true": (
        gateway(podSelector={"istio": True}),
        "networkPolicy.gateway.podSelector.istio: true is not the value of a label; write letters, digits and -_. with "
        "63 characters at most",
    ),
    "a list of labels": (
        gateway(podSelector=["istio"]),
        'networkPolicy.gateway.podSelector: ["istio"] is not a map; write a label and its value on each line',
    ),
    "no hosts": (
        gateway_values(hosts=None),
        "networkPolicy.hosts: null is not a map; add the values file that `egressc compile` wrote",
    ),
    "no host": (
        gateway_values(hosts={}),
        "networkPolicy.hosts: is empty; add the values file that `egressc compile` wrote",
    ),
    "a wildcard": (
        of_host("*.stripe.example"),
        'networkPolicy.hosts.*.stripe.example: "*.stripe.example" has a wildcard, and the egress gateway resolves the '
        "host itself; write each host",
    ),
    "one label": (
        of_host("stripe"),
        'networkPolicy.hosts.stripe: "stripe" is not a host; write a DNS name of two or more labels in lower case, '
        "with no wildcard",
    ),
    "a Service of the cluster": (
        of_host("redis.cache.svc.cluster.local"),
        'networkPolicy.hosts.redis.cache.svc.cluster.local: "redis.cache.svc.cluster.local" is a name inside the '
        "cluster, and Istio does not filter these by name; remove it, and write the pods behind it in `to` of another "
        "dependency",
    ),
    "a host that is text": (
        gateway_values(hosts={STRIPE: "443"}),
        f'{HOST}: "443" is not a map; write port and clients below it',
    ),
    "a key of a host": (one_host(client=["x"]), f"{HOST}.client: unknown key; write port, clients, tls or rateLimit"),
    "no port": (one_host(port=None), f"{HOST}.port: null is not a port; write 1 to 65535"),
    "two ports": (one_host(port=[443, 8443]), f"{HOST}.port: [443,8443] is not a port; write 1 to 65535"),
    "a port in quotes": (one_host(port="443"), f'{HOST}.port: "443" is not a port; write 1 to 65535'),
    "half a port": (one_host(port=80.5), f"{HOST}.port: 80.5 is not a port; write 1 to 65535"),
    "no clients": (
        one_host(clients=None),
        f"{HOST}.clients: null is not a list; write each namespace or service account after a hyphen",
    ),
    "no client": (
        one_host(clients=[]),
        f"{HOST}.clients: is empty, which Istio reads as every namespace; write at least one namespace",
    ),
    "every client": (
        one_host(clients=["*"]),
        f'{HOST}.clients[0]: "*" is not a namespace or service account; write NAMESPACE or NAMESPACE/SERVICE-ACCOUNT',
    ),
    "another way": (
        one_host(tls="mutual"),
        f'{HOST}.tls: "mutual" is not a way to reach the host; write passthrough or originate',
    ),
    "the port of TLS": (
        originated(port=443),
        f"{HOST}.port: is the port to which the gateway opens TLS, and clients speak plain HTTP; write their port, "
        "such as 80",
    ),
    "a limit inside TLS": (
        one_host(rateLimit=LIMIT),
        f"{HOST}.rateLimit: needs tls: originate, because the gateway sees no requests inside TLS; write tls: "
        "originate, or remove it",
    ),
    "a limit that is a number": (
        originated(rateLimit=100),
        f"{HOST}.rateLimit: 100 is not a map; write requests and per below it",
    ),
    "a key of a limit": (
        originated(rateLimit={**LIMIT, "burst": 5}),
        f"{HOST}.rateLimit.burst: unknown key; write requests or per",
    ),
    "zero requests": (
        originated(rateLimit={**LIMIT, "requests": 0}),
        f"{HOST}.rateLimit.requests: 0 is not a number of requests; write 1 to 1000000000",
    ),
    "requests in quotes": (
        originated(rateLimit={**LIMIT, "requests": "5"}),
        f'{HOST}.rateLimit.requests: "5" is not a number of requests; write 1 to 1000000000',
    ),
    "half a request": (
        originated(rateLimit={**LIMIT, "requests": 0.5}),
        f"{HOST}.rateLimit.requests: 0.5 is not a number of requests; write 1 to 1000000000",
    ),
    "another unit": (
        originated(rateLimit={**LIMIT, "per": "day"}),
        f'{HOST}.rateLimit.per: "day" is not a unit of time; write second, minute or hour',
    ),
}


def test_says_what_is_wrong_and_what_to_write(unchecked: Path) -> None:
    said = {name: problems(unchecked, values) for name, (values, _) in REFUSED.items()}
    assert said == {name: [message] for name, (_, message) in REFUSED.items()}


def test_the_schema_refuses_it_too() -> None:
    """But what is of this release alone, and which names are inside the cluster."""
    others = {"another release", "another namespace", "one label", "a Service of the cluster"}
    accepted = {name for name, (values, _) in REFUSED.items() if is_valid(values, GatewayValuesDocument)}
    assert accepted == others


@pytest.mark.parametrize("case", ["no client", "a limit inside TLS", "a wildcard", "half a request"])
def test_every_engine_refuses_in_the_same_words(engine: Engine, unchecked: Path, case: str) -> None:
    values, message = REFUSED[case]
    with pytest.raises(HelmFailed) as failed:
        text_of(engine, unchecked, values)
    assert failed.value.problems == [message]


def test_a_large_limit_is_a_whole_number(engine: Engine, chart: Path) -> None:
    text = text_of(engine, chart, originated(rateLimit={"requests": 12345678, "per": "hour"}))
    assert "max_tokens: 12345678\n" in text
    assert "fill_interval: 3600s\n" in text


def test_an_odd_value_is_refused_or_opens_no_more(unchecked: Path) -> None:
    """A part of another type, missing or under another name never admits another client, host or port."""
    whole = gateway_values(hosts={STRIPE: HOSTS[STRIPE], WEATHER: HOSTS[WEATHER]})["networkPolicy"]
    sound = set(map(str, render(unchecked, {"networkPolicy": whole})))
    more, asked = [], 0
    for key in ("gateway", "hosts"):
        for odd in odd_values(whole[key]):
            values = {"networkPolicy": {**whole, key: odd}}
            if is_valid(values, GatewayValuesDocument):
                continue
            asked += 1
            try:
                found = set(map(str, render(unchecked, values)))
            except HelmFailed:
                continue
            if not found <= sound:
                more.append(odd)
    assert asked > 200
    assert more == []


def test_helm_finds_nothing_to_say_against_it(helm: Binary, chart: Path, tmp_path: Path) -> None:
    assert lint_and_package(helm, chart, gateway_values(), NAMESPACE, tmp_path).is_file()


def test_the_notes_say_where_the_gateway_leads(engine: Engine, chart: Path, tmp_path: Path) -> None:
    shown = with_notes(chart, tmp_path, "gateway")
    said, off = (
        yaml.safe_load(text_of(engine, shown, gateway_values(**changes)))["notes"]
        for changes in ({}, {"enabled": False})
    )
    assert said == NOTES
    assert off == (
        "networkPolicy.enabled is false: this release has no objects, and services reach no host through the gateway.\n"
    )


NOTES = """The egress gateway istio-egressgateway in namespace istio-egress leads to these hosts:

  api-eu.bank.example on 8443/TCP
    for pods in payments
  api.stripe.example on 443/TCP
    for pods in payments, shop
  weather.example on 80/TCP in plain HTTP, with TLS to the host
    for pods in shop
    at most 100 requests a minute, in each pod of the gateway

It needs Istio, and sidecars in the pods of clients. It refuses all others. The policies of services
decide who reaches the gateway, and their Sidecars which of these hosts a service knows.

See the objects:

  kubectl get istio-io --namespace istio-egress --selector app.kubernetes.io/instance=egress-gateway
"""


def test_the_notes_of_a_waypoint(engine: Engine, chart: Path, tmp_path: Path) -> None:
    values = gateway_values(gateway=WAYPOINT, hosts=BEHIND)
    said = yaml.safe_load(text_of(engine, with_notes(chart, tmp_path, "gateway"), values))["notes"]
    assert said.startswith("The waypoint egress in namespace istio-egress leads to these hosts:\n")
    assert "for pods in payments, shop/web-shop" in said
    assert "kubectl get istio-io,gateways.gateway.networking.k8s.io --namespace istio-egress" in said


def test_its_library_is_that_of_the_other_charts() -> None:
    linked = ROOT / NAME / "charts" / "network-policy"
    assert linked.resolve() == (ROOT / "charts" / "network-policy").resolve()
    locks = [(ROOT / name).read_text() for name in ("Chart.lock", f"{NAME}/Chart.lock")]
    assert locks[0] == locks[1]
    described = yaml.safe_load((ROOT / NAME / "Chart.yaml").read_text())
    other = yaml.safe_load((ROOT / "namespace-policy" / "Chart.yaml").read_text())
    shared = ("version", "appVersion", "kubeVersion", "dependencies")
    assert {key: described[key] for key in shared} == {key: other[key] for key in shared}
