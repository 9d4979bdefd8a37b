"""What rows ask for against what a dialect can express: for rules by name, and not for addresses in their place."""

import pytest

from support.compiled import compile_text, findings, services
from support.tables import each

SERVER = "dns: {profile: custom, to: [{ipBlock: {cidr: 203.0.113.53/32}}], ports: [53]}"


def found(dialect: str, destination: str, row: str, header: str = "Service | Depends on") -> list[str]:
    catalog = f"""
defaults: {{namespace: shop, selector: {{app: "{{id}}"}}}}
destinations:
  Partner: {destination}
"""
    project = f"directions: both\ncluster: {{dialect: {dialect}, {SERVER}}}\n"
    return [it for it in findings(services(row, header=header), catalog, project) if it.startswith(("EG447", "EG448"))]


@each(
    ("dialect", "destination", "codes"),
    [
        ("GKE", '{hosts: ["*.a.example"], ports: [443]}', []),
        ("GKE", '{hosts: ["**.a.example"], ports: [443]}', ["EG447"]),
        ("GKE", '{hosts: [a.example], ports: ["80-90"]}', ["EG447"]),
        ("GKE", "{hosts: [a.example], ports: [grpc-api]}", ["EG447"]),
        ("GKE", '{hosts: [a.example], ports: ["9/SCTP"]}', ["EG447"]),
        ("GKE", '{hosts: [a.example], ports: ["any/SCTP"]}', ["EG447"]),
        ("GKE", "{hosts: [a.example], ports: [any]}", []),
        ("GKE", '{addresses: [203.0.113.0/24], ports: ["80-90"]}', []),
        ("EKS", '{hosts: ["**.a.example"], ports: ["80-90", "9/SCTP"]}', []),
        ("EKS", '{hosts: ["*.a.example"], ports: [443]}', ["EG448"]),
        ("EKS", "{hosts: [a.example], ports: [grpc-api]}", ["EG447"]),
        ("EKS", '{hosts: ["*.a.example"], namespace: gateway, selector: {app: gateway}, ports: [443]}', []),
    ],
)
def test_what_a_dependency_needs(dialect: str, destination: str, codes: list[str]) -> None:
    assert [it.split()[0] for it in found(dialect, destination, "web | Partner")] == codes


@each("dialect", ["EKS", "GKE"])
def test_a_caller_has_addresses(dialect: str) -> None:
    destination = '{hosts: ["*.a.example", "**.b.example"], addresses: [203.0.113.0/24], ports: [443]}'
    row = "web | 8000-8010, 9000/SCTP | None | Partner"
    assert found(dialect, destination, row, "Service | Listens on | Depends on | Called by") == []


@each("written", ["*.a.example", "**.a.example"])
@each(
    ("dialect", "gateway", "can_write"),
    [("GKE", "", "*."), ("Istio", ", istio: {gateway: {namespace: out}}", "each host")],
)
def test_a_repair_is_what_the_dialect_can_say(written: str, dialect: str, gateway: str, can_write: str) -> None:
    project = f"cluster: {{dialect: {dialect}{gateway}, {SERVER}}}\n"
    catalog = f"""
defaults: {{namespace: shop, selector: {{app: "{{id}}"}}}}
destinations:
  Partner: {{hosts: ["{written}"], ports: [443]}}
"""
    report = compile_text(services("web | Partner", header="Service | Depends on"), catalog, project)[1]
    helps = [it.help for it in report.diagnostics if it.code.id == "EG447"]
    assert len(helps) == (not written.startswith(can_write))
    assert all(can_write in it and f"`{written[: written.index('a')]}`" not in it for it in helps)


@pytest.mark.slow
@each(
    ("dialect", "dns", "count", "is_refused"),
    [
        ("Calico", "none", 1024, False),
        ("Calico", "none", 1025, True),
        ("Calico", "kube-dns", 1022, False),
        ("Calico", "kube-dns", 1023, True),
        ("Calico", "nodelocal", 1020, False),
        ("Calico", "nodelocal", 1021, True),
        ("Calico", "any", 1018, False),
        ("Calico", "any", 1019, True),
        ("Calico", "{profile: custom, to: [{ipBlock: {cidr: 203.0.113.53/32}}], ports: [53]}", 1022, False),
        ("Calico", "{profile: custom, to: [{ipBlock: {cidr: 203.0.113.53/32}}], ports: [53]}", 1023, True),
        ("NetworkPolicy", "none", 1025, False),
    ],
)
def test_more_rules_than_a_policy_can_have(dialect: str, dns: str, count: int, is_refused: bool) -> None:
    profile = dns if dns.startswith("{") else f"{{profile: {dns}}}"
    catalog = 'defaults: {namespace: shop, selector: {app: "{id}"}}\ndestinations:\n' + "".join(
        f"  D{it}: {{ports: [443]}}\n" for it in range(count)
    )
    rows = [f"web | D{it}" for it in range(count)]
    text = services(*rows, header="Service | Depends on")
    report = compile_text(text, catalog, f"cluster: {{dialect: {dialect}, dns: {profile}}}\n")[1]
    assert [it.code.id for it in report.diagnostics] == ["EG447"] * is_refused
    assert all(
        it.message == '"web" needs 1025 egress rules, which Calico cannot express: one policy can have 1024'
        for it in report.diagnostics
    )


@pytest.mark.slow
def test_more_callers_than_a_policy_can_have() -> None:
    catalog = 'defaults: {namespace: shop, selector: {app: "{id}"}}\n'
    rows = ["web | 443 | None", *(f"c{it} | | web" for it in range(1025))]
    text = services(*rows, header="Service | Listens on | Depends on")
    project = "directions: both\ncluster: {dialect: Calico, dns: {profile: none}}\n"
    report = compile_text(text, catalog, project)[1]
    (said,) = [it.message for it in report.diagnostics if it.code.id == "EG447"]
    assert said == '"web" needs 1025 ingress rules, which Calico cannot express: one policy can have 1024'
