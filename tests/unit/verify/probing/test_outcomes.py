"""What two observations of one connection show, and what they do not."""

from itertools import product

from egressc.verify.probing.connections import Expect
from egressc.verify.probing.outcomes import IN_WORDS, Observed, ProbeVerdict, Reason, judge_connection, judge_dns
from support.tables import each

ALLOW, DENY = Expect.ALLOW, Expect.DENY
ANSWERED, REFUSED, SILENT, UNRESOLVED = Observed.ANSWERED, Observed.REFUSED, Observed.SILENT, Observed.UNRESOLVED
UNTRIED, UNSEEN = Observed.UNTRIED, Observed.UNSEEN
NO_ANSWER = (REFUSED, SILENT)


@each("control", Observed)
def test_an_answer_speaks_for_itself(control: Observed) -> None:
    assert judge_connection(ALLOW, ANSWERED, control) == (ProbeVerdict.OK, Reason.REACHED)
    assert judge_connection(DENY, ANSWERED, control) == (ProbeVerdict.NOT_OK, Reason.OPEN)


@each("subject", NO_ANSWER)
def test_the_controls_answer_tells_a_block_from_a_server_that_is_down(subject: Observed) -> None:
    assert judge_connection(ALLOW, subject, ANSWERED) == (ProbeVerdict.NOT_OK, Reason.BLOCKED)
    assert judge_connection(DENY, subject, ANSWERED) == (ProbeVerdict.OK, Reason.CLOSED)


@each(("expect", "subject", "control"), [*product(Expect, NO_ANSWER, (*NO_ANSWER, UNRESOLVED))])
def test_silence_for_both_proves_nothing(expect: Expect, subject: Observed, control: Observed) -> None:
    assert judge_connection(expect, subject, control) == (ProbeVerdict.INCONCLUSIVE, Reason.NOBODY)


@each("expect", Expect)
def test_a_name_that_does_not_resolve_is_no_block(expect: Expect) -> None:
    for control in (ANSWERED, *NO_ANSWER):
        assert judge_connection(expect, UNRESOLVED, control) == (ProbeVerdict.NOT_OK, Reason.DNS_BLOCKED)
        found = judge_connection(expect, UNRESOLVED, control, Expect.DENY)
        blocked = (ProbeVerdict.NOT_OK, Reason.DNS_BLOCKED)
        assert found == (blocked if expect is Expect.ALLOW else (ProbeVerdict.INCONCLUSIVE, Reason.NO_LOOKUP))
    assert judge_connection(expect, UNRESOLVED, UNRESOLVED) == (ProbeVerdict.INCONCLUSIVE, Reason.DNS_UNKNOWN)


@each(("expect", "other"), [*product(Expect, (*NO_ANSWER, UNRESOLVED))])
def test_what_was_not_tried_or_not_seen_proves_nothing(expect: Expect, other: Observed) -> None:
    for pair in ((UNTRIED, other), (other, UNTRIED)):
        assert judge_connection(expect, *pair) == (ProbeVerdict.INCONCLUSIVE, Reason.UNTRIED)
    for pair in ((UNSEEN, other), (other, UNSEEN), (UNSEEN, ANSWERED)):
        assert judge_connection(expect, *pair) == (ProbeVerdict.INCONCLUSIVE, Reason.UNSEEN)


def test_dns() -> None:
    assert judge_dns(True, False).verdict is ProbeVerdict.OK
    assert judge_dns(False, True) == (ProbeVerdict.NOT_OK, Reason.DNS_BLOCKED)
    assert judge_dns(False, False) == (ProbeVerdict.INCONCLUSIVE, Reason.DNS_UNKNOWN)
    assert judge_dns(False, None) == (ProbeVerdict.INCONCLUSIVE, Reason.DNS_UNKNOWN)
    assert judge_dns(False, True, Expect.DENY) == (ProbeVerdict.OK, Reason.CLOSED)
    assert judge_dns(True, True, Expect.DENY) == (ProbeVerdict.NOT_OK, Reason.OPEN)
    assert judge_dns(False, False, Expect.DENY) == (ProbeVerdict.INCONCLUSIVE, Reason.DNS_UNKNOWN)
    assert judge_dns(None, True) == (ProbeVerdict.INCONCLUSIVE, Reason.UNSEEN)


def test_every_reason_has_words() -> None:
    assert set(IN_WORDS) == set(Reason)
