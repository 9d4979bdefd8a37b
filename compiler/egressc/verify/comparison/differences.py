"""Differences into diagnostics: a witness in words, the rule in the manifest, and the row in the source."""

from collections.abc import Iterable
from functools import cached_property

from egressc.diagnostics import proof
from egressc.diagnostics.core import Diagnostic, Label
from egressc.model.flows import Difference, DifferenceKind, Direction, Policy, Rule, Witness
from egressc.model.label_classes import Labels
from egressc.model.pod_classes import common_pods
from egressc.verify.flows.regions import Region
from egressc.verify.flows.verdicts import Guard, Judge
from egressc.verify.flows.witnesses import pick_witness
from egressc.verify.flows.words import say_ports, say_suppositions, say_witness
from egressc.verify.manifests.places import names_namespace, policy_place, rule_name, rule_place

_MOST_ROWS = 10


class Findings:
    """Builds the diagnostic of each difference; the policies are those that were compared."""

    def __init__(
        self, intended: Iterable[Policy], rendered: Iterable[Policy], *, repair: str = proof.RENDER_AGAIN
    ) -> None:
        """`repair`: what helps where a rendered policy denies a flow."""
        self._repair = repair
        self._intended_policies = tuple(intended)
        self._rendered_policies = tuple(rendered)

    def describe(self, difference: Difference) -> Diagnostic:
        """EG620 to EG623. A flow that one direction opens and the other closes is one that its row asks for."""
        match difference.kind:
            case DifferenceKind.OVER:
                return self._over(difference)
            case DifferenceKind.UNDER:
                return self._under(difference)

    def ends_of(self, difference: Difference) -> tuple[str, str]:
        """The service and the destination of its diagnostic."""
        if difference.kind is DifferenceKind.OVER:
            return difference.against[0].name, ""
        asking = self._asking(difference)
        return (self._undue_service(difference), "") if asking is None else (asking[0].name, asking[1].name)

    def _over(self, difference: Difference) -> Diagnostic:
        flow = say_witness(difference.witness)
        isolating = difference.against[0]
        if difference.policy is None or difference.rule is None:
            return self._missing(isolating, flow, difference.direction)
        near = tuple(
            Label(origin, f"asks for {say_ports(rule.ports)}")
            for _, rule in _right_peer(_ask(self._intended, difference.witness, difference.direction))
            for origin in rule.origins[:1]
        )
        return proof.over_permission(
            rule_place(difference.policy, difference.rule, difference.direction),
            flow,
            f"{rule_name(difference.policy, difference.rule, difference.direction)} allows it",
            near or (Label(isolating.origin, "the service's own row"),),
            service=isolating.name,
            provisos=_provisos(difference),
        )

    def _missing(self, isolating: Policy, flow: str, direction: Direction) -> Diagnostic:
        """EG622, with the policies that would isolate the pods if they were in another namespace."""
        home = isolating.namespace
        twins = self._selecting.get((direction, isolating.subject.pods), [])
        if not twins:
            return proof.missing_isolation(isolating.origin, flow, direction.value, service=isolating.name)
        twin = twins[0]
        repair = (
            f"policy {twin.namespace}/{twin.name} selects such pods in {twin.namespace}: write its namespace as {home}"
        )
        if not names_namespace(twin):
            repair = (
                f"policy {twin.name} has no namespace and is read as one in {twin.namespace}: "
                f"add the namespace {home} to it, or `--namespace {home}` to the command"
            )
        labels = tuple(
            Label(policy_place(it), f"selects the same labels, in {it.namespace}") for it in twins[:_MOST_ROWS]
        )
        return proof.missing_isolation(
            isolating.origin, flow, direction.value, service=isolating.name, elsewhere=labels, repair=repair
        )

    def _under(self, difference: Difference) -> Diagnostic:
        asking_for_it = self._asking(difference)
        if asking_for_it is None:
            return self._undue(difference)
        policy, rule = asking_for_it
        others: tuple[Label, ...] = ()
        other_end = ""
        if difference.rule is None:
            other_end = difference.direction.value
            others = self._denied_too(difference, rule)
        asking = "this extra rule" if rule.is_extra else f'"{rule.name}" of "{policy.name}"'
        return proof.under_permission(
            rule.origins[0] if rule.origins else policy.origin,
            say_witness(difference.witness),
            f"{asking} asks for it",
            self._denying(difference) + others,
            service=policy.name,
            destination=rule.name,
            provisos=_provisos(difference),
            other_end=other_end,
            repair=self._repair,
        )

    def _asking(self, difference: Difference) -> tuple[Policy, Rule] | None:
        """The rule that asks for a flow that is denied; None if nobody does."""
        if difference.policy is not None and difference.rule is not None:
            return difference.policy, difference.rule
        # A row's flow is denied at its other end, or nobody asked for the isolation.
        guard = _ask(self._intended, difference.witness, difference.direction.opposite)
        return (guard.deciding[0].policy, guard.deciding[0].rule) if guard is not None and guard.deciding else None

    def _undue_service(self, difference: Difference) -> str:
        witness = difference.witness
        guarded = witness.source if difference.direction is Direction.EGRESS else witness.destination
        services = [] if isinstance(guarded, str) else self._intended.policies_of(guarded)
        return services[0].name if services else ""

    def _denied_too(self, difference: Difference, told: Rule) -> tuple[Label, ...]:
        """Further rows whose flows a policy at the other end denies: it is one difference, and many may notice it."""
        found: list[Label] = []
        subject = difference.against[0].subject
        asking = difference.direction.opposite
        for policy in self._intended_policies:
            for rule in policy.rules(asking) or ():
                ends = (common_pods(pods, subject) for pods in rule.pods if rule is not told)
                regions = (Region(policy.subject, pods, (rule.ports,)) for pods in ends if pods is not None)
                for region in regions:
                    guard = _ask(self._rendered, pick_witness(region, asking), difference.direction)
                    if rule.origins and guard is not None and not guard.allows:
                        found.append(Label(rule.origins[0], f'denied too: "{rule.name}" of "{policy.name}"'))
                        break
                if len(found) == _MOST_ROWS:
                    return tuple(found)
        return tuple(found)

    def _undue(self, difference: Difference) -> Diagnostic:
        isolating = difference.against[0]
        return proof.undue_isolation(
            policy_place(isolating),
            say_witness(difference.witness),
            isolating.title,
            difference.direction.value,
            service=self._undue_service(difference),
            provisos=_provisos(difference),
        )

    def _denying(self, difference: Difference) -> tuple[Label, ...]:
        guard = _ask(self._rendered, difference.witness, difference.direction)
        denying = guard.deciding if guard is not None and not guard.allows else ()
        near = tuple(
            Label(rule_place(it.policy, it.rule, difference.direction), "denies it") for it in denying
        ) or tuple(
            Label(rule_place(policy, rule, difference.direction), f"opens {say_ports(rule.ports)}")
            for policy, rule in _right_peer(guard)
        )
        return near or tuple(
            Label(policy_place(policy), f"isolates the pod in {difference.direction}, and does not allow it")
            for policy in difference.against
        )

    @cached_property
    def _selecting(self) -> dict[tuple[Direction, Labels], list[Policy]]:
        """The rendered policies of namespaces by what they isolate, and the labels that they select."""
        found: dict[tuple[Direction, Labels], list[Policy]] = {}
        for policy in self._rendered_policies:
            for direction in Direction:
                if policy.rules(direction) is not None and policy.namespace:
                    found.setdefault((direction, policy.subject.pods), []).append(policy)
        return found

    @cached_property
    def _intended(self) -> Judge:
        return Judge(self._intended_policies)

    @cached_property
    def _rendered(self) -> Judge:
        return Judge(self._rendered_policies)


def _provisos(difference: Difference) -> proof.Provisos:
    return proof.Provisos("; ".join(difference.approximate), say_suppositions(difference.witness))


def _ask(judge: Judge, witness: Witness, direction: Direction) -> Guard | None:
    verdict = judge.judge(witness.source, witness.destination, witness.protocol, witness.port)
    return verdict.egress if direction is Direction.EGRESS else verdict.ingress


def _right_peer(guard: Guard | None) -> list[tuple[Policy, Rule]]:
    """The rules that meet the other end and not the port."""
    judged = guard.near_misses if guard is not None else ()
    return [(it.policy, it.rule) for it in judged if it.meets_peer]
