"""The rules of single values, with their neighbours; and the patterns, which must agree with the functions."""

import re
from collections.abc import Callable

from hypothesis import example, given
from hypothesis import strategies as st

from egressc.model import scalars
from support.tables import each

Problem = Callable[[str], str | None]


def verdicts(*, valid: list[str], invalid: list[str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    cases = [*((text, True) for text in valid), *((text, False) for text in invalid)]
    return each(("text", "is_valid"), cases)


@each(
    ("text", "problem"),
    [
        ("10.0.0.0/8", None),
        ("0.0.0.0/0", None),
        ("::/0", None),
        ("FE80:0:0::/64", None),
        ("2001:db8::1/128", None),
        ("64:ff9b::192.0.2.0/120", None),
        ("10.1.2.3/8", 'has bits set beyond the prefix length: "10.0.0.0/8" is the network'),
        ("2001:db8::1/64", 'has bits set beyond the prefix length: "2001:db8::/64" is the network'),
        ("010.0.0.0/8", "has a leading zero in its address"),
        ("10.0.0.0/08", "has a leading zero in its prefix length"),
        ("10.0.0.0/33", "has a prefix length above 32"),
        ("::/129", "has a prefix length above 128"),
        ("10.0.0.0", 'has no prefix length, such as "/32"'),
        ("10.0.0.0/255.0.0.0", "has a prefix length that is not a number"),
        ("10.0.0.0/8\n", "has a prefix length that is not a number"),
        ("10.0.0.0/\u0668", "has a prefix length that is not a number"),
        ("\u0661\u0660.0.0.0/8", "is not an IPv4 or IPv6 network"),
        ("::ffff:10.0.0.0/104", 'is an IPv4-mapped IPv6 address: "10.0.0.0/8" is the network'),
        ("fe80::%eth0/64", 'has an IPv6 zone: "fe80::" is the address'),
        ("[2001:db8::]/64", 'has brackets, which are for URLs: "2001:db8::" is the address'),
        ("[2001:db8::/64", 'has brackets, which are for URLs: "2001:db8::" is the address'),
        ("256.0.0.0/8", "is not an IPv4 or IPv6 network"),
        ("internet/8", "is not an IPv4 or IPv6 network"),
        ("", 'has no prefix length, such as "/32"'),
    ],
)
def test_cidr(text: str, problem: str | None) -> None:
    assert scalars.cidr_problem(text) == problem


@each(
    ("cidr", "excepted", "problem"),
    [
        ("10.0.0.0/8", "10.1.0.0/16", None),
        ("::/0", "fc00::/7", None),
        ("10.0.0.0/8", "10.0.0.0/8", 'excludes all of "10.0.0.0/8"'),
        ("FC00::/7", "fc00::/7", 'excludes all of "FC00::/7"'),
        ("10.0.0.0/8", "10.0.0.0/7", 'is not inside "10.0.0.0/8"'),
        ("10.0.0.0/8", "11.0.0.0/16", 'is not inside "10.0.0.0/8"'),
        ("::/0", "10.0.0.0/8", 'has another address family than "::/0"'),
        ("0.0.0.0/0", "fc00::/7", 'has another address family than "0.0.0.0/0"'),
        ("10.0.0.0/8", "10.1.2.3/16", 'has bits set beyond the prefix length: "10.1.0.0/16" is the network'),
    ],
)
def test_except(cidr: str, excepted: str, problem: str | None) -> None:
    assert scalars.except_problem(cidr, excepted) == problem


@each(
    ("text", "problem"),
    [
        ("http", None),
        ("a", None),
        ("8080-http", None),
        ("a23456789012345", None),
        ("a234567890123456", "has 16 characters, but 15 are allowed"),
        ("80", "is a number in quotes"),
        ("1-2", "has no letter"),
        ("a--b", "has two hyphens in a row"),
        ("-a", "starts or ends with a hyphen"),
        ("a-", "starts or ends with a hyphen"),
        ("Http", "can contain only a-z, 0-9 and -"),
        ("http\n", "can contain only a-z, 0-9 and -"),
        ("", "is empty"),
    ],
)
def test_port_name(text: str, problem: str | None) -> None:
    assert scalars.port_name_problem(text) == problem


@verdicts(
    valid=["a", "a-1", "x" * 63],
    invalid=["x" * 64, "", "A", "-a", "a-", "a.b", "a\n", "../a", "\u0430"],
)
def test_dns_label(text: str, is_valid: bool) -> None:
    assert scalars.is_dns_label(text) is is_valid
    assert (scalars.dns_label_problem(text) is None) is is_valid


@verdicts(
    valid=["a.b", ".".join(["x" * 62] * 4) + "y", "x" * 64],
    invalid=["a..b", ".a", "a.", "A.b", "a_b", ".".join(["x" * 62] * 4) + "xyz"],
)
def test_dns_subdomain(text: str, is_valid: bool) -> None:
    assert (scalars.dns_subdomain_problem(text) is None) is is_valid


@verdicts(
    valid=["app", "app.kubernetes.io/name", "A_b.c-9", "x" * 63, "a.b/C"],
    invalid=["", "/a", "a/", "a/b/c", "A/b", "-a", "a b", "x" * 64, "x" * 254 + "/a", "app\n"],
)
def test_label_key(text: str, is_valid: bool) -> None:
    assert (scalars.label_key_problem(text) is None) is is_valid


def test_annotation_key_may_have_a_prefix_in_upper_case() -> None:
    assert scalars.annotation_key_problem("A.example/Key") is None
    assert scalars.annotation_key_problem("a/b/c") is not None


@verdicts(
    valid=["", "a", "A_b.c-9", "x" * 63],
    invalid=["x" * 64, "-a", "a.", "a b", "a/b", "a\n"],
)
def test_label_value(text: str, is_valid: bool) -> None:
    assert (scalars.label_value_problem(text) is None) is is_valid


@each(
    ("text", "problem"),
    [
        ("api.openai.com", None),
        ("localhost", None),
        ("x.1a", None),
        ("xn--bcher-kva.example", None),
        ("*.example.com", "has a wildcard"),
        ("https://example.com", "is a URL, not a name"),
        ("example.com:443", "has a port, which belongs under ports"),
        ("10.0.0.1", "is an address, not a name"),
        ("2001:db8::1", "is an address, not a name"),
        ("Example.com", "has upper-case letters"),
        ("a..b", "is not a DNS name"),
        ("example.com.", "is not a DNS name"),
        ("1.2.3", "is not a DNS name"),
        ("x" * 64 + ".com", "is not a DNS name"),
        ("", "is empty"),
    ],
)
def test_host_name(text: str, problem: str | None) -> None:
    assert scalars.host_name_problem(text) == problem


def agree(patterns: list[str], longest: int, problem_of: Problem, text: str) -> None:
    matches = len(text) <= longest and all(re.fullmatch(pattern[1:-1], text) for pattern in patterns)
    assert matches is (problem_of(text) is None), text


near_names = (
    st.text(alphabet="aZ09-._/ \n", max_size=12) | st.text(max_size=5) | st.integers(60, 66).map(lambda n: "x" * n)
)


@given(near_names)
@example("a/" + "x" * 63)
@example("a/" + "x" * 64)
def test_patterns_of_names_agree_with_the_functions(text: str) -> None:
    agree([scalars.DNS_LABEL_PATTERN], 63, scalars.dns_label_problem, text)
    agree([scalars.DNS_SUBDOMAIN_PATTERN], 253, scalars.dns_subdomain_problem, text)
    key_lengths = scalars.LABEL_KEY_LENGTHS_PATTERN
    agree([scalars.LABEL_KEY_PATTERN, key_lengths], 317, scalars.label_key_problem, text)
    agree([scalars.ANNOTATION_KEY_PATTERN, key_lengths], 317, scalars.annotation_key_problem, text)
    agree([scalars.LABEL_VALUE_PATTERN], 63, scalars.label_value_problem, text)
    agree([scalars.PORT_NAME_PATTERN], 15, scalars.port_name_problem, text)
    host_patterns = [scalars.HOST_NAME_PATTERN, scalars.HOST_NAME_LENGTHS_PATTERN]
    agree(host_patterns, 253, scalars.host_name_problem, text)


octets = st.sampled_from(["0", "1", "10", "255", "256", "010", "", "a"])
groups = st.sampled_from(["0", "", "ffff", "2001", "db8", "FE80", "12345", "g", "1.2.3.0"])
near_networks = st.builds(
    "{}/{}".format,
    st.lists(octets, min_size=3, max_size=5).map(".".join) | st.lists(groups, min_size=1, max_size=9).map(":".join),
    st.sampled_from(["0", "8", "08", "32", "33", "64", "128", "129", "", "-1"]),
)
BEYOND_PATTERNS = ("has bits set", "is an IPv4-mapped")


@given(near_networks)
def test_cidr_pattern_takes_every_network_and_little_else(text: str) -> None:
    matches = re.fullmatch(scalars.CIDR_PATTERN[1:-1], text) is not None
    problem = scalars.cidr_problem(text)
    if problem is None:
        assert matches
    elif matches and not problem.startswith(BEYOND_PATTERNS):
        assert "::" in text, "only the number of groups around :: is left to arithmetic"


@each("pattern", [value for name, value in vars(scalars).items() if name.endswith("_PATTERN")])
def test_patterns_keep_to_what_every_engine_reads(pattern: str) -> None:
    assert pattern.startswith("^")
    assert pattern.endswith("$")
    assert not re.search(r"\\[dDwWsSbBAZz]|\(\?[^:]|[*+?}]\+", pattern)


@each(
    ("text", "problem"),
    [
        ("https://git.example.com/shop/network.git", None),
        ("ssh://git@git.example.com:2222/shop/network.git", None),
        ("git@git.example.com:shop/network.git", None),
        ("https://me@git.example.com/shop/network.git", "contains a user name or password, which would be committed"),
        ("https://me:secret@git.example.com/a", "contains a user name or password, which would be committed"),
        ("ssh://me:secret@git.example.com/a", "contains a user name or password, which would be committed"),
        ("https://git.example.com", "is not the URL of a Git repository"),
        ("https://git.example.com/a b", "is not the URL of a Git repository"),
        ("../network.git", "is not the URL of a Git repository"),
        ("file:///srv/network.git", "is not the URL of a Git repository"),
        ("https://git.example.com/a\n", "is not the URL of a Git repository"),
    ],
)
def test_repository(text: str, problem: str | None) -> None:
    assert scalars.repository_problem(text) == problem
