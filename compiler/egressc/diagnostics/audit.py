"""EG473 to EG475: what destinations outside the cluster state for audits, and the rules about it."""

from collections.abc import Sequence
from typing import NamedTuple

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code, rewrite
from egressc.diagnostics.phrases import quoted, say_count
from egressc.source import Located, Span


class Breach(NamedTuple):
    """What a rule for audits does not admit: the values of `key` that it does not, or none where nothing is stated.

    `service` is a name, `others` counts further services in the same place. `admitted` are the values that the rule
    admits; none where any will do.
    """

    service: str
    others: int
    destination: str
    key: str
    values: Sequence[str]
    admitted: Sequence[str]

    def say(self) -> str:
        many = f" and {say_count(self.others, 'other')}" if self.others else ""
        said = f'"{self.service}"{many} {"reach" if self.others else "reaches"} "{self.destination}"'
        if not self.values:
            return f'{said}, which states no "{self.key}"'
        return f'{said}, whose "{self.key}" is {_listed(self.values)} and not {_listed(self.admitted, "or")}'


def _listed(values: Sequence[str], word: str = "and") -> str:
    return f" {word} ".join(f'"{it}"' for it in values)


@code("EG473", Severity.ERROR, "The catalog states for audits what a destination cannot have.")
def misplaced_audit_data(code: Code, key: Located[str], name: str, what: str, destination: str) -> Diagnostic:
    """`what` continues the name of the destination: why it has no such key."""
    return Diagnostic(
        code,
        f'"{name}" {what} and has no "{key.value}"',
        Label(key.span, "cannot be stated"),
        help=f'remove "{key.value}", or write where it is outside the cluster: hosts, or addresses',
        destination=destination,
    )


@code("EG474", Severity.ERROR, "A service reaches a destination that a rule for audits does not admit.")
def unmet_audit_rule(
    code: Code, place: Span, breach: Breach, related: Sequence[Label], repair: str, service: str, destination: str
) -> Diagnostic:
    """`place` is what lets the service reach it; `service` and `destination` are ids, `repair` is for the catalog."""
    allowed = f'{{code: {code.id}, destination: {quoted(destination)}, reason: "\u2026"}}'
    return Diagnostic(
        code,
        breach.say(),
        Label(place, "lets it"),
        tuple(related),
        help=f"{repair}\nor add to the project file: allow: [{allowed}]",
        service=service,
        destination=destination,
    )


@code("EG475", Severity.WARNING, "A rule for audits has a value that no destination states.")
def unused_audit_value(code: Code, key: str, value: Located[str], near: Sequence[str]) -> Diagnostic:
    meant = f"write {' or '.join(map(quoted, near))}, or " if near else ""
    return Diagnostic(
        code,
        f'no destination states the "{key}" "{value.value}"',
        Label(value.span, "stated nowhere"),
        help=f"{meant}add it to a destination in the catalog, or remove it here",
        repairs=rewrite(value.value, (value.span,), near),
    )
