"""A project of any size: services and destinations as a platform of that size would have them.

Each service has 3 to 9 dependencies, 6 on the average: 7 of 10 are infrastructure, the others are services. Some are
far more wanted than others (the weight of the nth is 1 / n^1.1). There is one infrastructure destination for 20
services, and 10 more. Three services of ten reach outside the cluster. The same size gives the same bytes.

Usage: python -m bench.fleet FOLDER SIZE [DIRECTIONS [DIALECT]]

DIRECTIONS is what policies limit: egress (the default), ingress or both. DIALECT is NetworkPolicy (the default) or
Cilium.
"""

import random
import sys
from bisect import bisect
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

AREAS = ("orders", "search", "ledger", "media", "fraud", "pricing", "stock", "users", "mail", "reports")
ROLES = ("api", "worker", "gateway", "sync", "cron")


class Kind(NamedTuple):
    name: str
    namespace: str
    ports: str
    protocol: str
    purpose: str


INFRASTRUCTURE = (
    Kind("redis", "data", "6379", "TCP", "Cache"),
    Kind("postgres", "data", "5432", "TCP", "Relational store"),
    Kind("kafka", "messaging", "9092, 9093", "TCP", "Event bus"),
    Kind("qdrant", "data", "6333, 6334", "TCP", "Vector search (HTTP + gRPC)"),
    Kind("minio", "storage", "9000", "TCP", "Object store"),
    Kind("vault", "security", "8200", "TCP", "Secrets"),
    Kind("collector", "observability", "4317, 4318", "TCP", "Telemetry"),
    Kind("rabbitmq", "messaging", "5672", "TCP", "Queue"),
    Kind("opensearch", "data", "9200", "TCP", "Full-text search"),
    Kind("statsd", "observability", "8125", "UDP", "Metrics"),
    Kind("resolver", "edge", "53", "UDP/TCP", "Names of partners"),
    Kind("keycloak", "security", "8080, 8443", "TCP", "Identity"),
)
EXTERNAL = ("LLM APIs (HTTPS 443)", "Payment gateway (HTTPS 443)", "Webhooks (8443)")

CATALOG = """\
defaults:
  namespace: apps
  selector: {app.kubernetes.io/name: "{id}"}
destinations:
  LLM APIs:
    hosts: [api.anthropic.com, api.openai.com]
    internet: true
  Payment gateway:
    hosts: [gateway.payments.example]
    addresses: [203.0.113.0/24]
  Webhooks:
    internet: true
"""
PROJECT = """\
sources: [services.md]
catalog: catalog.yaml
values: values
"""
CILIUM = 'cluster: {dialect: Cilium, cilium: {version: "1.20"}}\n'


class Fleet(NamedTuple):
    """Rows of the two tables, as text."""

    services: list[tuple[str, str, str]]
    destinations: list[Kind]


def make_fleet(size: int) -> Fleet:
    chance = random.Random(size)  # noqa: S311  a fixed seed is what is wanted
    infrastructure = [_infrastructure(index) for index in range(size // 20 + 10)]
    services = [f"{AREAS[i % 10]}-{ROLES[i // 10 % 5]}-{i:0{len(str(size))}d}" for i in range(size)]
    popular = chance.sample(services, size)
    infrastructure_weights = _weights(len(infrastructure))
    service_weights = _weights(size)
    rows: list[tuple[str, str, str]] = []
    wanted: set[str] = set()
    for service in services:
        count = chance.choice((3, 4, 5, 6, 6, 6, 7, 8, 9))
        needs: dict[str, None] = {}
        while len(needs) < count:
            if chance.random() < 0.7:
                need = infrastructure[_draw(chance, infrastructure_weights)].name
            else:
                need = popular[_draw(chance, service_weights)]
                if need == service:
                    continue
                wanted.add(need)
            needs[need] = None
        external = chance.choice(EXTERNAL) if chance.random() < 0.3 else "None"
        rows.append((service, ", ".join(needs), external))
    listening = [Kind(name, "apps", "8080", "TCP", "Service API") for name in services if name in wanted]
    return Fleet(rows, [*infrastructure, *listening])


def write_project(folder: Path, size: int, directions: str = "egress", dialect: str = "NetworkPolicy") -> None:
    """A document, a catalog and a project file that compiles into the folder `values`."""
    fleet = make_fleet(size)
    folder.mkdir(parents=True)
    lines = [
        "# Platform",
        "",
        "## Services",
        "",
        "| Service | Internal Dependencies | External Access |",
        "|---|---|---|",
    ]
    lines += [f"| {' | '.join(row)} |" for row in fleet.services]
    lines += [
        "",
        "## Destinations",
        "",
        "| Destination | Namespace | Port | Protocol | Purpose |",
        "|---|---|---|---|---|",
    ]
    lines += [f"| {' | '.join(kind)} |" for kind in fleet.destinations]
    (folder / "services.md").write_text("\n".join(lines) + "\n")
    (folder / "catalog.yaml").write_text(CATALOG)
    cluster = CILIUM if dialect == "Cilium" else ""
    (folder / "egressc.yaml").write_text(f"{PROJECT}directions: {directions}\n{cluster}")


def _infrastructure(index: int) -> Kind:
    number, which = divmod(index, len(INFRASTRUCTURE))
    kind = INFRASTRUCTURE[which]
    return kind._replace(name=f"{kind.name}-{number:03d}") if number else kind


def _weights(count: int) -> list[float]:
    return list(accumulate(rank**-1.1 for rank in range(1, count + 1)))


def _draw(chance: random.Random, weights: list[float]) -> int:
    return bisect(weights, chance.random() * weights[-1], hi=len(weights) - 1)


if __name__ == "__main__":
    write_project(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
