"""What the edge says about a cluster: which one, kinds of objects, and the interface through which they are read."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any, Protocol

from egressc.diagnostics.core import Diagnostic

Object = dict[str, Any]
"""A JSON object of the API; whoever reads it checks the types of what it looks at."""


@dataclass(frozen=True, slots=True)
class Access:
    """Which cluster: None where the environment decides, as it does for helm and kubectl."""

    kubeconfig: Path | None = None
    context: str | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """Objects that this user may not read, and the checks that are skipped without them."""

    part: str
    unseen: str
    places_pods: bool = False  # pods, and the namespaces that they are in


class ClusterError(Exception):
    """The cluster cannot be read at all; the diagnostic says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class ObjectKind(Enum):
    """What is read of a cluster."""

    NAMESPACES = auto()
    NODES = auto()
    PODS = auto()
    SECRETS = auto()
    CONFIG_MAPS = auto()
    POLICIES = auto()
    CILIUM_POLICIES = auto()
    CILIUM_CLUSTER_POLICIES = auto()
    APPLICATION_POLICIES = auto()
    FQDN_POLICIES = auto()
    SIDECARS = auto()
    SERVICE_ENTRIES = auto()
    GATEWAYS = auto()
    WAYPOINTS = auto()
    VIRTUAL_SERVICES = auto()
    DESTINATION_RULES = auto()
    AUTHORIZATION_POLICIES = auto()
    ENVOY_FILTERS = auto()
    STAGED_POLICIES = auto()
    CALICO_POLICIES = auto()
    CALICO_CLUSTER_POLICIES = auto()
    CALICO_TIERS = auto()
    CALICO_SETS = auto()
    CALICO_CLUSTER_SETS = auto()
    CLUSTER_POLICIES = auto()
    ADMIN_POLICIES = auto()
    BASELINE_ADMIN_POLICIES = auto()
    EKS_CLUSTER_POLICIES = auto()
    DAEMON_SETS = auto()
    SERVICES = auto()
    ENDPOINT_SLICES = auto()
    DEPLOYMENTS = auto()
    STATEFUL_SETS = auto()
    JOBS = auto()
    CRON_JOBS = auto()
    ROLLOUTS = auto()
    DEPLOYMENT_CONFIGS = auto()
    VIRTUAL_MACHINES = auto()
    KNATIVE_SERVICES = auto()


class ObjectReader(Protocol):
    """One user at one API server. Each method raises ClusterError (EG640) where the server does not answer."""

    @property
    def server(self) -> str:
        """The address of the API server."""
        ...

    def everywhere(self, kind: ObjectKind, *, labels: str = "") -> list[Object] | None:
        """The objects of a kind in the whole cluster; None where this user may not list them."""
        ...

    def within(self, kind: ObjectKind, namespace: str, *, labels: str = "") -> list[Object] | None:
        """The objects of a kind in one namespace; None where this user may not list them."""
        ...

    def namespace(self, name: str) -> Object | None:
        """One namespace; None where it does not exist. Raises PermissionError."""
        ...

    def config_map(self, namespace: str, name: str) -> Object | None:
        """One ConfigMap; None where it does not exist. Raises PermissionError."""
        ...


def read_spread(reader: ObjectReader, kind: ObjectKind, namespaces: Iterable[str]) -> tuple[list[Object], list[str]]:
    """The objects of the whole cluster, else of these namespaces, and those of the namespaces that stay unread."""
    if (found := reader.everywhere(kind)) is not None:
        return found, []
    listed: list[Object] = []
    unread: list[str] = []
    for namespace in namespaces:
        if (some := reader.within(kind, namespace)) is None:
            unread.append(namespace)
        else:
            listed += some
    return listed, unread
