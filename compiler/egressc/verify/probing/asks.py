"""What the sources say of a service's connections: those that rows and extra rules grant, and others that they do not.

A rule's ports are ports of pods, so connections go to pods, not to Services: what a Service would pick is not known.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address

from egressc.model.address_sets import AddressSet
from egressc.model.entities import Target
from egressc.model.flows import PodClass, Policy, Rule
from egressc.model.label_classes import only_name
from egressc.model.peers import read_peers
from egressc.model.policy import AddressPeer, Grant, Port, Protocol, ServicePolicy
from egressc.model.port_sets import EVERY_NUMBER, PortSet
from egressc.model.ports import sort_ports
from egressc.source import Span
from egressc.verify.probing.connections import Expect, ProbeCase

_KEY_MAX = 63
_WHOLE_ADDRESS = ("/32", "/128")
# Behind the ports that sources name.
_LAST = 1 << 16


def ask_allowed(service: ServicePolicy, policy: Policy, targets: Iterable[Target]) -> list[ProbeCase]:
    """One connection for each destination, port and protocol that rows grant, then those of extra rules.

    Args:
        policy: what the service may reach, extra rules included; its DNS rule is not asked for here.
        targets: everything that has a name, for the ports that it is said to listen on.
    """
    listening = {target.destination.key: target.ports for target in targets}
    asks: list[ProbeCase] = []
    for dependency in service.grants:
        asks += _of_row(dependency, service.namespace, listening.get(dependency.destination.key, ()))
    for rule in policy.egress or ():
        if rule.is_extra:
            asks += _of_extra(rule, policy.origin)
    return asks


def ask_denied(service: ServicePolicy, targets: Iterable[Target]) -> list[ProbeCase]:
    """Ports that other destinations and services listen on and no row of this service names; the nearest first.

    Near are further ports of what the service may reach, then what shares its namespace. Of each the first port comes
    before the second of any. Whether a port is denied indeed is for the one to say who knows the pods' labels.
    """
    granted = {it.destination.key: frozenset(it.ports) for it in service.grants}
    ranked: list[tuple[int, int, str, ProbeCase]] = []
    for target in targets:
        key = target.destination.key
        pods, _ = read_peers(target.destination.peers, service.namespace)
        if not pods or (target.entity.is_service and target.entity.id == service.id):
            continue
        rank = 0 if key in granted else 1 if _is_within(pods, service.namespace) else 2
        ports = [it for it in sort_ports(target.ports) if it not in granted.get(key, ())]
        further = Port(Protocol.TCP, None)
        for number, port in enumerate(it for it in ports if it.protocol is Protocol.TCP and it != further):
            ranked.append((rank, number, key, _denied(target, port, pods, service)))
        # Pods declare ports that no source knows: those are looked for last.
        ranked.append((rank, _LAST, key, _denied(target, further, pods, service)))
    return [ask for *_, ask in sorted(ranked, key=lambda it: it[:3])]


def _denied(target: Target, port: Port, pods: tuple[PodClass, ...], service: ServicePolicy) -> ProbeCase:
    destination = target.destination
    return ProbeCase(key_of(destination.key, port), Expect.DENY, destination.name, port, service.origin, pods)


def key_of(name: str, port: Port) -> str:
    """The key of a connection: a DNS-1123 label, the same in each run."""
    number = "any" if port.port is None else str(port.port)
    suffix = f"-{number}" + ("" if port.protocol is Protocol.TCP else f"-{port.protocol.lower()}")
    return name[: _KEY_MAX - len(suffix)].rstrip("-") + suffix


def _of_row(dependency: Grant, home: str, listening: Collection[Port]) -> Iterator[ProbeCase]:
    destination = dependency.destination
    pods, _ = read_peers(destination.peers, home)
    addresses = (it.cidr for it in destination.peers if isinstance(it, AddressPeer))
    single = tuple(it.partition("/")[0] for it in addresses if it.endswith(_WHOLE_ADDRESS))
    for port in dependency.ports:
        yield ProbeCase(
            key_of(destination.key, port),
            Expect.ALLOW,
            destination.name,
            port,
            dependency.origins[0],
            pods,
            (*(it for it in destination.hosts if "*" not in it), *single),
            tuple(it.port for it in listening if isinstance(it.port, int) and it.protocol is port.protocol),
        )


def _of_extra(rule: Rule, otherwise: Span) -> Iterator[ProbeCase]:
    for port in _ports_of(rule.ports):
        yield ProbeCase(
            key_of(f"extra-{rule.index}", port),
            Expect.ALLOW,
            f"extra rule {rule.name}",
            port,
            rule.origins[0] if rule.origins else otherwise,
            rule.pods,
            tuple(_single_addresses(rule.addresses)),
            must_declare=True,
        )


def _ports_of(ports: PortSet) -> Iterator[Port]:
    for protocol in Protocol:
        numbers, names = ports.of(protocol)
        if numbers == EVERY_NUMBER:
            yield Port(protocol, None)
            continue
        yield from (Port(protocol, first, last if last > first else None) for first, last in numbers)
        yield from (Port(protocol, name) for name in sorted(names))


def _single_addresses(addresses: AddressSet) -> Iterator[str]:
    yield from (str(IPv4Address(first)) for first, last in addresses.v4 if first == last)
    yield from (str(IPv6Address(first)) for first, last in addresses.v6 if first == last)


def _is_within(pods: Sequence[PodClass], namespace: str) -> bool:
    return all(only_name(one.namespaces) == namespace for one in pods)
