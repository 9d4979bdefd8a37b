"""Every regular expression of the compiler takes time in proportion to the text, however the text hurts."""

import re
import time
from collections.abc import Callable
from functools import partial
from itertools import islice

from support.patterns import Used, hurting_texts, used_patterns, work, written_in_functions
from support.tables import each

# Of seconds: what takes less at 2,000 characters is not looked at again; quadratic time is some 100 times as much.
NOTHING = 0.0005


def one_text(used: Used, index: int, size: int) -> str:
    return next(islice(hurting_texts(used.pattern, size), index, None))


def seconds(run: Callable[[str], object], text: str) -> float:
    """Of this process alone: other work on the machine does not count."""
    started = time.process_time()
    run(text)
    return time.process_time() - started


def is_linear(run: Callable[[str], object], make: Callable[[int], str]) -> bool:
    """Whether four times the text takes far less than sixteen times as long, at the first size that takes long."""
    before = 0.0
    for size in (500, 2_000, 8_000, 32_000):
        now = min(seconds(run, make(size)) for _ in range(3))
        if before > NOTHING and now > 11 * before:
            return False
        if now > 50 * NOTHING:
            return True
        before = now
    return True


def hurt(used: Used) -> list[str]:
    """Texts of 12 characters whose like of thousands take a time that grows faster than they do."""
    return [
        ascii(one_text(used, index, 12))
        for _, run in work(used)
        for index, text in enumerate(hurting_texts(used.pattern, 2_000))
        if seconds(run, text) > NOTHING
        if not any(is_linear(run, partial(one_text, used, index)) for _ in range(3))
    ]


def test_every_pattern_takes_time_in_proportion() -> None:
    patterns = [*used_patterns(), *written_in_functions()]
    assert len(patterns) > 200
    slow = {f"{used.module}: {used.pattern.pattern}": hurt(used) for used in patterns}
    assert {name: texts for name, texts in slow.items() if texts} == {}


@each("pattern", [r"\s*x", r"1+\Z", r"[ab]*c.*d", r":[ \t].*:$"])
def test_a_pattern_that_hurts_is_found(pattern: str) -> None:
    used = Used("here", re.compile(pattern), frozenset({"search"}))
    (_, run) = next(iter(work(used)))
    count = len(list(hurting_texts(used.pattern, 10)))
    assert any(not is_linear(run, partial(one_text, used, at)) for at in range(count))
