"""What a change of policies in the dialect Cilium changes, as Cilium's own engine decides.

A flow is decided anew only if a policy that changes selects one of its ends, so flows of such pods are asked about:
with every pod that a selector tells from others, the edges of networks, and names in and around patterns.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from mutants.changing import Manifest, Manifests, rules_of, sides_of
from oracles.naive import Spot, selects
from oracles.truth_tables import edges, variants
from testbed.policy_engine import HOST, KUBE_APISERVER, REMOTE_NODE, Flow, Place, Pod, PolicyEngine, World

_PLACE = "io.kubernetes.pod.namespace"
_OF_PLACE = "io.cilium.k8s.namespace.labels."
_NAME = "kubernetes.io/metadata.name"
_PROTOCOLS = ("TCP", "UDP", "SCTP")


class Changes(NamedTuple):
    """Whether some flow is allowed on one side only: any, or of our services."""

    anywhere: bool
    of_services: bool


class _Selected(NamedTuple):
    """A selector of namespaces and one of pods; `home` "" for any namespace."""

    home: str
    places: Manifest
    pods: Manifest

    def holds(self, pod: Spot) -> bool:
        return self.home in ("", pod.namespace) and selects(self.places, pod.place) and selects(self.pods, pod.labels)


def changed_by(engine: PolicyEngine, before: Manifests, after: Manifests) -> Changes:
    """What changes; everything where Cilium refuses a policy."""
    changed = [it for it in before if it not in after] + [it for it in after if it not in before]
    world, spots = _world([*before, *after])
    subjects = [_subject(it) for it in changed]
    touched = [name for name, spot in spots.items() if any(it.holds(spot) for it in subjects)]
    ports = sorted({port for policy in changed for port in _ports(policy)})
    ends = [*world.pods, *world.outside]
    flows = [
        Flow(*pair, protocol, port)
        for name in touched
        for end in ends
        for pair in ((name, end), (end, name))
        if end != name
        for port in ports
        for protocol in _PROTOCOLS
    ]
    answers = [engine.ask(manifests, world, flows) for manifests in (before, after)]
    if any(it.refused for it in answers):
        return Changes(True, True)
    limited = {
        side: {name for name, spot in spots.items() if any(_limits(it, side, spot) for it in before)}
        for side in ("egress", "ingress")
    }
    differing = [flow for flow, was, now in zip(flows, *(it.verdicts for it in answers), strict=True) if was != now]
    of_services = (it.source in limited["egress"] or it.destination in limited["ingress"] for it in differing)
    return Changes(bool(differing), any(of_services))


def _limits(policy: Manifest, side: str, spot: Spot) -> bool:
    return side in sides_of(policy["spec"]) and _subject(policy).holds(spot)


def _subject(policy: Manifest) -> _Selected:
    home = policy["metadata"].get("namespace", "")
    if policy["kind"] == "NetworkPolicy":
        return _Selected(home, {}, policy["spec"]["podSelector"])
    return _Selected(home, *_split(policy["spec"]["endpointSelector"]))


def _split(selector: Manifest) -> tuple[Manifest, Manifest]:
    """A selector of endpoints as one of namespaces and one of pods."""
    places: Manifest = {"matchLabels": {}, "matchExpressions": []}
    pods: Manifest = {"matchLabels": {}, "matchExpressions": []}
    for key, value in selector.get("matchLabels", {}).items():
        place = _place_key(key)
        (places if place else pods)["matchLabels"][place or key.removeprefix("k8s:")] = value
    for it in selector.get("matchExpressions", []):
        place = _place_key(it["key"])
        bare = {**it, "key": place or it["key"].removeprefix("k8s:")}
        (places if place else pods)["matchExpressions"].append(bare)
    return places, pods


def _place_key(key: str) -> str:
    bare = key.removeprefix("k8s:")
    return _NAME if bare == _PLACE else bare.removeprefix(_OF_PLACE) if bare.startswith(_OF_PLACE) else ""


def _world(policies: Manifests) -> tuple[World, dict[str, Spot]]:
    rules = [rule for it in policies for rule in _rules(it["spec"])]
    subjects = [_subject(it) for it in policies]
    peers = [peer for rule in rules for peer in _peers(rule)]
    places = variants([places for places, _ in peers])
    named = {it.home for it in subjects if it.home} | {it[_NAME] for it in places if _NAME in it} | {"other"}
    spaces: dict[str, dict[str, str]] = {name: {} for name in sorted(named)}
    spaces |= {f"other-{i}": labels for i, labels in enumerate(places) if labels and _NAME not in labels}
    labels = variants([*(it.pods for it in subjects), *(pods for _, pods in peers)])
    spots = {
        f"{space}/{number}": Spot(space, {**more, _NAME: space}, own)
        for space, more in spaces.items()
        for number, own in enumerate(labels)
    }
    pods = {name: Pod(spot.namespace, spot.labels) for name, spot in spots.items()}
    return World(spaces, pods, dict(_outside(rules))), spots


def _rules(spec: Manifest) -> Iterator[Manifest]:
    for _, _, rule in rules_of(spec):
        yield rule
    for side in sides_of(spec):
        yield from spec.get(f"{side}Deny", ())


def _listed(rule: Manifest, kind: str) -> list[Any]:
    return [*rule.get(f"to{kind}", ()), *rule.get(f"from{kind}", ())]


def _peers(rule: Manifest) -> Iterator[tuple[Manifest, Manifest]]:
    yield from map(_split, _listed(rule, "Endpoints"))
    for peer in (*rule.get("to", ()), *rule.get("from", ())):
        yield peer.get("namespaceSelector") or {}, peer.get("podSelector") or {}


def _outside(rules: list[Manifest]) -> Iterator[tuple[str, Place]]:
    plain = [peer for rule in rules for peer in (*rule.get("to", ()), *rule.get("from", ()))]
    blocks = [peer["ipBlock"] for peer in plain if "ipBlock" in peer]
    blocks += [block for rule in rules for block in _listed(rule, "CIDRSet")]
    cidrs = {cidr for rule in rules for cidr in _listed(rule, "CIDR")}
    cidrs |= {cidr for block in blocks for cidr in (block["cidr"], *block.get("except", ()))}
    for address in sorted({"192.0.2.1", "2001:db8::1", *(edge for cidr in cidrs for edge in edges(cidr))}):
        yield address, Place(address)
    patterns = {value for rule in rules for host in _listed(rule, "FQDNs") for value in host.values() if value}
    for name in sorted({"elsewhere.example", *(name for pattern in patterns for name in _around(pattern))}):
        yield name, Place("", (name,))
    # Where no rule names an entity, the proof knows none: to isolate a pod and open all addresses is no change to it.
    if any(_listed(rule, "Entities") for rule in rules):
        for entity in (KUBE_APISERVER, HOST, REMOTE_NODE):
            yield entity, Place("", (), entity)


def _around(pattern: str) -> Iterator[str]:
    """Names that a pattern and its neighbours tell apart."""
    apex = pattern.lower().lstrip("*.").rstrip(".")
    if apex:
        yield from (apex, f"a.{apex}", f"b.a.{apex}", f"c.b.a.{apex}", f"d.{apex.partition('.')[2]}")


def _ports(policy: Manifest) -> Iterator[int]:
    yield 1
    for rule in _rules(policy["spec"]):
        listed = [*rule.get("ports", ()), *(port for entry in rule.get("toPorts", ()) for port in entry["ports"])]
        for first, last in (
            (int(it["port"]), int(it.get("endPort", it["port"]))) for it in listed if str(it.get("port", "")).isdigit()
        ):
            yield from (port for port in (first - 1, first, last, last + 1) if 0 < port < 65536)
