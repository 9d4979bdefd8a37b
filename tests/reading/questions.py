"""What the truth of a document says of manifests: which flows they lose, which they open, whom they isolate."""

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from oracles.naive import Spot, is_allowed
from oracles.truth_tables import isolates
from reading.corpus import Document, Entity

# Outside of every network that a document names; the first that is so stands for the Internet.
_OUTSIDE = ("203.0.113.254", "198.51.100.254", "192.0.2.254")
# Ports that no document is about: what opens them opens every port.
_ENDS = (1, 65535)
_NOBODYS = ("outside", "internet", "person", "group", "apiserver", "none", "dns")


@dataclass(frozen=True)
class Findings:
    """Differences between manifests and truth, each as (source, destination, what is wrong)."""

    lost: list[tuple[str, str, str]] = field(default_factory=list)
    opened: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        return not self.lost and not self.opened


def policies_of_nobody(documents: Sequence[Document], manifests: Iterable[dict[str, Any]]) -> list[str]:
    """The policies that isolate no workload which one of the documents is about."""
    pods = [
        entity.pod
        for document in documents
        for entity in document.entities
        if entity.kind == "pod" and entity.pod and (entity.name, "*") not in document.not_scored
    ]
    return [
        policy["metadata"]["name"]
        for policy in manifests
        if not any(isolates(policy, "Egress", pod) or isolates(policy, "Ingress", pod) for pod in pods)
    ]


def hold_against_truth(document: Document, manifests: list[dict[str, Any]]) -> Findings:
    """Ask for every flow among the entities of the facts, on every port that occurs."""
    found = Findings()
    found.opened.extend((name, "", "a policy for no workload") for name in policies_of_nobody([document], manifests))
    truth = Truth(document)
    for source in document.entities:
        if source.kind in _NOBODYS or source.pod is None or (source.name, "*") in document.not_scored:
            continue
        is_guarded = any(isolates(policy, "Egress", source.pod) for policy in manifests)
        if not is_guarded and truth.needs_policy(source):
            found.lost.append((source.name, "", "no policy"))
        if is_guarded and not truth.is_source(source):
            found.lost.append((source.name, "", "isolated, and no row asks for it"))
        for destination, protocol, port in product(document.entities, ("TCP", "UDP"), truth.ports):
            expected = truth.answer(source, destination, protocol, port)
            if expected is None:
                continue
            answers = {
                is_allowed(manifests, source.pod, end, protocol, port, frozenset()) for end in truth.ends(destination)
            }
            flow = (source.name, destination.name, f"{port}/{protocol}")
            if expected and False in answers:
                found.lost.append(flow)
            elif not expected and True in answers and is_guarded:
                found.opened.append(flow)
    return found


class Truth:
    def __init__(self, document: Document) -> None:
        self._document = document
        name_of = {name: entity.name for name, entity in document.by_name.items()}
        self._said = {
            (name_of[row.source], name_of[row.destination], row.protocol, row.port): row.is_allowed
            for row in document.truth
            if row.source in name_of and row.destination in name_of
        }
        listening = {port for entity in document.entities for port in entity.ports}
        self.ports = sorted({*_ENDS, *listening, *(row.port for row in document.truth if row.port)})
        networks = [ipaddress.ip_network(it.address) for it in document.entities if it.address]
        self._internet = next(
            address for address in _OUTSIDE if not any(ipaddress.ip_address(address) in net for net in networks)
        )

    def needs_policy(self, source: Entity) -> bool:
        return source.name in self._document.guarded or any(
            source.name == said[0] and allowed and self._document.by_name[said[1]].kind != "dns"
            for said, allowed in self._said.items()
        )

    def is_source(self, entity: Entity) -> bool:
        return entity.name in self._document.guarded or any(entity.name == source for source, _, _, _ in self._said)

    def ends(self, entity: Entity) -> tuple[Spot | str, ...]:
        """What stands for a destination; nothing for a person, a group and what no policy could name."""
        if entity.kind == "internet":
            return (self._internet,)
        if entity.address:
            network = ipaddress.ip_network(entity.address)
            return (str(network[0]), str(network[-1]))
        return () if entity.pod is None else (entity.pod,)

    def answer(self, source: Entity, destination: Entity, protocol: str, port: int) -> bool | None:
        """What the truth says; None where it leaves the flow open, as its README lists."""
        for wanted in (port, None):
            said = self._said.get((source.name, destination.name, protocol, wanted))
            if said is not None:
                return said
        if source is destination or (source.name, f"{destination.name}:{port}") in self._document.not_scored:
            return None
        if destination.kind == "dns" and port == 53:
            return None
        wider = self._granted_networks(source, protocol, port)
        inside = [ipaddress.ip_network(destination.address)] if destination.address else []
        if any(it.version == net.version and it.subnet_of(net) for it, net in product(inside, wider)):  # type: ignore[arg-type]
            return None
        return False

    def _granted_networks(
        self, source: Entity, protocol: str, port: int
    ) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        for (name, other, said_protocol, said_port), allowed in self._said.items():
            if allowed and name == source.name and said_protocol == protocol and said_port in (port, None):
                entity = self._document.by_name[other]
                if entity.kind == "internet":
                    yield ipaddress.ip_network("0.0.0.0/0")
                elif entity.address:
                    yield ipaddress.ip_network(entity.address)
