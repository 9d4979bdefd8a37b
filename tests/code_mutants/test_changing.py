"""Changes of code: each kind, one at a time, and what is left as it is."""

import ast
from pathlib import Path

from code_mutants.changing import mutants, mutated

CODE = '''
"""A text that documents."""

from os import path

LIMIT: int = 3
Number = int | float


def clip(numbers, are_kept=True):
    """A text that documents."""
    assert numbers
    for number in numbers:
        if not number or number <= LIMIT and number + 1 in numbers:
            continue
        numbers.remove(number)
    return path.join(numbers) if are_kept else None
'''


def test_changes(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(CODE, "utf-8")
    condition = "if not number or number <= LIMIT and number + 1 in numbers:"
    result = "return path.join(numbers) if are_kept else None"
    assert [(it.line, it.function, it.before, it.after) for it in mutants(module)] == [
        (6, None, "LIMIT: int = 3", "LIMIT: int = 4"),
        *(
            (14, 10, condition, changed)
            for changed in (
                "if not number and (number <= LIMIT and number + 1 in numbers):",
                "if number or number <= LIMIT and number + 1 in numbers:",
                "if not number or number <= LIMIT or number + 1 in numbers:",
                "if not number or number < LIMIT and number + 1 in numbers:",
                "if not number or number <= LIMIT and number + 1 not in numbers:",
                "if not number or number <= LIMIT and number - 1 in numbers:",
                "if not number or number <= LIMIT and number + 2 in numbers:",
            )
        ),
        (15, 10, "continue", "break"),
        (16, 10, "numbers.remove(number)", "pass"),
        (17, 10, result, "return None"),
        (17, 10, result, "return None if are_kept else path.join(numbers)"),
    ]


def test_a_module_has_one_change(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(CODE, "utf-8")
    changed = {ast.unparse(mutated(module, mutant.number)) for mutant in mutants(module)}
    assert len(changed) == len(mutants(module))
    plain = ast.unparse(ast.parse(CODE)).splitlines()
    for text in changed:
        lines = text.splitlines()
        assert len(lines) == len(plain)
        assert sum(one != other for one, other in zip(lines, plain, strict=True)) == 1
