"""etcd and kube-apiserver on loopback: free ports, certificates of their own, everything in one temporary folder."""

import json
import os
import secrets
import shutil
import socket
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Self

from testbed.api import Api
from testbed.certificates import Certificates, make_certificates
from testbed.processes import NotReady, Running
from testbed.programs import cache

_START_SECONDS: Final = 300.0
_PREFIX: Final = "egressc-testbed-"
SERVICE_RANGE: Final = "10.96.0.0/16"


class ControlPlane:
    """A real API server. As a context manager it starts on entering, and leaves nothing behind.

    Attributes:
        folder: everything of this run, removed at the end.
        kubeconfig: for an administrator, as kubectl and helm read it.
        api: the same administrator.
        certificates: whom the API server trusts, and what it shows to clients and to the node.
    """

    folder: Path
    certificates: Certificates
    kubeconfig: Path
    api: Api

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            _remove_leftovers()
            self.folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
            stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
            certificates = self.certificates = make_certificates(self.folder)
            token = secrets.token_hex(16)
            self._start(stack, token)
            self.kubeconfig = write_kubeconfig(self.folder / "kubeconfig", self.api.port, certificates.authority, token)
            self._exit = stack.pop_all()
        return self

    def _start(self, stack: ExitStack, token: str) -> None:
        """Both programs; with other ports where somebody took one between its choice and its use. Raises NotReady."""
        for is_last in (False, False, True):
            try:
                with ExitStack() as started:
                    self._try_to_start(started, token)
                    stack.push(started.pop_all())
                    return
            except NotReady:
                if is_last:
                    raise

    def _try_to_start(self, stack: ExitStack, token: str) -> None:
        etcd_port, peer_port, port = free_ports(3)
        etcd = stack.enter_context(_start_etcd(self.folder, etcd_port, peer_port))
        server = stack.enter_context(_start_server(self.folder, self.certificates, token, port, etcd_port))
        self.api = Api(port, self.certificates.authority, token)
        stack.callback(self.api.close)
        server.wait_until(lambda: etcd.is_running() and self.api.is_ready(), _START_SECONDS)

    def __exit__(self, *_: object) -> None:
        self._exit.close()

    def kubeconfig_as(self, user: str) -> Path:
        """A kubeconfig for another user, who may do what RBAC grants that name: nothing at first."""
        path = self.folder / f"kubeconfig-{user}"
        return write_kubeconfig(path, self.api.port, self.api.authority, self.api.token, user)


def _remove_leftovers() -> None:
    """Folders of testbeds whose process was killed: it could not remove its own."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        process = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if process.isdigit() and not Path(f"/proc/{process}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on now; they are open together, so they differ."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


def write_kubeconfig(path: Path, port: int, authority: Path, token: str, acts_as: str = "") -> Path:
    """A kubeconfig (JSON is YAML) for one user of the server on a loopback port, who may act as another."""
    user = {"token": token, **({"as": acts_as} if acts_as else {})}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "testbed",
        "contexts": [{"name": "testbed", "context": {"cluster": "testbed", "user": "testbed"}}],
        "clusters": [
            {
                "name": "testbed",
                "cluster": {"server": f"https://127.0.0.1:{port}", "certificate-authority": str(authority)},
            }
        ],
        "users": [{"name": "testbed", "user": user}],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    path.chmod(0o600)
    return path


def _start_etcd(folder: Path, port: int, peer_port: int) -> Running:
    address, peer = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer_port}"
    return Running(
        "etcd",
        [
            cache() / "bin" / "etcd",
            *("--data-dir", folder / "etcd", "--unsafe-no-fsync", "--log-level", "warn"),
            *("--listen-client-urls", address, "--advertise-client-urls", address),
            *(
                "--listen-peer-urls",
                peer,
                "--initial-advertise-peer-urls",
                peer,
                "--initial-cluster",
                f"default={peer}",
            ),
        ],
        folder / "etcd.log",
    )


def _start_server(folder: Path, certificates: Certificates, token: str, port: int, etcd_port: int) -> Running:
    tokens = folder / "tokens.csv"
    tokens.write_text(f'{token},admin,admin,"system:masters"\n', encoding="utf-8")
    tokens.chmod(0o600)
    return Running(
        "kube-apiserver",
        [
            cache() / "bin" / "kube-apiserver",
            f"--etcd-servers=http://127.0.0.1:{etcd_port}",
            *("--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", f"--secure-port={port}"),
            *(f"--tls-cert-file={certificates.certificate}", f"--tls-private-key-file={certificates.key}"),
            *("--authorization-mode=RBAC", f"--token-auth-file={tokens}", "--anonymous-auth=false"),
            # The node's port for logs trusts the same authority, and is trusted by it.
            f"--kubelet-certificate-authority={certificates.authority}",
            f"--kubelet-client-certificate={certificates.certificate}",
            f"--kubelet-client-key={certificates.key}",
            f"--service-cluster-ip-range={SERVICE_RANGE}",
            *("--service-account-issuer=https://127.0.0.1", f"--service-account-key-file={certificates.accounts}"),
            f"--service-account-signing-key-file={certificates.accounts}",
            # No controller makes service accounts or endpoints here.
            *("--disable-admission-plugins=ServiceAccount", "--endpoint-reconciler-type=none"),
            # Garbage that only a controller manager collects, and limits that only busy clusters need.
            *("--enable-priority-and-fairness=false", f"--cert-dir={folder}"),
        ],
        folder / "kube-apiserver.log",
    )
