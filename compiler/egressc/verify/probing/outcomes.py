"""What two pods saw of one connection, and what that shows: the service's pod, and one that no policy of ours selects.

Either alone proves little. Silence may be a policy, or a server that is down; only where the control pod gets an
answer does the subject's silence mean that something between them refuses it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from egressc.verify.probing.connections import Expect


class Observed(StrEnum):
    """What one pod saw: the words of its log, and UNSEEN where the log ends before this connection."""

    ANSWERED = "answered"
    REFUSED = "refused"
    SILENT = "silent"
    UNRESOLVED = "unresolved"
    UNTRIED = "untried"
    UNSEEN = "unseen"


class ProbeVerdict(StrEnum):
    OK = "ok"
    NOT_OK = "not ok"
    INCONCLUSIVE = "inconclusive"


class Reason(StrEnum):
    """What a verdict rests on."""

    REACHED = "reached"
    OPEN = "open"
    BLOCKED = "blocked"
    CLOSED = "closed"
    NOBODY = "nobody-answers"
    DNS_BLOCKED = "dns-blocked"
    DNS_UNKNOWN = "dns-unknown"
    NO_LOOKUP = "no-lookup"
    UNTRIED = "untried"
    UNSEEN = "unseen"


IN_WORDS: Final[Mapping[Reason, str]] = {
    Reason.REACHED: "it answers",
    Reason.OPEN: "it answers, and should be denied",
    Reason.BLOCKED: "no answer, and the control pod gets one",
    Reason.CLOSED: "no answer, and the control pod gets one",
    Reason.NOBODY: "no answer, for the control pod neither",
    Reason.DNS_BLOCKED: "the name does not resolve, and for the control pod it does",
    Reason.DNS_UNKNOWN: "the name does not resolve, for the control pod neither",
    Reason.NO_LOOKUP: "the name does not resolve, as the policy has no rule for DNS",
    Reason.UNTRIED: "the image has nothing that tries this protocol",
    Reason.UNSEEN: "a probing pod ended before it was tried",
}


class ProbeJudgement(NamedTuple):
    verdict: ProbeVerdict
    reason: Reason


def judge_connection(
    expect: Expect, subject: Observed, control: Observed, lookup: Expect = Expect.ALLOW
) -> ProbeJudgement:
    """The verdict on one connection; `lookup`: whether the subject may look names up."""
    is_allowed = expect is Expect.ALLOW
    if subject is Observed.ANSWERED:
        return (
            ProbeJudgement(ProbeVerdict.OK, Reason.REACHED)
            if is_allowed
            else ProbeJudgement(ProbeVerdict.NOT_OK, Reason.OPEN)
        )
    if Observed.UNSEEN in (subject, control):
        return ProbeJudgement(ProbeVerdict.INCONCLUSIVE, Reason.UNSEEN)
    if Observed.UNTRIED in (subject, control):
        return ProbeJudgement(ProbeVerdict.INCONCLUSIVE, Reason.UNTRIED)
    if subject is Observed.UNRESOLVED:
        if control is Observed.UNRESOLVED:
            return ProbeJudgement(ProbeVerdict.INCONCLUSIVE, Reason.DNS_UNKNOWN)
        if not is_allowed and lookup is Expect.DENY:
            return ProbeJudgement(ProbeVerdict.INCONCLUSIVE, Reason.NO_LOOKUP)
        return ProbeJudgement(ProbeVerdict.NOT_OK, Reason.DNS_BLOCKED)
    if control is Observed.ANSWERED:
        return (
            ProbeJudgement(ProbeVerdict.NOT_OK, Reason.BLOCKED)
            if is_allowed
            else ProbeJudgement(ProbeVerdict.OK, Reason.CLOSED)
        )
    return ProbeJudgement(ProbeVerdict.INCONCLUSIVE, Reason.NOBODY)


def judge_dns(subject: bool | None, control: bool | None, lookup: Expect = Expect.ALLOW) -> ProbeJudgement:
    """The verdict on looking up a name that every cluster has; None where a pod's log does not say."""
    is_allowed = lookup is Expect.ALLOW
    if subject is None:
        return ProbeJudgement(ProbeVerdict.INCONCLUSIVE, Reason.UNSEEN)
    if subject:
        return (
            ProbeJudgement(ProbeVerdict.OK, Reason.REACHED)
            if is_allowed
            else ProbeJudgement(ProbeVerdict.NOT_OK, Reason.OPEN)
        )
    if control:
        return (
            ProbeJudgement(ProbeVerdict.NOT_OK, Reason.DNS_BLOCKED)
            if is_allowed
            else ProbeJudgement(ProbeVerdict.OK, Reason.CLOSED)
        )
    return ProbeJudgement(ProbeVerdict.INCONCLUSIVE, Reason.DNS_UNKNOWN)
