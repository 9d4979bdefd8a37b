"""Guardrails of a project on disk: its extra rules, the policies of others, and the file of the release."""

from pathlib import Path

from egressc.cli import ERRORS, OK
from support.command import run
from support.tables import each

PROJECT = """
sources: [services.md]
catalog: catalog.yaml
guardrails:
  metadata: {denyTo: [node metadata]}
"""
ENFORCED = "cluster: {guardrails: {apiVersion: policy.networking.k8s.io/v1alpha2}}\n"
EXTRA = "  egress: [{to: [{ipBlock: {cidr: 169.254.0.0/16}}], ports: [{port: 80, protocol: TCP}]}]\n"
OTHER = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: agents, namespace: tools}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 169.254.169.254/32}}]}]}
"""


def write(folder: Path, project: str = PROJECT) -> None:
    (folder / "egressc.yaml").write_text(project, "utf-8")
    (folder / "services.md").write_text("| Service | Depends on |\n|---|---|\n| Web | Orders |\n", "utf-8")
    (folder / "catalog.yaml").write_text(
        'defaults: {namespace: shop, selector: {app: "{id}"}}\ndestinations: {Orders: {ports: [80]}}\n', "utf-8"
    )


def test_an_extra_rule_cannot_open_what_a_guardrail_denies(tmp_path: Path) -> None:
    write(tmp_path)
    assert run(["compile"], tmp_path).exit_code == OK
    file = tmp_path / "values/web.yaml"
    file.write_text(file.read_text("utf-8").replace("  egress: []\n", EXTRA), "utf-8")
    for command in ("compile", "check", "render", "verify"):
        result = run([command], tmp_path)
        assert result.exit_code == ERRORS, command
        assert "EG495" in result.stderr
        assert "values/web.yaml:" in result.stderr
        assert "this extra rule allows it" in result.stderr


def test_a_policy_of_others_cannot_either_unless_a_policy_of_the_cluster_denies_it(tmp_path: Path) -> None:
    others = PROJECT + "otherPolicies: [others.yaml]\n"
    write(tmp_path, others)
    (tmp_path / "others.yaml").write_text(OTHER, "utf-8")
    result = run(["compile"], tmp_path)
    assert result.exit_code == ERRORS
    assert "others.yaml:5:" in result.stderr
    assert "egress[0] of policy tools/agents allows it" in result.stderr
    write(tmp_path, others + ENFORCED)
    assert run(["compile"], tmp_path).exit_code == OK


def test_a_release_of_the_cluster_comes_and_goes(tmp_path: Path) -> None:
    write(tmp_path, PROJECT + ENFORCED)
    result = run(["compile"], tmp_path)
    assert "values: 2 new\n" in result.output
    assert (tmp_path / "values/cluster/guardrails.yaml").is_file()
    assert run(["check"], tmp_path).exit_code == OK
    write(tmp_path)
    assert "EG505" in run(["compile"], tmp_path).stderr
    assert run(["compile", "--prune"], tmp_path).exit_code == OK
    assert not (tmp_path / "values/cluster/guardrails.yaml").exists()


def test_without_guardrails_the_values_are_as_ever(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    run(["compile"], tmp_path)
    guarded = (tmp_path / "values/web.yaml").read_text("utf-8")
    write(tmp_path, "\n".join(PROJECT.splitlines()[:3]) + "\n")
    run(["compile"], tmp_path)
    plain = (tmp_path / "values/web.yaml").read_text("utf-8")
    start, end = guarded.index("  guardrails:\n"), guarded.index("  # egressc-extras")
    assert plain == guarded[:start] + guarded[end:]


# Another service, and another destination of the same one, need an allowance of their own.
def test_an_allowance_for_one_flow_hides_no_other(tmp_path: Path) -> None:
    project = PROJECT.replace("denyTo: [node metadata]", "denyTo: [Scope]")
    write(tmp_path, project)
    catalog = (tmp_path / "catalog.yaml").read_text("utf-8").removesuffix("}\n")
    more = ", Mail: {ports: [25]}, Scope: {selector: {pci: 'true'}}}\n"
    (tmp_path / "catalog.yaml").write_text(catalog + more, "utf-8")
    rows = "| Service | Depends on |\n|---|---|\n| Web, Shop | Orders, Mail |\n"
    (tmp_path / "services.md").write_text(rows, "utf-8")

    def warned() -> int:
        return run(["check"], tmp_path).output.count("warning[EG499]")

    run(["compile"], tmp_path)
    assert warned() == 4
    allow = "allow: [{code: EG499, service: Shop, destination: Mail, reason: no such pod}]\n"
    (tmp_path / "egressc.yaml").write_text(project + allow, "utf-8")
    assert warned() == 3
    (tmp_path / "egressc.yaml").write_text(project + "allow: [{code: EG499, reason: no such pod}]\n", "utf-8")
    assert warned() == 0
    for command in ("check", "verify"):
        assert run([command, "--strict"], tmp_path).exit_code == OK, command


@each("dialect", ["NetworkPolicy", "Calico", 'Cilium, cilium: {version: "1.19"}'])
@each(("denied", "is_refused"), [("172.20.0.0/16", True), ("203.0.113.0/24", False)])
def test_the_api_server_is_denied_by_its_addresses_whatever_rules_call_it(
    tmp_path: Path, dialect: str, denied: str, is_refused: bool
) -> None:
    write(
        tmp_path,
        "sources: [services.md]\ncatalog: catalog.yaml\nguardrails: {api: {denyTo: [Control plane]}}\n"
        f"cluster: {{apiServer: {{addresses: [172.20.0.1/32], port: 6443}}, dialect: {dialect}}}\n",
    )
    (tmp_path / "services.md").write_text("| Service | Depends on |\n|---|---|\n| Web | Kubernetes API server |\n")
    (tmp_path / "catalog.yaml").write_text(
        'defaults: {namespace: shop, selector: {app: "{id}"}}\n'
        f"destinations: {{Orders: {{ports: [80]}}, Control plane: {{addresses: [{denied}]}}}}\n",
        "utf-8",
    )
    result = run(["compile"], tmp_path)
    assert ("EG495" in result.stderr) is is_refused, result.stderr
