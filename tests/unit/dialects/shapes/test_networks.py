"""The text of a network: read where every plugin reads the same, refused where they differ."""

from egressc.dialects.shapes.networks import Network, read_network
from egressc.model.address_sets import block
from support.tables import each


@each(
    ("text", "means", "is_loose"),
    [
        ("10.0.0.0/8", "10.0.0.0/8", False),
        ("0.0.0.0/0", "0.0.0.0/0", False),
        ("2001:DB8:0:0::/32", "2001:db8::/32", False),
        ("::/0", "::/0", False),
        ("10.1.2.3/8", "10.0.0.0/8", True),
        ("2001:db8::1/64", "2001:db8::/64", True),
        ("203.0.113.9/32", "203.0.113.9/32", False),
    ],
)
def test_what_is_read(text: str, means: str, is_loose: bool) -> None:
    assert read_network(text) == Network(block(means), means if is_loose else "")


@each(
    ("text", "why"),
    [
        ("10.0.0.0", "has no prefix length"),
        ("", "has no prefix length"),
        ("/8", "has no IPv4 or IPv6 address before its slash"),
        ("10.0.0/8", "has no IPv4 or IPv6 address before its slash"),
        ("010.0.0.0/8", "has no IPv4 or IPv6 address before its slash"),
        (" 10.0.0.0/8", "has no IPv4 or IPv6 address before its slash"),
        ("10.0.0.0/08", "has no prefix length between 0 and 32"),
        ("10.0.0.0/33", "has no prefix length between 0 and 32"),
        ("10.0.0.0/8 ", "has no prefix length between 0 and 32"),
        ("10.0.0.0/٨", "has no prefix length between 0 and 32"),
        ("203.0.113.0/255.255.255.0", "has no prefix length between 0 and 32"),
        ("203.0.113.0/0.0.0.255", "has no prefix length between 0 and 32"),
        ("2001:db8::/129", "has no prefix length between 0 and 128"),
        ("2001:db8::1%eth0/128", "has a zone"),
        ("::ffff:10.0.0.0/104", "is an IPv4-mapped IPv6 network"),
        ("::ffff:a00:0/104", "is an IPv4-mapped IPv6 network"),
        ("::ffff:10.0.0.0/64", "is an IPv4-mapped IPv6 network"),
    ],
)
def test_what_is_not_read(text: str, why: str) -> None:
    found = read_network(text)
    assert isinstance(found, str)
    assert found.startswith(why)
