"""Ends of a connection that somebody asks about: pods and addresses that stand for what a name means."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from egressc.model.flows import Endpoint, Pod, PodClass
from egressc.model.label_classes import NAMESPACE_NAME, example, matches, only_name, possible_names
from egressc.model.policy import Peer
from egressc.verify.flows.witnesses import pick_address
from egressc.verify.intent.table import read_peers
from egressc.verify.manifests.services import Service


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of the cluster: its namespaces with their labels, pods, Services, and the label of names."""

    namespace_label: str
    namespaces: Mapping[str, Mapping[str, str]]
    pods: Sequence[Pod]
    services: Sequence[Service]

    def labels_of(self, namespace: str) -> Mapping[str, str]:
        """The labels of a namespace; those that the convention gives it where no manifest shows it."""
        convention = {} if self.namespace_label == NAMESPACE_NAME else {self.namespace_label: namespace}
        return self.namespaces.get(namespace, convention)


def ends_of(peers: Iterable[Peer], home: str, around: Surroundings) -> tuple[Endpoint, ...]:
    """One end for each peer: a pod of the manifests where there is one, else one with the labels that select it."""
    found: list[Endpoint] = []
    for peer in peers:
        pods, addresses = read_peers((peer,), home)
        found += [pod_of(one, around) for one in pods]
        if addresses:
            found.append(pick_address(addresses))
    return tuple(found)


def pod_of(pods: PodClass, around: Surroundings) -> Pod:
    """A pod of a class that has some."""
    place = example(pods.namespaces)
    namespace = only_name(pods.namespaces) or place.get(around.namespace_label) or next(possible_names(pods.namespaces))
    for real in around.pods:
        if matches(pods.pods, real.labels) and (real.namespace == namespace or matches(pods.namespaces, real.place())):
            return real if real.namespace in around.namespaces else with_place(real, around)
    place.pop(NAMESPACE_NAME, None)
    known = around.namespaces.get(namespace)
    return Pod(namespace, example(pods.pods), place if known is None else known)


def with_place(pod: Pod, around: Surroundings) -> Pod:
    """A pod that somebody described, in its namespace as far as that is known."""
    return replace(pod, namespace_labels=around.labels_of(pod.namespace))
