"""One policy of the whole cluster as flows: what is read, what is overlooked, and what is refused.

What an API server says of the same: tests/cluster/exports/test_cluster_policy_kinds.py. What Cilium's own engine
decides by such policies: tests/oracles/test_cilium_verdicts.py.
"""

from egressc.dialects.cluster_policies.forms import ADMIN as ADMIN_TIER
from egressc.dialects.cluster_policies.forms import BASELINE as BASELINE_TIER
from egressc.model.flows import Direction, Precedence, RuleAction
from egressc.model.host_sets import host_set
from egressc.model.policy import Port, Protocol
from egressc.model.port_sets import EVERY_PORT, port_set
from egressc.source import Source, Span
from support.cluster_policy_kinds import ADMIN, BASELINE, CLUSTER, EKS, KINDS, UNREAD, WRONG
from support.policy_reading import policy_of, read
from support.tables import each

_PLACE = Span(Source("policy.yaml", ""), 0, 0)
_DENY, _ALLOW, _PASS = RuleAction.DENY, RuleAction.ALLOW, RuleAction.PASS


@each(("manifest", "old", "new", "path", "said"), [*WRONG, *UNREAD])
def test_what_is_refused(manifest: str, old: str, new: str, path: str, said: str) -> None:
    assert old in manifest
    policy, problems = read(manifest.replace(old, new, 1))
    assert policy is None
    assert any(path in it.path and said in it.text for it in problems.found), problems.found


@each(
    ("manifest", "tier", "order", "actions"),
    [
        (CLUSTER, ADMIN_TIER, 10, [_DENY, _ALLOW, _PASS, _DENY]),
        (ADMIN, ADMIN_TIER, 1000, [_ALLOW, _PASS, _DENY]),
        (BASELINE, BASELINE_TIER, 0, [_ALLOW, _DENY, _DENY]),
        (EKS, BASELINE_TIER, 0, [_ALLOW, _PASS, _DENY]),
    ],
)
def test_its_place_and_what_its_rules_do(manifest: str, tier: int, order: int, actions: list[RuleAction]) -> None:
    policy = policy_of(manifest)
    assert policy.namespace == ""
    assert policy.precedence == Precedence(tier, order, by_index=True, isolates=frozenset())
    assert [rule.action for _, rule in policy.every_rule()] == actions
    assert [rule.index for rule in policy.egress or ()] == [*range(len(policy.egress or ()))]
    assert not any(policy.isolates(direction) for direction in Direction)


def test_the_admin_tier_comes_before_network_policies_and_the_baseline_after_them() -> None:
    assert ADMIN_TIER < Precedence().tier < BASELINE_TIER


def test_both_versions_say_the_same() -> None:
    assert policy_of(KINDS[0]) == policy_of(KINDS[1])


def test_a_direction_without_rules_is_left_alone() -> None:
    text = CLUSTER.replace("  ingress:\n", "  ingress: []\n").rpartition("  - {action: Deny, from")[0]
    assert policy_of(text).ingress is None


@each(
    ("manifest", "ports"),
    [
        (CLUSTER, (Port(Protocol.TCP, 443), Port(Protocol.UDP, 1, 65535))),
        (ADMIN, (Port(Protocol.TCP, 443), Port(Protocol.UDP, 8000, 8100))),
    ],
)
def test_ports(manifest: str, ports: tuple[Port, ...]) -> None:
    assert (policy_of(manifest).egress or ())[0].ports == port_set(ports)


@each(
    ("manifest", "rule", "protocols"),
    [(CLUSTER, 2, (Protocol.TCP, Protocol.UDP, Protocol.SCTP)), (EKS, 1, (Protocol.TCP,))],
)
def test_a_named_port_is_of_any_protocol_but_in_eks(manifest: str, rule: int, protocols: tuple[Protocol, ...]) -> None:
    rules = policy_of(manifest).egress or ()
    assert rules[rule].ports == port_set(tuple(Port(it, "http") for it in protocols))


def test_no_ports_are_every_port() -> None:
    assert (policy_of(CLUSTER).egress or ())[1].ports == EVERY_PORT


def test_names_are_of_any_depth_and_are_learned_without_a_rule_of_dns() -> None:
    policy, problems = read(CLUSTER)
    assert policy is not None
    hosts = host_set(("**.example.com", "api.example.org"))
    assert (policy.egress or ())[1].addresses.hosts == hosts
    assert policy.resolves == hosts
    assert [it.path for it in problems.overlooked] == ["spec.egress[1].to[0].domainNames"]


@each(
    ("manifest", "is_told"),
    [
        (CLUSTER.replace('{domainNames: ["*.example.com", api.example.org.]}', "{namespaces: {}}"), True),
        (BASELINE, False),
        (EKS, False),
    ],
)
def test_what_cilium_opens_beyond_the_baseline_is_told(manifest: str, is_told: bool) -> None:
    _, problems = read(manifest.replace("tier: Admin", "tier: Baseline"))
    assert [it.path for it in problems.overlooked] == (["spec.egress[1].action"] if is_told else [])


@each("manifest", [ADMIN, BASELINE, EKS])
def test_older_definitions_take_networks_with_host_bits(manifest: str) -> None:
    policy, problems = read(manifest.replace("10.0.0.0/8", "10.1.0.0/8"))
    assert policy is not None
    assert (policy.egress or ())[0].addresses == (policy_of(manifest).egress or ())[0].addresses
    assert [it.path for it in problems.doubts] == ["spec.egress[0].to[0].networks[0]"]


@each(
    ("networks", "action", "is_of_hosts"),
    [
        ("0.0.0.0/0", "Deny", True),
        ("0.0.0.0/0", "Pass", True),
        ("0.0.0.0/0", "Accept", False),
        ("0.0.0.0/0, '::/0'", "Accept", True),
        ("10.0.0.0/8", "Deny", False),
    ],
)
def test_what_decides_about_most_addresses_decides_about_hosts(networks: str, action: str, is_of_hosts: bool) -> None:
    text = CLUSTER.replace("action: Deny\n", f"action: {action}\n").replace('10.0.0.0/8, "fd00::/8"', networks)
    assert (policy_of(text).egress or ())[0].addresses.names_hosts is is_of_hosts


def test_a_peer_that_nothing_can_be_is_left_out() -> None:
    impossible = "{namespaces: {matchExpressions: [{key: a, operator: Exists}, {key: a, operator: DoesNotExist}]}}"
    text = CLUSTER.replace("[{namespaces: {}}, {pods: {podSelector: {}}}]", f"[{impossible}]")
    assert (policy_of(text).egress or ())[2].pods == ()


@each(
    ("old", "new", "plain"),
    [
        (", protocols: [{destinationNamedPort: http}]", ", protocols: null", ""),
        ("{namespaces: {}}", "{namespaces: {matchLabels: {team: null}}, pods: null}", "{namespaces: {}}"),
        ("name: data", "name: null", "name: data"),
    ],
)
def test_null_is_absent_as_an_api_server_has_it(old: str, new: str, plain: str) -> None:
    assert old in CLUSTER
    assert policy_of(CLUSTER.replace(old, new)) == policy_of(CLUSTER.replace(old, plain))
