"""One connection explained: allowed or denied, and the chain of policy, rule, values path and row that decides it."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from egressc.model.flows import Approximation, Direction, Endpoint, Pod, Policy, Rule
from egressc.model.label_classes import example, matches
from egressc.model.policy import PolicySet
from egressc.source import Span
from egressc.verify.explanation.answers import ChainStep, Explanation, Question
from egressc.verify.explanation.asking import AskedEnd, say_ask
from egressc.verify.explanation.causes import (
    DenialCause,
    address_cause,
    closed_ingress_cause,
    denial_cause,
    denying_rule_cause,
    dns_cause,
    namespace_cause,
    stale_cause,
)
from egressc.verify.explanation.guardrails import find_guarded, guardrail_cause, guardrail_step
from egressc.verify.explanation.misses import Miss, nearest_miss
from egressc.verify.explanation.translation import sent_on, through_services
from egressc.verify.flows.verdicts import Guard, Judge, JudgedRule, Verdict
from egressc.verify.flows.witnesses import is_wider
from egressc.verify.flows.words import say_rule
from egressc.verify.intent.guardrails import is_guardrail
from egressc.verify.intent.table import is_dns_rule
from egressc.verify.manifests.places import policy_place, rule_field, rule_name, rule_place

COMPILE_AGAIN = "update the values: `egressc compile`"
INSTALL_AGAIN = "update these policies: `egressc compile`, then `egressc install`, or render and apply them"

ValuesPlace = Callable[[str, str], Span | None]
"""Where a path of the values stands in the file of a service (by id); None where there is no such file or path."""


class Explainer:
    """Explains connections under rendered policies, with the intended ones beside them for names and rows."""

    def __init__(
        self,
        intended: tuple[Policy, ...],
        rendered: tuple[Policy, ...],
        namespaces: Mapping[str, Mapping[str, str]],
        asked: PolicySet,
        values_place: ValuesPlace,
        update: str = INSTALL_AGAIN,
        denied: tuple[Policy, ...] = (),
        others: tuple[Policy, ...] = (),
        off: Mapping[str, Span] = MappingProxyType({}),
    ) -> None:
        """`asked`: what `intended` is made of; `namespaces`: labels of those that manifests show; `update`: what brings
        the rendered policies up to date, where they lack what is intended; `denied`: what rows deny
        (`intend_denials`); `others`: policies of other owners next to the rendered ones; `off`: where policies are
        switched off, by their ids. Without tables nothing is intended, and nothing is said of rows.
        """
        self._off = off
        self._has_rows = bool(intended)
        self._intended = Judge(intended)
        self._rendered = Judge((*rendered, *others))
        self._others = {it.key for it in others}
        self._denied = Judge(denied)
        guardrails = {it.key for it in denied if is_guardrail(it)}
        self._unguarded = Judge(it for it in (*rendered, *others) if it.key not in guardrails)
        self._policies = rendered
        self._namespaces = namespaces
        self._dns = {it.id: asked.dns_of(it) for it in asked.policies}
        self._values_place = values_place
        self._update = update

    def explain(self, question: Question) -> Explanation:
        verdict = _judge(self._rendered, question)
        guarded = tuple(find_guarded(_judge(self._denied, question)))
        beneath = _judge(self._unguarded, question) if guarded else verdict
        intended = _judge(self._intended, question)
        asked = {Direction.EGRESS: intended.egress, Direction.INGRESS: intended.ingress}
        steps: list[ChainStep] = list(sent_on(question))
        guards = [guard for guard in (verdict.egress, verdict.ingress) if guard is not None]
        for guard in guards:
            steps += self._steps(guard, asked[guard.direction], question)
        steps += (guardrail_step(it, allowed=verdict.allowed, update=self._update) for it in guarded)
        nearest: ChainStep | None = None
        causes = [] if verdict.allowed else [guardrail_cause(it, question) for it in guarded]
        repairs = [cause.repair for cause in causes]
        for denying in (it for it in (beneath.egress, beneath.ingress) if it is not None and not it.allows):
            near, found, repair = self._denial(denying, beneath.egress, asked[denying.direction], question)
            nearest = nearest or near
            causes += found
            repairs.append(repair)
        # Where the egress lets the port through, it is the right one, and something else denies it.
        is_doubtful = verdict.egress is not None and not verdict.egress.allows
        through, cause = through_services(self.explain, question, denied=bool(repairs), is_doubtful=is_doubtful)
        if cause is not None:
            causes, repairs = [cause, *causes], [cause.repair]
        return Explanation(
            question,
            verdict.allowed,
            (*steps, *through),
            nearest,
            tuple(causes),
            "; and ".join(dict.fromkeys(filter(None, repairs))),
            _approximations(verdict, intended.egress, question),
        )

    def _steps(self, guard: Guard, asked: Guard | None, question: Question) -> list[ChainStep]:
        egress = guard.direction is Direction.EGRESS
        end = "source" if egress else "destination"
        if not guard.isolates:
            pods = question.source if egress else question.destination
            open_to_all = ChainStep(guard.direction.value, f"no policy isolates the {end}: everything is allowed")
            return [open_to_all, *self._elsewhere(pods, guard.direction)]
        if not guard.allows and not guard.deciding:
            return [
                ChainStep("policy", f"{policy.title} isolates the {end}", policy_place(policy))
                for policy in guard.isolating
            ]
        steps: list[ChainStep] = []
        told: set[tuple[object, ...]] = set()
        for judged in guard.deciding:
            policy, rule = judged.policy, judged.rule
            if (policy.name, *_reach(judged)) in told:
                continue
            told.add((policy.name, *_reach(judged)))
            steps.append(ChainStep("policy", policy.title, policy_place(policy)))
            place = rule_place(policy, rule, guard.direction)
            action = "" if guard.allows else f"{rule.action} "
            steps.append(ChainStep("rule", f"{rule_field(rule, guard.direction)}: {action}{say_rule(rule)}", place))
            # Of a direction that no policy of ours limits there are no rows to speak of.
            if guard.allows and (egress or (asked is not None and asked.isolates)):
                steps += self._origin(judged, asked, guard.direction)
        return steps

    def _elsewhere(self, end: Endpoint, direction: Direction) -> Iterator[ChainStep]:
        """A policy for such pods in another namespace, as for want of one in its manifest, where one is asked for."""
        if not isinstance(end, Pod) or self._service_of(end, direction) is None:
            return
        for policy in self._policies:
            pods = policy.subject.pods
            is_there = policy.rules(direction) is not None and policy.namespace not in ("", end.namespace)
            if is_there and pods and matches(pods, end.labels):
                said = f"{policy.title} selects such pods, but only in {policy.namespace}"
                yield ChainStep("policy", said, policy_place(policy))

    def _origin(self, judged: JudgedRule, asked: Guard | None, direction: Direction) -> list[ChainStep]:
        """The values path and the rows behind a rendered rule."""
        if not self._has_rows:
            return []
        if not self._may_be_ours(judged.policy):
            return [ChainStep("row", "no row: this policy is of another owner, as otherPolicies says")]
        asking = asked.deciding if asked is not None else ()
        same = [it for it in asking if _reach(it) == _reach(judged)] or list(asking)
        if not same:
            return [ChainStep("row", "no row asks for this")]
        service, rule = same[0].policy, same[0].rule
        if rule.is_extra:
            return [ChainStep("values", f"networkPolicy.{rule.name}: an extra rule, without a row", rule.origins[0])]
        named = "dependencies" if direction is Direction.EGRESS else "callers"
        home, name, *opt_in = (*service.name.split("/"), "")[:3]  # namespaces/NAME, and the key of an opt-in
        within = f"networkPolicy.optIns.{opt_in[0]}" if opt_in and opt_in[0] else "networkPolicy"
        path = f"{within}.dns" if is_dns_rule(rule) else f"{within}.{named}.{rule.name}"
        steps = [ChainStep("values", path, self._values_place(f"{home}/{name}" if name else home, path))]
        if is_dns_rule(rule):
            return [*steps, ChainStep("row", f'DNS, by the profile "{self._dns[service.name].profile}"')]
        return steps + [ChainStep("row", origin.text, origin) for origin in rule.origins]

    def _denial(
        self, denying: Guard, egress: Guard | None, asked: Guard | None, question: Question
    ) -> tuple[ChainStep | None, list[DenialCause], str]:
        if denying.deciding:
            cause = denying_rule_cause(denying, self._update if self._has_rows else "")
            return None, [cause], cause.repair
        direction = denying.direction
        outgoing = direction is Direction.EGRESS
        near, other, name = question.source, question.destination, question.destination_name
        if not outgoing:
            near, other, name = other, near, question.source_name
        service = self._service_of(near, direction)
        is_row = self._has_rows and (outgoing or service is not None)
        port = question.port_at(direction)
        miss = nearest_miss(
            denying, other, question.protocol, port, self._rule_in_words, is_row=is_row, has_rows=self._may_be_ours
        )
        place = self._nearest(miss, direction)
        unlabelled = namespace_cause(denying, other, self._namespaces)
        if not outgoing and service is None:
            causes = [unlabelled] if unlabelled else []
            repair = unlabelled.repair if unlabelled else miss.repair if miss else ""
            if egress is not None and egress.allows:
                closed = closed_ingress_cause(denying, question.source, repair)
                return place, [closed, *causes], closed.repair
            return place, causes, repair or f"allow it in a rule of {_named(denying.isolating or denying.policies)}"
        stale = stale_cause(asked, self._update, self._off)
        if stale is not None:
            return place, [stale], stale.repair
        found = [unlabelled]
        ask = ""
        if service is not None:
            # A row has both ends: where the source's is missing too, that is the row to write.
            denied_before = not outgoing and egress is not None and not egress.allows
            if not (denied_before and self._service_of(question.source, Direction.EGRESS)):
                there = self._service_of(other, Direction.INGRESS if outgoing else Direction.EGRESS)
                ask = say_ask(service, direction, AskedEnd(other, name, there), f"{port}/{question.protocol}")
            denied = _judge(self._denied, question)
            if outgoing:
                found.insert(0, dns_cause(self._dns[service.name], other, question.protocol, question.port))
            found.insert(0, denial_cause(denied.egress if outgoing else denied.ingress, ask))
        if outgoing and (miss is None or not miss.judged.meets_peer):
            found.append(address_cause(other, has_rows=self._has_rows))
        causes = [cause for cause in found if cause is not None]
        if causes:
            repair = causes[0].repair
        elif miss is not None and not (ask and name and isinstance(other, str) and not miss.judged.meets_peer):
            repair = miss.repair
        elif service is not None:
            repair = ask  # sources have a name for the address or host, so no other destination needs it
        else:
            repair = f"allow it in a rule of {_named(denying.isolating or denying.policies)}"
        return place, causes, repair

    def _service_of(self, end: Endpoint, direction: Direction) -> Policy | None:
        """The service whose pod it is, if its policy limits this direction."""
        found = self._intended.policies_of(end) if isinstance(end, Pod) else []
        return next((it for it in found if it.rules(direction) is not None), None)

    def _nearest(self, miss: Miss | None, direction: Direction) -> ChainStep | None:
        """A near miss with the row behind its rule, or else the rule in its manifest."""
        if miss is None:
            return None
        ours = self._ours(miss.judged)
        place = ours.origins[0] if ours is not None and ours.origins else None
        return ChainStep("nearest", miss.text, place or rule_place(miss.judged.policy, miss.judged.rule, direction))

    def _may_be_ours(self, policy: Policy) -> bool:
        return policy.key not in self._others

    def _ours(self, judged: JudgedRule) -> Rule | None:
        """The intended rule behind a rendered one."""
        policy = judged.policy
        if not self._may_be_ours(policy):
            return None
        for service in self._intended.policies_of(Pod(policy.namespace, example(policy.subject.pods))):
            for _, rule in service.every_rule():
                if (rule.pods, rule.addresses, rule.ports) == _reach(judged):
                    return rule
        return None

    def _rule_in_words(self, judged: JudgedRule) -> str:
        """The rule by the key of its dependency, where it is one of ours; else by its place."""
        ours = self._ours(judged)
        if ours is not None:
            return f"the extra rule {ours.name}" if ours.is_extra else f'the rule for "{ours.name}"'
        direction = Direction.EGRESS if judged.rule in (judged.policy.egress or ()) else Direction.INGRESS
        return rule_name(judged.policy, judged.rule, direction)


def _judge(judge: Judge, question: Question) -> Verdict:
    ports = question.port, question.port_at(Direction.INGRESS)
    return judge.judge(question.source, question.destination, question.protocol, *ports)


def _approximations(verdict: Verdict, asked: Guard | None, question: Question) -> tuple[Approximation, ...]:
    """Also where a row asks for a host by its name, and an address or a wider name stands in for it."""
    asking = [it.rule for it in asked.deciding] if asked is not None and isinstance(question.destination, str) else []
    by_name = any(rule.hosts and not rule.addresses.hosts for rule in asking)
    wider = any(map(is_wider, asking))
    found = (Approximation.HOST_NAME,) if by_name else (Approximation.WIDER_NAME,) if wider else ()
    return (*found, *verdict.approximate)


def _reach(judged: JudgedRule) -> tuple[object, object, object]:
    return judged.rule.pods, judged.rule.addresses, judged.rule.ports


def _named(policies: tuple[Policy, ...]) -> str:
    return ", ".join(policy.title for policy in policies)
