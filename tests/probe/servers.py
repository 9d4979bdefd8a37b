"""Servers on loopback that behave as the far ends of a probe do: each on a port of its own, gone with the process.

python servers.py        prints their ports as JSON, and serves until its standard input ends
"""

import json
import socket
import sys
import threading
from contextlib import suppress

LOCALHOST = "127.0.0.1"
# A queue of none still takes a connection or two; more than these it never does.
MOST_QUEUED = 8


def bound(kind: socket.SocketKind) -> socket.socket:
    made = socket.socket(type=kind)
    made.bind((LOCALHOST, 0))
    return made


def answering() -> socket.socket:
    """Takes connections, and says nothing."""
    made = bound(socket.SOCK_STREAM)
    made.listen(200)
    return made


def silent() -> list[socket.socket]:
    """Its queue is full, so that Linux drops what asks for a connection, as a policy does. And what fills the queue."""
    made = [bound(socket.SOCK_STREAM)]
    made[0].listen(0)
    for _ in range(MOST_QUEUED):
        made.append(socket.socket())
        made[-1].settimeout(0.5)
        try:
            made[-1].connect(made[0].getsockname())
        except TimeoutError:
            return made
    raise RuntimeError("a full queue still takes connections")


def echoing() -> socket.socket:
    """Answers each datagram with itself."""
    made = bound(socket.SOCK_DGRAM)

    def serve() -> None:
        while True:
            # A client that has gone is no reason to go.
            with suppress(ConnectionRefusedError):
                made.sendto(*made.recvfrom(2048))

    threading.Thread(target=serve, daemon=True).start()
    return made


def main() -> None:
    full = silent()
    sockets = {
        "open": answering(),
        # Bound, so that nobody else gets the port, and not listening.
        "refused": bound(socket.SOCK_STREAM),
        "silent": full[0],
        "udp": echoing(),
        "mute": bound(socket.SOCK_DGRAM),
    }
    print(json.dumps({name: made.getsockname()[1] for name, made in sockets.items()}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
