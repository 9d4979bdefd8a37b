"""Each project of this repository with its rendered policies, and what the proof says of a mutant of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from egressc.cli.extra_rules import extra_rules_of
from egressc.cli.rendering import render_services
from egressc.cli.workspace import Compiled, compile_project
from egressc.diagnostics.core import Report
from egressc.source import Source
from egressc.verify.comparison.proof import prove
from egressc.verify.intent.extras import ExtraRules
from egressc.verify.manifests.reader import read_manifests
from mutants.changing import Manifests
from verify.truth_tables import Universe

ROOT = Path(__file__).parents[2]
PROJECTS = {
    path.parent.name if path.parent != ROOT else "platform": path
    for path in (ROOT / "egressc.yaml", *sorted(ROOT.glob("examples/*/egressc.yaml")))
}
INVALID = "refuse to be valid"


@dataclass
class Score:
    """Mutants by what they are and what the proof said. `wrong` are described, to be looked into."""

    changing: int = 0
    killed: int = 0
    harmless: int = 0
    alarms: int = 0
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.changing + other.changing,
            self.killed + other.killed,
            self.harmless + other.harmless,
            self.alarms + other.alarms,
            self.wrong + other.wrong,
        )


def changes(before: Manifests, after: Manifests) -> bool:
    """Whether some flow is allowed on one side only, by the plain reading of NetworkPolicy."""
    universe = Universe([before, after])
    return universe.table(before) != universe.table(after)


class Subject:
    """One project, rendered once."""

    def __init__(self, project: Path) -> None:
        report = Report()
        compiled = compile_project(project, report)
        assert compiled is not None, report.sorted()
        self._compiled: Compiled = compiled
        ids = [service.id for service in compiled.policies.services]
        self._extras: ExtraRules = extra_rules_of(compiled, ids, report)
        texts = [source.text for source in render_services(compiled, ids, "embedded", report)]
        assert not report.has_errors, report.sorted()
        self.manifests: Manifests = [document for text in texts for document in yaml.safe_load_all(text) if document]

    def is_reported(self, manifests: Manifests) -> bool:
        """Whether `egressc verify` ends with an error for these manifests."""
        report = Report()
        text = yaml.safe_dump_all(manifests, default_flow_style=False, allow_unicode=True)
        read = read_manifests([Source("mutant.yaml", text)], report)
        prove(self._compiled.policies, read, self._extras, report, place=self._compiled.workspace.place)
        return report.has_errors

    def score(self, operator: str, mutants: Iterator[Manifests]) -> Score:
        found = Score()
        for number, mutant in enumerate(mutants):
            reported = self.is_reported(mutant)
            if operator == INVALID or not mutant or changes(self.manifests, mutant):
                found.changing += 1
                found.killed += reported
                if not reported:
                    found.wrong.append(f"{operator} {number}: not reported")
            else:
                found.harmless += 1
                found.alarms += reported
                if reported:
                    found.wrong.append(f"{operator} {number}: reported, though nothing changes")
        return found
