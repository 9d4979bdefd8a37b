"""Plain scalars: whatever is read here, is read as the API server's reader does; the rest is left to it."""

import helm_python
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egressc.verify.documents.plain_scalars import Unusual, read_plain
from oracles.fuzzing import fuzz

KEYWORDS = [
    f(word)
    for word in ("y", "yes", "on", "true", "n", "no", "off", "false", "null")
    for f in (str, str.title, str.upper)
]
ODD_SCALARS = """
_1 ._1 1_000 1__0 1_ 0_1 0x_1 0b_1 0b-1 0b_-1 0B-1 -0b1 -0b-1 0b+1 0x50 0X50 0x 0xg 0x-1 0o17 0O17 0120 08 -010
00 0 -0 +0 +1 -1 --1 0x10000000000000000 9007199254740991 9007199254740992 9007199254740993 18446744073709551615
18446744073709551616 1e3 8E1 1e+3 1e-3 1e 1e5-2 1-1e5 1e400 1E400 -1e400 1e-400 1e20 1e21 0.5 -0.0 1. .5 -.5 +.5
. .. ... .e1 .inf -.Inf .nan 1.5e3 1.2.3 .1.2 1.2_ 10.0.0.0/8 ::/0 :::1 :1 1:30 -1:30 fe80::/10 1/2 /x ./x
2024-01-01 2024-01-01T10:00:00Z 4b825dc6 0e12 0b12 0c12 6d4cf56db6 5e10 1x 1g
3e0b7f1c-9a5b-4e2b-8b1e-0123456789ab 0b9a-1e-2b 1a-b 1-a 1e-a 9-5 9-1 0x1-1 0b1-1 0o1-1 ~ = yEs NULL Null nUll
tRUE ye nul x y.z Infinity inf NaN nan 0x1p3 0x1.8p1 1p3 1f 1d 1L 0777 0888 0o888
"""
_NUMBER_LIKE = st.text("0123456789abefxXoOpgn_.+-:/", min_size=1, max_size=8)


def _reads_scalar_alike(text: str) -> None:
    try:
        quick = read_plain(text)
    except Unusual:
        return
    assert repr(quick) == repr(helm_python.values_from_yaml(f"a: {text}\n")["a"]), text


def test_odd_scalars_are_read_as_the_api_server_reads_them_or_left_to_it() -> None:
    for text in [*KEYWORDS, *ODD_SCALARS.split()]:
        _reads_scalar_alike(text)


@pytest.mark.slow
@fuzz(2000)
@given(_NUMBER_LIKE | st.text("yesnoftrualYESNOFTRUAL", min_size=1, max_size=5))
def test_any_scalar_is_read_as_the_api_server_reads_it_or_left_to_it(text: str) -> None:
    if not text.endswith(":") and not text.startswith("-:"):
        _reads_scalar_alike(text)


@pytest.mark.parametrize(
    "text", ["80", "0", "1.5", "true", "null", "10.0.0.0/8", "::/0", "1.2.3", "2024-01-01", "web", "6d4cf56db6"]
)
def test_usual_scalars_are_read_fast(text: str) -> None:
    _reads_scalar_alike(text)
    read_plain(text)
