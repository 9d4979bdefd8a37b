"""The prover is proven: broken policies are reported, harmless changes are not. `make mutants` tries every one."""

from itertools import islice
from pathlib import Path

import pytest

from egressc.model.dialects import CALICO, CILIUM, GKE, ISTIO
from mutants import on_calico, on_cilium, on_guardrails, on_host_policies, on_mesh
from mutants.cells import CELL_OPERATORS
from mutants.on_documents import BrokenDocument, broken_documents
from mutants.operators import GUARDRAIL_OPERATORS, OPERATORS
from mutants.verdict import EngineSubject, GuardedSubject, PlainSubject, Score, StagedSubject, changes, ingress_of
from support.cluster_policies import ADMIN, ALPHA, EKS
from support.dialect_projects import GUARDED, OTHERWISE, PROJECTS
from testbed.policy_engine import PolicyEngine

IN_DIALECTS = [(path, dialect) for dialect, paths in OTHERWISE.items() for path in paths]
# Mutants of one operator and project in an ordinary run: the first, and then each of so many.
STEP = 5
MOST = 2


@pytest.fixture(scope="module", params=PROJECTS)
def subject(request: pytest.FixtureRequest) -> PlainSubject:
    return PlainSubject(PROJECTS[request.param])


def test_what_was_rendered_is_proven(subject: PlainSubject) -> None:
    assert not subject.is_reported(subject.manifests)
    assert not any(changes(subject.manifests, subject.manifests))
    assert not subject.is_reported(subject.manifests, beside_others=True)


def test_changes_are_reported_and_nothing_else(subject: PlainSubject) -> None:
    total = Score()
    for operator, operate in OPERATORS.items():
        total += subject.score(operator, islice(operate(subject.manifests), 0, STEP * MOST, STEP))
    assert total.wrong == []
    assert total.killed == total.changing
    assert total.changing
    assert total.harmless


def test_staged_policies_are_proven_as_what_they_would_enforce() -> None:
    subject = StagedSubject(PROJECTS["both-directions"])
    assert not subject.is_reported(subject.manifests)
    assert not subject.is_reported(subject.manifests, beside_others=True)
    total = Score()
    for operator, operate in OPERATORS.items():
        total += subject.score(operator, islice(operate(subject.manifests), 0, STEP * MOST, STEP))
    assert total.wrong == []
    assert total.changing
    assert total.harmless


@pytest.mark.parametrize(
    ("path", "dialect"), IN_DIALECTS, ids=[f"{path.parent.name}-{dialect}" for path, dialect in IN_DIALECTS]
)
def test_policies_by_name_are_broken_too(path: Path, dialect: str, policy_engine: PolicyEngine) -> None:
    subject = EngineSubject(path, dialect, policy_engine)
    assert not subject.is_reported(subject.manifests)
    assert not subject.is_reported(subject.manifests, beside_others=True)
    total = Score()
    for operator, operate in subject.operators.items():
        total += subject.score(operator, islice(operate(subject.manifests), 0, STEP * MOST, STEP))
    assert total.wrong == []
    assert total.killed == total.changing
    # In Istio, what has no host has nothing but NetworkPolicies.
    is_broken = dialect != ISTIO or any(it["kind"] == "Sidecar" for it in subject.manifests)
    assert bool(total.changing) is is_broken
    assert bool(total.harmless) is is_broken


@pytest.mark.parametrize("dialect", OTHERWISE)
def test_every_operator_by_name_has_a_mutant(dialect: str, policy_engine: PolicyEngine) -> None:
    subjects = [
        EngineSubject(path, dialect, policy_engine) for path in (OTHERWISE[dialect][-1], PROJECTS["both-directions"])
    ]
    operators = subjects[0].operators
    idle = {name for name, operate in operators.items() if not any(any(operate(it.manifests)) for it in subjects)}
    assert idle == ({"isolate another direction", "open addresses with hosts"} if dialect == GKE else set())
    harmless = {CILIUM: on_cilium.HARMLESS, CALICO: on_calico.HARMLESS, ISTIO: on_mesh.HARMLESS}.get(
        dialect, on_host_policies.HARMLESS
    )
    assert not harmless - operators.keys()


@pytest.mark.parametrize("version", [ALPHA, ADMIN])
def test_policies_that_enforce_guardrails_are_broken_too(version: str, policy_engine: PolicyEngine) -> None:
    total = Score()
    for path in GUARDED:
        subject = GuardedSubject(path, version, policy_engine)
        assert not subject.is_reported(subject.manifests)
        assert not subject.is_reported(subject.manifests, beside_others=True)
        for operator, operate in subject.operators.items():
            mutants = [*operate(subject.manifests)]
            first_and_last = mutants[:: max(1, len(mutants) - 1)]
            total += subject.score(operator, iter(first_and_last))
    assert total.wrong == []
    assert total.killed == total.changing
    assert total.changing
    assert total.harmless


@pytest.mark.parametrize("version", [ALPHA, ADMIN, EKS])
def test_every_operator_on_guardrails_has_a_mutant(version: str, policy_engine: PolicyEngine) -> None:
    subjects = [GuardedSubject(path, version, policy_engine) for path in GUARDED]
    idle = {
        name for name, operate in GUARDRAIL_OPERATORS.items() if not any(any(operate(it.manifests)) for it in subjects)
    }
    assert idle == ({"be asked after network policies"} if version == ADMIN else set())
    assert not on_guardrails.HARMLESS - GUARDRAIL_OPERATORS.keys()


def test_rules_of_ingress_are_broken_in_every_way() -> None:
    """But by operators that change what the policy itself says: its name, its pods, its types."""
    subject = PlainSubject(PROJECTS["both-directions"])
    own = ingress_of(subject.manifests)
    idle = {
        name for name, operate in OPERATORS.items() if all(ingress_of(it) == own for it in operate(subject.manifests))
    }
    assert idle == {
        "change policy types",
        "drop policy types",
        "move to another namespace",
        "rename the policy",
        "select by expression",
        "select every pod",
        "select other pods",
    }


def test_what_a_changed_rule_adds_as_an_extra_rule_is_noted(subject: PlainSubject) -> None:
    total = Score()
    for operate in OPERATORS.values():
        total += subject.score_notes(islice(operate(subject.manifests), 0, STEP * MOST, STEP))
    assert total.wrong == []
    assert total.changing


def test_a_denial_that_a_mutant_opens_is_reported_and_the_others_are_proven(subject: PlainSubject) -> None:
    total = Score()
    for operator, operate in OPERATORS.items():
        total += subject.score_denials(operator, islice(operate(subject.manifests), 0, STEP, STEP))
    assert total.wrong == []
    assert total.changing


@pytest.mark.parametrize("document", broken_documents(), ids=lambda document: document.id)
def test_a_broken_document_changes_what_is_intended_or_is_reported(document: BrokenDocument) -> None:
    total = Score()
    for operator in CELL_OPERATORS:
        total += document.score(document.mutants(operator))
    assert total.wrong == []
    assert total.changing or not document.grants
