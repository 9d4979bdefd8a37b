"""Logs of probing pods: whole, cut short, and with other things in between."""

from egressc.verify.probing.logs import read_log
from egressc.verify.probing.outcomes import Observed

WHOLE = """\
TAP version 14
1..3
ok 1 - DNS: kubernetes.default.svc.cluster.local resolves
ok 2 - allow redis: redis.data.svc 6379/TCP: answered
  ---
  key: redis
  observed: answered
  attempts: 1
  ...
not ok 3 - deny metadata: 169.254.169.254 80/TCP: silent
  ---
  key: metadata
  observed: silent
  attempts: 3
  message: "nobody answers the control either: the denial proves nothing"
  ...
"""


def test_a_whole_log() -> None:
    seen = read_log(WHOLE)
    assert seen.observed == {"redis": Observed.ANSWERED, "metadata": Observed.SILENT}
    assert seen.dns is True
    assert seen.is_whole
    assert seen.has_answers


def test_dns_that_does_not_resolve() -> None:
    assert read_log(WHOLE.replace("ok 1 - DNS", "not ok 1 - DNS")).dns is False


def test_a_log_that_ends_early_has_not_seen_the_rest() -> None:
    seen = read_log(WHOLE[: WHOLE.index("not ok 3")])
    assert not seen.is_whole
    assert seen.of("redis") is Observed.ANSWERED
    assert seen.of("metadata") is Observed.UNSEEN


def test_an_observation_whose_block_has_no_end_does_not_count() -> None:
    assert read_log(WHOLE[: WHOLE.index("  attempts: 3")]).of("metadata") is Observed.UNSEEN


def test_no_log_says_nothing() -> None:
    seen = read_log("")
    assert seen.dns is None
    assert not seen.is_whole
    assert not seen.has_answers


def test_other_words_and_lines_are_passed_over() -> None:
    text = WHOLE.replace("observed: silent", "observed: unseen").replace("1..3", "sh: warning\n1..3")
    seen = read_log(text)
    assert seen.of("metadata") is Observed.UNSEEN
    assert seen.is_whole


def test_a_line_that_looks_like_an_observation_outside_its_block_is_none() -> None:
    assert read_log("ok 1 - x\n  key: redis\n  observed: answered\n  ...\n").observed == {}


def test_a_name_that_is_not_to_resolve_does_not() -> None:
    assert read_log("ok 1 - DNS: a.example does not resolve # SKIP the policy has no rule for DNS\n").dns is False
    assert read_log("ok 1 - DNS: a.example resolves\n").dns is True
