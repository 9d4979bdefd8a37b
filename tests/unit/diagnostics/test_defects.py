"""A defect shows version, place in the compiler and the input at hand."""

from egressc.diagnostics.defects import CompilerBug, compiler_defect
from egressc.source import Located, Source, Span

PROJECT = Span(Source("egressc.yaml", "sources: []\n"), 0, 0)
CELL = Span(Source("services.md", "| a | b |"), 2, 3)


def fail_on(cell: Located[str]) -> None:
    raise KeyError(cell.value)


def test_points_at_the_innermost_input() -> None:
    outer = Source("other.md", "x")
    try:
        assert outer.text
        fail_on(Located("a", CELL))
    except KeyError as error:
        diagnostic = compiler_defect(error, "1.2.3", PROJECT)
    else:
        raise AssertionError
    assert diagnostic.primary.span == CELL
    assert diagnostic.message == "egressc 1.2.3 failed: KeyError: 'a'"


def test_a_compiler_bug_names_its_own_input() -> None:
    diagnostic = compiler_defect(CompilerBug("two keys are one", CELL), "1.2.3", PROJECT)
    assert diagnostic.primary.span == CELL
    assert diagnostic.message.endswith("CompilerBug: two keys are one")


def test_without_any_input_it_points_at_the_project() -> None:
    assert compiler_defect(ValueError(), "1", PROJECT).primary.span == PROJECT


def test_names_the_function_that_failed() -> None:
    try:
        PROJECT.source.position("x")  # type: ignore[arg-type]
    except TypeError as error:
        diagnostic = compiler_defect(error, "1", PROJECT)
    else:
        raise AssertionError
    assert " in position, source.py:" in diagnostic.message
