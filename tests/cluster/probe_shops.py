"""A project whose services run in the testbed, for the probes that egressc starts itself."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cluster.probe_scene import API, make_home
from cluster.projects import PROJECT, Shop, plan_shop
from support.helm_binaries import MAJORS, helm_binary
from testbed.cluster import Cluster, PodPlan
from testbed.dns import OUTSIDE_HOST

_TABLE: Final = """
| Service | Listens on | Depends on | External access |
|---|---|---|---|
| web | 8080 | orders | Payment API |
| orders | 8080, 9125/UDP | - | - |
| rival | 8080 | - | - |
"""
_CATALOG: Final = """
defaults: {{namespace: {namespace}, selector: {{app.kubernetes.io/name: "{{id}}"}}}}
destinations:
  Payment API: {{hosts: [{host}], addresses: [{address}/32], ports: [443]}}
"""
_PORTS: Final[Mapping[str, tuple[tuple[str, int], ...]]] = {
    "orders": (("TCP", 8080), ("UDP", 9125)),
    "rival": (("TCP", 8080),),
}


def make_probed(folder: Path, cluster: Cluster) -> Shop:
    """Its sources, compiled; `orders` and `rival` run, and `web`, which is to be probed, is installed.

    PodSecurity lets no further pod in that is not restricted.
    """
    shop = plan_shop(folder, cluster.control_plane, helm_binary(MAJORS[-1]))
    catalog = _CATALOG.format(namespace=shop.namespace, host=API, address=OUTSIDE_HOST)
    for name, text in {"services.md": _TABLE, "catalog.yaml": catalog, "egressc.yaml": PROJECT}.items():
        (folder / name).write_text(text, "utf-8")
    shop.run("compile")
    cluster.add_pods(
        [
            PodPlan(
                shop.namespace,
                name,
                {"app.kubernetes.io/name": name},
                frozenset(ports),
                tuple((f"p{port}", kind, port) for kind, port in ports),
            )
            for name, ports in _PORTS.items()
        ]
    )
    make_home(cluster.api, shop.namespace)
    shop.run("install", "web", "--yes")
    return shop


@contextmanager
def probed(folder: Path, cluster: Cluster) -> Iterator[Shop]:
    """One of them alone, in force."""
    cluster.replace_policies([])
    cluster.answer_outside([("TCP", 443), ("TCP", 80)])
    shop = make_probed(folder, cluster)
    cluster.settle()
    yield shop
    take_away(shop, cluster)


def take_away(shop: Shop, cluster: Cluster) -> None:
    for pod in [pod for (namespace, _), pod in cluster.pods.items() if namespace == shop.namespace]:
        cluster.remove_pod(pod)
