"""The house keeps its own rules: imports, codes, sizes, names, paths in documents, one version."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

import egressc
from egressc.diagnostics.core import Builder
from egressc.diagnostics.registry import MODULES, all_codes
from egressc.lower.header_words import ENGLISH_HEADERS

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "compiler" / "egressc"
GOLDEN = ROOT / "tests" / "golden"
CODES = all_codes()
# Which hundreds (and tens) of codes a module holds.
RANGES = {
    "reading": "EG1",
    "cells": "EG2[0-3]",
    "columns": "EG2(09|1[89]|2[1-4]|5[015789])",
    "phrases": "EG22[5-8]",
    "unread": "EG(229|25[2346]|43[12489])",
    "values": "EG(2[4-6]|45)",
    "names": "EG3(0|1[56]|2[34])",
    "presets": "EG(32[5-9]|47[0-9])",
    "places": "EG(309|31[0-4]|44[015])",
    "references": "EG3(1[7-9]|2)",
    "ports": "EG4(?:0[1679]|2[56]|36)",
    "width": "EG4(0[2-5]|1[245]|24)",
    "rows": "EG4(08|1[0138]|2[0789]|3[0357]|46)",
    "callers": "EG4(4[2349]|6[0-3])",
    "baselines": "EG(233|46[5-9]|47[12])",
    "guardrails": "EG49[5-9]",
    "audit": "EG47[3-5]",
    "gateways": "EG(45[789]|464|47[6-9]|66[89])",
    "workloads": "EG48",
    "allowances": "EG41[67]",
    "limits": "EG4(19|2[1-3])",
    "dialects": "EG(44[78]|49[0-4]|608|665)",
    "environments": "EG(26[0-4]|52[789]|530)",
    "generated": "EG5",
    "rendered": "EG60",
    "manifests": "EG6(1|2[59]|3[459]|64)",
    "proof": "EG6[1-3]",
    "live": "EG6[4-6]",
    "defects": "EG9",
}
# Made, downloaded, or somebody else's text: not of the house.
FOREIGN = {".git", ".venv", ".tools", "build", "dist", "platform", "golden", "documents", "examples", "node_modules"}


def files(pattern: str, folder: Path = ROOT) -> list[Path]:
    found = [path for path in folder.rglob(pattern) if path.is_file()]
    return sorted(path for path in found if not FOREIGN & set(path.relative_to(ROOT).parts))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


PYTHON = {path: path.read_text("utf-8") for folder in (PACKAGE, ROOT / "tests") for path in files("*.py", folder)}
COMPILER = {path: text for path, text in PYTHON.items() if path.is_relative_to(PACKAGE)}
TESTS = {path: text for path, text in PYTHON.items() if path not in COMPILER}


def test_modules_import_from_earlier_layers_only(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_the_table_of_packages_is_that_of_the_layers() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    section = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## The compiler")[2].partition("\n## ")[0]
    documented = [
        name for row in re.findall(r"^\| (`.+?) \|", section, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    ]
    assert documented == [name for layer in reversed(layers[1:]) for name in re.findall(r"\w+", layer)]


def test_a_module_has_one_purpose() -> None:
    vague = {"util", "utils", "helper", "helpers", "common", "misc"}
    assert [relative(path) for path, text in COMPILER.items() if len(text.splitlines()) > 300] == []
    assert [name for name in map(relative, PYTHON) if vague & set(name.removesuffix(".py").split("/"))] == []


def test_a_module_says_what_it_is_for() -> None:
    starts = ('"""', 'r"""')
    assert [relative(path) for path, text in COMPILER.items() if text and not text.startswith(starts)] == []
    assert [relative(path) for path, text in COMPILER.items() if re.search(r"\b(TODO|FIXME|XXX)\b", text)] == []


def test_a_class_name_exists_once() -> None:
    classes = [name for text in COMPILER.values() for name in re.findall(r"^ *class (\w+)", text, re.MULTILINE)]
    assert sorted(name for name in set(classes) if classes.count(name) > 1) == []


def test_every_test_is_collected() -> None:
    has_tests = re.compile(r"^(def|    def) test_", re.MULTILINE)
    named = [relative(path) for path, text in TESTS.items() if has_tests.search(text)]
    assert [name for name in named if not Path(name).name.startswith("test_")] == []


def test_folders_of_tests_are_told_apart_by_more_than_a_letter() -> None:
    names = {name for path in files("*", ROOT / "tests") for name in path.relative_to(ROOT).parent.parts}
    assert [name for name in names for at in range(len(name)) if name[:at] + name[at + 1 :] in names] == []


def test_unit_tests_mirror_the_compiler() -> None:
    strays = []
    for path in (ROOT / "tests" / "unit").rglob("test_*.py"):
        folder = PACKAGE / path.parent.relative_to(ROOT / "tests" / "unit")
        about = path.stem.removeprefix("test_")
        modules = {module.stem for module in folder.glob("*.py")} | {part.name for part in folder.glob("*/")}
        if not any(about == module or about.startswith(f"{module}_") for module in modules):
            strays.append(relative(path))
    assert strays == []


def test_a_module_holds_the_codes_of_its_range() -> None:
    held = [
        (module.__name__.rpartition(".")[2], function, builder.code)
        for module in MODULES
        for function, builder in vars(module).items()
        if isinstance(builder, Builder)
    ]
    assert [(room, code.id) for room, _, code in held if not re.match(RANGES[room], code.id)] == []
    assert [(function, code.slug) for _, function, code in held if code.slug != function.replace("_", "-")] == []


def test_every_code_is_documented_and_no_other() -> None:
    text = (ROOT / "docs" / "diagnostics.md").read_text("utf-8")
    headings = re.findall(r"^#+ (EG[0-9]{3} \S+)$", text, re.MULTILINE)
    assert sorted(headings) == [f"{code.id} {code.slug}" for code in CODES]


def test_every_code_is_exercised_and_no_other() -> None:
    """By a golden case; a finding about a live cluster or another dialect by a test with one, real or recorded."""
    ranges = "|".join(RANGES[module] for module in ("live", "dialects"))
    live = [code for code in CODES if re.match(ranges, code.id)]
    cases = {path.parent.name for path in GOLDEN.glob("EG*/case.md")}
    words = set(re.findall(r"\w+", "".join(TESTS.values()))) | {name[:5] for name in cases}
    assert [code.id for code in live if not {code.id, code.slug.replace("-", "_")} & words] == []
    assert {f"{code.id}-{code.slug}" for code in CODES if code not in live} <= cases
    assert {path.name for path in GOLDEN.glob("EG*")} <= {f"{code.id}-{code.slug}" for code in CODES}


def test_paths_named_in_markdown_exist() -> None:
    rooms = {entry.name for entry in ROOT.iterdir() if entry.is_dir()} - {"build", "dist", ".venv", ".tools"}
    rooms -= {".github"}  # users have one too
    missing = []
    for path in files("*.md"):
        text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            if "://" not in target and not (path.parent / target).exists():
                missing.append(f"{relative(path)}: {target}")
        for named in re.findall(r"`([\w.-]+(?:/[\w.-]+)*/?)`", text):
            if named.split("/")[0] in rooms and "/" in named and not (ROOT / named).exists():
                missing.append(f"{relative(path)}: {named}")
    assert missing == []


def test_every_header_word_is_documented() -> None:
    text = (ROOT / "docs" / "tables.md").read_text("utf-8")
    documented = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", text, re.MULTILINE))
    assert documented == {str(role): ", ".join(words) for role, words in ENGLISH_HEADERS.items()}


def test_compiler_and_charts_share_one_version() -> None:
    versions = {
        yaml.safe_load(path.read_text("utf-8"))["version"]
        for path in (ROOT / "Chart.yaml", ROOT / "charts" / "network-policy" / "Chart.yaml")
    }
    assert versions == {egressc.__version__}
