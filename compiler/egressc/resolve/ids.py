"""Ids from names: of services, destinations and networks."""

import re
import unicodedata
from typing import Final

from egressc.model.policy import AddressPeer
from egressc.model.scalars import host_name_problem, is_dns_label

_LETTERS: Final = str.maketrans(
    {"\u00e4": "ae", "\u00f6": "oe", "\u00fc": "ue", "\u00df": "ss", "\u00f8": "oe", "\u00e6": "ae"}
)


def make_id(name: str) -> str:
    """The id that a name makes: lower case, with hyphens for runs of space, underscore and slash."""
    return name if is_dns_label(name) else re.sub(r"[\s_/]+", "-", name.lower())


def make_plain_id(name: str) -> str:
    """The same for a name of any characters: letters without accents, hyphens for all signs; may be empty."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    return re.sub("[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")


def is_host(name: str) -> bool:
    """Whether a name is that of a host, or of all below one."""
    host = re.sub(r"^\*\*?\.", "", name)
    return "." in host and host_name_problem(host) is None


def literal_id(address: AddressPeer) -> str:
    """The id of a network that stands in place of a name: `cidr-203-0-113-0-24`."""
    return "cidr-" + re.sub("[.:/]", "-", address.cidr)
