"""Hosts outside of a mesh and its gateway, an Envoy with what Istio generates, on loopback."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from testbed.certificates import Authority, Identity
from testbed.envoy import RunningEnvoy, running_envoy, running_ztunnel
from testbed.istio import IstioCheck, Pod

RESET = "reset"


@dataclass
class Site:
    """A host outside, on loopback: it answers every request with its name.

    Attributes:
        asked: the Host of each request.
    """

    name: str
    identity: Identity | None
    asked: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def running(self) -> Iterator[int]:
        """Its port."""
        site = self

        class Answer(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked.append(self.headers["Host"])
                body = site.name.encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
            if self.identity is not None:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(self.identity.certificate, self.identity.key)
                server.socket = context.wrap_socket(server.socket, server_side=True)
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            try:
                yield server.server_port
            finally:
                server.shutdown()
                thread.join()


def get(port: int, host: str, context: ssl.SSLContext | None = None, server_name: str = "") -> str:
    """Status and body of a request through a port on loopback, or RESET."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
            connection = http.client.HTTPConnection(host)
            connection.sock = context.wrap_socket(plain, server_hostname=server_name or host) if context else plain
            with contextlib.closing(connection):
                connection.request("GET", "/")
                answer = connection.getresponse()
                return f"{answer.status} {answer.read().decode()}"
    except ssl.SSLCertVerificationError:
        raise
    except (ConnectionError, ssl.SSLError):
        return RESET


@dataclass
class Scene:
    """A mesh of these pods, whose gateway is an Envoy here."""

    istio: IstioCheck
    authority: Authority
    folder: Path
    pods: Mapping[str, Pod]

    @contextlib.contextmanager
    def gateway(self, manifests: Sequence[dict[str, Any]], **resolved: int) -> Iterator[RunningEnvoy]:
        answer = self.istio.ask(manifests, self.pods, configurations=["gateway"])
        assert answer.refused == {}
        identity = self.identity("gateway")
        hosts = {f"{name.replace('_', '.')}:443": port for name, port in resolved.items()}
        with running_envoy(answer.configurations["gateway"], self.folder, hosts, self.authority, identity) as running:
            yield running

    @contextlib.contextmanager
    def tunnels(
        self, manifests: Sequence[dict[str, Any]], clients: Sequence[str], addresses: Mapping[str, str], **resolved: int
    ) -> Iterator[Mapping[tuple[str, str], int]]:
        """A port on loopback for each pod and name, which connects the pod through the waypoint.

        `addresses`: by name, a host behind the waypoint or an address, each with a port.
        """
        answer = self.istio.ask(manifests, self.pods, configurations=["waypoint"])
        assert answer.refused == {}
        configuration = answer.configurations["waypoint"]
        hosts = {f"{name.replace('_', '.')}:443": port for name, port in resolved.items()}
        folders = [self.folder / "waypoint", self.folder / "ztunnel"]
        for folder in folders:
            folder.mkdir()
        known = {}
        for name, address in addresses.items():
            host, _, port = address.rpartition(":")
            known[name] = f"{configuration['behind'].get(host, host)}:{port}"
        identities = {pod: self.identity(pod) for pod in clients}
        with (
            running_envoy(configuration, folders[0], hosts, self.authority, self.identity("waypoint")) as running,
            running_ztunnel(running.ports[15008], identities, known, folders[1], self.authority) as ports,
        ):
            yield ports

    def identity(self, pod: str) -> Identity:
        """What Istio's authority would give to a pod."""
        its = self.pods[pod]
        name = f"URI:spiffe://cluster.local/ns/{its.namespace}/sa/{its.service_account}"
        return self.authority.issue(pod, name)

    def site(self, name: str) -> Site:
        return Site(name, self.authority.issue(name, f"DNS:{name}"))

    def application(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.authority.certificate)

    def proxy(self, pod: str = "") -> ssl.SSLContext:
        """What the proxy of a pod begins mutual TLS with; that of nobody shows no certificate."""
        context = self.application()
        # The gateway shows its identity, not the name of a host.
        context.check_hostname = False
        if pod:
            identity = self.identity(pod)
            context.load_cert_chain(identity.certificate, identity.key)
        return context
