"""The memory and the end of the process: what a fleet is made of lives to the end, and is not taken apart then."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, NoReturn

_kept: Final[list[object]] = []


def keep(held: object) -> None:
    """Hold an object to the end of the process: for what is large, and made once in it."""
    _kept[:] = [held]


def leave(status: int) -> NoReturn:
    """End the process once its output is out. No exit handlers run: commands clean up before they return."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # full, closed, or never open
            stream.flush()
    os._exit(status)


@contextmanager
def no_collection() -> Iterator[None]:
    """Make many objects that all live to the end, without the collector looking through them again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.freeze()  # or the first collection afterwards looks through all of them
            gc.enable()
