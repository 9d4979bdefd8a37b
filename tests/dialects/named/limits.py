"""It knows names."""

from egressc.dialects.protocol import Limits

LIMITS = Limits(host_names=True)
