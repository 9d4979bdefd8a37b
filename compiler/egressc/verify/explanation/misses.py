"""Why a connection is denied: the rule that comes nearest, what it lacks, and the usual causes behind it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from egressc.model.flows import Endpoint, Pod, PodClass, Rule
from egressc.model.label_classes import NAMESPACE_NAME, Labels, matches, only_name
from egressc.model.policy import Dns, Protocol
from egressc.model.port_sets import has_port, port_set
from egressc.model.ports import say_port
from egressc.model.requirements import ServicePort
from egressc.verify.flows.verdicts import Guard, Judged, meets_peer
from egressc.verify.flows.witnesses import is_inside
from egressc.verify.flows.words import say_addresses, say_ports
from egressc.verify.intent.dns import PROFILES, dns_reach
from egressc.verify.intent.table import read_peers

DNS_PORTS = (53, 5353)
NODE_LOCAL_DNS = "169.254.20.10"


class Miss(NamedTuple):
    """A rule that nearly allows the connection: what it lacks, and the repair."""

    judged: Judged
    text: str
    repair: str


class Cause(NamedTuple):
    """A usual cause of a denial, by a word that programs can tell apart, and the repair."""

    kind: str
    text: str
    repair: str


def nearest_miss(
    guard: Guard, end: Endpoint, protocol: Protocol, port: int, name_rule: Callable[[Judged], str]
) -> Miss | None:
    """The rule that comes nearest, if one comes near at all. `name_rule` says what people call a rule."""
    for judged in guard.near_misses:
        if judged.meets_peer:
            opened = say_ports(judged.rule.ports)
            return Miss(
                judged,
                f"{name_rule(judged)} opens {opened}, not {port}/{protocol}",
                f"connect to {opened}, or have {port}/{protocol} in the row that asks",
            )
    near = [
        (rank, judged, lack, repair) for judged in guard.near_misses for rank, lack, repair in _lacks(judged.rule, end)
    ]
    if not near:
        return None
    _, judged, lack, repair = min(near, key=lambda it: it[0])
    return Miss(judged, f"{name_rule(judged)} has the port, but {lack}", repair)


def dns_cause(dns: Dns, end: Endpoint, protocol: Protocol, port: int) -> Cause | None:
    """DNS that another profile would let through."""
    if port not in DNS_PORTS:
        return None
    for profile in PROFILES:
        if profile not in (dns.profile, "any") and _profile_allows(profile, end, protocol, port):
            what = "the DNS cache on the node (NodeLocal DNS)" if end == NODE_LOCAL_DNS else "DNS in this cluster"
            return Cause(
                "dns-profile",
                f'the DNS profile is "{dns.profile}", and {what} is reached as the profile "{profile}" says',
                f"write `cluster: {{dns: {{profile: {profile}}}}}` in the project file, and compile",
            )
    return None


def service_port_cause(offered: Iterable[ServicePort], protocol: Protocol, port: int) -> Cause | None:
    """The port of a Service where policy is applied behind it, to the port of the pod."""
    for entry in offered:
        if (entry.service, entry.pod.protocol) == (port, protocol) and entry.pod.port != port:
            return Cause(
                "service-port",
                f"{port}/{protocol} is the Service port: policy sees the pod behind it, on {say_port(entry.pod)}",
                f"nothing, if {say_port(entry.pod)} is open: clients go on using the Service's port",
            )
    return None


def address_cause(end: Endpoint) -> Cause | None:
    """An address where clusters have pods and Services: rules about pods hold for pods, not for addresses."""
    if not isinstance(end, str) or not is_inside(end):
        return None
    return Cause(
        "cluster-address",
        f"{end} may be a Service or a pod: policy sees the pod behind a Service, and its labels",
        "ask about the pod or the destination by name",
    )


def namespace_cause(guard: Guard, end: Endpoint, known: Mapping[str, Mapping[str, str]]) -> Cause | None:
    """A namespace without the label that a rule selects it by. `known` are namespaces of manifests, with their labels.

    A namespace that no manifest shows is taken to have the labels that `end` gives it.
    """
    if not isinstance(end, Pod):
        return None
    labels = {**known.get(end.namespace, end.namespace_labels), NAMESPACE_NAME: end.namespace}
    for judged in guard.near_misses:
        for peer in judged.rule.pods if judged.meets_port else ():
            if matches(peer.pods, end.labels):
                for key, value in _missing(peer.namespaces, labels):
                    if key != NAMESPACE_NAME and key not in labels:
                        return Cause(
                            "namespace-label",
                            f"the namespace {end.namespace} has no label {key}, and the rule asks for {value}",
                            f"label the namespace: kubectl label namespace {end.namespace} {value}",
                        )
    return None


def _profile_allows(profile: str, end: Endpoint, protocol: Protocol, port: int) -> bool:
    peers, ports = dns_reach(Dns(profile))
    pods, addresses = read_peers(peers, "")
    opened = port_set(ports)
    names = end.names_of(protocol, port) if isinstance(end, Pod) else frozenset[str]()
    return meets_peer(Rule(0, pods, addresses, opened), end) and has_port(opened, protocol, port, names)


def _lacks(rule: Rule, end: Endpoint) -> Iterator[tuple[int, str, str]]:
    """What keeps a rule with the right port from an end: how far it is (less is nearer), in words, and the repair."""
    if isinstance(end, str):
        if rule.addresses:
            yield (
                1,
                f"opens {say_addresses(rule.addresses)}: {end} is not among these",
                "add the address to the destination in the catalog, if it is meant",
            )
        return
    for peer in rule.pods:
        yield from _pod_lacks(peer, end)


def _pod_lacks(peer: PodClass, end: Pod) -> Iterator[tuple[int, str, str]]:
    place = end.place()
    wrong_place = list(_missing(peer.namespaces, place))
    wrong_pod = list(_missing(peer.pods, end.labels))
    said = ", ".join(value for _, value in wrong_pod)
    if wrong_place and not wrong_pod:
        name = only_name(peer.namespaces)
        if name is not None and name != end.namespace:
            yield 0, f"in namespace {name}, not in {end.namespace}", "correct the namespace in the row or the catalog"
        else:
            labels = ", ".join(value for _, value in wrong_place)
            repair = f"label the namespace: kubectl label namespace {end.namespace} {labels.replace(', ', ' ')}"
            yield 0, f"the namespace {end.namespace} lacks {labels}", repair
    elif wrong_pod and not wrong_place and len(wrong_pod) < len(peer.pods):
        yield 2, f"the pod lacks {said}", "correct the labels of the pod, or the selector in the catalog"


def _missing(labels: Labels, actual: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """The keys that an object does not have as a class wants them, each with what is wanted, in words."""
    for key, values in sorted(labels, key=lambda pair: pair[0]):
        if not values.admits(actual.get(key)):
            named = sorted(value for value in values.values if value is not None)
            wanted = f"{key}={named[0]}" if named and not values.excluded else f"another {key}"
            yield key, wanted
