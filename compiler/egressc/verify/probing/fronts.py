"""Names of Services in place of pods' addresses, for connections that are to be tried later too."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from egressc.model.flows import Pod
from egressc.model.policy import Port
from egressc.model.workloads import Service, offered_to
from egressc.verify.probing.choice import Scene
from egressc.verify.probing.connections import Expect, ProbeConnection


@dataclass(frozen=True, slots=True)
class Front:
    """A Service under its name; `is_headless`: its name stands for the pods themselves, and so do ports."""

    host: str
    service: Service
    is_headless: bool = False


def at_front(connection: ProbeConnection, fronts: Iterable[Front], scene: Scene) -> ProbeConnection:
    """The connection through a Service in front of its pod; as it is where none leads to pods of one verdict alone."""
    end = connection.end
    if not isinstance(end, Pod):
        return connection
    aimed = Port(connection.protocol, connection.port)
    for front in fronts:
        for number, offered in enumerate(offered_to(end, (front.service,))):
            if offered.pod == aimed and all(it is connection.expect for it in _verdicts(front, number, scene)):
                return replace(
                    connection, host=front.host, port=connection.port if front.is_headless else offered.service
                )
    return connection


def _verdicts(front: Front, number: int, scene: Scene) -> Iterator[Expect]:
    """What the sources say of each pod that one port of a Service may lead to."""
    for listener in scene.listeners:
        if front.service.selects(listener.pod):
            target = offered_to(listener.pod, (front.service,))[number].pod
            if isinstance(target.port, int):
                denies = scene.denies(listener.pod, target.protocol, target.port)
                yield Expect.DENY if denies else Expect.ALLOW
