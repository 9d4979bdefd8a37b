"""A container of the testbed: a process in a pod's network namespace, with BusyBox as its whole file system.

What Kubernetes promises of `command`, `args`, `env` and `securityContext` holds here: the user, no new privileges, no
capabilities, a root that can't be written. There are no images, limits or seccomp profiles.
"""

import ctypes
import os
import shutil
import signal
import stat
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from testbed.expansion import expand
from testbed.processes import LIBC, checked, die_with_parent, enter_namespace
from testbed.programs import BUSYBOX

# Of linux/mount.h and linux/prctl.h.
_NEW_MOUNTS: Final = 0x00020000
_READ_ONLY, _REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 0x1, 0x20, 0x1000, 0x4000, 0x40000
_NO_NEW_PRIVILEGES, _DROP_CAPABILITY = 38, 24
_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_FILES: Final = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n",
    "etc/group": "root:x:0:\nnobody:x:65534:\n",
    "etc/nsswitch.conf": "hosts: files dns\n",
}
_DEVICES: Final = ("null", "zero", "urandom")


@dataclass(frozen=True)
class Surroundings:
    """What a pod gives all of its containers."""

    network: int
    resolver: str
    hosts: str
    variables: Mapping[str, str]


@dataclass(frozen=True)
class Container:
    """One container that runs, or has run.

    Attributes:
        log: what it writes, to standard output and standard error.
    """

    name: str
    log: Path
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End it, and whatever it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def status(self) -> int:
        """As a shell writes it: 128 and the signal where one ended it."""
        code = self.process.wait()
        return 128 - code if code < 0 else code


def start_container(spec: Mapping[str, Any], pod: Mapping[str, Any], around: Surroundings, folder: Path) -> Container:
    """Start one container of a pod. Raises ValueError for what the kubelet would refuse, OSError."""
    security = {**(pod["spec"].get("securityContext") or {}), **(spec.get("securityContext") or {})}
    user = int(security.get("runAsUser", 0))
    if security.get("runAsNonRoot") and user == 0:
        raise ValueError("container has runAsNonRoot and image will run as root")
    variables = {"PATH": _PATH, "HOSTNAME": pod["metadata"]["name"], **around.variables}
    for entry in spec.get("env") or ():
        variables[entry["name"]] = expand(entry.get("value", ""), variables)
    words = [expand(word, variables) for word in [*(spec.get("command") or ["sh"]), *(spec.get("args") or [])]]
    root = folder / "root"
    _make_root(root, around)
    log = folder / "log"
    prepare = _preparation(root, user, int(security.get("runAsGroup", 0)), security, around.network)
    with log.open("wb") as output:
        process = subprocess.Popen(
            words,
            executable=words[0] if "/" in words[0] else f"/bin/{words[0]}",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=variables,
            start_new_session=True,
            preexec_fn=prepare,
        )
    return Container(spec["name"], log, process)


def _make_root(root: Path, around: Surroundings) -> None:
    for name in ("bin", "dev", "etc", "proc", "tmp"):
        (root / name).mkdir(parents=True)
    (root / "tmp").chmod(0o1777)
    shutil.copy(BUSYBOX.path, root / "bin" / "busybox")
    listed = subprocess.run([BUSYBOX.path, "--list"], check=True, stdout=subprocess.PIPE, text=True)
    for name in listed.stdout.split():
        if name != "busybox":
            (root / "bin" / name).symlink_to("busybox")
    for device in _DEVICES:
        os.mknod(root / "dev" / device, stat.S_IFCHR | 0o666, Path("/dev", device).stat().st_rdev)
        (root / "dev" / device).chmod(0o666)
    for name, text in {**_FILES, "etc/resolv.conf": around.resolver, "etc/hosts": around.hosts}.items():
        (root / name).write_text(text, "utf-8")


def _preparation(root: Path, user: int, group: int, security: Mapping[str, Any], network: int) -> Callable[[], None]:
    """What the child does before it becomes the command; no file is opened and nothing is imported after the fork."""
    path = str(root).encode()
    dropped = (security.get("capabilities") or {}).get("drop") or ()

    def prepare() -> None:
        enter_namespace(network)
        checked(LIBC.unshare(_NEW_MOUNTS))
        checked(LIBC.mount(None, b"/", None, _RECURSIVE | _PRIVATE, None))
        checked(LIBC.mount(path, path, None, _BIND, None))
        checked(LIBC.mount(b"proc", path + b"/proc", b"proc", 0, None))
        if security.get("readOnlyRootFilesystem"):
            checked(LIBC.mount(None, path, None, _REMOUNT | _BIND | _READ_ONLY, None))
        os.chroot(path)
        os.chdir("/")
        if "ALL" in dropped:
            capability = 0
            while LIBC.prctl(_DROP_CAPABILITY, ctypes.c_ulong(capability), 0, 0, 0) == 0:
                capability += 1
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)
        if security.get("allowPrivilegeEscalation") is False:
            checked(LIBC.prctl(_NO_NEW_PRIVILEGES, ctypes.c_ulong(1), 0, 0, 0))
        # Linux forgets it when the user changes, so it comes last.
        die_with_parent()

    return prepare
