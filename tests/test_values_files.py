"""Every project of this repository: its values files say to Helm exactly what the compiler checked."""

from pathlib import Path

import helm_python

from egressc.contract.validation import is_valid
from egressc.diagnostics.core import Report
from egressc.emit.existing import recompile
from egressc.project import compiling
from egressc.project.compiling import Compiled
from egressc.source import Source
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
        assert read == values.document({"egress": []})
        assert is_valid(read)


@each("project", PROJECTS)
def test_compiling_twice_gives_equal_bytes(project: str) -> None:
    one, other = compile_project(project), compile_project(project)
    assert [values.generated for values in one.values] == [values.generated for values in other.values]


@each("project", PROJECTS)
def test_extras_survive(project: str) -> None:
    extras = (
        "  egress:\n    # ours\n    - to: [{podSelector: {matchLabels: {app: cache}}}]\n      ports: [{port: 8080}]\r\n"
    )
    compiled = compile_project(project)
    existing = {values.file_name: Source(values.file_name, values.generated + extras) for values in compiled.values}
    report = Report()
    recompiled = recompile(compiled.values, existing, report)
    assert recompiled.contents == {name: file.text for name, file in existing.items()}
    assert not report.diagnostics
