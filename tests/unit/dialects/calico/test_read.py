"""Policies of Calico as flows, next to the tiers and network sets that they need.

What an API server says of the same: tests/cluster/exports/test_calico_kinds.py.
"""

from egressc.model.address_sets import NO_ADDRESSES, block, holds, named
from egressc.model.flows import EVERY_POD, Pod, PodClass, RuleAction
from egressc.model.host_sets import ENTITY
from egressc.model.label_classes import namespace, select, select_namespaces
from egressc.model.policy import Expression, Operator, Port, Protocol, Selector
from egressc.model.port_sets import EVERY_PORT, of_protocol, port_set
from egressc.verify.flows.verdicts import Judge
from support.calico_kinds import CLUSTER, KINDS, POLICY, TIER, UNREAD, WRONG, WRONG_TO_CALICO
from support.calico_reading import allowing, labels, policy_of, read
from support.cluster_policy_kinds import Neighbour
from support.tables import each

_NO_X = Expression("x", Operator.DOES_NOT_EXIST)


@each("neighbour", [*WRONG, *WRONG_TO_CALICO, *UNREAD])
def test_what_is_refused(neighbour: Neighbour) -> None:
    policies, said = read(neighbour.changed)
    assert any(it.startswith(f"EG611 {neighbour.path}") and neighbour.said in it for it in said), (neighbour, said)
    assert len(policies) <= 1


@each("text", KINDS)
def test_what_is_right(text: str) -> None:
    _, said = read(text)
    assert [it for it in said if "EG639" not in it] == []


def test_what_a_policy_selects() -> None:
    policy, *_ = read(POLICY)[0]
    canary = Expression("canary", Operator.DOES_NOT_EXIST)
    assert policy.subject == PodClass(namespace("shop"), select(Selector((("app", "web"),), (canary,))))
    assert policy.key == ("shop", "NetworkPolicy.projectcalico.org one")
    of_cluster, *_ = read(CLUSTER)[0]
    assert of_cluster.subject == PodClass(select_namespaces(labels(team="data")), frozenset())
    assert of_cluster.key == ("", "GlobalNetworkPolicy one")


def test_the_rules_of_a_policy() -> None:
    policy, *_ = read(POLICY)[0]
    data, denied, server = policy.egress or ()
    assert data.pods == (PodClass(select_namespaces(labels(team="data")), select(labels(app="db"))),)
    assert data.addresses == NO_ADDRESSES
    assert data.ports == port_set(
        (Port(Protocol.TCP, 5432), Port(Protocol.TCP, 8000, 8100), Port(Protocol.TCP, "http"))
    )
    assert (denied.action, denied.addresses) == (RuleAction.DENY, block("10.0.0.0/8", ["10.1.0.0/16"]))
    assert denied.ports == port_set((Port(Protocol.UDP, 1, 52), Port(Protocol.UDP, 54, 65535)))
    assert server.addresses == named(f"{ENTITY}kube-apiserver")
    assert server.ports == port_set((Port(Protocol.TCP, 6443),))
    (passed,) = policy.ingress or ()
    teams = (Expression("team", Operator.EXISTS), Expression("team", Operator.NOT_IN, ("red",)))
    assert passed.action is RuleAction.PASS
    assert passed.pods == (PodClass(namespace("shop"), select(Selector((), teams))),)
    assert passed.ports == port_set((Port(Protocol.SCTP, 7000),))


@each(
    ("types", "rules", "egress", "ingress"),
    [
        ("", "", None, ()),
        ("", "egress: [{action: Log}]", (), None),
        ("", "ingress: [{action: Log}]", None, ()),
        ("", "egress: [{action: Log}], ingress: [{action: Log}]", (), ()),
        ("types: [Egress]", "ingress: [{action: Allow}]", (), None),
        ("types: [Ingress, Egress]", "", (), ()),
    ],
)
def test_types(types: str, rules: str, egress: tuple[()] | None, ingress: tuple[()] | None) -> None:
    spec = ", ".join(filter(None, ("order: 1000", types, rules)))
    text = (
        f"apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {{name: a, namespace: b}}\nspec: {{{spec}}}"
    )
    policy = policy_of(text)
    assert (policy.egress, policy.ingress) == (egress, ingress)


@each(
    ("end", "pods"),
    [
        ("{}", (EVERY_POD,)),
        ("{ports: [80]}", (EVERY_POD,)),
        ("{selector: all()}", (PodClass(namespace("shop"), frozenset()),)),
        ("{notSelector: has(x)}", (PodClass(namespace("shop"), select(Selector((), (_NO_X,)))),)),
        ("{namespaceSelector: all()}", (EVERY_POD,)),
        ("{namespaceSelector: projectcalico.org/name == 'data'}", (PodClass(namespace("data"), frozenset()),)),
        (
            "{namespaceSelector: kubernetes.io/metadata.name == 'data', selector: app == 'db'}",
            (PodClass(namespace("data"), select(labels(app="db"))),),
        ),
        (
            "{selector: app == 'db' || tier == 'db'}",
            tuple(PodClass(namespace("shop"), select(labels(**{key: "db"}))) for key in ("app", "tier")),
        ),
    ],
)
def test_pods_at_the_other_end(end: str, pods: tuple[PodClass, ...]) -> None:
    (rule,) = allowing(f"protocol: TCP, destination: {end}").egress or ()
    assert set(rule.pods) == set(pods)


def test_an_end_without_anything_is_everything() -> None:
    (rule,) = allowing("protocol: TCP").egress or ()
    assert holds(rule.addresses, "203.0.113.1")
    assert holds(rule.addresses, f"{ENTITY}kube-apiserver")
    (rule,) = allowing("source: {}", direction="ingress").ingress or ()
    assert (rule.pods, rule.ports) == ((EVERY_POD,), EVERY_PORT)


def test_selectors_of_the_whole_cluster_are_in_every_namespace() -> None:
    (rule,) = allowing("destination: {selector: app == 'db'}", kind="GlobalNetworkPolicy").egress or ()
    assert rule.pods == (PodClass(frozenset(), select(labels(app="db"))),)


@each(
    ("protocol", "ports"),
    [
        ("protocol: TCP", of_protocol(EVERY_PORT, Protocol.TCP)),
        ("protocol: 17", of_protocol(EVERY_PORT, Protocol.UDP)),
        ("notProtocol: TCP", port_set((Port(Protocol.UDP, None), Port(Protocol.SCTP, None)))),
        ("notProtocol: ICMP", EVERY_PORT),
        ("protocol: TCP, destination: {ports: ['443']}", port_set((Port(Protocol.TCP, 443),))),
    ],
)
def test_protocols(protocol: str, ports: object) -> None:
    (rule,) = allowing(protocol).egress or ()
    assert rule.ports == ports


@each(
    "rule",
    [
        *("protocol: TCP, destination: {ports: ['%s']}", "protocol: TCP, destination: {ports: [%s]}"),
        *("protocol: TCP, destination: {ports: ['1:%s']}", "protocol: TCP, destination: {notPorts: ['%s:2']}"),
        *("protocol: TCP, destination: {ports: ['%s:%s']}", "protocol: TCP, ipVersion: %s"),
        *("protocol: %s", "protocol: '%s'", "notProtocol: %s"),
        "protocol: TCP, destination: {nets: [10.0.0.0/%s]}",
    ],
)
def test_numbers_of_any_length_are_refused_in_words(rule: str) -> None:
    digits = "1" * 5000  # more than Python reads
    said = read(POLICY.replace("{action: Log}", f"{{action: Allow, {rule.replace('%s', digits)}}}"))[1]
    assert any(it.startswith("EG611 spec.egress[3].") for it in said)


@each("order", ["1" * 5000, "-" + "1" * 5000, "1e5000", "0x" + "f" * 5000])
def test_orders_of_any_length_are_refused_in_words(order: str) -> None:
    for text, found in ((POLICY, "order: 900"), (TIER, "order: 100")):
        assert any(it.startswith("EG611 spec.order") for it in read(text.replace(found, f"order: {order}"))[1])


def test_zeros_in_front_of_a_port_count_for_nothing() -> None:
    (rule,) = allowing(f"protocol: TCP, destination: {{ports: ['{'0' * 5000}443']}}").egress or ()
    assert rule.ports == port_set((Port(Protocol.TCP, 443),))


@each("protocol", ["ICMP", "ICMPv6", "1", "UDPLite", "ICMP, icmp: {type: 8}"])
def test_protocols_that_no_flow_has_are_told(protocol: str) -> None:
    text = POLICY.replace("{action: Log}", f"{{action: Deny, protocol: {protocol}}}")
    policies, said = read(text)
    assert len(policies[0].egress or ()) == 3
    assert any(it.startswith("EG639 spec.egress[3] of policy shop/one: is about a protocol") for it in said)


@each(
    ("nets", "version"),
    [("nets: [10.0.0.0/8]", "4"), ("nets: ['fd00::/8']", "6")],
)
def test_networks_of_a_family(nets: str, version: str) -> None:
    (rule,) = allowing(f"ipVersion: {version}, destination: {{{nets}}}").egress or ()
    assert rule.addresses
    other = "6" if version == "4" else "4"
    _, said = read(POLICY.replace("{action: Log}", f"{{action: Allow, ipVersion: {other}, destination: {{{nets}}}}}"))
    assert any("is not the family of the networks" in it for it in said)


def test_what_denies_networks_of_pods_is_told() -> None:
    said = read(POLICY)[1]
    assert [it.partition(":")[0] for it in said if "pods and nodes" in it] == [
        "EG639 spec.egress[1].destination.nets of policy shop/one"
    ]
    assert read(POLICY.replace("10.0.0.0/8], notNets: [10.1.0.0/16]", "203.0.113.0/24]"))[1] == []


@each(("order", "is_told"), [(100, True), (1000, False)])
def test_what_opens_networks_of_pods_before_other_policies_is_told(order: int, is_told: bool) -> None:
    """At the order of NetworkPolicies it is as good as one: what it opens is open in addition."""
    text = f"""
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {{name: early}}
spec: {{order: {order}, selector: app == 'web', egress: [{{action: Allow, destination: {{nets: [10.0.0.0/8]}}}}]}}
"""
    said = read(text)[1]
    assert ["also opens pods and nodes" in it for it in said] == [True] * is_told


def test_what_denies_most_addresses_denies_hosts_and_the_api_server() -> None:
    text = POLICY.replace("nets: [10.0.0.0/8], notNets: [10.1.0.0/16]", "nets: [0.0.0.0/0]")
    rule = (read(text)[0][0].egress or ())[1]
    assert holds(rule.addresses, "api.example.com")
    assert holds(rule.addresses, f"{ENTITY}kube-apiserver")


def test_the_port_of_the_api_server_is_what_the_project_says() -> None:
    policies, said = read(POLICY, port=443)
    assert (policies[0].egress or ())[2].ports == port_set((Port(Protocol.TCP, 443),))
    policies, said = read(POLICY, port=0)
    assert (policies[0].egress or ())[2].ports == of_protocol(EVERY_PORT, Protocol.TCP)
    assert any("which is not known here" in it for it in said)
    denying = POLICY.replace("{action: Allow, destination: {serv", "{action: Deny, destination: {serv")
    assert any("EG611" in it and "whose ports are unknown" in it for it in read(denying, port=0)[1])


def test_the_api_server_as_a_caller() -> None:
    service = "source: {services: {name: kubernetes, namespace: default}}, protocol: TCP, destination: {ports: [9443]}"
    (rule,) = allowing(service, direction="ingress").ingress or ()
    assert (rule.addresses, rule.ports) == (named(f"{ENTITY}kube-apiserver"), port_set((Port(Protocol.TCP, 9443),)))


# Network sets


def test_a_policy_that_does_not_count_changes_none_of_the_same_name() -> None:
    hook = POLICY.replace("{name: one,", "{name: one, annotations: {helm.sh/hook: post-install},")
    hook = hook.replace("5432", "1")
    (policy,), said = read(POLICY, hook)
    assert any(it.startswith("EG619") for it in said)
    assert policy.egress == read(POLICY)[0][0].egress


def test_policies_of_the_interfaces_of_hosts_are_skipped() -> None:
    for field in ("preDNAT", "doNotTrack"):
        text = CLUSTER.replace("order: 10\n", f"order: 10\n  {field}: true\n  applyOnForward: true\n")
        assert read(text) == ((), [])


def test_a_policy_for_no_pod_is_none() -> None:
    assert read(CLUSTER.replace("selector: all()", "selector: projectcalico.org/orchestrator == 'openstack'")) == (
        (),
        [],
    )


def test_policies_as_calico_stores_them_are_not_read() -> None:
    said = read(POLICY.replace("projectcalico.org/v3", "crd.projectcalico.org/v1"))[1]
    assert [it[:5] for it in said] == ["EG612"]


def test_of_two_policies_of_one_name_the_last_counts() -> None:
    again = POLICY.replace("app == 'web'", "app == 'other'")
    policies, said = read(POLICY, again)
    assert [it[:5] for it in said if "EG639" not in it] == ["EG614"]
    assert policies == read(again)[0] or len(policies) == 1


@each(
    ("ports", "open_at", "closed_at"),
    [
        ("notPorts: [25]", (24, 26), (25,)),
        ('ports: ["20:30"], notPorts: [25]', (20, 30), (25, 31)),
        ("ports: [http], notPorts: [25]", (), (25,)),
        ("notPorts: [smtp, 25]", (24,), (25,)),
        ("ports: [25], notPorts: [25]", (), (25,)),
    ],
)
def test_ports_that_a_rule_leaves_out(ports: str, open_at: tuple[int, ...], closed_at: tuple[int, ...]) -> None:
    """Also where one connection is asked for: what is left out is no part of the rule."""
    pod = Pod("shop", {"app": "web"})
    judge = Judge([allowing(f"protocol: TCP, destination: {{nets: [198.51.100.0/24], {ports}}}")])
    for port, is_open in (*((it, True) for it in open_at), *((it, False) for it in closed_at)):
        assert judge.judge(pod, "198.51.100.5", Protocol.TCP, port).allowed is is_open, port
