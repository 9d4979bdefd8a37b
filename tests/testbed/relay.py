"""A port on the loopback of one network namespace that leads to a port on this one's."""

import contextlib
import socket
import threading
from typing import Self

from testbed.network import inside


class Relay:
    """Listens in `namespace`, and carries each connection to 127.0.0.1:`target` of the namespace of this process."""

    def __init__(self, namespace: int, target: int) -> None:
        self._target = target
        self._listener = inside(namespace, lambda: socket.create_server(("127.0.0.1", 0)))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._open: set[socket.socket] = set()

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing alone would leave the threads waiting in accept() and recv().
        for one in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._carry, args=(near,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _carry(self, near: socket.socket) -> None:
        """Both ways until both ends are done."""
        with near, contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._target)) as far:
            self._open |= {near, far}
            back = threading.Thread(target=_copy, args=(far, near), daemon=True)
            back.start()
            _copy(near, far)
            back.join()
            self._open -= {near, far}


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while text := source.recv(65536):
            target.sendall(text)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
