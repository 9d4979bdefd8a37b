"""The registry: ids of the right form, in order, each module in its own hundred."""

import re
from pathlib import Path

import egressc.diagnostics
from egressc.diagnostics.registry import MODULES, all_codes


def test_codes_are_sorted_and_well_formed() -> None:
    codes = all_codes()
    assert [code.id for code in codes] == sorted(code.id for code in codes)
    for code in codes:
        assert re.fullmatch(r"EG[1-9][0-9]{2}", code.id)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code.slug)
        assert re.fullmatch(r"[A-Z].*\.", code.summary), code.id


def test_every_module_of_codes_is_gathered() -> None:
    folder = Path(egressc.diagnostics.__path__[0])
    there = {path.stem for path in folder.glob("*.py")} - {"__init__", "core", "registry"}
    assert {module.__name__.rpartition(".")[2] for module in MODULES} == there
