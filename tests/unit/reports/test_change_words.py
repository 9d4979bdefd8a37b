"""Parts of changes in words."""

from egressc.model.address_sets import block
from egressc.model.flows import EVERY_POD, Pod, PodClass, Witness
from egressc.model.label_classes import ANY, namespace
from egressc.model.policy import Protocol
from egressc.model.port_sets import EVERY_PORT
from egressc.reports.change_words import example_of, say_any
from egressc.verify.changes.change import FlowChange


def _part(cidr: str, address: str) -> FlowChange:
    witness = Witness(Pod("shop", {"app": "web"}), address, Protocol.TCP, 443, frozenset())
    return FlowChange(EVERY_POD, block(cidr), EVERY_PORT, witness, ())


def test_a_public_address_is_the_example() -> None:
    parts = [_part("10.0.0.0/8", "10.0.0.0"), _part("198.18.0.0/15", "198.18.0.0")]
    assert example_of(parts) == "pod app=web in shop -> address 198.18.0.0 on 443/TCP"
    assert example_of(parts[:1]) == "pod app=web in shop -> address 10.0.0.0 on 443/TCP"
    assert example_of([]) == ""


def test_of_many_kinds_of_pods_the_first_are_named() -> None:
    pods = [PodClass(namespace(f"n{number}"), ANY) for number in range(9)]
    assert say_any(pods[:2]) == "all pods in n0 or all pods in n1"
    assert say_any(pods).endswith("all pods in n5 or 3 other kinds of pods")
