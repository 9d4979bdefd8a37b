"""One NetworkPolicy, or a policy with the same fields, into a policy of flows.

Source: networking.k8s.io/v1 NetworkPolicySpec and its defaults: no policyTypes means Ingress, and Egress too if there
is an egress rule; a section that policyTypes leaves out is ignored.
"""

from egressc.dialects.shapes.fields import Object, Problems, mapping, only, sequence, shown
from egressc.dialects.shapes.metadata import check_metadata
from egressc.dialects.shapes.rules import NO_MORE_PEERS, MorePeers, RuleReader
from egressc.dialects.shapes.selectors import read_pod_selector
from egressc.model.flows import Direction, PodClass, Policy, Rule
from egressc.model.label_classes import namespace
from egressc.source import Span

# The status field was there from 1.24 to 1.27, and kubectl prints it as it was stored.
_FIELDS = frozenset(("apiVersion", "kind", "metadata", "spec", "status"))
_SPEC_FIELDS = frozenset(("podSelector", "policyTypes", "egress", "ingress"))
_TYPES = {"Egress": Direction.EGRESS, "Ingress": Direction.INGRESS}


class NetworkPolicyReader:
    """Reads policies of one kind; rules that policies share are read once."""

    def __init__(self, more: MorePeers = NO_MORE_PEERS) -> None:
        """`more`: kinds of peers that NetworkPolicies do not have."""
        self._rules = RuleReader(more)

    def read(
        self, manifest: Object, home: str, name: str, *, origin: Span, path: str, problems: Problems
    ) -> Policy | None:
        """The policy of a manifest in the namespace `home`; None after a problem (see `reading.DialectReader`)."""
        return _read_policy(manifest, home, name, origin, path, self._rules, problems)


def _read_policy(
    manifest: Object, home: str, name: str, origin: Span, path: str, rules: RuleReader, problems: Problems
) -> Policy | None:
    only(manifest, _FIELDS, "", problems)
    check_metadata(mapping(manifest, "metadata", "", problems) or {}, problems)
    spec = mapping(manifest, "spec", "", problems)
    if spec is None:
        problems.add("spec", "is missing")
        return None
    only(spec, _SPEC_FIELDS, "spec", problems)
    selected = mapping(spec, "podSelector", "spec", problems)
    subject = PodClass(namespace(home), read_pod_selector(selected or {}, "spec.podSelector", problems))
    sections: dict[Direction, tuple[Rule, ...]] = {}
    for direction in Direction:
        entries = sequence(spec, direction.value, "spec", problems) or []
        sections[direction] = tuple(
            rules.read(entry, i, home, direction, f"spec.{direction.value}[{i}]", problems)
            for i, entry in enumerate(entries)
        )
    guarded = _guarded(spec, sections, problems)
    if problems.found:
        return None
    return Policy(
        home,
        name,
        subject,
        sections[Direction.EGRESS] if Direction.EGRESS in guarded else None,
        sections[Direction.INGRESS] if Direction.INGRESS in guarded else None,
        origin,
        path,
    )


def _guarded(spec: Object, sections: dict[Direction, tuple[Rule, ...]], problems: Problems) -> set[Direction]:
    types = sequence(spec, "policyTypes", "spec", problems)
    if not types:
        return {Direction.INGRESS, Direction.EGRESS} if sections[Direction.EGRESS] else {Direction.INGRESS}
    guarded: set[Direction] = set()
    for i, value in enumerate(types):
        direction = _TYPES.get(value) if isinstance(value, str) else None
        if direction is None:
            problems.add(f"spec.policyTypes[{i}]", f"{shown(value)} is not Ingress or Egress")
        else:
            guarded.add(direction)
    if len(types) > len(_TYPES):
        problems.add("spec.policyTypes", "has more than two entries")
    return guarded
