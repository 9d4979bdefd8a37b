"""Names of hosts as Cilium writes them, in our own spelling.

Source: cilium 1.20.2 pkg/fqdn/matchpattern: names in any case, maybe with the last dot; `*` is one label where it is a
whole one.
"""

from egressc.dialects.shapes.fields import Object, Problems, only, shown, text
from egressc.dialects.shapes.hosts import is_name, spell, without_labels


def read_pattern(entry: Object, path: str, problems: Problems) -> str:
    """The pattern of a host in our own spelling; empty after a problem."""
    only(entry, frozenset(("matchName", "matchPattern")), path, problems)
    name, pattern = (spell(text(entry, key, path, problems)) for key in ("matchName", "matchPattern"))
    if bool(name) == bool(pattern):
        problems.add(path, "must have either a matchName or a matchPattern")
        return ""
    if "*" in name:
        problems.add(f"{path}.matchName", "has a wildcard, which only a matchPattern has")
        return ""
    if pattern and not pattern.strip("*"):
        return "*"
    if not _is_host(name or pattern):
        problem = "has a wildcard inside a label, which is not read" if "*" in pattern else "is not a DNS name"
        problems.add(path, f"{shown(name or pattern)} {problem}")
        return ""
    return name or pattern


def _is_host(pattern: str) -> bool:
    """Whether it is a name, or one behind `**.` or any number of `*.`."""
    return is_name(pattern.removeprefix("**.") if pattern.startswith("**.") else without_labels(pattern))
