"""`egressc probe` on a real cluster with real packets: what it says of policies in order, and of each that is not."""

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from cluster.probe_scene import Kubectl, keep_rules, open_everything
from cluster.probe_shops import make_probed, take_away
from cluster.projects import Shop
from testbed.api import POLICIES
from testbed.cluster import Cluster
from testbed.node import Node

REACHED, CLOSED = ("answered", "answered", "ok"), ("silent", "answered", "ok")
BLOCKED, OPEN = ("silent", "answered", "not ok"), ("answered", "answered", "not ok")
# What either pod saw, and the verdict.
AS_IT_SHOULD: Final = {
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
    cluster.api.delete(f"{POLICIES}/namespaces/{namespace}/networkpolicies/web-egress")


def _silence(cluster: Cluster, namespace: str) -> None:
    for name in ("orders", "rival"):
        cluster.silence(cluster.pods[namespace, name])


def _isolate_everybody(cluster: Cluster, namespace: str) -> None:
    spec = {"podSelector": {}, "policyTypes": ["Egress"]}
    metadata = {"name": "default-deny", "namespace": namespace}
    policy = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}
    cluster.api.post(f"{POLICIES}/namespaces/{namespace}/networkpolicies", policy)


@dataclass(frozen=True)
class Case:
    """One thing that may be the matter: what it does, and what comes of it.

    Attributes:
        seen: where it differs from AS_IT_SHOULD; None where nothing is tried.
        findings: pieces of what is said beside the result, all of them.
    """

    disturb: Callable[[Cluster, str], None]
    status: int
    seen: Mapping[str, tuple[str, str, str]] | None = field(default_factory=dict)
    findings: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


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
        ('error[EG658]: "web" to DNS', "cannot look the name up"),
    ),
    "policy-removed": Case(_remove, 1, None, ("error[EG642]", "egressc install web")),
    "nobody-answers": Case(_silence, 0, _NOBODY, ("warning[EG659]", "see that something listens there")),
    "nobody-answers-strictly": Case(_silence, 1, _NOBODY, ("warning[EG659]",), ("--strict",)),
    "everybody-isolated": Case(
        _isolate_everybody,
        1,
        {
            "dns": ("resolved", "unresolved", "ok"),
            "orders-8080": ("answered", "silent", "ok"),
            "orders-9125-udp": ("answered", "silent", "ok"),
            "payment-api-443": ("answered", "unresolved", "ok"),
            "rival-8080": ("silent", "silent", "inconclusive"),
            "metadata": ("silent", "silent", "inconclusive"),
        },
        ("error[EG661]", "default-deny isolates the control pod too"),
    ),
    "no-image": Case(_nothing, 1, None, ("error[EG660]", "ImagePullBackOff"), ("--image", "registry.test/absent:1")),
}


@dataclass(frozen=True)
class Outcome:
    """What came of one run, and which pods were there afterwards."""

    status: int
    result: str
    said: str
    pods: tuple[str, ...]


@pytest.fixture(scope="module")
def outcomes(cluster: Cluster, node: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    """Every case, each in a project and namespace of its own; they wait most of the time, so they wait together."""
    cluster.replace_policies([])
    cluster.answer_outside([("TCP", 443), ("TCP", 80)])
    with ThreadPoolExecutor(2) as pool:
        folders = {name: tmp_path_factory.mktemp(name) for name in CASES}
        shops = dict(zip(CASES, pool.map(lambda name: make_probed(folders[name], cluster), CASES), strict=True))
    for name, case in CASES.items():
        case.disturb(cluster, shops[name].namespace)
    cluster.settle()
    with ThreadPoolExecutor(len(CASES)) as pool:
        found = pool.map(lambda name: _probe(shops[name], *CASES[name].options), CASES)
        yield dict(zip(CASES, found, strict=True))
    for shop in shops.values():
        take_away(shop, cluster)


def _probe(shop: Shop, *options: str) -> Outcome:
    done = subprocess.run(
        shop.command("probe", "web", "--format", "json", *options),
        cwd=shop.folder,
        env=shop.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    pods = Kubectl(shop.kubeconfig, shop.namespace)("get", "pods", "-o", "jsonpath={.items[*].metadata.name}")
    return Outcome(done.returncode, done.stdout, done.stderr, tuple(pods.split()))


@pytest.mark.parametrize("name", CASES)
def test_a_probe_tells(outcomes: dict[str, Outcome], name: str) -> None:
    case, outcome = CASES[name], outcomes[name]
    seen = _read(json.loads(outcome.result)) if outcome.result else None
    assert seen == (None if case.seen is None else {**AS_IT_SHOULD, **case.seen}), outcome.said
    assert outcome.status == case.status, outcome.said
    for piece in case.findings:
        assert piece in outcome.said
    assert case.findings or "EG" not in outcome.said


def _read(document: dict[str, Any]) -> dict[str, tuple[str, str, str]]:
    found = {"dns": document["dns"], **{one["key"]: one for one in document["connections"]}}
    return {key: (one["subject"], one["control"], one["verdict"]) for key, one in found.items()}


@pytest.mark.parametrize("name", CASES)
def test_no_pod_is_left(outcomes: dict[str, Outcome], name: str) -> None:
    assert outcomes[name].pods == ("orders", "rival")
