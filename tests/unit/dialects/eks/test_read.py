"""One ApplicationNetworkPolicy as flows: a NetworkPolicy whose egress also names hosts.

What an API server says of the same: tests/cluster/exports/test_host_policy_kinds.py.
"""

import yaml

from egressc.dialects.kubernetes import read as kubernetes
from egressc.dialects.shapes.fields import Problems
from egressc.model.address_sets import block
from egressc.model.flows import Direction
from egressc.model.host_sets import host_set
from egressc.model.policy import Port, Protocol
from egressc.model.port_sets import port_set
from egressc.source import Source, Span
from support.host_policy_kinds import EKS, NAMES, UNREAD, WRONG, Named
from support.policy_reading import policy_of, read
from support.tables import each

_PLACE = Span(Source("policy.yaml", ""), 0, 0)


@each(
    ("manifest", "old", "new", "path", "said"),
    [it for it in (*WRONG, *UNREAD) if "ApplicationNetworkPolicy" in it.manifest],
)
def test_what_is_refused(manifest: str, old: str, new: str, path: str, said: str) -> None:
    assert old in manifest
    policy, problems = read(manifest.replace(old, new, 1))
    assert policy is None
    assert any(path in it.path and said in it.text for it in problems.found), problems.found


@each("named", [it for it in NAMES if it.manifest == EKS])
def test_names(named: Named) -> None:
    """They are learned from any DNS answer: no rule of DNS has to be next to them."""
    policy = policy_of(named.changed)
    assert (policy.egress or ())[0].addresses.hosts == host_set((named.means,))
    assert policy.resolves == host_set((named.means,))


def test_peers_and_ports() -> None:
    named, others = policy_of(EKS).egress or ()
    assert named.pods == ()
    assert named.addresses.hosts == host_set(("api.example.com", "**.example.org"))
    assert named.ports == port_set((Port(Protocol.TCP, 443), Port(Protocol.UDP, 8000, 8100)))
    assert len(others.pods) == 1
    assert others.addresses == block("10.0.0.0/8", ["10.1.0.0/16"])
    assert others.ports == port_set((Port(Protocol.TCP, "http"),))


@each(
    ("types", "isolated"),
    [
        ("policyTypes: [Egress, Ingress]", {Direction.EGRESS, Direction.INGRESS}),
        ("policyTypes: [Egress]", {Direction.EGRESS}),
        ("policyTypes: [Ingress]", {Direction.INGRESS}),
        ("policyTypes: []", {Direction.EGRESS, Direction.INGRESS}),
        ("policyTypes: null", {Direction.EGRESS, Direction.INGRESS}),
    ],
)
def test_it_isolates_by_its_types(types: str, isolated: set[Direction]) -> None:
    policy = policy_of(EKS.replace("policyTypes: [Egress, Ingress]", types))
    assert {it for it in Direction if policy.rules(it) is not None} == isolated


@each(
    ("old", "new"),
    [
        ("{domainNames:", "{podSelector: null, domainNames:"),
        ("{podSelector: {matchExp", "{ipBlock: null, podSelector: {matchExp"),
        ("{app: web}", "{app: web, team: null}"),
        ("{protocol: TCP, port: 443}", "{protocol: null, port: 443}"),
    ],
)
def test_a_field_that_is_null_is_absent(old: str, new: str) -> None:
    assert old in EKS
    assert policy_of(EKS.replace(old, new)) == policy_of(EKS)


def test_a_status_is_let_be() -> None:
    assert policy_of(f"{EKS}status: {{conditions: []}}\n") == policy_of(EKS)


def test_a_wrong_spec_is_told_once() -> None:
    _, problems = read(EKS[: EKS.index("spec:")] + "spec: [1]\n")
    assert [(it.path, it.text) for it in problems.found] == [("spec", "must be a mapping"), ("spec", "is missing")]


def test_a_networkpolicy_has_no_names() -> None:
    manifest = yaml.safe_load(EKS)
    problems = Problems()
    reader = kubernetes.readers()[kubernetes.KIND]
    assert reader.read(manifest, "shop", "one", origin=_PLACE, path="", problems=problems) is None
    assert [it.path for it in problems.found][:1] == ["spec.egress[0].to[0].domainNames"]
