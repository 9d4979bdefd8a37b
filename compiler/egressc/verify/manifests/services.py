"""Services out of manifests: which ports clients use, and which ports of the pods behind them policy sees."""

from egressc.dialects.shapes.fields import Object, Problems, item, mapping, sequence, shown, text
from egressc.dialects.shapes.selectors import read_labels
from egressc.model.policy import Port, Protocol
from egressc.model.requirements import ServicePort
from egressc.model.workloads import Service
from egressc.source import NOWHERE, Span

_HEADLESS = "None"
_PROTOCOLS = {protocol.value: protocol for protocol in Protocol}


def read_service(
    manifest: Object, home: str, problems: Problems, origin: Span = NOWHERE, path: str = ""
) -> Service | None:
    """The Service of a manifest in the namespace `home`; None without a selector."""
    spec = mapping(manifest, "spec", "", problems) or {}
    selector = read_labels(mapping(spec, "selector", "spec", problems) or {}, "spec.selector", problems)
    if not selector:
        return None
    metadata = mapping(manifest, "metadata", "", problems) or {}
    labels = read_labels(mapping(metadata, "labels", "metadata", problems) or {}, "metadata.labels", problems)
    entries = enumerate(sequence(spec, "ports", "spec", problems) or ())
    read = (_read_port(item(value, f"spec.ports[{i}]", problems), f"spec.ports[{i}]", problems) for i, value in entries)
    addresses = _read_addresses(spec, problems)
    return Service(
        home,
        text(metadata, "name", "metadata", problems),
        selector,
        tuple(port for port in read if port is not None),
        addresses,
        addresses == (_HEADLESS,),
        labels,
        origin,
        path,
    )


def _read_addresses(spec: Object, problems: Problems) -> tuple[str, ...]:
    several = sequence(spec, "clusterIPs", "spec", problems) or [text(spec, "clusterIP", "spec", problems)]
    return tuple(address for address in several if isinstance(address, str) and address)


def _read_port(entry: Object, path: str, problems: Problems) -> ServicePort | None:
    number = entry.get("port")
    target = entry.get("targetPort") or number
    protocol = _PROTOCOLS.get(text(entry, "protocol", path, problems) or Protocol.TCP.value)
    if not isinstance(number, int) or not isinstance(target, int | str) or protocol is None:
        problems.add(path, f"{shown(number)} to {shown(target)} is not a port of a Service")
        return None
    return ServicePort(number, Port(protocol, target))
