"""The house keeps its own rules: imports, codes, sizes, names, paths in documents, one version."""

import re
from pathlib import Path

import pytest
import yaml
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

import egressc
from egressc.diagnostics.core import Builder, Code
from egressc.diagnostics.registry import MODULES, all_codes
from egressc.lower.header_words import ENGLISH_HEADERS

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "compiler" / "egressc"
GOLDEN = ROOT / "tests" / "golden"
CODES = all_codes()
TESTS = "".join(path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("*.py")))
# Which hundreds (and tens) of codes a module holds.
RANGES = {
    "reading": "EG1",
    "cells": "EG2[0-3]",
    "columns": "EG2(09|1[89]|2[1-4]|5[015789])",
    "phrases": "EG22[5-8]",
    "unread": "EG(229|25[2346]|43[12489])",
    "values": "EG(2[4-6]|45)",
    "names": "EG3(0|1[56])",
    "places": "EG(31[0-4]|44[015])",
    "references": "EG3(1[7-9]|2)",
    "ports": "EG4(?:0[1679]|2[56]|36)",
    "width": "EG4(0[2-5]|1[245]|24)",
    "rows": "EG4(08|1[0138]|2[0789]|3[0357]|46)",
    "allowances": "EG41[67]",
    "limits": "EG4(19|2[1-3])",
    "generated": "EG5",
    "rendered": "EG60",
    "manifests": "EG6(1|3[45])",
    "proof": "EG6[1-3]",
    "live": "EG6(4|5[0-7])",
    "probing": "EG6(5[89]|6)",
    "defects": "EG9",
}
# Made, downloaded, or somebody else's text: not of the house.
FOREIGN = {".git", ".venv", ".tools", "build", "dist", "platform", "golden", "documents", "examples", "node_modules"}


def files(pattern: str) -> list[Path]:
    found = [path for path in ROOT.rglob(pattern) if path.is_file()]
    return sorted(path for path in found if not FOREIGN & set(path.relative_to(ROOT).parts))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


PYTHON = [path for path in files("*.py") if path.is_relative_to(PACKAGE) or path.is_relative_to(ROOT / "tests")]
MARKDOWN = files("*.md")


def test_modules_import_from_earlier_layers_only(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("path", PYTHON, ids=relative)
def test_a_module_has_one_purpose(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300 or not path.is_relative_to(PACKAGE)
    assert not {"util", "utils", "helper", "helpers", "common", "misc"} & set(
        path.relative_to(ROOT).with_suffix("").parts
    )


@pytest.mark.parametrize("path", [path for path in PYTHON if path.is_relative_to(PACKAGE)], ids=relative)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not text or text.startswith(('"""', 'r"""'))
    assert not re.search(r"\b(TODO|FIXME|XXX)\b", text)


@pytest.mark.parametrize("path", [path for path in PYTHON if path.is_relative_to(ROOT / "tests")], ids=relative)
def test_every_test_is_collected(path: Path) -> None:
    if re.search(r"^(def|    def) test_", path.read_text("utf-8"), re.MULTILINE):
        assert path.name.startswith("test_")


def test_unit_tests_mirror_the_compiler() -> None:
    for path in (ROOT / "tests" / "unit").rglob("test_*.py"):
        folder = PACKAGE / path.parent.relative_to(ROOT / "tests" / "unit")
        about = path.stem.removeprefix("test_")
        modules = {module.stem for module in folder.glob("*.py")} | {part.name for part in folder.glob("*/")}
        assert any(about == module or about.startswith(f"{module}_") for module in modules), relative(path)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_a_module_holds_the_codes_of_its_range(module: object) -> None:
    name = getattr(module, "__name__").rpartition(".")[2]  # noqa: B009  a module's type does not tell its name
    for function, builder in vars(module).items():
        if isinstance(builder, Builder):
            assert re.match(RANGES[name], builder.code.id), builder.code.id
            assert builder.code.slug == function.replace("_", "-")


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.id)
def test_every_code_is_documented(code: Code) -> None:
    text = (ROOT / "docs" / "diagnostics.md").read_text("utf-8")
    assert re.search(rf"^#+ {code.id} {code.slug}$", text, re.MULTILINE)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.id)
def test_every_code_is_exercised(code: Code) -> None:
    """By a golden case; a finding about a live cluster by a test with one, or with a recorded one."""
    if re.match(f"{RANGES['live']}|{RANGES['probing']}", code.id):
        assert re.search(rf"\b({code.id}|{code.slug.replace('-', '_')})\b", TESTS)
    else:
        assert (GOLDEN / f"{code.id}-{code.slug}" / "case.md").is_file()


def test_no_document_or_case_is_about_a_code_that_is_gone() -> None:
    known = {f"{code.id}-{code.slug}" for code in CODES}
    cases = {path.name for path in GOLDEN.glob("EG*")}
    text = (ROOT / "docs" / "diagnostics.md").read_text("utf-8")
    headings = {"-".join(found) for found in re.findall(r"^#+ (EG[0-9]{3}) (\S+)$", text, re.MULTILINE)}
    assert cases <= known
    assert headings <= known


@pytest.mark.parametrize("path", MARKDOWN, ids=relative)
def test_paths_named_in_markdown_exist(path: Path) -> None:
    text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    missing = []
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in target and not (path.parent / target).exists():
            missing.append(target)
    rooms = {entry.name for entry in ROOT.iterdir() if entry.is_dir()} - {"build", "dist", ".venv", ".tools"}
    for named in re.findall(r"`([\w.-]+(?:/[\w.-]+)*/?)`", text):
        if named.split("/")[0] in rooms and "/" in named and not (ROOT / named).exists():
            missing.append(named)
    assert not missing


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
