"""Policies of the whole cluster among manifests: they count in the proof, in answers, in comparisons and reports."""

from pathlib import Path

import pytest

from egressc.cli import ERRORS, OK
from support.command import run
from support.shop_manifests import MANIFESTS, PODS, WEB, said
from support.tables import each

CATALOG = """\
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  redis: {ports: [6379]}
"""
GUARD = """\
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: guard}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {}}
  egress:
  - name: metadata
    action: Deny
    to: [{networks: [169.254.169.254/32]}]
"""
OPENING = GUARD.replace("action: Deny", "action: Accept").replace(
    "{networks: [169.254.169.254/32]}", "{namespaces: {}}"
)
CLOSING = GUARD.replace("{networks: [169.254.169.254/32]}", "{namespaces: {}}")
EKS = GUARD.replace("policy.networking.k8s.io/v1alpha2", "networking.k8s.aws/v1alpha1").replace(
    "priority: 10", "priority: 9"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "services.md").write_text("| Service | Depends on |\n|---|---|\n| web | redis |\n", "utf-8")
    (tmp_path / "catalog.yaml").write_text(CATALOG, "utf-8")
    (tmp_path / "egressc.yaml").write_text(
        "sources: [services.md]\ncatalog: catalog.yaml\ncluster: {dns: {profile: none}}\n", "utf-8"
    )
    return tmp_path


def test_one_that_denies_nothing_of_the_table_changes_nothing(project: Path) -> None:
    status, text = said(project, WEB + GUARD, "verify")
    assert status == OK, text
    assert "1 service: policies equal the 1 row read" in text


@each("tier", ["Admin", "Baseline"])
def test_it_comes_before_or_after_network_policies(project: Path, tier: str) -> None:
    """What a NetworkPolicy decides, only the tier Admin decides otherwise."""
    opened, opening = said(project, WEB + OPENING.replace("tier: Admin", f"tier: {tier}"), "verify")
    closed, closing = said(project, WEB + CLOSING.replace("tier: Admin", f"tier: {tier}"), "verify")
    if tier == "Baseline":
        assert (opened, closed) == (OK, OK), f"{opening}{closing}"
        assert "warning[EG639]" in opening
        return
    assert (opened, closed) == (ERRORS, ERRORS)
    assert "egress[0] of policy guard allows it" in opening
    assert "rules.yaml:21:5" in opening
    assert "EG621" in closing
    assert "rules.yaml:21:5\n21 |   - name: metadata\n   |     -------------- denies it" in closing


def test_what_is_passed_on_is_decided_by_network_policies(project: Path) -> None:
    passing = CLOSING.replace(
        "  - name: metadata\n", "  - {action: Pass, to: [{namespaces: {}}]}\n  - name: metadata\n"
    )
    assert said(project, WEB + passing, "verify")[0] == OK


def test_an_answer_names_it(project: Path) -> None:
    _, text = said(project, WEB + CLOSING + PODS, "explain", "web -> redis")
    assert "egress[0]: deny" in text
    assert "narrow or remove egress[0] of policy guard" in text


def alone(project: Path, text: str, *command: str) -> str:
    """What a command says of manifests without the project."""
    (project / "alone").mkdir(exist_ok=True)
    (project / "alone" / "egressc.yaml").unlink(missing_ok=True)
    (project / "alone" / "rules.yaml").write_text(text, "utf-8")
    result = run([*command, *MANIFESTS], project / "alone")
    return f"{result.stdout}{result.stderr}"


def test_of_a_denial_those_that_isolate_are_named_and_a_near_miss_is_found(project: Path) -> None:
    """A policy of the whole cluster isolates no pod, whatever it opens."""
    port = "\n    protocols: [{tcp: {destinationPort: {number: 6380}}}]"
    opening = OPENING.replace("{namespaces: {}}]", f"{{namespaces: {{}}}}]{port}")
    text = alone(
        project,
        WEB.replace("podSelector: {matchLabels: {app: redis", "podSelector: {matchLabels: {app: other")
        + opening
        + PODS,
        "explain",
        "shop/pod/web",
        "shop/pod/redis:82",
    )
    assert "shop/web isolates the source" in text
    assert "guard isolates" not in text
    assert "egress[0] of policy guard opens 6380/TCP, not 82/TCP" in text
    assert "in that rule of guard" in text


def test_a_comparison_tells_what_it_closes(project: Path) -> None:
    (project / "before.yaml").write_text(WEB + PODS, "utf-8")
    (project / "after.yaml").write_text(WEB + CLOSING + PODS, "utf-8")
    result = run(["diff", "before.yaml", "after.yaml"], project)
    assert "- connection Pod shop/web -> Pod shop/redis 6379/TCP" in result.stdout, result.stdout


def test_a_report_leaves_out_what_it_denies_by_number_and_by_name(project: Path) -> None:
    named = GUARD.replace("egress:", "ingress:").replace(
        "to: [{networks: [169.254.169.254/32]}]",
        "from: [{namespaces: {}}]\n    protocols: [{destinationNamedPort: db}]",
    )
    ports = PODS.rstrip() + "\nspec: {containers: [{ports: [{name: db, containerPort: 6379}]}]}\n"
    text = alone(project, named + ports, "report")
    assert "Pod shop/web -> Pod shop/redis                1-6378/TCP, 6380-65535/TCP, any/UDP, any/SCTP" in text, text
    assert "exposed: Pod shop/redis <- the whole cluster  1-6378/TCP, 6380-65535/TCP" in text
    assert text.count("no policy isolates it") == text.count("exposed: ") == 8
    assert "isolated: 0 for egress, 0 for ingress" in text
    closed = alone(project, CLOSING + PODS, "report")
    assert "Pod shop/web -> Pod shop/redis" not in closed


def test_one_name_is_one_object_in_both_versions_and_two_in_two_groups(project: Path) -> None:
    _, text = said(project, WEB + GUARD + GUARD.replace("v1alpha2", "v1beta1"), "verify")
    assert "EG614" in text
    assert "policy guard is defined twice" in text
    status, text = said(project, WEB + GUARD + EKS, "verify")
    assert status == OK, text


def test_it_needs_no_namespace_and_has_none(project: Path) -> None:
    """A namespace in its manifest has no effect, as for an API server: it is still one object."""
    (project / "others.yaml").write_text(GUARD.removeprefix("---\n"), "utf-8")
    config = (project / "egressc.yaml").read_text("utf-8")
    (project / "egressc.yaml").write_text(f"{config}otherPolicies: [others.yaml]\n", "utf-8")
    result = run(["compile"], project)
    assert result.exit_code == OK, result.stderr
    assert "EG638" not in result.stderr
    placed = GUARD.replace("{name: guard}", "{name: guard, namespace: shop}")
    assert "EG614" in said(project, WEB + GUARD + placed, "verify")[1]


def test_one_that_is_refused_fails_the_proof_with_its_place(project: Path) -> None:
    status, text = said(project, WEB + GUARD.replace("priority: 10", "priority: 1001"), "verify")
    assert status == ERRORS
    assert "error[EG611]: spec.priority of policy guard: 1001 is not a number between 0 and 1000" in text
    assert "rules.yaml:18:13" in text


def test_hosts_that_it_accepts_need_no_rule_of_dns(project: Path) -> None:
    names = OPENING.replace("{namespaces: {}}]\n", '{domainNames: ["*.example.com"]}]\n', 1)
    status, text = said(project, WEB + names, "verify")
    assert status == ERRORS
    assert "EG629" not in text
    assert "EG639" in text
    assert "example.com" in text
    both = OPENING.replace("to: [{namespaces: {}}]", "to: [{networks: [0.0.0.0/0, '::/0']}]")
    assert "EG629" not in said(project, WEB + both, "verify")[1]
