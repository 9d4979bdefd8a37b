"""Sets of addresses: families apart, excepts, and the spelling that does not matter."""

import pytest

from egressc.model.address_sets import EVERY_ADDRESS, block, common, first_address, holds, join_addresses, subtract
from support.tables import each


def test_families_are_apart() -> None:
    assert not holds(block("0.0.0.0/0"), "::1")
    assert not holds(block("::/0"), "192.0.2.1")
    assert join_addresses([block("0.0.0.0/0"), block("::/0")]) == EVERY_ADDRESS


def test_excepts_are_taken_out() -> None:
    addresses = block("10.0.0.0/8", ["10.1.0.0/16", "10.1.2.0/24"])
    assert [holds(addresses, a) for a in ("10.0.0.1", "10.1.9.9", "10.1.2.3", "10.2.0.0")] == [True, False, False, True]


def test_halves_are_the_whole() -> None:
    assert join_addresses([block("10.0.0.0/9"), block("10.128.0.0/9")]) == block("10.9.9.9/8")
    assert not subtract(block("10.0.0.0/9"), block("10.0.0.0/8"))
    assert common(block("10.0.0.0/8"), block("10.3.0.0/16")) == block("10.3.0.0/16")


@each("text", ["", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "x/8", "::/129"])
def test_no_range_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        block(text)


def test_the_except_of_another_family_is_an_error() -> None:
    with pytest.raises(ValueError, match="two address families"):
        block("10.0.0.0/8", ["::/64"])


def test_the_first_address_is_the_lowest_ipv4() -> None:
    assert first_address(join_addresses([block("::5/128"), block("10.2.0.0/16")])) == "10.2.0.0"
    assert first_address(block("2001:db8::/32")) == "2001:db8::"
