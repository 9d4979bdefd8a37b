"""Pods: what they are called, and the names of their ports."""

from egressc.model.flows import Pod
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.model.policy import Protocol


def test_the_names_of_a_port_are_those_of_its_protocol_and_number() -> None:
    ports = (("web", Protocol.TCP, 80), ("http", Protocol.TCP, 80), ("dns", Protocol.UDP, 80), ("api", Protocol.TCP, 8))
    pod = Pod("shop", {}, ports=ports)
    assert pod.names_of(Protocol.TCP, 80) == {"web", "http"}
    assert pod.names_of(Protocol.UDP, 8) == set()


def test_a_pod_is_in_its_namespace_whatever_labels_that_has() -> None:
    pod = Pod("shop", {}, namespace_labels={"team": "t"}, name="web", kind="Deployment")
    assert pod.place() == {"team": "t", NAMESPACE_NAME: "shop"}
    assert pod.title == "Deployment shop/web"
    assert Pod("shop", {}, name="web").title == "shop/web"
