"""Whatever compiles without an error installs: the charts refuse nothing that the compiler has checked."""

from pathlib import Path

import pytest
import yaml

from egressc.diagnostics.core import Report
from egressc.helm.chart import own_chart
from egressc.project.compiling import compile_project
from egressc.project.rendering import charts_of
from support.helm_engines import Embedded, HelmFailed
from support.tables import each

CATALOG = """
defaults: {namespace: shop, selector: {app: "{id}"}}
destinations:
  Orders: {ports: [8080]}
  Tenant A: {namespaces: {tenant: a}, selector: any pod, ports: [443]}
  Other tenants:
    namespaces: {matchExpressions: [{key: tenant, operator: Exists}, {key: tenant, operator: NotIn, values: [a]}]}
    selector: any pod
"""
TENANTS = "guardrails: {tenant-a: {namespaces: {tenant: a}, denyTo: [Other tenants]}}\n"
OTHERS = "".join(
    f"---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n"
    for name, labels in (("shop", "tenant: a"), ("kube-system", "team: infra"))
)
MANY = "".join(f"  Far {n}: {{namespace: far-{n}, selector: {{app: far}}}}\n" for n in range(30))
FOR_SOME = "pods: {matchExpressions: [{key: cloud, operator: NotIn, values: [allowed]}]}"
CLUSTER = "guardrails: {apiVersion: policy.networking.k8s.io/v1alpha2}"


def project(folder: Path, settings: str, row: str) -> Path:
    (folder / "egressc.yaml").write_text(f"sources: [services.md]\ncatalog: catalog.yaml\n{settings}", "utf-8")
    (folder / "catalog.yaml").write_text(CATALOG + MANY, "utf-8")
    (folder / "services.md").write_text(f"| Service | Depends on |\n|---|---|\n| Web | {row} |\n", "utf-8")
    (folder / "others.yaml").write_text(OTHERS, "utf-8")
    return folder / "egressc.yaml"


def install(project_file: Path) -> dict[str, str]:
    """What the charts make of each values file, with all their checks, by its id."""
    report = Report()
    compiled = compile_project(project_file, report)
    assert compiled is not None, [it.message for it in report.sorted()]
    charts = charts_of(compiled.workspace)
    return {
        it.service.id: Embedded().template(
            charts[it.service.kind],
            yaml.safe_load(it.new_text),
            release=it.service.release,
            namespace=it.service.namespace,
        )
        for it in compiled.values
    }


@each(
    ("settings", "row"),
    [
        # A selector by label, and a guardrail that names the namespaces which have others.
        (
            f"{TENANTS}cluster: {{namespaces: {{shop: {{labels: {{tenant: a}}}}, rival: {{labels: {{tenant: b}}}}, "
            "kube-system: {labels: {}}}}\n",
            "Tenant A (443)",
        ),
        # Labels that only manifests of others show.
        (f"{TENANTS}otherPolicies: [others.yaml]\n", "Orders"),
        # Pods that opt in, and that the guardrail leaves out.
        (
            f"guardrails: {{metadata: {{denyTo: [node metadata], {FOR_SOME}}}}}\n"
            "cluster: {namespaces: {shop: {baseline: {deny: egress, optIns: {cloud: "
            "{selector: {cloud: allowed}, to: [{name: node metadata, ports: [80]}]}}}}}}\n",
            "Orders",
        ),
        ("guardrails: {pci: {pods: {pci: 'true'}, denyFrom: [Orders], denyTo: [Orders]}}\n", "Orders"),
        # More destinations than a policy of the cluster has rules.
        (
            f"guardrails: {{far: {{denyTo: [{', '.join(f'Far {n}' for n in range(30))}]}}}}\ncluster: {{{CLUSTER}}}\n",
            "Orders",
        ),
    ],
)
def test_what_compiles_installs(tmp_path_factory: pytest.TempPathFactory, settings: str, row: str) -> None:
    folder = tmp_path_factory.mktemp("project")
    texts = install(project(folder, settings, row))
    assert all("kind: " in text for text in texts.values())


KNOWN = (
    "shop: {labels: {tenant: a}}, rival: {labels: {tenant: b}}, home: {labels: {tenant: a}}, kube-system: {labels: {}}"
)


def test_an_extra_rule_opens_no_namespace_that_a_guardrail_denies(tmp_path: Path) -> None:
    """Whichever it names: one whose labels are known, one that nothing knows, or labels of any."""
    settings = f"{TENANTS}cluster: {{namespaces: {{{KNOWN}}}}}\n"
    compiled = compile_project(project(tmp_path, settings, "Orders"), Report())
    assert compiled is not None
    (written,) = compiled.values
    values = yaml.safe_load(written.new_text)
    # The others have a label by which the guardrail denies them.
    assert values["networkPolicy"]["namespaceLabels"] == {
        "home": {"tenant": "a"},
        "kube-system": {},
        "shop": {"tenant": "a"},
    }
    names = ("shop", "home", "kube-system", "rival", "unknown")
    labels = [{"kubernetes.io/metadata.name": name} for name in names] + [{"tenant": "a"}, {"tenant": "b"}]
    values["networkPolicy"]["egress"] = [{"to": [{"namespaceSelector": {"matchLabels": it}}]} for it in labels]
    chart = charts_of(compiled.workspace)[written.service.kind]
    with pytest.raises(HelmFailed) as failed:
        Embedded().template(chart, values, release=written.service.release, namespace="shop")
    refused = [f"networkPolicy.egress[{at}].to[0]" for at in (3, 4, 6)]
    assert [it.partition(":")[0] for it in failed.value.problems] == refused


def test_an_opt_in_that_a_guardrail_guards_cannot_be_widened(tmp_path: Path) -> None:
    settings = (
        "guardrails: {partner: {denyTo: [203.0.113.0/24]}}\n"
        "cluster: {namespaces: {shop: {baseline: {deny: egress, optIns: {more: "
        "{selector: {more: 'yes'}, to: [{name: Orders, ports: [80]}]}}}}}}\n"
    )
    compiled = compile_project(project(tmp_path, settings, "Orders"), Report())
    assert compiled is not None
    values = yaml.safe_load(next(it.new_text for it in compiled.values if it.service.is_baseline))
    rule = {"to": [{"ipBlock": {"cidr": "203.0.113.7/32"}}], "ports": [{"port": 443, "protocol": "TCP"}]}
    values["networkPolicy"]["optIns"]["more"]["dependencies"]["partner"] = rule
    with pytest.raises(HelmFailed, match=r"optIns\.more\.dependencies\.partner\.to\[0\]: opens 203\.0\.113\.7/32"):
        Embedded().template(own_chart("namespace-policy"), values, release="namespace-policy", namespace="shop")
