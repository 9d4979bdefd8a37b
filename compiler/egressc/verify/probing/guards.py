"""What no service should reach unless a row grants it: the API server and the metadata of the node's cloud."""

from collections.abc import Sequence
from typing import Final

from egressc.model.address_sets import METADATA_NETWORKS
from egressc.model.policy import Port, Protocol
from egressc.source import Span
from egressc.verify.probing.choice import Scene
from egressc.verify.probing.connections import Expect, ProbeConnection, Skipped

METADATA_ADDRESSES: Final = tuple(it.partition("/")[0] for it in METADATA_NETWORKS)
API_SERVER: Final = "kubernetes.default.svc"
_API_PORT: Final = Port(Protocol.TCP, 443)

Endpoints = Sequence[tuple[str, int]]


def deny_guarded(
    scene: Scene, endpoints: Endpoints | None, place: Span, family: str = "IPv4"
) -> tuple[list[ProbeConnection], list[Skipped]]:
    """The denials to try, and those that cannot be told to be denials.

    Args:
        endpoints: addresses and ports behind the API server's Service; None where they are not known.
        place: the service's own row.
        family: the address family of the pods, IPv4 where they have both.
    """
    connections: list[ProbeConnection] = []
    skipped: list[Skipped] = []
    if endpoints is None and _opens_addresses(scene):
        reason = "the API server's own addresses are not known here, and rules of the service open addresses"
        skipped.append(Skipped(Expect.DENY, "API server", _API_PORT, place, reason))
    elif all(scene.denies(address, Protocol.TCP, port) for address, port in endpoints or ()):
        host, end = API_SERVER, endpoints[0][0] if endpoints else None
        connections.append(
            ProbeConnection("api-server", Expect.DENY, "API server", host, 443, Protocol.TCP, place, end)
        )
    known = [it for it in METADATA_ADDRESSES if (":" in it) == (family == "IPv6")]
    for number, it in enumerate(known, 1):
        if scene.denies(it, Protocol.TCP, 80):
            key = "metadata" if number == 1 else f"metadata-{number}"
            connections.append(ProbeConnection(key, Expect.DENY, "node metadata", it, 80, Protocol.TCP, place, it))
    return connections, skipped


def _opens_addresses(scene: Scene) -> bool:
    """Whether any rule of the subject might let an unknown address through over TCP."""
    policies = scene.judge.policies_of(scene.subject)
    return any(rule.addresses and rule.ports.tcp.numbers for policy in policies for rule in policy.egress or ())
