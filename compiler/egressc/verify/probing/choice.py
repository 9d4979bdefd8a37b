"""The connections that a probing pod of a service tries: at pods that run now, chosen the same way each time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from egressc.model.flows import Endpoint, Pod
from egressc.model.label_classes import matches
from egressc.model.policy import Port, Protocol
from egressc.model.ports import say_port
from egressc.model.scalars import PORT_MAX
from egressc.verify.flows.verdicts import Judge
from egressc.verify.probing.asks import key_of
from egressc.verify.probing.connections import Choice, Listener, ProbeCase, ProbeConnection, Skipped

Chosen = tuple[Listener, int]
Keyed = TypeVar("Keyed", ProbeCase, ProbeConnection)

# Of a key of 63 characters, with room for a number behind it.
_ROOM = 58


@dataclass(frozen=True, slots=True)
class Scene:
    """Who connects under which policies, and who listens.

    Attributes:
        judge: of what the sources ask for, extra rules included.
        subject: the probing pod that stands for the service.
        listeners: pods that are ready; sorted by namespace and name.
    """

    judge: Judge
    subject: Pod
    listeners: Sequence[Listener]

    def denies(self, end: Endpoint, protocol: Protocol, port: int) -> bool:
        """Whether the sources refuse the subject a connection that any other pod may open.

        Of pods whose ingress is limited the control pod gets no answer either, so a denial would prove nothing.
        """
        verdict = self.judge.judge(self.subject, end, protocol, port)
        if verdict.ingress is not None and verdict.ingress.isolates:
            return False
        return verdict.egress is not None and not verdict.egress.allows


def choose(allowed: Iterable[ProbeCase], denied: Iterable[ProbeCase], scene: Scene, most: int) -> Choice:
    """All allowed connections, and at most `most` denied ones."""
    connections: list[ProbeConnection] = []
    skipped: list[Skipped] = []
    for ask in allowed:
        found = _find_allowed(ask, scene)
        if isinstance(found, ProbeConnection):
            connections.append(found)
        else:
            skipped.append(found)
    refused: dict[tuple[str, int], ProbeConnection] = {}
    for ask in denied:
        if len(refused) >= most:
            break
        new = (it for it in _find_denied(ask, scene) if (it.host, it.port) not in refused)
        refused.update({(it.host, it.port): it for it in islice(new, 1)})
    return Choice((*connections, *refused.values()), tuple(skipped))


def with_own_keys(held: Iterable[Keyed], others: Iterable[str] = ()) -> list[Keyed]:
    """A key that is taken gets a number: a long name was cut, or what a person names has a destination's key."""
    taken = set(others)
    found: list[Keyed] = []
    for one in held:
        key, count = one.key, 1
        while key in taken:
            count += 1
            key = f"{one.key[:_ROOM].rstrip('-')}-{count}"
        taken.add(key)
        found.append(replace(one, key=key) if key != one.key else one)
    return found


def otherwise(ask: ProbeCase) -> int | None:
    """The port to try where no pod declares one: what the sources say, else the first of a range; None of any port."""
    return _number(ask.port, frozenset((ask.port.protocol, it) for it in ask.declared), {})


def _find_allowed(ask: ProbeCase, scene: Scene) -> ProbeConnection | Skipped:
    fitting = [it for it in scene.listeners if _is_asked_for(ask, it)]
    reachable = [it for it in fitting if not it.pod.is_on_host_network]
    chosen = _pick(ask, reachable)
    if chosen is not None:
        listener, port = chosen
        return _connection(ask, listener.address, port, listener.pod)
    number = otherwise(ask)
    if ask.outside and number is not None:
        host = ask.outside[0]
        return _connection(ask, host, number, host if is_address(host) else None)
    return Skipped(ask.expect, ask.name, ask.port, ask.place, _why_not(ask, fitting, reachable))


def _find_denied(ask: ProbeCase, scene: Scene) -> Iterator[ProbeConnection]:
    """What listens on this port and is denied; of a port that only pods name, every one that they declare."""
    protocol = ask.port.protocol
    for listener in scene.listeners:
        if not _is_asked_for(ask, listener) or listener.pod.is_on_host_network:
            continue
        if ask.port.port is None:
            numbers = sorted(number for its, number in listener.ports if its is protocol)
        else:
            single = _number(ask.port, listener.ports, _names(listener.pod, protocol))
            numbers = [] if single is None else [single]
        for number in numbers:
            if scene.denies(listener.pod, protocol, number):
                named = replace(ask, key=_key_at(ask, number))
                yield _connection(named, listener.address, number, listener.pod)


def _key_at(ask: ProbeCase, number: int) -> str:
    """The key of an ask for any port, once a port is known."""
    if ask.port.port is not None:
        return ask.key
    return key_of(ask.key.removesuffix("-any"), Port(ask.port.protocol, number))


def _pick(ask: ProbeCase, listeners: Iterable[Listener]) -> Chosen | None:
    """A pod that declares the port comes before one that does not."""
    undeclared: Chosen | None = None
    for listener in listeners:
        number = _number(ask.port, listener.ports, _names(listener.pod, ask.port.protocol))
        if number is not None and (ask.port.protocol, number) in listener.ports:
            return listener, number
        if undeclared is None and (number := otherwise(ask)) is not None:
            undeclared = listener, number
    return None if ask.must_declare else undeclared


def _number(port: Port, declared: frozenset[tuple[Protocol, int]], names: Mapping[str, int]) -> int | None:
    """One number of a port: a single one as it is, a name by the pod, of several one that is declared."""
    match port.port:
        case str(name):
            return names.get(name)
        case int(first) if port.end_port is None:
            return first
        case _:
            start, end = (port.port, port.end_port or PORT_MAX) if isinstance(port.port, int) else (1, PORT_MAX)
            inside = sorted(number for its, number in declared if its is port.protocol and start <= number <= end)
            # The first of a range is somebody's choice; the first of all ports is nobody's.
            return inside[0] if inside else port.port if isinstance(port.port, int) else None


def _names(pod: Pod, protocol: Protocol) -> dict[str, int]:
    return {name: number for name, its, number in pod.ports if its is protocol}


def _is_asked_for(ask: ProbeCase, listener: Listener) -> bool:
    pod = listener.pod
    return any(matches(one.pods, pod.labels) and matches(one.namespaces, pod.place()) for one in ask.pods)


def _why_not(ask: ProbeCase, fitting: Sequence[Listener], reachable: Sequence[Listener]) -> str:
    if fitting and not reachable:
        return "its pods use the host network, where policies by labels do not apply"
    if isinstance(ask.port.port, str) and reachable:
        return f'no ready pod of it has a port named "{ask.port.port}"'
    if ask.must_declare and reachable:
        return "no ready pod that the rule selects declares the port"
    if reachable or ask.outside:
        return f"no known port to try for {say_port(ask.port)}"
    return "no pod of it is ready" if ask.pods else "its addresses are networks, so there is no address to try"


def is_address(host: str) -> bool:
    """Whether a host is an address; no name ends in a label of digits alone."""
    return ":" in host or host.replace(".", "").isdigit()


def _connection(ask: ProbeCase, host: str, port: int, end: Endpoint | None) -> ProbeConnection:
    return ProbeConnection(ask.key, ask.expect, ask.name, host, port, ask.port.protocol, ask.place, end)
