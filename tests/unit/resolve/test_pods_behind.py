"""Ports that rows say, and what workloads and Services make of them."""

from egressc.diagnostics.core import Diagnostic, Report
from egressc.model.cluster import Cluster
from egressc.model.policy import AddressPeer, Baseline
from egressc.model.ports import say_ports
from egressc.model.project import Project
from egressc.model.workloads import Workloads
from egressc.pipeline import Compilation, compile_sources, read_project
from egressc.source import Source
from egressc.verify.manifests.reader import read_manifests
from support.tables import each

CATALOG = 'defaults: {namespace: shop, selector: {app: "{id}"}}\n'


def pod(name: str, *ports: str, labels: str = "", namespace: str = "shop") -> str:
    containers = f"[{{ports: [{', '.join(ports)}]}}]"
    metadata = f"{{name: {name}, namespace: {namespace}, labels: {{{labels or f'app: {name}'}}}}}"
    return f"{{apiVersion: v1, kind: Pod, metadata: {metadata}, spec: {{containers: {containers}}}}}\n"


def service(name: str, *ports: str, app: str = "orders", more: str = "", selector: str = "") -> str:
    spec = f"{{selector: {{{selector or f'app: {app}'}}}, ports: [{', '.join(ports)}]{more}}}"
    return f"{{apiVersion: v1, kind: Service, metadata: {{name: {name}, namespace: shop}}, spec: {spec}}}\n"


HTTP = "{name: http, containerPort: 8080}"
FORWARDS = "{port: 80, targetPort: http}"


def compile_with(
    needs: str, *manifests: str, catalog: str = "Orders: {}", cluster: Cluster | None = None
) -> tuple[Compilation | None, list[Diagnostic]]:
    """What Web needs, compiled with these workloads."""
    table = f"| Service | Depends on |\n|---|---|\n| Web | {needs} |\n"
    texts = [Source("services.md", table)], [Source("catalog.yaml", CATALOG + f"destinations: {{{catalog}}}\n")]
    report, found = Report(), Report()
    read = read_manifests([Source("k8s.yaml", "---\n".join((pod("web"), *manifests)))], found, only_workloads=True)
    project = Project(cluster=cluster or Cluster())
    running = Workloads(read.workloads, read.services, namespaces=read.namespaces)
    done = compile_sources(project, *texts, report, lambda *_: running)
    assert found.sorted() == []
    return done, report.sorted()


def compiled(needs: str, *manifests: str, catalog: str = "Orders: {}", before: bool = False) -> tuple[str, list[str]]:
    """What Web may reach of Orders, and what is reported of it."""
    done, found = compile_with(needs, *manifests, catalog=catalog, cluster=Cluster(before_translation=before))
    grants = done.policies.services[0].grants if done is not None else ()
    said = [f"{say_ports(it.ports)} at {len(it.destination.peers)}" for it in grants]
    return ", ".join(said), [it.code.id for it in found]


@each(
    ("needs", "manifests", "reached", "codes"),
    [
        ("Orders:80", [pod("orders", HTTP), service("a", FORWARDS)], "8080/TCP", ["EG480"]),
        ("Orders:8080", [pod("orders", HTTP), service("a", FORWARDS)], "8080/TCP", []),
        ("Orders:80", [pod("orders", HTTP, "{containerPort: 80}"), service("a", FORWARDS)], "", ["EG481"]),
        ("Orders:8080", [pod("orders", HTTP, "{containerPort: 80}"), service("a", FORWARDS)], "8080/TCP", []),
        ("Orders:81", [pod("orders", HTTP), service("a", "{port: 81}")], "81/TCP", []),
        ("Orders:80/UDP", [pod("orders", HTTP), service("a", FORWARDS)], "80/UDP", ["EG482"]),
        ("Orders:80-90", [pod("orders", HTTP), service("a", FORWARDS)], "80-90/TCP", []),
        ("Orders:80", [pod("orders", HTTP), service("a", FORWARDS, app="other")], "80/TCP", ["EG482"]),
        ("Orders:80", [pod("orders", HTTP), service("a", FORWARDS, more=", clusterIP: None")], "80/TCP", ["EG482"]),
        ("Orders:80", [pod("orders", HTTP), service("a", FORWARDS), service("b", FORWARDS)], "8080/TCP", ["EG480"]),
        ("Orders:80", [pod("orders", HTTP), service("a", FORWARDS), service("b", "{port: 80}")], "", ["EG481"]),
        ("Orders:80", [pod("orders")], "80/TCP", []),
        ("Orders:80", [pod("other", HTTP)], "80/TCP", ["EG485"]),
        ("Orders:http", [pod("orders", HTTP)], "http/TCP", []),
        ("Orders:http/UDP", [pod("orders", HTTP)], "", ["EG483"]),
        ("Orders:grpc", [pod("orders", HTTP)], "", ["EG484"]),
    ],
)
def test_ports_of_rows(needs: str, manifests: list[str], reached: str, codes: list[str]) -> None:
    assert compiled(needs, *manifests) == (f"{reached} at 1" if reached else "", codes)


def test_a_name_that_some_pods_lack_or_number_otherwise() -> None:
    blue, green = (pod(it, HTTP, labels=f"app: orders, color: {it}") for it in ("blue", "green"))
    other, none = pod("red", HTTP.replace("8080", "9090"), labels="app: orders"), pod("old", labels="app: orders")
    front = service("a", FORWARDS)
    assert compiled("Orders:80", blue, green, front)[0] == "8080/TCP at 1"
    assert compiled("Orders:80", blue, none, front)[0] == "8080/TCP at 1"
    assert compiled("Orders:80", blue, other, front)[0] == "http/TCP at 1"


@each(
    ("catalog", "reached", "codes"),
    [
        ("Orders: {ports: [80]}", "8080/TCP", ["EG480"]),
        ("Orders: {ports: [8080]}", "8080/TCP", []),
        ("Orders: {ports: [{port: 8080, servicePort: 80}]}", "8080/TCP", []),
        ("Orders: {ports: [8081]}", "8081/TCP", ["EG482"]),
        ('Orders: {ports: [80], selector: "any pod"}', "8080/TCP", ["EG480", "EG402"]),
        ("Orders: {ports: [80], namespaces: any}", "80/TCP", ["EG403"]),
        ("Orders: {ports: [80], addresses: [192.0.2.1]}", "80/TCP", []),
        ("Orders: {ports: [80], namespace: elsewhere}", "80/TCP", []),
    ],
)
def test_ports_of_the_catalog(catalog: str, reached: str, codes: list[str]) -> None:
    found = compiled("Orders", pod("orders", HTTP), service("a", FORWARDS), catalog=catalog)
    assert found == (f"{reached} at 1", codes)


def test_a_row_with_a_port_that_the_catalog_does_not_list_has_one_finding() -> None:
    manifests = pod("orders", HTTP, "{containerPort: 9090}"), service("a", FORWARDS)
    assert compiled("Orders:9091", *manifests, catalog="Orders: {ports: [8080]}")[1] == ["EG407"]
    assert compiled("Orders:80", *manifests, catalog="Orders: {ports: [8080]}")[1] == ["EG480"]


ADDRESS = ", clusterIP: 10.96.0.7, clusterIPs: [10.96.0.7, 'fd00::7']"


@each(
    ("needs", "front", "reached"),
    [
        ("Orders:80", service("a", FORWARDS, more=ADDRESS), "80/TCP at 3"),
        ("Orders:8080", service("a", FORWARDS, more=ADDRESS), "80/TCP, 8080/TCP at 3"),
        ("Orders:8080", service("a", FORWARDS), "80/TCP, 8080/TCP at 1"),
        ("Orders:8080", service("a", FORWARDS, more=", clusterIP: None"), "8080/TCP at 1"),
    ],
)
def test_before_translation_services_are_reached_at_their_addresses(needs: str, front: str, reached: str) -> None:
    assert compiled(needs, pod("orders", HTTP), front, before=True)[0] == reached


def test_a_preset_may_be_pods_of_the_workloads() -> None:
    dns = pod("coredns", "{containerPort: 53}", labels="k8s-app: kube-dns", namespace="kube-system")
    assert compiled("kube-dns", dns, catalog="") == ("", [])
    assert compiled("kube-dns:9153", dns, catalog="") == ("9153/TCP at 1", [])


POOLER = pod("orders", "{containerPort: 5432}", "{containerPort: 6432}"), service("a", "{port: 5432, targetPort: 6432}")


def test_a_port_of_the_pods_that_a_service_forwards_to_another() -> None:
    """The repairs that the finding offers work as they are."""
    _, (found,) = compile_with("Orders:5432", *POOLER)
    assert found.message == '5432/TCP of "Orders" is a port of its pods, but its Service forwards 5432/TCP to 6432/TCP'
    assert found.help == (
        "write 6432/TCP if clients use the Service; or, if they use 5432/TCP of the pods, add 5432 to its ports in the "
        'catalog: destinations: {"Orders": {ports: [5432]}}'
    )
    assert [it.text for it in found.related] == ["Service shop/a", "Pod shop/orders"]
    assert compiled("Orders:6432/TCP", *POOLER) == ("6432/TCP at 1", [])
    assert compiled("Orders:5432", *POOLER, catalog='"Orders": {ports: [5432]}') == ("5432/TCP at 1", [])
    assert compiled("Orders", *POOLER, catalog="Orders: {ports: [5432]}") == ("5432/TCP at 1", [])


BEHIND = (
    pod("orders", "{containerPort: 80}", labels="app: orders, tier: be"),
    pod("pay", "{containerPort: 80}", labels="app: pay, tier: be"),
)
SHARED = service("be", "{port: 80}", selector="tier: be", more=", clusterIP: 10.96.0.9")
OWN = service("orders", "{port: 80}", more=", clusterIP: 10.96.0.7")


def opened(needs: str, *manifests: str, **more: str) -> tuple[list[list[str]], list[str]]:
    """The addresses in the rules of Web, in their order, before Services are translated, and what is reported."""
    done, found = compile_with(needs, *manifests, cluster=Cluster(before_translation=True), **more)
    assert done is not None
    rules = done.policies.services[0].grants
    return [[it.cidr for it in rule.destination.peers if isinstance(it, AddressPeer)] for rule in rules], [
        it.message for it in found if it.code.id == "EG489"
    ]


def test_the_address_of_a_service_of_other_pods_too_stays_closed() -> None:
    said = 'rule for "Orders" does not open the ClusterIP of Service shop/be: it also leads to Pod shop/pay'
    assert opened("Orders:80", *BEHIND, SHARED, OWN) == ([["10.96.0.7/32"]], [said])
    assert opened("Orders:80", *BEHIND, SHARED) == ([[]], [said])
    assert opened("Orders:81", *BEHIND, SHARED) == ([[]], [])
    _, found = compile_with("Orders:80", *BEHIND, SHARED, cluster=Cluster(before_translation=True))
    (help_,) = (it.help for it in found if it.code.id == "EG489")
    assert 'destinations: {"be": {at: "shop/tier=be"}}, and to the row: "be:80"' in help_
    applied = opened("Orders:80, be:80", *BEHIND, SHARED, catalog='Orders: {}, "be": {at: "shop/tier=be"}')
    assert applied == ([["10.96.0.9/32"], []], [])


def test_a_rule_has_the_addresses_of_services_with_one_of_its_ports() -> None:
    other = service("orders-v2", "{port: 8443}", more=", clusterIP: 10.96.0.8")
    assert opened("Orders:80", BEHIND[0], OWN, other) == ([["10.96.0.7/32"]], [])
    assert opened("Orders:8443", BEHIND[0], OWN, other)[0] == [["10.96.0.8/32"]]
    assert opened("Orders:1-9000", BEHIND[0], OWN, other)[0] == [["10.96.0.7/32", "10.96.0.8/32"]]


def test_a_port_by_its_name_opens_the_port_of_the_service() -> None:
    front = service("a", FORWARDS, more=", clusterIP: 10.96.0.7")
    assert compiled("Orders:http", pod("orders", HTTP), front, before=True) == ("80/TCP, http/TCP at 2", [])


def test_a_port_of_a_service_that_is_another_port_of_the_pods_is_not_opened() -> None:
    pods, front = POOLER[0], service("a", "{port: 5432, targetPort: 6432}", more=", clusterIP: 10.96.0.7")
    said = (
        'rule for "Orders" does not open the ClusterIP of Service shop/a: 5432/TCP would be open in its pods too, '
        "where it is another port"
    )
    assert opened("Orders:6432", pods, front) == ([[]], [said])
    mended = service("a", "{port: 6432}", more=", clusterIP: 10.96.0.7")
    assert opened("Orders:6432", pods, mended) == ([["10.96.0.7/32"]], [])
    assert opened("Orders:5432", pods, front, catalog="Orders: {ports: [5432]}") == ([[]], [])


def test_all_pods_of_a_namespace_have_the_addresses_of_its_services() -> None:
    assert opened("Namespace shop (80)", *BEHIND, SHARED, OWN) == ([["10.96.0.9/32", "10.96.0.7/32"]], [])


def test_the_service_of_the_cluster_dns_is_not_among_the_peers_of_a_profile() -> None:
    dns = pod("coredns", "{containerPort: 53}", labels="k8s-app: kube-dns", namespace="kube-system")
    front = service("kube-dns", "{port: 53}", selector="k8s-app: kube-dns", more=", clusterIP: 10.96.0.10")
    front = front.replace("namespace: shop", "namespace: kube-system")
    _, said = opened("None", dns, front)
    reason = "the profile kube-dns has pods alone"
    assert said == [f'DNS rule of "Web" does not open the ClusterIP of Service kube-system/kube-dns: {reason}']
    _, found = compile_with("None", dns, front, cluster=Cluster(before_translation=True))
    help_ = next(it.help for it in found if it.code.id == "EG489")
    profile = help_.removeprefix("write for cluster.dns, or wherever this profile is written: ").partition("; or")[0]
    project = read_project(
        Source("egressc.yaml", f"cluster: {{serviceTranslation: before, dns: {profile}}}"), report := Report()
    )
    assert not report.has_errors
    assert [it.code.id for it in compile_with("None", dns, front, cluster=project.cluster)[1]] == ["EG413"]


def of_baseline(baseline: str, *manifests: str, before: bool = False) -> tuple[Baseline, list[str]]:
    """The baseline of the namespace, and what is reported of it."""
    text = f"cluster: {{serviceTranslation: {'before' if before else 'after'}, namespaces: {{shop: {baseline}}}}}"
    project = read_project(Source("egressc.yaml", text), report := Report())
    assert not report.has_errors, report.sorted()
    done, found = compile_with("None", *manifests, cluster=project.cluster)
    assert done is not None, found
    return done.policies.baselines[0], [f"{it.code.id} {it.message}" for it in found if it.code.id != "EG413"]


def test_ports_of_baselines_are_those_of_pods_too() -> None:
    opening = "{name: Orders, ports: [80]}"
    opt_ins = f"{{x: {{selector: {{app: web}}, to: [{opening}]}}}}"
    both = f"{{baseline: {{deny: egress, allowTo: [{opening}], optIns: {opt_ins}}}}}"
    baseline, said = of_baseline(both, pod("orders", HTTP), service("a", FORWARDS))
    assert [say_ports(it.ports) for policy in baseline.policies for it in policy.grants] == ["8080/TCP", "8080/TCP"]
    assert [it.partition(" ")[0] for it in said] == ["EG480"]


def namespace(name: str, labels: str = "") -> str:
    return f"{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}, labels: {{{labels}}}}}}}\n"


TEAM = "Orders: {namespaces: {team: a}, selector: {tier: be}, ports: [80]}"
TO = (
    "Orders: {to: [{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {tier: be}}}], ports: [80]}"
)


@each(
    ("entry", "more", "expected"),
    [
        (TEAM, [namespace("shop", "team: a")], ["10.96.0.9/32", "10.96.0.7/32"]),
        (TO, [namespace("shop", "team: a")], ["10.96.0.9/32", "10.96.0.7/32"]),
        (TEAM, [namespace("shop", "team: b")], []),
        (TEAM, [namespace("shop")], []),
        (TEAM.replace("{team: a}", "any"), [], ["10.96.0.9/32", "10.96.0.7/32"]),
        (TO.replace("team: a", "kubernetes.io/metadata.name: shop"), [], ["10.96.0.9/32", "10.96.0.7/32"]),
        (TO.replace("team: a", "kubernetes.io/metadata.name: lab"), [], []),
        (TO.replace("[80]", "[81]"), [namespace("shop", "team: a")], []),
        (TO.replace("to: [", 'to: [{ipBlock: {cidr: "10.96.0.7/32"}}, '), [], ["10.96.0.7/32"]),
    ],
)
def test_pods_by_labels_of_namespaces_have_the_addresses_of_their_services(
    entry: str, more: list[str], expected: list[str]
) -> None:
    found, said = opened("Orders", *BEHIND, SHARED, OWN, *more, catalog=entry)
    assert found == [expected]
    is_untold = not more and "team: a" in entry
    reason = "no manifest shows the labels of namespace shop"
    assert said == (
        [f'rule for "Orders" does not open the ClusterIP of Service shop/be: {reason}'] if is_untold else []
    )


def test_labels_that_nobody_knows_are_no_reason_to_open_the_address_of_a_service() -> None:
    without = "{matchExpressions: [{key: env, operator: NotIn, values: [prod]}]}"
    entry = (
        f"Orders: {{to: [{{namespaceSelector: {without}, podSelector: {{matchLabels: {{tier: be}}}}}}], ports: [80]}}"
    )
    found, said = opened("Orders", *BEHIND, OWN, catalog=entry)
    reason = "no manifest shows the labels of namespace shop"
    assert (found, said) == ([[]], [f'rule for "Orders" does not open the ClusterIP of Service shop/orders: {reason}'])
    assert opened("Orders", *BEHIND, OWN, namespace("shop"), catalog=entry) == ([["10.96.0.7/32"]], [])
    assert opened("Orders", *BEHIND, OWN, namespace("shop", "env: prod"), catalog=entry) == ([[]], [])


def test_a_service_of_other_pods_too_stays_closed_to_pods_of_several_namespaces() -> None:
    entry = TEAM.replace("tier: be", "app: orders")
    found, said = opened("Orders", *BEHIND, SHARED, OWN, namespace("shop", "team: a"), catalog=entry)
    assert found == [["10.96.0.7/32"]]
    assert said == ['rule for "Orders" does not open the ClusterIP of Service shop/be: it also leads to Pod shop/pay']


def test_pods_of_several_namespaces_have_the_ports_of_their_services() -> None:
    team, front = namespace("shop", "team: a"), service("a", FORWARDS, more=", clusterIP: 10.96.0.7")
    for entry in ("Orders: {namespaces: {team: a}, ports: [8080]}", "Orders: {namespaces: {team: a}}"):
        needs = "Orders" if "ports" in entry else "Orders:8080"
        assert compiled(needs, pod("orders", HTTP), front, team, catalog=entry, before=True)[0] == (
            "80/TCP, 8080/TCP at 2"
        )
    for undeclared in (pod("orders"), pod("orders", "{containerPort: 9}")):
        front = service("a", "{port: 80, targetPort: 8080}", more=", clusterIP: 10.96.0.7")
        assert compiled("Orders:8080", undeclared, front, before=True)[0] == "80/TCP, 8080/TCP at 2"


METRICS = pod("metrics", "{name: metrics, containerPort: 9090}")


@each(
    ("ports", "manifests", "expected", "codes"),
    [
        ("[80]", [service("a", FORWARDS)], "8080/TCP", ["EG480"]),
        ("[8080]", [service("a", FORWARDS)], "8080/TCP", []),
        ("[80, 9090]", [service("a", FORWARDS)], "8080/TCP, 9090/TCP", ["EG480"]),
        ("[9090]", [service("a", "{port: 9090, targetPort: http}")], "9090/TCP", []),
        ("[80]", [service("a", FORWARDS), service("b", "{port: 80, targetPort: 9090}", app="metrics")], "", ["EG481"]),
        ("[http]", [], "http/TCP", []),
        ("[grpc]", [], "", ["EG484"]),
        ("[http/UDP]", [], "", ["EG483"]),
        ("[81]", [], "81/TCP", ["EG482"]),
        ("[81]", [pod("silent")], "81/TCP", []),
    ],
)
def test_ports_on_which_a_namespace_lets_others_in(
    ports: str, manifests: list[str], expected: str, codes: list[str]
) -> None:
    web = pod("web", "{containerPort: 7000}")
    pods = (web, pod("orders", HTTP), METRICS, *manifests)
    found, said = of_allow_from(ports, *pods)
    assert (found, said) == (expected, codes)


def of_allow_from(ports: str, *manifests: str, translation: str = "after") -> tuple[str, list[str]]:
    """The ports on which a baseline lets a caller in, and what is reported of them."""
    baseline = f"{{baseline: {{deny: ingress, allowFrom: [{{name: Namespace lab, ports: {ports}}}]}}}}"
    text = f"cluster: {{serviceTranslation: {translation}, namespaces: {{shop: {baseline}}}}}"
    project, report = read_project(Source("egressc.yaml", text), Report()), Report()
    read = read_manifests([Source("k8s.yaml", "---\n".join(manifests))], Report(), only_workloads=True)
    sources = [Source("services.md", "| Service | Depends on |\n|---|---|\n| Web | None |\n")]
    catalog = [Source("catalog.yaml", CATALOG)]
    done = compile_sources(project, sources, catalog, report, lambda *_: Workloads(read.workloads, read.services))
    found = [it.code.id for it in report.sorted() if it.code.id != "EG485"]
    callers = done.policies.baselines[0].policy.callers if done is not None else ()
    return ", ".join(say_ports(it.ports) for it in callers), found


def test_a_namespace_lets_others_in_on_ports_of_pods_before_translation_too() -> None:
    pods = pod("web"), pod("orders", HTTP), METRICS, service("a", FORWARDS)
    other = service("b", "{port: 80, targetPort: 9090}", app="metrics")
    assert of_allow_from("[80]", *pods, translation="before") == ("8080/TCP", [])
    assert of_allow_from("[80]", *pods, other, translation="before") == ("8080/TCP, 9090/TCP", [])


@each(
    ("entry", "port", "code"),
    [
        ("Orders: {ports: [{port: 8080, servicePort: 80}]}", "80", "EG406"),
        ("Orders: {ports: [8080]}", "9090", "EG407"),
        ("Orders: {addresses: [203.0.113.7]}", "http", "EG426"),
        ("Orders: {ports: [8080]}", "http", "EG436"),
    ],
)
def test_ports_of_baselines_are_checked_as_those_of_rows(entry: str, port: str, code: str) -> None:
    opening = f"{{name: Orders, ports: [{port}]}}"
    for baseline in (f"allowTo: [{opening}]", f"optIns: {{x: {{selector: {{app: web}}, to: [{opening}]}}}}"):
        text = f"cluster: {{namespaces: {{shop: {{baseline: {{deny: egress, {baseline}}}}}}}}}"
        project = read_project(Source("egressc.yaml", text), Report())
        said = compile_with("None", catalog=entry, cluster=project.cluster)[1]
        (found,) = (it for it in said if it.code.id == code)
        assert found.primary.span.source.name == "egressc.yaml"
        assert found.help is not None
        assert "readAs" not in found.help


def test_an_opt_in_that_selects_no_pod() -> None:
    opt_in = "{baseline: {deny: egress, optIns: {x: {selector: {app: wbe}, to: [Internet]}}}}"
    _, said = of_baseline(opt_in, pod("orders", HTTP))
    assert said == ['EG485 no pod in shop has the labels of "Namespace shop, x": app=wbe']
    assert of_baseline(opt_in, pod("orders", HTTP, labels="app: wbe"))[1] == []


def test_nothing_connects_from_the_address_of_a_service() -> None:
    baseline = "{baseline: {deny: ingress, allowFrom: [Orders]}}"
    found, said = of_baseline(baseline, BEHIND[0], OWN, before=True)
    assert [len(it.source.peers) for it in found.policy.callers] == [1]
    assert said == []


def test_ingress_has_the_port_of_the_pods_that_a_row_means() -> None:
    project = read_project(Source("egressc.yaml", "directions: both\ncluster: {serviceTranslation: before}"), Report())
    table = "| Service | Depends on |\n|---|---|\n| Web | Orders:5432 |\n| Orders | None |\n"
    read = read_manifests([Source("k8s.yaml", "---\n".join((pod("web"), *POOLER)))], Report(), only_workloads=True)
    catalog = Source("catalog.yaml", CATALOG + "destinations: {Orders: {ports: [5432]}}\n")
    workloads = Workloads(read.workloads, read.services)
    done = compile_sources(project, [Source("services.md", table)], [catalog], report := Report(), lambda *_: workloads)
    assert done is not None, report.sorted()
    ports = [say_ports(it.ports) for service in done.policies.services for it in (*service.grants, *service.callers)]
    assert ports == ["5432/TCP", "5432/TCP"]


def test_what_is_open_within_a_namespace_is_its_services_too() -> None:
    found, _ = of_baseline("{baseline: {deny: both, allowWithin: true}}", *BEHIND, SHARED, OWN, before=True)
    assert [len(it.destination.peers) for it in found.policy.grants] == [3]
    assert [len(it.source.peers) for it in found.policy.callers] == [1]
