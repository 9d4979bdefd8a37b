"""Plain scalars against Helm itself: what Helm makes of a value is what we read."""

from math import isfinite

import helm_python
from hypothesis import example, given, settings
from hypothesis import strategies as st

from egressc.tables.scalars import read_plain_scalar
from support.tables import each

WORDS = """
1e3 1E3 1e+3 1.e3 .5 5. 0o17 0O17 017 08 09 0x1F 0X1f -0x1F 0b101 -0b11 0B1 1_000 1__0 _1 1_ 0_1 0x_1 012 -012 +012 00
0 -0 +0 +1 -1 1.0 1.5 -1.5 +1.5 1_0.5 1:30 1:30:45 1:30.5 ~ null Null NULL nUll nil none None y Y n N yes Yes YES yEs
no No NO on On ON oN off Off OFF true True TRUE tRue false False FALSE .inf .Inf .INF -.inf -.Inf -.INF +.inf +.Inf
+.INF .iNf inf Inf NaN nan .nan .NaN .NAN -.nan = << -- 2001-01-01 2001-1-1 2001-01-01T10:00:00Z 12345678
9007199254740991 9223372036854775807 9223372036854775808 18446744073709551615 18446744073709551616
-9223372036854775809 1e400 1e-400 0x 0b 0o 0o8 0b2 0xG 0x1p3 1e e3 . .. +. +.5 -.5 .5e3 .e3 1.2.3 0.1 12e03
0x1FFFFFFFFFFFFFFFF 0o777777777777777777777777 1,000 1d -0o17 +0x1F 0b1_0 _ 1e1_0 1_e3 ._5 .1_2 .1__2 -._5 5_.
0xFFFFFFFFFFFFFFFF -0xFFFFFFFFFFFFFFFF 1e20 1e21 1e-7 0_0x1 +-1 01.5 8080 v1.2 10.0.0.0/8 1.1.1.1 1h 100Mi 0b-1 0b+1
0B-1 0b-2 0o-7 -0b-1 +0b1 -0o7 +0o7
"""


def helm_reads(text: str) -> object:
    """The value as Helm reads it; a non-finite number where Helm refuses one."""
    try:
        return helm_python.values_from_yaml(f"key: {text}\n")["key"]
    except helm_python.HelmValuesError as error:
        assert "unsupported value" in str(error)  # noqa: PT017
        return float("inf")


def check(text: str) -> None:
    ours, theirs = read_plain_scalar(text), helm_reads(text)
    if isinstance(ours, float) and not isfinite(ours):
        assert theirs == float("inf")
        return
    assert type(ours) is type(theirs)
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        assert float(ours) == float(theirs)
    else:
        assert ours == theirs


@each("text", WORDS.split())
def test_every_word_is_read_as_helm_reads_it(text: str) -> None:
    check(text)


@settings(max_examples=500)
@given(st.text("0123456789+-._eExXoObBaFinfyN", min_size=1, max_size=8))
@example("1" * 5000)
@example("0x" + "1" * 5000)
def test_any_number_like_text_is_read_as_helm_reads_it(text: str) -> None:
    if text.startswith(("- ", "---", "...")) or text in ("-", "..."):
        return
    check(text)


def test_an_empty_scalar_is_null() -> None:
    assert read_plain_scalar("") is None
