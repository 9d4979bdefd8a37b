"""What is known of namespaces, put into policies: a class that asks for labels becomes the namespaces that have them.

Of a namespace whose labels are given no class asks for anything but its name any more, and taking such classes from one
another leaves such classes (see `label_classes.without`). So the algebra needs to know nothing of facts, and stays
exact; all other namespaces may have any labels, as ever (docs/exactness.md).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from egressc.model.flows import PodClass, Policy, Rule
from egressc.model.label_classes import NAMESPACE_NAME, Labels, Values, both, has_members, matches

Namespaces = Mapping[str, Mapping[str, str]]
"""Labels by the name of the namespace."""

NOTHING_KNOWN: Namespaces = {}


def settle(policies: Iterable[Policy], namespaces: Namespaces) -> tuple[Policy, ...]:
    """The policies as they mean in a cluster whose namespaces of these names have these labels and no others."""
    facts = NamespaceFacts(namespaces)
    return tuple(part for policy in policies for part in facts.settle_policy(policy))


class NamespaceFacts:
    """Namespaces whose labels are known. Classes and rules repeat all over a fleet: each is settled once."""

    def __init__(self, namespaces: Namespaces) -> None:
        self._places = {name: {**labels, NAMESPACE_NAME: name} for name, labels in namespaces.items()}
        self._unknown: Labels = frozenset(((NAMESPACE_NAME, Values(True, frozenset(namespaces))),))
        self._classes: dict[Labels, tuple[Labels, ...]] = {}
        # A rule is kept beside what it became, so that its identity stays its own.
        self._rules: dict[int, tuple[Rule, Rule]] = {}

    def settle_policy(self, policy: Policy) -> Iterator[Policy]:
        """The policy, once for each part of what it selects: only one of the whole cluster can have several."""
        if not self._places:
            yield policy
            return
        subjects = self.settle_pods(policy.subject)
        egress, ingress = self._settle_all(policy.egress), self._settle_all(policy.ingress)
        if egress is policy.egress and ingress is policy.ingress and subjects == (policy.subject,):
            yield policy
            return
        yield from (replace(policy, subject=it, egress=egress, ingress=ingress) for it in subjects)

    def _settle_all(self, rules: tuple[Rule, ...] | None) -> tuple[Rule, ...] | None:
        if rules is None:
            return None
        settled = [self._settle_rule(rule) for rule in rules]
        is_same = all(one is other for one, other in zip(rules, settled, strict=True))
        return rules if is_same else tuple(settled)

    def _settle_rule(self, rule: Rule) -> Rule:
        known = self._rules.get(id(rule))
        if known is None:
            pods = tuple(dict.fromkeys(part for peer in rule.pods for part in self.settle_pods(peer)))
            known = self._rules[id(rule)] = rule, rule if pods == rule.pods else replace(rule, pods=pods)
        return known[1]

    def settle_pods(self, pods: PodClass) -> tuple[PodClass, ...]:
        """What a class means: the pods in those namespaces that have its labels, and in such as are not known."""
        return tuple(PodClass(where, pods.pods) for where in self._parts(pods.namespaces)) if self._places else (pods,)

    def _parts(self, namespaces: Labels) -> tuple[Labels, ...]:
        parts = self._classes.get(namespaces)
        if parts is None:
            parts = self._classes[namespaces] = self._split(namespaces)
        return parts

    def _split(self, namespaces: Labels) -> tuple[Labels, ...]:
        if all(key == NAMESPACE_NAME for key, _ in namespaces):
            return (namespaces,)
        having = frozenset(name for name, place in self._places.items() if matches(namespaces, place))
        parts: list[Labels] = []
        if having:
            parts.append(frozenset(((NAMESPACE_NAME, Values(False, frozenset(having))),)))
        elsewhere = both(namespaces, self._unknown)
        if elsewhere is not None and has_members(elsewhere):
            parts.append(elsewhere)
        return tuple(parts)
