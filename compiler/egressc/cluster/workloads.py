"""What runs in a cluster, as manifests: Services, controllers and pods; of each no more than policies can depend on."""

from collections.abc import Iterator
from typing import Any, Final

import yaml

from egressc.cluster.objects import Object, ObjectKind, ObjectReader
from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import whole_file
from egressc.diagnostics.live import unread_part
from egressc.source import Source

_READ: Final = {
    ObjectKind.PODS: "pods",
    ObjectKind.SERVICES: "Services",
    ObjectKind.DEPLOYMENTS: "Deployments",
    ObjectKind.STATEFUL_SETS: "StatefulSets",
    ObjectKind.DAEMON_SETS: "DaemonSets",
    ObjectKind.JOBS: "Jobs",
    ObjectKind.CRON_JOBS: "CronJobs",
    ObjectKind.ROLLOUTS: "Rollouts of Argo",
    ObjectKind.DEPLOYMENT_CONFIGS: "DeploymentConfigs",
    ObjectKind.VIRTUAL_MACHINES: "VirtualMachines",
    ObjectKind.KNATIVE_SERVICES: "Services of Knative",
}
_ENDED: Final = ("Succeeded", "Failed")
# Keys on the way to labels, selectors and ports: values of anything else may be long, or secret.
_WHOLE: Final = ("labels", "selector", "ownerReferences", "ports", "clusterIPs", "workloadRef")
_KEPT: Final = (
    *("apiVersion", "kind", "metadata", "name", "namespace", "annotations", "helm.sh/hook", "argocd.argoproj.io/hook"),
    *("spec", "template", "jobTemplate", "replicas", "containers", "initContainers", "restartPolicy", "hostNetwork"),
    *("clusterIP", "domain", "devices", "interfaces"),
)


def read_live_workloads(reader: ObjectReader, report: Report) -> tuple[list[Source], bool]:
    """One source for each object, and whether all of them could be read; EG641 for kinds that this user may not list.

    Raises ClusterError.
    """
    sources: list[Source] = []
    is_whole = True
    for kind, name in _READ.items():
        found = reader.everywhere(kind)
        if found is None:
            is_whole = False
            report.add(unread_part(whole_file("cluster"), name, "which selectors match no pod, and ports of Services"))
        sources += map(_source, filter(_lives, found or ()))
    return sources, is_whole


def _lives(found: Object) -> bool:
    return found.get("kind") != "Pod" or (found.get("status") or {}).get("phase") not in _ENDED


def _source(found: Object) -> Source:
    metadata = found.get("metadata") or {}
    text = yaml.dump(_pruned(found), Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=1000)
    return Source(f"live/{metadata.get('namespace')}/{found.get('kind')}/{metadata.get('name')}.yaml", text)


def _pruned(value: Any) -> Any:
    if isinstance(value, list):
        return [_pruned(it) for it in value]
    return dict(_kept(value)) if isinstance(value, dict) else value


def _kept(value: Object) -> Iterator[tuple[str, Any]]:
    for key, held in value.items():
        if key in _WHOLE:
            yield key, held
        elif key in _KEPT:
            yield key, _pruned(held)
