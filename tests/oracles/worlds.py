"""Small clusters for the tests of the proof: namespaces, pods and policies on the axes of the cyclonus generator.

Axes: peers (nothing, pod and namespace selectors absent, empty or by label with all four operators, ipBlocks with and
without except, both families), ports (absent, number, name, range) by protocol (absent, TCP, UDP, SCTP), targets,
directions, several policies on a pod.
"""

from typing import Any

from hypothesis import strategies as st

Manifest = dict[str, Any]

NAMESPACES: dict[str, dict[str, str]] = {"x": {"env": "prod"}, "y": {"env": "test", "team": ""}, "z": {}}

PODS: list[tuple[str, str, dict[str, str], list[tuple[str, str, int]]]] = [
    ("x", "a", {"pod": "a"}, [("http", "TCP", 80), ("dns", "UDP", 81)]),
    ("x", "b", {"pod": "b", "tier": "web"}, [("http", "TCP", 81)]),
    ("y", "a", {"pod": "a", "tier": ""}, [("http", "UDP", 80)]),
    ("y", "c", {"pod": "c"}, []),
    ("z", "b", {"pod": "b"}, [("metrics", "TCP", 80), ("http", "SCTP", 82)]),
    ("z", "d", {}, [("http", "TCP", 80)]),
]

_LABELS = {"pod": ["a", "b", "e"], "tier": ["web", "", "db"]}
_PLACES = {"env": ["prod", "test", "dev"], "kubernetes.io/metadata.name": ["x", "y", "w"], "team": ["core", "two"]}


def _expression(values: dict[str, list[str]]) -> st.SearchStrategy[Manifest]:
    def of_key(key: str) -> st.SearchStrategy[Manifest]:
        some = st.lists(st.sampled_from(values[key]), min_size=1, max_size=2, unique=True)
        listed = st.builds(
            lambda op, v: {"key": key, "operator": op, "values": v}, st.sampled_from(["In", "NotIn"]), some
        )
        bare = st.sampled_from(["Exists", "DoesNotExist"]).map(lambda op: {"key": key, "operator": op})
        return listed | bare

    return st.sampled_from(sorted(values)).flatmap(of_key)


def _selector(values: dict[str, list[str]]) -> st.SearchStrategy[Manifest]:
    by_label = st.sampled_from(sorted(values)).flatmap(
        lambda key: st.sampled_from(values[key]).map(lambda value: {"matchLabels": {key: value}})
    )
    by_expression = st.lists(_expression(values), min_size=1, max_size=2).map(lambda e: {"matchExpressions": e})
    both = st.builds(lambda one, other: {**one, **other}, by_label, by_expression)
    return st.just({}) | by_label | by_expression | both


pod_selectors = _selector(_LABELS)
namespace_selectors = _selector(_PLACES)

blocks = st.sampled_from(
    [
        {"cidr": "0.0.0.0/0"},
        {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8", "192.168.0.0/16"]},
        {"cidr": "1.0.0.0/8", "except": ["1.2.0.0/16", "1.2.3.0/24"]},
        {"cidr": "1.2.0.0/16"},
        {"cidr": "::/0"},
        {"cidr": "2001:db8::/32", "except": ["2001:db8:1::/48"]},
    ]
)

peers = st.one_of(
    st.builds(lambda pods: {"podSelector": pods}, pod_selectors),
    st.builds(lambda places: {"namespaceSelector": places}, namespace_selectors),
    st.builds(
        lambda pods, places: {"podSelector": pods, "namespaceSelector": places}, pod_selectors, namespace_selectors
    ),
    blocks.map(lambda block: {"ipBlock": block}),
)

_protocols: st.SearchStrategy[Manifest] = st.sampled_from(
    [{}, {"protocol": "TCP"}, {"protocol": "UDP"}, {"protocol": "SCTP"}]
)
_numbers: st.SearchStrategy[Manifest] = st.sampled_from(
    [
        {},
        {"port": 80},
        {"port": 81},
        {"port": "http"},
        {"port": "metrics"},
        {"port": "nobody-serves"},
        {"port": 80, "endPort": 82},
        {"port": 81, "endPort": 81},
        {"port": 1, "endPort": 65535},
    ]
)
ports = st.builds(lambda protocol, number: {**protocol, **number}, _protocols, _numbers)


def rules(peer_key: str) -> st.SearchStrategy[list[Manifest]]:
    """Lists of rules; `peer_key` is `to` or `from`."""
    rule = st.fixed_dictionaries(
        {}, optional={peer_key: st.lists(peers, max_size=3), "ports": st.lists(ports, max_size=3)}
    )
    return st.lists(rule, max_size=3)


@st.composite
def policies(draw: st.DrawFn, directions: tuple[str, ...] = ("Ingress", "Egress")) -> Manifest:
    """One NetworkPolicy without a name: see `named`."""
    spec: Manifest = {"podSelector": draw(pod_selectors)}
    types = draw(st.lists(st.sampled_from(directions), max_size=2, unique=True))
    if types:
        spec["policyTypes"] = types
    for direction, peer_key in (("Ingress", "from"), ("Egress", "to")):
        if direction in directions and draw(st.booleans()):
            spec[direction.lower()] = draw(rules(peer_key))
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"namespace": draw(st.sampled_from(sorted(NAMESPACES)))},
        "spec": spec,
    }


def named(drawn: list[Manifest]) -> list[Manifest]:
    """The policies with names of their own."""
    return [{**policy, "metadata": {"name": f"policy-{i}", **policy["metadata"]}} for i, policy in enumerate(drawn)]


def policy_sets(
    directions: tuple[str, ...] = ("Ingress", "Egress"), most: int = 4
) -> st.SearchStrategy[list[Manifest]]:
    return st.lists(policies(directions), max_size=most).map(named)


def cluster() -> list[Manifest]:
    """The namespaces and the pods, namespaces first."""
    found: list[Manifest] = []
    for name, labels in NAMESPACES.items():
        labels = {**labels, "kubernetes.io/metadata.name": name}
        found.append({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
    for namespace, name, labels, named_ports in PODS:
        container = {
            "name": "main",
            "image": "any",
            "ports": [{"name": n, "protocol": p, "containerPort": c} for n, p, c in named_ports],
        }
        metadata = {"name": name, "namespace": namespace, "labels": labels}
        found.append({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container]}})
    return found
