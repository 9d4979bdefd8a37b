"""A certificate authority for one run, and what it signs; also the key that signs service accounts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from testbed.processes import run_in

_NAMES: Final = "IP:127.0.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default.svc"
_NEW: Final = (
    *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
    *("-days", "2"),
)


@dataclass(frozen=True)
class Certificates:
    authority: Path
    certificate: Path
    key: Path
    accounts: Path


@dataclass(frozen=True)
class Identity:
    certificate: Path
    key: Path


class Authority:
    """Elliptic keys, valid for two days; nothing leaves the folder."""

    def __init__(self, folder: Path) -> None:
        self.certificate = folder / "ca.crt"
        self._folder, self._key = folder, folder / "ca.key"
        run_in(None, *_NEW, "-subj", "/CN=egressc testbed", "-keyout", self._key, "-out", self.certificate)

    def issue(self, name: str, alternatives: str) -> Identity:
        """A certificate for alternative names as openssl writes them; the files have the plain name."""
        made = Identity(self._folder / f"{name}.crt", self._folder / f"{name}.key")
        run_in(
            None,
            *(*_NEW, "-subj", f"/CN={name}", "-addext", f"subjectAltName={alternatives}"),
            *("-CA", self.certificate, "-CAkey", self._key, "-addext", "basicConstraints=CA:FALSE"),
            *("-keyout", made.key, "-out", made.certificate),
        )
        return made


def make_certificates(folder: Path) -> Certificates:
    """Those of an API server on loopback."""
    authority = Authority(folder)
    server = authority.issue("kube-apiserver", _NAMES)
    accounts = folder / "accounts.key"
    run_in(None, "openssl", "genrsa", "-out", accounts, "2048")
    return Certificates(authority.certificate, server.certificate, server.key, accounts)
