"""Where Calico asks policies: tiers by their orders, and NetworkPolicies among them.

Source: Calico 3.32, custom resource definition tiers.projectcalico.org (the orders of the tiers that it has by itself)
and libcalico-go/lib/backend/k8s/conversion (the order of a NetworkPolicy in the tier default) and lib/names.
"""

from typing import Final

DEFAULT_TIER: Final = "default"
NETWORK_POLICY_ORDER: Final = 1000
_ADMIN: Final = 1_000
_DEFAULT: Final = 1_000_000
_BASELINE: Final = 10_000_000
OWN_TIERS: Final = {DEFAULT_TIER: _DEFAULT, "kube-admin": _ADMIN, "kube-baseline": _BASELINE}
"""The tiers that Calico has by itself, with their orders: those of all NetworkPolicies and ClusterNetworkPolicies."""
FORMER_TIERS: Final = {"adminnetworkpolicy": "kube-admin", "baselineadminnetworkpolicy": "kube-baseline"}
"""How two of them are called before Calico 3.32, which has AdminNetworkPolicies in them."""


def tier_place(order: float) -> float:
    """`Precedence.tier` of a tier: 0 is that of NetworkPolicies, -1 and 1 are those of ClusterNetworkPolicies."""
    return (order - _DEFAULT) / (_DEFAULT - _ADMIN if order < _DEFAULT else _BASELINE - _DEFAULT)


def stored_name(tier: str, name: str) -> str:
    """The name of a policy as Calico stores it, with its tier; some versions store the name as it is written."""
    return f"{DEFAULT_TIER}.{name.removeprefix(f'{DEFAULT_TIER}.')}" if tier == DEFAULT_TIER else name
