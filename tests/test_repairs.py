"""A repair that is other text, made in the files of a project, settles the finding that offers it."""

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from egressc.diagnostics.core import Diagnostic, Repair, Report, rewrite
from egressc.project.compiling import compile_project
from egressc.project.usage import UsageProblem
from egressc.project.workspace import Editor
from egressc.source import Source, Span
from support.command import run
from support.tables import each

GOLDEN = Path(__file__).parent / "golden"
# Codes that offer such a repair; each has a golden case in which it does.
REPAIRED = {"EG206", "EG223", "EG230", "EG241", "EG301", "EG303", "EG326", "EG437", "EG475"}


class Offer(NamedTuple):
    """A repair that a golden case offers, and what is wrong there."""

    case: Path
    found: Diagnostic
    repair: Repair


def findings(case: Path, opened: dict[str, bytes]) -> list[Diagnostic]:
    report = Report()
    try:
        compile_project(case / "egressc.yaml", report, editor=Editor(opened))
    except UsageProblem:
        return []
    return report.sorted()


def offers(case: Path) -> list[Offer]:
    return [Offer(case, it, repair) for it in findings(case, {}) for repair in it.repairs]


def made(repair: Repair, folder: Path) -> dict[str, bytes]:
    """The files with the repair made, as an editor would hold them."""
    opened: dict[str, bytes] = {}
    for source in {place.source for place, _ in repair.edits}:
        text = source.text
        for place, new in sorted(repair.edits, key=lambda it: -it[0].start):
            if place.source is source:
                text = text[: place.start] + new + text[place.end :]
        opened[str((folder / source.name).resolve())] = text.encode()
    return opened


def test_every_repair_settles_its_finding(subtests: pytest.Subtests, misspelt_rule: Path) -> None:
    cases = sorted(path.parent for path in GOLDEN.glob("EG*/egressc.yaml"))
    found = [offer for case in [*cases, misspelt_rule] for offer in offers(case)]
    for offer in found:
        with subtests.test(case=offer.case.name, repair=offer.repair.title, message=offer.found.message):
            before, after = findings(offer.case, {}), findings(offer.case, made(offer.repair, offer.case))
            assert (offer.found.code, offer.found.message) not in [(it.code, it.message) for it in after]
            assert len(after) < len(before)
    assert {offer.found.code.id for offer in found} == REPAIRED


@pytest.fixture
def misspelt_rule(tmp_path: Path) -> Path:
    """A project with a values file in which a key of an extra rule is misspelt."""
    project = shutil.copytree(GOLDEN / "EG241-unknown-values-key", tmp_path / "misspelt")
    run(["compile"], project)
    values = project / "values" / "orders.yaml"
    rule = "egress: [{too: [{ipBlock: {cidr: 203.0.113.7/32}}], ports: [{port: 443}]}]"
    values.write_text(re.sub("egress: .*", rule, values.read_text("utf-8")), "utf-8")
    return project


@each(
    ("place", "offered", "expected"),
    [
        ("redi", "Redis", ["Redis"]),
        ('"redi"', "Redis", ['"Redis"']),
        ("'redi'", "a, b: c", ["'a, b: c'"]),
        ("redi", "a, b", []),
        ("redi", "a: b", []),
        ("redi", "a | b", []),
        ("redi", "no", []),
        ("redi", "5432", []),
        ("redi", "", []),
        ('"redi"', 'the "cache"', []),
        ("**redi**", "Redis", []),
        ("re\\di", "Redis", []),
        ("redi", "redi", []),
    ],
)
def test_a_text_is_offered_where_it_is_written_as_it_reads(place: str, offered: str, expected: list[str]) -> None:
    span = Span(Source("services.md", place), 0, len(place))
    assert [text for repair in rewrite("redi", [span], [offered]) for _, text in repair.edits] == expected


def test_what_an_editor_holds_is_read_in_place_of_the_file(tmp_path: Path) -> None:
    shutil.copytree(GOLDEN / "EG301-unknown-destination", tmp_path / "project")
    before = findings(tmp_path / "project", {})
    assert [it.code.id for it in before] == ["EG301"]
    source = before[0].primary.span.source
    path = str((tmp_path / "project" / source.name).resolve())
    assert [it.code.id for it in findings(tmp_path / "project", {path: b"# Nothing\n"})] != ["EG301"]
    assert [it.code.id for it in findings(tmp_path / "project", {path + "x": b"# Nothing\n"})] == ["EG301"]
