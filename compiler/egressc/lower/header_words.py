"""Words that people write above columns, and what the columns then say."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from egressc.lower.languages import LANGUAGE_HEADERS
from egressc.lower.verdicts import asks_for_denial
from egressc.lower.words import without_mark
from egressc.model.requirements import Role

HEADER_WORDS: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.SERVICE: (
        "service", "services", "service name", "component", "components", "application", "applications", "app", "apps",
        "workload", "workloads", "microservice", "microservices", "pod", "pods", "container", "containers",
        "deployment",
        "deployments",
    ),
    Role.DEPENDENCIES: (
        "internal dependencies", "internal dependency", "dependencies", "dependency", "depends on", "depends upon",
        "calls", "calls to", "needs", "needs access to", "requires", "requires access to", "uses", "talks to",
        "talks with", "connects to", "connects with", "communicates with", "upstream", "upstreams", "egress",
        "egress to",
        "egress allowed", "allowed egress", "allowed destinations", "egress destinations", "outbound", "outbound to",
        "outbound connections", "outgoing", "outgoing connections", "may reach", "may call", "internal access",
        "internal services", "internal",
    ),
    Role.EXTERNAL: (
        "external access", "external dependencies", "external dependency", "external", "external services",
        "external apis", "external destinations", "external systems", "external targets", "external calls",
        "internet access", "internet", "internet egress", "outside access",
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
    Role.CALLED_BY: (
        "called by", "callers", "caller services", "clients", "used by", "consumers", "consumed by", "depended by",
        "depended on by", "depended upon by", "dependents", "called from", "accessed by",
    ),
    Role.INGRESS: (
        "ingress", "ingress from", "ingress allowed", "allowed ingress", "inbound", "inbound from", "incoming",
        "incoming from", "allowed from", "allowed callers", "accessible from", "reachable from", "accepts from",
    ),
    Role.DESTINATION: (
        "destination", "destinations", "to", "target", "targets", "destination service", "target service",
        "destination system", "target system", "to service", "callee", "callees", "remote", "remote host",
        "remote service", "remote system", "dst", "dest",
    ),
    Role.SOURCE: (
        "from", "source", "sources", "client", "caller", "source service", "from service", "source system",
        "calling service", "src",
    ),
    Role.CONNECTION: ("connection", "connections", "flow", "flows", "traffic flow", "path", "connection path", "link"),
    Role.SOURCE_NAMESPACE: ("source namespace", "from namespace", "client namespace", "caller namespace"),
    Role.SOURCE_SELECTOR: ("source selector", "from selector", "source labels", "source pod labels"),
    Role.ADDRESS: (
        "address", "addresses", "cidr", "cidrs", "ip", "ips", "ip address", "ip addresses", "ip range", "network",
        "host", "hosts", "hostname", "host name", "fqdn", "dns name", "address range", "destination address",
        "destination ip", "destination cidr",
    ),
    Role.PORT: (
        "port", "ports", "port(s)", "port number", "destination port", "destination ports", "destination port(s)",
        "dst port", "dest port", "target port", "target ports", "port/protocol", "ports/protocol", "port/protocols",
        "ports/protocols", "protocol/port", "protocol/ports", "protocol/port(s)", "port & protocol", "protocol & port",
        "port and protocol", "protocol and port", "dport",
    ),
    Role.PROTOCOL: ("protocol", "protocols", "protocol(s)", "proto", "transport", "l4 protocol"),
    Role.PURPOSE: ("purpose", "reason", "why", "description", "used for", "use"),
    Role.NOTES: ("notes", "note", "comment", "comments", "remark", "remarks"),
    Role.DECISION: (
        "action", "decision", "verdict", "effect", "allow", "allowed", "allow/deny", "allowed/denied", "allow or deny",
        "permit", "permitted", "permit/deny", "access", "accept", "accepted", "grant", "granted", "approved",
        "expected",
        "expected result", "expectation",
    ),
    Role.DENIAL: ("blocked", "block", "denied", "deny", "forbidden", "prohibited", "rejected", "disallowed", "dropped"),
    Role.DIRECTION: ("direction", "traffic direction", "flow direction", "ingress/egress", "egress/ingress"),
    Role.STATUS: ("status", "state", "lifecycle", "phase", "approval", "approval status", "request status"),
    Role.CONDITION: (
        "expires", "expires on", "expires at", "expiry", "expiry date", "expiration", "expiration date", "valid until",
        "valid to", "valid from", "valid", "validity", "until", "end date", "env", "envs", "environment",
        "environments", "stage", "stages", "cluster", "clusters", "except", "exception", "exceptions", "excluding",
        "condition", "conditions", "only if", "restriction", "restrictions", "schedule", "negate source",
        "negate destination",
        "source port", "source ports", "src port",
    ),
}  # fmt: skip
# What columns are called that say nothing of who may reach what.
NEUTRAL_HEADERS: Final = frozenset(
    {
        *("#", "no.", "nr", "nr.", "id", "team", "owner", "owners", "contact", "contacts", "replicas", "image"),
        *(
            "docker image",
            "version",
            "language",
            "framework",
            "tech",
            "technology",
            "tech stack",
            "stack",
            "repository",
        ),
        *("repo", "endpoints", "health check", "health checks", "healthcheck", "volume mounts", "volumes", "cpu"),
        *("memory", "resources", "severity", "priority", "sla", "slo", "impact", "failure impact", "check command"),
        *("command", "ticket", "tickets", "docs", "documentation", "count", "hits", "bytes", "packets", "date"),
        *("last seen", "first seen", "purpose of dependency", "tier", "runbook", "dashboard", "alerts"),
    }
)
# What columns ask of a service that "no" answers without denying anything.
QUESTIONS: Final = frozenset(
    {
        *("tls", "mtls", "ssl", "encrypted", "encryption", "auth", "authenticated", "authentication", "stateful"),
        *("stateless", "persistent", "persistence", "ha", "critical", "criticality", "pii", "monitored"),
    }
)
# Of the words for ports and places, those that say themselves which end of a connection is meant.
OF_DESTINATION: Final = re.compile("(?:destination|target|to) ")

_QUALIFIER: Final = re.compile(
    r"(?:(?<!\s)\s++)?+(?:\([^()]*\)|\[[^\[\]]*\]|(?:#\s*+)?(?<![0-9])[0-9]++|(?<!/)/.*|(?<![*:.])[*:.]++)$"
)
_SHORT: Final = {
    "dep": "dependency", "deps": "dependencies", "ext": "external", "ext.": "external", "int": "internal",
    "int.": "internal", "svc": "service", "dst": "destination", "dest": "destination", "src": "source",
}  # fmt: skip
_OF_PORTS: Final = re.compile(r"(?<![\w-])ports?(?![\w-])")
_LONG_ENOUGH: Final = 6  # shorter words are near too many others
_LONGEST: Final = 64
_LONGEST_QUALIFIED: Final = 500
_NEARNESS: Final = 0.88
_PATIENCE: Final = 5000  # comparing with every word is for the slips of people


class HeaderBook:
    """What headers say; those of `ignored` say nothing, whatever they say elsewhere."""

    def __init__(
        self, extra: Mapping[Role, tuple[str, ...]], ignored: Iterable[str] = (), languages: Sequence[str] = ()
    ) -> None:
        """All three come from the project file: further words by role, whole headers, and languages by name."""
        self.roles = header_roles(extra, languages)
        self.ignored = frozenset(map(plain_header, ignored))
        self._all = dict(self.roles)
        self.met: set[str] = set()  # of the ignored ones, those that a table has
        for header in self.ignored:
            self.roles.pop(header, None)
        self._long = [word for word in self.roles if len(word) >= _LONG_ENOUGH]
        self._near: dict[str, tuple[Role, str] | None] = {}
        self._patience = _PATIENCE

    def get(self, plain: str) -> Role | None:
        role = self.roles.get(plain)
        if role is None and plain not in self.ignored and asks_for_denial(plain):
            return Role.DENIAL
        return role

    def said(self, plain: str) -> Role | None:
        """What a header would say if the project file did not ignore it."""
        return self._all.get(plain) or (Role.DENIAL if asks_for_denial(plain) else None)

    def near(self, plain: str) -> tuple[Role, str] | None:
        """What a header that is no known word almost says, and that word: with more to it, cut short, or misspelt."""
        if plain not in self._near:
            known = not plain or plain in self.roles or plain in self.ignored
            self._near[plain] = None if known else self._find_near(plain)
        return self._near[plain]

    def _find_near(self, plain: str) -> tuple[Role, str] | None:
        base = plain if len(plain) <= _LONGEST_QUALIFIED else ""
        while (shorter := _QUALIFIER.sub("", base)) and shorter != base:
            base = shorter
        for said in (base, " ".join(_SHORT.get(it, it) for it in base.split())):
            if role := self.roles.get(said):
                return role, said
        if _OF_PORTS.search(base):
            return Role.PORT, "port"
        if len(base) < _LONG_ENOUGH or not self._patience:
            return None
        self._patience -= 1
        close = difflib.get_close_matches(base[:_LONGEST], self._long, 1, _NEARNESS)
        return (self.roles[close[0]], close[0]) if close else None


def header_roles(extra: Mapping[Role, tuple[str, ...]], languages: Sequence[str] = ()) -> dict[str, Role]:
    """Header words in lower case to what they say; `extra` comes from the project file, and goes before languages."""
    words = {word: role for role, listed in HEADER_WORDS.items() for word in listed}
    for language in languages:
        for role, listed in LANGUAGE_HEADERS[language].items():
            for word in listed:
                words.setdefault(word, role)
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
