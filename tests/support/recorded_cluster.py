"""A cluster out of objects: what a Reader answers when the API server holds these, and this user may list some."""

import base64
import gzip
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from egressc.cluster.objects import Object, ObjectKind

_KINDS = {
    "Namespace": ObjectKind.NAMESPACES,
    "Node": ObjectKind.NODES,
    "Pod": ObjectKind.PODS,
    "Secret": ObjectKind.SECRETS,
    "ConfigMap": ObjectKind.CONFIG_MAPS,
    "NetworkPolicy": ObjectKind.POLICIES,
    "DaemonSet": ObjectKind.DAEMON_SETS,
    "Service": ObjectKind.SERVICES,
    "EndpointSlice": ObjectKind.ENDPOINT_SLICES,
    "Deployment": ObjectKind.DEPLOYMENTS,
    "CronJob": ObjectKind.CRON_JOBS,
    "Rollout": ObjectKind.ROLLOUTS,
    "CiliumNetworkPolicy": ObjectKind.CILIUM_POLICIES,
    "CiliumClusterwideNetworkPolicy": ObjectKind.CILIUM_CLUSTER_POLICIES,
    "ApplicationNetworkPolicy": ObjectKind.APPLICATION_POLICIES,
    "FQDNNetworkPolicy": ObjectKind.FQDN_POLICIES,
    "Sidecar": ObjectKind.SIDECARS,
    "ServiceEntry": ObjectKind.SERVICE_ENTRIES,
    "Gateway": ObjectKind.GATEWAYS,
    "VirtualService": ObjectKind.VIRTUAL_SERVICES,
    "DestinationRule": ObjectKind.DESTINATION_RULES,
    "AuthorizationPolicy": ObjectKind.AUTHORIZATION_POLICIES,
    "EnvoyFilter": ObjectKind.ENVOY_FILTERS,
    "GlobalNetworkPolicy": ObjectKind.CALICO_CLUSTER_POLICIES,
    "Tier": ObjectKind.CALICO_TIERS,
    "NetworkSet": ObjectKind.CALICO_SETS,
    "GlobalNetworkSet": ObjectKind.CALICO_CLUSTER_SETS,
    "StagedKubernetesNetworkPolicy": ObjectKind.STAGED_POLICIES,
    "ClusterNetworkPolicy": ObjectKind.CLUSTER_POLICIES,
    "AdminNetworkPolicy": ObjectKind.ADMIN_POLICIES,
    "BaselineAdminNetworkPolicy": ObjectKind.BASELINE_ADMIN_POLICIES,
}
# Kinds that another group has too.
_OF_GROUPS = {
    ("networking.k8s.aws", "ClusterNetworkPolicy"): ObjectKind.EKS_CLUSTER_POLICIES,
    ("projectcalico.org", "NetworkPolicy"): ObjectKind.CALICO_POLICIES,
    ("gateway.networking.k8s.io", "Gateway"): ObjectKind.WAYPOINTS,
}


@dataclass(frozen=True)
class RecordedCluster:
    """A Reader. `hidden` are kinds that may not be listed anywhere, `narrow` those that may in single namespaces."""

    objects: tuple[Object, ...]
    hidden: Collection[ObjectKind] = ()
    narrow: Collection[ObjectKind] = ()
    server: str = "https://recorded"

    def everywhere(self, kind: ObjectKind, *, labels: str = "") -> list[Object] | None:
        del labels
        return None if kind in self.hidden or kind in self.narrow else self._of(kind)

    def within(self, kind: ObjectKind, namespace: str, *, labels: str = "") -> list[Object] | None:
        del labels
        if kind in self.hidden:
            return None
        return [held for held in self._of(kind) if held["metadata"].get("namespace") == namespace]

    def namespace(self, name: str) -> Object | None:
        if ObjectKind.NAMESPACES in self.hidden:
            raise PermissionError("no")
        return next((held for held in self._of(ObjectKind.NAMESPACES) if held["metadata"]["name"] == name), None)

    def config_map(self, namespace: str, name: str) -> Object | None:
        if ObjectKind.CONFIG_MAPS in self.hidden:
            raise PermissionError("no")
        found = self.within(ObjectKind.CONFIG_MAPS, namespace) or ()
        return next((held for held in found if held["metadata"]["name"] == name), None)

    def _of(self, kind: ObjectKind) -> list[Object]:
        return [held for held in self.objects if _kind_of(held) is kind]


def _kind_of(held: Object) -> ObjectKind:
    return _OF_GROUPS.get((held["apiVersion"].partition("/")[0], held["kind"]), _KINDS[held["kind"]])


def namespace(name: str, **labels: str) -> Object:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def node(name: str, version: str, *arguments: str, **labels: str) -> Object:
    """A node of a kubelet of this version; K3s notes its arguments on it."""
    notes = {"k3s.io/node-args": json.dumps(arguments)} if arguments else {}
    metadata = {"name": name, "annotations": notes, "labels": labels}
    status = {"nodeInfo": {"kubeletVersion": version}}
    return {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "status": status}


def pod(home: str, name: str, labels: dict[str, str], **rest: Any) -> Object:
    metadata = {"name": name, "namespace": home, "labels": labels, **rest}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [{"name": "main"}]}}


def daemon_set(name: str, *containers: Object) -> Object:
    spec = {"template": {"spec": {"containers": list(containers)}}}
    metadata = {"name": name, "namespace": "kube-system"}
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": metadata, "spec": spec}


def installed(text: str, service: str, home: str) -> Iterable[Object]:
    """The objects of a manifest as Helm leaves them in the cluster."""
    for document in yaml.safe_load_all(text):
        if document:
            metadata = document["metadata"]
            notes = {"meta.helm.sh/release-name": service, "meta.helm.sh/release-namespace": home}
            labels = {**metadata.get("labels", {}), "app.kubernetes.io/managed-by": "Helm"}
            yield {**document, "metadata": {**metadata, "annotations": notes, "labels": labels}}


def release(
    service: str,
    home: str,
    manifest: str,
    values: object,
    *,
    revision: int = 1,
    status: str = "deployed",
    chart: str = "service-policy",
) -> Object:
    """One revision of a release, stored as Helm stores it."""
    content = {
        "name": service,
        "namespace": home,
        "version": revision,
        "info": {"status": status, "last_deployed": "2024-05-06T07:08:09.123456789Z"},
        "chart": {"metadata": {"name": chart, "version": "0.1.0"}},
        "config": values,
        "manifest": manifest,
    }
    packed = base64.b64encode(base64.b64encode(gzip.compress(json.dumps(content).encode()))).decode()
    labels = {"owner": "helm", "name": service, "status": status, "version": str(revision)}
    metadata = {"name": f"sh.helm.release.v1.{service}.v{revision}", "namespace": home, "labels": labels}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": {"release": packed}}
