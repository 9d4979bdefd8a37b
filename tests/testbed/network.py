"""Network namespaces without names: each lives as long as its file is open here, so nothing is left after a crash.

    outside ──(veth)── node ──(Cilium's veths)── one namespace for each pod

"Outside" holds every address that is nobody else's: whatever leaves the node is answered there.
"""

import os
import threading
from collections.abc import Callable
from typing import Final, TypeVar

from testbed.processes import enter_namespace, leave_for_new_namespace, run_in

# TEST-NET-1 and ranges that no example speaks of.
NODE_ADDRESS: Final = "192.0.2.1"
OUTSIDE_ADDRESS: Final = "192.0.2.2"
POD_RANGE: Final = "10.244.0.0/24"
NODE_ADDRESS_6: Final = "fd00:192::1"
OUTSIDE_ADDRESS_6: Final = "fd00:192::2"
POD_RANGE_6: Final = "fd00:244::/120"
# The node's link to the outside.
UPLINK: Final = "uplink"

Result = TypeVar("Result")


def new_namespace() -> int:
    """An open file of a new network namespace whose loopback is up."""
    found: list[int] = []

    def make() -> None:
        leave_for_new_namespace()
        found.append(os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC))

    _in_thread(make)
    run_in(found[0], "ip", "link", "set", "lo", "up")
    return found[0]


def inside(namespace: int, action: Callable[[], Result]) -> Result:
    """Call something in a network namespace: sockets that it makes stay there. Raises what it raises."""

    def enter_and_act() -> Result:
        enter_namespace(namespace)
        return action()

    return _in_thread(enter_and_act)


class Network:
    """The node and what lies outside of it, linked; closing it removes both and all links in them."""

    def __init__(self) -> None:
        self.node = new_namespace()
        self.outside = new_namespace()
        peer = ("peer", "name", "downlink", "netns", f"/proc/{os.getpid()}/fd/{self.outside}")
        run_in(self.node, "ip", "link", "add", UPLINK, "type", "veth", *peer)
        for namespace, device, address, address_6 in (
            (self.node, UPLINK, NODE_ADDRESS, NODE_ADDRESS_6),
            (self.outside, "downlink", OUTSIDE_ADDRESS, OUTSIDE_ADDRESS_6),
        ):
            run_in(namespace, "ip", "address", "add", f"{address}/24", "dev", device)
            # Nobody else is there to have the address too, so there is nothing to wait for.
            run_in(namespace, "ip", "address", "add", f"{address_6}/64", "dev", device, "nodad")
            run_in(namespace, "ip", "link", "set", device, "up")
        run_in(self.node, "sh", "-c", "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding")
        for family, outside, node, pods in (
            ("-4", OUTSIDE_ADDRESS, NODE_ADDRESS, POD_RANGE),
            ("-6", OUTSIDE_ADDRESS_6, NODE_ADDRESS_6, POD_RANGE_6),
        ):
            run_in(self.node, "ip", family, "route", "add", "default", "via", outside)
            run_in(self.outside, "ip", family, "route", "add", pods, "via", node)
            # Every other address is at home here.
            run_in(self.outside, "ip", family, "route", "add", "local", "default", "dev", "lo", "table", "main")

    def close(self) -> None:
        os.close(self.node)
        os.close(self.outside)


def _in_thread(action: Callable[[], Result]) -> Result:
    """Call something in a thread of its own: a namespace belongs to a thread, and ends its use with it."""
    results: list[Result] = []
    errors: list[BaseException] = []

    def call() -> None:
        try:
            results.append(action())
        except BaseException as error:  # raised again below, in the caller's thread
            errors.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
