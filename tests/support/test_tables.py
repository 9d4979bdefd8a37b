"""A table as one test: every row runs, also after one that fails, and the failure names its row."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.tables import each

FILE = """
from support.tables import each

@each("text", ["a", "b"])
@each(("number", "is_small"), [(1, True), (20, True), (3, True)])
def test_it(text, number, is_small, tmp_path):
    assert (number < 10) is is_small, tmp_path
"""


def test_each_row_runs_and_fails_alone(tmp_path: Path) -> None:
    file = tmp_path / "test_it.py"
    file.write_text(FILE, "utf-8")
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(root), "-c", "pyproject.toml"]
    done = subprocess.run([*command, str(file)], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    failed = re.findall(r"^SUBFAILED\((.*)\) ", done.stdout, re.MULTILINE)
    assert failed == ["text='a', number=20, is_small=True", "text='b', number=20, is_small=True"]
    assert "4 subtests passed" in done.stdout


def test_a_table_has_rows_of_its_width() -> None:
    with pytest.raises(AssertionError, match="a table without rows"):
        each("text", [])
    with pytest.raises(ValueError, match="shorter"):
        each(("one", "other"), [(1,)])
