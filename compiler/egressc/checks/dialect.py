"""What rows ask for against what the dialect can express."""

from collections.abc import Callable
from typing import Final

from egressc.diagnostics.core import Diagnostic, Report
from egressc.diagnostics.dialects import approximate_feature, unsupported_feature
from egressc.dialects.limits import Ability, Limits, Support
from egressc.model.policy import AddressPeer, Direction, GrantEnd, PolicySet, Port
from egressc.source import Span

_NEEDS: Final[dict[str, tuple[str, Callable[[GrantEnd, tuple[Port, ...]], bool]]]] = {
    "host_names": ("host names", lambda end, _: bool(end.hosts)),
    "deep_names": ("hosts deep below a name", lambda end, _: any(it.startswith("**.") for it in end.hosts)),
    "named_ports": ("named ports", lambda _, ports: any(isinstance(port.port, str) for port in ports)),
    "port_ranges": ("port ranges", lambda _, ports: any(port.end_port is not None for port in ports)),
    "all_protocols": ("every port of a protocol", lambda _, ports: any(port.port is None for port in ports)),
    "except_blocks": (
        "addresses with exceptions",
        lambda end, _: any(isinstance(it, AddressPeer) and it.excepts for it in end.peers),
    ),
}


def check_dialect(policies: PolicySet, dialect: str, limits: Limits, report: Report) -> None:
    """EG447 and EG448, once at each row that needs it; EG414 is for approximate host names."""
    if limits.ingress.support is not Support.EXACT:
        build = _build_of(limits.ingress)
        for service in policies.policies:
            if Direction.INGRESS in service.directions:
                report.add(
                    build(
                        service.origin,
                        service.name,
                        "ingress rules",
                        dialect,
                        limits.ingress.reason,
                        service=service.id,
                        destination="",
                    )
                )
    for field, (feature, is_needed) in _NEEDS.items():
        ability: Ability = getattr(limits, field)
        if ability.support is Support.EXACT or (field, ability.support) == ("host_names", Support.APPROXIMATE):
            continue
        build = _build_of(ability)
        told: set[Span] = set()
        for service in policies.policies:
            halves = [(it, it.destination) for it in service.grants] + [(it, it.source) for it in service.callers]
            for grant, end in halves:
                at = grant.origins[0]
                if at not in told and is_needed(end, grant.ports):
                    told.add(at)
                    report.add(
                        build(at, end.name, feature, dialect, ability.reason, service=service.id, destination=end.key)
                    )


def _build_of(ability: Ability) -> Callable[..., Diagnostic]:
    return unsupported_feature if ability.support is Support.UNSUPPORTED else approximate_feature
