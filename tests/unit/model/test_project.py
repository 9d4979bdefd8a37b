"""The project file and the catalog: what is taken, what is refused, and where."""

import pytest

from compiled import CATALOG, compile_text, findings, services
from egressc.diagnostics.core import Report
from egressc.model.policy import Dns, Port, Protocol
from egressc.pipeline import read_project

TEXT = services("web | Redis | None")


def test_without_a_file_there_are_defaults() -> None:
    report = Report()
    project = read_project(None, report)
    assert (project.values, project.cluster.dns, report.diagnostics) == ("values", Dns("kube-dns"), [])


def test_dns_may_differ_by_namespace() -> None:
    project = "cluster: {dns: {profile: coredns}, namespaces: {apps: {dns: {profile: any}}}}"
    header = "Service | Namespace | Calls"
    policies, _ = compile_text(services("a | apps | None", "b | other | None", header=header), CATALOG, project)
    assert policies is not None
    assert [(it.id, it.dns.profile) for it in policies.services] == [("a", "any"), ("b", "coredns")]


def test_custom_dns_has_peers_and_ports() -> None:
    project = "cluster: {dns: {profile: custom, to: [{ipBlock: {cidr: 192.0.2.53/32}}], ports: [5353]}}"
    policies, _ = compile_text(TEXT, CATALOG, project)
    assert policies is not None
    dns = policies.services[0].dns
    assert dns.ports == (Port(Protocol.TCP, 5353), Port(Protocol.UDP, 5353))
    assert len(dns.peers) == 1


@pytest.mark.parametrize(
    ("project", "found"),
    [
        ("cluster: {dns: {profile: custom}}", "EG232 {profile: custom}"),
        ("cluster: {dns: {profile: any, ports: [53], to: [{podSelector: {}}]}}", "EG232"),
        ("cluster: {dns: {profile: kubedns}}", "EG232 kubedns"),
        ("cluster: {privateRanges: [10.0.0.1/8]}", "EG232 10.0.0.1/8"),
        ("cluster: {namespaceLabel: '-x'}", "EG232 '-x'"),
        ("cluster: {apiServer: {addresses: []}}", "EG232 []"),
        ("clutser: {}", "EG230 clutser"),
        ("tables: {headers: {servce: [x]}}", "EG230 servce"),
        ("allow: [{code: EG402}]", "EG231 {code: EG402}"),
        ("allow: [{code: E402, reason: x}]", "EG232 E402"),
    ],
)
def test_a_wrong_project_file_is_refused_at_the_place(project: str, found: str) -> None:
    assert any(it.startswith(found) for it in findings(TEXT, project=project)), findings(TEXT, project=project)


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("{id: A_b}", "EG232 A_b"),
        ("{namespace: Data}", "EG232 Data"),
        ("{namespace: a, namespaces: any}", "EG232 any"),
        ("{selector: {}}", "EG232 {}"),
        ("{selector: {matchLabels: {}}}", "EG232 {matchLabels: {}}"),
        ("{selector: {matchExpressions: [{key: a, operator: In}]}}", "EG232 In"),
        ("{selector: {a: -b}}", "EG232 -b"),
        ("{hosts: ['*.example.com']}", "EG232 '*.example.com'"),
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
    ],
)
def test_a_wrong_entry_of_the_catalog_is_refused_at_the_place(entry: str, found: str) -> None:
    assert found in findings(TEXT, CATALOG + f"  X: {entry}\n")
