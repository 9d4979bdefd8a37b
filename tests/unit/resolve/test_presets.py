"""Presets, each by its name in a table: where it leads, on which ports, and what a project has to say for it."""

import re
from pathlib import Path

from egressc.model.cluster import Cluster
from egressc.model.ports import say_ports
from egressc.resolve.presets import all_presets
from support.compiled import CATALOG, callers, codes, compile_text, dependency, findings, flows, say_peer, services
from support.tables import each

_SERVER = "apiServer: {addresses: [192.0.2.10, '2001:db8::10']}"
_CLUSTER = f"cluster: {{{_SERVER}, nodes: [198.51.100.0/24, '2001:db8:1::/48']}}"
_HOOKS = services("API server | Hooks | 9443", header="From | To | Port")


def reach(name: str, port: str = "", project: str = _CLUSTER) -> list[str]:
    """The peers, then the ports, of a row that asks for a preset."""
    policies, report = compile_text(services(f"web | {name}{port and f' ({port})'} | None"), project=project)
    assert policies is not None, codes(report)
    (grant,) = policies.services[0].grants
    return [*map(say_peer, grant.destination.peers), say_ports(grant.ports)]


@each(
    ("name", "expected"),
    [
        ("NodeLocal DNSCache", ["169.254.20.10/32", "53/TCP, 53/UDP"]),
        ("Kubernetes API server", ["192.0.2.10/32", "2001:db8::10/128", "6443/TCP"]),
        ("kubelet API", ["198.51.100.0/24", "2001:db8:1::/48", "10250/TCP"]),
        ("node metadata", ["169.254.169.254/32", "fd00:ec2::254/128", "fd20:ce::254/128", "80/TCP"]),
        ("EKS Pod Identity", ["169.254.170.23/32", "fd00:ec2::23/128", "80/TCP"]),
        ("GKE metadata server", ["169.254.169.252/32", "988/TCP"]),
        ("istiod", ["kubernetes.io/metadata.name=istio-system/app=istiod", "15012/TCP"]),
        ("Istio sidecars", ["any/security.istio.io/tlsMode=istio", "15020/TCP, 15090/TCP"]),
        ("HBONE", ["istio.io/dataplane-mode=ambient/-", "15008/TCP"]),
    ],
)
def test_a_preset_needs_no_entry(name: str, expected: list[str]) -> None:
    assert reach(name) == expected


def test_vpc_lattice_has_no_port_of_its_own() -> None:
    assert reach("VPC Lattice", "8443") == ["169.254.171.0/24", "fd00:ec2:80::/64", "8443/TCP"]
    assert findings(services("web | VPC Lattice | None")) == ["EG401 VPC Lattice"]


def test_a_preset_has_the_families_of_the_cluster() -> None:
    assert reach("node metadata", project="cluster: {ipFamilies: [IPv4]}") == ["169.254.169.254/32", "80/TCP"]
    assert reach("EKS Pod Identity", project="cluster: {ipFamilies: [IPv6]}") == ["fd00:ec2::23/128", "80/TCP"]


def test_an_address_that_the_project_does_not_say_is_refused() -> None:
    text = services("web | kubelet API, Kubernetes API, GKE metadata server | None")
    assert findings(text) == ["EG325 kubelet API", "EG314 Kubernetes API"]
    only_six = "cluster: {ipFamilies: [IPv6]}"
    assert findings(services("web | GKE metadata server, NodeLocal DNS | None"), project=only_six) == [
        "EG313 GKE metadata server",
        "EG313 NodeLocal DNS",
    ]


def test_the_internet_leaves_out_the_nodes() -> None:
    policies, _ = compile_text(services("web | None | Internet:443"), project=_CLUSTER)
    four, six = dependency(policies, "web", "internet").destination.peers
    assert "198.51.100.0/24" in getattr(four, "excepts", ())
    assert "2001:db8:1::/48" in getattr(six, "excepts", ())
    inside = "cluster: {nodes: [10.1.0.0/16]}"  # which is private as it is
    policies, _ = compile_text(services("web | None | Internet:443"), project=inside)
    four, _ = dependency(policies, "web", "internet").destination.peers
    assert "10.1.0.0/16" not in getattr(four, "excepts", ())


@each("name", ["Prometheus", "OpenTelemetry Collector", "OTel Collector of the operator"])
def test_what_has_no_usual_namespace_needs_an_entry(name: str) -> None:
    text = services(f"web | {name} | None")
    assert findings(text) == [f"EG301 {name}"]
    (found,) = [it for it in compile_text(text)[1].diagnostics if it.code.id == "EG301"]
    assert f'destinations: {{"{name}": {{preset: "{name}", namespace: ' in found.help
    catalog = "defaults: {selector: {app: '{id}'}}\ndestinations:\n  web: {namespace: apps}\n"
    assert findings(text, f"{catalog}  {name}: {{preset: {name}}}\n") == [f"EG310 {name}"]


def test_an_entry_says_what_it_says_and_the_preset_the_rest() -> None:
    catalog = CATALOG + "  Telemetry: {preset: otel collector, namespace: watch, ports: [4317]}\n"
    catalog += "  istiod: {preset: istiod, namespace: mesh}\n"
    policies, report = compile_text(services("web | Telemetry, istiod | None"), catalog)
    assert codes(report) == []
    grant = dependency(policies, "web", "telemetry")
    assert say_peer(grant.destination.peers[0]) == (
        "kubernetes.io/metadata.name=watch/app.kubernetes.io/name=opentelemetry-collector"
    )
    assert say_ports(grant.ports) == "4317/TCP"
    grant = dependency(policies, "web", "istiod")
    assert say_peer(grant.destination.peers[0]) == "kubernetes.io/metadata.name=mesh/app=istiod"


def test_an_entry_of_that_name_without_the_preset_is_followed_instead() -> None:
    catalog = CATALOG + "  Istio sidecars: {namespace: mesh, ports: [1]}\n"
    policies, _ = compile_text(services("web | Istio sidecars | None"), catalog)
    (peer,) = dependency(policies, "web", "istio-sidecars").destination.peers
    assert say_peer(peer) == "kubernetes.io/metadata.name=mesh/app=istio-sidecars"


def test_a_preset_and_an_address_are_two_things() -> None:
    catalog = CATALOG + "  Telemetry: {preset: Prometheus, addresses: [192.0.2.1]}\n"
    assert findings(services("web | Telemetry | None"), catalog) == ["EG408 [192.0.2.1]"]


@each(
    ("calls_from", "expected"),
    [
        ("", ["192.0.2.10/32"]),
        ("callsFrom: [192.0.2.64/28, '2001:db8::/64']", ["192.0.2.64/28", "2001:db8::/64"]),
        (
            "callsFrom: konnectivity",
            [
                "kubernetes.io/metadata.name=kube-system/app=konnectivity-agent",
                "kubernetes.io/metadata.name=kube-system/k8s-app=konnectivity-agent",
            ],
        ),
    ],
)
def test_where_the_api_server_calls_webhooks_from(calls_from: str, expected: list[str]) -> None:
    project = f"directions: both\ncluster: {{apiServer: {{addresses: [192.0.2.10], {calls_from}}}}}"
    catalog = CATALOG + "  Hooks: {ports: [9443], directions: both}\n"
    policies, report = compile_text(_HOOKS, catalog, project)
    assert policies is not None, codes(report)
    (grant,) = policies.services[0].callers
    assert list(map(say_peer, grant.source.peers)) == expected


def test_an_api_server_of_no_known_address_calls_nobody() -> None:
    catalog = CATALOG + "  Hooks: {ports: [9443], directions: both}\n"
    assert findings(_HOOKS, catalog) == ["EG314 API server"]


def test_the_api_server_as_both_ends() -> None:
    project = "directions: both\ncluster: {apiServer: {addresses: [192.0.2.10], callsFrom: [192.0.2.64/28]}}"
    catalog = CATALOG + "  Hooks: {ports: [9443], directions: both}\n"
    text = _HOOKS + services("Hooks | API server | 6443", header="From | To | Port")
    assert callers(text, catalog, project) == ["kubernetes-api-server-calls -> hooks 9443/TCP"]
    assert flows(text, catalog, project) == ["hooks -> kubernetes-api-server 6443/TCP"]


def test_presets_are_callers_too() -> None:
    catalog = CATALOG + "  Shop: {ports: [8080], directions: both}\n"
    text = services("konnectivity agent | Shop | 8080", "Istio ambient probes | Shop | 8080", header="From | To | Port")
    assert callers(text, catalog) == [
        "istio-ambient-probes -> shop 8080/TCP",
        "konnectivity-agent -> shop 8080/TCP",
    ]


def test_the_tunnel_of_a_mesh_makes_limits_of_ports_void() -> None:
    assert findings(services("web | HBONE, Redis | None", "cart | HBONE | None")) == ["EG470 HBONE, Redis"]
    assert findings(services("web | Redis:15000-15010 | None")) == [
        "EG407 Redis:15000-15010",
        "EG470 Redis:15000-15010",
    ]
    assert findings(services("web | Redis (15008/UDP) | None")) == ["EG407 Redis (15008/UDP)"]
    assert findings(services("web | 192.0.2.7:15008 | None")) == []
    catalog = CATALOG + "  Shop: {ports: [8080], directions: both}\n"
    assert findings(services("192.0.2.7 | Shop | 15008", header="From | To | Port"), catalog) == [
        "EG470 Shop",
        "EG407 15008",
    ]


def test_no_name_stands_for_two_presets_and_each_has_a_source() -> None:
    known = all_presets(Cluster())
    names = [name.casefold() for it in known for name in (it.name, *it.aliases)]
    assert len(set(names)) == len(names)
    assert all(it.source for it in known)


def test_the_documentation_lists_every_preset() -> None:
    text = (Path(__file__).parents[3] / "docs" / "presets.md").read_text("utf-8")
    assert re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE) == [it.name for it in all_presets(Cluster())]


@each(
    ("entry", "peers"),
    [
        ('{at: "192.0.2.7", preset: Internet}', ["192.0.2.7/32"]),
        ('{at: "192.0.2.7", preset: Internet, internet: false}', ["192.0.2.7/32"]),
        ('{at: "data/app=pg", preset: konnectivity agent}', ["kubernetes.io/metadata.name=data/app=pg"]),
        ('{at: "data/app=pg", preset: Internet}', ["kubernetes.io/metadata.name=data/app=pg"]),
        ('{at: "data/app=pg", preset: istiod}', ["kubernetes.io/metadata.name=data/app=pg"]),
    ],
)
def test_where_an_entry_says_it_is_replaces_the_place_of_its_preset(entry: str, peers: list[str]) -> None:
    catalog = CATALOG + f"  X: {entry}\n"
    policies, report = compile_text(services("web | X:1 | None"), catalog)
    assert policies is not None, report.sorted()
    assert [say_peer(it) for it in policies.services[0].grants[0].destination.peers] == peers


@each(
    ("entry", "help"),
    [
        ("{preset: Internet, internet: false}", 'remove "internet", or write where it is in "at"'),
        ("{preset: Internet, namespace: data}", 'remove "namespace" or "preset"'),
        ("{preset: konnectivity agent, namespaces: any}", 'remove "namespaces" or "preset"'),
    ],
)
def test_an_entry_that_contradicts_its_preset(entry: str, help: str) -> None:
    _, report = compile_text(services("web | X:1 | None"), CATALOG + f"  X: {entry}\n")
    assert [(it.code.id, it.help) for it in report.sorted()] == [("EG232", help)]


def test_a_preset_of_pods_is_not_where_a_host_outside_is() -> None:
    catalog = CATALOG + "  X: {at: otel.example.com, preset: OpenTelemetry Collector}\n"
    assert findings(services("web | X:1 | None"), catalog) == ["EG313 X"]


def test_an_address_of_the_other_family_alone() -> None:
    project = "cluster: {ipFamilies: [IPv6], nodes: [192.0.2.0/28], apiServer: {addresses: [192.0.2.1]}}"
    _, report = compile_text(services("web | API server, kubelet API | None"), project=project)
    assert [(it.code.id, it.message, it.help) for it in report.sorted()] == [
        (
            "EG314",
            '"Kubernetes API server" needs an IPv6 address of the API server, but cluster.apiServer has only IPv4',
            "add an IPv6 address to cluster.apiServer.addresses, or IPv4 to cluster.ipFamilies",
        ),
        (
            "EG325",
            '"kubelet API" needs IPv6 addresses of the nodes, but cluster.nodes has only IPv4',
            "add the IPv6 networks of the nodes to cluster.nodes, or IPv4 to cluster.ipFamilies",
        ),
    ]
    both = project.replace("[IPv6]", "[IPv4, IPv6]")
    assert findings(services("web | API server, kubelet API | None"), project=both) == []


@each(
    ("addresses", "found"),
    [("[192.0.2.7]", ["EG329 X"]), ('["2001:db8::7"]', []), ('[192.0.2.7, "2001:db8::7"]', [])],
)
def test_a_destination_of_the_other_family_alone(addresses: str, found: list[str]) -> None:
    catalog = CATALOG + f"  X: {{addresses: {addresses}, ports: [1]}}\n"
    assert findings(services("web | X | None", "cart | X | None"), catalog, "cluster: {ipFamilies: [IPv6]}") == found


@each(
    ("name", "found"),
    [
        ("API server (kube-system)", []),
        ("API server (default)", []),
        ("API server (events)", ["EG309 API server"]),
        ("Anywhere (events):443", ["EG309 Anywhere"]),
        ("Internet (events):443", ["EG309 Internet"]),
        ("kube-dns (events):9153", ["EG309 kube-dns"]),
        ("kube-dns (kube-system):9153", []),
    ],
)
def test_a_preset_in_a_namespace(name: str, found: list[str]) -> None:
    catalog = CATALOG.replace("  namespace: apps\n", "").replace("Redis: {", "Redis: {namespace: apps, ")
    for entries in (CATALOG, catalog):
        rows = services(f"web | apps | {name}", header="Service | Namespace | Dependencies")
        assert [it for it in findings(rows, entries, _CLUSTER) if "EG405" not in it] == found


def test_a_preset_in_no_one_namespace_says_so() -> None:
    _, report = compile_text(services("web | Anywhere (events) | None"))
    (found,) = (it for it in report.sorted() if it.code.id == "EG309")
    assert found.message == '"Anywhere" is not in one namespace, so it cannot be limited to "events"'
    assert (
        found.help
        == 'write "Anywhere" without "events"; or, if all pods of the namespace are meant, "Namespace events"'
    )
    assert findings(services("web | Namespace events (443) | None")) == []


def test_where_the_api_server_calls_from_is_a_list() -> None:
    said = "cluster: {apiServer: {addresses: [192.0.2.1], callsFrom: {networks: [192.0.2.64/28]}}}"
    _, report = compile_text(services("web | None | None"), project=said)
    (found,) = (it for it in report.sorted() if it.code.id == "EG232")
    assert "a list of networks such as [192.0.2.64/28], or `konnectivity`" in found.help
    text = (Path(__file__).parents[3] / "docs" / "presets.md").read_text("utf-8")
    (documented,) = re.findall("callsFrom: konnectivity +# or (.*)", text)
    for form in ("konnectivity", documented):
        server = f"cluster: {{apiServer: {{addresses: [192.0.2.1], callsFrom: {form}}}}}"
        assert findings(services("web | None | None"), project=server) == []
