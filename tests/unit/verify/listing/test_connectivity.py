"""What manifests alone say: workloads as people count them, their connections, and whom else they are exposed to."""

from egressc.diagnostics.core import Report
from egressc.model.flows import Direction, Pod
from egressc.source import Source
from egressc.verify.flows.words import say_addresses, say_peer, say_ports
from egressc.verify.listing.connectivity import Connectivity, find_connectivity
from egressc.verify.manifests.reader import read_manifests
from support.tables import each

NAMESPACES = """
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
---
apiVersion: v1
kind: Namespace
metadata: {name: data, labels: {team: data}}
"""


def workload(name: str, namespace: str = "shop", *, kind: str = "Deployment", labels: str = "", more: str = "") -> str:
    labels = labels or f"app: {name}"
    return f"""
---
apiVersion: apps/v1
kind: {kind}
metadata: {{name: {name}, namespace: {namespace}{more}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{{labels}}}}}
    spec: {{containers: [{{name: main, image: main, ports: [{{name: http, containerPort: 8080}}]}}]}}
"""


def pod(name: str, labels: str, owner: str = "") -> str:
    owners = f", ownerReferences: [{{{owner}, controller: true}}]" if owner else ""
    metadata = f"{{name: {name}, namespace: shop, labels: {{{labels}}}{owners}}}"
    ports = "[{name: http, containerPort: 8080}]"
    spec = f"{{containers: [{{name: main, image: main, ports: {ports}}}]}}"
    return f"\n---\n{{apiVersion: v1, kind: Pod, metadata: {metadata}, spec: {spec}}}\n"


def policy(name: str, spec: str, namespace: str = "shop") -> str:
    return f"""
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  podSelector: {{matchLabels: {{app: {name}}}}}
{spec}
"""


def find(*texts: str) -> Connectivity:
    report = Report()
    read = read_manifests([Source("manifests.yaml", "".join(texts))], report)
    assert not report.sorted()
    return find_connectivity(read)


def titles(found: Connectivity) -> list[str]:
    return [it.pod.title for it in found.workloads]


def connections(found: Connectivity) -> list[str]:
    return [
        f"{one.title} -> {other.title} {say_ports(ports)}"
        for one, other, ports in found.connections
        if isinstance(one, Pod) and isinstance(other, Pod)
    ]


def exposed(found: Connectivity, direction: Direction) -> list[str]:
    return [
        f"{it.workload.name}: {say_peer(it.peer)} on {say_ports(it.ports)}{' (limited)' if it.is_limited else ''}"
        for it in found.exposures
        if it.direction is direction
    ]


CLOSED = "  policyTypes: [Ingress, Egress]\n"
OWNED = ", ownerReferences: [{kind: Deployment, name: web, controller: true}]"


def test_a_controller_stands_for_what_it_made() -> None:
    found = find(
        workload("web"),
        workload("web-5d", kind="ReplicaSet", labels="app: web, pod-template-hash: 5d", more=OWNED),
        pod("web-5d-x", "app: web, pod-template-hash: 5d", "kind: ReplicaSet, name: web-5d"),
    )
    assert titles(found) == ["Deployment shop/web"]


def test_a_replica_set_of_an_earlier_version_has_no_pods() -> None:
    by_version = policy("web", CLOSED).replace("{app: web}", "{version: old}")
    earlier = workload("web-4c", kind="ReplicaSet", labels="app: web, version: old", more=OWNED)
    idle = earlier.replace("spec:\n  selector", "spec:\n  replicas: 0\n  selector")
    assert titles(find(workload("web"), earlier, by_version)) == ["Deployment shop/web", "ReplicaSet shop/web-4c"]
    assert titles(find(workload("web"), idle, by_version)) == ["Deployment shop/web"]


def test_pods_without_their_controller_are_counted_by_its_name() -> None:
    pods = [pod(f"web-5d-{end}", "app: web", "kind: ReplicaSet, name: web-5d") for end in "xy"]
    assert titles(find(*pods)) == ["ReplicaSet shop/web-5d"]


def test_a_pod_that_policies_tell_apart_stays_one_of_its_own() -> None:
    canary = pod("web-5d-x", "app: web, track: canary", "kind: Deployment, name: web")
    told_apart = policy("web", CLOSED).replace("{app: web}", "{track: canary}")
    assert titles(find(workload("web"), canary)) == ["Deployment shop/web"]
    assert titles(find(workload("web"), canary, told_apart)) == ["Deployment shop/web", "Pod shop/web-5d-x"]


def test_a_workload_given_twice_in_two_ways_is_two() -> None:
    found = find(workload("web"), workload("web", labels="app: web, tier: x"), policy("web", "  policyTypes: [Egress]"))
    assert titles(found) == ["Deployment shop/web"]
    by_tier = policy("web", CLOSED).replace("{app: web}", "{tier: x}")
    found = find(workload("web"), workload("web", labels="app: web, tier: x"), by_tier)
    assert titles(found) == ["Deployment shop/web", "Deployment shop/web (2)"]


def test_a_named_port_is_that_of_the_destination() -> None:
    opened = policy("web", CLOSED + "  ingress: [{from: [{podSelector: {}}], ports: [{port: http}]}]\n")
    found = find(workload("web"), workload("cart"), opened)
    assert connections(found) == ["Deployment shop/cart -> Deployment shop/web 8080/TCP"]
    assert found.isolated == (frozenset(), frozenset(Direction))


INWARD = "  ingress: [{from: [PEER], ports: [{port: 8080}]}]\n"


@each(
    ("peer", "said"),
    [
        ("{podSelector: {matchLabels: {app: cart}}}", []),  # the Deployment cart stands for it
        ("{podSelector: {matchLabels: {app: other}}}", ["pods app=other in shop"]),
        ("{podSelector: {}}", ["all pods in shop"]),
        ("{namespaceSelector: {}}", ["all pods in any namespace"]),
        (
            "{namespaceSelector: {matchLabels: {team: data}}}",
            ["all pods in data", "all pods in namespaces kubernetes.io/metadata.name not data, shop, team=data"],
        ),
        (  # there is a Deployment cart in shop, and none in data
            "{namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, "
            "values: [data, shop]}]}, podSelector: {matchLabels: {app: cart}}}",
            ["pods app=cart in namespaces kubernetes.io/metadata.name one of data, shop"],
        ),
        ("{ipBlock: {cidr: 203.0.113.0/24}}", ["203.0.113.0/24"]),
    ],
)
def test_exposure_is_what_no_workload_stands_for(peer: str, said: list[str]) -> None:
    opened = policy("web", "  policyTypes: [Ingress]\n" + INWARD.replace("PEER", peer))
    found = find(NAMESPACES, workload("web"), workload("cart"), opened)
    assert [it for it in exposed(found, Direction.INGRESS) if it.startswith("web")] == [
        f"web: {it} on 8080/TCP" for it in said
    ]


@each(
    ("peers", "said"),
    [
        ("{podSelector: {}}, {podSelector: {matchLabels: {app: other}}}", ["all pods in shop"]),
        ("{podSelector: {matchLabels: {app: other}}}, {podSelector: {}}", ["all pods in shop"]),
        ("{ipBlock: {cidr: 192.0.2.0/24}}, {namespaceSelector: {}}", ["all pods in any namespace", "192.0.2.0/24"]),
        (
            "{podSelector: {matchLabels: {app: other}}}, {ipBlock: {cidr: 192.0.2.0/24}}",
            ["192.0.2.0/24", "pods app=other in shop"],
        ),
    ],
)
def test_the_widest_exposures_stand_for_those_within_them(peers: str, said: list[str]) -> None:
    opened = policy("web", "  policyTypes: [Ingress]\n" + INWARD.replace("PEER", peers))
    assert exposed(find(workload("web"), opened), Direction.INGRESS) == [f"web: {it} on 8080/TCP" for it in said]


def test_a_wider_exposure_on_other_ports_stands_for_nothing() -> None:
    rules = "  ingress:\n  - {from: [{podSelector: {}}], ports: [{port: 1}]}\n"
    rules += "  - {from: [{podSelector: {matchLabels: {app: other}}}], ports: [{port: 1}, {port: 2}]}\n"
    found = find(workload("web"), policy("web", "  policyTypes: [Ingress]\n" + rules))
    assert exposed(found, Direction.INGRESS) == [
        "web: all pods in shop on 1/TCP",
        "web: pods app=other in shop on 1-2/TCP",
    ]


def test_what_nothing_isolates_is_open_to_all() -> None:
    found = find(workload("web"))
    assert exposed(found, Direction.INGRESS) == [
        "web: all pods in any namespace on any port",
        "web: any IPv4 address and any IPv6 address on any port",
    ]
    assert not any(it.is_isolated for it in found.exposures)


def test_policies_at_the_other_end_take_from_an_exposure() -> None:
    everywhere = policy("web", "  policyTypes: [Egress]\n  egress: [{to: [{podSelector: {}}]}]\n")
    closed = policy("all", "  policyTypes: [Ingress]\n").replace("{matchLabels: {app: all}}", "{}")
    port = "  policyTypes: [Ingress]\n  ingress: [{ports: [{port: 5432}]}]\n"
    assert "web: all pods in shop on any port" in exposed(find(workload("web"), everywhere), Direction.EGRESS)
    shut = find(workload("web"), everywhere, closed)
    assert [it for it in exposed(shut, Direction.EGRESS) if it.startswith("web")] == []
    for_all = policy("all", port).replace("{matchLabels: {app: all}}", "{}")
    assert "web: all pods in shop on 5432/TCP (limited)" in exposed(
        find(workload("web"), everywhere, for_all), Direction.EGRESS
    )
    limited = find(workload("web"), everywhere, policy("db", port))
    assert "web: all pods in shop on any port (limited)" in exposed(limited, Direction.EGRESS)


def test_namespaces_that_no_manifest_shows_are_told_where_labels_count() -> None:
    by_label = INWARD.replace("PEER", "{namespaceSelector: {matchLabels: {team: shop}}}")
    by_name = INWARD.replace("PEER", "{podSelector: {}}")
    opened = "  policyTypes: [Ingress]\n"
    assert find(workload("web"), policy("web", opened + by_label)).supposed == ("shop",)
    assert find(workload("web"), policy("web", opened + by_name)).supposed == ()
    assert find(NAMESPACES, workload("web"), policy("web", opened + by_label)).supposed == ()


def test_addresses_are_told_once_for_their_ports() -> None:
    two = (
        "  policyTypes: [Egress]\n  egress:\n"
        "  - {to: [{ipBlock: {cidr: 192.0.2.0/25}}], ports: [{port: 443}]}\n"
        "  - {to: [{ipBlock: {cidr: 192.0.2.128/25}}], ports: [{port: 443}]}\n"
    )
    found = find(workload("web"), policy("web", two))
    outside = [say_addresses(other) for _, other, _ in found.connections if not isinstance(other, Pod)]
    assert outside == ["192.0.2.0/24"]
    assert exposed(found, Direction.EGRESS) == ["web: 192.0.2.0/24 on 443/TCP"]
