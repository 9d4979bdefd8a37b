"""The logs of the testbed's containers, on the HTTPS port where an API server asks a kubelet for them.

Only who has a certificate of the testbed's authority is answered. `kubectl logs` and `helm test --logs` come this way.
"""

import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, Self
from urllib.parse import parse_qs, unquote, urlsplit

from testbed.certificates import Certificates

_POLL_SECONDS: Final = 0.1
# What clients may ask for here: nothing rotates, and no line has a time. A limit is kept where nothing is followed.
_UNDERSTOOD: Final = frozenset({"follow", "tailLines", "limitBytes"})


@dataclass(frozen=True)
class Log:
    """One container's output, and whether it may still grow."""

    path: Path
    grows: Callable[[], bool]


# By namespace, pod and container.
FindLog = Callable[[str, str, str], Log | None]


class LogServer:
    """As a context manager it listens on a free port of loopback from entering to leaving."""

    def __init__(self, certificates: Certificates, find: FindLog) -> None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificates.certificate, certificates.key)
        tls.load_verify_locations(certificates.authority)
        tls.verify_mode = ssl.CERT_REQUIRED

        class Handler(_Handler):
            find_log = staticmethod(find)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        # The handshake belongs to the thread that serves the connection.
        self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    find_log: FindLog

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        options = {key: values[-1] for key, values in parse_qs(url.query).items()}
        _, kind, *names = unquote(url.path).split("/")
        if kind != "containerLogs" or len(names) != 3:
            self._refuse(404, "this node serves logs alone")
        elif unknown := sorted(options.keys() - _UNDERSTOOD):
            self._refuse(400, f"this node knows no {', '.join(unknown)}")
        elif (log := self.find_log(*names)) is None:
            self._refuse(404, f"no container {'/'.join(names)} has run here")
        else:
            self._send(log, options)

    def _send(self, log: Log, options: dict[str, str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        with log.path.open("rb") as stream:
            if "limitBytes" in options:
                self.wfile.write(stream.read(int(options["limitBytes"])))
                return
            if "tailLines" in options:
                lines = stream.read().splitlines(keepends=True)
                count = int(options["tailLines"])
                self.wfile.write(b"".join(lines[-count:] if count else []))
            while True:
                grows = options.get("follow") == "true" and log.grows()
                self.wfile.write(stream.read())
                self.wfile.flush()
                if not grows:
                    return
                time.sleep(_POLL_SECONDS)

    def _refuse(self, status: int, message: str) -> None:
        text = message.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests' output is theirs."""
