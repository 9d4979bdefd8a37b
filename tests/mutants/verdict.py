"""Each project of this repository with its rendered policies, and what the proof says of a mutant of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import compress
from pathlib import Path
from typing import NamedTuple

import yaml

from egressc.diagnostics.core import Report
from egressc.project.compiling import Compiled, compile_project
from egressc.project.extra_rules import extra_rules_of
from egressc.project.rendering import jobs_of, render_jobs
from egressc.source import Source
from egressc.verify.comparison.proof import prove
from egressc.verify.intent.extras import ExtraRules
from egressc.verify.manifests.reader import read_manifests
from mutants.changing import Manifests
from mutants.denials import Denying, has_names
from mutants.notes import Notes
from oracles.truth_tables import Universe, isolates

ROOT = Path(__file__).parents[2]
PROJECTS = {
    path.parent.name if path.parent != ROOT else "platform": path
    for path in (
        ROOT / "egressc.yaml",
        *sorted(ROOT.glob("examples/*/egressc.yaml")),
        ROOT / "tests" / "golden" / "both-directions" / "egressc.yaml",
    )
}
INVALID = "refuse to be valid"


@dataclass
class Score:
    """Mutants by what they are and what the proof said. `wrong` are described, to be looked into.

    `ingress`: those among the changing ones that change rules of ingress; `ingress_killed`: the reported ones of these.
    """

    changing: int = 0
    killed: int = 0
    harmless: int = 0
    alarms: int = 0
    wrong: list[str] = field(default_factory=list)
    ingress: int = 0
    ingress_killed: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.changing + other.changing,
            self.killed + other.killed,
            self.harmless + other.harmless,
            self.alarms + other.alarms,
            self.wrong + other.wrong,
            self.ingress + other.ingress,
            self.ingress_killed + other.ingress_killed,
        )


class Changes(NamedTuple):
    """Whether some flow is allowed on one side only, by the plain reading of NetworkPolicy: any, or of our services."""

    anywhere: bool
    of_services: bool


def changes(before: Manifests, after: Manifests) -> Changes:
    """What a change of manifests changes; flows of services are those that `before` limits at one end."""
    universe = Universe([before, after])
    sources, destinations = (
        [any(isolates(policy, side, end) for policy in before) for end in universe.ends]
        for side in ("Egress", "Ingress")
    )
    differing = [
        [one != other for one, other in zip(*rows, strict=True)]
        for rows in zip(universe.table(before), universe.table(after), strict=True)
    ]
    of_services = (
        any(row) if is_own else any(compress(row, destinations)) for is_own, row in zip(sources, differing, strict=True)
    )
    return Changes(any(map(any, differing)), any(of_services))


def ingress_of(manifests: Manifests) -> list[object]:
    """The rules of ingress."""
    return [manifest["spec"].get("ingress") for manifest in manifests]


class Subject:
    """One project, rendered once."""

    def __init__(self, project: Path) -> None:
        report = Report()
        compiled = compile_project(project, report)
        assert compiled is not None, report.sorted()
        self._compiled: Compiled = compiled
        ids = [it.service.id for it in compiled.values]
        self._extras: ExtraRules = extra_rules_of(compiled, ids, report)
        count, jobs = jobs_of(compiled, ids, planned=True)
        texts = [it.text for it in render_jobs(compiled.workspace, jobs, count, "embedded", report)]
        assert not report.has_errors, report.sorted()
        self.manifests: Manifests = [document for text in texts for document in yaml.safe_load_all(text) if document]
        assert not self._extras, "the notes are judged against the table alone"
        self._notes = Notes(compiled.policies, self.manifests)
        self._denying = Denying(compiled.policies, self.manifests)

    def is_reported(self, manifests: Manifests, *, beside_others: bool = False) -> bool:
        """Whether `egressc verify` ends with an error for these manifests; `beside_others`: with --manifests."""
        report = Report()
        text = yaml.safe_dump_all(manifests, default_flow_style=False, allow_unicode=True)
        read = read_manifests([Source("mutant.yaml", text)], report)
        place = self._compiled.workspace.place
        prove(self._compiled.policies, read, self._extras, report, place=place, beside_others=beside_others)
        return report.has_errors

    def score(self, operator: str, mutants: Iterator[Manifests]) -> Score:
        """The proof of what Helm renders, and that of manifests among which others' may be: each mutant twice."""
        found = Score()
        for number, mutant in enumerate(mutants):
            changed = Changes(True, True) if operator == INVALID or not mutant else changes(self.manifests, mutant)
            for is_changed, beside_others in zip(changed, (False, True), strict=True):
                reported = self.is_reported(mutant, beside_others=beside_others)
                title = f"{operator} {number}{' beside others' * beside_others}"
                score = _scored(title, is_changed=is_changed, reported=reported)
                if ingress_of(mutant) != ingress_of(self.manifests):
                    score = replace(score, ingress=score.changing, ingress_killed=score.killed)
                found += score
        return found

    def score_notes(self, mutants: Iterator[Manifests]) -> Score:
        """The rules of mutants as extra rules: what is noted of each. One that is noted wrongly is not killed."""
        found = Score()
        for mutant in mutants:
            for number, side, rule in self._notes.rules_of(mutant):
                wrong = self._notes.judge(number, side, rule)
                found += Score(changing=1, killed=int(wrong is None), wrong=[wrong] if wrong else [])
        return found

    def score_denials(self, operator: str, mutants: Iterator[Manifests]) -> Score:
        """What each mutant opens of what rows could deny: one that is judged wrongly is not killed."""
        found = Score()
        for number, mutant in enumerate(mutants):
            if mutant and not has_names(mutant):
                wrong = self._denying.wrong(mutant)
                said = [f"{operator} {number} with denials: {wrong}"] if wrong else []
                found += Score(changing=1, killed=int(not wrong), wrong=said)
        return found


def _scored(title: str, *, is_changed: bool, reported: bool) -> Score:
    if is_changed:
        return Score(changing=1, killed=int(reported), wrong=[] if reported else [f"{title}: not reported"])
    alarm = [f"{title}: reported, though nothing changes"]
    return Score(harmless=1, alarms=int(reported), wrong=alarm if reported else [])
