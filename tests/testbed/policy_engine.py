"""What Cilium's own policy engine decides about connections, without a cluster or a packet: an oracle for policies.

    world = World(pods={"web": Pod("shop", {"app": "web"})}, outside={"there": Place("1.2.3.4")})
    with PolicyEngine() as engine:
        answer = engine.ask(manifests, world, [Flow("web", "there", "TCP", 443)])

Source: tests/testbed/go/cilium/policyengine/main.go.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from testbed.programs import POLICY_ENGINE
from testbed.questions import Decider

KUBE_APISERVER: Final = "kube-apiserver"
HOST: Final = "host"
REMOTE_NODE: Final = "remote-node"


@dataclass(frozen=True)
class NamedPort:
    name: str
    protocol: str
    port: int


@dataclass(frozen=True)
class Pod:
    namespace: str
    labels: Mapping[str, str]
    ports: tuple[NamedPort, ...] = ()


@dataclass(frozen=True)
class Place:
    """What is no pod.

    Attributes:
        address: "" for one that no policy speaks of.
        hosts: names by which pods learned the address from DNS.
        entity: what Cilium knows it to be, "" for nothing else. HOST is the node of the pods.
    """

    address: str = ""
    hosts: tuple[str, ...] = ()
    entity: str = ""


@dataclass(frozen=True)
class Flow:
    """A connection between two that a world names."""

    source: str
    destination: str
    protocol: str
    port: int


@dataclass(frozen=True)
class World:
    """Who there is, by names of the asker's choice; `namespaces` have their labels, of which the name is always one."""

    namespaces: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pods: Mapping[str, Pod] = field(default_factory=dict)
    outside: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What the engine says.

    Attributes:
        refused: why Cilium would not take a manifest, by its index.
        warnings: what the agent would log.
        verdicts: for each flow, in order, whether the whole connection is allowed; none where a manifest is refused.
    """

    refused: Mapping[int, str]
    warnings: tuple[str, ...]
    verdicts: tuple[bool, ...]


class PolicyEngine(Decider):
    program = POLICY_ENGINE

    def ask(
        self, manifests: Sequence[Mapping[str, Any]], world: World | None = None, flows: Sequence[Flow] = ()
    ) -> Answer:
        """What it makes of these manifests together. Raises ValueError for a question that it can't answer."""
        given = self.put({"manifests": manifests, **asdict(world or World()), "flows": [asdict(one) for one in flows]})
        refused = {one["manifest"]: one["message"] for one in given["refused"]}
        return Answer(refused, tuple(given["warnings"]), tuple(given.get("verdicts", ())))
