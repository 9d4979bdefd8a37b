"""Policies of Calico among manifests: they count in the proof, in answers, in comparisons and reports.

The dialect of the project does not matter.
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
  redis: {ports: [6379]}
"""
CALICO = """\
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  order: 1000
  selector: app == 'web'
  types: [Egress]
  egress:
  - {action: Allow, protocol: TCP, destination: {selector: app == 'redis', ports: [6379]}}
"""
TIER = """\
---
apiVersion: projectcalico.org/v3
kind: Tier
metadata: {name: platform}
spec: {order: 100, defaultAction: Pass}
"""
FIRST = """\
---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: platform.first}
spec:
  tier: platform
  order: 1
  namespaceSelector: kubernetes.io/metadata.name == 'shop'
  types: [Egress]
  egress:
  - {action: Deny, protocol: TCP, destination: {selector: app == 'redis', ports: [6379]}}
"""
ASKED = ("explain", "shop/pod/web", "shop/pod/redis:6379")
BOTH = [CALICO, WEB]


@pytest.fixture(params=["NetworkPolicy", "Calico"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    (tmp_path / "services.md").write_text("| Service | Depends on |\n|---|---|\n| web | redis |\n", "utf-8")
    (tmp_path / "catalog.yaml").write_text(CATALOG, "utf-8")
    cluster = f"cluster: {{dns: {{profile: none}}, dialect: {request.param}}}\n"
    (tmp_path / "egressc.yaml").write_text(f"sources: [services.md]\ncatalog: catalog.yaml\n{cluster}", "utf-8")
    return tmp_path


def alone(project: Path, text: str, *command: str) -> str:
    """What a command says of manifests without the project."""
    folder = project / "alone"
    folder.mkdir(exist_ok=True)
    return said(folder, text, *command)[1]


@each("policy", BOTH)
def test_the_policy_is_what_the_row_says(project: Path, policy: str) -> None:
    status, text = said(project, policy, "verify")
    assert status == OK, text
    assert "1 service: policies equal the 1 row read" in text


@each(
    ("old", "new", "code"),
    [
        ("6379", "6380", "EG620"),
        ("protocol: TCP", "protocol: UDP", "EG620"),
        ("app == 'redis'", "has(app)", "EG620"),
        ("{selector: app == 'redis', ports: [6379]}", "{ports: [6379]}", "EG620"),
        ("app == 'web'", "app == 'other'", "EG622"),
        ("action: Allow", "action: Log", "EG621"),
        ("selector: app == 'redis'", "selector: app == 'redis', namespaceSelector: global()", "EG621"),
    ],
)
def test_what_is_not_the_row_is_found(project: Path, old: str, new: str, code: str) -> None:
    assert old in CALICO
    status, text = said(project, CALICO.replace(old, new, 1), "verify")
    assert status == ERRORS
    assert code in text


@each("policy", BOTH)
@each(
    ("old", "new", "is_allowed"),
    [
        ("", "", False),
        ("action: Deny", "action: Pass", True),
        ("order: 100,", "order: 2000000,", True),
        ("'shop'", "'data'", True),
        ("- {action: Deny", "- {action: Allow, protocol: TCP}\n  - {action: Deny", True),
    ],
)
def test_tiers_are_asked_in_their_order(project: Path, policy: str, old: str, new: str, is_allowed: bool) -> None:
    text = (policy + TIER + FIRST).replace(old, new, 1)
    status, printed = said(project, text, "verify")
    assert status == (OK if is_allowed and "Allow, protocol: TCP}\n" not in new else ERRORS), printed
    answer = alone(project, text + PODS, *ASKED)
    assert answer.startswith("allowed: " if is_allowed else "denied: "), answer
    if not is_allowed:
        assert "platform.first" in answer


def test_a_tier_that_denies_at_its_end(project: Path) -> None:
    """What is passed on goes to the next tier; what no rule meets does not."""
    text = CALICO + TIER.replace("Pass", "Deny") + FIRST.replace("action: Deny", "action: ACTION")
    assert alone(project, text.replace("ACTION", "Pass") + PODS, *ASKED).startswith("allowed: ")
    other = text.replace("ACTION", "Pass").replace("ports: [6379]}}\n", "ports: [1]}}\n")
    assert alone(project, other.replace("ports: [1]", "ports: [6379]", 1) + PODS, *ASKED).startswith("denied: ")


def test_a_comparison_tells_what_it_closes(project: Path) -> None:
    (project / "before.yaml").write_text(CALICO + PODS, "utf-8")
    (project / "after.yaml").write_text(CALICO + TIER + FIRST + PODS, "utf-8")
    result = run(["diff", "before.yaml", "after.yaml"], project)
    assert "+ guardrail platform.first\n" in result.stdout
    assert "now denied: " in result.stdout
    same = run(["diff", "before.yaml", "before.yaml"], project)
    assert same.exit_code == OK


def test_a_report_counts_whom_it_isolates(project: Path) -> None:
    assert "isolated: 1 for egress, 0 for ingress" in alone(project, CALICO + PODS, "report")


def test_a_network_set_has_the_addresses_of_a_rule(project: Path) -> None:
    rule = (
        "  - {action: Allow, protocol: TCP, destination: {namespaceSelector: global(), selector: role == 'mirror'}}\n"
    )
    held = (
        "---\napiVersion: projectcalico.org/v3\nkind: GlobalNetworkSet\nmetadata: {name: m, labels: {role: mirror}}\n"
    )
    text = f"{CALICO}{rule}{held}spec: {{nets: [203.0.113.0/24]}}\n{PODS}"
    assert alone(project, text, "explain", "shop/pod/web", "203.0.113.9:443").startswith("allowed: ")
    assert alone(project, text, "explain", "shop/pod/web", "203.0.114.9:443").startswith("denied: ")
    assert alone(project, CALICO + rule + PODS, "explain", "shop/pod/web", "203.0.113.9:443").startswith("denied: ")


def test_how_calico_stores_its_own_is_refused(project: Path) -> None:
    status, text = said(project, CALICO.replace("projectcalico.org/v3", "crd.projectcalico.org/v1"), "verify")
    assert status == ERRORS
    assert "EG612" in text


@each("kind", ["HostEndpoint", "Profile", "QoSPolicy"])
def test_what_else_decides_about_flows_is_refused(project: Path, kind: str) -> None:
    status, text = said(
        project, f"{CALICO}---\napiVersion: projectcalico.org/v3\nkind: {kind}\nmetadata: {{name: a}}\n", "verify"
    )
    assert status == ERRORS
    assert "EG612" in text


def test_two_kinds_of_one_name_are_two_policies(project: Path) -> None:
    status, text = said(project, f"{WEB}---\n{CALICO}", "verify")
    assert status == OK, text
