"""The names that the charts give the policies of a release, next to its first one."""

from hashlib import sha256
from typing import Final

from egressc.model.policy import ServicePolicy

_POLICY_NAME_MAX: Final = 63
_KEPT: Final = 54  # of a longer name, next to its digest


def opt_in_name(name: str, opt_in: ServicePolicy) -> str:
    """The name of the policy of an opt-in next to the one of its namespace, as the chart gives it.

    Sources: network-policy.policy.namespace and, for what is too long, network-policy.policy.name of the library chart.
    """
    return _second_name(name, opt_in.id.rpartition("/")[2])


def hosts_policy_name(name: str) -> str:
    """The name of the policy for hosts next to the one of a service, in dialects that have one, as the chart gives it.

    Source: network-policy.internal.render.second-name of the library chart.
    """
    return _second_name(name, "hosts")


def _second_name(name: str, suffix: str) -> str:
    full = f"{name}-{suffix}"
    if len(full) <= _POLICY_NAME_MAX:
        return full
    return f"{full[:_KEPT].strip('-.')}-{sha256(full.encode()).hexdigest()[:8]}"
