"""Changes of the objects of Istio that lead to hosts; the NetworkPolicies next to them have operators enough.

An operator here changes what is allowed with each of its mutants; those of HARMLESS never do. What opens a host to
more pods only does so where another service reaches the gateway without this host.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from mutants.changing import Manifest, Manifests, Operator, on_each, once, operator

MESH_OPERATORS: dict[str, Operator] = {}
HARMLESS = frozenset(("rename an object", "reorder the hosts of a sidecar", "write a host of a sidecar otherwise"))
_OPENING = frozenset(("Sidecar", "AuthorizationPolicy"))

Break = Callable[[Manifest], Iterator[None]]


def _of(kind: str) -> Callable[[Break], Operator]:
    """An operator on the spec of each object of a kind."""

    def wrap(change: Break) -> Operator:
        def on_spec(_: Manifest, spec: Manifest) -> Iterator[None]:
            yield from change(spec)

        on_spec.__name__ = change.__name__
        return on_each(on_spec, MESH_OPERATORS, (kind,))

    return wrap


def _hosts(sidecar: Manifest) -> set[str]:
    return {it.partition("/")[2] for it in sidecar["spec"]["egress"][0]["hosts"] if "*" not in it}


def _sidecars(manifests: Manifests) -> list[Manifest]:
    return [it for it in manifests if it["kind"] == "Sidecar"]


def _opening(change: Callable[[Manifest], object], kind: str, name: str) -> None:
    """An operator that opens hosts to others, on each object of a kind for which there are such others."""

    def operate(manifests: Manifests) -> Iterator[Manifests]:
        for at, it in enumerate(manifests):
            if it["kind"] != kind:
                continue
            others = [_hosts(one) for one in _sidecars(manifests) if one is not it]
            if kind == "Sidecar":
                opens = any(held - _hosts(it) for held in others)
            else:
                (host,) = it["spec"]["rules"][0]["when"][0]["values"]
                opens = any(host not in held for held in others)
            if opens:
                mutant = copy.deepcopy(manifests)
                if change(mutant[at]) == "drop":
                    del mutant[at]
                yield mutant

    operate.__name__ = name
    operator(operate, MESH_OPERATORS)


@_of("Sidecar")
def drop_a_host_of_a_sidecar(spec: Manifest) -> Iterator[None]:
    hosts = spec["egress"][0]["hosts"]
    for at, host in enumerate(list(hosts)):
        if "*" not in host:
            yield from once(hosts, at, ...)


@_of("Sidecar")
def change_a_host_of_a_sidecar(spec: Manifest) -> Iterator[None]:
    hosts = spec["egress"][0]["hosts"]
    for at, host in enumerate(list(hosts)):
        if "*" not in host:
            yield from once(hosts, at, f"{host}.evil.example")
            yield from once(hosts, at, f"elsewhere/{host.partition('/')[2]}")


@_of("Sidecar")
def reorder_the_hosts_of_a_sidecar(spec: Manifest) -> Iterator[None]:
    listener = spec["egress"][0]
    yield from once(listener, "hosts", [*reversed(listener["hosts"]), listener["hosts"][0]])


@_of("Sidecar")
def write_a_host_of_a_sidecar_otherwise(spec: Manifest) -> Iterator[None]:
    hosts = spec["egress"][0]["hosts"]
    for at, host in enumerate(list(hosts)):
        place, _, name = host.partition("/")
        if "*" not in host:
            yield from once(hosts, at, f"{place}/{name.upper()}")


_opening(lambda it: "drop", "Sidecar", "drop a sidecar")
_opening(lambda it: it["spec"]["egress"][0]["hosts"].append("*/*"), "Sidecar", "let a sidecar know every host")
_opening(lambda it: it["spec"].pop("egress"), "Sidecar", "drop the list of a sidecar")
_opening(
    lambda it: it["spec"]["workloadSelector"]["labels"].update(mistaken="yes"),
    "Sidecar",
    "let a sidecar select other pods",
)
_opening(lambda it: "drop", "AuthorizationPolicy", "drop an authorization policy")
_opening(lambda it: it["spec"].update(action="AUDIT"), "AuthorizationPolicy", "only audit")
_opening(
    lambda it: it["spec"]["rules"][0]["when"][0].update(values=["other.example"]),
    "AuthorizationPolicy",
    "close another host",
)
_opening(
    lambda it: it["spec"]["selector"]["matchLabels"].update(istio="ingressgateway"),
    "AuthorizationPolicy",
    "close another gateway",
)


@_of("AuthorizationPolicy")
def close_the_host_to_its_clients(spec: Manifest) -> Iterator[None]:
    client = spec["rules"][0]["from"][0]
    yield from once(client, "source", {"notNamespaces": ["elsewhere"]})
    yield from once(client, "source", {"notPrincipals": ["cluster.local/ns/elsewhere/sa/default"]})


def drop_a_piece_of_the_way(manifests: Manifests) -> Iterator[Manifests]:
    for at, it in enumerate(manifests):
        if "istio.io" in it["apiVersion"] and it["kind"] not in _OPENING:
            yield [*manifests[:at], *manifests[at + 1 :]]


operator(drop_a_piece_of_the_way, MESH_OPERATORS)


def rename_an_object(manifests: Manifests) -> Iterator[Manifests]:
    for at, it in enumerate(manifests):
        if it["kind"] in ("AuthorizationPolicy", "DestinationRule", "ServiceEntry", "Sidecar"):
            mutant = copy.deepcopy(manifests)
            mutant[at]["metadata"]["name"] += "-renamed"
            yield mutant


operator(rename_an_object, MESH_OPERATORS)


@_of("ServiceEntry")
def change_a_service_entry(spec: Manifest) -> Iterator[None]:
    yield from once(spec, "hosts", [f"other.{spec['hosts'][0]}"])
    yield from once(spec, "exportTo", ["."])
    yield from once(spec, "exportTo", spec["exportTo"][1:])
    port = spec["ports"][0]
    yield from once(port, "number", port["number"] + 1)
    if "targetPort" in port:
        yield from once(port, "targetPort", ...)


@_of("VirtualService")
def change_a_virtual_service(spec: Manifest) -> Iterator[None]:
    yield from once(spec, "hosts", ["other.example"])
    yield from once(spec, "exportTo", ["."])
    yield from once(spec, "gateways", ["mesh"])
    for kind in ("tls", "tcp", "http"):
        for leg in spec.get(kind, ()):
            match, destination = leg["match"][0], leg["route"][0]["destination"]
            yield from once(match, "port", match["port"] + 1)
            yield from once(destination, "host", "other.example")
            yield from once(destination["port"], "number", destination["port"]["number"] + 1)
            if "sniHosts" in match:
                yield from once(match, "sniHosts", ["other.example"])
            if "subset" in destination:
                yield from once(destination, "subset", ...)
                yield from once(destination, "subset", "other")


@_of("Gateway")
def change_a_gateway(spec: Manifest) -> Iterator[None]:
    yield from once(spec, "selector", {"istio": "ingressgateway"})
    server: Any = spec["servers"][0]
    yield from once(server, "hosts", ["other.example"])
    yield from once(server["port"], "number", server["port"]["number"] + 1)
    yield from once(server["tls"], "mode", "PASSTHROUGH")
    yield from once(server["tls"], "mode", "SIMPLE")


@_of("DestinationRule")
def change_a_destination_rule(spec: Manifest) -> Iterator[None]:
    yield from once(spec, "host", "other.example")
    for subset in spec.get("subsets", ()):
        yield from once(subset, "name", "other")
        level = subset["trafficPolicy"]["portLevelSettings"][0]
        yield from once(level["tls"], "sni", "other.example")
        yield from once(level["tls"], "mode", "SIMPLE")
        yield from once(level["port"], "number", level["port"]["number"] + 1)
