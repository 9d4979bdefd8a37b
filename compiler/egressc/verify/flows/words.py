"""Flows and rules in words, for people: pods by labels, addresses as networks, ports as tables write them."""

import ipaddress
from collections.abc import Collection, Mapping

from egressc.model.address_sets import EVERY_ADDRESS, AddressSet, common, is_address, subtract
from egressc.model.endpoints import addresses_in, pods_in
from egressc.model.flows import EVERY_POD, Endpoint, Endpoints, Pod, Rule, Witness
from egressc.model.host_sets import ENTITY, say_entity
from egressc.model.intervals import Intervals
from egressc.model.label_classes import NAMESPACE_NAME, Labels, Values, only_name
from egressc.model.policy import Protocol
from egressc.model.port_sets import EVERY_NUMBER, EVERY_PORT, PortSet
from egressc.verify.flows.internet import INSIDE, public_part

_MOST_NETWORKS = 4
_EVERYTHING: Mapping[Endpoints, str] = {EVERY_ADDRESS: "any address", EVERY_POD: "the whole cluster"}


def say_witness(witness: Witness) -> str:
    """One flow: `pod app=web in shop -> pod app=redis in data on 6379/TCP`."""
    named = f" (named {', '.join(sorted(witness.port_names))})" if witness.port_names else ""
    port = f"{witness.port}/{witness.protocol}{named}"
    return f"{say_end(witness.source)} -> {say_end(witness.destination)} on {port}"


def say_end(end: Endpoint) -> str:
    """A pod by its workload, its labels and namespace, or an address, a host or an entity."""
    if isinstance(end, str):
        return say_entity(end) if end.startswith(ENTITY) else f"{'address' if is_address(end) else 'host'} {end}"
    pod = f"pod {_pairs(end.labels) or 'without labels'} in {_place(end)}"
    return f"{end.title}: {pod}" if end.kind else pod


def say_who(end: Endpoint) -> str:
    """The same within a sentence: a pod of a workload by that alone."""
    return end.title if isinstance(end, Pod) and end.kind else say_end(end)


def say_suppositions(witness: Witness) -> str:
    """What a witness supposes of the labels of known namespaces; empty where it supposes nothing."""
    ends = [end for end in (witness.source, witness.destination) if isinstance(end, Pod)]
    said = (
        f"namespace {end.namespace} {'has' if key in end.namespace_labels else 'lacks'} the label "
        f"{key}{f'={_value(end.namespace_labels[key])}' if key in end.namespace_labels else ''}"
        for end in ends
        for key in end.supposed
    )
    return ", ".join(dict.fromkeys(said))


def say_rule(rule: Rule) -> str:
    """Whom a rule lets through, and on which ports."""
    return f"{say_peers(rule)} on {say_ports(rule.ports)}"


def say_peers(rule: Rule) -> str:
    ends = [say_peer(pods) for pods in rule.pods]
    if rule.addresses:
        ends.append(say_peer(rule.addresses))
    return " or ".join(ends) or "nobody"


def say_peer(peer: Endpoints) -> str:
    if (pods := pods_in(peer)) is not None:
        return f"{say_pods(pods.pods)} {say_namespaces(pods.namespaces)}"
    return say_addresses(addresses_in(peer))


def say_beyond(peer: Endpoints, known: Collection[str]) -> str:
    """A peer that a workload is exposed to; `known`: the namespaces whose labels are known, which are listed."""
    if peer in _EVERYTHING:
        return _EVERYTHING[peer]
    pods = pods_in(peer)
    if pods is None:
        return say_peer(peer)
    others = frozenset(pair for pair in pods.namespaces if pair != (NAMESPACE_NAME, Values(True, frozenset(known))))
    if others == pods.namespaces:
        return say_peer(peer)
    said = _labels(others)
    return f"{say_pods(pods.pods)} in other namespaces{f' with {said}' if said else ''}"


def say_pods(labels: Labels) -> str:
    said = _labels(labels)
    return f"pods {said}" if said else "all pods"


def say_namespaces(labels: Labels) -> str:
    """Where: `in data`, `in any namespace`, `in namespaces team=shop`."""
    name = only_name(labels)
    rest = frozenset(pair for pair in labels if pair[0] != NAMESPACE_NAME) if name else labels
    said = _labels(rest)
    if name:
        return f"in {name}{f' with labels {said}' if said else ''}"
    return f"in namespaces {said}" if said else "in any namespace"


def say_ports(ports: PortSet) -> str:
    """Ports as tables write them: `6379/TCP`, `8000-8100/TCP`, `http/TCP`, `any/UDP`."""
    if ports == EVERY_PORT:
        return "any port"
    said: list[str] = []
    for protocol in Protocol:
        numbers, names = ports.of(protocol)
        if numbers == EVERY_NUMBER:
            said.append(f"any/{protocol}")
            continue
        said += [f"{first}{f'-{last}' if last != first else ''}/{protocol}" for first, last in numbers]
        said += [f"{name}/{protocol}" for name in sorted(names)]
    return ", ".join(said) or "no port"


def say_addresses(addresses: AddressSet) -> str:
    """Networks, or everything but some: whichever is shorter."""
    families = ((addresses.v4, EVERY_ADDRESS.v4, "IPv4"), (addresses.v6, EVERY_ADDRESS.v6, "IPv6"))
    said = [_family(held, every, name) for held, every, name in families if held]
    if addresses.hosts:
        said.append(_shortened([*map(str, addresses.hosts)], "names"))
    return " and ".join(said)


def say_public(addresses: AddressSet) -> str:
    """All public addresses and none inside a cluster in these words, without exceptions; else empty."""
    public = public_part(addresses)
    families = [name for name, held in (("IPv4", public.v4), ("IPv6", public.v6)) if held]
    whole = public_part(AddressSet(EVERY_ADDRESS.v4 if public.v4 else (), EVERY_ADDRESS.v6 if public.v6 else ()))
    if not families or public != whole or common(addresses, INSIDE) or addresses.hosts:
        return ""
    return f"any public {'' if len(families) == 2 else f'{families[0]} '}address"


def networks_of(addresses: AddressSet) -> list[str]:
    """Every network of a set, in CIDR notation, IPv4 first."""
    return [*_networks(addresses.v4, "IPv4"), *_networks(addresses.v6, "IPv6")]


def _family(held: Intervals, every: Intervals, name: str) -> str:
    if held == every:
        return f"any {name} address"
    networks = _networks(held, name)
    taken = AddressSet(held, ()) if name == "IPv4" else AddressSet((), held)
    rest = subtract(EVERY_ADDRESS, taken)
    others = _networks(rest.v4 if name == "IPv4" else rest.v6, name)
    if len(others) < len(networks):
        return f"any {name} address but {_shortened(others)}"
    return _shortened(networks)


def _networks(held: Intervals, name: str) -> list[str]:
    found: list[str] = []
    for first, last in held:
        if name == "IPv4":
            ends4 = ipaddress.IPv4Address(first), ipaddress.IPv4Address(last)
            found += map(str, ipaddress.summarize_address_range(*ends4))
        else:
            ends6 = ipaddress.IPv6Address(first), ipaddress.IPv6Address(last)
            found += map(str, ipaddress.summarize_address_range(*ends6))
    return found


def _shortened(networks: list[str], what: str = "networks") -> str:
    if len(networks) <= 2 * _MOST_NETWORKS:
        return ", ".join(networks)
    return f"{', '.join(networks[:_MOST_NETWORKS])} and {len(networks) - _MOST_NETWORKS} more {what}"


def _labels(labels: Labels) -> str:
    return ", ".join(_label(key, values) for key, values in sorted(labels, key=lambda pair: pair[0]))


def _label(key: str, values: Values) -> str:
    named = [_value(value) for value in sorted(value for value in values.values if value is not None)]
    if not values.excluded:
        if not named:
            return f"without {key}"
        said = f"{key}={named[0]}" if len(named) == 1 else f"{key} one of {', '.join(named)}"
        return said if None not in values.values else f"{said} or without it"
    if None in values.values:
        return f"with {key}" if not named else f"{key} other than {', '.join(named)}"
    return f"{key} not {', '.join(named)}"


def _pairs(labels: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={_value(value)}" for key, value in sorted(labels.items()))


def _value(text: str) -> str:
    return text or '""'


def _place(pod: Pod) -> str:
    others = {key: value for key, value in pod.namespace_labels.items() if key != NAMESPACE_NAME}
    said = [_pairs(others)] if others else []
    said += [f"without {key}" for key in pod.supposed if key not in others]
    return f"{pod.namespace} ({', '.join(said)})" if said else pod.namespace
