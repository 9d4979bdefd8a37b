"""Tables of inputs, each as one test."""

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

_Test = Callable[..., None]


def each(names: str | tuple[str, ...], rows: Iterable[Any]) -> Callable[[_Test], _Test]:
    """One test of all rows, written as `pytest.mark.parametrize` is: a row that fails is shown with its values.

    Two tables above one test give every pair of their rows. Rows share the fixtures of the test: what a row changes
    there, the next one sees. Where a row needs a folder of its own, use `parametrize`.
    """
    keys = [names] if isinstance(names, str) else names
    table = [dict(zip(keys, [row] if isinstance(names, str) else row, strict=True)) for row in rows]
    assert table, "a table without rows tests nothing"

    def decorate(test: _Test) -> _Test:
        inner: Sequence[dict[str, Any]] = getattr(test, "table", [{}])
        all_rows = [{**row, **more} for row in table for more in inner]
        rowwise: _Test = getattr(test, "rowwise", test)

        @functools.wraps(rowwise)
        def run(subtests: pytest.Subtests, **fixtures: Any) -> None:
            for row in all_rows:
                with subtests.test(**row):
                    rowwise(**row, **fixtures)

        parameters = inspect.signature(rowwise).parameters
        fixtures = [it for name, it in parameters.items() if name not in all_rows[0]]
        own = inspect.Parameter("subtests", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        vars(run).update(table=all_rows, rowwise=rowwise, __signature__=inspect.Signature([own, *fixtures]))
        return run

    return decorate
