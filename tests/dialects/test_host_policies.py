"""Policies of EKS and GKE for hosts among manifests: they count in the proof, in answers, in comparisons and reports.

The dialect of the project does not matter, as long as its rows ask for hosts by name.
"""

from pathlib import Path

import pytest

from egressc.cli import ERRORS, OK
from support.command import run
from support.shop_manifests import PODS, WEB, said
from support.tables import each

CATALOG = """\
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  LLM API: {hosts: [api.example.com, "WILDCARD.models.example.com"], ports: [443]}
  redis: {ports: [6379]}
"""
EKS = """\
---
apiVersion: networking.k8s.aws/v1alpha1
kind: ApplicationNetworkPolicy
metadata: {name: web-hosts, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress:
  - to: [{domainNames: [api.example.com, "*.models.example.com"]}]
    ports: [{port: 443, protocol: TCP}]
"""
GKE = """\
---
apiVersion: networking.gke.io/v1alpha1
kind: FQDNNetworkPolicy
metadata: {name: web-hosts, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  egress:
  - matches: [{name: api.example.com}, {pattern: "*.models.example.com"}]
    ports: [{port: 443, protocol: TCP}]
"""
BOTH = [EKS, GKE]
WILDCARDS = {EKS: "**", GKE: "*"}


@pytest.fixture(params=BOTH, ids=("eks", "gke"))
def hosts(request: pytest.FixtureRequest) -> str:
    """A policy for hosts, of either kind."""
    return str(request.param)


@pytest.fixture
def project(tmp_path: Path, hosts: str) -> Path:
    (tmp_path / "services.md").write_text("| Service | Depends on |\n|---|---|\n| web | LLM API, redis |\n", "utf-8")
    (tmp_path / "catalog.yaml").write_text(CATALOG.replace("WILDCARD", WILDCARDS[hosts]), "utf-8")
    cluster = 'cluster: {dns: {profile: kube-dns}, dialect: Cilium, cilium: {version: "1.20"}}\n'
    (tmp_path / "egressc.yaml").write_text(f"sources: [services.md]\ncatalog: catalog.yaml\n{cluster}", "utf-8")
    return tmp_path


DNS = """\
  - to:
    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}
      podSelector: {matchLabels: {k8s-app: kube-dns}}
    ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
"""


def alone(project: Path, text: str, *command: str) -> str:
    """What a command says of manifests without the project."""
    folder = project / "alone"
    folder.mkdir(exist_ok=True)
    return said(folder, text, *command)[1]


def test_both_policies_together_are_what_the_row_says(project: Path, hosts: str) -> None:
    status, text = said(project, WEB + DNS + hosts, "verify")
    assert status == OK, text
    assert "1 service: policies equal the 1 row read" in text
    assert "approximate: 1 rule with a host name by learned addresses" in text


def test_names_need_no_rule_that_shows_answers_of_dns(project: Path, hosts: str) -> None:
    assert "EG629" not in said(project, WEB + hosts, "verify")[1]
    assert "EG629" not in alone(project, hosts + PODS, "report")


@each(
    ("old", "new", "code", "place"),
    [
        ("api.example.com", "api.example.org", "EG620", "egress[0] of policy shop/web-hosts allows it"),
        ("port: 443", "port: 8443", "EG620", "egress[0] of policy shop/web-hosts allows it"),
        ("protocol: TCP", "protocol: UDP", "EG621", "shop/web-hosts"),
        ("{app: web}", "{app: other}", "EG621", "LLM API"),
        ("namespace: shop", "namespace: data", "EG621", "LLM API"),
    ],
)
def test_what_is_not_the_row_is_found(project: Path, hosts: str, old: str, new: str, code: str, place: str) -> None:
    assert old in hosts
    status, text = said(project, WEB + DNS + hosts.replace(old, new, 1), "verify")
    assert status == ERRORS
    assert code in text
    assert place in text


def test_a_networkpolicy_with_addresses_widens_what_the_names_narrow(project: Path, hosts: str) -> None:
    internet = "  - to: [{ipBlock: {cidr: 0.0.0.0/0}}]\n    ports: [{port: 443}]\n"
    status, text = said(project, WEB + DNS + internet + hosts, "verify")
    assert status == ERRORS
    assert "EG620" in text
    assert "egress[2] of policy shop/web allows it" in text


def test_it_isolates_without_a_networkpolicy(project: Path, hosts: str) -> None:
    text = alone(project, hosts + PODS, "explain", "shop/pod/web", "shop/pod/redis:6379")
    assert text.startswith("denied: ")
    assert "policy shop/web-hosts isolates" not in text
    assert "shop/web-hosts isolates the source" in text
    assert "isolated: 1 for egress, 0 for ingress" in alone(project, hosts + PODS, "report")


@each("host", ["api.example.com", "eu.models.example.com"])
def test_questions_are_answered_by_name(project: Path, hosts: str, host: str) -> None:
    with_project = said(project, WEB + DNS + hosts + PODS, "explain", f"web -> host:{host}:443")[1]
    by_itself = alone(project, WEB + hosts + PODS, "explain", "shop/pod/web", f"host:{host}:443")
    for text in (with_project, by_itself):
        assert text.startswith("allowed: "), text
        assert "shop/web-hosts" in text
        assert "a host name by learned addresses" in text


def test_of_a_name_too_deep_the_answer_is_that_of_the_kind(project: Path, hosts: str) -> None:
    asked = ("explain", "shop/pod/web", "host:a.eu.models.example.com:443")
    text = alone(project, WEB + hosts + PODS, *asked)
    assert text.startswith("allowed: " if hosts == EKS else "denied: "), text
    denied = alone(project, WEB + hosts + PODS, "explain", "shop/pod/web", "host:api.example.org:443")
    assert "egress[0] of policy shop/web-hosts has the port, but opens api.example.com" in denied
    assert "add the host to the rule if you need it" in denied


def test_manifests_of_addresses_alone_are_asked_by_a_public_address(project: Path) -> None:
    text = alone(project, WEB + PODS, "explain", "shop/pod/web", "host:api.example.com:443")
    assert "policies know only addresses" in text


def test_a_comparison_tells_what_it_closes(project: Path, hosts: str) -> None:
    (project / "before.yaml").write_text(WEB + hosts + PODS, "utf-8")
    (project / "after.yaml").write_text(WEB + hosts.replace("api.example.com", "api.example.org") + PODS, "utf-8")
    result = run(["diff", "before.yaml", "after.yaml"], project)
    assert "opens api.example.org on 443/TCP" in result.stdout, result.stdout
    assert "closes api.example.com on 443/TCP" in result.stdout


def test_one_kind_in_place_of_the_other_is_no_change_of_names(project: Path) -> None:
    (project / "before.yaml").write_text(EKS.replace("*.models", "eu.models"), "utf-8")
    (project / "after.yaml").write_text(GKE.replace("*.models", "eu.models"), "utf-8")
    result = run(["diff", "before.yaml", "after.yaml"], project)
    assert "no flow changes" in result.stdout, result.stdout


def test_a_report_has_the_hosts(project: Path, hosts: str) -> None:
    text = alone(project, WEB + hosts + PODS, "report")
    assert f"Pod shop/web -> api.example.com, {WILDCARDS[hosts]}.models.example.com" in text


def test_one_that_is_refused_fails_the_proof_with_its_place(project: Path, hosts: str) -> None:
    status, text = said(project, WEB + DNS + hosts.replace("port: 443", "port: 65536"), "verify")
    assert status == ERRORS
    assert "error[EG611]: spec.egress[0].ports[0].port of policy shop/web-hosts: 65536 is not a" in text
    assert "rules.yaml:2" in text


def test_other_versions_are_refused(project: Path, hosts: str) -> None:
    text = said(project, WEB + DNS + hosts.replace("/v1alpha1", "/v1alpha3"), "verify")[1]
    assert "EG612" in text


def test_one_name_is_two_objects_of_two_kinds(project: Path, hosts: str) -> None:
    same = hosts.replace("name: web-hosts", "name: web")
    status, text = said(project, WEB + DNS + same, "verify")
    assert status == OK, text
    assert "EG614" in said(project, WEB + DNS + hosts + hosts, "verify")[1]


def test_one_of_others_beside_the_project_counts(project: Path, hosts: str) -> None:
    opening = hosts.replace("api.example.com", "api.example.org").replace("web-hosts", "others")
    (project / "others.yaml").write_text(opening.removeprefix("---\n"), "utf-8")
    config = (project / "egressc.yaml").read_text("utf-8")
    (project / "egressc.yaml").write_text(f"{config}otherPolicies: [others.yaml]\n", "utf-8")
    text = run(["compile"], project).stderr
    assert "api.example.org" in text
    assert "shop/others" in text
