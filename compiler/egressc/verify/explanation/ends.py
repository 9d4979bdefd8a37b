"""Ends of a connection that somebody asks about: pods and addresses that stand for what a name means."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from egressc.model.flows import Endpoint, Pod, PodClass
from egressc.model.label_classes import NAMESPACE_NAME, example, matches, only_name, possible_names
from egressc.model.peers import read_peers
from egressc.model.policy import Peer, Port
from egressc.model.workloads import Service, Workload
from egressc.verify.flows.witnesses import pick_address


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of the cluster: its namespaces with their labels, workloads, Services, and the label of names.

    `names_hosts`: a rule of its policies is by name.
    """

    namespace_label: str
    namespaces: Mapping[str, Mapping[str, str]]
    workloads: Sequence[Workload]
    services: Sequence[Service]
    names_hosts: bool = False

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
    for real in (it.pod for it in around.workloads):
        if matches(pods.pods, real.labels) and (real.namespace == namespace or matches(pods.namespaces, real.place())):
            return real if real.namespace in around.namespaces else with_place(real, around)
    place.pop(NAMESPACE_NAME, None)
    known = around.namespaces.get(namespace)
    return Pod(namespace, example(pods.pods), place if known is None else known)


def with_place(pod: Pod, around: Surroundings) -> Pod:
    """A pod that somebody described, in its namespace as far as that is known."""
    return replace(pod, namespace_labels=around.labels_of(pod.namespace))


def workloads_named(text: str, around: Surroundings) -> tuple[Workload, ...]:
    """The workloads that are called so: NAME, NAMESPACE/NAME, KIND/NAME or NAMESPACE/KIND/NAME; a kind in any case."""
    *before, name = text.split("/")
    found = [it for it in around.workloads if it.pod.name == name]
    match before:
        case []:
            return tuple(found)
        case [one]:
            by_place = [it for it in found if it.pod.namespace == one]
            return tuple(by_place or (it for it in found if it.pod.kind.lower() == one.lower()))
        case [namespace, kind]:
            return tuple(it for it in found if (it.pod.namespace, it.pod.kind.lower()) == (namespace, kind.lower()))
        case _:
            return ()


def workloads_with(labels: Mapping[str, str], namespace: str, around: Surroundings) -> tuple[Workload, ...]:
    """The workloads of a namespace whose pods have these labels, and maybe others; for no labels those without any."""
    return tuple(
        it
        for it in around.workloads
        if it.pod.namespace == namespace and (labels.items() <= it.pod.labels.items() if labels else not it.pod.labels)
    )


def ports_of(workloads: Iterable[Workload]) -> tuple[Port, ...]:
    """What the containers of workloads say they listen on, each port once."""
    return tuple(dict.fromkeys(port for it in workloads for port in it.ports))
