"""Words that people write above columns, and what the columns then say."""

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Final

from egressc.lower.words import without_mark
from egressc.model.requirements import Role

HEADER_WORDS: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.SERVICE: ("service", "services", "service name", "component", "application", "app", "workload"),
    Role.DEPENDENCIES: (
        "internal dependencies", "internal dependency", "dependencies", "dependency", "depends on", "calls", "needs",
        "requires", "uses", "talks to", "connects to", "upstream", "upstreams", "egress", "egress to", "outbound",
        "internal access", "internal services", "internal",
    ),
    Role.EXTERNAL: (
        "external access", "external dependencies", "external dependency", "external", "external services",
        "external apis", "external destinations", "internet access", "internet", "outside access",
    ),
    Role.NAMESPACE: (
        "namespace", "namespaces", "ns", "kubernetes namespace", "k8s namespace", "destination namespace",
        "target namespace", "to namespace",
    ),
    Role.SELECTOR: (
        "selector", "pod selector", "label selector", "pod labels", "labels", "label", "destination selector",
        "destination labels", "target selector", "to selector",
    ),
    Role.LISTENS_ON: (
        "listens on", "listen port", "listening port", "listening ports", "listens", "pod port", "pod ports",
        "container port", "container ports",
    ),
    Role.CALLED_BY: ("called by", "callers", "caller services", "clients", "used by", "consumers", "consumed by"),
    Role.DESTINATION: ("destination", "destinations", "to", "target", "destination service", "target service"),
    Role.SOURCE: ("from", "source", "client", "caller", "source service", "from service"),
    Role.SOURCE_NAMESPACE: ("source namespace", "from namespace", "client namespace", "caller namespace"),
    Role.SOURCE_SELECTOR: ("source selector", "from selector", "source labels", "source pod labels"),
    Role.ADDRESS: (
        "address", "addresses", "cidr", "cidrs", "ip", "ips", "ip address", "ip addresses", "ip range", "network",
        "host", "hosts", "hostname", "host name", "fqdn", "dns name", "address range", "destination address",
        "destination ip", "destination cidr",
    ),
    Role.PORT: (
        "port", "ports", "port(s)", "destination port", "destination ports", "port/protocol", "ports/protocol",
        "port/protocols", "ports/protocols",
    ),
    Role.PROTOCOL: ("protocol", "protocols", "protocol(s)", "proto", "transport", "l4 protocol"),
    Role.PURPOSE: ("purpose", "reason", "why", "description", "used for", "use"),
    Role.NOTES: ("notes", "note", "comment", "comments", "remark", "remarks"),
    Role.DECISION: (
        "action", "decision", "verdict", "effect", "allow", "allowed", "allow/deny", "allowed/denied", "allow or deny",
        "permit", "permitted", "permit/deny", "access", "accept", "accepted", "grant", "granted", "approved",
    ),
    Role.DIRECTION: ("direction", "traffic direction", "flow direction", "ingress/egress", "egress/ingress"),
    Role.STATUS: ("status", "state", "lifecycle", "phase", "approval", "approval status", "request status"),
    Role.CONDITION: (
        "expires", "expires on", "expires at", "expiry", "expiry date", "expiration", "expiration date", "valid until",
        "valid to", "valid from", "valid", "validity", "until", "end date", "env", "envs", "environment",
        "environments", "stage", "stages", "cluster", "clusters", "except", "exception", "exceptions", "excluding",
        "condition", "conditions", "only if", "restriction", "restrictions",
    ),
}  # fmt: skip
# Of the words for ports and places, those that say themselves which end of a connection is meant.
OF_DESTINATION: Final = re.compile("(?:destination|target|to) ")

_QUALIFIER: Final = re.compile(r"(?:\s*\([^()]*\)|\s*\[[^\[\]]*\]|\s*#?\s*[0-9]+|\s*/.*|\s*[*:.]+)$")
_SHORT: Final = {
    "dep": "dependency", "deps": "dependencies", "ext": "external", "ext.": "external", "int": "internal",
    "int.": "internal", "svc": "service", "microservice": "service", "microservices": "services", "dst": "destination",
    "dest": "destination", "src": "source",
}  # fmt: skip
_LONG_ENOUGH: Final = 6  # shorter words are near too many others
_LONGEST: Final = 64
_NEARNESS: Final = 0.88
_PATIENCE: Final = 5000  # comparing with every word is for the slips of people


class HeaderBook:
    """What headers say; those of `ignored` say nothing, whatever they say elsewhere."""

    def __init__(self, extra: Mapping[Role, tuple[str, ...]], ignored: Iterable[str] = ()) -> None:
        """`extra`, further words by role, and `ignored`, whole headers, come from the project file."""
        self.roles = header_roles(extra)
        self.ignored = frozenset(map(plain_header, ignored))
        self.met: set[str] = set()  # of the ignored ones, those that a table has
        for header in self.ignored:
            self.roles.pop(header, None)
        self._long = [word for word in self.roles if len(word) >= _LONG_ENOUGH]
        self._near: dict[str, tuple[Role, str] | None] = {}
        self._patience = _PATIENCE

    def get(self, plain: str) -> Role | None:
        return self.roles.get(plain)

    def near(self, plain: str) -> tuple[Role, str] | None:
        """What a header that is no known word almost says, and that word: with more to it, cut short, or misspelt."""
        if plain not in self._near:
            known = not plain or plain in self.roles or plain in self.ignored
            self._near[plain] = None if known else self._find_near(plain)
        return self._near[plain]

    def _find_near(self, plain: str) -> tuple[Role, str] | None:
        base = plain
        while (shorter := _QUALIFIER.sub("", base)) and shorter != base:
            base = shorter
        for said in (base, " ".join(_SHORT.get(it, it) for it in base.split())):
            if role := self.roles.get(said):
                return role, said
        if len(base) < _LONG_ENOUGH or not self._patience:
            return None
        self._patience -= 1
        close = difflib.get_close_matches(base[:_LONGEST], self._long, 1, _NEARNESS)
        return (self.roles[close[0]], close[0]) if close else None


def header_roles(extra: Mapping[Role, tuple[str, ...]]) -> dict[str, Role]:
    """Header words in lower case to what they say; `extra` comes from the project file."""
    words = {word: role for role, listed in HEADER_WORDS.items() for word in listed}
    for role, listed in extra.items():
        words.update({plain_header(word): role for word in listed})
    return words


def plain_header(text: str) -> str:
    """A header in lower case, without what people put behind it: a colon, a question mark, a footnote mark."""
    plain = " ".join(without_mark(text).replace("_", " ").rstrip(":?").lower().split())
    return plain.replace(" /", "/").replace("/ ", "/") if "/" in plain else plain


def without_number(plain: str) -> str:
    """A plain header without the number behind it: `dependency 2` is one more `dependency`."""
    return plain.rstrip(" #0123456789")
