"""Every operator by its name, in the order of its module."""

from typing import Final

from egressc.model.dialects import CALICO, CILIUM, EKS, GKE, ISTIO
from mutants import on_guarded_ends, on_policies, on_rules
from mutants.changing import OPERATORS
from mutants.on_calico import CALICO_OPERATORS
from mutants.on_cilium import CILIUM_OPERATORS
from mutants.on_guardrails import GUARDRAIL_OPERATORS
from mutants.on_host_policies import HOST_OPERATORS
from mutants.on_mesh import MESH_OPERATORS

OF_DIALECT: Final = {
    CILIUM: CILIUM_OPERATORS,
    EKS: HOST_OPERATORS,
    GKE: HOST_OPERATORS,
    ISTIO: MESH_OPERATORS,
    CALICO: CALICO_OPERATORS,
}
"""Those for the policies of each dialect with policies of another kind than NetworkPolicy."""

__all__ = [
    "CALICO_OPERATORS",
    "CILIUM_OPERATORS",
    "GUARDRAIL_OPERATORS",
    "HOST_OPERATORS",
    "OF_DIALECT",
    "OPERATORS",
    "on_guarded_ends",
    "on_policies",
    "on_rules",
]
