"""Small changes to the compiler's own code, as a person might make by mistake."""

import ast
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple, TypeVar

_Node = TypeVar("_Node", bound=ast.AST)
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


class Mutant(NamedTuple):
    """One change of a module, and what its lines are before and after."""

    path: Path
    number: int
    """Its place among the changes of the module."""
    line: int
    before: str
    after: str
    function: int | None
    """The first line of the function around it; None outside of functions."""

    @property
    def change(self) -> str:
        return f"{self.before}  ->  {self.after}"


def mutants(path: Path) -> list[Mutant]:
    """Every change of a module, in the order of its text."""
    return [mutant for mutant, _ in _mutated(path)]


def mutated(path: Path, number: int) -> ast.Module:
    """The module with one change."""
    _, tree = next(islice(_mutated(path), number, None))
    return tree


def _mutated(path: Path) -> Iterator[tuple[Mutant, ast.Module]]:
    """Each change with the module, which has it until the next one."""
    text = path.read_bytes()
    lines = text.splitlines()
    tree = ast.parse(text)
    number = count()
    for parent, field, at, node, function in _places(tree, None):
        for changed in _changes(node):
            before, after = _written(lines, node, ast.unparse(changed))
            _put(parent, field, at, changed)
            yield Mutant(path, next(number), node.lineno, before, after, function), tree
            _put(parent, field, at, node)


def _written(lines: list[bytes], node: ast.stmt | ast.expr, changed: str) -> tuple[str, str]:
    """The lines of a node, and with something else in its place; each on one line."""
    last = node.end_lineno or node.lineno
    head = lines[node.lineno - 1][: node.col_offset]
    tail = lines[last - 1][node.end_col_offset :]
    before = b" ".join(lines[node.lineno - 1 : last])
    return " ".join(before.decode().split()), " ".join((head.decode() + changed + tail.decode()).split())


def _changes(node: ast.stmt | ast.expr) -> Iterator[ast.stmt | ast.expr]:
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in _COMPARISONS:
            yield _like(node, ast.Compare(node.left, [_COMPARISONS[type(operator)]()], node.comparators))
        case ast.BoolOp(op=operator):
            other: ast.boolop = ast.Or() if isinstance(operator, ast.And) else ast.And()
            yield _like(node, ast.BoolOp(other, node.values))
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.BinOp(op=operator) if type(operator) in _ARITHMETIC:
            yield _like(node, ast.BinOp(node.left, _ARITHMETIC[type(operator)](), node.right))
        case ast.Constant(value=bool(value)):
            yield _like(node, ast.Constant(not value))
        case ast.Constant(value=int(value)):
            yield _like(node, ast.Constant(value + 1))
        case ast.IfExp():
            yield _like(node, ast.IfExp(node.test, node.orelse, node.body))
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield _like(node, ast.Return(_like(node, ast.Constant(None))))
        case ast.Expr(value=ast.Call()) | ast.Raise() | ast.AugAssign():
            yield _like(node, ast.Pass())
        case ast.Continue():
            yield _like(node, ast.Break())
        case ast.Break():
            yield _like(node, ast.Continue())
        case _:
            pass


def _like(place: ast.AST, node: _Node) -> _Node:
    return ast.fix_missing_locations(ast.copy_location(node, place))


def _places(
    node: ast.AST, function: int | None
) -> Iterator[tuple[ast.AST, str, int | None, ast.stmt | ast.expr, int | None]]:
    """Each statement and expression with the field of its parent that holds it, and the function around it."""
    if isinstance(node, ast.FunctionDef):
        function = min([node.lineno, *(it.lineno for it in node.decorator_list)])
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "args", "type_params", "bases") and not isinstance(
            node, ast.Call
        ):
            continue
        for at, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _is_silent(child, function):
                continue
            if isinstance(child, (ast.stmt, ast.expr)):
                yield node, field, at, child, function
            yield from _places(child, function)


def _is_silent(node: ast.AST, function: int | None) -> bool:
    """Whether a node does nothing that a test could notice: imports, documentation, types, assertions of defects.

    Texts with values in them are left out as well: Python 3.11 does not know their places.
    """
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    is_type = function is None and isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr)
    return is_text or is_type or isinstance(node, (ast.Import, ast.ImportFrom, ast.Assert, ast.JoinedStr))


def _put(parent: ast.AST, field: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[at] = node
