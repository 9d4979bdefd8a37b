"""Progress of long work: on a terminal, on the standard error; nothing when piped."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeVar

from egressc.cli import is_quiet

T = TypeVar("T")


def _is_watched() -> bool:
    return sys.stderr.isatty() and not is_quiet()


def working(sentence: str) -> AbstractContextManager[object]:
    """A spinner beside a sentence while the block runs."""
    if not _is_watched():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(sentence)


def with_progress(items: Iterable[T], total: int, sentence: str) -> Iterator[T]:
    """The items, with a bar that counts them."""
    if not _is_watched():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, sentence, total=total, console=Console(stderr=True), transient=True)


@contextmanager
def counting(total: int, sentence: str) -> Iterator[Callable[[], object]]:
    """A bar while the block runs, which counts each call of what the block is given."""
    if not _is_watched():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(sentence, total=total)
        yield lambda: progress.advance(task)
