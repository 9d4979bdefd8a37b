"""A shell script that tries a service's connections with kubectl alone: the template filled in, every text quoted."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from shlex import quote

from egressc.renderers.excerpts import printable

_PLACE = re.compile(r"@([A-Z_]+)@")
_BESIDE_COMMENTS = re.compile(r"[^ -~]|[`$\\]")


@dataclass(frozen=True, slots=True)
class Templates:
    """The script, and the part of it that judges, as they stand in their files."""

    script: str
    judge: str


@dataclass(frozen=True, slots=True)
class ScriptAsk:
    """A connection whose destination the script looks for. `groups` are numbers of groups of pods.

    Attributes:
        port: a number, FIRST-LAST, a name, or "*".
        otherwise: the port to try where no pod declares one; "" for none.
        outside: a host to try where no pod is found; "" for none.
    """

    key: str
    expect: str
    protocol: str
    port: str
    otherwise: str
    must_declare: bool
    outside: str
    words: str
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScriptGrant:
    """What one rule opens to some groups: ports as in ScriptAsk."""

    groups: tuple[int, ...]
    protocol: str
    ports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScriptHost:
    """A connection whose host is known."""

    key: str
    expect: str
    protocol: str
    host: str
    port: int
    words: str


@dataclass(frozen=True, slots=True)
class Script:
    """Everything that the template leaves open.

    `lookup` is what is expected of looking names up, allow or deny;
    `groups` are (namespaces, label query), counted from 1; `pods` are the manifests by role, with their names.
    """

    service: str
    namespace: str
    kind: str
    policy: str
    sources: str
    timeout_seconds: int
    most_denied: int
    strict: bool
    lookup: str
    groups: Sequence[tuple[str, str]]
    grants: Sequence[ScriptGrant]
    asks: Sequence[ScriptAsk]
    hosts: Sequence[ScriptHost]
    skipped: Sequence[tuple[str, str]]
    control: Mapping[str, object]
    subject: Mapping[str, object]
    control_name: str
    subject_name: str
    reasons: Mapping[str, str]


def render_probe_script(script: Script, templates: Templates) -> str:
    """The text of the script; the same for the same sources."""
    assert "'" not in templates.judge, "it stands between single quotes"
    reasons = "\n".join(f"  why[{_awk(key)}] = {_awk(text)}" for key, text in script.reasons.items())
    filled = {
        "SERVICE": _in_comment(script.service),
        "SOURCES": _in_comment(script.sources),
        "QUOTED_SERVICE": quote(script.service),
        "QUOTED_NAMESPACE": quote(script.namespace),
        "KIND": script.kind,
        "QUOTED_POLICY": quote(script.policy),
        "TIMEOUT": str(script.timeout_seconds),
        "MOST_DENIED": str(script.most_denied),
        "STRICT": "yes" if script.strict else "no",
        "LOOKUP": script.lookup,
        "JUDGE": templates.judge.replace("@REASONS@", reasons).rstrip("\n"),
        "ASKS": "\n".join(_lines(script)),
        "CONTROL": json.dumps(script.control, indent=1),
        "SUBJECT": json.dumps(script.subject, indent=1),
        "CONTROL_NAME": quote(script.control_name),
        "SUBJECT_NAME": quote(script.subject_name),
    }
    # One pass: what is filled in is not looked at again.
    return _PLACE.sub(lambda place: filled.get(place[1], place[0]), templates.script)


def _lines(script: Script) -> Iterable[str]:
    for number, (places, query) in enumerate(script.groups, 1):
        yield _call("group", str(number), places, query)
    for grant in script.grants:
        yield _call("grant", " ".join(map(str, grant.groups)), grant.protocol, " ".join(grant.ports))
    for ask in script.asks:
        groups = " ".join(map(str, ask.groups))
        common = (ask.key, ask.protocol, ask.port, ask.otherwise)
        if ask.expect == "allow":
            must = "must" if ask.must_declare else "may"
            yield _call("allow", *common, must, ask.outside, _described(ask.words), groups)
        else:
            yield _call("deny", *common, _described(ask.words), groups)
    for host in script.hosts:
        yield _call("add", host.key, host.expect, host.protocol, host.host, str(host.port), _described(host.words))
    for words, why in script.skipped:
        yield _call("skip", _described(words), _described(why))


def _call(function: str, *arguments: str) -> str:
    return " ".join([function, *map(quote, arguments)])


def _described(words: str) -> str:
    """Text for a description of TAP."""
    return printable(words).replace("\\", "\\\\").replace("#", "\\#")


def _in_comment(text: str) -> str:
    """Text that ends no line, and that nobody mistakes for shell."""
    return _BESIDE_COMMENTS.sub("?", text)


def _awk(text: str) -> str:
    assert not re.search(r"['\"\\]", text), "a text of ours, for awk between the shell's quotes"
    return f'"{text}"'
