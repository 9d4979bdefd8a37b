"""Policies of Calico into policies of flows, with the tiers and network sets that they need.

Sources: projectcalico/calico api/pkg/apis/projectcalico/v3, libcalico-go/lib/validator/v3, felix/calc/policy_sorter.go:
tiers are asked by their orders, and the policies of a tier by theirs and then by name; the first rule that meets a flow
decides. What no rule of a tier meets is denied or passed on, as the tier says, if a policy of the tier has the pod.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Final, NamedTuple

from egressc.dialects.calico.grammar import EVERYTHING, holds_global
from egressc.dialects.calico.peers import has_pod_networks, read_selector, select_pods, settle_addresses
from egressc.dialects.calico.rules import CalicoRule, read_rule
from egressc.dialects.calico.selectors import meet_all
from egressc.dialects.calico.sets import NetworkSet, SetSelector, read_set, selects
from egressc.dialects.reading import KnownFacts
from egressc.dialects.shapes.fields import Object, Problems, mapping, only, settle, shown, text
from egressc.dialects.shapes.limited import choice, distinct, entries
from egressc.dialects.shapes.metadata import check_metadata
from egressc.model.address_sets import join_addresses, subtract
from egressc.model.calico import DEFAULT_TIER, FORMER_TIERS, NETWORK_POLICY_ORDER, OWN_TIERS, stored_name, tier_place
from egressc.model.flows import EVERY_POD, Direction, PodClass, Policy, Precedence, Rule, RuleAction
from egressc.model.label_classes import ANY, namespace
from egressc.model.policy import Port, Protocol
from egressc.model.port_sets import EVERY_PORT, PortSet, of_protocol, port_set
from egressc.source import Span

_VERSION: Final = "projectcalico.org/v3"
_FIELDS: Final = frozenset(("apiVersion", "kind", "metadata", "spec", "status"))
_SPEC_FIELDS: Final = frozenset(
    (*("tier", "order", "selector", "serviceAccountSelector", "types", "ingress", "egress", "performanceHints"),)
)
_SWITCHES: Final = ("applyOnForward", "doNotTrack", "preDNAT")
_CLUSTER_FIELDS: Final = _SPEC_FIELDS | {"namespaceSelector", *_SWITCHES}
_TYPES: Final = {"Egress": Direction.EGRESS, "Ingress": Direction.INGRESS}
_MOST_RULES: Final = 1024
_DENY, _PASS = "Deny", "Pass"
_TWICE: Final = "is not that of the same object elsewhere in these manifests"


class _Tier(NamedTuple):
    order: float
    default_action: str = _DENY


class _Held(NamedTuple):
    """A policy whose place among the others is not known before all tiers are, and what its rules need."""

    tier: str
    order: float
    types: tuple[Direction, ...]
    rules: Mapping[Direction, tuple[CalicoRule, ...]]


@dataclass(frozen=True, slots=True)
class _CalicoStream:
    """What one stream of manifests holds: one for the readers of all kinds."""

    tiers: dict[str, _Tier] = field(
        default_factory=lambda: {
            name: _Tier(order, _DENY if name == DEFAULT_TIER else _PASS) for name, order in OWN_TIERS.items()
        }
    )
    sets: list[NetworkSet] = field(default_factory=list)
    held: dict[tuple[Span, str], _Held] = field(default_factory=dict)


class TierReader:
    """Reads Tiers, which hold policies."""

    def __init__(self, stream: _CalicoStream) -> None:
        self._stream = stream

    def read(
        self, manifest: Object, home: str, name: str, *, origin: Span, path: str, problems: Problems
    ) -> Policy | None:
        """No policy; what it says counts for those of the stream."""
        del home, origin, path
        only(manifest, _FIELDS, "", problems)
        spec = settle(mapping(manifest, "spec", "", problems) or {}, "spec", problems)
        only(spec, frozenset(("order", "defaultAction")), "spec", problems)
        action = choice(spec, "defaultAction", (_DENY, _PASS), "spec", problems) if "defaultAction" in spec else _DENY
        tier, name = _Tier(_order(spec, problems), action), FORMER_TIERS.get(name, name)
        earlier = self._stream.tiers.get(name)
        if earlier not in (None, tier):
            said = f"differs from the tier {name} that Calico creates" if name in OWN_TIERS else _TWICE
            problems.add("spec", said)
        self._stream.tiers[name] = tier
        return None


class NetworkSetReader:
    """Reads NetworkSets and GlobalNetworkSets: networks that rules select by labels."""

    def __init__(self, stream: _CalicoStream, *, is_of_cluster: bool) -> None:
        self._stream = stream
        self._is_of_cluster = is_of_cluster

    def read(
        self, manifest: Object, home: str, name: str, *, origin: Span, path: str, problems: Problems
    ) -> Policy | None:
        """No policy; its networks count in the rules of the stream that select it."""
        del origin, path
        only(manifest, _FIELDS, "", problems)
        found = read_set(manifest, "" if self._is_of_cluster else home, name, problems)
        if any(it.key == found.key and it != found for it in self._stream.sets):
            problems.add("spec", _TWICE)
        self._stream.sets.append(found)
        return None


class CalicoPolicyReader:
    """Reads NetworkPolicies or GlobalNetworkPolicies (see `reading.SettlingReader`)."""

    def __init__(self, stream: _CalicoStream, *, is_of_cluster: bool) -> None:
        self._stream = stream
        self._is_of_cluster = is_of_cluster

    def read(
        self, manifest: Object, home: str, name: str, *, origin: Span, path: str, problems: Problems
    ) -> Policy | None:
        """The policy of a manifest; None after a problem, and for one that is about no pod."""
        home = "" if self._is_of_cluster else home
        only(manifest, _FIELDS, "", problems)
        check_metadata(mapping(manifest, "metadata", "", problems) or {}, problems)
        spec = settle(mapping(manifest, "spec", "", problems), "spec", problems)
        if spec is None:
            problems.add("spec", "is missing")
            return None
        only(spec, _CLUSTER_FIELDS if self._is_of_cluster else _SPEC_FIELDS, "spec", problems)
        for key in _SWITCHES:
            if key in spec and not isinstance(spec[key], bool):
                problems.add(f"spec.{key}", f"{shown(spec[key])} is not true or false")
        if spec.get("preDNAT") is True or spec.get("doNotTrack") is True:
            return None  # of the interfaces of hosts alone
        subject = _read_subject(spec, home, problems)
        rules = {direction: _read_rules(spec, direction, home, problems) for direction in Direction}
        tier = text(spec, "tier", "spec", problems) or DEFAULT_TIER
        held = _Held(FORMER_TIERS.get(tier, tier), _order(spec, problems), _read_types(spec, problems), rules)
        if problems.found or subject is None:
            return None
        self._stream.held[origin, path] = held
        # Where it is asked is said once all tiers are known.
        egress, ingress = (tuple(it.rule for it in rules[side]) if side in held.types else None for side in Direction)
        return Policy(home, name, subject, egress, ingress, origin, path, Precedence(name=name))

    def settle(
        self, policy: Policy, namespaces: Mapping[str, Mapping[str, str]], known: KnownFacts, problems: Problems
    ) -> Policy:
        """The policy in its place among all others, with the addresses of network sets in its rules."""
        held = self._stream.held[policy.origin, policy.path]
        for side in held.types:
            rules = [
                _settle_rule(it, self._stream.sets, f"spec.{side}[{it.rule.index}]", namespaces, known, problems)
                for it in held.rules[side]
            ]
            policy = policy.with_rules(side, tuple(rules))
        place = _place(policy, held, self._stream.tiers, problems)
        for side, rule in policy.every_rule():
            is_early = place is not None and rule.action is RuleAction.ALLOW
            if is_early and EVERY_POD not in rule.pods and has_pod_networks(rule.addresses):
                at = f"spec.{side}[{rule.index}]"
                problems.overlook(at, "also opens pods and nodes with these addresses, which is not looked at")
        return replace(policy, precedence=place)


def readers() -> Mapping[tuple[str, str], TierReader | NetworkSetReader | CalicoPolicyReader]:
    stream = _CalicoStream()
    return {
        (_VERSION, "NetworkPolicy"): CalicoPolicyReader(stream, is_of_cluster=False),
        (_VERSION, "GlobalNetworkPolicy"): CalicoPolicyReader(stream, is_of_cluster=True),
        (_VERSION, "NetworkSet"): NetworkSetReader(stream, is_of_cluster=False),
        (_VERSION, "GlobalNetworkSet"): NetworkSetReader(stream, is_of_cluster=True),
        (_VERSION, "Tier"): TierReader(stream),
    }


def _order(spec: Object, problems: Problems) -> float:
    """The order of a tier or a policy; one without comes last."""
    value = spec.get("order")
    if value is None:
        return inf
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < inf:
        return float(value)
    problems.add("spec.order", f"{shown(value)} is not a number")
    return inf


def _read_subject(spec: Object, home: str, problems: Problems) -> PodClass | None:
    """The pods of a policy; None where there can be none, or after a problem."""
    if spec.get("serviceAccountSelector"):
        problems.add("spec.serviceAccountSelector", "selects pods by service accounts, which are not known")
    chosen = []
    for key, by_namespace in (("selector", False), ("namespaceSelector", True)):
        node = read_selector(spec, key, "spec", problems)
        if holds_global(node):
            problems.add(f"spec.{key}", "has global(), which is only for namespaceSelector of a rule")
        if node != EVERYTHING:
            chosen.append(select_pods(node, f"spec.{key}", problems, by_namespace=by_namespace))
    if home:
        chosen.append([PodClass(namespace(home), ANY)])
    classes = meet_all(iter(chosen))
    if len(classes) > 1:
        problems.add("spec.selector", "has alternatives of different labels: write a policy for each of them")
    return classes[0] if len(classes) == 1 else None


def _read_types(spec: Object, problems: Problems) -> tuple[Direction, ...]:
    written = [it for _, it in distinct(spec, "types", len(_TYPES), "spec", problems)] if "types" in spec else []
    for it in written:
        if it not in _TYPES:
            problems.add("spec.types", f"{shown(it)} is not Ingress or Egress")
    if written:
        return tuple(_TYPES[it] for it in written if it in _TYPES)
    found = [side for side in Direction if spec.get(side.value)]
    return tuple(found) or (Direction.INGRESS,)


def _read_rules(spec: Object, direction: Direction, home: str, problems: Problems) -> tuple[CalicoRule, ...]:
    values = entries(spec, direction.value, _MOST_RULES, "spec", problems, least=0)
    read = (read_rule(value, i, home, direction, f"spec.{direction}[{i}]", problems) for i, value in enumerate(values))
    return tuple(it for it in read if it is not None)


def _settle_rule(
    read: CalicoRule,
    sets: Iterable[NetworkSet],
    path: str,
    namespaces: Mapping[str, Mapping[str, str]],
    known: KnownFacts,
    problems: Problems,
) -> Rule:
    rule, wanted = read.rule, read.sets
    if read.is_service:
        return replace(rule, ports=_ports_of_api_server(rule, path, known, problems))
    if wanted is None:
        return rule
    selected = _selected(wanted, sets, namespaces, problems)
    if not selected and not rule.pods and not known.is_complete:
        problems.overlook(path, "selects no pods, and none of the network sets in these manifests")
    found = join_addresses(it.addresses for it in selected)
    if found and wanted.left_out is not None:
        left_out = _selected(wanted.left_out, sets, namespaces, problems)
        found = subtract(found, join_addresses(it.addresses for it in left_out))
    return replace(rule, addresses=settle_addresses(found, rule.action, path, problems)) if found else rule


def _selected(
    wanted: SetSelector,
    sets: Iterable[NetworkSet],
    namespaces: Mapping[str, Mapping[str, str]],
    problems: Problems,
) -> list[NetworkSet]:
    return [it for it in sets if selects(wanted, it, namespaces, problems)]


def _ports_of_api_server(rule: Rule, path: str, known: KnownFacts, problems: Problems) -> PortSet:
    if known.api_server_port:
        return port_set((Port(Protocol.TCP, known.api_server_port),))
    at = f"{path}.destination.services"
    if rule.action is not RuleAction.ALLOW:
        problems.add(at, "names a Service whose ports are unknown: write its addresses and the port")
    problems.overlook(at, "opens the port of the API server, which is not known here: every TCP port is taken for it")
    return of_protocol(EVERY_PORT, Protocol.TCP)


def _place(policy: Policy, held: _Held, tiers: Mapping[str, _Tier], problems: Problems) -> Precedence | None:
    """Where a policy is asked; None in the place of NetworkPolicies, where it is as good as one."""
    tier = tiers.get(held.tier)
    if tier is None:
        problems.add("spec.tier", f'"{held.tier}" is in no manifest, so its order is unknown: add the Tier')
        return None
    twin = next((name for name, it in tiers.items() if name != held.tier and it.order == tier.order), None)
    if twin is not None:
        problems.add("spec.tier", f'"{held.tier}" has the order of the tier "{twin}": write another order')
    is_beside = held.tier == DEFAULT_TIER and held.order == NETWORK_POLICY_ORDER
    if is_beside and all(rule.action is RuleAction.ALLOW for _, rule in policy.every_rule()):
        return None
    if is_beside:
        problems.add(
            "spec.order", "is the order of NetworkPolicies, so it is undefined which comes first: write another"
        )
    isolates = frozenset(held.types) if tier.default_action == _DENY else frozenset[Direction]()
    order = held.order - NETWORK_POLICY_ORDER
    name = stored_name(held.tier, policy.name)
    return Precedence(tier_place(tier.order), order, name, by_index=True, isolates=isolates)
