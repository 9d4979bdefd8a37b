"""What Cilium's own policy engine decides about connections, without a cluster or a packet: an oracle for policies.

    world = World(pods={"web": Pod("shop", {"app": "web"})}, outside={"there": Place("1.2.3.4")})
    with PolicyEngine() as engine:
        answer = engine.ask(manifests, world, [Flow("web", "there", "TCP", 443)])

One process answers all questions.

Source: tests/testbed/go/cilium/policyengine/main.go.
"""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Self

from testbed.processes import die_with_parent
from testbed.programs import POLICY_ENGINE

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


class PolicyEngine:
    """The program, running from entering to leaving."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [POLICY_ENGINE.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            preexec_fn=die_with_parent,
        )
        return self

    def __exit__(self, *_: object) -> None:
        # It ends with its input.
        self._process.communicate()

    def ask(
        self, manifests: Sequence[Mapping[str, Any]], world: World | None = None, flows: Sequence[Flow] = ()
    ) -> Answer:
        """What it makes of these manifests together. Raises ValueError for a question that it can't answer."""
        question = {"manifests": manifests, **asdict(world or World()), "flows": [asdict(one) for one in flows]}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise ValueError("the policy engine ended; its last words are on standard error")
        given = json.loads(line)
        if "error" in given:
            raise ValueError(given["error"])
        refused = {one["manifest"]: one["message"] for one in given["refused"]}
        return Answer(refused, tuple(given["warnings"]), tuple(given.get("verdicts", ())))
