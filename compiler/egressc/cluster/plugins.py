"""Network plugins as far as the API shows them: by the DaemonSets that they run, and by nodes that have one inside.

Source: names, containers and arguments are those of the projects' own manifests. antrea-io/antrea build/yamls,
Azure/azure-container-networking npm, projectcalico/calico manifests, cilium/cilium install/kubernetes,
kubernetes-sigs/kube-network-policies install.yaml, cloudnativelabs/kube-router daemonset, kubeovn/kube-ovn charts,
ovn-org/ovn-kubernetes dist, rancher/rke2-charts rke2-canal (its release name), weaveworks/weave prog/weave-kube,
flannel-io/flannel chart, coreos/flannel-cni README, kubernetes-sigs/kind pkg/build/nodeimage,
aws/amazon-vpc-cni-k8s config/master, kubernetes/kubernetes cluster/addons/dns/nodelocaldns; anetd: the documentation of
GKE Dataplane V2, "Control Pod egress traffic using FQDN network policies"; EKS Auto Mode: the user guide of Amazon EKS,
"Use Network Policies with EKS Auto Mode".
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from egressc.cluster.objects import Object
from egressc.diagnostics.live import NODE_LOCAL_ADDRESS

SYSTEM = "kube-system"
CILIUM, _DATAPLANE_V2 = "Cilium", "GKE Dataplane V2"
# Each enforces egress wherever it runs.
ENFORCING: Mapping[str, str] = {
    "anetd": _DATAPLANE_V2,
    "antrea-agent": "Antrea",
    "azure-npm": "Azure Network Policy Manager",
    "calico-node": "Calico",
    "canal": "Canal",
    "cilium": CILIUM,
    "kube-network-policies": "kube-network-policies",
    "kube-ovn-cni": "Kube-OVN",
    "kube-router": "kube-router",
    "ovnkube-node": "OVN-Kubernetes",
    "rke2-canal": "Canal",
    "weave-net": "Weave Net",
}
# Flannel connects pods and leaves policies alone, unless its chart is told to put a policy agent beside it. Older
# manifests have a DaemonSet for each processor: kube-flannel-ds-amd64.
_FLANNEL, _FLANNEL_PER_PROCESSOR = ("kube-flannel-ds", "kube-flannel"), "kube-flannel-ds-"
_FLANNEL_AGENT = "kube-network-policies"
# The plugin of kind enforces policies since kind 0.24; images of it have a day in their tags.
_KINDNET, _KINDNET_IMAGE, _KINDNET_DAY = "kindnet", re.compile(r"kindest/kindnetd:v(\d{8})-"), "20240813"
# The AWS VPC CNI enforces policies where its node agent is told to.
_AWS_NODE, _AWS_AGENT, _AWS_SWITCH = "aws-node", "aws-eks-nodeagent", "--enable-network-policy=true"
NODE_LOCAL_DNS = "node-local-dns"
# Where its cache listens unless it is told otherwise (kubernetes cluster/addons/dns/nodelocaldns).
_NODE_LOCAL_SWITCH = "-localip"
# K3s has a policy controller in its own process, on every node, unless a server is told to leave it out. Each node
# notes its arguments, those of the configuration file among them.
_K3S_VERSION, _K3S_ARGUMENTS, _K3S_SWITCH = "+k3s", "k3s.io/node-args", "--disable-network-policy"
_K3S = "the policy controller of K3s"
# In EKS Auto Mode the plugin is part of each node. It enforces policies if this ConfigMap enables the controller.
EKS_CONFIG, _EKS_SWITCH = "amazon-vpc-cni", "enable-network-policy-controller"
_COMPUTE_TYPE, _AUTO, _AUTO_MODE = "eks.amazonaws.com/compute-type", "auto", "EKS Auto Mode"


class HostProblem(NamedTuple):
    """Why a cluster does not enforce rules for hosts, as a clause, and what to write."""

    found: str
    repair: str


_NO_CONTROLLER = HostProblem(
    f"the ConfigMap {EKS_CONFIG} in {SYSTEM} does not turn on the network policy controller of EKS",
    f'write `{_EKS_SWITCH}: "true"` in the data of this ConfigMap',
)
_RUN_ON_AUTO_NODES = f"run services with hosts on nodes of EKS Auto Mode, which have the label {_COMPUTE_TYPE}={_AUTO}"
_NO_DATAPLANE_V2 = HostProblem(
    f"{SYSTEM} has no DaemonSet anetd, which is {_DATAPLANE_V2}",
    "use a cluster with `--enable-dataplane-v2` and `--enable-fqdn-network-policy`",
)


@dataclass(frozen=True, slots=True)
class Plugins:
    """`enforcing` and `others` are names for people; `node_local_dns` is the DaemonSet, or "" where there is none.

    `node_local_addresses` are those that its cache listens on. `is_whole`: there is no place left to look.
    `host_problem`: of a project whose dialect has policies with rules for hosts.
    """

    enforcing: tuple[str, ...]
    others: tuple[str, ...]
    node_local_dns: str
    node_local_addresses: tuple[str, ...] = ()
    is_whole: bool = True
    host_problem: HostProblem | None = None


def look_for_plugins(daemon_sets: Iterable[Object]) -> Plugins:
    """What is known among these DaemonSets."""
    enforcing: set[str] = set()
    others: set[str] = set()
    node_local_dns = ""
    addresses: tuple[str, ...] = ()
    for daemon_set in daemon_sets:
        metadata = daemon_set.get("metadata") or {}
        name = str(metadata.get("name"))
        if name in ENFORCING:
            enforcing.add(ENFORCING[name])
        elif name in _FLANNEL or name.startswith(_FLANNEL_PER_PROCESSOR):
            (enforcing if _has_flannel_agent(daemon_set) else others).add("Flannel")
        elif name == _KINDNET:
            (enforcing if _kindnet_enforces(daemon_set) else others).add("kindnet")
        elif name == _AWS_NODE:
            (enforcing if _aws_enforces(daemon_set) else others).add("the AWS VPC CNI")
        elif name == NODE_LOCAL_DNS:
            node_local_dns = f"DaemonSet {metadata.get('namespace')}/{name}"
            addresses = _node_local_addresses(daemon_set)
    return Plugins(tuple(sorted(enforcing)), tuple(sorted(others)), node_local_dns, addresses)


def add_nodes(plugins: Plugins, nodes: Iterable[Object]) -> Plugins:
    """With what runs inside the nodes, and in no pod."""
    has_k3s = False
    for node in nodes:
        version = str(((node.get("status") or {}).get("nodeInfo") or {}).get("kubeletVersion") or "")
        has_k3s = has_k3s or _K3S_VERSION in version
        if _is_told(_k3s_arguments(node)):
            return plugins
    return replace(plugins, enforcing=(*plugins.enforcing, _K3S)) if has_k3s else plugins


def add_auto_mode(plugins: Plugins, *, is_controller_on: bool) -> Plugins:
    """With EKS Auto Mode, of which there is a node."""
    if is_controller_on:
        return replace(plugins, enforcing=(*plugins.enforcing, _AUTO_MODE))
    return replace(
        plugins, others=(*plugins.others, f"{_AUTO_MODE} without `{_EKS_SWITCH}` in the ConfigMap {EKS_CONFIG}")
    )


def is_of_auto_mode(node: Object) -> bool:
    return ((node.get("metadata") or {}).get("labels") or {}).get(_COMPUTE_TYPE) == _AUTO


def is_controller_on(config: Object | None) -> bool:
    """Whether a ConfigMap turns the network policy controller of EKS on; None is one that does not exist."""
    return ((config or {}).get("data") or {}).get(_EKS_SWITCH) == "true"


def find_eks_problem(nodes: Sequence[Object] | None, *, is_controller_on: bool | None) -> HostProblem | None:
    """Why EKS does not enforce rules for hosts on all nodes; None where it does, or nobody may look.

    Nodes may come later.
    """
    if is_controller_on is False:
        return _NO_CONTROLLER
    others = sum(not is_of_auto_mode(it) for it in nodes or ())
    if not nodes or not others:
        return None
    found = (
        "no node is" if others == len(nodes) else f"{others} of {len(nodes)} nodes {'is' if others == 1 else 'are'} not"
    )
    return HostProblem(f"{found} of EKS Auto Mode", _RUN_ON_AUTO_NODES)


def find_gke_problem(plugins: Plugins) -> HostProblem | None:
    """Why GKE enforces no rules for hosts."""
    return None if _DATAPLANE_V2 in plugins.enforcing else _NO_DATAPLANE_V2


def _k3s_arguments(node: Object) -> list[str]:
    noted = ((node.get("metadata") or {}).get("annotations") or {}).get(_K3S_ARGUMENTS)
    try:
        found = json.loads(noted or "[]")
    except ValueError:
        return []
    return [str(argument) for argument in found] if isinstance(found, list) else []


def _is_told(arguments: Sequence[str]) -> bool:
    """Whether a switch stands among the arguments: alone, or with a value behind it or behind an equals sign."""
    for number, argument in enumerate(arguments):
        if argument == _K3S_SWITCH:
            return "false" not in arguments[number + 1 : number + 2]
        if argument.startswith(f"{_K3S_SWITCH}="):
            return not argument.endswith("=false")
    return False


def _has_flannel_agent(daemon_set: Object) -> bool:
    return any(one.get("name") == _FLANNEL_AGENT for one in _containers(daemon_set))


def _kindnet_enforces(daemon_set: Object) -> bool:
    tags = (_KINDNET_IMAGE.search(str(one.get("image") or "")) for one in _containers(daemon_set))
    return any(tag is not None and tag[1] >= _KINDNET_DAY for tag in tags)


def _aws_enforces(daemon_set: Object) -> bool:
    return any(
        one.get("name") == _AWS_AGENT and _AWS_SWITCH in (one.get("args") or ()) for one in _containers(daemon_set)
    )


def _node_local_addresses(daemon_set: Object) -> tuple[str, ...]:
    for container in _containers(daemon_set):
        arguments = [str(argument) for argument in container.get("args") or ()]
        if _NODE_LOCAL_SWITCH in arguments[:-1]:
            return tuple(filter(None, arguments[arguments.index(_NODE_LOCAL_SWITCH) + 1].split(",")))
    return (NODE_LOCAL_ADDRESS,)


def _containers(daemon_set: Object) -> Iterable[Object]:
    return ((daemon_set.get("spec") or {}).get("template") or {}).get("spec", {}).get("containers") or ()
