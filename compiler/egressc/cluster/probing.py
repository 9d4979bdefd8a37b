"""The pods that try connections: made of what the chart renders, run to their end, and always taken away."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

import yaml

from egressc.cluster.objects import ClusterError, Object, ObjectKind, ObjectReader

ROLE: Final = "network-policy/role"
SUBJECT, CONTROL = "subject", "control"
# On every pod of a run, so that the next run finds what a killed one left; the chart's own pods do not have it.
RUN_LABEL: Final = "network-policy/probe"
_HOOK: Final = "helm.sh/hook"
_NAME_MAX: Final = 63
_ENDED: Final = ("Succeeded", "Failed")
# What a container waits for that no waiting brings.
_HOPELESS: Final = frozenset(
    {
        "CreateContainerConfigError",
        "CreateContainerError",
        "ErrImageNeverPull",
        "ImageInspectError",
        "ImagePullBackOff",
        "InvalidImageName",
        "RunContainerError",
    }
)
# A pull that failed is tried again; a kubelet backs off, and says so, by then.
_FAILED_PULL: Final = "ErrImagePull"
_MOST_FAILED_PULLS: Final = 20


class PodRefused(Exception):
    """The API server does not make a pod; the text is its message."""


class PodsFailed(Exception):
    """A probing pod does not run to its end; the text is the pod's own reason."""


class Pods(Protocol):
    """Pods of one cluster. Each method raises ClusterError (EG640), and PermissionError."""

    def create(self, namespace: str, manifest: Object) -> None:
        """Make a pod. Raises PodRefused, in place of PermissionError too: admission says no as rights do."""
        ...

    def read(self, namespace: str, name: str) -> Object | None:
        """A pod; None where there is none of this name."""
        ...

    def log(self, namespace: str, name: str) -> str:
        """What its container printed; "" where it never started."""
        ...

    def delete(self, namespace: str, name: str) -> None:
        """Take it away at once; nothing where it is gone already."""
        ...


@dataclass(frozen=True, slots=True)
class PodOwner:
    """The live policy of the service: pods that it owns go with it, and no controller adopts them."""

    api_version: str
    kind: str
    name: str
    uid: str


@dataclass(frozen=True, slots=True)
class ProbePod:
    """One of the two pods, ready to be made."""

    role: str
    namespace: str
    name: str
    manifest: Object


@dataclass(frozen=True, slots=True)
class Ended:
    """A pod that ran to its end: what it printed, and why it ended where its status says more than an exit code."""

    log: str
    reason: str


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for the pods, in seconds, and how long between two looks."""

    seconds: float
    pause: float = 1.0
    sleep: Callable[[float], None] = time.sleep


def make_pods(text: str, service: str, namespace: str, owner: PodOwner | None, suffix: str) -> list[ProbePod]:
    """The probing pods among rendered manifests: under names of their own, and no hooks of Helm any more."""
    made: list[ProbePod] = []
    for document in yaml.load_all(text, Loader=yaml.CSafeLoader):
        metadata = (document or {}).get("metadata") or {}
        notes = metadata.get("annotations") or {}
        if (document or {}).get("kind") != "Pod" or ROLE not in notes:
            continue
        name = f"{str(metadata['name'])[: _NAME_MAX - len(suffix) - 1].rstrip('-.')}-{suffix}"
        home = str(metadata.get("namespace") or namespace)
        kept: dict[str, Any] = {
            **metadata,
            "name": name,
            "namespace": home,
            "annotations": {key: value for key, value in notes.items() if not key.startswith(_HOOK)},
            "labels": {**(metadata.get("labels") or {}), RUN_LABEL: service},
        }
        if owner is not None:
            kept["ownerReferences"] = [
                {
                    "apiVersion": owner.api_version,
                    "kind": owner.kind,
                    "name": owner.name,
                    "uid": owner.uid,
                    "controller": True,
                    "blockOwnerDeletion": False,
                }
            ]
        made.append(ProbePod(str(notes[ROLE]), home, name, {**document, "metadata": kept}))
    return made


def remove_leftovers(reader: ObjectReader, pods: Pods, namespace: str, service: str) -> int:
    """Take away what an earlier run of this service left behind; how many pods."""
    found = reader.within(ObjectKind.PODS, namespace, labels=f"{RUN_LABEL}={service}") or []
    left = [it for it in found if ((it.get("metadata") or {}).get("labels") or {}).get(RUN_LABEL) == service]
    for pod in left:
        pods.delete(namespace, str(pod["metadata"]["name"]))
    return len(left)


def run_pods(pods: Pods, made: Sequence[ProbePod], patience: Patience) -> dict[str, Ended]:
    """Make the pods, wait until they end, and take them away whatever happens; what came of each, by role.

    Raises PodRefused, PodsFailed, PermissionError, ClusterError.
    """
    try:
        for pod in made:
            pods.create(pod.namespace, pod.manifest)
        return dict(_await(pods, made, patience))
    finally:
        for pod in made:
            # What cannot be taken away now goes with the policy, or with the next run.
            with suppress(ClusterError, PermissionError):
                pods.delete(pod.namespace, pod.name)


def _await(pods: Pods, made: Iterable[ProbePod], patience: Patience) -> Iterator[tuple[str, Ended]]:
    deadline = time.monotonic() + patience.seconds
    for pod in made:
        failed_pulls = 0
        while True:
            found = pods.read(pod.namespace, pod.name)
            if found is None:
                raise PodsFailed(f"pod {pod.namespace}/{pod.name} was removed, perhaps by another run for this service")
            status = found.get("status") or {}
            if status.get("phase") in _ENDED:
                yield pod.role, Ended(pods.log(pod.namespace, pod.name), _reason(status))
                break
            waits = {reason for reason, _ in _waiting(status)}
            failed_pulls += _FAILED_PULL in waits
            if waits & _HOPELESS or failed_pulls > _MOST_FAILED_PULLS or time.monotonic() > deadline:
                why = _reason(status) or f"it is {status.get('phase') or 'not scheduled'}"
                raise PodsFailed(f"pod {pod.namespace}/{pod.name} does not finish: {why}")
            patience.sleep(patience.pause)


def _waiting(status: Object) -> list[tuple[str, str]]:
    states = [(it.get("state") or {}).get("waiting") for it in status.get("containerStatuses") or ()]
    return [(str(it.get("reason") or ""), str(it.get("message") or "")) for it in states if it]


def _reason(status: Object) -> str:
    """Why a pod is where it is, in its own words; "" where it says nothing of note."""
    said = [(str(status.get("reason") or ""), str(status.get("message") or ""))]
    said += _waiting(status)
    said += [
        (str(it.get("reason") or ""), str(it.get("message") or ""))
        for it in status.get("conditions") or ()
        if it.get("type") == "PodScheduled" and it.get("status") == "False"
    ]
    ends = [(it.get("state") or {}).get("terminated") or {} for it in status.get("containerStatuses") or ()]
    said += [(str(it.get("reason") or ""), str(it.get("message") or "")) for it in ends if it.get("reason") != "Error"]
    plain = (f"{reason}: {message}" if reason and message else reason or message for reason, message in said)
    return "; ".join(dict.fromkeys(it for it in plain if it and it != "Completed"))
