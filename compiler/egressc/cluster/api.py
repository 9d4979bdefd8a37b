"""Reading the API server through the official client, which takes the credentials that helm and kubectl take.

Answers are read as plain JSON: the client's own models would drop a field that is newer than they are.
"""

import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from kubernetes import client, config  # type: ignore[import-untyped]  # 37 is typed, and NCA refuses its PyYAML
from urllib3.exceptions import HTTPError

from egressc.cluster.objects import Access, ClusterError, Object, ObjectKind
from egressc.diagnostics.generated import whole_file
from egressc.diagnostics.live import unreachable_cluster

_PATIENCE_SECONDS = 30
_PAGE = 500
_UNKNOWN_USER = 401
_FORBIDDEN = 403
_ABSENT = 404


# The API of the client, and the ends of its methods for one namespace (or a kind that has none) and for all.
_METHODS = {
    ObjectKind.NAMESPACES: ("CoreV1Api", "namespace", "namespace"),
    ObjectKind.NODES: ("CoreV1Api", "node", "node"),
    ObjectKind.PODS: ("CoreV1Api", "namespaced_pod", "pod_for_all_namespaces"),
    ObjectKind.SECRETS: ("CoreV1Api", "namespaced_secret", "secret_for_all_namespaces"),
    ObjectKind.CONFIG_MAPS: ("CoreV1Api", "namespaced_config_map", "config_map_for_all_namespaces"),
    ObjectKind.POLICIES: ("NetworkingV1Api", "namespaced_network_policy", "network_policy_for_all_namespaces"),
    ObjectKind.DAEMON_SETS: ("AppsV1Api", "namespaced_daemon_set", "daemon_set_for_all_namespaces"),
    ObjectKind.SERVICES: ("CoreV1Api", "namespaced_service", "service_for_all_namespaces"),
    ObjectKind.ENDPOINT_SLICES: ("DiscoveryV1Api", "namespaced_endpoint_slice", "endpoint_slice_for_all_namespaces"),
    ObjectKind.DEPLOYMENTS: ("AppsV1Api", "namespaced_deployment", "deployment_for_all_namespaces"),
    ObjectKind.STATEFUL_SETS: ("AppsV1Api", "namespaced_stateful_set", "stateful_set_for_all_namespaces"),
    ObjectKind.JOBS: ("BatchV1Api", "namespaced_job", "job_for_all_namespaces"),
    ObjectKind.CRON_JOBS: ("BatchV1Api", "namespaced_cron_job", "cron_job_for_all_namespaces"),
}
# Group, version and plural of kinds that a cluster may lack, and that the client has no methods for.
_CUSTOM = {
    ObjectKind.CILIUM_POLICIES: ("cilium.io", "v2", "ciliumnetworkpolicies"),
    ObjectKind.CILIUM_CLUSTER_POLICIES: ("cilium.io", "v2", "ciliumclusterwidenetworkpolicies"),
    ObjectKind.APPLICATION_POLICIES: ("networking.k8s.aws", "v1alpha1", "applicationnetworkpolicies"),
    ObjectKind.FQDN_POLICIES: ("networking.gke.io", "v1alpha1", "fqdnnetworkpolicies"),
    ObjectKind.SIDECARS: ("networking.istio.io", "v1", "sidecars"),
    ObjectKind.SERVICE_ENTRIES: ("networking.istio.io", "v1", "serviceentries"),
    ObjectKind.GATEWAYS: ("networking.istio.io", "v1", "gateways"),
    ObjectKind.WAYPOINTS: ("gateway.networking.k8s.io", "v1", "gateways"),
    ObjectKind.VIRTUAL_SERVICES: ("networking.istio.io", "v1", "virtualservices"),
    ObjectKind.DESTINATION_RULES: ("networking.istio.io", "v1", "destinationrules"),
    ObjectKind.AUTHORIZATION_POLICIES: ("security.istio.io", "v1", "authorizationpolicies"),
    ObjectKind.ENVOY_FILTERS: ("networking.istio.io", "v1alpha3", "envoyfilters"),
    ObjectKind.CALICO_POLICIES: ("projectcalico.org", "v3", "networkpolicies"),
    ObjectKind.CALICO_CLUSTER_POLICIES: ("projectcalico.org", "v3", "globalnetworkpolicies"),
    ObjectKind.CALICO_TIERS: ("projectcalico.org", "v3", "tiers"),
    ObjectKind.CALICO_SETS: ("projectcalico.org", "v3", "networksets"),
    ObjectKind.CALICO_CLUSTER_SETS: ("projectcalico.org", "v3", "globalnetworksets"),
    ObjectKind.STAGED_POLICIES: ("projectcalico.org", "v3", "stagedkubernetesnetworkpolicies"),
    ObjectKind.CLUSTER_POLICIES: ("policy.networking.k8s.io", "v1beta1", "clusternetworkpolicies"),
    ObjectKind.ADMIN_POLICIES: ("policy.networking.k8s.io", "v1alpha1", "adminnetworkpolicies"),
    ObjectKind.BASELINE_ADMIN_POLICIES: ("policy.networking.k8s.io", "v1alpha1", "baselineadminnetworkpolicies"),
    ObjectKind.EKS_CLUSTER_POLICIES: ("networking.k8s.aws", "v1alpha1", "clusternetworkpolicies"),
    ObjectKind.ROLLOUTS: ("argoproj.io", "v1alpha1", "rollouts"),
    ObjectKind.DEPLOYMENT_CONFIGS: ("apps.openshift.io", "v1", "deploymentconfigs"),
    ObjectKind.VIRTUAL_MACHINES: ("kubevirt.io", "v1", "virtualmachines"),
    ObjectKind.KNATIVE_SERVICES: ("serving.knative.dev", "v1", "services"),
}
# For servers that have nothing in the newer version. One that has both shows each object in both.
_OLDER = {ObjectKind.CLUSTER_POLICIES: ("policy.networking.k8s.io", "v1alpha2", "clusternetworkpolicies")}
_METHODS |= dict.fromkeys(_CUSTOM, ("CustomObjectsApi", "namespaced_custom_object", "cluster_custom_object"))


class ApiReader:
    """A Reader. Raises ClusterError (EG640) where the configuration names no cluster."""

    def __init__(self, access: Access) -> None:
        # What urllib3 logs is raised as well; without a handler Python prints it on stderr.
        logging.getLogger("urllib3").addHandler(logging.NullHandler())
        context = access.context if access.context is not None else _current_context(access)
        self._client = _connect(access, context)
        # What helm is to be told too: both must mean the same cluster.
        self.access = Access(access.kubeconfig, context)
        self.server = str(self._client.configuration.host)

    def everywhere(self, kind: ObjectKind, *, labels: str = "") -> list[Object] | None:
        """The objects of a kind in the whole cluster; None where this user may not list them."""
        found = self._list(kind, _METHODS[kind][2], _CUSTOM.get(kind, ()), labels)
        return self._list(kind, _METHODS[kind][2], _OLDER[kind], labels) if kind in _OLDER and found == [] else found

    def within(self, kind: ObjectKind, namespace: str, *, labels: str = "") -> list[Object] | None:
        """The objects of a kind in one namespace; None where this user may not list them."""
        *group, plural = _CUSTOM.get(kind, ("",))
        scope = (*group, namespace, plural) if group else (namespace,)
        return self._list(kind, _METHODS[kind][1], scope, labels)

    def namespace(self, name: str) -> Object | None:
        """One namespace; None where it does not exist. Raises PermissionError."""
        try:
            return self._ask("CoreV1Api", "read_namespace", (name,))
        except AbsentError:
            return None

    def config_map(self, namespace: str, name: str) -> Object | None:
        """One ConfigMap; None where it does not exist. Raises PermissionError."""
        try:
            return self._ask("CoreV1Api", "read_namespaced_config_map", (name, namespace))
        except AbsentError:
            return None

    def _list(self, kind: ObjectKind, name: str, scope: tuple[str, ...], labels: str) -> list[Object] | None:
        try:
            return list(self._pages(kind, f"list_{name}", scope, labels))
        except PermissionError:
            # Rights are asked for first: whoever has none is refused what the server does not have either.
            return None if kind not in _CUSTOM or self._serves(scope[0], scope[1], scope[-1]) else []
        except AbsentError:
            return []

    def _serves(self, group: str, version: str, plural: str) -> bool:
        """Whether the server has a kind, which any user may ask; True where it does not tell."""
        try:
            found = self._ask("CustomObjectsApi", "get_api_resources", (group, version))
        except AbsentError:
            return False
        except PermissionError:
            return True
        return any(resource.get("name") == plural for resource in found.get("resources") or ())

    def _pages(self, kind: ObjectKind, method: str, scope: tuple[str, ...], labels: str) -> Iterator[Object]:
        more: dict[str, str] = {"label_selector": labels} if labels else {}
        while True:
            page = self._ask(_METHODS[kind][0], method, scope, limit=_PAGE, **more)
            head = {"apiVersion": page.get("apiVersion"), "kind": str(page.get("kind")).removesuffix("List")}
            # Items of a list leave out what the list says of them.
            yield from ({**head, **item} for item in page.get("items") or ())
            token = (page.get("metadata") or {}).get("continue")
            if not token:
                return
            more["_continue"] = token

    def _ask(self, api: str, method: str, scope: tuple[str, ...], **options: Any) -> Object:
        try:
            found: Object = json.loads(self.call(api, method, *scope, **options))
        except (RefusedError, ValueError) as error:
            raise _unreachable(str(error)) from error
        return found

    def call(self, api: str, method: str, *scope: Any, **options: Any) -> bytes:
        """What one method of the client's API gets as its answer.

        Raises ClusterError (EG640), PermissionError, AbsentError, and RefusedError for any other no of the server.
        """
        try:
            answer = getattr(getattr(client, api)(self._client), method)(
                *scope, _preload_content=False, _request_timeout=_PATIENCE_SECONDS, **options
            )
            data: bytes = answer.data
        except client.ApiException as error:
            if error.status == _UNKNOWN_USER:
                raise _unreachable(f"it does not accept the credentials: {_message(error)}") from error
            if error.status == _FORBIDDEN:
                raise PermissionError(_message(error)) from error
            if error.status == _ABSENT:
                raise AbsentError(_message(error)) from error
            raise RefusedError(_message(error)) from error
        except (HTTPError, OSError, ValueError) as error:
            raise _unreachable(str(error)) from error
        return data


class AbsentError(Exception):
    """There is no such object."""


class RefusedError(Exception):
    """The server does not do what it was asked; the text is its message."""


def _connect(access: Access, context: str | None) -> client.ApiClient:
    """A client as helm and kubectl would make it: the named file, KUBECONFIG, ~/.kube/config, or inside a pod."""
    given = str(access.kubeconfig) if access.kubeconfig else None
    try:
        if given is None and context is None and not any(path.is_file() for path in _default_files()):
            return _connect_inside()
        made: client.ApiClient = config.new_client_from_config(config_file=given, context=context)
    except (config.ConfigException, OSError, ValueError, KeyError, TypeError) as error:
        raise _unreachable(str(error)) from error
    return made


def _connect_inside() -> client.ApiClient:
    """A client as a pod makes it, where there is no kubeconfig."""
    inside = client.Configuration()
    try:
        config.load_incluster_config(inside)
    except config.ConfigException as error:
        looked_at = " and ".join(map(str, _default_files()))
        raise _unreachable(
            f"no kubeconfig was found ({looked_at} does not exist), and this is not a pod of a cluster"
        ) from error
    return client.ApiClient(inside)


def _current_context(access: Access) -> str | None:
    """The context that helm and kubectl take where several files name one: the first; this client takes the last."""
    files = [access.kubeconfig] if access.kubeconfig else _default_files()
    for path in files:
        try:
            content = yaml.safe_load(path.read_bytes())
        except FileNotFoundError:
            continue
        except (OSError, yaml.YAMLError) as error:
            raise _unreachable(f"{path}: {error}") from error
        if isinstance(content, dict) and content.get("current-context"):
            return str(content["current-context"])
    return None


def _default_files() -> list[Path]:
    """The kubeconfig files that are read where none is named."""
    named = os.environ.get("KUBECONFIG") or "~/.kube/config"
    return [Path(path).expanduser() for path in named.split(os.pathsep) if path]


def _message(error: client.ApiException) -> str:
    try:
        return str(json.loads(error.body or "")["message"])
    except (ValueError, KeyError, TypeError):
        return f"{error.status} {error.reason}"


def _unreachable(reason: str) -> ClusterError:
    return ClusterError(unreachable_cluster(whole_file("cluster"), " ".join(reason.split()) or "no reason given"))
