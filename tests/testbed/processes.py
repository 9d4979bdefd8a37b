"""Programs that run beside the tests, and end with them whatever happens.

Each is killed by the kernel when this process dies, runs in a process group of its own, and is stopped as a group.
"""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Self

LIBC: Final = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG: Final = 1
CLONE_NEWNET: Final = 0x40000000


class NotReady(Exception):
    """A program ended, or did not get ready in time; the text ends with its last words."""


class Running:
    """One program, its log, and the end of it."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        log: Path,
        *,
        namespace: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start it, in the network namespace of an open file where one is given."""
        self.name = name
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
                preexec_fn=lambda: _prepare(namespace),
            )

    def wait_until(self, ready: Callable[[], bool], timeout_seconds: float) -> None:
        """Wait until `ready` says so. Raises NotReady."""
        end = time.monotonic() + timeout_seconds
        while self.is_running() and not ready():
            if time.monotonic() > end:
                raise NotReady(f"{self.name} is not ready after {timeout_seconds:.0f} s:\n{self.last_words()}")
            time.sleep(0.05)

    def is_running(self) -> bool:
        """Raises NotReady with its last words where it has ended."""
        if self._process.poll() is not None:
            raise NotReady(f"{self.name} ended with status {self._process.returncode}:\n{self.last_words()}")
        return True

    def last_words(self, lines: int = 30) -> str:
        return "\n".join(self._log.read_text("utf-8", errors="replace").splitlines()[-lines:])

    def stop(self) -> None:
        """End the whole group: asked first, killed after five seconds."""
        for number, patience in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
            if self._process.poll() is not None:
                break
            os.killpg(self._process.pid, number)
            try:
                self._process.wait(patience)
            except subprocess.TimeoutExpired:
                continue

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _prepare(namespace: int | None) -> None:
    """In the child: die with the parent, and move into the network namespace."""
    die_with_parent()
    if namespace is not None:
        enter_namespace(namespace)


def die_with_parent() -> None:
    """In a child, before it becomes another program: the kernel is to kill it when its parent ends."""
    LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def enter_namespace(namespace: int) -> None:
    """Move the calling thread into the network namespace of an open file. Raises OSError."""
    checked(LIBC.setns(namespace, CLONE_NEWNET))


def leave_for_new_namespace() -> None:
    """Move the calling thread into a new, empty network namespace. Raises OSError."""
    checked(LIBC.unshare(CLONE_NEWNET))


def checked(status: int) -> None:
    """Raises OSError for what a function of the C library says went wrong."""
    if status != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def run_in(namespace: int | None, *command: str | Path, stdin: str = "", **environment: str) -> str:
    """Standard output of a short command in a network namespace. Raises NotReady with what it said."""
    done = subprocess.run(
        [str(word) for word in command],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
        preexec_fn=lambda: _prepare(namespace),
    )
    if done.returncode:
        raise NotReady(f"{' '.join(map(str, command))}: {done.stderr or done.stdout}")
    return done.stdout
