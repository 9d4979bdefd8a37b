"""Each project of this repository with its rendered policies, and what the proof says of a mutant of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import compress
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from egressc.diagnostics.core import Report
from egressc.model.dialects import CALICO, CALICO_STAGED, DIALECTS
from egressc.model.flows import object_key
from egressc.project.compiling import Compiled
from egressc.project.extra_rules import extra_rules_of
from egressc.project.known import known_of
from egressc.source import Source
from egressc.verify.comparison.others import name_policies
from egressc.verify.comparison.proof import prove
from egressc.verify.intent.extras import ExtraRules
from egressc.verify.intent.guardrails import intend_guardrails
from egressc.verify.manifests.reader import read_manifests
from mutants import on_calico, on_cilium, on_guardrails, on_host_policies, on_mesh
from mutants.by_engine import Changes, changed_by
from mutants.by_tiers import is_changed_by
from mutants.changing import Manifest, Manifests, Operator
from mutants.denials import Denying, has_names
from mutants.notes import Notes
from mutants.on_mesh import MESH_OPERATORS
from mutants.operators import GUARDRAIL_OPERATORS, OF_DIALECT, OPERATORS
from oracles.truth_tables import Universe, isolates
from support.command import run
from support.dialect_projects import RenderedProject, guarded_by, in_dialect, render_project
from support.host_policies import STAGED_KIND, as_cilium
from testbed.policy_engine import PolicyEngine

INVALID = frozenset(("refuse to be valid", "refuse to be valid for cilium"))

EXTRA_RULE = """
    - to: [{ipBlock: {cidr: 192.0.2.128/28}}]
      ports: [{protocol: TCP, port: 7000}]
"""


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
    """One project, rendered once. `operators` break its policies."""

    operators: Mapping[str, Operator]

    def __init__(self, project: RenderedProject) -> None:
        report = Report()
        self._compiled: Compiled = project.compiled
        ids = [it.service.id for it in project.compiled.values]
        self._extras: ExtraRules = extra_rules_of(project.compiled, ids, report)
        assert not report.has_errors, report.sorted()
        self.manifests: Manifests = project.manifests
        self._known = known_of(project.compiled)

    def is_reported(self, manifests: Manifests, *, beside_others: bool = False) -> bool:
        """Whether `egressc verify` says something of these manifests; `beside_others`: with --manifests.

        That is an error, or the warning that pods cannot resolve the names of a rule.
        """
        report = Report()
        text = yaml.safe_dump_all(manifests, default_flow_style=False, allow_unicode=True)
        read = read_manifests([Source("mutant.yaml", text)], report, known=self._known)
        read = replace(read, namespaces={**self._compiled.others.namespaces, **read.namespaces})
        workspace = self._compiled.workspace
        enforcing = workspace.project.cluster.guardrails
        prove(
            self._compiled.policies,
            read,
            self._extras,
            report,
            place=workspace.place,
            beside_others=beside_others,
            guardrails=intend_guardrails(self._compiled.guardrails, enforcing),
            are_enforced=enforcing is not None,
        )
        return report.has_errors or any(it.code.id == "EG639" for it in report.diagnostics)

    def score(self, operator: str, mutants: Iterator[Manifests]) -> Score:
        """The proof of what Helm renders, and that of manifests among which others' may be: each mutant twice."""
        found = Score()
        for number, mutant in enumerate(mutants):
            reported = [self.is_reported(mutant, beside_others=beside) for beside in (False, True)]
            changed = self._changed(operator, mutant, all(reported))
            for is_changed, is_told, beside_others in zip(changed, reported, (False, True), strict=True):
                title = f"{operator} {number}{' beside others' * beside_others}"
                score = _scored(title, is_changed=is_changed, reported=is_told)
                if ingress_of(mutant) != ingress_of(self.manifests):
                    score = replace(score, ingress=score.changing, ingress_killed=score.killed)
                found += score
        return found

    def _changed(self, operator: str, mutant: Manifests, is_reported: bool) -> Changes:
        """What a mutant changes; `is_reported`: the proof says so either way."""
        raise NotImplementedError


class PlainSubject(Subject):
    """In NetworkPolicies, where the plain reading says what a mutant changes."""

    operators = OPERATORS

    def __init__(self, path: Path) -> None:
        super().__init__(render_project(path))
        assert not self._extras, "the notes are judged against the table alone"
        self._notes = Notes(self._compiled.policies, self.manifests)
        self._denying = Denying(self._compiled.policies, self.manifests)

    def _changed(self, operator: str, mutant: Manifests, is_reported: bool) -> Changes:
        del is_reported
        return Changes(True, True) if operator in INVALID or not mutant else changes(self.manifests, mutant)

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


class StagedSubject(PlainSubject):
    """The same policies, staged: an operator changes what each is to become."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        staged = name_policies(self._compiled.policies, DIALECTS[CALICO_STAGED])
        self._known = self._known._replace(staged=staged)

    def is_reported(self, manifests: Manifests, *, beside_others: bool = False) -> bool:
        return super().is_reported([*map(self._stage, manifests)], beside_others=beside_others)

    def _stage(self, manifest: Manifest) -> Manifest:
        """A policy of another name is one of others, and enforced."""
        metadata = manifest["metadata"]
        if object_key(STAGED_KIND, metadata.get("namespace", ""), metadata["name"]) not in self._known.staged:
            return manifest
        kinds = {"apiVersion": "projectcalico.org/v3", "kind": STAGED_KIND}
        return {**manifest, **kinds, "spec": {**manifest["spec"], "stagedAction": "Set"}}

    def _changed(self, operator: str, mutant: Manifests, is_reported: bool) -> Changes:
        """Nobody adds policyTypes to a staged policy."""
        is_whole = all(it["spec"].get("policyTypes") for it in mutant)
        return super()._changed(operator, mutant, is_reported) if is_whole else Changes(True, True)


class EngineSubject(Subject):
    """In a dialect with rules by name, with an extra rule.

    An operator says of its mutants whether they change anything; of those that the proof is silent about, Cilium's own
    engine says it. It takes too long to be asked about every one.
    """

    def __init__(self, path: Path, dialect: str, engine: PolicyEngine) -> None:
        self._engine = engine
        self.operators = OF_DIALECT[dialect]
        self._harmless = on_cilium.HARMLESS | on_host_policies.HARMLESS | on_mesh.HARMLESS
        if dialect == CALICO:
            self._harmless = on_calico.HARMLESS
        with TemporaryDirectory() as folder:
            project = in_dialect(path, dialect, Path(folder))
            _add_an_extra_rule(project)
            super().__init__(render_project(project))
        assert self._extras

    def _changed(self, operator: str, mutant: Manifests, is_reported: bool) -> Changes:
        if operator in self._harmless:
            return Changes(False, False)
        if operator in on_cilium.UNSEEN | on_calico.UNSEEN | MESH_OPERATORS.keys() or is_reported:
            return Changes(True, True)
        return changed_by(self._engine, as_cilium(self.manifests), as_cilium(mutant))


class GuardedSubject(Subject):
    """In a project whose guardrails are enforced by policies of an apiVersion.

    Policies of others next to ours make no difference: a guardrail is what its policy says, whatever they allow.
    """

    operators = GUARDRAIL_OPERATORS

    def __init__(self, path: Path, api_version: str, engine: PolicyEngine) -> None:
        self._engine = engine
        with TemporaryDirectory() as folder:
            super().__init__(render_project(guarded_by(path, api_version, Path(folder))))

    def _changed(self, operator: str, mutant: Manifests, is_reported: bool) -> Changes:
        del is_reported
        is_changed = operator in on_guardrails.UNASKED or (
            operator not in on_guardrails.HARMLESS and is_changed_by(self._engine, self.manifests, mutant)
        )
        return Changes(is_changed, is_changed)


def _add_an_extra_rule(project: Path) -> None:
    """To the first service that limits egress: it is rendered as a policy of its own."""
    result = run(["compile"], project.parent)
    assert result.exit_code == 0, result.output
    for path in sorted((project.parent / "values").glob("*.yaml")):
        before, empty, after = path.read_text(encoding="utf-8").partition("\n  egress: []\n")
        if empty:
            path.write_text(f"{before}\n  egress:\n{EXTRA_RULE}{after}", encoding="utf-8")
            return


def _scored(title: str, *, is_changed: bool, reported: bool) -> Score:
    if is_changed:
        return Score(changing=1, killed=int(reported), wrong=[] if reported else [f"{title}: not reported"])
    alarm = [f"{title}: reported, though nothing changes"]
    return Score(harmless=1, alarms=int(reported), wrong=alarm if reported else [])
