"""Names to destinations: what every requirement stands for, as peers and ports."""

from egressc.resolve.policies import check_sources, resolve_policies

__all__ = ["check_sources", "resolve_policies"]
