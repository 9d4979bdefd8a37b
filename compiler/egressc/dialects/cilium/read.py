"""One CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy into a policy of flows.

Source: cilium 1.20.2 pkg/policy/api/rule.go. What denies wins over what allows, in whatever policy it is; a policy
isolates its pods in each direction of which it has rules, unless `enableDefaultDeny` says otherwise.
"""

from collections.abc import Mapping
from typing import Final

from egressc.dialects.cilium.rules import CiliumRuleReader, RuleList
from egressc.dialects.cilium.selectors import read_subject
from egressc.dialects.shapes.fields import Object, Problems, mapping, only, sequence, without_nulls
from egressc.dialects.shapes.metadata import check_metadata
from egressc.model.flows import Direction, Policy, Precedence, Rule, RuleAction
from egressc.model.host_sets import HostSet, join_hosts
from egressc.source import Span

_VERSION: Final = "cilium.io/v2"
_FIELDS: Final = frozenset(("apiVersion", "kind", "metadata", "spec", "specs", "status"))
_SPEC_FIELDS: Final = frozenset(
    (
        *("endpointSelector", "nodeSelector", "egress", "egressDeny", "ingress", "ingressDeny"),
        *("enableDefaultDeny", "description", "labels", "log"),
    )
)
_LISTS: Final = (
    RuleList("egress", Direction.EGRESS, RuleAction.ALLOW),
    RuleList("egressDeny", Direction.EGRESS, RuleAction.DENY),
    RuleList("ingress", Direction.INGRESS, RuleAction.ALLOW),
    RuleList("ingressDeny", Direction.INGRESS, RuleAction.DENY),
)


class CiliumReader:
    """Reads the policies of a namespace, or those of the whole cluster."""

    def __init__(self, *, is_of_cluster: bool) -> None:
        self._is_of_cluster = is_of_cluster
        self._rules = CiliumRuleReader()

    def read(
        self, manifest: Object, home: str, name: str, *, origin: Span, path: str, problems: Problems
    ) -> Policy | None:
        """The policy of a manifest (see `reading.DialectReader`); None too for one of nodes, which isolates no pod."""
        only(manifest, _FIELDS, "", problems)
        check_metadata(mapping(manifest, "metadata", "", problems) or {}, problems)
        several = sequence(manifest, "specs", "", problems)
        spec, at = mapping(manifest, "spec", "", problems), "spec"
        if several and (spec is not None or len(several) > 1):
            problems.add("specs", "has several policies: write each into an object of its own")
            return None
        if several and isinstance(several[0], dict):
            spec, at = several[0], "specs[0]"
        if spec is None:
            problems.add("spec", "is missing")
            return None
        home = "" if self._is_of_cluster else home
        return _read_spec(spec, at, home, name, origin, path, self._rules, problems)


def readers() -> Mapping[tuple[str, str], CiliumReader]:
    return {
        (_VERSION, "CiliumNetworkPolicy"): CiliumReader(is_of_cluster=False),
        (_VERSION, "CiliumClusterwideNetworkPolicy"): CiliumReader(is_of_cluster=True),
    }


def _read_spec(
    spec: Object, at: str, home: str, name: str, origin: Span, path: str, reader: CiliumRuleReader, problems: Problems
) -> Policy | None:
    only(spec, _SPEC_FIELDS, at, problems)
    selector = mapping(spec, "endpointSelector", at, problems)
    if selector is None:
        if not home and mapping(spec, "nodeSelector", at, problems) is not None:
            return None
        problems.add(f"{at}.endpointSelector", "is missing")
        return None
    if spec.get("nodeSelector") is not None:
        problems.add(f"{at}.nodeSelector", "cannot be used with endpointSelector")
    subject = read_subject(without_nulls(selector), home, f"{at}.endpointSelector", problems)
    rules: dict[Direction, list[Rule]] = {direction: [] for direction in Direction}
    resolved: list[HostSet] = []
    for held in _LISTS:
        for index, value in enumerate(sequence(spec, held.key, at, problems) or ()):
            where = f"{at}.{held.key}[{index}]"
            number = index if held.action is RuleAction.ALLOW else len(rules[held.direction])
            read = reader.read(value, number, home, held, where, problems)
            rules[held.direction].append(read.rule)
            resolved.append(read.resolves)
    if not any(rules.values()):
        problems.add(at, "has no rules, and Cilium refuses a policy without any")
    isolates = _isolates(spec, rules, at, problems)
    if problems.found or subject is None:
        return None
    egress, ingress = (tuple(rules[it]) if rules[it] or it in isolates else None for it in Direction)
    is_plain = all(it.action is RuleAction.ALLOW for held in rules.values() for it in held)
    is_plain = is_plain and all(it in isolates for it in Direction if rules[it])
    precedence = None if is_plain else Precedence(isolates=isolates)
    resolves = join_hosts(resolved)
    return Policy(home, name, subject, egress, ingress, origin, path, precedence, resolves=resolves)


def _isolates(spec: Object, rules: Mapping[Direction, list[Rule]], at: str, problems: Problems) -> frozenset[Direction]:
    said = mapping(spec, "enableDefaultDeny", at, problems) or {}
    only(said, frozenset(Direction), f"{at}.enableDefaultDeny", problems)
    found = set()
    for direction in Direction:
        value = said.get(direction.value)
        if value is not None and not isinstance(value, bool):
            problems.add(f"{at}.enableDefaultDeny.{direction}", "must be true or false")
        if rules[direction] and value is not False:  # without rules there is nothing that could isolate
            found.add(direction)
    return frozenset(found)
