"""The prover is proven: broken policies are reported, harmless changes are not. `make mutants` tries every one."""

from itertools import islice

import pytest

from mutants.cells import CELL_OPERATORS
from mutants.on_cilium import HARMLESS
from mutants.on_documents import BrokenDocument, broken_documents
from mutants.operators import CILIUM_OPERATORS, OPERATORS
from mutants.verdict import CiliumSubject, PlainSubject, Score, changes, ingress_of
from support.dialect_projects import BY_NAME, PROJECTS
from testbed.policy_engine import PolicyEngine

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


@pytest.mark.parametrize("name", [*PROJECTS, "by-name"])
def test_policies_of_cilium_are_broken_too(name: str, policy_engine: PolicyEngine) -> None:
    subject = CiliumSubject({**PROJECTS, "by-name": BY_NAME}[name], policy_engine)
    assert not subject.is_reported(subject.manifests)
    assert not subject.is_reported(subject.manifests, beside_others=True)
    total = Score()
    for operator, operate in CILIUM_OPERATORS.items():
        total += subject.score(operator, islice(operate(subject.manifests), 0, STEP * MOST, STEP))
    assert total.wrong == []
    assert total.killed == total.changing
    assert total.changing
    assert total.harmless


def test_every_operator_of_cilium_has_a_mutant(policy_engine: PolicyEngine) -> None:
    paths = (BY_NAME, PROJECTS["both-directions"])
    rendered = [CiliumSubject(path, policy_engine).manifests for path in paths]
    idle = {name for name, operate in CILIUM_OPERATORS.items() if not any(any(operate(it)) for it in rendered)}
    assert idle == set()
    assert not HARMLESS - CILIUM_OPERATORS.keys()


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
