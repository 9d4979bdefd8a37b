"""A name server in a network and a file system view of its own, and what the script makes of it.

    PROBE_PATH=PATH unshare -rnm python resolving.py MODE SHELL SCRIPT ARGUMENT...

MODE is `alive` or `mute`; `PORT` among the arguments becomes the port of a server that answers. PATH is that of the
script. Prints what the script does, and ends as it does.
"""

import fcntl
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

NAME, HALF = "db.cluster.example", "half.cluster.example"
# Of linux/sockios.h and linux/if.h.
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
A, NXDOMAIN = 1, 3
# As the pod's dnsConfig makes it, but for the search list, which would ask this name server for more.
RESOLV_CONF = "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"


def answer(query: bytes) -> bytes:
    """127.0.0.1 for two names; of the second, as some servers do, no such name for any other type. No other name."""
    question = query[12:]
    labels, at = [], 0
    while question[at]:
        labels.append(question[at + 1 : at + 1 + question[at]].decode())
        at += 1 + question[at]
    (kind,) = struct.unpack("!H", question[at + 1 : at + 3])
    name = ".".join(labels)
    is_known = name == NAME or (name == HALF and kind == A)
    address = b"\xc0\x0c" + struct.pack("!HHIH", A, 1, 60, 4) + bytes([127, 0, 0, 1]) if kind == A and is_known else b""
    flags = 0x8180 | (0 if is_known else NXDOMAIN)
    return query[:2] + struct.pack("!5H", flags, 1, bool(address), 0, 0) + question[: at + 5] + address


def serve(server: socket.socket, *, mute: bool) -> None:
    while True:
        query, client = server.recvfrom(512)
        if not mute:
            server.sendto(answer(query), client)


def main(mode: str, shell: str, script: str, *arguments: str) -> int:
    with socket.socket(type=socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as resolver:
        resolver.write(RESOLV_CONF)
        resolver.flush()
        # Nobody but this process and those it starts sees the mount.
        subprocess.run(["mount", "--bind", resolver.name, Path("/etc/resolv.conf").resolve()], check=True)  # noqa: S607
        names = socket.socket(type=socket.SOCK_DGRAM)
        names.bind(("127.0.0.1", 53))
        threading.Thread(target=serve, args=(names,), kwargs={"mute": mode == "mute"}, daemon=True).start()
        server = socket.create_server(("127.0.0.1", 0), backlog=100)
        words = [str(server.getsockname()[1]) if word == "PORT" else word for word in arguments]
        path = os.environ["PROBE_PATH"]
        return subprocess.run([shell, "-c", script, "probe", *words], env={"PATH": path}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
