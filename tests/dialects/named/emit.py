"""What its template would take: it tells each rule that it was here."""

from egressc.dialects.emitting import Data
from egressc.dialects.kubernetes.emit import dependency_data as of_kubernetes
from egressc.dialects.kubernetes.emit import dns_data, selector_data
from egressc.model.policy import Grant

__all__ = ["dependency_data", "dns_data", "selector_data"]


def dependency_data(dependency: Grant) -> dict[str, Data]:
    return {"purpose": "by the dialect", **of_kubernetes(dependency)}
