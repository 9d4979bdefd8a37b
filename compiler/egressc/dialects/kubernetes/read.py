"""NetworkPolicies into policies of flows."""

from collections.abc import Mapping

from egressc.dialects.shapes.network_policies import NetworkPolicyReader

KIND = ("networking.k8s.io/v1", "NetworkPolicy")


def readers() -> Mapping[tuple[str, str], NetworkPolicyReader]:
    return {KIND: NetworkPolicyReader()}
