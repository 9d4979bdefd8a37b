"""One FQDNNetworkPolicy as flows: hosts in addition to what NetworkPolicies allow.

What an API server says of the same: tests/cluster/exports/test_host_policy_kinds.py.
"""

from egressc.model.host_sets import host_set
from egressc.model.policy import Port, Protocol
from egressc.model.port_sets import EVERY_PORT, PortSet, port_set
from egressc.source import Source, Span
from support.host_policy_kinds import GKE, NAMES, UNREAD, WRONG, Named
from support.policy_reading import policy_of, read
from support.tables import each

_PLACE = Span(Source("policy.yaml", ""), 0, 0)
_PORTS = "[{protocol: TCP, port: 443}, {protocol: ALL}]"


@each(("manifest", "old", "new", "path", "said"), [it for it in (*WRONG, *UNREAD) if it.manifest == GKE])
def test_what_is_refused(manifest: str, old: str, new: str, path: str, said: str) -> None:
    assert old in manifest
    policy, problems = read(manifest.replace(old, new, 1))
    assert policy is None
    assert any(path in it.path and said in it.text for it in problems.found), problems.found


@each("named", [it for it in NAMES if it.manifest == GKE])
def test_names(named: Named) -> None:
    """They are learned from any DNS answer: no rule of DNS has to be next to them."""
    policy = policy_of(named.changed)
    assert (policy.egress or ())[0].addresses.hosts == host_set((named.means,))
    assert policy.resolves == host_set((named.means, "*.*.example.net"))


def test_it_isolates_egress_alone() -> None:
    policy = policy_of(GKE)
    assert policy.egress is not None
    assert policy.ingress is None
    assert [rule.pods for rule in policy.egress] == [(), ()]
    assert [rule.index for rule in policy.egress] == [0, 1]


@each(
    ("ports", "opened"),
    [
        ("[]", EVERY_PORT),
        ("null", EVERY_PORT),
        ("[{}]", EVERY_PORT),
        ("[{protocol: ALL}]", EVERY_PORT),
        ("[{port: null, protocol: null}]", EVERY_PORT),
        ("[{port: 65535}]", port_set(tuple(Port(it, 65535) for it in Protocol))),
        ("[{port: 1, protocol: ALL}]", port_set(tuple(Port(it, 1) for it in Protocol))),
        ("[{protocol: UDP}]", port_set((Port(Protocol.UDP, None),))),
        (
            "[{port: 443, protocol: TCP}, {port: 53, protocol: UDP}]",
            port_set((Port(Protocol.TCP, 443), Port(Protocol.UDP, 53))),
        ),
    ],
)
def test_ports(ports: str, opened: PortSet) -> None:
    assert _PORTS in GKE
    assert (policy_of(GKE.replace(_PORTS, ports)).egress or ())[0].ports == opened


def test_no_ports_are_every_port() -> None:
    assert (policy_of(GKE).egress or ())[1].ports == EVERY_PORT


@each(
    ("old", "new"),
    [
        ("{name: api", "{pattern: null, name: api"),
        ("{app: web}", "{app: web, team: null}"),
        ("{matchLabels: {app: web}}", "{matchLabels: {app: web}, matchExpressions: null}"),
    ],
)
def test_a_field_that_is_null_is_absent(old: str, new: str) -> None:
    assert old in GKE
    assert policy_of(GKE.replace(old, new)) == policy_of(GKE)


def test_a_status_is_let_be() -> None:
    assert policy_of(f"{GKE}status: {{}}\n") == policy_of(GKE)


@each("spec", ["[1]", "5", "text"])
def test_a_wrong_spec_is_refused(spec: str) -> None:
    policy, problems = read(f"{GKE[: GKE.index('spec:')]}spec: {spec}\n")
    assert policy is None
    assert ("spec", "must be a mapping") in [(it.path, it.text) for it in problems.found]
