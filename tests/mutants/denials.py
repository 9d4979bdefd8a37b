"""Broken policies against rows that deny: each denial that a mutant opens is reported, and every other one is proven.

The projects deny nothing, so each service is denied here what other services may reach and it may not. The plain
reading judges each denial by itself, one flow at a time.
"""

from collections.abc import Iterator
from typing import NamedTuple

import yaml

from egressc.diagnostics.core import Report
from egressc.model.policy import Denial, Grant, PolicySet, ServicePolicy
from egressc.source import Source
from egressc.verify.comparison.proof import prove
from egressc.verify.manifests.reader import read_manifests
from mutants.changing import Manifest, Manifests, ports_of
from oracles.truth_tables import Universe, isolates

# Of other services' destinations, for each service: enough to have addresses and pods among them.
MOST = 4


class Tried(NamedTuple):
    """A denial, and a policy for the same pods that opens just what is denied."""

    denial: Denial
    opening: Manifest


class Denying:
    """A project that denies; `manifests` are rendered from its policies, in the order of its services."""

    def __init__(self, policies: PolicySet, manifests: Manifests) -> None:
        self._before = manifests
        self._services = dict(zip((it.id for it in policies.services), manifests, strict=True))
        known = list(_rules(policies, manifests))
        self._tried = [
            it for service in policies.services for it in _denied(service, self._services[service.id], known)
        ]
        self._policies = PolicySet(policies.services, tuple(it.denial for it in self._tried))

    def wrong(self, mutant: Manifests) -> str:
        """How the proof and the plain reading differ on a mutant; empty where they agree."""
        report = Report()
        read = read_manifests([_source(mutant)], report)
        place = self._policies.services[0].origin
        proof = prove(self._policies, read, {}, report, place=place, beside_others=True)
        if proof is None:
            return ""
        closed, is_open = self._count(mutant)
        told = any(it.code.id == "EG624" for it in report.diagnostics)
        if (proof.denials, told) == (closed, is_open):
            return ""
        return f"{proof.denials} of {len(self._tried)} proven, not {closed}; EG624 {told}, not {is_open}"

    def _count(self, mutant: Manifests) -> tuple[int, bool]:
        """How many denials hold, and whether a rule opens one; pods that nothing isolates are another finding."""
        universe = Universe([self._before, mutant, [it.opening for it in self._tried]])
        table = universe.table(mutant)
        closed, is_open = 0, False
        for denial, opening in self._tried:
            own = self._services[denial.service]
            holds = True
            for at, end in enumerate(universe.ends):
                if not isolates(own, "Egress", end):
                    continue
                is_isolated = any(isolates(policy, "Egress", end) for policy in mutant)
                denied, asked = (universe.row([it], "Egress", end) for it in (opening, own))
                opened = any(now & no & ~yes for now, no, yes in zip(table[at], denied, asked, strict=True))
                is_open |= is_isolated and opened
                holds &= is_isolated and not opened
            closed += holds
        return closed, is_open


def _rules(policies: PolicySet, manifests: Manifests) -> Iterator[tuple[Grant, Manifest]]:
    """Every destination once, with the rule that is rendered from it; DNS is the first rule of each policy."""
    seen: set[str] = set()
    for service, manifest in zip(policies.services, manifests, strict=True):
        for dependency, rule in zip(service.grants, manifest["spec"]["egress"][1:], strict=True):
            names = any(isinstance(port.port, str) for port in dependency.ports)
            if dependency.destination.key not in seen and not names:
                seen.add(dependency.destination.key)
                yield dependency, rule


def _denied(service: ServicePolicy, manifest: Manifest, known: list[tuple[Grant, Manifest]]) -> Iterator[Tried]:
    granted = {it.destination.key for it in service.grants}
    others = [(it, rule) for it, rule in known if it.destination.key not in granted]
    for number, (dependency, rule) in enumerate(others[:: max(1, len(others) // MOST)]):
        # Every other one on all ports.
        ports = dependency.ports if number % 2 else ()
        opened = rule if ports else {"to": rule["to"]}
        opening = {**manifest, "spec": {**manifest["spec"], "egress": [opened]}}
        yield Tried(Denial(service.id, dependency.destination, ports, service.origin), opening)


def has_names(mutant: Manifests) -> bool:
    """Whether a port is said by name: the plain reading knows pods without named ports."""
    return any(isinstance(port.get("port"), str) for it in mutant for _, _, port in ports_of(it["spec"]))


def _source(manifests: Manifests) -> Source:
    return Source("mutant.yaml", yaml.safe_dump_all(manifests, default_flow_style=False, allow_unicode=True))
