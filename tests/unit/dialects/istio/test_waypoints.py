"""Hosts behind a waypoint as flows: who reaches it reaches what its policies let through; what is unread is refused."""

import copy
from collections.abc import Callable
from typing import Any, Final

from egressc.diagnostics.core import Report
from egressc.dialects.reading import KnownFacts
from egressc.emit.rules import selector_data
from egressc.model.clients import NO_ACCOUNTS, Accounts
from egressc.model.flows import Policy
from egressc.model.label_classes import both, has_members, select
from egressc.model.policy import Expression, Operator, Selector
from egressc.source import Source
from egressc.verify.manifests.reader import read_manifests
from support.mesh_objects import MAIL, PAYMENTS, WAYPOINT, Object, behind, in_yaml, tunnelling, waypoint
from support.tables import each

EVIL: Final = "evil.example"

Change = Callable[[Object], object]


def read(objects: list[Object], accounts: Accounts = NO_ACCOUNTS) -> tuple[tuple[Policy, ...], list[str]]:
    report = Report()
    found = read_manifests([Source("mesh.yaml", in_yaml(objects))], report, known=KnownFacts(accounts=accounts))
    return found.policies, [it.message for it in report.diagnostics]


def reached(objects: list[Object], app: str = "orders", accounts: Accounts = NO_ACCOUNTS) -> dict[str, str]:
    """The hosts that pods reach, each with its ports."""
    policies, problems = read(objects, accounts)
    assert problems == []
    return {
        str(host): str(rule.ports.tcp.numbers)
        for policy in policies
        if app in str(dict(policy.subject.pods).get("app"))
        for rule in policy.egress or ()
        for host in rule.addresses.names
    }


def known(*apps: str) -> dict[str, Any]:
    return {f"shop/{it}": (select(Selector((("app", it),))),) for it in apps}


def shop() -> list[Object]:
    """`orders` reaches PAYMENTS, and `mailer` MAIL, each by its service account."""
    return [
        waypoint(),
        tunnelling("orders"),
        tunnelling("mailer"),
        *behind(PAYMENTS, {"principals": ["cluster.local/ns/shop/sa/orders"]}),
        *behind(MAIL, {"serviceAccounts": ["shop/mailer"]}),
    ]


def of_kind(objects: list[Object], kind: str, name: str = PAYMENTS) -> Object:
    return next(it for it in objects if it["kind"] == kind and it["metadata"]["name"] == name)


def test_a_service_account_reaches_its_hosts() -> None:
    accounts = known("orders", "mailer")
    assert reached(shop(), "orders", accounts) == {PAYMENTS: "((443, 443),)"}
    assert [*reached(shop(), "mailer", accounts)] == [MAIL]
    # Whose it is nobody knows: it can be that of any pod in its namespace.
    assert {*reached(shop(), "orders")} == {MAIL, PAYMENTS}
    assert reached([*shop(), tunnelling("orders", "other")], "elsewhere") == {}


def test_a_name_of_a_port_can_be_that_of_the_tunnel() -> None:
    objects = shop()
    way = objects[1]["spec"]["egress"][0]
    way["ports"] = [{"port": "mesh", "protocol": "TCP"}]
    assert PAYMENTS in reached(objects, "orders", known("orders", "mailer"))
    way["ports"] = [{"port": 15021, "protocol": "TCP"}]
    assert reached(objects, "orders", known("orders", "mailer")) == {}


def test_the_policy_of_the_pods_has_the_hosts() -> None:
    """Which its release owns; so each command that looks at it sees them."""
    policies, _ = read(shop(), known("orders", "mailer"))
    assert [it.kind for it in policies] == ["NetworkPolicy"] * 2
    way, host = policies[0].egress or ()
    assert (way.field, host.field, host.by_server_name) == ("", "spec.egress[0]", True)


def test_hosts_for_some_pods_alone_are_a_policy_of_their_own() -> None:
    everybody = tunnelling("all")
    everybody["spec"]["podSelector"] = {}
    policies, problems = read([everybody, *shop()[3:], waypoint()], known("orders", "mailer"))
    assert problems == []
    found = {str(rule.addresses.names): it.subject.pods for it in policies[1:] for rule in it.egress or ()}
    assert [dict(it) for it in found.values()] == [dict(pods[0]) for pods in known("orders", "mailer").values()]


SELECTED: Final = (
    Selector((("app", "orders"),)),
    Selector((("app", "orders"), ("part", "shop"))),
    Selector((("app", "mailer"), ("part", "shop"))),
    Selector((("part", "shop"),)),
    Selector((), (Expression("app", Operator.IN, ("orders", "mailer")),)),
    Selector((), (Expression("app", Operator.NOT_IN, ("orders",)),)),
    Selector((), (Expression("app", Operator.DOES_NOT_EXIST), Expression("part", Operator.EXISTS))),
    Selector(()),
)


def test_every_account_whose_pods_a_policy_can_select_counts() -> None:
    """Whichever labels select its pods."""
    accounts = {f"shop/sa{i}": (select(it),) for i, it in enumerate(SELECTED)}
    objects = [waypoint()]
    for i in range(len(SELECTED)):
        objects += behind(f"h{i}.example", {"serviceAccounts": [f"shop/sa{i}"]})
    for selector in SELECTED:
        way = tunnelling("orders")
        way["spec"]["podSelector"] = selector_data(selector)
        policies, _ = read([*objects, way], accounts)
        found = {str(host) for it in policies for rule in it.egress or () for host in rule.addresses.names}
        shared = (both(select(selector), select(it)) for it in SELECTED)
        assert found == {f"h{i}.example" for i, it in enumerate(shared) if it is not None and has_members(it)}


@each(
    "change",
    [
        lambda entry: entry["metadata"].update(labels={"istio.io/use-waypoint": "other"}),
        lambda entry: entry["metadata"].update(labels={"istio.io/use-waypoint": "none"}),
        lambda entry: entry["metadata"].update(namespace="other"),
        lambda entry: entry["spec"].update(hosts=[EVIL]),
    ],
)
def test_what_is_not_behind_the_waypoint_is_closed(change: Change) -> None:
    objects = shop()
    change(of_kind(objects, "ServiceEntry"))
    assert PAYMENTS not in read_hosts(objects)


def read_hosts(objects: list[Object]) -> set[str]:
    policies, _ = read(objects)
    return {str(host) for it in policies for rule in it.egress or () for host in rule.addresses.names}


@each(
    "change",
    [
        lambda policy: policy["metadata"].update(annotations={"istio.io/dry-run": "true"}),
        lambda policy: policy["metadata"].update(namespace="shop"),
        lambda policy: policy["spec"].update(targetRefs=[{"group": "", "kind": "Service", "name": PAYMENTS}]),
        lambda policy: policy["spec"].update(targetRefs=[], selector={"matchLabels": {"app": "any"}}),
        lambda policy: policy["spec"].pop("targetRefs"),
        lambda policy: policy["spec"].update(action="AUDIT"),
        lambda policy: policy["spec"]["rules"][0].pop("from"),
        lambda policy: policy["spec"]["rules"].append({"when": policy["spec"]["rules"][0]["when"]}),
    ],
)
def test_a_host_without_a_policy_is_open_to_everybody_who_reaches_the_waypoint(change: Change) -> None:
    objects = [*shop(), tunnelling("orders", "other")]
    change(of_kind(objects, "AuthorizationPolicy"))
    policies, problems = read(objects, known("orders", "mailer"))
    assert problems == []
    open_to = {it.namespace for it in policies for rule in it.egress or () if PAYMENTS in str(rule.addresses.names)}
    assert open_to == {"shop", "other"}


@each(
    ("namespace", "target"),
    [
        ("istio-egress", {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": WAYPOINT}),
        ("istio-system", {"group": "gateway.networking.k8s.io", "kind": "GatewayClass", "name": "istio-waypoint"}),
    ],
)
def test_policies_of_the_whole_waypoint_count_too(namespace: str, target: Object) -> None:
    objects = [it for it in shop() if it["metadata"]["name"] != MAIL]
    wide = copy.deepcopy(of_kind(objects, "AuthorizationPolicy"))
    wide["metadata"] = {"name": "wide", "namespace": namespace}
    wide["spec"] |= {"targetRefs": [target]}
    wide["spec"]["rules"][0]["from"] = [{"source": {"namespaces": ["shop"]}}]
    accounts = known("orders", "mailer")
    assert {*reached([*objects, wide], "mailer", accounts)} == {PAYMENTS}
    # Under the name of another host, whoever may use it reaches the addresses of this one.
    _, problems = read([*objects, *behind(MAIL), wide])
    assert [f"{namespace}/wide" in it for it in problems] == [True]
    wide["metadata"]["namespace"] = "shop"
    assert reached([*objects, wide], "mailer", accounts) == {}


def test_an_entry_without_a_label_may_be_behind_it() -> None:
    """By the label of its namespace."""
    (entry, _) = behind(EVIL)
    del entry["metadata"]["labels"]
    assert EVIL in reached([*shop(), entry])


def rule(policy: Object) -> Object:
    held: Object = policy["spec"]["rules"][0]
    return held


REFUSED: Final[dict[str, tuple[str, str, Change]]] = {
    "other namespaces": (
        "Gateway",
        WAYPOINT,
        lambda it: it["spec"]["listeners"][0].update(allowedRoutes={"namespaces": {"from": "All"}}),
    ),
    "pods": ("Gateway", WAYPOINT, lambda it: it["metadata"].update(labels={"istio.io/waypoint-for": "all"})),
    "another class": ("Gateway", WAYPOINT, lambda it: it["spec"].update(gatewayClassName="mine")),
    "a wildcard": ("ServiceEntry", PAYMENTS, lambda it: it["spec"].update(hosts=["*.example"])),
    "endpoints": ("ServiceEntry", PAYMENTS, lambda it: it["spec"].update(endpoints=[{"address": EVIL}])),
    "no TLS": ("ServiceEntry", PAYMENTS, lambda it: it["spec"]["ports"][0].update(protocol="TCP")),
    "HTTP": ("ServiceEntry", PAYMENTS, lambda it: it["spec"]["ports"][0].update(protocol="HTTP")),
    "another name too": (
        "AuthorizationPolicy",
        PAYMENTS,
        lambda it: rule(it)["when"][0].update(values=[PAYMENTS, EVIL]),
    ),
    "a host more": ("ServiceEntry", PAYMENTS, lambda it: it["spec"].update(hosts=[PAYMENTS, EVIL])),
    "no resolution": ("ServiceEntry", PAYMENTS, lambda it: it["spec"].update(resolution="NONE")),
    "no server name": ("AuthorizationPolicy", PAYMENTS, lambda it: rule(it).pop("when")),
    "any server name": ("AuthorizationPolicy", PAYMENTS, lambda it: rule(it)["when"][0].update(values=["*"])),
    "another condition": (
        "AuthorizationPolicy",
        PAYMENTS,
        lambda it: rule(it)["when"].append({"key": "source.ip", "values": ["10.0.0.1"]}),
    ),
    "a pattern of clients": (
        "AuthorizationPolicy",
        PAYMENTS,
        lambda it: rule(it)["from"][0].update(source={"principals": ["*"]}),
    ),
    "other clients": (
        "AuthorizationPolicy",
        PAYMENTS,
        lambda it: rule(it)["from"][0]["source"].update(notNamespaces=["other"]),
    ),
}


@each("case", [*REFUSED])
def test_what_is_not_read_is_refused(case: str) -> None:
    kind, name, change = REFUSED[case]
    objects = shop()
    change(of_kind(objects, kind, name))
    _, problems = read(objects)
    assert problems
    assert all(f"istio-egress/{name}" in it for it in problems)
    # Nobody reaches it: it is somebody else's.
    others = [it for it in objects if it["kind"] != "NetworkPolicy"]
    assert read(others) == ((), [])


def routing(kind: str, **spec: Any) -> Object:
    group = "networking.istio.io" if kind in ("VirtualService", "EnvoyFilter") else "gateway.networking.k8s.io"
    metadata = {"name": "elsewhere", "namespace": "istio-egress"}
    return {"apiVersion": f"{group}/v1", "kind": kind, "metadata": metadata, "spec": spec}


@each(
    "route",
    [
        routing("VirtualService", hosts=["*.example"]),
        routing("TLSRoute", parentRefs=[{"group": "networking.istio.io", "kind": "ServiceEntry", "name": PAYMENTS}]),
        routing("HTTPRoute", parentRefs=[{"name": WAYPOINT}]),
        routing(
            "EnvoyFilter", targetRefs=[{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": WAYPOINT}]
        ),
    ],
)
def test_what_leads_its_connections_elsewhere_is_refused(route: Object) -> None:
    _, problems = read([*shop(), route])
    assert len(problems) == 1
    assert "istio-egress/elsewhere" in problems[0]


def test_routes_of_others_are_skipped() -> None:
    routes = [
        routing("VirtualService", hosts=["orders.shop.svc.cluster.local"]),
        routing("HTTPRoute", parentRefs=[{"name": "ingress"}]),
        routing("EnvoyFilter", workloadSelector={"labels": {"app": "orders"}}),
    ]
    for route in routes:
        assert read([*shop(), route])[1] == []


def test_a_policy_that_denies_is_told() -> None:
    objects = shop()
    deny = copy.deepcopy(of_kind(objects, "AuthorizationPolicy"))
    deny["metadata"]["name"] = "deny"
    deny["spec"]["action"] = "DENY"
    _, problems = read([*objects, deny])
    assert len(problems) == 1
    assert "can close its hosts" in problems[0]


@each("change", [{"endpoints": [{"address": EVIL}]}, {"workloadSelector": {"labels": {"app": "any"}}}, {}])
def test_another_entry_of_a_host_that_adds_endpoints_is_told(change: Object) -> None:
    """Whatever label it has: Istio joins what ServiceEntries of one host have in a namespace."""
    other = copy.deepcopy(of_kind(shop(), "ServiceEntry"))
    other["metadata"] = {"name": "other", "namespace": "istio-egress", "labels": {"istio.io/use-waypoint": "none"}}
    other["spec"] |= change
    problems = read([*shop(), other])[1]
    assert ["adds its own endpoints" in it for it in problems] == [True] * bool(change)
    other["metadata"]["namespace"] = "elsewhere"
    assert read([*shop(), other])[1] == []


@each(("port", "is_told"), [({"targetPort": 22}, True), ({"targetPort": 443}, False), ({}, False)])
def test_a_port_that_leads_to_another_port_of_the_host_is_told(port: Object, is_told: bool) -> None:
    objects = shop()
    of_kind(objects, "ServiceEntry")["spec"]["ports"][0] |= port
    assert ["is another port of the host" in it for it in read(objects)[1]] == [True] * is_told


@each(("root", "is_open"), [("istio-system", False), ("istio-control", True)])
def test_the_root_namespace_is_that_of_the_project(root: str, is_open: bool) -> None:
    wide = copy.deepcopy(of_kind(shop(), "AuthorizationPolicy"))
    target = {"group": "gateway.networking.k8s.io", "kind": "GatewayClass", "name": "istio-waypoint"}
    wide["metadata"] = {"name": "wide", "namespace": "istio-control"}
    wide["spec"] |= {"targetRefs": [target]}
    wide["spec"]["rules"][0]["from"] = [{"source": {"namespaces": ["shop"]}}]
    objects = [it for it in [*shop(), wide] if it["metadata"]["name"] != MAIL]
    report = Report()
    facts = KnownFacts(accounts=known("orders", "mailer"), root_namespace=root)
    found = read_manifests([Source("mesh.yaml", in_yaml(objects))], report, known=facts)
    hosts = {
        str(it)
        for policy in found.policies
        for rule in policy.egress or ()
        for it in rule.addresses.names
        if policy.name == "mailer"
    }
    assert hosts == ({PAYMENTS} if is_open else set())


@each("source", [{"namespaces": True}, {"principals": True}, {"namespaces": [["shop"]]}])
def test_clients_of_a_wrong_type_are_everybody_and_told(source: Object) -> None:
    objects = shop()
    of_kind(objects, "AuthorizationPolicy")["spec"]["rules"][0]["from"] = [{"source": source}]
    assert any("must have namespaces, principals or serviceAccounts" in it for it in read(objects)[1])
