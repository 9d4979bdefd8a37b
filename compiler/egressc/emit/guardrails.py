"""Guardrails in values files: what the pods of a service cannot reach, and the policies of the whole cluster."""

from collections.abc import Sequence
from typing import NamedTuple

from egressc.dialects.emitting import Data
from egressc.emit.entries import INDENT, entry_text
from egressc.emit.rules import denied_data, selector_data
from egressc.model.guardrails import Guardrail, GuardrailPolicies

_HEAD = "  guardrails:\n"


class GuardrailPart(NamedTuple):
    """The entries of `networkPolicy.guardrails`, as text and as data."""

    text: str
    data: dict[str, Data]


class GuardrailWriter:
    """Writes what guards the pods of a service; services that share it share text and data."""

    def __init__(self) -> None:
        # The guardrails are kept beside their part, so that their identity stays their own.
        self._parts: dict[int, tuple[Sequence[Guardrail], GuardrailPart]] = {}

    def part(self, guardrails: Sequence[Guardrail]) -> GuardrailPart:
        known = self._parts.get(id(guardrails))
        if known is None:
            entries = {it.key: {**_purpose(it), "rules": denied_data(it.rules)} for it in guardrails}
            known = self._parts[id(guardrails)] = guardrails, _part({**entries})
        return known[1]


def policies_part(guardrails: Sequence[Guardrail], policies: GuardrailPolicies) -> GuardrailPart:
    """The policies that enforce guardrails, each with what it selects and its priority."""
    entries: dict[str, Data] = {}
    for index, it in enumerate(guardrails):
        entry: dict[str, Data] = {**_purpose(it), "priority": policies.priority + index}
        entry["namespaceSelector"] = selector_data(it.namespaces)
        if not it.pods.selects_everything:
            entry["podSelector"] = selector_data(it.pods)
        entries[it.key] = {**entry, "rules": denied_data(it.rules)}
    return _part(entries)


def _purpose(guardrail: Guardrail) -> dict[str, Data]:
    return {"purpose": guardrail.purpose} if guardrail.purpose else {}


def _part(entries: dict[str, Data]) -> GuardrailPart:
    text = "".join(entry_text({key: entry}, INDENT) for key, entry in entries.items())
    return GuardrailPart(_HEAD + text, entries)
