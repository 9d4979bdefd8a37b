"""A project of two services on disk, and what a cluster holds once Helm has installed them."""

from collections.abc import Iterable
from pathlib import Path

import yaml

from egressc.cluster.objects import Object, ObjectKind
from egressc.diagnostics.core import Report
from egressc.fleet.fleet import Fleet, read_fleet
from egressc.project.compiling import compile_project
from support.command import rendered, run
from support.recorded_cluster import RecordedCluster, daemon_set, installed, namespace, pod, release

_TABLE = "| Service | Listens on | Depends on |\n|---|---|---|\n| web | 80 | orders |\n| orders | 8080 | - |\n"
_CATALOG = "defaults: {namespace: shop, selector: {app: '{id}'}}\n"
AROUND = (
    namespace("shop"),
    namespace("kube-system"),
    pod("shop", "web-1", {"app": "web"}),
    pod("shop", "orders-1", {"app": "orders"}),
    pod("kube-system", "dns", {"k8s-app": "kube-dns"}),
    daemon_set("cilium"),
)


BEFORE_TRANSLATION = (
    "directions: both\ncluster: {serviceTranslation: before}\n",
    "destinations: {orders: {ports: [{port: 8080, servicePort: 80}]}}\n",
)


class RecordedShop:
    """A project of two services, and what Helm would make of it."""

    def __init__(self, folder: Path, project: str = "", catalog: str = "") -> None:
        """`project` and `catalog`: more lines of these files."""
        self.folder = folder
        (folder / "services.md").write_text(_TABLE, "utf-8")
        (folder / "catalog.yaml").write_text(_CATALOG + catalog, "utf-8")
        (folder / "egressc.yaml").write_text(f"sources: [services.md]\ncatalog: catalog.yaml\n{project}", "utf-8")
        assert run(["compile"], folder).exit_code == 0

    def values(self, service: str) -> object:
        return yaml.safe_load((self.folder / "values" / f"{service}.yaml").read_text("utf-8"))

    def manifest(self, service: str) -> str:
        return rendered(service, self.folder)

    def everything(self) -> list[Object]:
        return [one for service in ("web", "orders") for one in self.installed(service)]

    def installed(self, service: str) -> Iterable[Object]:
        text = self.manifest(service)
        yield release(service, "shop", text, self.values(service))
        yield from installed(text, service, "shop")

    def fleet(
        self,
        objects: Iterable[Object],
        report: Report,
        hidden: tuple[ObjectKind, ...] = (),
        narrow: tuple[ObjectKind, ...] = (),
    ) -> Fleet:
        """The project beside a cluster that holds these objects."""
        compiled = compile_project(self.folder / "egressc.yaml", Report())
        assert compiled is not None
        ids = [it.service.id for it in compiled.values]
        fleet = read_fleet(compiled, ids, RecordedCluster(tuple(objects), hidden, narrow), report)
        assert fleet is not None, report.diagnostics
        return fleet
