"""`export` of the project file: each wrong value is refused at its place."""

from egressc.diagnostics.core import Report
from egressc.lower.project import lower_project
from egressc.model.project import ExportSettings
from egressc.source import Source
from support.tables import each


@each(
    ("text", "message"),
    [
        ("{folder: /etc}", 'value "/etc" of "folder" is outside the project file\'s folder'),
        ("{folder: ../up}", 'value "../up" of "folder" is outside the project file\'s folder'),
        ("{folder: .git/x}", 'value ".git/x" of "folder" is inside Git\'s own folder'),
        ('{folder: "a\\nb"}', 'value "a\\nb" of "folder" contains a control character'),
        ("{folder: values}", 'value "values" of "folder" overlaps the folder "values" of the values files'),
        ("{folder: ./values/x}", 'value "./values/x" of "folder" overlaps the folder "values" of the values'),
        ("{folder: .}", 'value "." of "folder" overlaps the folder "values" of the values files'),
        ("{repository: gitops}", 'value "gitops" of "repository" is not the URL of a Git repository'),
        ("{revision: --upload-pack}", 'value "--upload-pack" of "revision" is not the name of a branch'),
        ("{revision: a..b}", 'value "a..b" of "revision" is not the name of a branch'),
        ("{charts: registry.example.com}", 'value "registry.example.com" of "charts" is not a registry of charts'),
        ("{name: Net_Pol}", 'value "Net_Pol" of "name" '),
        ("{argocd: {namespace: a.b}}", 'value "a.b" of "namespace" '),
        ("{argocd: {project: A}}", 'value "A" of "project" '),
        ("{flux: {namespace: -a}}", 'value "-a" of "namespace" '),
    ],
)
def test_a_wrong_value_is_refused(text: str, message: str) -> None:
    report = Report()
    lower_project(Source("egressc.yaml", f"export: {text}\n"), report)
    (found,) = report.diagnostics
    assert found.code.id == "EG232"
    assert found.message.startswith(message)


def test_a_registry_has_no_effect_beside_an_own_chart() -> None:
    report = Report()
    lower_project(Source("egressc.yaml", "chart: mine\nexport: {charts: oci://registry.example.com/charts}\n"), report)
    assert [it.message for it in report.diagnostics] == [
        'value "oci://registry.example.com/charts" of "charts" has no effect on services, which use `chart`'
    ]


def test_nothing_is_refused_that_nobody_wrote() -> None:
    report = Report()
    for text in ("values: gitops\n", "values: .\n", "values: gitops/values\n", "values: gitops\nexport: {name: a}\n"):
        lower_project(Source("egressc.yaml", text), report)
    assert not report.diagnostics


def test_what_is_said_is_kept() -> None:
    text = "export:\n  folder: deploy/gitops\n  charts: oci://registry.example.com:5000/a/\n  revision: release/v1\n"
    report = Report()
    found = lower_project(Source("egressc.yaml", text), report).export
    assert not report.diagnostics
    assert found.folder == "deploy/gitops"
    assert found.charts == "oci://registry.example.com:5000/a"
    assert found.revision == "release/v1"
    assert lower_project(Source("egressc.yaml", ""), report).export == ExportSettings()
