"""Whether a change of policies of the whole cluster changes anything, as Cilium's own engine decides.

What such a policy does is asked where NetworkPolicies open everything, and where they open nothing in one direction. So
a denial shows, and so does what is allowed or asked too late. Asked about are pods and namespaces that a selector tells
from others, the edges of networks, and ports in and next to ranges.
"""

from collections.abc import Iterator
from itertools import product

from mutants.changing import PEERS, Manifest, Manifests, peers_of, rules_of
from oracles.naive import Spot, selects
from oracles.truth_tables import edges, variants
from support.cluster_policies import as_cluster_network_policies, is_of_cluster, read_ports
from testbed.policy_engine import Flow, Place, Pod, PolicyEngine, World

_NAME = "kubernetes.io/metadata.name"
_PROTOCOLS = ("TCP", "UDP", "SCTP")
_OTHER = "something-else"

Labels = dict[str, str]


def is_changed_by(engine: PolicyEngine, before: Manifests, after: Manifests) -> bool:
    """Whether the policies that differ do, on their own or among the others."""
    was, now = ([it for it in one if it not in other] for one, other in ((before, after), (after, before)))
    return bool(was or now) and any(
        _answer(engine, one, world, flows, closed) != _answer(engine, other, world, flows, closed)
        for world, flows in _worlds([*was, *now])
        for one, other in ((was, now), (before, after))
        for closed in ("", *PEERS)
    )


def _answer(engine: PolicyEngine, policies: Manifests, world: World, flows: list[Flow], closed: str) -> object:
    """What is allowed among pods that NetworkPolicies isolate in one direction, and open in the other, or in both."""
    rules: Manifest = {side: [] if side == closed else [{}] for side in PEERS}
    others = [
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": "any", "namespace": it},
            "spec": {"podSelector": {}, "policyTypes": ["Egress", "Ingress"], **rules},
        }
        for it in world.namespaces
    ]
    guardrails = as_cluster_network_policies(it for it in policies if is_of_cluster(it))
    answer = engine.ask([*guardrails, *others], world, flows)
    return answer.refused or answer.verdicts


def _worlds(changed: Manifests) -> Iterator[tuple[World, list[Flow]]]:
    """What to ask about policies: flows with an end that one of them selects.

    A namespace that they name has other labels in each world. What has no such end is asked about in the first alone.
    """
    subjects = [_split(it["spec"]["subject"]) for it in changed]
    peers = [_split(peer) for it in changed for _, _, peer in peers_of(it["spec"])]
    places = variants([*_told_apart(places for places, _ in (*subjects, *peers))])
    pods = variants([*_told_apart(pods for _, pods in (*subjects, *peers))])
    outside = {it: Place(it) for it in sorted(_addresses(changed))}
    ports = sorted({port for it in changed for port in _ports(it)})
    nameless = {f"other-{i}": labels for i, labels in enumerate(places) if _NAME not in labels}
    named: dict[str, list[Labels]] = {}
    for labels in places:
        if _NAME in labels:
            named.setdefault(labels[_NAME], []).append({key: it for key, it in labels.items() if key != _NAME})
    for number in range(max((1, *map(len, named.values())))):
        spaces = nameless | {name: every[number % len(every)] for name, every in named.items()}
        spots = {
            f"{space}/{i}": Spot(space, {**more, _NAME: space}, labels)
            for (space, more), (i, labels) in product(spaces.items(), enumerate(pods))
        }
        near = [
            name
            for name, spot in spots.items()
            if any(selects(places, spot.place) and selects(own, spot.labels) for places, own in subjects)
        ]
        world = World(spaces, {name: Pod(it.namespace, it.labels) for name, it in spots.items()}, outside)
        yield (
            world,
            [
                Flow(*pair, protocol, port)
                for name, end in product(near, (*spots, *outside))
                if name != end
                for pair in ((name, end), (end, name))
                for port, protocol in product(ports, _PROTOCOLS)
            ],
        )


def _split(selected: Manifest) -> tuple[Manifest, Manifest]:
    """The selectors of namespaces and of pods of a subject or a peer."""
    if "namespaces" in selected:
        return selected["namespaces"], {}
    pods = selected.get("pods") or {}
    return pods.get("namespaceSelector") or {}, pods.get("podSelector") or {}


def _told_apart(selectors: Iterator[Manifest]) -> Iterator[Manifest]:
    """Labels for which a selector holds, and those with each value that it speaks of."""
    for selector in selectors:
        met = dict(selector.get("matchLabels") or {})
        for it in selector.get("matchExpressions") or ():
            if it["operator"] in ("Exists", "NotIn"):
                met.setdefault(it["key"], _OTHER)
            elif it["operator"] == "In":
                met[it["key"]] = it["values"][0]
        yield {"matchLabels": met}
        for it in selector.get("matchExpressions") or ():
            for value in it.get("values") or (_OTHER,):
                yield {"matchLabels": {**met, it["key"]: value}}


def _addresses(policies: Manifests) -> set[str]:
    networks = {it for policy in policies for _, _, peer in peers_of(policy["spec"]) for it in peer.get("networks", ())}
    return {"192.0.2.1", "2001:db8::1", *(edge for it in networks for edge in edges(it))}


def _ports(policy: Manifest) -> Iterator[int]:
    yield 1
    for _, _, rule in rules_of(policy["spec"]):
        for _, first, last in read_ports(rule):
            yield from (it for it in (first - 1, first, last, last + 1) if 0 < it < 65536)
