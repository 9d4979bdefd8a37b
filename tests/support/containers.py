"""Podman with a store of its own, and a base image of Debian's packages where none can be pulled."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from testbed.programs import cache

SUITE = "bookworm"
MIRROR = "http://deb.debian.org/debian"
# As the official image of Python: an interpreter with venv, and authorities for TLS.
PACKAGES = "python3,python3-venv,ca-certificates"
BASE = f"localhost/egressc-base:{SUITE}"
_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
_SECONDS = 600


@dataclass(frozen=True)
class Podman:
    """The environment in which podman keeps everything below one folder."""

    environment: dict[str, str]

    def run(self, *words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=folder, env=self.environment, capture_output=True, text=True, check=False, timeout=_SECONDS
        )


def podman(folder: Path) -> Podman:
    """Skips where podman cannot work; `folder` is for its settings. What it builds stays in the testbed's cache."""
    missing = [it for it in ("podman", "runc", "debootstrap") if shutil.which(it) is None]
    if missing or os.geteuid() != 0:
        pytest.skip(
            f"NO IMAGE: it needs root and podman, runc and debootstrap; missing: {', '.join(missing) or 'root'}"
        )
    store = cache() / "containers"
    settings = {
        "CONTAINERS_CONF": '[engine]\nruntime = "runc"\n[containers]\nnetns = "host"\n'
        'default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n',
        "CONTAINERS_STORAGE_CONF": f'[storage]\ndriver = "overlay"\ngraphroot = "{store}"\n'
        f'runroot = "{folder / "run"}"\n',
    }
    environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(folder)}
    for name, text in settings.items():
        path = folder / name.lower()
        path.write_text(text, "utf-8")
        environment[name] = str(path)
    made = Podman(environment)
    if made.run("podman", "image", "exists", BASE).returncode:
        _make_base(made, folder / "root")
    return made


def _make_base(podman: Podman, root: Path) -> None:
    """Skips if Debian's archive does not answer."""
    done = podman.run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(root), MIRROR)
    if done.returncode:
        pytest.skip(f"NO IMAGE: debootstrap failed: {done.stdout[-300:]}")
    # pip trusts whom this machine trusts.
    shutil.copy(_AUTHORITIES, root / _AUTHORITIES.relative_to("/"))
    (root / "etc" / "pip.conf").write_text(f"[global]\ncert = {_AUTHORITIES}\n", "utf-8")
    archive = root.with_suffix(".tar")
    assert podman.run("tar", "-C", str(root), "-cf", str(archive), ".").returncode == 0
    shutil.rmtree(root)
    done = podman.run("podman", "import", str(archive), BASE)
    archive.unlink()
    assert done.returncode == 0, done.stderr
