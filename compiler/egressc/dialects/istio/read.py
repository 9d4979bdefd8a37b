"""Objects of Istio into policies of flows: the hosts that pods reach through an egress gateway.

One object alone says little, so they are read together, at the end of a stream. They isolate no pods: who may reach the
pods of the gateway is up to NetworkPolicies, and who may, reaches the hosts that it routes to.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from egressc.dialects.istio.objects import MeshObject, labels_of
from egressc.dialects.istio.routes import Route, Tell, find_routes, pods_with
from egressc.dialects.istio.sidecars import KIND, Known, Sidecars
from egressc.dialects.istio.waypoints import ROUTE_KINDS, find_waypoints
from egressc.dialects.reading import KnownFacts, PartObject, TellProblems
from egressc.dialects.shapes.fields import Object, Problems, mapping
from egressc.model.address_sets import named
from egressc.model.clients import Accounts, home_of, pods_of_client
from egressc.model.flows import PodClass, Policy, Rule, object_key
from egressc.model.gateway import GATEWAY_API, GATEWAY_KIND, OWN_PORTS
from egressc.model.host_sets import join_hosts
from egressc.model.label_classes import ANY, Labels, Values, both, has_members, namespace
from egressc.model.policy import Port, Protocol
from egressc.model.port_sets import NO_PORTS, PortSet, covers, port_set, subtract
from egressc.model.ports import HBONE_PORT
from egressc.source import Span

_KINDS: Final = {
    "networking.istio.io": ("DestinationRule", "EnvoyFilter", "Gateway", "ServiceEntry", KIND, "VirtualService"),
    "security.istio.io": ("AuthorizationPolicy",),
    GATEWAY_API: ("Gateway", *ROUTE_KINDS),
}
_VERSIONS: Final = ("v1", "v1beta1", "v1alpha2", "v1alpha3")
_TUNNEL: Final = port_set((Port(Protocol.TCP, HBONE_PORT),))
_NO_TRAFFIC: Final = port_set(
    (Port(Protocol.TCP, OWN_PORTS[0], OWN_PORTS[-1]), Port(Protocol.UDP, None), Port(Protocol.SCTP, None))
)


class MeshReader:
    """Reads the objects of one mesh (see `reading.DialectReader`)."""

    def __init__(self) -> None:
        self._objects: dict[tuple[str, str, str], MeshObject] = {}

    def read(
        self, manifest: Object, home: str, name: str, *, origin: Span, path: str, problems: Problems
    ) -> Policy | None:
        """None always: it is kept for `finish`."""
        spec = mapping(manifest, "spec", "", problems) or {}
        metadata = mapping(manifest, "metadata", "", problems) or {}
        kind: str = manifest["kind"]
        if kind == "Gateway" and manifest["apiVersion"].startswith(f"{GATEWAY_API}/"):
            kind = GATEWAY_KIND
        if (kind, home, name) in self._objects:
            problems.add("metadata.name", f"is that of another {kind} of the same namespace: only one of them counts")
        labels, annotations = (mapping(metadata, it, "metadata", problems) or {} for it in ("labels", "annotations"))
        self._objects[kind, home, name] = MeshObject(kind, home, name, spec, origin, path, labels, annotations)
        return None

    def parts(self) -> Iterator[PartObject]:
        for it in self._objects.values():
            yield PartObject(it.kind, object_key(it.kind, it.namespace, it.name), it.spec, it.origin, it.path)

    def finish(self, policies: Iterable[Policy], tell: TellProblems, known: KnownFacts) -> Iterator[Policy]:
        """A policy for the pods of each that lets them reach a gateway, with the hosts that they reach through it."""
        objects = tuple(self._objects.values())
        policies = tuple(policies)
        told: set[tuple[str, str]] = set()

        def report(about: MeshObject, problems: Problems) -> None:
            if (about.kind, about.title) not in told and problems.count:
                told.add((about.kind, about.title))
                tell(about.title, about.origin, about.path, problems)

        gateways = _GatewayPods(objects)
        root = known.root_namespace
        routes = find_routes(objects, lambda pods: any(gateways.reached_by(it, pods) for it in policies), report, root)
        by_pods: dict[Labels, list[Route]] = {}
        for route in routes:
            by_pods.setdefault(route.pods, []).append(route)
        sidecars, clients = Sidecars(objects, report, root), _ClientPods(known.accounts)
        for policy in policies if routes else ():
            reached = [it for pods, held in by_pods.items() if gateways.reached_by(policy, pods) for it in held]
            open_here = [it for it in reached if it.is_open_in(policy.namespace)]
            guarded = [it for it in open_here if it.clients is not None]
            unguarded = tuple(it for it in open_here if it.clients is None)
            listed = sidecars.known_to(policy.namespace, policy.subject, guarded) if guarded else []
            for found in (*listed, *([Known(policy.subject.pods, None, unguarded)] if unguarded else ())):
                for part in clients.of(found.routes, policy.namespace).parts(found):
                    yield _policy(policy, part)
        yield from _through_waypoints(objects, policies, report, clients, root)


def _through_waypoints(
    objects: Sequence[MeshObject], policies: Sequence[Policy], tell: Tell, clients: "_ClientPods", root: str
) -> Iterator[Policy]:
    """Each policy whose pods reach waypoints, with the hosts that these let them through to.

    Hosts for some of its pods alone are a further policy.
    """

    def ways(policy: Policy, home: str, pods: Labels) -> Iterator[Rule]:
        return (
            rule
            for rule in policy.egress or ()
            if _is_tunnel(rule.ports) and any(_meets(peer, home, pods) for peer in rule.pods)
        )

    def is_reached(home: str, pods: Labels) -> bool:
        return any(any(ways(it, home, pods)) for it in policies)

    waypoints = find_waypoints(objects, is_reached, tell, root)
    routes = cache(lambda index, home: clients.of(waypoints[index].routes, home))
    for policy in policies if waypoints else ():
        whole = policy
        for i, waypoint in enumerate(waypoints):
            way = next(ways(policy, waypoint.namespace, waypoint.pods), None)
            if way is not None:
                for part in routes(i, policy.namespace).parts(Known(policy.subject.pods, None, waypoint.routes)):
                    found = _policy(policy, part)
                    if part.pods != policy.subject.pods:
                        yield found
                        continue
                    at = f"spec.egress[{way.index}]"
                    rules = (*(whole.egress or ()), *(replace(it, field=at) for it in found.egress or ()))
                    numbered = tuple(replace(it, index=index) for index, it in enumerate(rules))
                    whole = replace(whole, egress=numbered, resolves=join_hosts((whole.resolves, found.resolves)))
        if whole is not policy:
            yield whole


def _meets(peer: PodClass, home: str, pods: Labels) -> bool:
    return _shares_pods(peer, pods) and both(peer.namespaces, namespace(home)) is not None


def _shares_pods(peer: PodClass, pods: Labels) -> bool:
    shared = both(peer.pods, pods)
    return shared is not None and has_members(shared)


class _GatewayPods:
    """Which policies let their pods connect to the pods of a gateway.

    A Gateway selects pods of any namespace. So they are where a Gateway of the same labels is, or a rule names these.
    """

    def __init__(self, objects: Iterable[MeshObject]) -> None:
        self._homes: dict[Labels, set[str]] = {}
        for it in objects:
            if it.kind == "Gateway":
                self._homes.setdefault(pods_with(labels_of(it.spec, "selector")), set()).add(it.namespace)
        self._known: dict[tuple[PodClass, Labels], bool] = {}

    def reached_by(self, policy: Policy, pods: Labels) -> bool:
        return any(
            _is_traffic(rule.ports) and any(self._meets(peer, pods) for peer in rule.pods)
            for rule in policy.egress or ()
        )

    def _meets(self, peer: PodClass, pods: Labels) -> bool:
        found = self._known.get((peer, pods))
        if found is None:
            found = self._known[peer, pods] = _shares_pods(peer, pods) and (
                pods <= peer.pods
                or any(both(peer.namespaces, namespace(it)) is not None for it in self._homes.get(pods, ()))
            )
        return found


def readers() -> Mapping[tuple[str, str], MeshReader]:
    reader = MeshReader()
    return {(f"{group}/{it}", kind): reader for group, kinds in _KINDS.items() for kind in kinds for it in _VERSIONS}


class _ClientPods:
    """The pods of each namespace that a gateway lets through, by route: a fleet asks for each of them many times."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._known: dict[frozenset[str], dict[str, list[Labels]]] = {}

    def of(self, routes: Iterable[Route], home: str) -> "_RoutesOfPods":
        """The routes that a gateway lets pods of a namespace take."""
        found: dict[Labels, list[Route]] = {}
        for route in routes:
            for pods in (ANY,) if route.clients is None else dict.fromkeys(self._pods(route.clients).get(home, ())):
                found.setdefault(pods, []).append(route)
        return _RoutesOfPods(found)

    def _pods(self, clients: frozenset[str]) -> dict[str, list[Labels]]:
        if clients not in self._known:
            by_home: dict[str, list[Labels]] = {}
            for client in sorted(clients):
                home = home_of(client)
                by_home.setdefault(home, []).extend(pods_of_client(client, self._accounts))
            self._known[clients] = by_home
        return self._known[clients]


class _RoutesOfPods:
    """Routes by the pods that can take them.

    Found by a label that the pods must have: where each service has a service account of its own, to look at all of
    them for each of 2,000 services took 10 s of 17.
    """

    def __init__(self, routes: Mapping[Labels, Sequence[Route]]) -> None:
        self._routes = routes
        self._with: dict[str, dict[str | None, list[Labels]]] = {}
        self._others: list[Labels] = []
        told_apart = Counter(key for key, _ in {label for pods in routes for label in _labels_in(pods)})
        for pods in routes:
            key, value = max(_labels_in(pods), key=lambda it: (told_apart[it[0]], it[0]), default=("", None))
            if key:
                self._with.setdefault(key, {}).setdefault(value, []).append(pods)
            else:
                self._others.append(pods)

    def parts(self, known: Known) -> Iterator[Known]:
        """The same for parts of the pods, each with the routes that these can take."""
        found: dict[Labels, list[Route]] = {}
        for pods in self._meeting(dict(known.pods)):
            shared = both(known.pods, pods)
            if shared is not None and has_members(shared):
                found.setdefault(shared, []).extend(self._routes[pods])
        for pods, routes in found.items():
            yield known._replace(pods=pods, routes=tuple(routes))

    def _meeting(self, wanted: Mapping[str, Values]) -> Iterator[Labels]:
        """All that can share pods with these, and perhaps more."""
        yield from self._others
        for key, held in self._with.items():
            values = wanted.get(key)
            for value in held if values is None or values.excluded else values.values:
                yield from held.get(value, ())


def _labels_in(pods: Labels) -> Iterator[tuple[str, str | None]]:
    """The labels that all of these pods have, each with its one value."""
    for key, held in pods:
        if not held.excluded and len(held.values) == 1:
            yield from ((key, value) for value in held.values)


def _is_tunnel(ports: PortSet) -> bool:
    """Whether ports lead to the tunnel of a waypoint, by whatever name its pods have for it."""
    return ports.has_names or covers(ports, _TUNNEL)


def _is_traffic(ports: PortSet) -> bool:
    """Whether one of them can be a port of the gateway; a name may be any."""
    return ports.has_names or subtract(ports, _NO_TRAFFIC) != NO_PORTS


def _policy(reaching: Policy, found: Known) -> Policy:
    said = found.sidecar or found.routes[0].service
    rules: dict[int, set[str]] = {}
    for it in found.routes:
        rules.setdefault(it.port or 0, set()).add(it.host)
    egress = tuple(
        Rule(
            index,
            (),
            named(*sorted(hosts)),
            port_set((Port(Protocol.TCP, port or None),)),
            field="spec",
            by_server_name=True,
        )
        for index, (port, hosts) in enumerate(sorted(rules.items()))
    )
    names = join_hosts(rule.addresses.names for rule in egress)
    return Policy(
        reaching.namespace,
        said.name,
        reaching.subject._replace(pods=found.pods),
        egress,
        None,
        said.origin,
        said.path,
        kind=said.kind,
        resolves=names,
        isolates_nothing=True,
    )
