"""StagedKubernetesNetworkPolicies of Calico into policies of flows: what they would enforce as NetworkPolicies.

Source: the CRD stagedkubernetesnetworkpolicies.projectcalico.org. Its fields are those of a NetworkPolicy, and what is
to become of the policy: Set, to be enforced as it is, Delete, Learn or Ignore. Nobody adds policyTypes to it, as the
API server does to a NetworkPolicy.
"""

from collections.abc import Mapping
from typing import Final

from egressc.dialects.shapes.fields import Object, Problems, mapping, settle, shown
from egressc.dialects.shapes.network_policies import NetworkPolicyReader
from egressc.model.flows import Policy
from egressc.source import Span

KIND: Final = ("projectcalico.org/v3", "StagedKubernetesNetworkPolicy")
_ACTION: Final = "stagedAction"
_SET: Final = "Set"


class StagedPolicyReader:
    """Reads staged policies (see `reading.DialectReader`)."""

    def __init__(self) -> None:
        self._policies = NetworkPolicyReader()

    def read(
        self, manifest: Object, home: str, name: str, *, origin: Span, path: str, problems: Problems
    ) -> Policy | None:
        """The policy of a manifest in the namespace `home`; None after a problem."""
        spec = settle(mapping(manifest, "spec", "", Problems()), "spec", problems)
        if spec is not None:
            if (action := spec.get(_ACTION, _SET)) != _SET:
                problems.add(f"spec.{_ACTION}", f"{shown(action)} is not {_SET}: the policy is not to be enforced")
            if not spec.get("policyTypes"):
                problems.add("spec.policyTypes", "is missing: Calico would isolate ingress alone")
            manifest = {**manifest, "spec": {key: value for key, value in spec.items() if key != _ACTION}}
        return self._policies.read(manifest, home, name, origin=origin, path=path, problems=problems)


def readers() -> Mapping[tuple[str, str], StagedPolicyReader]:
    return {KIND: StagedPolicyReader()}
