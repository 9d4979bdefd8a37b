"""Policies of EKS, GKE and Calico, and Sidecars of Istio, as Cilium's engine takes them: what they mean, said a second
time.

Sources: their CRDs. A wildcard of EKS stands for one or more labels, one of GKE for characters of a single label. Where
the hosts of a Sidecar lead is for Istio's own code to say (tests/oracles/test_egress_gateway.py); here they lead to the
ports that their ServiceEntries have for clients.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from support.calico_policies import CALICO_VERSION, calico_as_networkpolicies

Manifest = dict[str, Any]

EKS_KIND: Final = "ApplicationNetworkPolicy"
GKE_KIND: Final = "FQDNNetworkPolicy"
SIDECAR_KIND: Final = "Sidecar"
STAGED_KIND: Final = "StagedKubernetesNetworkPolicy"


def as_cilium(manifests: Iterable[Manifest]) -> list[Manifest]:
    """The same policies: for hosts, a CiliumNetworkPolicy, and a NetworkPolicy that isolates and has other peers."""
    manifests = list(manifests)
    entries = {host: it["spec"] for it in manifests if it["kind"] == "ServiceEntry" for host in it["spec"]["hosts"]}
    others = [it for it in manifests if "istio.io" not in it["apiVersion"]]
    return [
        *(it for manifest in others for it in _translate(manifest)),
        *(it for manifest in manifests if manifest["kind"] == SIDECAR_KIND for it in _sidecar(manifest, entries)),
    ]


def _sidecar(manifest: Manifest, entries: dict[str, Manifest]) -> Iterator[Manifest]:
    spec = manifest["spec"]
    hosts = [it.partition("/")[2] for listener in spec["egress"] for it in listener["hosts"]]
    rules = [
        {
            "toFQDNs": [{"matchName": host}],
            # A gateway that opens TLS itself has the port of TLS next to that of clients.
            **_ports({"ports": [{"port": it["number"]} for it in entries[host]["ports"][:1]]}, "TCP"),
        }
        for host in hosts
        if host in entries
    ]
    labels = spec.get("workloadSelector", {}).get("labels", {})
    yield from _cilium(manifest["metadata"], {"podSelector": {"matchLabels": labels}}, rules)


def _translate(manifest: Manifest) -> Iterator[Manifest]:
    spec, metadata = manifest["spec"], manifest["metadata"]
    if manifest["kind"] == GKE_KIND:
        yield _networkpolicy(metadata, {"podSelector": spec["podSelector"], "policyTypes": ["Egress"], "egress": []})
        rules = [
            {"toFQDNs": [_gke_host(it) for it in rule["matches"]], **_ports(rule, "ALL")} for rule in spec["egress"]
        ]
        yield from _cilium(metadata, spec, rules)
    elif manifest["kind"] == EKS_KIND:
        plain = [rule for rule in spec.get("egress") or () if not _names(rule)]
        yield _networkpolicy(metadata, {**spec, "egress": plain})
        named = [rule for rule in spec.get("egress") or () if _names(rule)]
        yield from _cilium(
            metadata,
            spec,
            [{"toFQDNs": [_eks_host(it) for it in _names(rule)], **_ports(rule, "TCP")} for rule in named],
        )
    elif manifest["apiVersion"] == CALICO_VERSION and manifest["kind"] == "NetworkPolicy":
        yield from calico_as_networkpolicies(manifest)
    elif manifest["kind"] == STAGED_KIND:
        yield _networkpolicy(metadata, {key: it for key, it in spec.items() if key != "stagedAction"})
    else:
        yield manifest


def _names(rule: Manifest) -> list[str]:
    return [name for peer in rule.get("to") or () for name in peer.get("domainNames") or ()]


def _networkpolicy(metadata: Manifest, spec: Manifest) -> Manifest:
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def _cilium(metadata: Manifest, spec: Manifest, rules: list[Manifest]) -> Iterator[Manifest]:
    if rules:
        held = {"endpointSelector": spec["podSelector"], "egress": rules}
        yield {"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": metadata, "spec": held}


def _eks_host(name: str) -> Manifest:
    return {"matchPattern": f"*{name}"} if name.startswith("*.") else {"matchName": name}


def _gke_host(match: Manifest) -> Manifest:
    return {"matchPattern": match["pattern"]} if "pattern" in match else {"matchName": match["name"]}


def _ports(rule: Manifest, otherwise: str) -> Manifest:
    """`otherwise`: the protocol of a port that names none."""
    ports = []
    for port in rule.get("ports") or ():
        protocol = port.get("protocol", otherwise)
        found = {"port": str(port.get("port", 0)), "protocol": "ANY" if protocol == "ALL" else protocol}
        ports.append(found | ({"endPort": port["endPort"]} if "endPort" in port else {}))
    return {"toPorts": [{"ports": ports}]} if ports else {}
