"""What two logs show of a service's connections: findings at the rows that ask, and records for the renderers."""

from collections.abc import Callable, Sequence

from egressc.diagnostics.core import Report, Severity
from egressc.diagnostics.live import probe_contradiction, probe_inconclusive, probe_without_control
from egressc.model.policy import ServicePolicy
from egressc.model.ports import say_port
from egressc.renderers.probes import LeftOutRecord, LookedUp, ProbeReport, Tried
from egressc.source import Span
from egressc.verify.explanation.answers import Explanation
from egressc.verify.probing.connections import Expect, ProbeConnection, Skipped
from egressc.verify.probing.logs import ProbeLog
from egressc.verify.probing.outcomes import IN_WORDS, ProbeJudgement, ProbeVerdict, Reason, judge_connection, judge_dns

Explain = Callable[[ProbeConnection], Explanation | None]
"""What the live policies say to a connection; None where they say nothing of its other end."""

_DNS_HELP = "run `egressc status` for the DNS profile and the DNS of the cluster"


def judge_all(
    service: ServicePolicy,
    profile: str,
    lookup: Expect,
    connections: Sequence[ProbeConnection],
    skipped: Sequence[Skipped],
    subject: ProbeLog,
    control: ProbeLog,
    explain: Explain,
    isolating: str,
    report: Report,
) -> ProbeReport:
    """The verdict on everything; EG658, EG659, and EG661 where nothing answers the control pod.

    Args:
        profile: the DNS profile of the service, or that of the baseline of its namespace.
        lookup: whether the subject may look names up.
        isolating: names the live policies that isolate the control pod, or is "".
    """
    single = Report()
    tried = tuple(_judge(it, service, lookup, subject, control, explain, isolating, single) for it in connections)
    if connections and not control.has_answers:
        # It says for all of them what each inconclusive one would.
        report.add(probe_without_control(service.origin, isolating, service=service.id))
        report.extend(it for it in single.diagnostics if it.code.severity is Severity.ERROR)
    else:
        report.extend(single.diagnostics)
    return ProbeReport(
        service.id,
        _judge_dns(service, profile, lookup, subject, control, report),
        tried,
        tuple(
            LeftOutRecord(it.expect.value, it.name, say_port(it.port), it.reason, row_of(it.place)) for it in skipped
        ),
    )


def row_of(place: Span) -> str:
    """A file and a line."""
    return f"{place.source.name}:{place.line}"


def _judge(
    connection: ProbeConnection,
    service: ServicePolicy,
    lookup: Expect,
    subject: ProbeLog,
    control: ProbeLog,
    explain: Explain,
    isolating: str,
    report: Report,
) -> Tried:
    observed = subject.of(connection.key), control.of(connection.key)
    judgement = judge_connection(connection.expect, *observed, lookup)
    words = IN_WORDS[judgement.reason]
    port = f"{connection.port}/{connection.protocol}"
    at = "" if connection.host == connection.name else f" at {connection.host}"
    title = f"{connection.name}{at} on {port}"
    cause = repair = ""
    match judgement.verdict:
        case ProbeVerdict.NOT_OK:
            cause, repair = _why(connection, judgement, explain)
            report.add(probe_contradiction(connection.place, title, words, cause, repair, service=service.id))
        case ProbeVerdict.INCONCLUSIVE:
            help = f"{isolating} isolates the control pod too" if isolating else "check that something listens there"
            report.add(probe_inconclusive(connection.place, title, words, help, service=service.id))
        case ProbeVerdict.OK:
            pass
    return Tried(
        connection.key,
        connection.expect.value,
        connection.name,
        connection.host,
        connection.port,
        connection.protocol.value,
        observed[0].value,
        observed[1].value,
        judgement.verdict.value,
        judgement.reason.value,
        words,
        connection.place.source.name if connection.is_named else row_of(connection.place),
        cause,
        repair,
    )


def _judge_dns(
    service: ServicePolicy, profile: str, lookup: Expect, subject: ProbeLog, control: ProbeLog, report: Report
) -> LookedUp:
    verdict, reason = judge_dns(subject.dns, control.dns, lookup)
    words = {
        Reason.REACHED: "it resolves",
        Reason.OPEN: "it resolves, but should not",
        Reason.CLOSED: "it does not resolve, but does for the control pod",
    }.get(reason, IN_WORDS[reason])
    title = f'DNS (profile "{profile}")'
    if verdict is ProbeVerdict.NOT_OK:
        cause = "the DNS of the cluster is not where the profile says"
        if reason is Reason.OPEN:
            cause = "another policy allows DNS, or the network plugin does not enforce egress"
        report.add(probe_contradiction(service.origin, title, words, cause, _DNS_HELP, service=service.id))
    elif verdict is ProbeVerdict.INCONCLUSIVE:
        report.add(probe_inconclusive(service.origin, title, words, _DNS_HELP, service=service.id))
    return LookedUp(_say(subject.dns), _say(control.dns), verdict.value, reason.value, words, lookup.value)


def _why(connection: ProbeConnection, judgement: ProbeJudgement, explain: Explain) -> tuple[str, str]:
    """The nearest cause, and the repair, by what the live policies say to the connection."""
    if judgement.reason is Reason.DNS_BLOCKED:
        return "the pod of the service cannot resolve the name", _DNS_HELP
    answer = explain(connection)
    if answer is None:
        return "", "run `egressc explain` with an address to see what the policies say"
    if connection.expect is Expect.DENY:
        if not answer.allowed:
            return (
                "the live policies deny it",
                "check that the network plugin enforces policies, and that no policy of another kind allows it",
            )
        step = next((it for it in answer.steps if it.kind == "policy"), None)
        if step is None:
            return "no live policy isolates the pod", "run `egressc install`"
        return (
            f"policy {step.text} in the cluster allows it",
            "run `egressc status` for the policies that widen the service",
        )
    if answer.allowed:
        return (
            "the live policies allow it",
            "check for policies of other kinds, and how the network plugin enforces this one",
        )
    cause = next(iter(answer.causes), None)
    nearest = answer.nearest.text if answer.nearest is not None else "the live policies deny it"
    return cause.text if cause is not None else nearest, answer.repair


def _say(resolved: bool | None) -> str:
    return "unseen" if resolved is None else "resolved" if resolved else "unresolved"
