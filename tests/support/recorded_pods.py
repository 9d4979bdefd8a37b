"""Pods that probe without a cluster: each says what a table of answers has for its role, in the chart's own form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from egressc.cluster.objects import Object
from egressc.cluster.probing import ROLE, PodRefused

Answer = Callable[[str, str, int], str]
"""What a pod of a role observes at a host and port."""

_HEAD, _EACH = 6, 5


def log_of(role: str, connections: list[list[str]], answer: Answer, *, dns: bool = True) -> str:
    lines = ["TAP version 14", f"1..{len(connections) + 1}"]
    lines.append(f"{'ok' if dns else 'not ok'} 1 - DNS: kubernetes.default.svc.cluster.local resolves")
    for number, (key, expect, protocol, host, port) in enumerate(connections, 2):
        observed = answer(role, host, int(port))
        lines.append(f"ok {number} - {expect} {key}: {host} {port}/{protocol}: {observed}")
        lines += ["  ---", f"  key: {key}", f"  observed: {observed}", "  attempts: 1", "  ..."]
    return "".join(f"{line}\n" for line in lines)


@dataclass
class RecordedPods:
    """Pods (see `probing.Pods`) that end at once.

    Attributes:
        status: of every pod, in place of the one that has succeeded.
        refusal: what the API server says to making one; "" where it makes them.
        logs: by role, in place of what `answer` gives.
    """

    answer: Answer = lambda role, host, port: "answered"
    dns: Mapping[str, bool] = field(default_factory=dict)
    status: Mapping[str, Any] = field(default_factory=lambda: {"phase": "Succeeded"})
    refusal: str = ""
    logs: Mapping[str, str] = field(default_factory=dict)
    held: dict[str, Object] = field(default_factory=dict)
    made: list[Object] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)

    def create(self, namespace: str, manifest: Object) -> None:
        if self.refusal:
            raise PodRefused(self.refusal)
        assert manifest["metadata"]["namespace"] == namespace
        self.made.append(manifest)
        self.held[manifest["metadata"]["name"]] = manifest

    def read(self, namespace: str, name: str) -> Object | None:
        del namespace
        return {**self.held[name], "status": dict(self.status)} if name in self.held else None

    def log(self, namespace: str, name: str) -> str:
        del namespace
        manifest = self.held[name]
        role = manifest["metadata"]["annotations"][ROLE]
        if role in self.logs:
            return self.logs[role]
        words = manifest["spec"]["containers"][0]["args"][_HEAD:]
        connections = [words[start : start + _EACH] for start in range(0, len(words), _EACH)]
        return log_of(role, connections, self.answer, dns=self.dns.get(role, True))

    def delete(self, namespace: str, name: str) -> None:
        del namespace
        self.deleted.append(name)
        self.held.pop(name, None)
