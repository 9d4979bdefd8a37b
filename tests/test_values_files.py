"""Every project of this repository: its values files say to Helm exactly what the compiler checked."""

import tempfile
from pathlib import Path

import helm_python
import pytest

from egressc.cli import OK
from egressc.contract.validation import is_valid
from egressc.contract.values import NamespaceValuesDocument, ValuesDocument
from egressc.diagnostics.core import Report
from egressc.emit.existing import recompile
from egressc.project import compiling
from egressc.project.compiling import Compiled
from egressc.source import Source
from support import exported
from support.command import run
from support.tables import each

ROOT = Path(__file__).parents[1]
PROJECTS = [
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("egressc.yaml"), *sorted(ROOT.glob("examples/*/egressc.yaml")))
]


def compile_project(project: str) -> Compiled:
    report = Report()
    compiled = compiling.compile_project(ROOT / project, report)
    assert compiled is not None, report.sorted()
    return compiled


@each("project", PROJECTS)
def test_helm_reads_what_was_checked(project: str) -> None:
    for values in compile_project(project).values:
        read = helm_python.values_from_yaml(values.new_text)
        assert read == values.document({direction.value: [] for direction in values.service.directions})
        assert is_valid(read, NamespaceValuesDocument if values.service.is_baseline else ValuesDocument)


@each("project", PROJECTS)
def test_compiling_twice_gives_equal_bytes(project: str) -> None:
    one, other = compile_project(project), compile_project(project)
    assert [values.generated for values in one.values] == [values.generated for values in other.values]


@each("project", exported.PROJECTS)
def test_a_checkout_with_other_line_ends_is_no_edit(project: str) -> None:
    """Git writes them on Windows; the files of a checkout are checked, compiled and rendered as they are."""
    with tempfile.TemporaryDirectory() as place:
        folder = exported.export(project, Path(place))
        rendered = run(["render"], folder).stdout
        for path in (folder / "values").rglob("*.yaml"):
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        before = {path: path.read_bytes() for path in (folder / "values").rglob("*.yaml")}
        assert run(["check"], folder).exit_code == OK
        assert run(["compile"], folder).exit_code == OK
        assert {path: path.read_bytes() for path in before} == before
        assert run(["render"], folder).stdout == rendered


@each("project", PROJECTS)
def test_extras_survive(project: str) -> None:
    peers = {"egress": "to", "ingress": "from"}
    existing = {}
    compiled = compile_project(project)
    for values in compiled.values:
        extras = "".join(
            f"  {side}:\n    # ours\n    - {peers[side]}: [{{podSelector: {{matchLabels: {{app: cache}}}}}}]\n"
            "      ports: [{port: 8080}]\r\n"
            for side in values.service.directions
        )
        existing[values.file_name] = Source(values.file_name, values.generated + extras)
    report = Report()
    recompiled = recompile(compiled.values, existing, report)
    assert recompiled.contents == {name: file.text for name, file in existing.items()}
    assert not report.diagnostics


BELOW_TEXTS = [
    ("          endPort: 65535\n", 'error[EG501]: "values/'),
    ("        - port: 1\n          protocol: TCP\n", 'error[EG501]: "values/'),
    ("    evil:\n      to: [{ipBlock: {cidr: 0.0.0.0/0}}]\n      allPorts: [TCP]\n", 'error[EG501]: "values/'),
    ("    egress: []\n", 'error[EG501]: "values/'),
    (" egress: []\n", 'error[EG501]: "values/'),
    ('  egress: []\n  "enabl\\x65d": false\n', "warning[EG515]"),
]


@pytest.mark.parametrize(("below", "said"), BELOW_TEXTS)
def test_what_is_below_the_extras_line_cannot_go_on_with_the_part_above(below: str, said: str, tmp_path: Path) -> None:
    assert run(["init", "shop"], tmp_path).exit_code == OK
    project = tmp_path / "shop"
    assert run(["compile"], project).exit_code == OK
    file = project / "values" / "orders.yaml"
    file.write_text(file.read_text("utf-8").replace("  egress: []\n", below), "utf-8")
    checked = run(["check"], project)
    assert said in checked.stderr
    assert (checked.exit_code == OK) == said.startswith("warning")
