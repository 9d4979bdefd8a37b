"""Broken policies against rows that deny: each denial that a mutant opens is reported, and every other one is proven.

The projects deny next to nothing, so each service is denied here what other services may reach and it may not, and the
callers that may reach others and not it. The plain reading judges each denial by itself, one flow at a time.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import yaml

from egressc.diagnostics.core import Report
from egressc.model.policy import Denial, Direction, GrantEnd, PolicySet, Port, ServicePolicy
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


class _Known(NamedTuple):
    """An end that some service has in a direction, with its ports and the rule that is rendered from it."""

    direction: Direction
    end: GrantEnd
    ports: tuple[Port, ...]
    rule: Manifest


class Denying:
    """A project that denies; `manifests` are rendered from its policies, in the order of its services."""

    def __init__(self, policies: PolicySet, manifests: Manifests) -> None:
        self._before = manifests
        self._services = dict(zip((it.id for it in policies.policies), manifests, strict=True))
        known = list(_rules(policies, manifests))
        self._tried = [
            it for service in policies.services for it in _denied(service, self._services[service.id], known)
        ]
        self._policies = replace(policies, denials=tuple(it.denial for it in self._tried))

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
        turned = [list(row) for row in zip(*table, strict=True)]
        closed, is_open = 0, False
        for denial, opening in self._tried:
            own, side = self._services[denial.service], denial.direction.title()
            flows = table if denial.direction is Direction.EGRESS else turned
            holds = True
            for at, end in enumerate(universe.ends):
                if not isolates(own, side, end):
                    continue
                is_isolated = any(isolates(policy, side, end) for policy in mutant)
                denied, asked = (universe.row([it], side, end) for it in (opening, own))
                opened = any(now & no & ~yes for now, no, yes in zip(flows[at], denied, asked, strict=True))
                is_open |= is_isolated and opened
                holds &= is_isolated and not opened
            closed += holds
        return closed, is_open


def _rules(policies: PolicySet, manifests: Manifests) -> Iterator[_Known]:
    """Every end once in each direction; DNS is the first rule of egress."""
    seen: set[tuple[Direction, str]] = set()
    for service, manifest in zip(policies.policies, manifests, strict=True):
        for direction in service.directions:
            is_egress = direction is Direction.EGRESS
            grants = service.grants if is_egress else service.callers
            rules = manifest["spec"].get(direction.value, [])[is_egress and service.dns.has_rule :]
            for grant, rule in zip(grants, rules, strict=True):
                end = grant.destination if is_egress else grant.source
                names = any(isinstance(port.port, str) for port in grant.ports)
                if (direction, end.key) not in seen and not names:
                    seen.add((direction, end.key))
                    yield _Known(direction, end, grant.ports, rule)


def _denied(service: ServicePolicy, manifest: Manifest, known: list[_Known]) -> Iterator[Tried]:
    for direction in service.directions:
        ends = [it.destination for it in service.grants]
        if direction is Direction.INGRESS:
            ends = [it.source for it in service.callers]
        granted = {it.key for it in ends}
        others = [it for it in known if it.direction is direction and it.end.key not in granted]
        for number, it in enumerate(others[:: max(1, len(others) // MOST)]):
            # Every other one on all ports.
            ports = it.ports if number % 2 else ()
            opened = it.rule if ports else {key: peers for key, peers in it.rule.items() if key != "ports"}
            opening = {**manifest, "spec": {**manifest["spec"], direction.value: [opened]}}
            yield Tried(Denial(service.id, it.end, ports, service.origin, direction), opening)


def has_names(mutant: Manifests) -> bool:
    """Whether a port is said by name: the plain reading knows pods without named ports."""
    return any(isinstance(port.get("port"), str) for it in mutant for _, _, port in ports_of(it["spec"]))


def _source(manifests: Manifests) -> Source:
    return Source("mutant.yaml", yaml.safe_dump_all(manifests, default_flow_style=False, allow_unicode=True))
