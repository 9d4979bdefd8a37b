"""The flow that is shown for a difference: one that tells what it opens."""

from egressc.model.address_sets import block, join_addresses, subtract
from egressc.model.flows import Direction, Pod, PodClass
from egressc.model.label_classes import NAMESPACE_NAME, namespace, select, select_namespaces
from egressc.model.policy import Expression, Operator, Selector
from egressc.model.port_sets import EVERY_PORT
from egressc.verify.flows.regions import Region
from egressc.verify.flows.witnesses import pick_address, pick_witness
from support.tables import each


@each(
    ("held", "taken", "picked"),
    [
        (["0.0.0.0/0", "::/0"], [], "1.0.0.0"),
        (["0.0.0.0/0"], ["1.0.0.0/8"], "2.0.0.0"),
        (["127.0.0.0/8", "2001:db8::/32"], [], "2001:db8::"),
        (["10.0.0.0/8", "169.254.0.0/16"], [], "169.254.169.254"),
        (["10.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4"], [], "10.0.0.0"),
        (["0.0.0.0/8", "172.16.0.0/12"], [], "172.16.0.0"),
        (["::/8", "fc00::/7"], [], "fd00:ec2::254"),
        (["127.0.0.0/8"], [], "127.0.0.0"),
    ],
)
def test_a_public_address_is_shown_before_the_metadata_service_and_a_private_one(
    held: list[str], taken: list[str], picked: str
) -> None:
    addresses = subtract(join_addresses(map(block, held)), join_addresses(map(block, taken)))
    assert pick_address(addresses) == picked


def test_a_pod_bears_no_label_that_it_could_do_without() -> None:
    """The name of a namespace is a label of namespaces; a pod selector that excludes it excludes nothing."""
    but_other = Selector((), (Expression(NAMESPACE_NAME, Operator.NOT_IN, ("other",)),))
    pods = PodClass(select_namespaces(but_other), select(but_other))
    region = Region(PodClass(namespace("shop"), select(Selector((("app", "web"),)))), pods, (EVERY_PORT,))
    assert pick_witness(region, Direction.EGRESS).destination == Pod("other-2", {})
