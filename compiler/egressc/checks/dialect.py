"""What rows ask for against what the dialect can express."""

from collections.abc import Callable
from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.dialects import approximate_feature, unsupported_feature
from egressc.dialects.limits import Limits, Support
from egressc.model.policy import AddressPeer, Grant, PolicySet

_NEEDS: Final[dict[str, tuple[str, Callable[[Grant], bool]]]] = {
    "host_names": ("host names", lambda grant: bool(grant.destination.hosts)),
    "named_ports": ("named ports", lambda grant: any(isinstance(port.port, str) for port in grant.ports)),
    "port_ranges": ("port ranges", lambda grant: any(port.end_port is not None for port in grant.ports)),
    "all_protocols": ("every port of a protocol", lambda grant: any(port.port is None for port in grant.ports)),
    "except_blocks": (
        "addresses with exceptions",
        lambda grant: any(isinstance(it, AddressPeer) and it.excepts for it in grant.destination.peers),
    ),
}


def check_dialect(policies: PolicySet, dialect: str, limits: Limits, report: Report) -> None:
    """EG447 and EG448 for the first row of each service that asks for it; EG414 is for approximate host names."""
    for field, (feature, is_needed) in _NEEDS.items():
        support, reason = getattr(limits, field)
        if support is Support.EXACT or (field, support) == ("host_names", Support.APPROXIMATE):
            continue
        build = unsupported_feature if support is Support.UNSUPPORTED else approximate_feature
        for service in policies.services:
            for grant in filter(is_needed, service.grants):
                destination = grant.destination
                report.add(
                    build(
                        grant.origins[0],
                        destination.name,
                        feature,
                        dialect,
                        reason,
                        service=service.id,
                        destination=destination.key,
                    )
                )
