"""A certificate authority for one run, a serving certificate for loopback, and the key that signs service accounts."""

from dataclasses import dataclass
from pathlib import Path

from testbed.processes import run_in

_NAMES = "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default.svc"


@dataclass(frozen=True)
class Certificates:
    authority: Path
    certificate: Path
    key: Path
    accounts: Path


def make_certificates(folder: Path) -> Certificates:
    """Elliptic keys, valid for two days; nothing leaves the folder."""
    made = Certificates(folder / "ca.crt", folder / "server.crt", folder / "server.key", folder / "accounts.key")
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    authority_key = folder / "ca.key"
    openssl = ("openssl", "req", "-x509", *curve)
    run_in(None, *openssl, "-subj", "/CN=egressc testbed", "-keyout", authority_key, "-out", made.authority)
    run_in(
        None,
        *(*openssl, "-subj", "/CN=kube-apiserver", "-addext", _NAMES, "-CA", made.authority, "-CAkey", authority_key),
        *("-addext", "basicConstraints=CA:FALSE", "-keyout", made.key, "-out", made.certificate),
    )
    run_in(None, "openssl", "genrsa", "-out", made.accounts, "2048")
    return made
