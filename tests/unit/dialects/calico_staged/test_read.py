"""One StagedKubernetesNetworkPolicy as flows: what the NetworkPolicy of its spec allows."""

import yaml

from egressc.diagnostics.core import Report
from egressc.dialects.reading import ALL_STAGED, KnownFacts
from egressc.model.dialects import CALICO_STAGED, DIALECTS
from egressc.source import Source
from egressc.verify.comparison.compare import compare
from egressc.verify.manifests.reader import Manifests, read_manifests
from support.policy_reading import policy_of, read
from support.shop_manifests import WEB
from support.tables import each

STAGED = WEB.replace("networking.k8s.io/v1", "projectcalico.org/v3").replace(
    "kind: NetworkPolicy", f"kind: {DIALECTS[CALICO_STAGED].kind}"
)
KEY = ("shop", f"{DIALECTS[CALICO_STAGED].kind} web")


def test_it_is_read_as_the_networkpolicy_of_its_spec() -> None:
    staged = policy_of(STAGED.replace("spec:\n", "spec:\n  stagedAction: Set\n"))
    assert compare([staged], [policy_of(WEB)]) == []
    assert compare([policy_of(STAGED)], [policy_of(WEB)]) == []


@each(
    ("old", "new", "path", "said"),
    [
        ("spec:", "spec:\n  stagedAction: Delete", "spec.stagedAction", '"Delete" is not Set'),
        ("spec:", "spec:\n  stagedAction: 1", "spec.stagedAction", "1 is not Set"),
        ("policyTypes: [Egress]", "policyTypes: []", "spec.policyTypes", "is missing"),
        ("  policyTypes: [Egress]\n", "", "spec.policyTypes", "is missing"),
        ("spec:", "spec:\n  order: 10", "spec.order", "is an unknown field"),
        ("port: 6379", "port: 70000", "spec.egress[0].ports[0].port", "70000 is not a port"),
    ],
)
def test_what_is_refused(old: str, new: str, path: str, said: str) -> None:
    assert old in STAGED
    policy, problems = read(STAGED.replace(old, new, 1))
    assert policy is None
    assert any(path == it.path and said in it.text for it in problems.found), problems.found


def test_a_field_that_is_null_is_absent() -> None:
    with_null = yaml.safe_load(STAGED)
    with_null["spec"]["stagedAction"] = None
    assert compare([policy_of(yaml.safe_dump(with_null))], [policy_of(WEB)]) == []


def look(text: str, *staged: tuple[str, str]) -> tuple[Manifests, list[str]]:
    report = Report()
    found = read_manifests([Source("rules.yaml", text)], report, known=KnownFacts(frozenset(staged)))
    return found, [it.code.id for it in report.diagnostics]


def test_only_those_that_are_asked_for_count() -> None:
    found, codes = look(STAGED)
    assert (found.policies, codes) == ((), ["EG664"])
    found, codes = look(STAGED, KEY)
    assert codes == []
    assert [it.key for it in found.policies] == [KEY]
    assert found.policies[0].is_staged
    assert look(STAGED, ("shop", "web"), ("other", KEY[1]))[1] == ["EG664"]


def test_one_that_does_not_count_is_not_looked_at() -> None:
    """Whatever is wrong with a policy that enforces nothing is no reason to stop."""
    assert look(STAGED.replace("port: 6379", "port: 70000"))[1] == ["EG664"]


@each(
    ("version", "kind"),
    [
        ("projectcalico.org/v3", "StagedNetworkPolicy"),
        ("projectcalico.org/v3", "StagedGlobalNetworkPolicy"),
        ("crd.projectcalico.org/v1", "StagedKubernetesNetworkPolicy"),
        ("projectcalico.org/v4", "StagedKubernetesNetworkPolicy"),
    ],
)
def test_other_staged_kinds_never_count(version: str, kind: str) -> None:
    text = f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: web, namespace: shop}}\nspec: {{order: 1}}\n"
    report = Report()
    found = read_manifests([Source("rules.yaml", text)], report, known=KnownFacts(ALL_STAGED))
    assert [it.code.id for it in report.diagnostics] == ["EG664"]
    assert found.policies == ()


def test_next_to_its_networkpolicy_it_is_another_policy() -> None:
    found, codes = look(f"{WEB}---\n{STAGED}", KEY)
    assert codes == []
    assert len(found.policies) == 2
