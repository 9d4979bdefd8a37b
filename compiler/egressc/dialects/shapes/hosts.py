"""Names of hosts in manifests, in our own spelling: lower case, without the last dot."""

from typing import Final

_CHARACTERS: Final = frozenset("-_abcdefghijklmnopqrstuvwxyz0123456789")


def spell(name: str) -> str:
    """The one spelling of a name or pattern, which DNS reads in any case and with or without the last dot."""
    return name.lower().removesuffix(".")


def spell_any_depth(name: str) -> str:
    """The same where a wildcard at the start stands for one or more labels."""
    return f"*{spell(name)}" if name.startswith("*.") else spell(name)


def without_labels(pattern: str) -> str:
    """What is behind any number of wildcards that are whole labels."""
    while pattern.startswith("*."):
        pattern = pattern.removeprefix("*.")
    return pattern


def is_name(name: str) -> bool:
    """Whether a name in our spelling has labels of characters that names of hosts have, and no wildcard."""
    return all(label and _CHARACTERS.issuperset(label) for label in name.split("."))
