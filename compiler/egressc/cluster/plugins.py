"""Network plugins by the DaemonSets that they run, as far as the API shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from egressc.cluster.objects import Object

# DaemonSets as the projects' own manifests and charts, and the clouds, name them; each enforces egress.
ENFORCING: Mapping[str, str] = {
    "anetd": "GKE Dataplane V2",
    "antrea-agent": "Antrea",
    "azure-npm": "Azure Network Policy Manager",
    "calico-node": "Calico",
    "canal": "Canal",
    "cilium": "Cilium",
    "kube-network-policies": "kube-network-policies",
    "kube-router": "kube-router",
    "ovnkube-node": "OVN-Kubernetes",
    "rke2-canal": "Canal",
    "weave-net": "Weave Net",
}
# These connect pods and leave policies alone.
NOT_ENFORCING: Mapping[str, str] = {"kube-flannel-ds": "Flannel", "kube-flannel": "Flannel"}
# The AWS VPC CNI enforces policies where its node agent is told to.
_AWS_NODE, _AWS_AGENT, _AWS_SWITCH = "aws-node", "aws-eks-nodeagent", "--enable-network-policy=true"
NODE_LOCAL_DNS = "node-local-dns"


@dataclass(frozen=True, slots=True)
class Plugins:
    """`enforcing` and `others` are names for people; `node_local_dns` is the DaemonSet, or "" where there is none."""

    enforcing: tuple[str, ...]
    others: tuple[str, ...]
    node_local_dns: str


def look_for_plugins(daemon_sets: Iterable[Object]) -> Plugins:
    """What is known among these DaemonSets."""
    enforcing: set[str] = set()
    others: set[str] = set()
    node_local_dns = ""
    for daemon_set in daemon_sets:
        metadata = daemon_set.get("metadata") or {}
        name = str(metadata.get("name"))
        if name in ENFORCING:
            enforcing.add(ENFORCING[name])
        elif name in NOT_ENFORCING:
            others.add(NOT_ENFORCING[name])
        elif name == _AWS_NODE:
            (enforcing if _aws_enforces(daemon_set) else others).add("the AWS VPC CNI")
        elif name == NODE_LOCAL_DNS:
            node_local_dns = f"DaemonSet {metadata.get('namespace')}/{name}"
    return Plugins(tuple(sorted(enforcing)), tuple(sorted(others)), node_local_dns)


def _aws_enforces(daemon_set: Object) -> bool:
    containers = ((daemon_set.get("spec") or {}).get("template") or {}).get("spec", {}).get("containers") or ()
    return any(one.get("name") == _AWS_AGENT and _AWS_SWITCH in (one.get("args") or ()) for one in containers)
