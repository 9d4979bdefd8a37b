"""Which hosts the sidecars of pods know: all that their namespace sees, or what a Sidecar leaves of these.

Source: istio.io/api 1.31 networking/v1 sidecar.proto: one Sidecar counts for a pod, one that selects the pod before the
one of its namespace without a selector, and this one before that of the root namespace.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from egressc.dialects.istio.objects import EVERYWHERE, MeshObject, covers, labels_of
from egressc.dialects.istio.routes import Route, Tell, pods_with
from egressc.dialects.shapes.fields import Problems, item, mapping, only, sequence
from egressc.dialects.shapes.hosts import spell
from egressc.model.flows import PodClass
from egressc.model.label_classes import Labels, both, has_members, namespace, without
from egressc.model.pod_classes import ClassIndex

KIND: Final = "Sidecar"
_FIELDS: Final = frozenset(("workloadSelector", "egress", "ingress", "inboundConnectionPool", "outboundTrafficPolicy"))


class Known(NamedTuple):
    """The routes that the sidecars of some pods know, by the Sidecar that says so; None: by no Sidecar."""

    pods: Labels
    sidecar: MeshObject | None
    routes: tuple[Route, ...]


class Sidecars:
    """The Sidecars of a mesh."""

    def __init__(self, objects: Sequence[MeshObject], tell: Tell, root: str) -> None:
        """`tell`: receives what keeps those from being read that are asked for; `root`: as in `find_routes`."""
        self._tell = tell
        self._root = root
        self._defaults: dict[str, MeshObject] = {}
        selecting: list[tuple[PodClass, MeshObject]] = []
        for it in objects:
            if it.kind == KIND:
                labels = labels_of(it.spec, "workloadSelector", "labels")
                if labels:
                    selecting.append((PodClass(namespace(it.namespace), pods_with(labels)), it))
                else:
                    self._defaults.setdefault(it.namespace, it)
        self._selecting = ClassIndex(selecting)
        self._imports: dict[str, Callable[[Route], bool]] = {}

    def known_to(self, home: str, pods: PodClass, routes: Sequence[Route]) -> list[Known]:
        """What pods of a namespace know of some routes: each part of the pods that one Sidecar counts for."""
        found, left = [], [pods.pods]
        for (_, labels), it in self._selecting.overlapping(pods._replace(namespaces=namespace(home))):
            shared = both(pods.pods, labels)
            if shared is not None and any(both(part, labels) == shared for part in left):
                found.append(self._known(shared, it, routes))
                left = [rest for part in left for rest in without(part, labels)]
            else:
                problems = Problems()
                problems.add("spec.workloadSelector", "selects pods of another Sidecar: Istio takes one of them")
                self._tell(it, problems)
        default = self._defaults.get(home) or self._defaults.get(self._root)
        for part in filter(has_members, left):
            found.append(Known(part, None, tuple(routes)) if default is None else self._known(part, default, routes))
        return found

    def _known(self, pods: Labels, sidecar: MeshObject, routes: Sequence[Route]) -> Known:
        if sidecar.title not in self._imports:
            problems = Problems()
            self._imports[sidecar.title] = _read_imports(sidecar, problems)
            self._tell(sidecar, problems)
        imports = self._imports[sidecar.title]
        return Known(pods, sidecar, tuple(filter(imports, routes)))


def _read_imports(sidecar: MeshObject, problems: Problems) -> Callable[[Route], bool]:
    """Whether a Sidecar leaves a route to its pods."""
    spec = sidecar.spec
    only(spec, _FIELDS, "spec", problems)
    only(mapping(spec, "workloadSelector", "spec", problems) or {}, frozenset(("labels",)), "spec", problems)
    policy = mapping(spec, "outboundTrafficPolicy", "spec", problems) or {}
    only(policy, frozenset(("mode",)), "spec.outboundTrafficPolicy", problems)
    held: list[tuple[str, str]] = []
    for i, value in enumerate(sequence(spec, "egress", "spec", problems) or ()):
        at = f"spec.egress[{i}]"
        listener = item(value, at, problems)
        only(listener, frozenset(("hosts",)), at, problems)
        for j, host in enumerate(sequence(listener, "hosts", at, problems) or ()):
            place, slash, name = host.partition("/") if isinstance(host, str) else ("", "", "")
            if not slash:
                problems.add(f"{at}.hosts[{j}]", "must be NAMESPACE/HOST")
            held.append((sidecar.namespace if place == "." else place, spell(name)))
    if not spec.get("egress"):  # what is not listed is not narrowed
        held = [(EVERYWHERE, EVERYWHERE)]

    # Most hosts are whole: a fleet asks for each of them once for each Sidecar.
    whole = {it for it in held if "*" not in it[0] and "*" not in it[1]}
    patterns = [it for it in held if it not in whole]

    def names(home: str, host: str) -> bool:
        return (home, host) in whole or any(
            place in (EVERYWHERE, home) and covers(pattern, host) for place, pattern in patterns
        )

    def imports(route: Route) -> bool:
        service = route.service.namespace
        return names(route.home, route.host) and any(names(service, host) for host in route.service.hosts)

    return imports
