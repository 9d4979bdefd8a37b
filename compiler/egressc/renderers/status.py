"""What is compiled, installed and live, for programs: a part of the JSON and SARIF forms (docs/cluster.md)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """One service. `revision` is that of its release, 0 where there is none; the words are those of the text form."""

    service: str
    namespace: str
    compiled: str
    revision: int
    installed: str
    live: str


@dataclass(frozen=True, slots=True)
class FleetStatus:
    """`cluster` is the API server, "" where none was read."""

    cluster: str
    services: tuple[ServiceStatus, ...]


def lay_out_status(status: FleetStatus) -> dict[str, object]:
    return {
        "cluster": status.cluster or None,
        "services": [
            {
                "service": it.service,
                "namespace": it.namespace,
                "compiled": it.compiled,
                "revision": it.revision or None,
                "installed": it.installed,
                "live": it.live,
            }
            for it in status.services
        ],
    }
