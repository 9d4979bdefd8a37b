"""The project file and the catalog: what is taken, what is refused, and where."""

from egressc.diagnostics.core import Report
from egressc.model.policy import Dns, Port, Protocol
from egressc.pipeline import read_project
from support.compiled import CATALOG, compile_text, findings, services
from support.tables import each

TEXT = services("web | Redis | None")


def test_without_a_file_there_are_defaults() -> None:
    report = Report()
    project = read_project(None, report)
    assert (project.values, project.cluster.dns, report.diagnostics) == ("values", Dns("kube-dns"), [])


def test_dns_may_differ_by_namespace() -> None:
    project = "cluster: {dns: {profile: k8s-app-coredns}, namespaces: {apps: {dns: {profile: any}}}}"
    header = "Service | Namespace | Calls"
    policies, _ = compile_text(services("a | apps | None", "b | other | None", header=header), CATALOG, project)
    assert policies is not None
    assert [(it.id, it.dns.profile) for it in policies.services] == [("a", "any"), ("b", "k8s-app-coredns")]


def test_a_service_has_its_own_dns_before_that_of_its_namespace() -> None:
    project = "cluster: {namespaces: {apps: {dns: {profile: none}}}}"
    catalog = CATALOG + "  a: {dns: {profile: any}}\n  b: {dns: {profile: none}}\n"
    header = "Service | Namespace | Calls"
    rows = services("a | apps | None", "b | other | None", "c | apps | None", "d | other | None", header=header)
    policies, report = compile_text(rows, catalog, project)
    assert policies is not None, report.sorted()
    profiles = {it.id: it.dns.profile for it in policies.services}
    assert profiles == {"a": "any", "b": "none", "c": "none", "d": "kube-dns"}


@each(("profile", "keys"), [("kube-dns", ["redis"]), ("none", ["kube-dns", "redis"])])
def test_a_row_that_names_dns_grants_it_where_no_profile_does(profile: str, keys: list[str]) -> None:
    catalog = CATALOG + f"  web: {{dns: {{profile: {profile}}}}}\n"
    policies, _ = compile_text(services("web | Redis, kube-dns | None"), catalog)
    assert policies is not None
    assert [it.destination.key for it in policies.services[0].grants] == keys


def test_dns_of_what_is_no_service_has_no_effect() -> None:
    found = findings(TEXT, CATALOG + "  Store: {ports: [80], dns: {profile: none}}\n")
    assert "EG427 {profile: none}" in found


def test_the_software_is_no_profile_and_the_help_says_which_one_is_meant() -> None:
    for project, catalog in (
        ("cluster: {dns: {profile: coredns}}", CATALOG),
        ("cluster: {namespaces: {apps: {dns: {profile: coredns}}}}", CATALOG),
        ("{}", CATALOG + "  web: {dns: {profile: coredns}}\n"),
    ):
        _, report = compile_text(TEXT, catalog, project)
        (refused,) = (it for it in report.diagnostics if it.code.id == "EG232")
        assert refused.primary.span.text == "coredns"
        assert "kube-dns where DNS pods carry k8s-app=kube-dns, as on kubeadm, EKS, GKE, AKS" in refused.help


def test_custom_dns_has_peers_and_ports() -> None:
    project = "cluster: {dns: {profile: custom, to: [{ipBlock: {cidr: 192.0.2.53/32}}], ports: [5353]}}"
    policies, _ = compile_text(TEXT, CATALOG, project)
    assert policies is not None
    dns = policies.services[0].dns
    assert dns.ports == (Port(Protocol.TCP, 5353), Port(Protocol.UDP, 5353))
    assert len(dns.peers) == 1


@each(
    ("project", "found"),
    [
        ("cluster: {dns: {profile: custom}}", "EG232 {profile: custom}"),
        ("cluster: {dns: {profile: any, ports: [53], to: [{podSelector: {}}]}}", "EG232"),
        ("cluster: {dns: {profile: kubedns}}", "EG232 kubedns"),
        ("cluster: {dns: {profile: none, ports: [53], to: [{podSelector: {}}]}}", "EG232"),
        ("cluster: {privateRanges: [10.0.0.1/8]}", "EG232 10.0.0.1/8"),
        ("cluster: {namespaceLabel: '-x'}", "EG232 '-x'"),
        ("cluster: {apiServer: {addresses: []}}", "EG232 []"),
        ("clutser: {}", "EG230 clutser"),
        ("cluster: {namespace_label: a.example/b}", "EG230 namespace_label"),
        ("tables: {headers: {servce: [x]}}", "EG230 servce"),
        ("allow: [{code: EG402}]", "EG231 {code: EG402}"),
        ("allow: [{code: E402, reason: x}]", "EG232 E402"),
    ],
)
def test_a_wrong_project_file_is_refused_at_the_place(project: str, found: str) -> None:
    assert any(it.startswith(found) for it in findings(TEXT, project=project)), findings(TEXT, project=project)


@each(
    ("entry", "found"),
    [
        ("{id: A_b}", "EG232 A_b"),
        ("{namespace: Data}", "EG232 Data"),
        ("{namespace: a, namespaces: any}", "EG232 any"),
        ("{selector: {}}", "EG232 {}"),
        ("{selector: {matchLabels: {}}}", "EG232 {matchLabels: {}}"),
        ("{selector: {matchExpressions: [{key: a, operator: In}]}}", "EG232 In"),
        ("{selector: {a: -b}}", "EG232 -b"),
        ("{hosts: ['*.com']}", "EG232 '*.com'"),
        ("{addresses: [10.0.0.1/8]}", "EG232 10.0.0.1/8"),
        ("{addresses: [{cidr: 10.0.0.0/8, except: [11.0.0.0/16]}]}", "EG232 11.0.0.0/16"),
        ("{addresses: [10.0.0.0/8], namespace: a}", "EG232 [10.0.0.0/8]"),
        ("{to: [{podSelector: {}}], namespace: a}", "EG232 [{podSelector: {}}]"),
        ("{to: [{}]}", "EG232 {}"),
        ("{ports: [0]}", "EG212 0"),
        ("{ports: ['HTTPS']}", "EG211 'HTTPS'"),
        ("{ports: [{port: 80, servicePort: 0}]}", "EG232 0"),
        ("{aliases: [Redis]}", "EG308 Redis"),
        ("{port: [80]}", "EG230 port"),
        ("{dns: {profile: custom}}", "EG232 {profile: custom}"),
    ],
)
def test_a_wrong_entry_of_the_catalog_is_refused_at_the_place(entry: str, found: str) -> None:
    assert found in findings(TEXT, CATALOG + f"  X: {entry}\n")
