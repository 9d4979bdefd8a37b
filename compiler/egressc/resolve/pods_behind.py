"""The workloads behind services and destinations, and what their Services make of ports.

Sources: ServiceSpec (core/v1): a Service forwards its port to targetPort. Network plugins apply policies to the pod's
port, or, before translation (cluster.serviceTranslation), to the address and the port of the Service.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import NamedTuple

from egressc.diagnostics.core import Label, Report
from egressc.diagnostics.workloads import ambiguous_service_port, translated_port, undeclared_port
from egressc.dialects.shapes.places import find_field
from egressc.model.catalog import Catalog
from egressc.model.entities import Entity
from egressc.model.label_classes import matches, select
from egressc.model.policy import AddressPeer, Port, Selector
from egressc.model.port_sets import covers, port_set
from egressc.model.ports import port_order, say_port, say_ports, sort_ports
from egressc.model.project import Cluster
from egressc.model.requirements import ServicePort
from egressc.model.workloads import Service, Workload, Workloads
from egressc.resolve.cluster_ips import ServiceFront, addresses_of, front_port
from egressc.resolve.peers import convention
from egressc.source import NOWHERE, Located, Span


class Behind(NamedTuple):
    """The pods that a selector means in its namespace, and the Services in front of them."""

    namespace: str
    pods: Selector
    workloads: tuple[Workload, ...]
    services: tuple[Service, ...]

    def listens_on(self, port: Port) -> bool:
        return any(port in it.ports for it in self.workloads)

    @property
    def declared(self) -> tuple[Port, ...]:
        """The ports that containers name; empty where one of the workloads names none, but for jobs."""
        lasting = [it for it in self.workloads if not it.is_job] or self.workloads
        return sort_ports(port for it in lasting for port in it.ports) if all(it.ports for it in lasting) else ()

    def targets(self, port: Port) -> list[tuple[Service, Port]]:
        """The Services that forward a port, each with the port of the pods that it leads to."""
        offers = [it for it in self._offers() if port == Port(it[1].pod.protocol, it[1].service)]
        return [(service, entry.pod) for service, entry in offers]

    @property
    def offered(self) -> list[ServicePort]:
        """The ports that Services forward."""
        return [entry for _, entry in self._offers()]

    def _offers(self) -> Iterator[tuple[Service, ServicePort]]:
        """Of a headless Service clients reach the pods themselves: it forwards nothing."""
        for service in self.services:
            for entry in () if service.is_headless else service.ports:
                yield service, ServicePort(entry.service, _resolve(service, entry.pod, self.workloads))


def _resolve(service: Service, pod_port: Port, workloads: Iterable[Workload]) -> Port:
    """The port of pods that a Service names: by number where all that have the name agree on it, else by name."""
    if not isinstance(pod_port.port, str):
        return pod_port
    wanted = pod_port.port, pod_port.protocol
    each = (port for it in workloads if service.selects(it.pod) for port in it.pod.ports)
    numbers = {number for name, protocol, number in each if (name, protocol) == wanted}
    return replace(pod_port, port=numbers.pop()) if len(numbers) == 1 else pod_port


class PodsBehind:
    """Finds them, and reports once a destination and port what becomes of ports: EG480 to EG482."""

    def __init__(self, known: Workloads, catalog: Catalog, cluster: Cluster) -> None:
        self.known = known
        self.is_before_translation = cluster.before_translation
        self._catalog = catalog
        self._families = cluster.ip_families
        self._found: dict[str, Behind | None] = {}
        self._labelled: dict[tuple[str, str, str], list[Workload]] = {}
        self._in_front: dict[str, list[Service]] = {}
        for workload in known.workloads:
            for key, value in (("", ""), *workload.pod.labels.items()):
                self._labelled.setdefault((workload.pod.namespace, key, value), []).append(workload)
        self._placed: dict[str, list[Service]] = {}
        for service in known.services:
            self._placed.setdefault(service.namespace, []).append(service)
            key, value = min(service.selector.items())
            self._in_front.setdefault(f"{service.namespace} {key}={value}", []).append(service)
        self.fronts: dict[str, tuple[ServiceFront, ...]] = {}
        self._told: dict[tuple[str, Port], tuple[Entity, Located[Port], Behind]] = {}

    def knows(self, entity: Entity) -> bool:
        """Whether it has pods among the workloads."""
        behind = self.of(entity)
        return behind is not None and bool(behind.workloads)

    def of(self, entity: Entity) -> Behind | None:
        """What is behind a service or destination; None where it is not certain pods of one namespace."""
        if not self.known.workloads:
            return None
        if entity.key not in self._found:
            self._found[entity.key] = self._find(entity)
        return self._found[entity.key]

    def _place(self, entity: Entity) -> tuple[str, Selector] | None:
        """The one namespace and the pods in it that an entity is, maybe all of them."""
        facts = entity.facts
        pods = facts.pods if facts.pods is not None else convention(entity, self._catalog)
        namespace = facts.namespace or self._catalog.namespace
        is_elsewhere = facts.peers or facts.addresses or facts.internet or facts.namespaces is not None
        if pods is None or not namespace or is_elsewhere:
            return None
        if facts.pods is None and (facts.hosts or facts.is_external):
            return None
        return namespace, pods

    def _find(self, entity: Entity) -> Behind | None:
        placed = self._place(entity)
        if placed is None:
            return None
        namespace, pods = placed
        labels = select(pods)
        held = [self._labelled.get((namespace, key, value), []) for key, value in pods.match_labels]
        fewest = min(held, key=len) if held else self._labelled.get((namespace, "", ""), [])
        workloads = tuple(it for it in fewest if matches(labels, it.pod.labels) and not it.is_idle)
        if pods.selects_everything:
            return Behind(namespace, pods, workloads, tuple(self._placed.get(namespace, ()))) if workloads else None
        services = {
            service.name: service
            for pod in (it.pod for it in workloads)
            for key, value in pod.labels.items()
            for service in self._in_front.get(f"{namespace} {key}={value}", ())
            if service.selects(pod)
        }
        return Behind(namespace, pods, workloads, tuple(services[name] for name in sorted(services)))

    def complete(self, entity: Entity) -> Entity:
        """An entity whose facts have the ports of its pods in place of those of Services, and know of these."""
        behind = self.of(entity)
        if behind is None or not behind.workloads:
            return entity
        facts = entity.facts
        # A port of the pods stays theirs, whatever a Service makes of it.
        ours = (it for it in behind.offered if front_port(it) == it.pod or not behind.listens_on(front_port(it)))
        offered = sorted({*facts.service_ports, *ours}, key=lambda it: (it.service, port_order(it.pod)))
        listed = next((it for it in entity.statements if it.facts.ports and it.lends_ports), None)
        said = listed.span_of("ports") if listed else None
        place = said or (NOWHERE if entity.is_preset else entity.place.span)  # a preset lists none
        ports = self.pod_ports(entity, facts.ports, place)
        return replace(entity, facts=facts._replace(ports=ports, service_ports=tuple(offered)))

    def received(self, entity: Entity, ports: Iterable[Port]) -> tuple[Port, ...]:
        """What a policy of ingress sees of ports that rows say: for those of Services the ports of the pods."""
        said = tuple(dict.fromkeys(ports))
        if not self.is_before_translation or not entity.facts.service_ports:
            return said
        fronts = {front_port(it) for it in entity.facts.service_ports}
        kept = tuple(port for port in said if port not in fronts)
        behind = (it.pod for it in entity.facts.service_ports if covers(port_set(said), port_set((front_port(it),))))
        return (*kept, *(pod for pod in dict.fromkeys(behind) if not covers(port_set(kept), port_set((pod,)))))

    def listening(self, entity: Entity) -> tuple[Port, ...]:
        """The ports that rules name: those of Services where policy sees packets before translation."""
        facts = entity.facts
        if not self.is_before_translation or not facts.service_ports or self.knows(entity):
            return facts.ports
        by_pod = {it.pod: Port(it.pod.protocol, it.service) for it in facts.service_ports}
        return tuple(by_pod.get(port, port) for port in facts.ports)

    def pod_ports(self, entity: Entity, ports: tuple[Port, ...], place: Span) -> tuple[Port, ...]:
        """Ports that a place says, as policies see them; before translation with those of Services beside them."""
        behind = self.of(entity)
        if behind is None or not behind.workloads:
            return ports
        return sort_ports(it for port in ports for it in self._seen(entity, behind, Located(port, place)))

    def _seen(self, entity: Entity, behind: Behind, said: Located[Port]) -> Iterable[Port]:
        port = said.value
        if not isinstance(port.port, int) or port.end_port is not None:
            return (port, *self._fronts_of(behind, port)) if self.is_before_translation else (port,)
        targets = {target for _, target in behind.targets(port)}
        if behind.listens_on(port):
            # Of all pods of a namespace, those that listen on a port of another's Service are meant.
            if not targets <= {port} and not behind.pods.selects_everything and not _is_of_pods(entity, port):
                self._tell(entity, said, behind)
            return (port, *self._fronts_of(behind, port)) if self.is_before_translation else (port,)
        if not self.is_before_translation or not targets:
            self._tell(entity, said, behind)
        return (port,) if self.is_before_translation or len(targets) != 1 else targets

    def _tell(self, entity: Entity, said: Located[Port], behind: Behind) -> None:
        """Hold what is to be reported at the first place that says a port of an entity."""
        earlier = self._told.get((entity.key, said.value))
        if earlier is None or said.span.order < earlier[1].span.order:
            self._told[entity.key, said.value] = entity, said, behind

    def _fronts_of(self, behind: Behind, port: Port) -> Iterator[Port]:
        """The ports of Services that lead to a port, by its number or its name, unless the pods have the same port."""
        is_led_to = {port, *(Port(p, n) for it in behind.workloads for name, p, n in it.pod.ports if name == port.port)}
        for entry in behind.offered:
            front = front_port(entry)
            if entry.pod.protocol is port.protocol and entry.pod in is_led_to and not behind.listens_on(front):
                yield front

    def addresses(self, entity: Entity) -> tuple[AddressPeer, ...]:
        """The addresses of Services that lead to no other pods; before translation policies see them in place of pods.

        `fronts` has these Services, to tell which of them a rule needs: see `cluster_ips`.
        """
        placed = self._place(entity) if self.is_before_translation and self.known.workloads else None
        if placed is None:
            return ()
        if entity.key not in self.fronts:
            self.fronts[entity.key] = tuple(self._find_fronts(entity, *placed))
        return tuple(dict.fromkeys(at for it in self.fronts[entity.key] if not it.stranger for at in it.addresses))

    def _find_fronts(self, entity: Entity, namespace: str, pods: Selector) -> Iterator[ServiceFront]:
        behind, labels = self.of(entity), select(pods)
        for service in self._placed.get(namespace, ()) if behind is None else behind.services:
            selected = self._selected(service)
            ports = tuple(ServicePort(it.service, _resolve(service, it.pod, selected)) for it in service.ports)
            stranger = next((it for it in selected if not matches(labels, it.pod.labels)), None)
            taken = frozenset(
                port for it in ports if (port := front_port(it)) != it.pod and behind and behind.listens_on(port)
            )
            if addresses := addresses_of(service, self._families):
                yield ServiceFront(service, ports, addresses, stranger, taken)

    def _selected(self, service: Service) -> list[Workload]:
        held = [self._labelled.get((service.namespace, key, value), []) for key, value in service.selector.items()]
        return [it for it in min(held, key=len) if service.selects(it.pod) and not it.is_idle]

    def report(self, report: Report) -> None:
        """EG480 to EG482: what became of ports, at the first place that says each."""
        for entity, (port, place), behind in self._told.values():
            found = behind.targets(port)
            name, said, ports = Located(entity.name, place), say_port(port), sort_ports(it for _, it in found)
            services = [Label(find_field(it.origin, f"{it.path}spec.ports"), it.title) for it, _ in found]
            if behind.listens_on(port):
                others = [say_port(it) for it in ports if it != port]
                report.add(
                    ambiguous_service_port(
                        name, said, others, [*services, label_of(behind.workloads[0])], entity.key, is_declared=True
                    )
                )
            elif ports == (port,):
                pass  # a Service that forwards the port as it is
            elif len(ports) == 1:
                report.add(translated_port(name, said, say_port(ports[0]), services, entity.key))
            elif ports:
                report.add(ambiguous_service_port(name, said, list(map(say_port, ports)), services, entity.key))
            elif (declared := behind.declared) and (not entity.facts.ports or port in entity.facts.ports):
                near = get_close_matches(said, map(say_port, declared), 1)
                workload = label_of(behind.workloads[0])
                report.add(undeclared_port(name, said, say_ports(declared), "".join(near), workload, entity.key))


def _is_of_pods(entity: Entity, port: Port) -> bool:
    """Whether the catalog lists a port, as one that the pods listen on."""
    return any(it.entry is not None and port in it.facts.ports for it in entity.statements)


def label_of(workload: Workload) -> Label:
    """The name of a workload in its manifest."""
    return Label(find_field(workload.origin, f"{workload.path}metadata.name"), workload.pod.title)
