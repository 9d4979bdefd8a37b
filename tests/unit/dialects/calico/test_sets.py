"""Network sets of Calico, and which of them rules select."""

from egressc.model.address_sets import NO_ADDRESSES, block, join_addresses
from support.calico_kinds import CLUSTER, POLICY, SET, TIER
from support.calico_reading import NAMESPACES, read
from support.tables import each

_NETS = join_addresses((block("203.0.113.0/24"), block("198.51.100.7/32")))
_OWN = SET.replace("GlobalNetworkSet", "NetworkSet").replace("name: banned,", "name: own, namespace: {},")


@each(
    ("end", "is_selected"),
    [
        ("{selector: role == 'banned'}", False),
        ("{namespaceSelector: global(), selector: role == 'banned'}", True),
        ("{namespaceSelector: global()}", True),
        ("{namespaceSelector: global(), selector: role == 'other'}", False),
        ("{namespaceSelector: all(), selector: role == 'banned'}", False),
        ("{namespaceSelector: '!has(team)', selector: role == 'banned'}", True),
        ("{namespaceSelector: has(team), selector: role == 'banned'}", False),
        ("{namespaceSelector: '!has(team)', selector: projectcalico.org/orchestrator == 'k8s'}", False),
    ],
)
def test_sets_of_the_whole_cluster(end: str, is_selected: bool) -> None:
    for order in (1, -1):
        texts = [POLICY.replace("{action: Log}", f"{{action: Allow, destination: {end}}}"), SET][::order]
        rule = (read(*texts)[0][0].egress or ())[3]
        assert rule.addresses == (_NETS if is_selected else NO_ADDRESSES)


@each("action", ["Allow", "Deny", "Pass"])
@each(
    ("end", "is_told"),
    [
        ("{namespaceSelector: global()}", False),
        ("{namespaceSelector: global(), selector: role == 'other'}", True),
        ("{namespaceSelector: global(), selector: role == 'banned'}", False),
        ("{namespaceSelector: '!has(team)', selector: role == 'other'}", False),
        ("{selector: role == 'other'}", False),
        ("{nets: [203.0.113.0/24]}", False),
    ],
)
def test_rules_that_need_a_network_set_which_is_missing_are_told(end: str, is_told: bool, action: str) -> None:
    text = POLICY.replace("{action: Log}", f"{{action: {action}, destination: {end}}}")
    policies, said = read(text, SET)
    missing = "EG639 spec.egress[3] of policy shop/one: selects no pods, and none of the network sets"
    assert any(it.startswith(missing) for it in said) is is_told
    assert len(policies) == 1
    assert not any("network sets" in it for it in read(text, SET, is_live=True)[1])


def test_a_network_set_without_networks_is_not_missing() -> None:
    text = POLICY.replace("{action: Log}", "{action: Allow, destination: {namespaceSelector: global()}}")
    assert any("network sets" in it for it in read(text)[1])
    policies, said = read(text, SET.replace("[203.0.113.0/24, 198.51.100.7]", "[]"))
    assert not any("network sets" in it for it in said)
    rule = (policies[0].egress or ())[3]
    assert (rule.pods, rule.addresses) == ((), NO_ADDRESSES)


@each(
    ("home", "end", "is_selected"),
    [
        ("shop", "{selector: role == 'banned'}", True),
        ("data", "{selector: role == 'banned'}", False),
        ("shop", "{notSelector: role == 'banned'}", False),
        ("shop", "{notSelector: role == 'other'}", True),
        ("data", "{namespaceSelector: team == 'data', selector: role == 'banned'}", True),
        ("shop", "{namespaceSelector: team == 'data', selector: role == 'banned'}", False),
        ("data", "{namespaceSelector: all(), selector: role == 'banned'}", True),
        ("data", "{namespaceSelector: global(), selector: role == 'banned'}", False),
        ("data", "{namespaceSelector: projectcalico.org/name == 'data'}", True),
        (
            "data",
            "{namespaceSelector: projectcalico.org/name == 'data', selector: projectcalico.org/orchestrator == 'k8s'}",
            False,
        ),
        ("shop", "{selector: projectcalico.org/namespace == 'shop' && pcns.team == 'shop'}", True),
    ],
)
def test_sets_of_a_namespace(home: str, end: str, is_selected: bool) -> None:
    text = POLICY.replace("{action: Log}", f"{{action: Allow, destination: {end}}}")
    rule = (read(text, _OWN.replace("namespace: {}", f"namespace: {home}"), NAMESPACES)[0][0].egress or ())[3]
    assert rule.addresses == (_NETS if is_selected else NO_ADDRESSES)


def test_what_a_set_leaves_out_is_in_no_other_set() -> None:
    """`notSelector` goes by addresses: what a set that it selects holds is left out, wherever that set is."""
    end = "{selector: role == 'banned', notSelector: role == 'kept'}"
    text = POLICY.replace("{action: Log}", f"{{action: Allow, destination: {end}}}")
    own = _OWN.replace("namespace: {}", "namespace: shop")
    kept = SET.replace("name: banned, labels: {role: banned}", "name: kept, labels: {role: kept}")
    kept = kept.replace("[203.0.113.0/24, 198.51.100.7]", "[203.0.113.128/25]")
    for texts in ((text, own, kept, NAMESPACES), (kept, NAMESPACES, own, text)):
        rule = (read(*texts)[0][0].egress or ())[3]
        assert rule.addresses == join_addresses((block("203.0.113.0/25"), block("198.51.100.7/32")))


def test_sets_in_a_namespace_of_unknown_labels_are_refused() -> None:
    _, said = read(POLICY, _OWN.replace("namespace: {}", "namespace: elsewhere"))
    assert any("may select the set own: labels of namespace elsewhere are unknown" in it for it in said)


def test_sets_that_are_denied() -> None:
    policies, said = read(CLUSTER, SET)
    assert (policies[0].egress or ())[0].addresses == _NETS
    assert said == []
    assert any("EG639" in it for it in read(CLUSTER, SET.replace("203.0.113.0/24", "10.0.0.0/8"))[1])


@each(
    ("old", "new", "said"),
    [
        ("203.0.113.0/24", "203.0.113.1/24", "EG618 spec.nets[0]"),
        ("203.0.113.0/24", "example.com", "EG611 spec.nets[0]"),
        ("role: banned", "role: '!'", "EG611 metadata.labels"),
    ],
)
def test_what_is_wrong_with_a_set(old: str, new: str, said: str) -> None:
    assert any(it.startswith(said) for it in read(SET.replace(old, new))[1])


@each("manifest", [TIER, SET, _OWN.replace("namespace: {}", "namespace: shop")])
def test_tiers_and_sets_have_one_meaning_each(manifest: str) -> None:
    """Which of two a cluster has, nobody can say."""
    assert read(manifest, manifest)[1] == []
    changed = manifest.replace("order: 100,", "order: 200,").replace("198.51.100.7", "198.51.100.8")
    assert ["EG611 spec" in it and "elsewhere in these manifests" in it for it in read(manifest, changed)[1]] == [True]
