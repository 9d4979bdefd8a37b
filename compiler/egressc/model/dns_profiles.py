"""What a DNS profile promises, read from the clusters themselves and not from the chart.

Sources: kubernetes cluster/addons/dns (kube-dns: k8s-app=kube-dns in kube-system, port 53 over UDP and TCP) and
nodelocaldns (169.254.20.10 in the host's network, in front of kube-dns); the CoreDNS chart as a cluster service
(k8s-app=coredns, as in Canonical Kubernetes); OpenShift's DNS operator (daemon set dns-default in openshift-dns, its
pods on 5353).
"""

from egressc.diagnostics.live import NODE_LOCAL_ADDRESS
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.policy import AddressPeer, Dns, Peer, PodPeer, Port, Protocol, Selector

_EVERYWHERE: tuple[Peer, ...] = (
    PodPeer(Selector(), None),
    AddressPeer("0.0.0.0/0"),
    AddressPeer("::/0"),
)


def dns_reach(dns: Dns) -> tuple[tuple[Peer, ...], tuple[Port, ...]]:
    """The peers and ports of a service's DNS rule; none for the profile `none`. Raises KeyError for an unknown one."""
    if dns.profile == "custom":
        return dns.peers, dns.ports
    if dns.profile == "none":
        return (), ()
    return _PROFILES[dns.profile]


def _pods(namespace: str, key: str, value: str) -> Peer:
    return PodPeer(Selector(((NAMESPACE_NAME, namespace),)), Selector(((key, value),)))


def _both(port: int) -> tuple[Port, ...]:
    return Port(Protocol.UDP, port), Port(Protocol.TCP, port)


_KUBE_DNS = _pods("kube-system", "k8s-app", "kube-dns")

_PROFILES: dict[str, tuple[tuple[Peer, ...], tuple[Port, ...]]] = {
    "kube-dns": ((_KUBE_DNS,), _both(53)),
    "k8s-app-coredns": ((_pods("kube-system", "k8s-app", "coredns"),), _both(53)),
    "nodelocal": ((_KUBE_DNS, AddressPeer(f"{NODE_LOCAL_ADDRESS}/32")), _both(53)),
    "openshift": ((_pods("openshift-dns", "dns.operator.openshift.io/daemonset-dns", "default"),), _both(5353)),
    "any": (_EVERYWHERE, _both(53)),
}

PROFILES = tuple(_PROFILES)
"""Every profile that names its peers itself."""
