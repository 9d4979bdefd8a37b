"""Guardrails in the values files of services and namespaces: what their pods cannot reach."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from egressc.dialects.emitting import Data
from egressc.emit.entries import Section, entry_text, section
from egressc.emit.rules import denied_data
from egressc.model.guardrails import Guardrail
from egressc.model.label_classes import NAMESPACE_NAME, matches, select_namespaces
from egressc.model.policy import PodPeer, Selector

_NOTHING: Final = Section("", {})


class GuardrailWriter:
    """Writes what guards the pods of policies; those that share it share text and data.

    `guarded`: the guardrails of policies, by id. `namespaces`: labels of those that are known, by name.
    """

    def __init__(self, guarded: Mapping[str, Sequence[Guardrail]], namespaces: Mapping[str, Mapping[str, str]]) -> None:
        self._guarded = guarded
        self._namespaces = namespaces
        # The guardrails are kept beside their part, so that their identity stays their own.
        self._parts: dict[int, tuple[Sequence[Guardrail], Section]] = {}
        self._labels: dict[tuple[int, ...], tuple[Sequence[Sequence[Guardrail]], Section]] = {}
        self._without: dict[Selector, frozenset[str]] = {}

    def part(self, policy: str) -> Section:
        """The guardrails of a policy; empty if none guards its pods."""
        guardrails = self._guarded.get(policy)
        if not guardrails:
            return _NOTHING
        known = self._parts.get(id(guardrails))
        if known is None:
            entries = {it.key: {**purpose_data(it), "rules": denied_data(it.rules)} for it in guardrails}
            known = self._parts[id(guardrails)] = guardrails, section("guardrails", {**entries})
        return known[1]

    def labels(self, policies: Iterable[str]) -> Section:
        """Labels of namespaces that some selector in the guardrails of these policies does not match.

        A chart cannot look them up, and takes it that any other namespace can have any labels. So namespaces that all
        selectors match are left out, and labels that none asks for.
        """
        held = [guardrails for it in policies if (guardrails := self._guarded.get(it))]
        if not held:
            return _NOTHING
        wanted = tuple(map(id, held))
        known = self._labels.get(wanted)
        if known is None:
            known = self._labels[wanted] = held, self._part_of(it for guardrails in held for it in guardrails)
        return known[1]

    def _part_of(self, guardrails: Iterable[Guardrail]) -> Section:
        peers = (peer for it in guardrails for rule in it.rules for peer in rule.peers)
        selectors = {it.namespaces for it in peers if isinstance(it, PodPeer) and it.namespaces is not None}
        names: set[str] = set().union(*map(self._unmatched, selectors))
        keys = {key for it in selectors for key, _ in select_namespaces(it)} - {NAMESPACE_NAME}
        data: dict[str, Data] = {
            name: {key: value for key, value in sorted(self._namespaces[name].items()) if key in keys}
            for name in sorted(names)
        }
        return Section(entry_text({"namespaceLabels": data}) if data else "", data)

    def _unmatched(self, selector: Selector) -> frozenset[str]:
        """The known namespaces whose names a selector matches, but not their other labels."""
        found = self._without.get(selector)
        if found is None:
            whole = select_namespaces(selector)
            named = frozenset(it for it in whole if it[0] == NAMESPACE_NAME)
            places = {name: {**actual, NAMESPACE_NAME: name} for name, actual in self._namespaces.items()}
            found = frozenset(it for it, own in places.items() if matches(named, own) and not matches(whole, own))
            self._without[selector] = found
        return found


def purpose_data(guardrail: Guardrail) -> dict[str, Data]:
    return {"purpose": guardrail.purpose} if guardrail.purpose else {}
