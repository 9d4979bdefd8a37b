"""The 48 shapes of the Kubernetes end-to-end suite for NetworkPolicy, each as a truth table over nine pods.

Source: kubernetes test/e2e/network/netpol/network_policy.go: pods a, b, c in namespaces x, y, z, each serving ports 80
and 81. A table starts with "everything is allowed", and its lines overwrite it in order; a pod's calls to itself are
left out there and here. Steps are the states of a case that changes policies or labels.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from egressc.model.flows import Pod
from egressc.model.policy import Protocol
from egressc.verify.flows.verdicts import Judge
from oracles.reading import read_policies
from support.tables import each

Json = dict[str, Any]
Line = tuple[str, str, bool]

EVERYONE = ("*", "*", True)
NAME = "kubernetes.io/metadata.name"


@dataclass(frozen=True)
class Step:
    """A state of the cluster and what is expected of it, by (protocol, port)."""

    policies: list[Json]
    expected: dict[tuple[str, int], list[Line]]
    namespace_labels: dict[str, dict[str, str]] = field(default_factory=dict)
    pod_labels: dict[str, dict[str, str]] = field(default_factory=dict)
    addresses: list[tuple[str, str, bool]] = field(default_factory=list)


def policy(
    target: str, *, ingress: list[Json] | None = None, egress: list[Json] | None = None, name: str = "p"
) -> Json:
    """A policy for `namespace/pod`, or for `namespace/*`: every pod there."""
    namespace, pod = target.split("/")
    spec: Json = {"podSelector": {} if pod == "*" else {"matchLabels": {"pod": pod}}, "policyTypes": []}
    if ingress is not None:
        spec.update(ingress=ingress, policyTypes=["Ingress"])
    if egress is not None:
        spec.update(egress=egress, policyTypes=[*spec["policyTypes"], "Egress"])
    metadata = {"namespace": namespace, "name": f"{name}-{pod.replace('*', 'all')}"}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def pods(**labels: str) -> Json:
    return {"matchLabels": labels}


def among(key: str, operator: str, *values: str) -> Json:
    return {"matchExpressions": [{"key": key, "operator": operator, **({"values": list(values)} if values else {})}]}


def on(port: int | str | None, protocol: str = "TCP") -> list[Json]:
    return [{"protocol": protocol, **({} if port is None else {"port": port})}]


def table(*lines: Line, at: Iterable[int] = (80, 81), protocol: str = "TCP") -> dict[tuple[str, int], list[Line]]:
    return {(protocol, port): list(lines) for port in at}


def no(source: str, destination: str) -> Line:
    return source, destination, False


def yes(source: str, destination: str) -> Line:
    return source, destination, True


FROM_B = {"podSelector": pods(pod="b")}
FROM_NS_Y = {"namespaceSelector": pods(ns="y")}
NOT_X = among("ns", "NotIn", "x")
DENY_X = policy("x/*", ingress=[])
ONLY_FROM_Y = (no("*", "x/a"), yes("y/*", "x/a"))
ONLY_B_FROM_X = (no("*", "x/a"), yes("x/b", "x/a"))
Y_ON_81 = policy("x/a", ingress=[{"from": [FROM_NS_Y], "ports": on(81)}], name="on-81")
Y_ON_80 = policy("x/a", ingress=[{"from": [FROM_NS_Y], "ports": on(80)}], name="on-80")
PING = "192.0.2.7"


def protocol_cases(protocol: str) -> dict[str, list[Step]]:
    """The three cases that the suite repeats for a protocol."""
    deny = policy("x/*", ingress=[])
    ports = policy("x/a", ingress=[{"from": [FROM_NS_Y], "ports": on(81, protocol)}])
    both = policy(
        "x/a",
        ingress=[{"from": [{"namespaceSelector": NOT_X, "podSelector": pods(pod="b")}], "ports": on(80, protocol)}],
    )
    return {
        f"{protocol}: default-deny-ingress": [Step([deny], table(no("*", "x/*"), protocol=protocol))],
        f"{protocol}: ports": [
            Step(
                [ports],
                {
                    **table(*ONLY_FROM_Y, at=[81], protocol=protocol),
                    **table(no("*", "x/a"), at=[80], protocol=protocol),
                },
            )
        ],
        f"{protocol}: PodSelector AND NamespaceSelector": [
            Step(
                [both],
                table(no("*", "x/a"), yes("y/b", "x/a"), yes("z/b", "x/a"), at=[80], protocol=protocol),
            )
        ],
    }


CASES: dict[str, list[Step]] = {
    "1 default-deny-ingress": [Step([DENY_X], table(no("*", "x/*")))],
    "2 default-deny-all": [Step([policy("x/*", ingress=[], egress=[])], table(no("*", "x/*"), no("x/*", "*")))],
    "3 ingress from pods in the same namespace by PodSelector": [
        Step([policy("x/a", ingress=[{"from": [FROM_B]}])], table(*ONLY_B_FROM_X))
    ],
    "4 ingress for a target": [Step([DENY_X, policy("x/a", ingress=[{}])], table(no("*", "x/*"), yes("*", "x/a")))],
    "5 ingress from all namespaces": [
        Step([policy("x/a", ingress=[{"from": [{"namespaceSelector": {}}]}])], table(EVERYONE))
    ],
    "6 ingress from a different namespace by NamespaceSelector": [
        Step([policy("x/a", ingress=[{"from": [FROM_NS_Y]}])], table(*ONLY_FROM_Y))
    ],
    "7 PodSelector with matchExpressions": [
        Step([policy("x/a", ingress=[{"from": [{"podSelector": among("pod", "In", "b")}]}])], table(*ONLY_B_FROM_X))
    ],
    "8 NamespaceSelector with matchExpressions": [
        Step([policy("x/a", ingress=[{"from": [{"namespaceSelector": among("ns", "In", "y")}]}])], table(*ONLY_FROM_Y))
    ],
    "9 PodSelector OR NamespaceSelector": [
        Step(
            [policy("x/a", ingress=[{"from": [{"namespaceSelector": NOT_X}, FROM_B]}])],
            table(no("x/*", "x/a"), yes("x/b", "x/a")),
        )
    ],
    "10 PodSelector AND NamespaceSelector": [
        Step(
            [policy("x/a", ingress=[{"from": [{"namespaceSelector": NOT_X, "podSelector": pods(pod="b")}]}])],
            table(no("*", "x/a"), yes("y/b", "x/a"), yes("z/b", "x/a")),
        )
    ],
    "11 multiple PodSelectors and NamespaceSelectors": [
        Step(
            [
                policy(
                    "x/a",
                    ingress=[{"from": [{"namespaceSelector": NOT_X, "podSelector": among("pod", "In", "b", "c")}]}],
                )
            ],
            table(no("*", "x/a"), *(yes(f"{ns}/{pod}", "x/a") for ns in "yz" for pod in "bc")),
        )
    ],
    "12 any of several PodSelectors": [
        Step(
            [policy("x/a", ingress=[{"from": [FROM_B, {"podSelector": pods(pod="c")}]}])],
            table(no("*", "x/a"), yes("x/b", "x/a"), yes("x/c", "x/a")),
        )
    ],
    "13 a pod in a different namespace by both selectors": [
        Step(
            [policy("x/a", ingress=[{"from": [{"namespaceSelector": pods(ns="y"), "podSelector": pods(pod="a")}]}])],
            table(no("*", "x/a"), yes("y/a", "x/a")),
        )
    ],
    "14 ports": [Step([Y_ON_81], {**table(*ONLY_FROM_Y, at=[81]), **table(no("*", "x/a"), at=[80])})],
    "15 stacked policies with overlapping selectors": [
        Step([Y_ON_81], {**table(*ONLY_FROM_Y, at=[81]), **table(no("*", "x/a"), at=[80])}),
        Step([Y_ON_81, Y_ON_80], table(*ONLY_FROM_Y)),
    ],
    "16 allow-all": [Step([policy("x/*", ingress=[{}])], table(EVERYONE))],
    "17 ingress on one named port": [
        Step(
            [policy("x/a", ingress=[{"ports": on("serve-81-tcp")}])],
            {**table(EVERYONE, at=[81]), **table(no("*", "x/a"), at=[80])},
        )
    ],
    "18 ingress from a namespace on one named port": [
        Step(
            [policy("x/a", ingress=[{"from": [FROM_NS_Y], "ports": on("serve-80-tcp")}])],
            {**table(*ONLY_FROM_Y, at=[80]), **table(no("*", "x/a"), at=[81])},
        )
    ],
    "19 egress on one named port": [
        Step(
            [policy("x/a", egress=[{"ports": on("serve-80-tcp")}])],
            {**table(EVERYONE, at=[80]), **table(no("x/a", "*"), at=[81])},
        )
    ],
    "20 an updated policy": [
        Step([policy("x/*", ingress=[{}])], table(EVERYONE)),
        Step([policy("x/*", ingress=[])], table(no("*", "x/*"))),
    ],
    "21 updated namespace labels": [
        Step([policy("x/a", ingress=[{"from": [{"namespaceSelector": pods(ns2="new")}]}])], table(no("*", "x/a"))),
        Step(
            [policy("x/a", ingress=[{"from": [{"namespaceSelector": pods(ns2="new")}]}])],
            table(*ONLY_FROM_Y),
            namespace_labels={"y": {"ns2": "new"}},
        ),
    ],
    "22 updated pod labels allow": [
        Step([policy("x/a", ingress=[{"from": [{"podSelector": pods(pod2="new")}]}])], table(no("*", "x/a"))),
        Step(
            [policy("x/a", ingress=[{"from": [{"podSelector": pods(pod2="new")}]}])],
            table(*ONLY_B_FROM_X),
            pod_labels={"x/b": {"pod2": "new"}},
        ),
    ],
    "23 deny from pods of other namespaces": [
        Step([policy("x/*", ingress=[{"from": [{"podSelector": {}}]}])], table(no("*", "x/*"), yes("x/*", "x/*")))
    ],
    "24 updated pod labels deny": [
        Step([policy("x/isolated", ingress=[])], table(EVERYONE)),
        Step([policy("x/isolated", ingress=[])], table(no("*", "x/a")), pod_labels={"x/a": {"pod": "isolated"}}),
    ],
    "25 deny egress by PodSelector": [Step([policy("x/a", egress=[])], table(no("x/a", "*")))],
    "26 deny egress of a namespace": [Step([policy("x/*", egress=[])], table(no("x/*", "*")))],
    "27 ingress and egress together": [
        Step(
            [policy("x/a", ingress=[{"from": [FROM_B], "ports": on(80)}], egress=[{"ports": on(80)}])],
            {
                **table(*ONLY_B_FROM_X, at=[80]),
                **table(no("*", "x/a"), no("x/a", "*"), at=[81]),
            },
        )
    ],
    "28 egress denied at the client though the server allows": [
        Step(
            [policy("x/a", egress=[]), policy("y/b", ingress=[{"from": [{"namespaceSelector": pods(ns="x")}]}])],
            table(no("*", "y/b"), yes("x/*", "y/b"), no("x/a", "*")),
        )
    ],
    "29 egress to a pod in a different namespace": [
        Step(
            [policy("x/a", egress=[{"to": [{"namespaceSelector": pods(ns="y"), "podSelector": pods(pod="b")}]}])],
            table(no("x/a", "*"), yes("x/a", "y/b")),
        )
    ],
    "30 any port of one protocol": [
        Step(
            [policy("x/a", ingress=[{"ports": on(None)}])],
            {**table(EVERYONE), **table(no("*", "x/a"), protocol="UDP"), **table(no("*", "x/a"), protocol="SCTP")},
        )
    ],
    "31 allow-all ingress wins over a narrower policy": [
        Step([Y_ON_81, policy("x/a", ingress=[{}], name="all")], table(EVERYONE))
    ],
    "32 allow-all egress wins over a narrower policy": [
        Step(
            [policy("x/a", egress=[{"ports": on(80)}]), policy("x/a", egress=[{}], name="all")],
            table(EVERYONE),
        )
    ],
    "33 no more enforcement after the policy is deleted": [
        Step([DENY_X], table(no("*", "x/*"))),
        Step([], table(EVERYONE)),
    ],
    "34 egress to a CIDR": [
        Step(
            [policy("x/a", egress=[{"to": [{"ipBlock": {"cidr": f"{PING}/32"}}]}])],
            table(no("x/a", "*")),
            addresses=[("x/a", PING, True), ("x/a", "192.0.2.8", False), ("x/b", "192.0.2.8", True)],
        )
    ],
    "35 an except clause": [
        Step(
            [policy("x/a", egress=[{"to": [{"ipBlock": {"cidr": "192.0.2.0/24", "except": [f"{PING}/32"]}}]}])],
            table(no("x/a", "*")),
            addresses=[("x/a", PING, False), ("x/a", "192.0.2.8", True)],
        )
    ],
    "36 an address in the CIDR of one policy and the except of another": [
        Step(
            [
                policy("x/a", egress=[{"to": [{"ipBlock": {"cidr": "192.0.2.0/24", "except": [f"{PING}/32"]}}]}]),
                policy("x/a", egress=[{"to": [{"ipBlock": {"cidr": f"{PING}/32"}}]}], name="allow"),
            ],
            table(no("x/a", "*")),
            addresses=[("x/a", PING, True), ("x/a", "192.0.2.8", True), ("x/a", "192.0.3.1", False)],
        )
    ],
    "37 ingress and egress are independent": [
        Step([policy("x/a", egress=[{"to": [FROM_B]}])], table(no("x/a", "*"), yes("x/a", "x/b"))),
        Step(
            [policy("x/a", egress=[{"to": [FROM_B]}]), policy("x/a", ingress=[{"from": [FROM_B]}], name="in")],
            table(no("x/a", "*"), yes("x/a", "x/b"), *ONLY_B_FROM_X),
        ),
    ],
    "38 SCTP is not TCP": [
        Step(
            [policy("x/a", ingress=[{"ports": on(81, "SCTP")}])],
            {**table(no("*", "x/a"), at=[81]), **table(EVERYONE, at=[81], protocol="SCTP")},
        )
    ],
    "39 an SCTP-only policy isolates for TCP": [
        Step([policy("x/*", ingress=[{"ports": on(80, "SCTP")}])], table(no("*", "x/*")))
    ],
    "40 UDP-only does not allow TCP": [
        Step(
            [policy("x/a", ingress=[{"ports": on(81, "UDP")}])],
            {**table(no("*", "x/a")), **table(EVERYONE, at=[81], protocol="UDP")},
        )
    ],
    "41 the default namespace label by matchLabels": [
        Step(
            [policy("x/a", ingress=[{"from": [{"namespaceSelector": {"matchLabels": {NAME: "y"}}}]}])],
            table(*ONLY_FROM_Y),
        )
    ],
    "42 the default namespace label by NotIn, egress": [
        Step(
            [policy("x/a", egress=[{"to": [{"namespaceSelector": among(NAME, "NotIn", "y")}]}])],
            table(no("x/a", "y/*")),
        )
    ],
    **protocol_cases("UDP"),
    **protocol_cases("SCTP"),
}


def _pods(step: Step) -> dict[str, Pod]:
    serving = tuple(
        (f"serve-{port}-{protocol.value.lower()}", protocol, port) for protocol in Protocol for port in (80, 81)
    )
    return {
        f"{ns}/{name}": Pod(
            ns,
            {"pod": name, **step.pod_labels.get(f"{ns}/{name}", {})},
            {"ns": ns, **step.namespace_labels.get(ns, {})},
            name,
            serving,
        )
        for ns in "xyz"
        for name in "abc"
    }


def test_the_suite_has_48_cases() -> None:
    assert len(CASES) == 48


@each("name", CASES)
def test_case(name: str) -> None:
    for step in CASES[name]:
        judge = Judge(read_policies(step.policies))
        found = _pods(step)
        for (protocol, port), lines in step.expected.items():
            for source, destination in ((a, b) for a in found for b in found if a != b):
                expected = next(
                    allowed
                    for one, other, allowed in reversed([EVERYONE, *lines])
                    if fnmatchcase(source, one) and fnmatchcase(destination, other)
                )
                verdict = judge.judge(found[source], found[destination], Protocol(protocol), port)
                assert verdict.allowed == expected, (source, destination, protocol, port)
        for source, address, expected in step.addresses:
            assert judge.judge(found[source], address, Protocol.TCP, 80).allowed == expected, (source, address)
