"""BusyBox as the image `busybox` has it, for the pods that run commands: built from Debian's source package.

Debian's own build leaves out what the image's `nc` has (`-u`, `-v`, `-z`), so it would test another program.
"""

import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Final

from testbed.programs import BUSYBOX, DEBIAN_KEYS, cache

_SUITE: Final = "deb http://deb.debian.org/debian bookworm main"
_PACKAGE: Final = "busybox"


def build_busybox() -> None:
    """A static build of the default configuration, at low priority. Raises CalledProcessError, ValueError."""
    with tempfile.TemporaryDirectory() as folder:
        archive = _download(Path(folder))
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="data")
        (source,) = (path for path in Path(folder).glob(f"{_PACKAGE}-*") if path.is_dir())
        _make(source, "defconfig")
        configuration = source / ".config"
        text = configuration.read_text("utf-8").replace("# CONFIG_STATIC is not set", "CONFIG_STATIC=y")
        # Its `tc` speaks of what newer headers of Linux have dropped.
        configuration.write_text(text.replace("CONFIG_TC=y", "# CONFIG_TC is not set"), "utf-8")
        _make(source, "oldconfig")
        _make(source, f"-j{os.cpu_count() or 1}", "busybox")
        BUSYBOX.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = BUSYBOX.path.with_suffix(".new")
        shutil.copy(source / "busybox", fresh)
        fresh.rename(BUSYBOX.path)
    BUSYBOX.stamp.parent.mkdir(parents=True, exist_ok=True)
    BUSYBOX.stamp.write_text(BUSYBOX.wanted(), encoding="utf-8")


def _download(folder: Path) -> Path:
    """The source archive, by an apt with package lists of its own: the machine's own stay as they are."""
    (folder / "lists" / "partial").mkdir(parents=True)
    sources = folder / "sources.list"
    sources.write_text(_SUITE.replace("deb ", f"deb-src [signed-by={DEBIAN_KEYS}] ") + "\n", "utf-8")
    own = {"Dir::Etc::SourceList": sources, "Dir::Etc::SourceParts": "/dev/null", "Dir::State::lists": folder / "lists"}
    # The folder is root's alone, which is who this is.
    own["APT::Sandbox::User"] = "root"
    options = [word for name, value in own.items() for word in ("-o", f"{name}={value}")]
    subprocess.run(["apt-get", "-qq", *options, "update"], check=True)  # noqa: S607
    wanted = ["--download-only", "source", f"{_PACKAGE}/bookworm"]
    subprocess.run(["apt-get", "-qq", *options, *wanted], cwd=folder, check=True)  # noqa: S607
    (archive,) = folder.glob("*.orig.tar.bz2")
    if (found := hashlib.sha256(archive.read_bytes()).hexdigest()) != BUSYBOX.sha256:
        raise ValueError(f"{archive.name} has the sha256 {found}, not {BUSYBOX.sha256}")
    return archive


def _make(source: Path, *targets: str) -> None:
    """One quiet `make` in the sources; where it fails, with its last words."""
    log = cache() / "busybox.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        # Questions of `oldconfig` get the default answer, which is an empty line.
        done = subprocess.run(
            ["nice", "-n", "10", "make", *targets],  # noqa: S607
            cwd=source,
            input=b"\n" * 2000,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise ValueError(f"make {' '.join(targets)} of busybox failed, see {log}")
