"""Policies of the whole cluster as Cilium's engine takes them: what they mean, said a second time.

Cilium knows ClusterNetworkPolicy v1alpha2. Source: the CRDs of the others, which differ in names of fields and actions.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

Manifest = dict[str, Any]
PortRange = tuple[str, int, int]
"""Protocol, first and last number."""

ALPHA: Final = "policy.networking.k8s.io/v1alpha2"
BETA: Final = "policy.networking.k8s.io/v1beta1"
ADMIN: Final = "policy.networking.k8s.io/v1alpha1"
EKS: Final = "networking.k8s.aws/v1alpha1"
KINDS: Final = {
    ALPHA: "ClusterNetworkPolicy",
    BETA: "ClusterNetworkPolicy",
    ADMIN: "AdminNetworkPolicy",
    EKS: "ClusterNetworkPolicy",
}


def is_of_cluster(manifest: Manifest) -> bool:
    return (manifest["apiVersion"], manifest["kind"]) in KINDS.items()


def as_cluster_network_policies(manifests: Iterable[Manifest]) -> list[Manifest]:
    """The same policies; those of other kinds are left as they are."""
    return [_translate(it) if is_of_cluster(it) else it for it in manifests]


def _translate(manifest: Manifest) -> Manifest:
    spec = {"tier": "Admin", **manifest["spec"]}
    for side in ("egress", "ingress"):
        if side in spec:
            spec[side] = [_rule(it) for it in spec[side]]
    return {**manifest, "apiVersion": ALPHA, "kind": "ClusterNetworkPolicy", "spec": spec}


def _rule(rule: Manifest) -> Manifest:
    action = "Accept" if rule["action"] == "Allow" else rule["action"]
    found = {key: it for key, it in rule.items() if key != "ports"} | {"action": action}
    return {**found, "protocols": [*map(_protocol, read_ports(rule))]} if "ports" in rule else found


def read_ports(rule: Manifest) -> Iterator[PortRange]:
    """The ports of a rule of any kind; none where it has every port."""
    for port in rule.get("ports", ()):
        for said in port.values():
            first = said.get("port") or said["start"]
            yield said.get("protocol", "TCP"), first, said.get("end", first)
    for port in rule.get("protocols", ()):
        for protocol, said in port.items():
            numbers = said["destinationPort"]
            span = numbers.get("range") or {"start": numbers["number"], "end": numbers["number"]}
            yield protocol.upper(), span["start"], span["end"]


def _protocol(port: PortRange) -> Manifest:
    protocol, first, last = port
    numbers = {"number": first} if first == last else {"range": {"start": first, "end": last}}
    return {protocol.lower(): {"destinationPort": numbers}}


def write_ports(api_version: str, ports: Iterable[PortRange]) -> Manifest:
    """The field of a rule with these ports, as a kind of policy has it."""
    if api_version in (ALPHA, BETA):
        return {"protocols": [*map(_protocol, ports)]}
    return {
        "ports": [
            {"portNumber": {"protocol": protocol, "port": first}}
            if first == last
            else {"portRange": {"protocol": protocol, "start": first, "end": last}}
            for protocol, first, last in ports
        ]
    }
