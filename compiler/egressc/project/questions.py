"""What a question on the command line asks: `ai-service -> redis:6379`, and who is meant by each end."""

import difflib
import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass

from egressc.lower.addresses import as_network
from egressc.model.address_sets import is_host
from egressc.model.entities import Target
from egressc.model.flows import Endpoint, Pod, PodClass
from egressc.model.host_sets import holds_host, host_set
from egressc.model.label_classes import namespace, select
from egressc.model.policy import Dns, GrantEnd, HostPeer, PolicySet, Port, Protocol
from egressc.model.requirements import ServicePort
from egressc.model.scalars import PORT_MAX, cidr_problem
from egressc.model.workloads import Service, Workload, offered_to
from egressc.project.hosts import Inside, find_inside, looks_like_host, read_host
from egressc.project.usage import UnknownName, UsageProblem
from egressc.renderers.excerpts import printable
from egressc.resolve.resolution import NameBook
from egressc.verify.explanation.ends import (
    Surroundings,
    ends_of,
    pod_of,
    ports_of,
    with_place,
    workloads_named,
    workloads_with,
)
from egressc.verify.explanation.fronts import Offer, offers_of, service_at

_ARROW = re.compile(r"(?:(?<!\s)\s++)?+(?:->|→)\s*+")
_PORT = re.compile(r"(?:(?<=[^:\s]):|(?<!\s)\s++(?:on\s++)?)(\d++)(?:/(tcp|udp|sctp))?\s*\Z", re.IGNORECASE)
_POD = re.compile(r"pod:(?P<namespace>[^/\s]+)(?:/(?P<labels>\S*))?\Z")

# For a host that no destination names: some public address (RFC 5737 keeps it for examples).
_SOME_ADDRESS = "198.51.100.1"
_BY_NAME = "judged by the name, and by a public address for rules by address"


@dataclass(frozen=True, slots=True)
class AskedConnection:
    """A question as it was written; `port` and `protocol` None where it leaves them to the destination."""

    source: str
    destination: str
    port: int | None
    protocol: str | None


@dataclass(frozen=True, slots=True)
class QuestionEnd:
    """Who is meant: pods and addresses, the ports that a destination listens on, and what had to be assumed.

    `name` and `key` are those of what the sources name; `offered` are ports of its Services as the sources have
    them. `front` is the Service of the manifests that stands between: `ports` are its own then. `behind` is an address
    that a host may have, for rules by address.
    """

    found: tuple[Endpoint, ...]
    ports: tuple[Port, ...] = ()
    offered: tuple[ServicePort, ...] = ()
    note: str = ""
    name: str = ""
    key: str = ""
    front: Service | None = None
    behind: str = ""


def read_question(text: str) -> AskedConnection:
    """Take a question apart. Raises UsageProblem."""
    ends = _ARROW.split(text.strip())
    if len(ends) != 2 or not all(ends):
        raise UsageProblem(f'"{text}" does not have two ends; write SOURCE DESTINATION:PORT')
    source, destination = ends
    if is_address(destination):  # IPv6 without a port ends like a port
        return AskedConnection(source, destination, None, None)
    port = _PORT.search(destination)
    if port is None:
        return AskedConnection(source, destination, None, None)
    number = int(port[1])
    if not 1 <= number <= PORT_MAX:
        raise UsageProblem(f"{number} is not a port between 1 and {PORT_MAX}")
    return AskedConnection(source, destination[: port.start()], number, port[2].upper() if port[2] else None)


class Ends:
    """Finds who is meant by an end, in a project, if there is one, and in a cluster as manifests show it (`around`)."""

    def __init__(
        self,
        around: Surroundings,
        asked: PolicySet | None = None,
        book: NameBook | None = None,
        *,
        sees_services: bool = False,
    ) -> None:
        """`asked` and `book` are those of the project; `sees_services`: policy sees the addresses of Services."""
        self.around = around
        self._asked = asked or PolicySet(())
        self._services = self._asked.services
        self._book = book
        self.sees_services = sees_services

    def source(self, text: str) -> QuestionEnd:
        """Who connects: a service before all else. Raises UsageProblem."""
        for service in self._services:
            if text in (service.id, service.name):
                pods = PodClass(namespace(service.namespace), select(service.pod_selector))
                return QuestionEnd((with_place(pod_of(pods, self.around), self.around),), name=service.name)
        if read_host(text) is not None:
            raise UsageProblem(f'"{text}" cannot connect to a pod by its name; write the address of the pod')
        ends = self.destinations(text)
        name = ends[0].name if len(ends) == 1 else text  # of a group
        return QuestionEnd(tuple(found for end in ends for found in end.found), note=ends[0].note, name=name)

    def dns_of(self, source: str) -> Dns | None:
        """How a service resolves names, which may be named in any way; None for who is none."""
        found = (it for it in self._services if source in (it.id, it.name))
        return next(map(self._asked.dns_of, found), None)

    def asked_ports(self, source: str, destination: QuestionEnd) -> tuple[Port, ...]:
        """The ports on which rows of a source ask for a destination."""
        ports = (
            port
            for service in self._services
            for grant in (*service.grants, *service.callers)
            if source in (grant.source.key, grant.source.name) and grant.destination.key == destination.key
            for port in grant.ports
        )
        return tuple(dict.fromkeys(ports))

    def destinations(self, text: str) -> tuple[QuestionEnd, ...]:
        """What is connected to: one end, or each member of a group. Raises UsageProblem."""
        if address := is_address(text.removeprefix("[").removesuffix("]")):
            if problem := cidr_problem(as_network(address)):
                raise UsageProblem(f'"{text}" {problem}')
            return (self._address(address),)
        if pod := _POD.match(text):
            return (self._pod(pod["namespace"], pod["labels"] or ""),)
        if host := read_host(text):
            return (self._host(host),)
        if targets := self._book.find(text) if self._book is not None else ():
            return tuple(self._target(target) for target in targets)
        if end := self._workload(text) or self._front(text):
            return (end,)
        raise UnknownName(f'nothing is named "{text}"{self._meant(text)}')

    def offers(self, end: Endpoint, destination: QuestionEnd) -> tuple[Offer, ...]:
        """The ports of Services in front of an end."""
        known = tuple(offers_of(end, self.around.services))
        told = {offer.port for offer in known}
        return (*known, *(Offer("", port) for port in destination.offered if port not in told))

    def reached_at(self, destination: QuestionEnd, protocol: Protocol, port: int) -> tuple[Endpoint, ...]:
        """Where a destination is reached at a port: of several ends, no address of a Service without this port."""
        found = []
        for end in destination.found:
            service = service_at(end, self.around.services) if isinstance(end, str) else None
            if service is None or any((it.service, it.pod.protocol) == (port, protocol) for it in service.ports):
                found.append(end)
        return tuple(found) or destination.found

    def _target(self, target: Target) -> QuestionEnd:
        reached = target.destination
        found = ends_of(reached.peers, "default", self.around)
        by_name = any(isinstance(it, str) and is_host(it) for it in found)
        note, behind = (_BY_NAME, _SOME_ADDRESS) if by_name else ("", "")
        return QuestionEnd(
            found, target.ports, target.service_ports, note=note, name=reached.name, key=reached.key, behind=behind
        )

    def _address(self, address: str) -> QuestionEnd:
        """The pods behind the Service that has the address, if manifests show one; else the address itself."""
        service = None if self.sees_services else service_at(address, self.around.services)
        return self._behind(service) if service is not None else QuestionEnd((address,))

    def _behind(self, service: Service) -> QuestionEnd:
        end = pod_of(service.pods, self.around)
        if service.is_headless:
            return QuestionEnd((end,), tuple(dict.fromkeys(port.pod for port in offered_to(end, (service,)))))
        ports = tuple(dict.fromkeys(Port(port.pod.protocol, port.service) for port in service.ports))
        if self.sees_services:
            return QuestionEnd(service.addresses or (end,), ports)
        return QuestionEnd((end,), ports, front=service)

    def _pod(self, namespace: str, written: str) -> QuestionEnd:
        labels: dict[str, str] = {}
        for item in filter(None, written.split(",")):
            key, equals, value = item.partition("=")
            if not equals:
                raise UsageProblem(f'"{item}" is not a label; write label=value')
            labels[key] = value
        if real := workloads_with(labels, namespace, self.around):
            return self._running(real)
        made_up = (
            f"no workload of the manifests has these labels in {namespace}: assumed to be a pod without named ports"
        )
        note = made_up if self.around.workloads else ""
        return QuestionEnd((with_place(Pod(namespace, labels), self.around),), note=note)

    def _running(self, workloads: Sequence[Workload]) -> QuestionEnd:
        return QuestionEnd(tuple(with_place(it.pod, self.around) for it in workloads), ports_of(workloads))

    def _workload(self, text: str) -> QuestionEnd | None:
        """A workload of the manifests by its name. Raises UsageProblem where several have it."""
        found = workloads_named(text, self.around)
        if len(found) > 1:
            names = ", ".join(f'"{it.pod.namespace}/{it.pod.kind.lower()}/{it.pod.name}"' for it in found)
            raise UsageProblem(f'"{text}" matches {printable(names)}; write one of these')
        return self._running(found) if found else None

    def _front(self, text: str) -> QuestionEnd | None:
        """The pods behind a Service of the manifests, by NAME or NAMESPACE/NAME, as long as one has it."""
        found = [it for it in self.around.services if text in (it.name, f"{it.namespace}/{it.name}")]
        return self._behind(found[0]) if len(found) == 1 else None

    def _meant(self, text: str) -> str:
        near = self._book.near(text) if self._book is not None else []
        if near:
            return f', did you mean "{near[0]}"?'
        if looks_like_host(text):
            return f'; write a host name as "host:{text}"'
        if self.around.workloads:
            near = difflib.get_close_matches(text, [it.pod.name for it in self.around.workloads], n=1)
            meant = f', did you mean "{printable(near[0])}"?' if near else ""
            return f"{meant or ';'} write workloads as NAMESPACE/NAME, pods as pod:NAMESPACE/label=value"
        return "; write pods as pod:NAMESPACE/label=value"

    def _host(self, host: str) -> QuestionEnd:
        if inside := find_inside(host):
            return self._service(host, inside)
        targets = self._book.with_host(host) if self._book is not None else ()
        name = targets[0].destination.name if len(targets) == 1 else ""
        if self._names_hosts:
            return QuestionEnd((host,), self._ports_by_name(host), note=_BY_NAME, name=name, behind=_SOME_ADDRESS)
        found = [end for target in targets for end in ends_of(target.destination.peers, "default", self.around)]
        ports = dict.fromkeys(port for target in targets for port in target.ports)
        if not found and self.around.names_hosts:
            return QuestionEnd((host,), note=_BY_NAME, behind=_SOME_ADDRESS)
        if not found:
            nowhere = f"{host} is in no source, and policies" if self._book is not None else "policies"
            note = f"{nowhere} know only addresses: assumed to be a public address"
            return QuestionEnd((_SOME_ADDRESS,), note=note)
        note = "policies know only addresses: these are used in place of the name"
        return QuestionEnd(tuple(found), tuple(ports), note=note, name=name)

    @property
    def _names_hosts(self) -> bool:
        """Whether any row asks for a rule by name."""
        ends = (it.destination for it in self._asked.every_grant())
        return any(isinstance(peer, HostPeer) for end in ends for peer in end.peers)

    def _ports_by_name(self, host: str) -> tuple[Port, ...]:
        """The ports on which rows let anybody reach a host, where the dialect has rules by name."""
        grants = self._asked.every_grant()
        ports = (port for it in grants if _names(it.destination, host) for port in it.ports)
        return tuple(dict.fromkeys(ports))

    def _service(self, host: str, inside: Inside) -> QuestionEnd:
        """The pods behind a Service of the manifests."""
        for service in self.around.services:
            if (service.namespace, service.name) == inside:
                return self._behind(service)
        near = self._book.near(inside.service) if self._book is not None else []
        meant = f', or "{near[0]}" if you mean that' if near else ", or the destination by its name in the sources"
        if self._book is None:
            meant = ", or write a workload"
        whose = f"the Service {inside.service} of the namespace {inside.namespace}"
        raise UsageProblem(f'"{host}" is {whose}, whose pods are in no manifest; add it with --manifests{meant}')


def _names(end: GrantEnd, host: str) -> bool:
    named = (it.name for it in end.peers if isinstance(it, HostPeer) and not it.is_entity)
    return holds_host(host_set(named), host)


def is_address(text: str) -> str:
    """The address in its usual form; empty for other text."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
