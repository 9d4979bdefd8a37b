"""What enforces policies in a cluster, and rules for hosts among them, as far as this user may look."""

from collections.abc import Collection
from dataclasses import replace
from functools import cached_property

from egressc.cluster.objects import Object, ObjectKind, ObjectReader, Unread
from egressc.cluster.plugins import (
    EKS_CONFIG,
    SYSTEM,
    HostProblem,
    Plugins,
    add_auto_mode,
    add_nodes,
    find_eks_problem,
    find_gke_problem,
    is_controller_on,
    is_of_auto_mode,
    look_for_plugins,
)


def read_plugins(reader: ObjectReader, installed: Collection[ObjectKind], unread: list[Unread]) -> Plugins | None:
    """What enforces policies; None where not even the DaemonSets of the system may be listed.

    `installed` are the kinds of the project's own policies: of those with rules for hosts, what they need is looked at.
    """
    nodes = _Nodes(reader, unread)
    everywhere = reader.everywhere(ObjectKind.DAEMON_SETS)
    daemons = everywhere if everywhere is not None else reader.within(ObjectKind.DAEMON_SETS, SYSTEM)
    if daemons is None:
        unread.append(Unread("DaemonSets", "the network plugin, NodeLocal DNS"))
        return None
    found = look_for_plugins(daemons)
    if not found.enforcing and everywhere is None:
        unread.append(Unread(f"DaemonSets outside {SYSTEM}", "a network plugin in its own namespace"))
        found = replace(found, is_whole=False)
    elif not found.enforcing:
        found = _add_nodes(found, nodes)
    return replace(found, host_problem=_find_host_problem(found, nodes, installed))


class _Nodes:
    """The nodes of a cluster, and the settings of EKS Auto Mode. Each is read once, when first needed."""

    def __init__(self, reader: ObjectReader, unread: list[Unread]) -> None:
        self._reader = reader
        self._unread = unread

    @cached_property
    def listed(self) -> list[Object] | None:
        nodes = self._reader.everywhere(ObjectKind.NODES)
        if nodes is None:
            self._unread.append(Unread("nodes", "a network plugin that runs inside them, as in K3s or EKS Auto Mode"))
        return nodes

    @cached_property
    def is_controller_on(self) -> bool | None:
        """Whether the network policy controller of EKS is on; None where nobody may look."""
        try:
            return is_controller_on(self._reader.config_map(SYSTEM, EKS_CONFIG))
        except PermissionError:
            unseen = "whether the network policy controller of EKS is on"
            self._unread.append(Unread(f"ConfigMap {SYSTEM}/{EKS_CONFIG}", unseen))
            return None


def _add_nodes(found: Plugins, nodes: _Nodes) -> Plugins:
    if nodes.listed is None:
        return replace(found, is_whole=False)
    if not any(map(is_of_auto_mode, nodes.listed)):
        return add_nodes(found, nodes.listed)
    if nodes.is_controller_on is None:
        return replace(found, is_whole=False)
    return add_auto_mode(found, is_controller_on=nodes.is_controller_on)


def _find_host_problem(found: Plugins, nodes: _Nodes, installed: Collection[ObjectKind]) -> HostProblem | None:
    if ObjectKind.APPLICATION_POLICIES in installed:
        return find_eks_problem(nodes.listed, is_controller_on=nodes.is_controller_on)
    return find_gke_problem(found) if ObjectKind.FQDN_POLICIES in installed else None
