"""One connection explained: allowed or denied, and the chain of policy, rule, values path and row that decides it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from egressc.model.flows import Approximation, Direction, Endpoint, Pod, Policy, Rule
from egressc.model.label_classes import example
from egressc.model.policy import Dns, Protocol
from egressc.model.requirements import ServicePort
from egressc.source import Span
from egressc.verify.explanation.misses import (
    Cause,
    Miss,
    address_cause,
    dns_cause,
    namespace_cause,
    nearest_miss,
    service_port_cause,
)
from egressc.verify.flows.verdicts import Guard, Judge, Judged
from egressc.verify.flows.words import say_end, say_rule
from egressc.verify.intent.table import DNS_RULE
from egressc.verify.manifests.places import policy_place, rule_name, rule_place

ValuesPlace = Callable[[str, str], Span | None]
"""Where a path of the values stands in the file of a service (by id); None where there is no such file or path."""


@dataclass(frozen=True, slots=True)
class Question:
    """One connection; `offered` are ports of Services in front of the destination, where policy sees what is behind."""

    source: Endpoint
    destination: Endpoint
    protocol: Protocol
    port: int
    offered: tuple[ServicePort, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain. `kind` is one of egress, ingress, policy, rule, values, row; `place` where it stands."""

    kind: str
    text: str
    place: Span | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    question: Question
    allowed: bool
    steps: tuple[Step, ...]
    nearest: Step | None
    causes: tuple[Cause, ...]
    repair: str
    approximate: tuple[Approximation, ...]


class Explainer:
    """Explains connections under rendered policies, with the intended ones beside them for names and rows."""

    def __init__(
        self,
        intended: tuple[Policy, ...],
        rendered: tuple[Policy, ...],
        namespaces: Mapping[str, Mapping[str, str]],
        dns: Mapping[str, Dns],
        values_place: ValuesPlace,
    ) -> None:
        """`dns`: of each service by id; `namespaces`: labels of those that manifests show."""
        self._intended = Judge(intended)
        self._rendered = Judge(rendered)
        self._namespaces = namespaces
        self._dns = dns
        self._values_place = values_place

    def explain(self, question: Question) -> Explanation:
        ends = question.source, question.destination
        verdict = self._rendered.judge(*ends, question.protocol, question.port)
        asked = self._intended.judge(*ends, question.protocol, question.port).egress
        steps: list[Step] = []
        for guard in (verdict.egress, verdict.ingress):
            if guard is not None:
                steps += self._steps(guard, asked, question)
        denying = next((g for g in (verdict.egress, verdict.ingress) if g is not None and not g.allows), None)
        nearest: Step | None = None
        causes, repair = list[Cause](), ""
        if denying is not None:
            nearest, causes, repair = self._denial(denying, verdict.egress, question)
        return Explanation(question, denying is None, tuple(steps), nearest, tuple(causes), repair, verdict.approximate)

    def _steps(self, guard: Guard, asked: Guard | None, question: Question) -> list[Step]:
        egress = guard.direction is Direction.EGRESS
        end = "source" if egress else "destination"
        if not guard.isolates:
            return [Step(guard.direction.value, f"no policy isolates the {end}: everything is open")]
        if not guard.allows:
            return [
                Step("policy", f"{policy.namespace}/{policy.name} isolates the {end}", policy_place(policy))
                for policy in guard.policies
            ]
        steps: list[Step] = []
        told: set[tuple[object, ...]] = set()
        for judged in guard.deciding:
            policy, rule = judged.policy, judged.rule
            if (policy.name, *_reach(judged)) in told:
                continue
            told.add((policy.name, *_reach(judged)))
            steps.append(Step("policy", f"{policy.namespace}/{policy.name}", policy_place(policy)))
            place = rule_place(policy, rule, guard.direction)
            steps.append(Step("rule", f"{guard.direction}[{rule.index}]: {say_rule(rule)}", place))
            if egress:
                steps += self._origin(judged, asked)
        return steps

    def _origin(self, judged: Judged, asked: Guard | None) -> list[Step]:
        """The values path and the rows behind a rendered rule."""
        asking = asked.deciding if asked is not None else ()
        same = [it for it in asking if _reach(it) == _reach(judged)] or list(asking)
        if not same:
            return [Step("row", "no row asks for this")]
        service, rule = same[0].policy, same[0].rule
        if rule.is_extra:
            return [Step("values", f"networkPolicy.{rule.name}: an extra rule, of no row", rule.origins[0])]
        path = "networkPolicy.dns" if rule.name == DNS_RULE else f"networkPolicy.dependencies.{rule.name}"
        steps = [Step("values", path, self._values_place(service.name, path))]
        if rule.name == DNS_RULE:
            return [*steps, Step("row", f'DNS, by the profile "{self._dns[service.name].profile}"')]
        return steps + [Step("row", origin.text, origin) for origin in rule.origins]

    def _denial(self, denying: Guard, egress: Guard | None, question: Question) -> tuple[Step | None, list[Cause], str]:
        outgoing = denying.direction is Direction.EGRESS
        other = question.destination if outgoing else question.source
        causes: list[Cause] = []
        if not outgoing and egress is not None:
            causes.append(
                Cause(
                    "ingress-closed",
                    "the source's egress is open, and the destination's own ingress refuses it",
                    f"let {say_end(question.source)} in, in an ingress rule of {_named(denying.policies)}",
                )
            )
        service = self._service_of(question.source) if outgoing else None
        if service is not None:
            causes += filter(None, [dns_cause(self._dns[service.name], other, question.protocol, question.port)])
        if outgoing:
            causes += filter(None, [service_port_cause(question.offered, question.protocol, question.port)])
        causes += filter(None, [namespace_cause(denying, other, self._namespaces)])
        miss = nearest_miss(denying, other, question.protocol, question.port, self._rule_in_words)
        if outgoing and (miss is None or not miss.judged.meets_peer):
            causes += filter(None, [address_cause(other)])
        if causes:
            repair = causes[0].repair
        elif miss is not None:
            repair = miss.repair
        elif service is not None:
            repair = f"ask for it in a row of {service.name} ({service.origin.source.name}:{service.origin.line})"
        else:
            repair = f"allow it in a rule of {_named(denying.policies)}"
        return self._nearest(miss, denying.direction), causes, repair

    def _service_of(self, end: Endpoint) -> Policy | None:
        found = self._intended.policies_of(end) if isinstance(end, Pod) else []
        return found[0] if found else None

    def _nearest(self, miss: Miss | None, direction: Direction) -> Step | None:
        """A near miss with the row behind its rule, or else the rule in its manifest."""
        if miss is None:
            return None
        ours = self._ours(miss.judged)
        place = ours.origins[0] if ours is not None and ours.origins else None
        return Step("nearest", miss.text, place or rule_place(miss.judged.policy, miss.judged.rule, direction))

    def _ours(self, judged: Judged) -> Rule | None:
        """The intended rule behind a rendered one."""
        policy = judged.policy
        for service in self._intended.policies_of(Pod(policy.namespace, example(policy.subject.pods))):
            for rule in service.egress or ():
                if (rule.pods, rule.addresses, rule.ports) == _reach(judged):
                    return rule
        return None

    def _rule_in_words(self, judged: Judged) -> str:
        """The rule by the key of its dependency, where it is one of ours; else by its place."""
        ours = self._ours(judged)
        if ours is not None:
            return f"the extra rule {ours.name}" if ours.is_extra else f'the rule for "{ours.name}"'
        direction = Direction.EGRESS if judged.rule in (judged.policy.egress or ()) else Direction.INGRESS
        return rule_name(judged.policy, judged.rule, direction)


def _reach(judged: Judged) -> tuple[object, object, object]:
    return judged.rule.pods, judged.rule.addresses, judged.rule.ports


def _named(policies: tuple[Policy, ...]) -> str:
    return ", ".join(f"{policy.namespace}/{policy.name}" for policy in policies)
