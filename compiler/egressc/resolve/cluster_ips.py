"""The ClusterIPs of Services, which policies see in place of pods where cluster.serviceTranslation is "before".

Source: ServiceSpec (core/v1): a Service forwards to each pod that it selects, so its address stands for all of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from ipaddress import ip_address, ip_network
from typing import Final, NamedTuple

from egressc.diagnostics.core import Label, Report
from egressc.diagnostics.workloads import (
    say_custom_dns,
    say_shared_service,
    say_taken_port,
    say_unplaced_service,
    unopened_cluster_ip,
)
from egressc.dialects.shapes.places import find_field
from egressc.model.dns_profiles import dns_reach
from egressc.model.endpoints import is_within
from egressc.model.policy import AddressPeer, Dns, Grant, GrantEnd, Peer, PodPeer, PolicySet, Port, ServicePolicy
from egressc.model.port_sets import covers, port_set
from egressc.model.ports import say_port
from egressc.model.requirements import ServicePort
from egressc.model.texts import place_of_name
from egressc.model.workloads import Service, Workload
from egressc.resolve.peers import pods_of

# Profiles without a rule, with every address, and with an address of its own in front of the Service.
_NEEDS_NO_ADDRESS: Final = frozenset({"none", "any", "nodelocal"})


class ServiceFront(NamedTuple):
    """A Service in front of the pods of a destination, with its ports as these pods have them.

    `stranger`: a workload that it selects too, and that is not among these pods. `taken`: ports of the Service that are
    also ports of the pods, though it forwards them to others. `is_unplaced`: it takes labels of its namespace to tell
    whether its pods are meant, and no manifest shows them.
    """

    service: Service
    ports: tuple[ServicePort, ...]
    addresses: tuple[AddressPeer, ...]
    stranger: Workload | None = None
    taken: frozenset[Port] = frozenset()
    is_unplaced: bool = False

    @property
    def is_alone(self) -> bool:
        """Whether it is known to lead to no other pods."""
        return self.stranger is None and not self.is_unplaced

    def may_forward(self, ports: tuple[Port, ...]) -> bool:
        """Whether clients of these ports may use it."""
        held = port_set(ports)
        return any(covers(held, port_set((port,))) for it in self.ports for port in (front_port(it), it.pod))

    def forwards(self, ports: tuple[Port, ...]) -> bool:
        """Whether it has one of the ports of a rule, and leads to a port that is meant."""
        held = port_set(ports)
        return any(
            covers(held, port_set((front,))) and (front not in self.taken or covers(held, port_set((entry.pod,))))
            for entry, front in ((it, front_port(it)) for it in self.ports)
        )

    def hides(self, ports: tuple[Port, ...]) -> Port | None:
        """Its port that leads to one of these, but that no rule can open without the same port of the pods."""
        held = port_set(ports)
        fronts = (front_port(it) for it in self.ports if isinstance(it.pod.port, int))
        led_to = (covers(held, port_set((it.pod,))) for it in self.ports if isinstance(it.pod.port, int))
        return next((front for front, leads in zip(fronts, led_to, strict=True) if leads and front in self.taken), None)


def front_port(entry: ServicePort) -> Port:
    """The port that clients of a Service use."""
    return Port(entry.pod.protocol, entry.service)


def addresses_of(service: Service, families: Iterable[str]) -> tuple[AddressPeer, ...]:
    """The addresses of a Service that pods of these families can connect to, IPv4 first."""
    if service.is_headless:
        return ()
    v4 = sorted(it for it in service.addresses if ":" not in it and "IPv4" in families)
    v6 = sorted(it for it in service.addresses if ":" in it and "IPv6" in families)
    return (*(AddressPeer(f"{it}/32") for it in v4), *(AddressPeer(f"{it}/128") for it in v6))


class ClusterIps:
    """Leaves each rule the ClusterIPs that its ports lead to. EG489 for those that no rule can open."""

    def __init__(
        self, fronts: Mapping[str, tuple[ServiceFront, ...]], services: Iterable[Service], report: Report
    ) -> None:
        """`fronts`: those of each destination, by its key."""
        self._fronts = fronts
        self._services = tuple(it for it in services if it.addresses and not it.is_headless)
        self._report = report
        self._ends: dict[tuple[str, tuple[Peer, ...]], GrantEnd] = {}
        self._told: dict[tuple[str, str], tuple[Grant, ServiceFront, str]] = {}
        self._dns: dict[Dns, ServicePolicy] = {}

    def settle(self, policies: PolicySet) -> PolicySet:
        """The same policies with no more ClusterIPs than the rows ask for."""
        if not policies.before_translation:
            return policies
        services = tuple(map(self._settle, policies.services))
        baselines = tuple(
            it._replace(policy=self._settle(it.policy), opt_ins=tuple(map(self._settle, it.opt_ins)))
            for it in policies.baselines
        )
        self._tell()
        return replace(policies, services=services, baselines=baselines)

    def _settle(self, policy: ServicePolicy) -> ServicePolicy:
        if policy.dns.profile not in _NEEDS_NO_ADDRESS:
            self._dns.setdefault(policy.dns, policy)
        grants = tuple(map(self._sent, policy.grants))
        opened = {peer for grant in grants for peer in grant.destination.peers}
        for grant in grants:
            for front in self._fronts.get(grant.destination.key, ()):
                if opened.isdisjoint(front.addresses) and (front.may_forward(grant.ports) or not front.is_unplaced):
                    service = front.service
                    key = grant.destination.key, service.namespace if front.is_unplaced else service.title
                    earlier = self._told.get(key)
                    if earlier is None or grant.origins[0].order < earlier[0].origins[0].order:
                        self._told[key] = grant, front, policy.id
        return policy._replace(grants=grants, callers=tuple(map(self._received, policy.callers)))

    def _sent(self, grant: Grant) -> Grant:
        fronts = self._fronts.get(grant.destination.key, ())
        opened = {at for it in fronts if it.is_alone and it.forwards(grant.ports) for at in it.addresses}
        closed = {at for it in fronts for at in it.addresses} - opened
        return grant._replace(destination=self._without(grant.destination, closed)) if closed else grant

    def _received(self, grant: Grant) -> Grant:
        """Nothing connects from the address of a Service."""
        fronts = self._fronts.get(grant.source.key, ())
        closed = {at for it in fronts for at in it.addresses}
        return grant._replace(source=self._without(grant.source, closed)) if closed else grant

    def _without(self, end: GrantEnd, closed: set[AddressPeer]) -> GrantEnd:
        peers = tuple(it for it in end.peers if it not in closed)
        return self._ends.setdefault((end.key, peers), replace(end, peers=peers))

    def _tell(self) -> None:
        for (key, _), (grant, front, policy) in self._told.items():
            name, service = grant.destination.name, front.service
            place = Label(find_field(service.origin, f"{service.path}spec.selector"), "its pods")
            if front.is_unplaced:
                (reason, repair), related = say_unplaced_service(service.namespace), [place]
            elif front.stranger is not None and front.forwards(grant.ports):
                stranger = front.stranger
                at = find_field(stranger.origin, f"{stranger.path}metadata.name")
                labels = ",".join(f"{label}={value}" for label, value in sorted(service.selector.items()))
                number = next(it.service for it in front.ports if front._replace(ports=(it,)).forwards(grant.ports))
                reason, repair = say_shared_service(
                    stranger.pod.title, name, service.name, f"{service.namespace}/{labels}", number
                )
                related = [place, Label(at, "one of them too")]
            elif front.stranger is None and (taken := front.hides(grant.ports)) is not None:
                (reason, repair), related = say_taken_port(say_port(taken)), [place]
            else:
                continue
            said, at = f'rule for "{name}"', place_of_name(name, grant.origins[0])
            self._report.add(unopened_cluster_ip(at, said, service.title, reason, related, repair, policy, key))
        for dns, served in self._dns.items():
            self._tell_dns(dns, served)

    def _tell_dns(self, dns: Dns, served: ServicePolicy) -> None:
        """The rule for DNS has the peers of its profile, which the chart knows, and no more."""
        peers, ports = dns_reach(dns)
        missing = [it for it in self._services if _leads_to(it, peers) and not _holds(peers, it)]
        if not missing:
            return
        service = missing[0]
        blocks = [f"{at}/{128 if ':' in at else 32}" for it in missing for at in it.addresses]
        fronts = {it.service for service in missing for it in service.ports if it.pod.port in _numbers(ports, service)}
        numbers = sorted({*fronts, *(it.port for it in ports if isinstance(it.port, int))})
        reason, repair = say_custom_dns(dns.profile, blocks, _say_pods(peers), numbers)
        at = Label(find_field(service.origin, f"{service.path}metadata.name"), "this Service")
        said = f'DNS rule of "{served.name}"'
        self._report.add(unopened_cluster_ip(served.origin, said, service.title, reason, (at,), repair, served.id, ""))


def _numbers(ports: Iterable[Port], service: Service) -> set[int | str | None]:
    """The ports of a rule, and the names that a Service has for ports of its pods."""
    named = {it.pod.port for it in service.ports if isinstance(it.pod.port, str)}
    return {*(it.port for it in ports), *named}


def _leads_to(service: Service, peers: Iterable[Peer]) -> bool:
    return any(isinstance(it, PodPeer) and is_within(service.pods, pods_of(it)) for it in peers)


def _holds(peers: Iterable[Peer], service: Service) -> bool:
    """Whether the networks among the peers have an address of a Service."""
    networks = [ip_network(it.cidr) for it in peers if isinstance(it, AddressPeer)]
    return any(ip_address(at) in network for at in service.addresses for network in networks)


def _say_pods(peers: Iterable[Peer]) -> Iterator[str]:
    """The pods of a profile, as the project file has them in `to`."""
    for peer in peers:
        if isinstance(peer, PodPeer):
            parts = ("namespaceSelector", peer.namespaces), ("podSelector", peer.pods)
            said = [
                f"{key}: {{matchLabels: {{{', '.join(f'{label}: {value}' for label, value in it.match_labels)}}}}}"
                for key, it in parts
                if it is not None
            ]
            yield f"{{{', '.join(said)}}}"
        elif isinstance(peer, AddressPeer):
            yield f'{{ipBlock: {{cidr: "{peer.cidr}"}}}}'
