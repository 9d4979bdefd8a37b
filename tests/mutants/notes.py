"""Mutated rules as an operator's extra rules: what the proof notes of each (EG630, EG631) against the plain reading.

A rule that a mutant has and the table has not is put below the extras line of its service. The note must tell every
flow that it adds, and no other; a rule that adds none must be called idle.
"""

import copy
import ipaddress
import json
from collections.abc import Iterator
from dataclasses import replace

from egressc.diagnostics.core import Report
from egressc.model.address_sets import holds
from egressc.model.flows import Direction, PodClass
from egressc.model.label_classes import matches
from egressc.model.policy import PolicySet, Protocol
from egressc.model.port_sets import has_port
from egressc.source import Source, Span
from egressc.verify.comparison.proof import prove
from egressc.verify.intent.extras import WrittenRule, read_all_extras
from egressc.verify.intent.table import intend
from egressc.verify.listing.additions import Addition, Additions, GrantedTable
from egressc.verify.manifests.reader import read_manifests
from mutants.changing import Manifest, Manifests, sides_of
from oracles.naive import Spot
from oracles.truth_tables import Universe, isolates


class Notes:
    """The table of one project, and the policies rendered from it; `manifests` hold no extra rules yet."""

    def __init__(self, policies: PolicySet, manifests: Manifests) -> None:
        self._policies = replace(policies, denials=())  # what rows deny is judged apart
        self._manifests = manifests
        self._intended = intend(policies)
        self._table = GrantedTable(self._intended)
        rendered = read_manifests([_source(manifests)], Report()).policies
        services = {policy.subject: policy for policy in self._intended}
        self._services = [services[policy.subject] for policy in rendered]

    def rules_of(self, mutant: Manifests) -> Iterator[tuple[int, Direction, Manifest]]:
        """The rules that a mutant has and the table has not, each with the policy, by its number, that it is in.

        Of directions that the policy limits: in any other, the chart refuses extra rules.
        """
        if len(mutant) != len(self._manifests):
            return
        for number, (policy, mutated) in enumerate(zip(self._manifests, mutant, strict=True)):
            for side in sides_of(policy["spec"]):
                rules, known = mutated["spec"].get(side) or [], policy["spec"][side]
                yield from ((number, Direction(side), rule) for rule in rules if rule not in known)

    def judge(self, number: int, side: Direction, rule: Manifest) -> str | None:
        """What is wrong with the note on one rule, as the only extra rule of its service; None for a right one."""
        service, before = self._services[number], self._manifests[number]
        place = _source(rule)
        extras = {service.name: [WrittenRule(side, rule, Span(place, 0, len(place.text)))]}
        report = Report()
        read = read_all_extras(self._policies, extras, report)
        if read is None:
            return None  # the API server refuses it, and so does the proof
        ((direction, extra),) = read[service.name]
        if extra.ports.has_names:
            return None  # the plain reading knows pods without named ports
        after = copy.deepcopy(before)
        after["spec"][side.value].append(rule)
        added = self._table.added_by(direction, extra, service.subject)
        adds, wrong = _hold(added, side.title(), Universe([[before], [after]]), before, after)
        if wrong:
            return f"{json.dumps(rule)}: {wrong}"
        others = [*self._manifests[:number], after, *self._manifests[number + 1 :]]
        prove(self._policies, read_manifests([_source(others)], report), extras, report, place=service.origin)
        codes = [it.code.id for it in report.sorted()]
        expected = ["EG630" if adds else "EG631"]
        return None if codes == expected else f"{json.dumps(rule)}: {codes}, not {expected}"


def _hold(
    added: Additions, side: str, universe: Universe, before: Manifest, after: Manifest
) -> tuple[bool, str | None]:
    """Whether the rule adds a flow, and one on which the note and the plain reading differ."""
    adds = False
    public = False
    for number, guarded in enumerate(universe.ends):
        if not isolates(before, side, guarded):
            continue
        known, opened = (universe.row([policy], side, guarded) for policy in (before, after))
        for at, end in enumerate(universe.ends):
            if universe.cannot_be(number, at):
                continue
            new = opened[at] & ~known[at]
            said = 0
            for part in added.parts:
                said |= _bits(part, end, universe) & (~known[at] if part.beyond_table else -1)
            if said != new:
                return adds, f"to or from {end} it adds {bin(new)} of the ports, and {bin(said)} are said"
            adds |= bool(new)
            public |= bool(new) and isinstance(end, str) and ipaddress.ip_address(end).is_global
    if public and not added.opens_internet:
        return adds, "it opens the internet, and that is not said"
    return adds, None


def _bits(part: Addition, end: Spot | str, universe: Universe) -> int:
    if isinstance(end, str):
        is_met = not isinstance(part.peer, PodClass) and holds(part.peer, end)
    else:
        is_met = (
            isinstance(part.peer, PodClass)
            and matches(part.peer.namespaces, end.place)
            and matches(part.peer.pods, end.labels)
        )
    if not is_met:
        return 0
    ports = enumerate(universe.ports)
    return sum(1 << i for i, (protocol, port) in ports if has_port(part.ports, Protocol(protocol), port, frozenset()))


def _source(value: object) -> Source:
    documents = value if isinstance(value, list) else [value]
    return Source("mutant.json", "\n---\n".join(json.dumps(it) for it in documents))
