"""Objects of Istio as flows: each piece of the way to a host is needed, and nothing else leads to it."""

import copy
from collections.abc import Callable
from typing import Any, Final

from egressc.diagnostics.core import Report
from egressc.dialects.reading import KnownFacts
from egressc.model.clients import Accounts
from egressc.model.flows import Policy
from egressc.model.label_classes import select
from egressc.model.policy import Selector
from egressc.source import Source
from egressc.verify.manifests.reader import read_manifests
from support.mesh_objects import GATEWAY, MAIL, PAYMENTS, Object, in_yaml, led, reaching, sidecar
from support.tables import each

Change = Callable[[dict[str, Any]], object]

LED: Final = {
    "hosts": ["redis.data.svc.cluster.local"],
    "tcp": [{"route": [{"destination": {"host": f"istio-egressgateway.{GATEWAY}.svc.cluster.local", "subset": "x"}}]}],
}
LIMIT: Final = {
    "applyTo": "HTTP_FILTER",
    "patch": {"operation": "INSERT_BEFORE", "value": {"name": "envoy.filters.http.local_ratelimit"}},
}
CHECKED: Final = {"mode": "SIMPLE", "subjectAltNames": [PAYMENTS]}


def read(objects: list[Object], accounts: Accounts = {}) -> tuple[tuple[Policy, ...], list[str]]:  # noqa: B006
    """The policies, and the problems in words."""
    report = Report()
    found = read_manifests([Source("mesh.yaml", in_yaml(objects))], report, known=KnownFacts(accounts=accounts))
    return found.policies, [it.message for it in report.diagnostics]


def reached(objects: list[Object], name: str = "orders", accounts: Accounts = {}) -> dict[str, list[str]]:  # noqa: B006
    """The hosts and ports that pods reach by the policies of this name that Istio's objects come to."""
    policies, problems = read(objects, accounts)
    assert [it for it in problems if "close" not in it] == []
    found: dict[str, list[str]] = {}
    for policy in policies:
        if policy.kind != "NetworkPolicy" and dict(policy.subject.pods).keys() == {"app"}:
            held = str(dict(policy.subject.pods)["app"])
            if name in held:
                for rule in policy.egress or ():
                    for host in rule.addresses.names:
                        found.setdefault(str(host), []).append(str(rule.ports.tcp.numbers))
    return {host: found[host] for host in sorted(found)}


def shop() -> list[Object]:
    """`orders` reaches PAYMENTS, and `mailer` MAIL."""
    services = [reaching("orders"), sidecar("orders", PAYMENTS), reaching("mailer"), sidecar("mailer", MAIL)]
    return [*services, *led(PAYMENTS), *led(MAIL)]


def of_kind(objects: list[Object], kind: str, name: str = PAYMENTS) -> Object:
    return next(it for it in objects if it["kind"] == kind and it["metadata"]["name"] == name)


def source_of(objects: list[Object], host: str) -> dict[str, Any]:
    """The clients of a host, as its AuthorizationPolicy has them."""
    policy = of_kind(objects, "AuthorizationPolicy", host)
    held: dict[str, Any] = policy["spec"]["rules"][0]["from"][0]["source"]
    return held


def test_each_service_reaches_the_hosts_of_its_sidecar() -> None:
    assert [*reached(shop())] == [PAYMENTS]
    assert [*reached(shop(), "mailer")] == [MAIL]


def test_they_isolate_nobody_and_go_by_server_name() -> None:
    policies, _ = read(shop())
    (held,) = (it for it in policies if it.kind == "Sidecar" and it.name == "orders")
    assert held.ingress is None
    assert [rule.by_server_name for rule in held.egress or ()] == [True]
    objects = [it for it in shop() if it["kind"] != "NetworkPolicy"]
    assert read(objects) == ((), [])


def test_a_policy_with_a_name_in_capitals_denies_nobody() -> None:
    """Envoy has the server name in lower case, and compares it with the text of the policy."""
    objects = shop()
    rule = of_kind(objects, "AuthorizationPolicy")["spec"]["rules"][0]
    rule["when"][0]["values"] = [PAYMENTS.upper()]
    assert [*reached(objects, "mailer")] == [MAIL, PAYMENTS]


def test_subsets_by_labels_are_told() -> None:
    objects = shop()
    of_kind(objects, "DestinationRule")["spec"]["subsets"][0]["labels"] = {"version": "2"}
    assert [("has labels" in it, it) for it in read(objects)[1]] == [(True, it) for it in read(objects)[1]]
    assert len(read(objects)[1]) == 1


@each("kind", ["Gateway", "DestinationRule", "VirtualService"])
def test_without_a_piece_nothing_leads_to_the_host(kind: str) -> None:
    objects = shop()
    objects.remove(of_kind(objects, kind))
    assert reached(objects) == {}


@each(
    ("kind", "change"),
    [
        ("ServiceEntry", lambda spec: spec.update(exportTo=["shop"])),
        ("ServiceEntry", lambda spec: spec.update(exportTo=[".", "other"])),
        ("ServiceEntry", lambda spec: spec["ports"][0].update(number=8443)),
        ("Gateway", lambda spec: spec["servers"][0].update(hosts=[MAIL])),
        ("Gateway", lambda spec: spec["servers"][0]["port"].update(number=444)),
        ("Gateway", lambda spec: spec["servers"][0]["tls"].update(mode="PASSTHROUGH")),
        ("Gateway", lambda spec: spec.update(selector={"istio": "ingressgateway"})),
        ("DestinationRule", lambda spec: spec.update(host="elsewhere.svc.cluster.local")),
        ("DestinationRule", lambda spec: spec["subsets"][0].update(name="other")),
        (
            "DestinationRule",
            lambda spec: spec["subsets"][0]["trafficPolicy"]["portLevelSettings"][0]["tls"].update(sni=MAIL),
        ),
        (
            "DestinationRule",
            lambda spec: spec["subsets"][0]["trafficPolicy"]["portLevelSettings"][0]["tls"].update(mode="SIMPLE"),
        ),
        ("VirtualService", lambda spec: spec.update(hosts=[MAIL])),
        ("VirtualService", lambda spec: spec.update(exportTo=["."])),
        ("VirtualService", lambda spec: spec.update(gateways=["mesh"])),
        ("VirtualService", lambda spec: spec.update(gateways=[PAYMENTS])),
        ("VirtualService", lambda spec: spec.pop("tls")),
        ("VirtualService", lambda spec: spec.pop("tcp")),
        ("VirtualService", lambda spec: spec["tls"][0]["match"][0].update(sniHosts=[MAIL])),
        ("VirtualService", lambda spec: spec["tcp"][0]["match"][0].update(port=444)),
        ("VirtualService", lambda spec: spec["tls"][0]["route"][0]["destination"]["port"].update(number=80)),
        ("VirtualService", lambda spec: spec["tls"][0]["route"][0]["destination"].update(host=PAYMENTS)),
        ("AuthorizationPolicy", lambda spec: spec["rules"][0]["from"][0]["source"].update(notNamespaces=["other"])),
    ],
)
def test_a_piece_that_does_not_fit_leads_nowhere(kind: str, change: Change) -> None:
    objects = shop()
    change(of_kind(objects, kind)["spec"])
    assert PAYMENTS not in reached(objects)


@each(
    "change",
    [
        lambda objects: objects.remove(of_kind(objects, "AuthorizationPolicy", MAIL)),
        lambda objects: of_kind(objects, "AuthorizationPolicy", MAIL)["spec"].update(action="AUDIT"),
        lambda objects: of_kind(objects, "AuthorizationPolicy", MAIL)["spec"]["rules"][0].update(
            to=[{"operation": {"ports": ["1"]}}]
        ),
        lambda objects: of_kind(objects, "AuthorizationPolicy", MAIL)["metadata"].update(namespace="shop"),
        lambda objects: of_kind(objects, "AuthorizationPolicy", MAIL)["metadata"].update(
            annotations={"istio.io/dry-run": "true"}
        ),
        lambda objects: of_kind(objects, "AuthorizationPolicy", MAIL)["spec"].update(
            targetRefs=[{"kind": "Service", "name": "other"}]
        ),
        lambda objects: source_of(objects, MAIL).update(notNamespaces=["sh*"]),
        lambda objects: source_of(objects, MAIL).update(notPrincipals=["cluster.local/ns/shop/sa/*"]),
        lambda objects: source_of(objects, MAIL).update(notServiceAccounts=["shop/mailer"]),
    ],
)
def test_a_gateway_that_lets_everybody_through_is_open_to_all_that_reach_it(
    change: Callable[[list[Object]], object],
) -> None:
    """Whatever their sidecars know: who gets at the pods of the gateway gets to the host."""
    objects = [*shop(), reaching("orders", "other")]
    change(objects)
    assert [*reached(objects)] == [MAIL, PAYMENTS]
    policies, _ = read(objects)
    assert {it.namespace for it in policies if it.kind != "NetworkPolicy"} == {"shop", "other"}


def test_a_gateway_that_passes_tls_through_is_open_to_all_that_reach_it() -> None:
    objects = shop()
    of_kind(objects, "Gateway", MAIL)["spec"]["servers"][0]["tls"]["mode"] = "PASSTHROUGH"
    service = of_kind(objects, "VirtualService", MAIL)["spec"]
    (onward,) = service.pop("tcp")
    onward["match"][0]["sniHosts"] = [MAIL]
    service["tls"].append(onward)
    assert [*reached(objects)] == [MAIL, PAYMENTS]


def test_without_a_sidecar_pods_know_every_host_of_their_namespace() -> None:
    objects = [it for it in shop() if (it["kind"], it["metadata"]["name"]) != ("Sidecar", "orders")]
    assert [*reached(objects)] == [MAIL, PAYMENTS]
    assert [*reached([*objects, sidecar("", MAIL)])] == [MAIL]
    assert [*reached([*objects, sidecar("", MAIL, namespace="other")])] == [MAIL, PAYMENTS]


def test_the_root_namespace_has_the_sidecar_of_pods_without_one() -> None:
    of_mesh = sidecar("", MAIL, namespace="istio-system")
    assert [*reached([*shop(), of_mesh])] == [PAYMENTS]
    objects = [it for it in shop() if (it["kind"], it["metadata"]["name"]) != ("Sidecar", "orders")]
    assert [*reached([*objects, of_mesh])] == [MAIL]
    assert [*reached([*objects, of_mesh, sidecar("", PAYMENTS)])] == [PAYMENTS]


def test_the_root_namespace_closes_hosts_of_every_gateway() -> None:
    of_mesh = copy.deepcopy(of_kind(shop(), "AuthorizationPolicy"))
    of_mesh["metadata"]["namespace"] = "istio-system"
    assert [*reached([*shop(), of_mesh])] == [PAYMENTS]
    of_mesh["spec"]["rules"][0]["from"][0]["source"]["notNamespaces"] = ["other"]
    assert [*reached([*shop(), of_mesh])] == []
    of_mesh["spec"] = {"action": "DENY", "rules": [{}]}
    _, problems = read([*shop(), of_mesh])
    assert ["is for pods of the gateway too" in it for it in problems] == [True]


@each(
    ("listed", "hosts"),
    [
        ("*/*", [MAIL, PAYMENTS]),
        ("./*", []),
        ("~/*", []),
        (f"{GATEWAY}/*", [MAIL, PAYMENTS]),
        (f"*/{MAIL}", [MAIL]),
        (f"{GATEWAY}/*.mail.example", [MAIL]),
        (f"{GATEWAY}/*.example", [MAIL, PAYMENTS]),
        ("other/*", []),
        (f"{GATEWAY}/{MAIL.upper()}", [MAIL]),
    ],
)
def test_what_a_sidecar_lists(listed: str, hosts: list[str]) -> None:
    objects = shop()
    of_kind(objects, "Sidecar", "orders")["spec"]["egress"][0]["hosts"] = [listed]
    assert [*reached(objects)] == hosts


def test_a_sidecar_that_lists_nothing_leaves_everything() -> None:
    objects = shop()
    del of_kind(objects, "Sidecar", "orders")["spec"]["egress"]
    assert [*reached(objects)] == [MAIL, PAYMENTS]


def test_other_namespaces_reach_nothing() -> None:
    objects = [*shop(), reaching("orders", "other"), sidecar("orders", PAYMENTS, namespace="other")]
    policies, problems = read(objects)
    assert problems == []
    assert {it.namespace for it in policies if it.kind == "Sidecar"} == {"shop"}


@each(("peer", "is_reached"), [({"istio": "egressgateway"}, True), ({"app": "metrics", "istio": "no"}, False)])
def test_a_port_by_its_name_can_be_that_of_the_gateway(peer: dict[str, str], is_reached: bool) -> None:
    objects = shop()
    rule = objects[0]["spec"]["egress"][0]
    rule["to"][0]["podSelector"]["matchLabels"] = peer
    rule["ports"] = [{"port": "metrics"}]
    assert [*reached(objects)] == [PAYMENTS] * is_reached


def test_who_cannot_reach_the_gateway_reaches_no_host() -> None:
    objects = shop()
    for change in ({"port": 15020}, {"port": 8443, "protocol": "UDP"}):
        of_kind(objects, "NetworkPolicy", "orders")["spec"]["egress"][0]["ports"] = [change]
        assert reached(objects) == {}
    of_kind(objects, "NetworkPolicy", "orders")["spec"]["egress"] = []
    assert reached(objects) == {}


def test_two_objects_of_one_name_are_told() -> None:
    _, problems = read([*shop(), sidecar("orders", MAIL)])
    assert any("another Sidecar of the same namespace" in it for it in problems), problems


@each(
    ("kind", "name", "change", "said"),
    [
        ("VirtualService", PAYMENTS, lambda spec: spec["tls"][0].update(mirror={}), "spec.tls[0].mirror"),
        ("VirtualService", PAYMENTS, lambda spec: spec["tls"][0]["match"][0].update(sourceLabels={}), "sourceLabels"),
        ("VirtualService", PAYMENTS, lambda spec: spec["tls"][0]["route"].append({}), "one destination"),
        ("VirtualService", PAYMENTS, lambda spec: spec["tls"][0]["match"][0].pop("port"), "is missing"),
        ("VirtualService", PAYMENTS, lambda spec: spec.update(http=[{"redirect": {}}]), "spec.http[0].redirect"),
        ("VirtualService", PAYMENTS, lambda spec: spec.update(hosts=["*.payments.example"]), "has a wildcard"),
        ("VirtualService", PAYMENTS, lambda spec: spec["tls"][0]["match"][0].update(sniHosts=["*.a"]), "wildcard"),
        (
            "VirtualService",
            PAYMENTS,
            lambda spec: spec["tcp"][0]["route"][0]["destination"].update(host="a.svc"),
            "a.svc",
        ),
        ("ServiceEntry", PAYMENTS, lambda spec: spec.update(hosts=[f"x.{PAYMENTS}"]), "no ServiceEntry has it"),
        ("Gateway", PAYMENTS, lambda spec: spec["servers"][0]["tls"].update(mode="SIMPLE"), '"SIMPLE"'),
        ("Gateway", PAYMENTS, lambda spec: spec["servers"][0].update(tls=None), "tls.mode"),
        ("Gateway", PAYMENTS, lambda spec: spec["servers"][0].update(hosts=["*"]), "has a wildcard"),
        ("Gateway", PAYMENTS, lambda spec: spec["servers"][0].update(hosts=["./*.example"]), "has a wildcard"),
        ("Sidecar", "orders", lambda spec: spec["egress"][0].update(port={"number": 443}), "egress[0].port"),
        ("Sidecar", "orders", lambda spec: spec["egress"][0].update(hosts=["api"]), "NAMESPACE/HOST"),
        ("Sidecar", "orders", lambda spec: spec.update(outboundTrafficPolicy={"egressProxy": {}}), "egressProxy"),
        ("Sidecar", "mailer", lambda spec: spec.update(workloadSelector={"labels": {"app": "orders"}}), "another"),
    ],
)
def test_what_is_not_read_is_told(kind: str, name: str, change: Change, said: str) -> None:
    objects = shop()
    change(of_kind(objects, kind, name)["spec"])
    _, problems = read(objects)
    assert any(said in it for it in problems), problems


EVIL: Final = "evil.example"


def foreign(change: Callable[[list[Object]], object]) -> list[Object]:
    """What leads to EVIL through the same gateway, without a policy that closes it to anybody."""
    objects = [it for it in led(EVIL) if it["kind"] != "AuthorizationPolicy"]
    change(objects)
    return objects


@each(
    "change",
    [
        lambda _: None,
        lambda it: of_kind(it, "ServiceEntry", EVIL)["spec"].update(location="MESH_INTERNAL"),
        lambda it: of_kind(it, "VirtualService", EVIL)["spec"].pop("tls"),
        lambda it: of_kind(it, "VirtualService", EVIL)["spec"].update(gateways=[EVIL]),
        lambda it: it.remove(of_kind(it, "DestinationRule", EVIL)),
        lambda it: of_kind(it, "VirtualService", EVIL)["spec"]["tls"][0]["match"][0].update(port=8443),
        lambda it: of_kind(it, "VirtualService", EVIL)["spec"]["tls"][0]["route"][0]["destination"].update(host="gw"),
        lambda it: [one["metadata"].update(namespace="shop") for one in it],
    ],
)
def test_what_a_gateway_lets_everybody_use_is_open_whatever_else_is_there(
    change: Callable[[list[Object]], object],
) -> None:
    assert EVIL in reached([*shop(), *foreign(change)])


@each(
    ("kind", "spec", "said"),
    [
        ("AuthorizationPolicy", {}, "is for pods of the gateway too"),
        ("AuthorizationPolicy", {"action": "ALLOW", "rules": []}, "is for pods of the gateway too"),
        ("DestinationRule", {"host": f"istio-egressgateway.{GATEWAY}.svc.cluster.local"}, "is for the Service of the"),
        ("DestinationRule", {"host": "*.svc.cluster.local"}, "is for the Service of the gateway too"),
        ("DestinationRule", {"host": "other.svc.cluster.local"}, ""),
        ("EnvoyFilter", {"workloadSelector": {"labels": {"istio": "egressgateway"}}}, "changes the gateway"),
        ("EnvoyFilter", {"configPatches": [{"applyTo": "HTTP_FILTER", "patch": {"operation": "REMOVE"}}]}, "changes"),
        ("EnvoyFilter", {"configPatches": [LIMIT]}, ""),
        ("EnvoyFilter", {"workloadSelector": {"labels": {"app": "web"}}}, ""),
        ("VirtualService", LED, "routes other connections to the gateway too"),
        ("VirtualService", {**LED, "tcp": [{"route": [{"destination": {"host": "web"}}]}]}, ""),
        ("AuthorizationPolicy", {"selector": {"matchLabels": {"app": "web"}}}, ""),
    ],
)
def test_what_no_flow_shows_is_told(kind: str, spec: dict[str, Any], said: str) -> None:
    api_version = of_kind(shop(), "AuthorizationPolicy" if kind == "AuthorizationPolicy" else "Gateway")["apiVersion"]
    other = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "other", "namespace": GATEWAY}, "spec": spec}
    policies, problems = read([*shop(), other])
    assert [said in it for it in problems] == ([True] if said else [])
    assert [it.name for it in policies if it.kind == "Sidecar"] == ["orders", "mailer"]


@each(
    ("policy", "said"),
    [
        ({"tls": CHECKED}, ""),
        ({"portLevelSettings": [{"port": {"number": 443}, "tls": CHECKED}]}, ""),
        ({"tls": {"mode": "DISABLE"}}, "plain HTTP"),
        ({}, "plain HTTP"),
        ({"tls": {"mode": "SIMPLE"}}, "takes the certificate of other hosts"),
        ({"tls": {**CHECKED, "subjectAltNames": ["evil.example"]}}, "takes the certificate of other hosts"),
        ({"tls": {**CHECKED, "insecureSkipVerify": True}}, "takes the certificate of other hosts"),
    ],
)
def test_what_is_wrong_with_tls_to_a_host_is_told(policy: dict[str, Any], said: str) -> None:
    objects = shop()
    service = of_kind(objects, "VirtualService")["spec"]
    service["http"] = [*service.pop("tls"), *service.pop("tcp")]
    service["http"][0]["match"][0].pop("sniHosts")
    rule = {**of_kind(objects, "DestinationRule"), "metadata": {"name": "tls", "namespace": GATEWAY}}
    rule["spec"] = {"host": PAYMENTS, "trafficPolicy": policy}
    policies, problems = read([*objects, rule])
    assert [said in it for it in problems] == [True] * bool(said)
    assert [it.name for it in policies if it.kind == "Sidecar"] == ["orders", "mailer"]


@each(
    ("port", "said"),
    [({}, "leads to port 80"), ({"targetPort": 8443}, "leads to port 8443"), ({"targetPort": 443}, "")],
)
def test_a_port_without_tls_to_which_tls_is_opened_is_told(port: dict[str, Any], said: str) -> None:
    objects = shop()
    of_kind(objects, "ServiceEntry")["spec"]["ports"] = [{"number": 80, "name": "http", "protocol": "HTTP", **port}]
    service = of_kind(objects, "VirtualService")["spec"]
    service["http"] = [*service.pop("tls"), *service.pop("tcp")]
    service["http"][0]["match"][0].pop("sniHosts")
    service["http"][0]["match"][0]["port"] = 80
    service["http"][1]["route"][0]["destination"]["port"] = {"number": 80}
    rule = {**of_kind(objects, "DestinationRule"), "metadata": {"name": "tls", "namespace": GATEWAY}}
    rule["spec"] = {"host": PAYMENTS, "trafficPolicy": {"tls": CHECKED}}
    _, problems = read([*objects, rule])
    assert [said in it for it in problems] == [True] * bool(said)


def test_objects_of_other_gateways_are_not_looked_at() -> None:
    """A mesh has many: of ingress, of tests, of other teams."""
    foreign = led("api.shop.internal.example")
    of_kind(foreign, "VirtualService", "api.shop.internal.example")["spec"]["http"] = [{"redirect": {}}]
    of_kind(foreign, "Gateway", "api.shop.internal.example")["spec"].update(
        selector={"istio": "ingressgateway"}, servers=[{"tls": {"mode": "SIMPLE"}}]
    )
    ordinary = led("ext.example")[3]
    ordinary["spec"] = {"hosts": ["ext.example"], "http": [{"match": [{"uri": {"prefix": "/"}}], "fault": {}}]}
    foreign.append(ordinary)
    other = sidecar("batch", PAYMENTS)
    other["spec"]["egress"][0]["port"] = {"number": 1}
    assert [*reached([*shop(), *foreign, other])] == [PAYMENTS]


def test_a_service_account_is_the_pods_that_have_it() -> None:
    """As far as anybody knows; all pods of its namespace else."""
    objects = [reaching("orders"), reaching("mailer"), *led(PAYMENTS), *led(MAIL)]
    for host, account in ((PAYMENTS, "orders"), (MAIL, "mailer")):
        source = source_of(objects, host)
        source.pop("notNamespaces")
        source["notPrincipals"] = [f"cluster.local/ns/shop/sa/{account}"]
    known = {f"shop/{it}": (select(Selector((("app", it),))),) for it in ("orders", "mailer")}
    assert [*reached(objects, "orders", known)] == [PAYMENTS]
    assert [*reached(objects, "mailer", known)] == [MAIL]
    assert [*reached(objects, "orders")] == [MAIL, PAYMENTS]
    assert [*reached(objects, "orders", {"shop/mailer": known["shop/mailer"]})] == [PAYMENTS]


def test_of_two_policies_for_a_host_both_count() -> None:
    objects = shop()
    other = copy.deepcopy(of_kind(objects, "AuthorizationPolicy"))
    other["metadata"]["name"] = "narrower"
    objects.append(other)
    for name, admitted in (("shop/orders", [PAYMENTS]), ("shop/mailer", []), ("other/orders", [])):
        namespace, _, account = name.partition("/")
        other["spec"]["rules"][0]["from"][0]["source"] = {"notPrincipals": [f"td/ns/{namespace}/sa/{account}"]}
        known = {f"shop/{it}": (select(Selector((("app", it),))),) for it in ("orders", "mailer")}
        assert [*reached(objects, "orders", known)] == admitted


def test_values_of_a_wrong_type_crash_nothing() -> None:
    objects = shop()
    of_kind(objects, "AuthorizationPolicy")["spec"]["rules"][0]["from"][0]["source"]["notNamespaces"] = 5
    rule = of_kind(objects, "DestinationRule")["spec"]["subsets"][0]["trafficPolicy"]
    rule["portLevelSettings"][0]["port"]["number"] = [443]
    assert PAYMENTS in reached(objects, "mailer"), "a policy of a wrong type guards nothing"
