"""Servers in the namespaces: who answers says its name, so that a probe knows whom it reached.

TCP: the name, then the end. UDP: the name, a colon, and what was sent.
"""

import contextlib
import selectors
import socket
import struct
import threading
from collections.abc import Iterable
from typing import Final

from testbed.network import inside

_FREEBIND: Final = 78  # IPV6_FREEBIND of Linux, which the socket module does not name


class Answerers:
    """All servers of a testbed, in one thread; each socket stays in the namespace where it was made."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._wake, self._woken = socket.socketpair()
        self._woken.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ, None)
        self._open: dict[tuple[int, str, int], socket.socket] = {}
        self._ends = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def listen(self, namespace: int, name: str, ports: Iterable[tuple[str, int]]) -> None:
        """Answer on these (protocol, port) of every address of a namespace, from now on. Again is nothing new."""
        wanted = [port for port in dict.fromkeys(ports) if (namespace, *port) not in self._open]
        for (protocol, port), made in zip(wanted, inside(namespace, lambda: list(map(_listener, wanted))), strict=True):
            self._open[namespace, protocol, port] = made
            self._selector.register(made, selectors.EVENT_READ, name.encode())
        self._wake.send(b".")

    def forget(self, namespace: int) -> None:
        """Stop answering in a namespace."""
        for key in [key for key in self._open if key[0] == namespace]:
            gone = self._open.pop(key)
            self._selector.unregister(gone)
            gone.close()

    def close(self) -> None:
        self._ends = True
        self._wake.send(b".")
        self._thread.join()
        for one in (*self._open.values(), self._wake, self._woken):
            one.close()
        self._selector.close()

    def _serve(self) -> None:
        while not self._ends:
            for key, _ in self._selector.select():
                served = key.fileobj
                assert isinstance(served, socket.socket)
                # A client that is gone already, or one that another event served.
                with contextlib.suppress(OSError):
                    _serve_one(served, key.data)


def _listener(port: tuple[str, int]) -> socket.socket:
    """One for both families: an IPv4 client comes with an address that is mapped into IPv6."""
    protocol, number = port
    made = socket.socket(socket.AF_INET6, socket.SOCK_STREAM if protocol == "TCP" else socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    made.setblocking(False)
    made.bind(("::", number))
    if protocol == "TCP":
        made.listen(512)
    else:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
        # To answer from an address that a route alone brings here.
        made.setsockopt(socket.IPPROTO_IPV6, _FREEBIND, 1)
    return made


def _serve_one(served: socket.socket, name: bytes | None) -> None:
    if name is None:
        served.recv(4096)
    elif served.type == socket.SOCK_STREAM:
        connection, _ = served.accept()
        with connection:
            connection.sendall(name)
    else:
        text, control, _, client = served.recvmsg(2048, 256)
        served.sendmsg([name + b":" + text], _from_where_it_came(control), 0, client)


def _from_where_it_came(control: list[tuple[int, int, bytes]]) -> list[tuple[int, int, bytes]]:
    """Answer from the address that was asked, since all of them are this server's (ipv6(7), IPV6_PKTINFO)."""
    asked, _ = struct.unpack("16sI", next(data for level, kind, data in control if kind == socket.IPV6_PKTINFO))
    return [(socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, struct.pack("16sI", asked, 0))]
