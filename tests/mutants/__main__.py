"""Break the rendered policies of every project on purpose, and print what the proof says.

Policies in the dialects with rules by name are broken too, and those that enforce guardrails, where Cilium's policy
engine is built.

Each mutant is judged twice: as what Helm renders, and as manifests among which others' may be. The rules that it
changes are also tried one by one as extra rules, for what is noted of them, and each mutant with rows that deny what
services don't ask for: those that it opens are reported, and the others proven. Documents are broken as well, in one
cell at a time: what is intended has to change accordingly, or the cell is refused or warned of.

Usage: python -m mutants (with `tests` and `compiler` on the path)
Exits with 1 where a mutant that changes what is allowed goes unreported, one that changes nothing is reported, or
a note does not tell what a rule adds, or a document is broken unnoticed.
"""

import sys
from collections.abc import Mapping
from itertools import chain

from mutants.cells import CELL_OPERATORS
from mutants.changing import Operator
from mutants.on_documents import broken_documents
from mutants.operators import GUARDRAIL_OPERATORS, OF_DIALECT, OPERATORS
from mutants.verdict import EngineSubject, GuardedSubject, PlainSubject, Score, StagedSubject, Subject
from support.cluster_policies import ADMIN, ALPHA, EKS, KINDS
from support.dialect_projects import GUARDED, OTHERWISE, PROJECTS
from testbed.owners import why_unavailable
from testbed.policy_engine import PolicyEngine
from testbed.programs import POLICY_ENGINE


def main() -> int:
    subjects = {name: PlainSubject(path) for name, path in PROJECTS.items()}
    total = _break_policies(subjects, OPERATORS)
    print(f"of these in rules of ingress: {total.ingress} changing, {total.ingress_killed} killed")
    print("as staged policies:")
    staged = _break_policies({name: StagedSubject(path) for name, path in PROJECTS.items()}, OPERATORS)
    notes = Score()
    for operate in OPERATORS.values():
        for subject in subjects.values():
            notes += subject.score_notes(operate(subject.manifests))
    print(f"{'changed rules as extra rules':34}  {notes.changing:8}  {notes.killed:6}")
    for line in notes.wrong:
        print(f"    {line}")
    denials = Score()
    for operator, operate in OPERATORS.items():
        for subject in subjects.values():
            denials += subject.score_denials(operator, operate(subject.manifests))
    print(f"{'with what rows could deny':34}  {denials.changing:8}  {denials.killed:6}")
    for line in denials.wrong:
        print(f"    {line}")
    by_engine = _break_by_engine()
    documents = _break_documents()
    return 1 if any(it.wrong for it in (total, staged, notes, denials, *by_engine, documents)) else 0


def _break_policies(subjects: Mapping[str, Subject], operators: Mapping[str, Operator]) -> Score:
    total = Score()
    print(f"{'operator':34}  changing  killed  harmless  false alarms")
    for operator, operate in operators.items():
        scores = [subject.score(operator, operate(subject.manifests)) for subject in subjects.values()]
        score = sum(scores, Score())
        print(f"{operator:34}  {score.changing:8}  {score.killed:6}  {score.harmless:8}  {score.alarms:12}", flush=True)
        for line in chain.from_iterable(
            (f"    {name}: {wrong}" for wrong in found.wrong) for name, found in zip(subjects, scores, strict=True)
        ):
            print(line)
        total += score
    rate = total.killed / total.changing if total.changing else 0.0
    print(f"{'all':34}  {total.changing:8}  {total.killed:6}  {total.harmless:8}  {total.alarms:12}")
    print(f"kill rate {rate:.1%}, {total.alarms} false alarms, {len(subjects)} projects, {len(operators)} operators")
    return total


def _break_by_engine() -> list[Score]:
    """The same projects in the dialects with rules by name, and those with guardrails in each kind of policies."""
    if (reason := why_unavailable(POLICY_ENGINE)) is not None:
        print(f"policies by name and guardrails are not broken: {reason}")
        return []
    with PolicyEngine() as engine:
        scores = []
        for dialect, paths in OTHERWISE.items():
            print(f"in the dialect {dialect}:")
            subjects = {path.parent.name: EngineSubject(path, dialect, engine) for path in paths}
            scores.append(_break_policies(subjects, OF_DIALECT[dialect]))
        for version in (ALPHA, ADMIN, EKS):
            print(f"guardrails as {KINDS[version]} of {version}:")
            guarded = {path.parent.name: GuardedSubject(path, version, engine) for path in GUARDED}
            scores.append(_break_policies(guarded, GUARDRAIL_OPERATORS))
        return scores


def _break_documents() -> Score:
    documents = broken_documents()
    total = Score()
    for operator in CELL_OPERATORS:
        scores = [document.score(document.mutants(operator)) for document in documents]
        score = sum(scores, Score())
        print(f"{f'documents: {operator}':34}  {score.changing:8}  {score.killed:6}  {score.harmless:8}", flush=True)
        for document, found in zip(documents, scores, strict=True):
            for wrong in found.wrong:
                print(f"    {document.id}: {wrong}")
        total += score
    rate = total.killed / total.changing if total.changing else 0.0
    print(f"kill rate {rate:.1%} of {total.changing} broken cells, {len(documents)} documents")
    return total


if __name__ == "__main__":
    sys.exit(main())
