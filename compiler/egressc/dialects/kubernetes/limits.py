"""What NetworkPolicy can express: pods and addresses. It knows no names, no order, and no denial."""

from typing import Final

from egressc.dialects.protocol import Limits

LIMITS: Final = Limits(host_names=False)
