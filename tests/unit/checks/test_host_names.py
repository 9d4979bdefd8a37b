"""Hosts by name: who tells pods where a name leads, and what each dialect makes of a name."""

from egressc.model.policy import HostPeer
from support.compiled import compile_text, findings, services
from support.tables import each

CATALOG = """
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  LLM API: {hosts: [api.example.com], ports: [443]}
  Archive: {addresses: [203.0.113.0/24], ports: [443]}
"""
ANYWHERE = "{profile: custom, to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [53]}"
SERVER = ANYWHERE.replace("0.0.0.0/0", "10.0.0.53/32")


@each(
    ("destination", "dns", "is_reported"),
    [
        ("LLM API", ANYWHERE, True),
        ("LLM API", SERVER, False),
        ("LLM API", "{profile: any}", False),  # rendered so that nothing is learned from the answers
        ("LLM API", "true", False),
        ("Archive", ANYWHERE, False),
    ],
)
def test_a_baseline_can_let_pods_choose_who_tells_them(destination: str, dns: str, is_reported: bool) -> None:
    project = f'cluster:\n  dialect: Cilium\n  cilium: {{version: "1.20"}}\n  baseline: {{deny: egress, dns: {dns}}}\n'
    found = findings(services(f"Assistant | {destination}", header="Service | Depends on"), CATALOG, project)
    assert ("EG490 Assistant" in found) == is_reported, found


@each("dialect", ["EKS", "GKE"])
@each(
    ("destination", "dns", "is_reported"),
    [
        ("LLM API", ANYWHERE, True),
        ("LLM API", "{profile: any}", True),
        ("LLM API", "none", True),
        ("LLM API", SERVER, False),
        ("Archive", "{profile: any}", False),
        ("Archive", "none", False),
    ],
)
def test_hosts_need_the_dns_of_the_cluster(dialect: str, destination: str, dns: str, is_reported: bool) -> None:
    given = "{profile: none}" if dns == "none" else dns
    project = f"cluster: {{dialect: {dialect}, dns: {given}}}\n"
    found = findings(services(f"Assistant | {destination}", header="Service | Depends on"), CATALOG, project)
    assert ("EG490 Assistant" in found) == is_reported, found


@each("dialect", ["EKS", "GKE"])
def test_a_baseline_lets_pods_choose_in_these_dialects(dialect: str) -> None:
    """Nothing is known that would keep the plugin from learning what such a server answers."""
    dns = f"dns: {SERVER}, baseline: {{deny: egress, dns: {{profile: any}}}}"
    found = findings(
        services("Assistant | LLM API", header="Service | Depends on"),
        CATALOG,
        f"cluster: {{dialect: {dialect}, {dns}}}\n",
    )
    assert "EG490 Assistant" in found


@each(
    ("dialect", "dns", "count"),
    [
        ("EKS", "{profile: kube-dns}", 1),
        ("EKS", "{profile: openshift}", 1),
        ("EKS", "{profile: nodelocal}", 0),
        ("EKS", SERVER, 0),
        ("EKS", "{profile: none}", 0),
        ("GKE", "{profile: kube-dns}", 0),
        ("NetworkPolicy", "{profile: kube-dns}", 0),
    ],
)
def test_dns_on_the_nodes_of_eks_is_no_pod(dialect: str, dns: str, count: int) -> None:
    project = f"cluster: {{dialect: {dialect}, dns: {dns}}}\n"
    rows = services("Assistant | Archive", "Other | Archive", header="Service | Depends on")
    found = findings(rows, CATALOG, project)
    assert sum(it.startswith("EG493") for it in found) == count, found


@each(
    ("dialect", "host", "named"),
    [
        ("EKS", "*.example.com", ["**.example.com"]),
        ("EKS", "**.example.com", ["**.example.com"]),
        ("EKS", "api.example.com", ["api.example.com"]),
        ("GKE", "*.example.com", ["*.example.com"]),
        ("Cilium", "*.example.com", ["*.example.com"]),
        ("NetworkPolicy", "*.example.com", []),
    ],
)
def test_what_a_rule_names(dialect: str, host: str, named: list[str]) -> None:
    catalog = f"""
defaults: {{namespace: shop, selector: {{app: "{{id}}"}}}}
destinations:
  LLM API: {{hosts: ["{host}"], internet: true, ports: [443]}}
"""
    cilium = ', cilium: {version: "1.20"}' if dialect == "Cilium" else ""
    project = f"cluster: {{dialect: {dialect}, dns: {SERVER}{cilium}}}\n"
    policies, _ = compile_text(services("Assistant | LLM API", header="Service | Depends on"), catalog, project)
    assert policies is not None
    (grant,) = policies.services[0].grants
    assert [it.name for it in grant.destination.peers if isinstance(it, HostPeer)] == named
    assert grant.destination.hosts == (host,)


@each("dialect", ["EKS", "GKE"])
def test_the_api_server_has_addresses(dialect: str) -> None:
    rows = services("Assistant | Kubernetes API server", header="Service | Depends on")
    project = f"cluster: {{dialect: {dialect}, dns: {SERVER}}}\n"
    assert any(it.startswith("EG314") for it in findings(rows, CATALOG, project))
