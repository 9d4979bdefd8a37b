"""A small platform for probing: what its table says, and the pods and Services that run when somebody probes it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from egressc.cluster.objects import Object
from egressc.diagnostics.core import Report
from egressc.probe.plan import ProbePlan, plan_probe
from egressc.project.compiling import compile_project
from support.command import rendered, run
from support.recorded_cluster import RecordedCluster, daemon_set, installed, namespace, pod, release

TABLE = """\
| Service | Listens on | Depends on | External access |
|---|---|---|---|
| web | 80 | orders, redis:6379, metrics | Payments |
| orders | 8080 | - | - |
| billing | 8443 | - | - |
"""
CATALOG = """\
defaults: {namespace: shop, selector: {app: '{id}'}}
destinations:
  redis: {namespace: data, ports: [6379, 9121]}
  metrics: {namespace: data, ports: [http]}
  ledger: {namespace: data, ports: [5432]}
  Payments: {hosts: [api.example.com], addresses: [203.0.113.7/32], ports: [443]}
"""
PROJECT = "sources: [services.md]\ncatalog: catalog.yaml\n"
EXTRAS = """\
  egress:
    - to: [{ipBlock: {cidr: 198.51.100.9/32}}]
      ports: [{port: 8443}]
    - to: [{ipBlock: {cidr: 198.51.100.0/24}}]
      ports: [{port: 25}]
"""


def ready(home: str, name: str, address: str, *ports: int, **rest: Any) -> Object:
    """A pod that takes connections, labelled app=NAME without its number."""
    held = pod(home, name, {"app": name.rpartition("-")[0] or name})
    container = {"name": "main", "ports": [{"containerPort": it, "protocol": "TCP"} for it in ports]}
    status = {"phase": "Running", "podIP": address, "conditions": [{"type": "Ready", "status": "True"}]}
    return {**held, "spec": {"containers": [container], **rest}, "status": status}


METRICS = ready("data", "metrics-1", "10.0.1.3")
METRICS["spec"]["containers"][0]["ports"] = [{"name": "http", "containerPort": 9090}]
API_SLICE = {
    "apiVersion": "discovery.k8s.io/v1",
    "kind": "EndpointSlice",
    "metadata": {"name": "kubernetes", "namespace": "default", "labels": {"kubernetes.io/service-name": "kubernetes"}},
    "endpoints": [{"addresses": ["172.18.0.2"]}],
    "ports": [{"name": "https", "port": 6443, "protocol": "TCP"}],
}
AROUND: tuple[Object, ...] = (
    namespace("shop"),
    namespace("data"),
    namespace("kube-system"),
    daemon_set("cilium"),
    ready("shop", "web-1", "10.0.0.1", 80),
    ready("shop", "orders-1", "10.0.0.2", 8080, 9000),
    ready("shop", "billing-1", "10.0.0.3", 8443),
    ready("data", "redis-1", "10.0.1.1", 6379, 9121),
    METRICS,
    ready("data", "ledger-1", "10.0.1.4", 5432),
    API_SLICE,
)


class ProbedShop:
    """The platform on disk."""

    def __init__(
        self, folder: Path, *, table: str = TABLE, catalog: str = CATALOG, extras: str = "", project: str = ""
    ) -> None:
        self.folder = folder
        (folder / "services.md").write_text(table, "utf-8")
        (folder / "catalog.yaml").write_text(catalog, "utf-8")
        (folder / "egressc.yaml").write_text(PROJECT + project, "utf-8")
        assert run(["compile"], folder).exit_code == 0
        if extras:
            path = folder / "values" / "web.yaml"
            path.write_text(path.read_text("utf-8").replace("  egress: []\n", extras), "utf-8")

    def plan(self, service: str = "web", **named: Any) -> ProbePlan:
        report = Report()
        compiled = compile_project(self.folder / "egressc.yaml", report, keep_sources=True)
        assert compiled is not None, report.diagnostics
        plan = plan_probe(compiled, service, named.get("named", ()), report)
        assert plan is not None, report.diagnostics
        return plan

    def installed(self, service: str = "web") -> list[Object]:
        """What Helm leaves in the cluster, with the identity that the API server gives."""
        text = rendered(service, self.folder)
        values = yaml.safe_load((self.folder / "values" / f"{service}.yaml").read_text("utf-8"))
        policies = [dict(it) for it in installed(text, service, "shop")]
        for policy in policies:
            policy["metadata"] = {**policy["metadata"], "uid": f"uid-of-{service}"}
        return [release(service, "shop", text, values), *policies]

    def cluster(self, *more: Object, around: Iterable[Object] = AROUND, hidden: Any = ()) -> RecordedCluster:
        return RecordedCluster((*around, *self.installed(), *more), hidden)
