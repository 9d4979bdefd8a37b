"""What the script is run with: `/bin/sh` and a small nc of our own, or the nc of this machine; or BusyBox alone.

BusyBox as the default image has it comes from the testbed, which builds it, or is what EGRESSC_BUSYBOX names.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from testbed.programs import BUSYBOX

NETCAT = Path(__file__).parent / "netcat.py"
# Resolves all names but one, and asks nobody.
NSLOOKUP = '#!/bin/sh\ncase $1 in no.*) echo "** server can\'t find $1: NXDOMAIN"; exit 1 ;; esac\necho "Name:\t$1"\n'
TOOLBOXES = ("sh", "nc", "busybox-of-image", "busybox-of-machine")
APPLETS = ("expr", "nc", "nslookup", "printf", "sh", "sleep", "tr", "true", "wc")


@dataclass(frozen=True)
class Toolbox:
    """What runs the script. `asks_dns`: its nslookup is real, and asks the resolver of this machine."""

    name: str
    shell: Path
    path: str
    asks_dns: bool

    def start(self, script: str, arguments: list[str]) -> subprocess.Popen[str]:
        """The script as the pod starts it, with no more of an environment than PATH."""
        return subprocess.Popen(
            [self.shell, "-c", script, "probe", *arguments],
            env={"PATH": self.path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def speaks_udp(self) -> bool:
        """Whether its nc has -u: that of Debian's BusyBox has not."""
        usage = subprocess.run(
            [self.shell, "-c", "nc -h"], env={"PATH": self.path}, capture_output=True, text=True, check=False
        )
        return "UDP" in usage.stdout + usage.stderr


def open_toolbox(name: str, folder: Path) -> Toolbox | None:
    """One of TOOLBOXES, laid out in an empty folder; None where this machine has not got it."""
    if name == "sh":
        _write(folder / "nc", f'#!/bin/sh\nexec {sys.executable} -I {NETCAT} "$@"\n')
        return _with_sh(name, folder)
    if name == "nc":
        found = shutil.which("nc")
        if found:
            (folder / "nc").symlink_to(found)
        return _with_sh(name, folder) if found else None
    program = _busybox_of_image() if name == "busybox-of-image" else shutil.which("busybox")
    if program is None:
        return None
    for applet in APPLETS:
        (folder / applet).symlink_to(Path(program).resolve())
    return Toolbox(name, folder / "sh", str(folder), asks_dns=True)


def _busybox_of_image() -> str | None:
    return os.environ.get("EGRESSC_BUSYBOX") or (str(BUSYBOX.path) if BUSYBOX.is_built() else None)


def _with_sh(name: str, folder: Path) -> Toolbox:
    _write(folder / "nslookup", NSLOOKUP)
    return Toolbox(name, Path("/bin/sh"), f"{folder}:/usr/bin:/bin", asks_dns=False)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
