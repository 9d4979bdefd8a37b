"""Where policies of Calico are asked: by tiers, orders and names."""

from math import inf

from egressc.model.flows import Direction
from support.calico_kinds import CLUSTER, POLICY, SET, TIER
from support.calico_reading import allowing, read
from support.tables import each


def test_where_a_policy_is_asked() -> None:
    assert allowing("protocol: TCP").precedence is None
    beside = read(POLICY)[0][0].precedence
    assert beside is not None
    assert (beside.tier, beside.order, beside.by_index) == (0, -100, True)
    assert beside.isolates == frozenset(Direction)
    without = read(POLICY.replace("  order: 900\n", ""))[0][0].precedence
    assert without is not None
    assert without.order == inf


@each(
    ("tier", "place", "isolates"),
    [
        ("{order: 100, defaultAction: Pass}", (100 - 1e6) / 999_000, False),
        ("{order: 2000}", (2000 - 1e6) / 999_000, True),
        ("{order: 5000000, defaultAction: Deny}", 4 / 9, True),
        ("{}", inf, True),
    ],
)
def test_tiers(tier: str, place: float, isolates: bool) -> None:
    policy = read(POLICY.replace("order: 900", "tier: platform"), TIER[: TIER.index("spec")] + f"spec: {tier}\n")[0][0]
    assert policy.precedence is not None
    assert policy.precedence.tier == place
    assert bool(policy.precedence.isolates) == isolates


def test_a_tier_can_come_before_its_policies() -> None:
    changed = POLICY.replace("order: 900", "tier: platform")
    assert read(TIER, changed)[0] == read(changed, TIER)[0] or read(TIER, changed)[0][0].precedence is not None


def test_tiers_of_calico_need_no_manifest_and_stay_as_they_are() -> None:
    policy = read(CLUSTER.replace("tier: default", "tier: kube-admin"))[0][0]
    assert policy.precedence is not None
    assert (policy.precedence.tier, policy.precedence.isolates) == (-1, frozenset())
    own = TIER.replace("{name: platform}", "{name: kube-baseline}")
    assert read(own.replace("order: 100,", "order: 10000000,"))[1] == []
    assert any("that Calico creates" in it for it in read(own)[1])


@each(("former", "name"), [("adminnetworkpolicy", "kube-admin"), ("baselineadminnetworkpolicy", "kube-baseline")])
def test_tiers_of_calico_have_had_other_names(former: str, name: str) -> None:
    text = CLUSTER.replace("tier: default", f"tier: {former}")
    policy, said = read(text, SET)[0][0], read(text, SET)[1]
    assert policy.precedence == read(CLUSTER.replace("tier: default", f"tier: {name}"))[0][0].precedence
    assert said == []
    order = {"kube-admin": 1000, "kube-baseline": 10_000_000}[name]
    own = TIER.replace("{name: platform}", f"{{name: {former}}}")
    assert read(own.replace("order: 100,", f"order: {order},"), text, SET)[1] == []
    assert any("that Calico creates" in it for it in read(own)[1])


def test_two_tiers_of_one_order_are_refused() -> None:
    twin = TIER.replace("platform", "twin")
    _, said = read(POLICY.replace("order: 900", "tier: platform"), TIER, twin)
    assert any('"platform" has the order of the tier "twin"' in it for it in said)
    _, said = read(POLICY.replace("order: 900", "tier: platform"), TIER.replace("order: 100,", "order: 1000,"))
    assert any('has the order of the tier "kube-admin"' in it for it in said)


def policy_called(
    name: str, action: str, *, order: str = "order: 5", tier: str = "default", kind: str = "Global"
) -> str:
    return (
        f"apiVersion: projectcalico.org/v3\nkind: {kind}NetworkPolicy\nmetadata: {{name: {name}, namespace: shop}}\n"
        f"spec: {{tier: {tier}, {order}, egress: [{{action: {action}}}]}}\n"
    )


@each(
    ("first", "second"),
    [
        (policy_called("mmm", "Allow"), policy_called("default.zzz", "Deny")),
        (policy_called("mmm", "Allow", kind=""), policy_called("default.zzz", "Deny", kind="")),
        (policy_called("mmm", "Allow"), policy_called("default.mmm", "Deny")),
        (
            policy_called("mmm", "Pass", order="types: [Egress]"),
            policy_called("default.zzz", "Deny", order="types: [Egress]"),
        ),
    ],
)
def test_names_that_versions_of_calico_compare_differently(first: str, second: str) -> None:
    for texts in ((first, second), (second, first)):
        (said,) = read(*texts)[1]
        assert said.startswith("EG625")
        assert said.endswith('the same order, and some versions of Calico compare names with the prefix "default."')


@each(
    ("first", "second"),
    [
        (policy_called("mmm", "Allow"), policy_called("zzz", "Deny")),
        (policy_called("default.mmm", "Allow"), policy_called("default.zzz", "Deny")),
        (policy_called("default.mmm", "Allow"), policy_called("zzz", "Deny")),
        (policy_called("zzz", "Allow", order="order: 4"), policy_called("default.zzzz", "Deny")),
        (policy_called("mmm", "Allow", tier="platform"), policy_called("platform.zzz", "Deny", tier="platform")),
    ],
)
def test_names_in_one_order_for_every_version(first: str, second: str) -> None:
    for texts in ((first, second, TIER), (second, first, TIER)):
        policies, said = read(*texts)
        assert said == []
        places = sorted((it.precedence, it.name) for it in policies if it.precedence is not None)
        asked = [first.partition("name: ")[2].partition(",")[0], second.partition("name: ")[2].partition(",")[0]]
        assert [name for _, name in places] == asked
