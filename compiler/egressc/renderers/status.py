"""What is compiled, installed and live, for programs: a part of the JSON and SARIF forms (docs/cluster.md)."""

from dataclasses import dataclass

from egressc.renderers.excerpts import printable


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


def render_status_text(status: FleetStatus) -> str:
    """A line for each service, in columns."""
    rows = [("service", "namespace", "compiled", "revision", "installed", "live")]
    rows += [
        (it.service, it.namespace, it.compiled, str(it.revision or "-"), it.installed, it.live)
        for it in status.services
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "".join(f"{printable(line)}\n" for line in lines)
