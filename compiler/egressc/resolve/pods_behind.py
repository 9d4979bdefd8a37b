"""The workloads behind services and destinations, and what their Services make of ports.

Sources: ServiceSpec (core/v1): a Service forwards its port to targetPort. Network plugins apply policies to the pod's
port, or, before translation (cluster.serviceTranslation), to the address and the port of the Service.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches

from egressc.diagnostics.core import Label, Report
from egressc.diagnostics.workloads import ambiguous_service_port, translated_port, undeclared_port
from egressc.dialects.shapes.places import find_field
from egressc.model.catalog import Catalog
from egressc.model.cluster import Cluster
from egressc.model.entities import Entity
from egressc.model.flows import PodClass
from egressc.model.label_classes import NAMESPACE_NAME, matches, select, select_namespaces
from egressc.model.policy import AddressPeer, PodPeer, Port, Selector
from egressc.model.port_sets import covers, port_set
from egressc.model.ports import port_order, say_port, say_ports, sort_ports
from egressc.model.requirements import ServicePort
from egressc.model.workloads import Service, Workload, Workloads
from egressc.resolve.behind import Behind, Places, resolve_target
from egressc.resolve.cluster_ips import ServiceFront, addresses_of, front_port
from egressc.resolve.peers import convention, pods_of
from egressc.source import NOWHERE, Located, Span


class PodsBehind:
    """Finds them, and reports once a destination and port what becomes of ports: EG480 to EG482."""

    def __init__(self, known: Workloads, catalog: Catalog, cluster: Cluster) -> None:
        self.known = known
        self.is_before_translation = cluster.before_translation
        self._catalog = catalog
        self._families = cluster.ip_families
        self._found: dict[str, Behind | None] = {}
        self._places = Places(known.namespaces, (NAMESPACE_NAME, cluster.namespace_key))
        self._spread: dict[str, Behind | None] = {}
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
        behind = self.reached(entity)
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
        return Behind(namespace, pods, workloads, self._services_of(workloads))

    def _services_of(self, workloads: Iterable[Workload]) -> tuple[Service, ...]:
        services = {
            (service.namespace, service.name): service
            for pod in (it.pod for it in workloads)
            for key, value in pod.labels.items()
            for service in self._in_front.get(f"{pod.namespace} {key}={value}", ())
            if service.selects(pod)
        }
        return tuple(services[name] for name in sorted(services))

    def reached(self, entity: Entity) -> Behind | None:
        """The same; before translation also the pods of several namespaces that peers select."""
        if not self.is_before_translation or self._place(entity) is not None:
            return self.of(entity)
        if entity.key not in self._spread:
            peers = self._peers(entity)
            running = (it for it in self.known.workloads if not it.is_idle)
            held = tuple(it for it in running if self._places.selects(peers, it))
            self._spread[entity.key] = Behind("", Selector(), held, self._services_of(held)) if held else None
        return self._spread[entity.key]

    def _peers(self, entity: Entity) -> list[PodClass]:
        """The pods of an entity that is not in one namespace."""
        facts = entity.facts
        pods = facts.pods if facts.pods is not None else convention(entity, self._catalog)
        if facts.namespaces is not None and pods is not None:
            return [PodClass(select_namespaces(facts.namespaces), select(pods))]
        return [pods_of(it) for it in facts.peers if isinstance(it, PodPeer)]

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
        if not self.is_before_translation:
            return facts.ports
        if self.knows(entity):
            return facts.ports if self._place(entity) is not None else self.pod_ports(entity, facts.ports, NOWHERE)
        by_pod = {it.pod: Port(it.pod.protocol, it.service) for it in facts.service_ports}
        return tuple(by_pod.get(port, port) for port in facts.ports)

    def pod_ports(self, entity: Entity, ports: tuple[Port, ...], place: Span) -> tuple[Port, ...]:
        """Ports that a place says, as policies see them; before translation with those of Services beside them."""
        behind = self.reached(entity)
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
        if self.is_before_translation:
            return (port, *self._fronts_of(behind, port))
        return targets if len(targets) == 1 else (port,)

    def _tell(self, entity: Entity, said: Located[Port], behind: Behind) -> None:
        """Hold what is to be reported at the first place that says a port of an entity."""
        if not behind.namespace:
            return  # there may be other pods, of which nothing is known
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
        if not self.is_before_translation or not self.known.workloads:
            return ()
        if entity.key not in self.fronts:
            self.fronts[entity.key] = tuple(self._find_fronts(entity))
        return tuple(dict.fromkeys(at for it in self.fronts[entity.key] if it.is_alone for at in it.addresses))

    def _find_fronts(self, entity: Entity) -> Iterator[ServiceFront]:
        behind, placed = self.reached(entity), self._place(entity)
        own = {id(it) for it in behind.workloads} if behind is not None else set()
        if placed is None:
            peers = self._peers(entity)
            maybe = tuple(it for it in self.known.workloads if self._places.selects(peers, it) is None)
            own |= {id(it) for it in maybe}
            services = self._services_of((*(behind.workloads if behind is not None else ()), *maybe))
        else:
            maybe = ()
            services = behind.services if behind is not None else tuple(self._placed.get(placed[0], ()))
        for service in services:
            selected = self._selected(service)
            ports = tuple(ServicePort(it.service, resolve_target(service, it.pod, selected)) for it in service.ports)
            stranger = next((it for it in selected if id(it) not in own), None)
            taken = frozenset(
                port for it in ports if (port := front_port(it)) != it.pod and behind and behind.listens_on(port)
            )
            unplaced = any(it in maybe for it in selected)
            # What the catalog itself lists stays, whatever the ports.
            addresses = tuple(it for it in addresses_of(service, self._families) if it not in entity.facts.peers)
            if addresses:
                yield ServiceFront(service, ports, addresses, stranger, taken, unplaced)

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
