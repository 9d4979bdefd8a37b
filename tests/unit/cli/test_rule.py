"""A code is explained by its id or its name, from docs/diagnostics.md."""

from pathlib import Path

import pytest

from egressc.cli import OK, USAGE
from egressc.diagnostics.registry import all_codes
from support.command import run


@pytest.mark.parametrize("asked", ["EG301", "eg301", "unknown-destination"])
def test_explains_a_code(asked: str, tmp_path: Path) -> None:
    result = run(["rule", asked], tmp_path)
    assert result.exit_code == OK
    assert result.stdout.startswith("EG301 unknown-destination\n\n")
    assert "error[EG301]" in result.stdout
    assert "EG302" not in result.stdout
    assert "```" not in result.stdout


@pytest.mark.slow
def test_every_code_is_explained(tmp_path: Path) -> None:
    for code in all_codes():
        assert f"\n{code.summary} {code.severity}\n" in run(["rule", code.id], tmp_path).stdout


@pytest.mark.parametrize("asked", ["EG000", "EG30", "", "."])
def test_an_unknown_code_is_refused(asked: str, tmp_path: Path) -> None:
    result = run(["rule", asked], tmp_path)
    assert result.exit_code == USAGE
    assert f'there is no code "{asked}"' in result.stderr
