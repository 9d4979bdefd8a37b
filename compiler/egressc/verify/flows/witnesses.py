"""One flow out of a region, as plain as there is, and how far it depends on the cluster."""

from collections.abc import Iterable
from dataclasses import replace

from egressc.model.address_sets import AddressSet, common, first_address, holds
from egressc.model.endpoints import addresses_in, pods_in
from egressc.model.flows import Approximation, Direction, Endpoint, Pod, PodClass, Rule, Witness
from egressc.model.gateway import are_of_gateway
from egressc.model.host_sets import host_set, subtract_hosts
from egressc.model.intervals import contains
from egressc.model.label_classes import NAMESPACE_NAME, both, example, namespace, only_name, possible_names
from egressc.model.policy import Protocol
from egressc.model.port_sets import EVERY_NUMBER
from egressc.model.ports import HBONE_PORT
from egressc.verify.flows.internet import INSIDE, METADATA, public_part
from egressc.verify.flows.regions import Region


def pick_witness(region: Region, direction: Direction) -> Witness:
    """A flow of the region; the region must not be empty. A public address comes before a private one."""
    point = region.find_port(direction)
    assert point is not None, "an empty region has no witness"
    named = tuple((name, point.protocol, point.number) for name in sorted(point.names))
    guarded, other = _ends(region)
    if direction is Direction.EGRESS:
        source, destination = guarded, _with_ports(other, named)
    else:
        source, destination = other, _with_ports(guarded, named)
    return Witness(source, destination, point.protocol, point.number, point.names)


def naming(rules: Iterable[Rule]) -> Approximation:
    """How the names of rules are enforced."""
    by_server = any(rule.by_server_name for rule in rules)
    return Approximation.SERVER_NAME if by_server else Approximation.LEARNED_NAME


def approximations(region: Region, witness: Witness, *rules: Rule) -> tuple[Approximation, ...]:
    """Why the witness's verdict may be another one in some cluster; empty when NetworkPolicy itself decides it.

    `rules`: those that allow it.
    """
    found = []
    if any(isinstance(end, str) and is_inside(end) for end in (witness.source, witness.destination)):
        found.append(Approximation.POD_ADDRESS)
    if any(ports.of(witness.protocol).names for ports in (*region.inside, region.outside)):
        found.append(Approximation.NAMED_PORT)
    if addresses_in(region.peer).names_hosts:
        found.append(naming(rules))
    return tuple(found)


def approximations_of(rule: Rule) -> tuple[Approximation, ...]:
    """Why what a rule allows may be something else in some cluster."""
    found = []
    if rule.addresses.names_hosts:
        found.append(naming([rule]))
        if is_wider(rule):
            found.append(Approximation.WIDER_NAME)
    elif rule.hosts and rule.addresses:
        found.append(Approximation.HOST_NAME)
    if rule.addresses and any(common(rule.addresses, INSIDE)):
        found.append(Approximation.POD_ADDRESS)
    if rule.ports.has_names:
        found.append(Approximation.NAMED_PORT)
    numbers = rule.ports.tcp.numbers
    is_tunnel = numbers != EVERY_NUMBER and contains(numbers, HBONE_PORT)
    if is_tunnel and not all(are_of_gateway(peer.pods) for peer in rule.pods):
        found.append(Approximation.AMBIENT_TUNNEL)
    return tuple(found)


def is_wider(rule: Rule) -> bool:
    """Whether it names more hosts than were asked for."""
    return bool(rule.hosts and rule.addresses.hosts and subtract_hosts(rule.addresses.hosts, host_set(rule.hosts)))


def is_inside(address: str) -> bool:
    """Whether clusters usually have pods or nodes at such an address; no name is one."""
    return holds(INSIDE, address)


def _ends(region: Region) -> tuple[Endpoint, Endpoint]:
    peer = pods_in(region.peer)
    if peer is None:
        home = next(possible_names(region.subject.namespaces))
        return _pod(region.subject, home), pick_address(addresses_in(region.peer))
    for home in possible_names(region.subject.namespaces):
        for away in possible_names(peer.namespaces):
            if home != away:
                return _pod(region.subject, home), _pod(peer, away)
            shared = both(region.subject.namespaces, peer.namespaces)
            if shared is not None:
                here = _pod(region.subject._replace(namespaces=shared), home)
                return here, _pod(peer._replace(namespaces=shared), home)
    raise AssertionError("a region that could exist has a witness")


def _pod(pods: PodClass, home: str) -> Pod:
    placed = both(pods.namespaces, namespace(home))
    assert placed is not None, "the name was taken from the class"
    labels = example(placed)
    del labels[NAMESPACE_NAME]
    # Any other namespace could have been chosen for its labels; this one is what it is.
    supposed = tuple(sorted(key for key, _ in placed if key != NAMESPACE_NAME)) if only_name(pods.namespaces) else ()
    return Pod(home, example(pods.pods), labels, supposed=supposed)


def pick_address(addresses: AddressSet) -> str:
    """The address of a set that tells most: a public one, else that of the metadata service, else a private one.

    The set is not empty. Nobody connects to what is left: loopback, multicast, and what is reserved.
    """
    choices = (public_part(addresses), common(addresses, METADATA), common(addresses, INSIDE))
    return first_address(next(filter(None, choices), addresses))


def _with_ports(end: Endpoint, named: tuple[tuple[str, Protocol, int], ...]) -> Endpoint:
    return replace(end, ports=named) if isinstance(end, Pod) and named else end
