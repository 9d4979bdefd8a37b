"""What may be the matter with a service's policies in a cluster, and what a probe of the service should say of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from cluster.probe_scene import keep_rules, open_everything
from testbed.api import POLICIES
from testbed.cluster import Cluster

# Of one connection: what the service's pod saw, what the control saw, and the verdict.
Seen = tuple[str, str, str]
REACHED, CLOSED = ("answered", "answered", "ok"), ("silent", "answered", "ok")
BLOCKED, OPEN = ("silent", "answered", "not ok"), ("answered", "answered", "not ok")
AS_IT_SHOULD: Final[Mapping[str, Seen]] = {
    "dns": ("resolved", "resolved", "ok"),
    "orders-8080": REACHED,
    "orders-9125-udp": REACHED,
    "payment-api-443": REACHED,
    "rival-8080": CLOSED,
    "metadata": CLOSED,
}


def _nothing(cluster: Cluster, namespace: str) -> None:
    """The policies are as they were installed."""


def _open(cluster: Cluster, namespace: str) -> None:
    open_everything(cluster.api, namespace)


def _block_all_but_dns(cluster: Cluster, namespace: str) -> None:
    keep_rules(cluster.api, namespace, {"dns": True, "others": False})


def _block_dns(cluster: Cluster, namespace: str) -> None:
    keep_rules(cluster.api, namespace, {"dns": False, "others": True})


def _remove(cluster: Cluster, namespace: str) -> None:
    cluster.api.delete(f"{POLICIES}/namespaces/{namespace}/networkpolicies/web")


def _silence(cluster: Cluster, namespace: str) -> None:
    for name in ("orders", "rival"):
        cluster.silence(cluster.pods[namespace, name])


def _isolate_everybody(cluster: Cluster, namespace: str) -> None:
    dns = {"ports": [{"port": 53, "protocol": protocol} for protocol in ("TCP", "UDP")]}
    spec = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [dns]}
    metadata = {"name": "default-deny", "namespace": namespace}
    policy = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}
    cluster.api.post(f"{POLICIES}/namespaces/{namespace}/networkpolicies", policy)


@dataclass(frozen=True)
class Case:
    """One thing that may be the matter: what it does, and what comes of it.

    Attributes:
        seen: where it differs from AS_IT_SHOULD; None where nothing is tried.
        findings: pieces of what the command says beside the result.
        bail_out: a piece of why the script gives up.
    """

    disturb: Callable[[Cluster, str], None]
    status: int
    seen: Mapping[str, Seen] | None = field(default_factory=dict)
    findings: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    bail_out: str = ""

    def expected(self) -> dict[str, Seen] | None:
        return None if self.seen is None else {**AS_IT_SHOULD, **self.seen}


_NOBODY: Final = {
    "orders-8080": ("refused", "refused", "inconclusive"),
    "orders-9125-udp": ("silent", "silent", "inconclusive"),
    "rival-8080": ("silent", "refused", "inconclusive"),
}
CASES: Final = {
    "as-installed": Case(_nothing, 0),
    "more-is-named": Case(
        _nothing,
        1,
        {"allow-1": BLOCKED, "deny-1": CLOSED},
        ("error[EG658]", "--allow:1:1"),
        ("--allow", "198.51.100.7:443", "--deny", "web.outside.test:80"),
    ),
    "another-opens": Case(
        _open, 1, {"rival-8080": OPEN, "metadata": OPEN}, ("error[EG658]", "/open in the cluster allows it")
    ),
    "all-but-dns-blocked": Case(
        _block_all_but_dns,
        1,
        {"orders-8080": BLOCKED, "orders-9125-udp": BLOCKED, "payment-api-443": BLOCKED},
        ("error[EG644]", "error[EG658]", "to orders at"),
    ),
    "dns-blocked": Case(
        _block_dns,
        1,
        {"dns": ("unresolved", "resolved", "not ok"), "payment-api-443": ("unresolved", "answered", "not ok")},
        ('error[EG658]: "web" to DNS', "cannot resolve the name"),
    ),
    "policy-removed": Case(
        _remove, 1, None, ("error[EG642]", "egressc install web"), bail_out="nothing guards the service"
    ),
    "nobody-answers": Case(_silence, 0, _NOBODY, ("warning[EG659]", "check that something listens there")),
    "nobody-answers-strictly": Case(_silence, 1, _NOBODY, ("warning[EG659]",), ("--strict",)),
    "everybody-isolated": Case(
        _isolate_everybody,
        1,
        {
            "orders-8080": ("answered", "silent", "ok"),
            "orders-9125-udp": ("answered", "silent", "ok"),
            "payment-api-443": ("answered", "silent", "ok"),
            "rival-8080": ("silent", "silent", "inconclusive"),
            "metadata": ("silent", "silent", "inconclusive"),
        },
        ("error[EG661]", "default-deny isolates the control pod too"),
        bail_out="there is no positive control",
    ),
    "no-image": Case(
        _nothing,
        1,
        None,
        ("error[EG660]", "ImagePullBackOff"),
        ("--image", "registry.test/absent:1"),
        "ImagePullBackOff",
    ),
}
