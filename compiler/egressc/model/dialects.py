"""The dialects of policy: one line for each."""

import re
from typing import Final, NamedTuple


class Dialect(NamedTuple):
    """The package of a dialect, the kind of its policies, and whether its rules name hosts.

    Where they do not, addresses stand in for names.
    """

    package: str
    kind: str
    names_hosts: bool = False


NETWORK_POLICY: Final = "NetworkPolicy"
CILIUM: Final = "Cilium"

DIALECTS: Final[dict[str, Dialect]] = {
    NETWORK_POLICY: Dialect("egressc.dialects.kubernetes", "NetworkPolicy"),
    CILIUM: Dialect("egressc.dialects.cilium", "CiliumNetworkPolicy", names_hosts=True),
}
"""The dialects by their names in the project file."""

ONLY_READ: Final = ("egressc.dialects.cluster_policies",)
"""Packages of kinds that the proof reads, and in which no service's policies can be written."""

VERSION_PATTERN: Final = r"^[1-9][0-9]{0,2}\.(?:0|[1-9][0-9]{0,2})$"


def version_problem(text: str) -> str | None:
    """A version of a network plugin, without its patch: `1.19`."""
    return None if re.fullmatch(VERSION_PATTERN[1:-1], text) else "is not MAJOR.MINOR"
