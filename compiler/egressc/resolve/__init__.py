"""Names to destinations: what every requirement stands for, as peers and ports."""

from egressc.resolve.policies import resolve_policies

__all__ = ["resolve_policies"]
