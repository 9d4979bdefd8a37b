"""One policy of the whole cluster into a policy of flows.

Source: sigs.k8s.io/network-policy-api 0.3.0 apis/v1beta1/clusternetworkpolicy_types.go. The policies of the tier Admin
are asked before any NetworkPolicy, by their priorities and the order of their rules, those of the tier Baseline after
it. What no rule meets goes on to the next tier: such a policy isolates no pod.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from egressc.dialects.cluster_policies.forms import BASELINE, FORMS, TIERS, Form
from egressc.dialects.cluster_policies.peers import PeerReach, excludes_port_names, read_peer, read_subject
from egressc.dialects.cluster_policies.ports import names_ports, read_ports
from egressc.dialects.shapes.fields import Object, Problems, item, mapping, only, shown, text, without_nulls
from egressc.dialects.shapes.limited import choice, entries, number
from egressc.dialects.shapes.metadata import check_metadata
from egressc.model.address_sets import join_addresses
from egressc.model.flows import Direction, Policy, Precedence, Rule, RuleAction
from egressc.model.host_sets import HostSet, join_hosts
from egressc.source import Span

_FIELDS: Final = frozenset(("apiVersion", "kind", "metadata", "spec", "status"))
_INGRESS_PEERS: Final = ("namespaces", "pods")
_PEERS: Final = {Direction.EGRESS: "to", Direction.INGRESS: "from"}
_PRIORITY_MAX: Final = 1000
_LONGEST_NAME: Final = 100
_ONLY_NAME: Final = "default"


class _FormInTier(NamedTuple):
    form: Form
    tier: int


class ClusterPolicyReader:
    """Reads the policies of one kind."""

    def __init__(self, form: Form) -> None:
        self._form = form

    def read(
        self, manifest: Object, home: str, name: str, *, origin: Span, path: str, problems: Problems
    ) -> Policy | None:
        """The policy of a manifest, which has no namespace (see `reading.DialectReader`); None after a problem."""
        del home
        only(manifest, _FIELDS, "", problems)
        check_metadata(mapping(manifest, "metadata", "", problems) or {}, problems)
        if not self._form.has_priority and name != _ONLY_NAME:
            problems.add("metadata.name", f"{shown(name)} is not {shown(_ONLY_NAME)}, the only one of this kind")
        spec = mapping(manifest, "spec", "", problems)
        if spec is None:
            problems.add("spec", "is missing")
            return None
        return _read_spec(spec, self._form, name, origin, path, problems)


def readers() -> Mapping[tuple[str, str], ClusterPolicyReader]:
    return {kind: ClusterPolicyReader(form) for kind, form in FORMS.items()}


def _read_spec(spec: Object, form: Form, name: str, origin: Span, path: str, problems: Problems) -> Policy | None:
    spec = without_nulls(spec)
    said = (*(("tier",) if form.tier is None else ()), *(("priority",) if form.has_priority else ()))
    only(spec, frozenset(("subject", "egress", "ingress", *said)), "spec", problems)
    tier = form.tier
    if tier is None:
        tier = TIERS.get(choice(spec, "tier", [*TIERS], "spec", problems), 0)
    priority = number(spec, "priority", 0, _PRIORITY_MAX, "spec", problems) if form.has_priority else 0
    subject = read_subject(spec, form, problems)
    rules: dict[Direction, tuple[Rule, ...]] = {}
    learned: list[HostSet] = []
    for direction in Direction:
        read = [
            _read_rule(value, index, direction, _FormInTier(form, tier), f"spec.{direction}[{index}]", problems)
            for index, value in enumerate(entries(spec, direction.value, form.most, "spec", problems, least=0))
        ]
        rules[direction] = tuple(rule for rule, _ in read)
        learned += (hosts for _, hosts in read)
    if problems.found or subject is None or priority is None:
        return None
    egress, ingress = (rules[it] or None for it in Direction)
    precedence = Precedence(tier, priority, by_index=True, isolates=frozenset())
    hosts = join_hosts(learned)  # no rule of DNS needs to be next to a rule that accepts them
    return Policy("", name, subject, egress, ingress, origin, path, precedence, resolves=hosts)


def _read_rule(
    value: object, index: int, direction: Direction, place: _FormInTier, path: str, problems: Problems
) -> tuple[Rule, HostSet]:
    """The rule, and the hosts that it names."""
    form, tier = place
    rule, key = item(value, path, problems), _PEERS[direction]
    only(rule, frozenset(("name", "action", key, "protocols" if form.has_protocols else "ports")), path, problems)
    if len(text(rule, "name", path, problems)) > _LONGEST_NAME:
        problems.add(f"{path}.name", f"has more than {_LONGEST_NAME} characters")
    action = form.actions.get(choice(rule, "action", [*form.actions], path, problems), RuleAction.DENY)
    if form.has_cilium and action is RuleAction.ALLOW and tier == BASELINE:
        # cilium 1.20.2 pkg/policy/repository.go, addDefaultRule: what isolates comes after all tiers.
        problems.overlook(f"{path}.action", "on Cilium, also opens it to pods that a NetworkPolicy isolates")
    kinds = form.egress_peers if direction is Direction.EGRESS else _INGRESS_PEERS
    if key not in rule:
        problems.add(f"{path}.{key}", "is missing")
    reached: list[PeerReach] = []
    for i, entry in enumerate(entries(rule, key, form.most, path, problems)):
        at = f"{path}.{key}[{i}]"
        reached.append(read_peer(item(entry, at, problems), kinds, action, tier, form, at, problems))
        if excludes_port_names(entry) and names_ports(rule, form):
            problems.add(at, "has no named ports, which the rule asks for")
    pods = dict.fromkeys(pod for it in reached for pod in it.pods)
    outside = join_addresses([it.outside for it in reached])
    ports = read_ports(rule, form, path, problems)
    return Rule(index, tuple(pods), outside, ports, action=action), join_hosts(it.learned for it in reached)
