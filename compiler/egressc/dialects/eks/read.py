"""ApplicationNetworkPolicies of Amazon EKS into policies of flows: NetworkPolicies whose egress also names hosts.

Sources: the custom resource definition applicationnetworkpolicies.networking.k8s.aws and pkg/policyendpoints of
amazon-network-policy-controller-k8s; controllers/policyendpoints_controller.go of aws-network-policy-agent 1.4.1.
Policies of pods add up, NetworkPolicies among them.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from egressc.dialects.shapes.fields import Object, Problems, mapping, settle, shown
from egressc.dialects.shapes.hosts import spell_any_depth
from egressc.dialects.shapes.limited import distinct
from egressc.dialects.shapes.network_policies import NetworkPolicyReader
from egressc.model.address_sets import AddressSet, named
from egressc.model.flows import Policy
from egressc.model.host_sets import join_hosts
from egressc.source import Span

KIND: Final = ("networking.k8s.aws/v1alpha1", "ApplicationNetworkPolicy")
_NAMES: Final = "domainNames"
# The definition also takes [ \ ] ^ and ` at the start of a label, by a slip in its pattern (A-z). No host has these.
_LABEL: Final = r"[a-zA-Z0-9_](?:[-a-zA-Z0-9_]*[a-zA-Z0-9])?"
_NAME: Final = re.compile(rf"(?:\*\.)?(?:{_LABEL}\.)+{_LABEL}\.?\Z")


class ApplicationPolicyReader:
    """Reads ApplicationNetworkPolicies (see `reading.DialectReader`)."""

    def __init__(self) -> None:
        self._policies = NetworkPolicyReader({_NAMES: _read_names})

    def read(
        self, manifest: Object, home: str, name: str, *, origin: Span, path: str, problems: Problems
    ) -> Policy | None:
        """The policy of a manifest in the namespace `home`; None after a problem."""
        spec = settle(mapping(manifest, "spec", "", Problems()), "spec", problems)
        if spec is not None:
            manifest = {**manifest, "spec": spec}
            _check_spec(spec, problems)
        policy = self._policies.read(manifest, home, name, origin=origin, path=path, problems=problems)
        # Any DNS answer to the pods shows where a name leads.
        names = () if policy is None else join_hosts(rule.addresses.names for rule in policy.egress or ())
        return None if policy is None else replace(policy, resolves=names)


def readers() -> Mapping[tuple[str, str], ApplicationPolicyReader]:
    return {KIND: ApplicationPolicyReader()}


def _check_spec(spec: Object, problems: Problems) -> None:
    if "podSelector" not in spec:
        problems.add("spec.podSelector", "is missing: {} selects all pods of the namespace")
    if not spec.get("policyTypes") and not spec.get("ingress"):
        # The controller passes on what is written, and the agent isolates the directions that have rules.
        problems.add("spec.policyTypes", "is missing: a NetworkPolicy isolates ingress then, EKS does not")


def _read_names(peer: Object, path: str, problems: Problems) -> AddressSet:
    """`*.` is one or more labels."""
    found = []
    for at, written in distinct(peer, _NAMES, None, path, problems):
        if _NAME.match(written):
            found.append(spell_any_depth(written))
        else:
            problems.add(at, f"{shown(written)} is not a DNS name with two labels or more, or one behind *.")
    return named(*found)
