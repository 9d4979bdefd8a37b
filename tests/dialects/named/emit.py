"""What its template would take: it tells each rule that it was here."""

from egressc.dialects.emitting import Data
from egressc.dialects.kubernetes.emit import dns_data, selector_data
from egressc.dialects.kubernetes.emit import rule_data as of_kubernetes
from egressc.model.policy import Direction, GrantEnd, Port

__all__ = ["dns_data", "rule_data", "selector_data"]


def rule_data(direction: Direction, end: GrantEnd, ports: tuple[Port, ...], purpose: str) -> dict[str, Data]:
    return {"purpose": "by the dialect", **of_kubernetes(direction, end, ports, purpose)}
