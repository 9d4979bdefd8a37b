"""One order of ports, whatever they are."""

from hypothesis import given
from hypothesis import strategies as st

from egressc.model.policy import Port, Protocol
from egressc.model.ports import say_ports, sort_ports

PORTS = st.builds(
    Port,
    st.sampled_from(Protocol),
    st.one_of(st.none(), st.integers(1, 65535), st.sampled_from(["http", "metrics"])),
) | st.builds(Port, st.sampled_from(Protocol), st.integers(1, 3), st.integers(3, 5))


@given(st.lists(PORTS))
def test_order_and_repetition_change_nothing(ports: list[Port]) -> None:
    assert sort_ports(ports) == sort_ports([*reversed(ports), *ports])


def test_ports_in_words() -> None:
    tcp = Protocol.TCP
    ports = [
        Port(tcp, "http"),
        Port(Protocol.UDP, 53),
        Port(tcp, 80, 90),
        Port(tcp, 80, 85),
        Port(tcp, 80),
        Port(tcp, None),
    ]
    assert say_ports(sort_ports(ports)) == "any/TCP, 53/UDP, 80/TCP, 80-85/TCP, 80-90/TCP, http/TCP"
