"""Small projects on disk, and `egressc` run on them against a cluster as a user would run it."""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from testbed.api import POLICIES, Api
from testbed.control_plane import ControlPlane

ROOT: Final = Path(__file__).parents[2]
_HEAD: Final = "| Service | Listens on | Depends on | External access |\n|---|---|---|---|\n"
_CATALOG: Final = "defaults:\n  namespace: {namespace}\n  selector: {{app.kubernetes.io/name: '{{id}}'}}\n"
PROJECT: Final = "sources: [services.md]\ncatalog: catalog.yaml\nvalues: values\n"
CHART: Final = "service-policy"


@dataclass(frozen=True)
class Shop:
    """One project in a namespace of its own, one helm, one cluster.

    Attributes:
        namespace: of all its services.
        program: the helm binary.
        kubeconfig: whose rights the commands have.
        services: ids with what each depends on.
    """

    folder: Path
    namespace: str
    program: str
    kubeconfig: Path
    services: Mapping[str, str] = field(default_factory=lambda: {"web": "orders", "orders": "redis", "redis": "-"})

    def write(self, services: Mapping[str, str] | None = None) -> None:
        """Write the sources and compile them; other services in place of its own where they are given."""
        rows = "".join(f"| {name} | 8080 | {needs} | - |\n" for name, needs in (services or self.services).items())
        (self.folder / "services.md").write_text(_HEAD + rows, "utf-8")
        (self.folder / "catalog.yaml").write_text(_CATALOG.format(namespace=self.namespace), "utf-8")
        (self.folder / "egressc.yaml").write_text(PROJECT, "utf-8")
        self.run("compile")

    def add_extra(self, service: str, cidr: str) -> None:
        """One extra rule, in place of those that the service has."""
        path = self.folder / "values" / f"{service}.yaml"
        generated, _, _ = path.read_text("utf-8").rpartition("  egress:")
        rule = f"  egress:\n    - to: [{{ipBlock: {{cidr: {cidr}}}}}]\n      ports: [{{port: 8443}}]\n"
        path.write_text(generated + rule, "utf-8")

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "KUBECONFIG": str(self.kubeconfig),
            "EGRESSC_HELM": self.program,
            "PYTHONPATH": str(ROOT / "compiler"),
            "HOME": str(self.folder),
        }

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "egressc", *arguments]

    def run(self, *arguments: str, status: int = 0) -> str:
        """What a command prints; it must end with this status."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def helm(self, *arguments: str) -> str:
        done = subprocess.run(
            [self.program, *arguments, "-n", self.namespace],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def policies(api: Api, namespace: str) -> dict[str, dict[str, Any]]:
    """The live policies of a namespace, by name."""
    items = api.get(f"{POLICIES}/namespaces/{namespace}/networkpolicies")["items"]
    return {item["metadata"]["name"]: item for item in items}


def revisions(api: Api, namespace: str) -> dict[str, dict[int, str]]:
    """The status of each stored revision, by release."""
    found: dict[str, dict[int, str]] = {}
    for secret in api.get(f"/api/v1/namespaces/{namespace}/secrets?labelSelector=owner%3Dhelm")["items"]:
        labels = secret["metadata"]["labels"]
        found.setdefault(labels["name"], {})[int(labels["version"])] = labels["status"]
    return found


def make_shop(
    folder: Path, control_plane: ControlPlane, program: str, services: Iterable[tuple[str, str]] = ()
) -> Shop:
    """A compiled project in a namespace that no other test has."""
    shop = plan_shop(folder, control_plane, program)
    if given := dict(services):
        shop = replace(shop, services=given)
    shop.write()
    return shop


def plan_shop(folder: Path, control_plane: ControlPlane, program: str) -> Shop:
    """One without sources yet."""
    return Shop(folder, f"shop-{abs(hash(str(folder))) % 10**8}", program, control_plane.kubeconfig)


def codes(printed: str, wanted: str) -> list[str]:
    """The lines that start a finding of one code."""
    return [line for line in printed.splitlines() if f"[{wanted}]" in line]
