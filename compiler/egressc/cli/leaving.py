"""The end of the process: what a fleet was made of is not taken apart, object by object, only to be gone anyway."""

import os
import sys
from contextlib import suppress
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
