"""What `egressc probe` refuses before it looks at a cluster."""

from pathlib import Path

from egressc.cli import ERRORS
from support.command import run


def test_a_policy_that_limits_ingress_alone_denies_its_own_pods_nothing_to_try(tmp_path: Path) -> None:
    (tmp_path / "services.md").write_text(
        "| Service | Listens on | Depends on |\n|---|---|---|\n| web | 80 | orders |\n| orders | 8080 | - |\n", "utf-8"
    )
    (tmp_path / "catalog.yaml").write_text("defaults: {namespace: shop, selector: {app: '{id}'}}\n", "utf-8")
    project = "sources: [services.md]\ncatalog: catalog.yaml\ndirections: ingress\n"
    (tmp_path / "egressc.yaml").write_text(project, "utf-8")
    assert run(["compile"], tmp_path).exit_code == 0
    result = run(["probe", "orders", "--script"], tmp_path)
    assert result.exit_code == ERRORS
    assert (
        'error[EG660]: connections of "orders" were not tried: its policy limits ingress alone, and a probe tries what '
        "a service can reach"
    ) in result.stderr
    assert "= help: probe the services that call it" in result.stderr
