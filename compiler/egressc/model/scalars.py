r"""The rules of single values, each once: names, labels, ports, CIDRs, as the API server checks them.

A `*_problem` function returns None for a valid value, else what is wrong with it as a predicate, so that a message
reads `port name "80" has no letter`. The `*_PATTERN` strings say the same for JSON Schema as far as a regular
expression can, each with its `^` and `$`.
They keep to what ECMA, RE2 and Rust read alike: no look-around, no `\d`, no possessive parts.

Source: Kubernetes apimachinery util/validation (names, labels, ports, ip.go with StrictIPCIDRValidation, on by default
since 1.36) and pkg/apis/networking/validation.
"""

import re
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

DNS_LABEL_MAX: Final = 63
DNS_SUBDOMAIN_MAX: Final = 253
LABEL_NAME_MAX: Final = 63
LABEL_VALUE_MAX: Final = 63
PORT_NAME_MAX: Final = 15
PORT_MAX: Final = 65535
ANNOTATIONS_MAX_BYTES: Final = 262144

_LABEL = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"
_QUALIFIED = "[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_GROUP = "[0-9A-Fa-f]{1,4}"
# Exact but for two things that only arithmetic sees: more than eight groups around "::", and bits beyond the prefix.
_IPV6 = (
    rf"(?:{_GROUP}(?::{_GROUP}){{7}}|{_GROUP}(?::{_GROUP}){{5}}:{_IPV4}"
    rf"|(?:{_GROUP}(?::{_GROUP}){{0,6}})?::(?:(?:{_GROUP}:){{0,6}}(?:{_GROUP}|{_IPV4}))?)"
)

DNS_LABEL_PATTERN: Final = f"^{_LABEL}$"
DNS_SUBDOMAIN_PATTERN: Final = f"^{_SUBDOMAIN}$"
LABEL_KEY_PATTERN: Final = f"^(?:{_SUBDOMAIN}/)?{_QUALIFIED}$"
# The API server checks annotation keys in lower case: a prefix may be written in either.
ANNOTATION_KEY_PATTERN: Final = f"^(?:{_SUBDOMAIN.replace('a-z', 'A-Za-z')}/)?{_QUALIFIED}$"
LABEL_VALUE_PATTERN: Final = f"^(?:{_QUALIFIED})?$"
# A segment with a letter after segments of digits alone: "at least one letter" without look-ahead.
PORT_NAME_PATTERN: Final = "^(?:[0-9]+-)*[0-9]*[a-z][a-z0-9]*(?:-[a-z0-9]+)*$"
CIDR_PATTERN: Final = rf"^(?:{_IPV4}/(?:3[0-2]|[12]?[0-9])|{_IPV6}/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9]))$"
IMAGE_PATTERN: Final = "^[!-~]+$"
# The last label holds a letter, so that an address is never taken for a name.
HOST_NAME_PATTERN: Final = rf"^(?:{_LABEL}\.)*(?:[0-9][-0-9]*)?[a-z](?:[-a-z0-9]*[a-z0-9])?$"
# A name or an address: what a connection can be made to. As with networks, more than eight groups only arithmetic sees.
ENDPOINT_PATTERN: Final = rf"^(?:{HOST_NAME_PATTERN[1:-1]}|{_IPV4}|{_IPV6})$"
# Lengths of parts, as second patterns: written into the first they would make it unreadable.
LABEL_KEY_LENGTHS_PATTERN: Final = "^(?:[^/]{1,253}/)?[^/]{1,63}$"
HOST_WILDCARD_PATTERN: Final = rf"^(?:\*\*?\.{_LABEL}\.)?{HOST_NAME_PATTERN[1:]}"
HOST_NAME_LENGTHS_PATTERN: Final = r"^[^.]{1,63}(?:\.[^.]{1,63})*$"

_OF_ENDPOINTS: Final = {
    "is not a DNS name": "is neither a DNS name nor an address",
    "is an address, not a name": "is neither a DNS name nor an address",
    "has a port, which belongs under ports": "has a port, which belongs under port",
}

_is_label = re.compile(_LABEL).fullmatch
_is_subdomain = re.compile(_SUBDOMAIN).fullmatch
_is_qualified = re.compile(_QUALIFIED).fullmatch
_is_ipv4 = re.compile(_IPV4).fullmatch
_is_number = re.compile("[0-9]+").fullmatch
_is_port_text = re.compile("[-a-z0-9]+").fullmatch
_WILDCARD = re.compile(r"\*\*?\.")
_is_host = re.compile(HOST_NAME_PATTERN[1:-1]).fullmatch
_is_ipv6 = re.compile(_IPV6).fullmatch
_is_printable = re.compile(IMAGE_PATTERN[1:-1]).fullmatch
_has_letter = re.compile("[a-z]").search

_REPOSITORY = re.compile(r"(?:https?|ssh)://[^\s/]+/\S+|[\w.-]+@[\w.-]+:[^\s/]\S*", re.ASCII)
_CREDENTIALS = re.compile(r"https?://[^/]*@|[a-z]+://[^/@]*:[^/@]*@")
_REGISTRY = re.compile(r"oci://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[a-z0-9._-]+)*")
# A branch that no option of a program is taken for.
_BRANCH = re.compile(r"(?!-)(?!.*(?:\.\.|@\{|//|\.lock$))[^\s~^:?*\[\\\x00-\x1f\x7f]+(?<![./])")


def is_dns_label(text: str) -> bool:
    """Whether the text is a DNS-1123 label: what ids, namespaces and resource names' parts are made of."""
    return len(text) <= DNS_LABEL_MAX and _is_label(text) is not None


def _size_problem(text: str, most: int) -> str | None:
    if len(text) > most:
        return f"has {len(text)} characters, but {most} are allowed"
    return None if text else "is empty"


def dns_label_problem(text: str) -> str | None:
    if problem := _size_problem(text, DNS_LABEL_MAX):
        return problem
    if not _is_label(text):
        return "can contain only a-z, 0-9 and -, and must start and end with a letter or digit"
    return None


def dns_subdomain_problem(text: str) -> str | None:
    if problem := _size_problem(text, DNS_SUBDOMAIN_MAX):
        return problem
    if not _is_subdomain(text):
        return "can contain only a-z, 0-9, - and ., and each component must start and end with a letter or digit"
    return None


def label_key_problem(text: str) -> str | None:
    """The key of a label: an optional DNS subdomain and a slash, then a name."""
    prefix, slash, name = text.rpartition("/")
    if slash:
        if not prefix:
            return "has nothing before its slash"
        if len(prefix) > DNS_SUBDOMAIN_MAX:
            return f"has a prefix of {len(prefix)} characters, but {DNS_SUBDOMAIN_MAX} are allowed"
        if problem := dns_subdomain_problem(prefix):
            return f'has the prefix "{prefix}", which {problem}'
    if not name:
        return "has nothing after its slash" if slash else "is empty"
    if len(name) > LABEL_NAME_MAX:
        return f"has a name of {len(name)} characters, but {LABEL_NAME_MAX} are allowed"
    if not _is_qualified(name):
        return "can contain only letters, digits, -, _ and ., and its name must start and end with a letter or digit"
    return None


def annotation_key_problem(text: str) -> str | None:
    """As a label's key, but the prefix may be in upper case."""
    return label_key_problem(text.lower())


def label_value_problem(text: str) -> str | None:
    if len(text) > LABEL_VALUE_MAX:
        return f"has {len(text)} characters, but {LABEL_VALUE_MAX} are allowed"
    if text and not _is_qualified(text):
        return "can contain only letters, digits, -, _ and ., and must start and end with a letter or digit"
    return None


def port_name_problem(text: str) -> str | None:
    """The name of a container port, as IANA forms service names (RFC 6335 section 5.1)."""
    if not text:
        return "is empty"
    if _is_number(text):
        return "is a number in quotes"
    if len(text) > PORT_NAME_MAX:
        return f"has {len(text)} characters, but {PORT_NAME_MAX} are allowed"
    if not _is_port_text(text):
        return "can contain only a-z, 0-9 and -"
    if text.startswith("-") or text.endswith("-"):
        return "starts or ends with a hyphen"
    if "--" in text:
        return "has two hyphens in a row"
    if not _has_letter(text):
        return "has no letter"
    return None


# A fleet repeats a few networks thousands of times, and reading one takes longer than all other checks of a file.
_remember = lru_cache(maxsize=4096)


@_remember
def cidr_problem(text: str) -> str | None:
    """A network as `address/length`, in the strict form: no leading zeros, no host bits, no IPv4-mapped address.

    IPv6 need not be in its shortest spelling: the API server takes `FE80:0:0::/64` with a warning.
    """
    network = _read_network(text)
    if isinstance(network, str):
        return network
    if isinstance(network, IPv6Network) and network.network_address.ipv4_mapped is not None:
        plain = f"{network.network_address.ipv4_mapped}/{network.prefixlen - 96}"
        return "is an IPv4-mapped IPv6 address" + (f': "{plain}" is the network' if network.prefixlen >= 96 else "")
    address = text.partition("/")[0]
    # Only what lies beyond the prefix can differ here, spelling aside.
    if ip_network(address).network_address != network.network_address:
        return f'has bits set beyond the prefix length: "{network}" is the network'
    return None


@_remember
def except_problem(cidr: str, excepted: str) -> str | None:
    """What is wrong with an `except` of a valid `cidr`: it must be a network strictly inside."""
    if problem := cidr_problem(excepted):
        return problem
    outer, inner = ip_network(cidr), ip_network(excepted)
    if isinstance(outer, IPv4Network) is not isinstance(inner, IPv4Network):
        return f'has another address family than "{cidr}"'
    if inner == outer:
        return f'excludes all of "{cidr}"'
    if not inner.subnet_of(outer):  # type: ignore[arg-type]  # both are of one family here
        return f'is not inside "{cidr}"'
    return None


def _read_network(text: str) -> IPv4Network | IPv6Network | str:
    address, slash, length = text.partition("/")
    if not slash:
        return 'has no prefix length, such as "/32"'
    if not _is_number(length):
        return "has a prefix length that is not a number"
    if len(length) > 1 and length.startswith("0"):
        return "has a leading zero in its prefix length"
    if ":" not in address and not _is_ipv4(address):
        if re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,4}){3}", address) and re.search(r"(?<![0-9])0[0-9]", address):
            return "has a leading zero in its address"
        return "is not an IPv4 or IPv6 network"
    if problem := _written_problem(address):
        return problem
    try:
        return ip_network(text, strict=False)
    except ValueError:
        limit = 128 if ":" in address else 32
        return f"has a prefix length above {limit}" if int(length[:4]) > limit else "is not an IPv4 or IPv6 network"


def _written_problem(address: str) -> str | None:
    """What is around an IPv6 address and no part of it: of one machine (RFC 4007), or of a URL (RFC 3986)."""
    plain = re.sub(r"%[^\]/]*|\].*|[^0-9A-Fa-f:.]", "", address)
    known = f': "{plain}" is the address' if _is_ipv6(plain) else ""
    if "%" in address:
        return f"has an IPv6 zone{known}"
    return f"has brackets, which are for URLs{known}" if "[" in address or "]" in address else None


def host_name_problem(text: str) -> str | None:
    """The DNS name of an external host, in lower case, without a wildcard."""
    if problem := _size_problem(text, DNS_SUBDOMAIN_MAX):
        return problem
    if "*" in text:
        return "has a wildcard"
    if "://" in text:
        return "is a URL, not a name"
    if _is_ipv4(text) or text.count(":") > 1:
        return _written_problem(text) or "is an address, not a name"
    if ":" in text:
        return "has a port, which belongs under ports"
    if text != text.lower():
        return "has upper-case letters"
    if not _is_host(text) or any(len(label) > DNS_LABEL_MAX for label in text.split(".")):
        return "is not a DNS name"
    return None


def host_pattern_problem(text: str) -> str | None:
    """A host name, or names below one: `*.example.com` with one label more, `**.example.com` with one or more."""
    written = _WILDCARD.match(text)
    name = text[written.end() :] if written else text
    if "*" in name:
        return "has a wildcard that is not *. or **. at its start"
    if written and "." not in name:
        return "names every host of a top-level domain"
    return host_name_problem(name) or _size_problem(text, DNS_SUBDOMAIN_MAX)


def endpoint_problem(text: str) -> str | None:
    """What a connection is made to: a DNS name in lower case, or an address without its zone."""
    if _is_ipv4(text) or _is_ipv6(text):
        return None
    problem = host_name_problem(text)
    # In words that know of addresses, and of the port beside the host.
    return problem and _OF_ENDPOINTS.get(problem, problem)


def image_problem(text: str) -> str | None:
    """A container image, as far as the API server looks at it: text without blanks around it; here, none at all."""
    if not text:
        return "is empty"
    return None if _is_printable(text) else "can contain only printable ASCII characters, and no spaces"


def repository_problem(text: str) -> str | None:
    """A Git repository as Argo CD and Flux read it: a URL, or the short form of ssh, USER@HOST:PATH.

    Source: git-clone(1), "Git URLs".
    """
    if _CREDENTIALS.match(text):
        return "contains a user name or password, which would be committed"
    return None if _REPOSITORY.fullmatch(text) else "is not the URL of a Git repository"


def registry_problem(text: str) -> str | None:
    """A registry of charts, with the scheme `oci` and without a slash at its end."""
    return None if _REGISTRY.fullmatch(text) else "is not a registry of charts"


def branch_problem(text: str) -> str | None:
    """The name of a branch. Source: git-check-ref-format(1)."""
    return None if _BRANCH.fullmatch(text) else "is not the name of a branch"


def do_folders_overlap(one: str, other: str) -> bool:
    """Whether two paths of one folder are the same, or one is within the other."""
    first, second = ([part for part in path.split("/") if part not in ("", ".")] for path in (one, other))
    shortest = min(len(first), len(second))
    return first[:shortest] == second[:shortest]
