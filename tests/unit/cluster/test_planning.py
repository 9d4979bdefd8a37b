"""What is done to a release, by the state it is in; what belongs to others is refused."""

from dataclasses import replace
from pathlib import Path

from egressc.cluster.changing import Action
from egressc.cluster.live import Owner
from egressc.cluster.planning import ReleaseTarget, find_conflict, plan_install
from egressc.cluster.releases import StoredRelease
from egressc.diagnostics.generated import whole_file
from support.tables import each

TARGET = ReleaseTarget(
    "web",
    "web",
    "shop",
    whole_file("services.md"),
    Path(),
    "service-policy",
    Path("web.yaml"),
    {"a": 1},
    "text\n",
    (("shop", "web"),),
)


def stored(status: str = "deployed", text: str = "text\n", chart: str = "service-policy") -> StoredRelease:
    return StoredRelease("web", "shop", 4, status, chart, "0.1.0", {"a": 1}, text, text, None)


@each(
    ("status", "good", "actions"),
    [
        ("deployed", 0, ()),
        ("failed", 0, (Action.UPGRADE,)),
        ("uninstalled", 0, (Action.INSTALL,)),
        ("pending-install", 0, (Action.CLEAR, Action.INSTALL)),
        ("uninstalling", 3, (Action.CLEAR, Action.INSTALL)),
        ("pending-upgrade", 3, (Action.GO_BACK, Action.UPGRADE)),
        ("pending-rollback", 3, (Action.GO_BACK, Action.UPGRADE)),
        ("pending-upgrade", 0, (Action.CLEAR, Action.INSTALL)),
    ],
)
def test_each_state_has_its_way_forward(status: str, good: int, actions: tuple[Action, ...]) -> None:
    step = plan_install(TARGET, stored(status), is_edited=False, good_revision=good)
    assert (step.actions if step else ()) == actions


def test_nothing_there_is_installed() -> None:
    step = plan_install(TARGET, None, is_edited=False, good_revision=0)
    assert step is not None
    assert step.actions == (Action.INSTALL,)


def test_another_manifest_is_upgraded_and_an_edited_one_replaced() -> None:
    upgrade = plan_install(TARGET, stored(text="older\n"), is_edited=False, good_revision=0)
    replace = plan_install(TARGET, stored(), is_edited=True, good_revision=0)
    assert upgrade is not None
    assert upgrade.actions == (Action.UPGRADE,)
    assert replace is not None
    assert replace.actions == (Action.REPLACE,)


@each(
    ("owner", "words"),
    [
        (Owner("", "", ""), "no release owns it"),
        (Owner("", "", "argocd"), "it is managed by argocd"),
        (Owner("web", "elsewhere", "Helm"), "it belongs to release elsewhere/web"),
        (Owner("web", "shop", "kustomize"), "it belongs to release shop/web"),
    ],
)
def test_a_policy_of_others_is_in_the_way(owner: Owner, words: str) -> None:
    conflict = find_conflict(TARGET, None, {("shop", "web"): owner})
    assert conflict is not None
    assert conflict.code.id == "EG646"
    assert conflict.message.endswith(words)


def test_a_policy_of_the_whole_cluster_has_no_namespace() -> None:
    key = ("", "ClusterNetworkPolicy guardrail-policy-metadata")
    target = replace(TARGET, namespace="kube-system", release="guardrail-policy", policies=(key,))
    conflict = find_conflict(target, None, {key: Owner("guardrail-policy", "elsewhere", "Helm")})
    assert conflict is not None
    assert conflict.message.startswith("policy ClusterNetworkPolicy guardrail-policy-metadata is in the way of")
    assert find_conflict(target, None, {key: Owner("guardrail-policy", "kube-system", "Helm")}) is None


def test_our_own_is_in_nobodys_way() -> None:
    owners = {("shop", "web"): Owner("web", "shop", "Helm"), ("shop", "other"): Owner("", "", "")}
    assert find_conflict(TARGET, stored(), owners) is None


def test_a_release_of_another_chart_is_refused_until_it_is_uninstalled() -> None:
    conflict = find_conflict(TARGET, stored(chart="web"), {})
    assert conflict is not None
    assert conflict.code.id == "EG647"
    assert find_conflict(TARGET, stored("uninstalled", chart="web"), {}) is None
