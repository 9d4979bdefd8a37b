"""Policies of other owners: in the checks of a compile, and on both sides of a proof."""

from pathlib import Path

import pytest

from egressc.cli import ERRORS, OK
from support.command import run
from support.tables import each

_CATALOG = """
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  PostgreSQL: {namespace: data, ports: [5432]}
  Web: {directions: both}
"""
_ROWS = "| Service | Depends on |\n|---|---|\n| Orders | PostgreSQL, Web:8080 |\n| Web | None |\n"
_FROM_SHOP = "from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}]"


def policy(name: str, home: str, selector: str, direction: str, rules: str) -> str:
    return (
        f"---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: {home}}}\n"
        f"spec: {{podSelector: {selector}, policyTypes: [{direction}], {direction.lower()}: {rules}}}\n"
    )


DENY = policy("deny", "data", "{}", "Ingress", "[]")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "egressc.yaml").write_text("sources: [s.md]\ncatalog: c.yaml\notherPolicies: [other.yaml]\n", "utf-8")
    (tmp_path / "c.yaml").write_text(_CATALOG, "utf-8")
    (tmp_path / "s.md").write_text(_ROWS, "utf-8")
    return tmp_path


def compiled(shop: Path, *policies: str) -> str:
    (shop / "other.yaml").write_text("".join(policies), "utf-8")
    return run(["compile"], shop).stderr


@each(
    ("policies", "found"),
    [
        ((), ""),
        ((DENY,), "warning[EG636]: pod app=orders in shop -> pod app=postgresql in data on 5432/TCP"),
        ((DENY, policy("open", "data", "{}", "Ingress", f"[{{{_FROM_SHOP}, ports: [{{port: 5432}}]}}]")), ""),
        ((DENY, policy("near", "data", "{}", "Ingress", f"[{{{_FROM_SHOP}, ports: [{{port: 5433}}]}}]")), "EG636"),
        ((policy("elsewhere", "lake", "{}", "Ingress", "[]"),), ""),
        ((policy("deny", "shop", "{matchLabels: {app: x}}", "Ingress", "[]"),), ""),
        ((policy("deny", "shop", "{}", "Egress", "[]"),), ""),  # orders and web open what they need themselves
        ((policy("wide", "shop", "{}", "Egress", "[{}]"),), "note[EG637]"),
        ((policy("wide", "shop", "{matchLabels: {app: web}}", "Ingress", f"[{{{_FROM_SHOP}}}]"),), "note[EG637]"),
    ],
)
def test_what_a_policy_of_others_comes_to(policies: tuple[str, ...], found: str, shop: Path) -> None:
    said = compiled(shop, *policies)
    assert (found in said) if found else ("EG63" not in said)


@each(
    ("home", "name", "more", "found"),
    [
        ("shop", "orders", "", "policy shop/orders is defined twice"),
        ("shop", "orders-2", "", ""),
        ("data", "orders", "", ""),
        ("shop", "namespace-policy", "", ""),
        ("shop", "namespace-policy", "cluster: {baseline: {deny: egress}}", "policy shop/namespace-policy is defined"),
        (
            "shop",
            "namespace-policy-x",
            "cluster: {baseline: {deny: egress, optIns: {x: {selector: {a: b}, to: [Internet]}}}}",
            "policy shop/namespace-policy-x is defined",
        ),
        (  # test_whole_policies sees it of the chart itself
            "shop",
            "namespace-policy-kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk-13e99401",
            f"cluster: {{baseline: {{deny: egress, optIns: {{{'k' * 60}: {{selector: {{a: b}}, to: [Internet]}}}}}}}}",
            "policy shop/namespace-policy-kkk",
        ),
        ("shop", "orders", "chart: ./own", ""),
    ],
)
def test_a_policy_of_others_with_the_name_of_one_of_ours(
    home: str, name: str, more: str, found: str, shop: Path
) -> None:
    (shop / "egressc.yaml").write_text(f"sources: [s.md]\ncatalog: c.yaml\notherPolicies: [other.yaml]\n{more}\n")
    said = compiled(shop, policy(name, home, "{matchLabels: {app: x}}", "Egress", "[]"))
    assert (f"error[EG614]: {found}" in said and "compiled from here" in said) if found else "EG614" not in said


@each(
    ("dialect", "kind", "name", "is_ours"),
    [
        ("GKE", "FQDNNetworkPolicy", "web-hosts", True),
        ("GKE", "FQDNNetworkPolicy", "web", False),
        ("GKE", "FQDNNetworkPolicy", "orders-hosts", False),  # it reaches no hosts
        ("GKE", "NetworkPolicy", "web", True),
        ("GKE", "NetworkPolicy", "web-hosts", False),
        ("NetworkPolicy", "FQDNNetworkPolicy", "web-hosts", False),
    ],
)
def test_a_policy_of_others_with_the_name_of_ours_for_hosts(
    dialect: str, kind: str, name: str, is_ours: bool, shop: Path
) -> None:
    settings = f"sources: [s.md]\ncatalog: c.yaml\notherPolicies: [other.yaml]\ncluster: {{dialect: {dialect}}}\n"
    (shop / "egressc.yaml").write_text(settings, "utf-8")
    llm = "  LLM: {hosts: [api.llm.example], internet: true, ports: [443]}\n"
    (shop / "c.yaml").write_text(_CATALOG + llm, "utf-8")
    (shop / "s.md").write_text(_ROWS.replace("None", "LLM"), "utf-8")
    other = policy(name, "shop", "{matchLabels: {app: x}}", "Egress", "[]")
    if kind != "NetworkPolicy":
        version = "networking.gke.io/v1alpha1"
        rule = "podSelector: {matchLabels: {app: x}}, egress: [{matches: [{name: a.example}]}]"
        other = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop}}\nspec: {{{rule}}}\n"
    assert ("EG614" in compiled(shop, other)) == is_ours


def test_a_policy_that_has_another_name_than_its_service(shop: Path) -> None:
    assert "EG614" not in compiled(shop)
    values = shop / "values" / "orders.yaml"
    values.write_text(values.read_text("utf-8") + "fullnameOverride: mine\n", "utf-8")
    assert "EG614" not in compiled(shop, policy("orders", "shop", "{matchLabels: {app: x}}", "Egress", "[]"))


def test_a_caller_that_a_policy_of_others_isolates(shop: Path) -> None:
    """The row opens the ingress of its destination; nothing of ours limits the egress of the caller."""
    (shop / "s.md").write_text("| Service | Called by |\n|---|---|\n| Web | Namespace data (8080) |\n", "utf-8")
    said = compiled(shop, policy("deny", "data", "{}", "Egress", "[]"))
    assert "warning[EG636]" in said
    assert "add the service to an egress rule of the caller's policy" in said


def test_a_finding_can_be_allowed(shop: Path) -> None:
    project = shop / "egressc.yaml"
    allowed = (
        project.read_text("utf-8") + "allow: [{code: EG636, service: Orders, destination: PostgreSQL, reason: r}]\n"
    )
    project.write_text(allowed, "utf-8")
    assert "EG636" not in compiled(shop, DENY)
    assert "EG416" in compiled(shop, policy("elsewhere", "lake", "{}", "Ingress", "[]"))


def test_a_row_that_says_no_is_held_against_them(shop: Path) -> None:
    (shop / "s.md").write_text(
        _ROWS + "\n| From | To | Port | Allowed |\n|---|---|---|---|\n| Orders | PostgreSQL | 22 | no |\n"
    )
    wide = policy("wide", "shop", "{}", "Egress", "[{ports: [{port: 22}]}]")
    (shop / "other.yaml").write_text(wide, "utf-8")
    result = run(["check"], shop)
    assert result.exit_code == ERRORS
    assert "error[EG624]" in result.stderr
    assert "other.yaml:" in result.stderr
    assert "denied here" in result.stderr
    assert compiled(shop, wide.replace("port: 22", "port: 23")).count("EG624") == 0


@pytest.mark.slow
def test_they_stand_on_both_sides_of_the_proof(shop: Path) -> None:
    compiled(shop, policy("wide", "shop", "{}", "Egress", "[{ports: [{port: 22}]}]"))
    assert run(["verify"], shop).exit_code == OK
    rendered = run(["render"], shop).stdout
    wider = rendered.replace("port: 5432\n", "port: 5432\n        - protocol: TCP\n          port: 22\n")
    assert wider != rendered
    (shop / "all.yaml").write_text(wider, "utf-8")
    assert run(["verify", "--manifests", "all.yaml"], shop).exit_code == OK, "they open port 22 too"
    (shop / "other.yaml").write_text("", "utf-8")
    assert "EG620" in run(["verify", "--manifests", "all.yaml"], shop).stderr
    (shop / "other.yaml").write_text(DENY, "utf-8")
    result = run(["verify", "--manifests", "all.yaml"], shop)
    assert result.exit_code == OK, "nothing reaches the database, on either side"
    assert "EG636" in result.stderr
    assert run(["verify", "--strict"], shop).exit_code == ERRORS
    assert run(["verify", "--strict"], shop).stderr.count("EG636") == 1


def test_a_policy_that_the_project_names_is_known_among_the_manifests(shop: Path) -> None:
    isolating = policy("isolate", "shop", "{matchLabels: {app: orders}}", "Ingress", "[]")
    compiled(shop)
    (shop / "all.yaml").write_text(run(["render"], shop).stdout + isolating, "utf-8")
    (shop / "other.yaml").write_text("", "utf-8")
    assert "EG632" in run(["verify", "--manifests", "all.yaml"], shop).stderr
    (shop / "other.yaml").write_text(isolating, "utf-8")
    assert "EG632" not in run(["verify", "--manifests", "all.yaml"], shop).stderr


def test_they_are_read_inside_the_repository_only(shop: Path) -> None:
    inner = shop / "inner"
    inner.mkdir()
    (inner / ".git").mkdir()
    (inner / "egressc.yaml").write_text("sources: [s.md]\ncatalog: c.yaml\notherPolicies: [../other.yaml]\n")
    (inner / "s.md").write_text(_ROWS, "utf-8")
    (inner / "c.yaml").write_text(_CATALOG, "utf-8")
    (shop / "other.yaml").write_text(DENY, "utf-8")
    assert "EG520" in run(["check"], inner).stderr


@each(("text", "code"), [("a: [", "EG610"), (DENY.replace("Ingress]", "Ingres]"), "EG611")])
def test_one_that_cannot_be_read_stops_the_compile(text: str, code: str, shop: Path) -> None:
    assert f"error[{code}]" in compiled(shop, text)
    assert not (shop / "values").exists()
