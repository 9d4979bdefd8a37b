"""What a file says of one environment, key by key."""

from egressc.diagnostics.core import Report
from egressc.lower.catalog import lower_catalogs
from egressc.lower.project import lower_project
from egressc.model.environments import Environments
from egressc.model.project import Project
from egressc.source import Source
from support.tables import each

FILE = """\
sources: [a.md]
catalog: catalog.yaml
chart: mine
cluster: {privateRanges: [10.0.0.0/8], nodes: [10.0.0.0/24], apiServer: {addresses: [10.0.0.1], port: 443}}
tables: {leaveOut: [Ideas], readAs: {one: none}}
allow: [{code: EG402, reason: known}]
environments:
  dev:
"""


def project_in(environment: str, said: str) -> tuple[Project, list[str]]:
    report = Report()
    project = lower_project(Source("egressc.yaml", f"{FILE}  prod: {said}\n"), report, environment)
    return project, [f"{it.code.id} {it.message}" for it in report.sorted()]


def test_facts_about_the_cluster_replace_and_other_lists_add() -> None:
    said = (
        "{sources: [b.md], catalog: b.yaml, cluster: {privateRanges: [172.16.0.0/12], apiServer: {port: 6443}}, "
        "tables: {leaveOut: [Old], readAs: {two: all}}, allow: [{code: EG403, reason: known}], chart: other}"
    )
    found, problems = project_in("prod", said)
    assert problems == []
    assert [it.value for it in found.sources] == ["a.md", "b.md"]
    assert [it.value for it in found.catalogs] == ["catalog.yaml", "b.yaml"]
    assert found.cluster.private_ranges == ("172.16.0.0/12",)
    assert (found.cluster.nodes, found.cluster.api_server_port) == (("10.0.0.0/24",), 6443)
    assert [it.heading.value for it in found.tables.leave_out] == ["Ideas", "Old"]
    assert [it.phrase.value for it in found.tables.read_as] == ["one", "two"]
    assert [it.code.value for it in found.allowances] == ["EG402", "EG403"]
    assert (found.chart, found.values) == ("other", "values/prod")


def test_an_environment_that_says_nothing_is_the_file_in_a_folder_of_its_own() -> None:
    found, problems = project_in("dev", "{}")
    assert (problems, found.values, found.environments) == ([], "values/dev", Environments(("dev", "prod"), "dev"))
    assert [it.value for it in found.sources] == ["a.md"]


def test_a_file_for_all_environments_is_as_it_is() -> None:
    found, problems = project_in("", "{sources: [b.md]}")
    assert (problems, found.values, [it.value for it in found.sources]) == ([], "values", ["a.md"])


@each(
    ("said", "problem"),
    [
        ("{source: [b.md]}", 'EG230 key "source" is not known here'),
        ("{values: other}", 'EG230 key "values" is not known here'),
        ("{environments: {x: }}", 'EG230 key "environments" is not known here'),
        ("{cluster: {dialekt: Cilium}}", 'EG230 key "dialekt" is not known here'),
        ("{sources: 5}", 'EG232 value "5" of "sources" is not text'),
    ],
)
def test_what_an_environment_cannot_say(said: str, problem: str) -> None:
    _, problems = project_in("prod", said)
    assert [it for it in problems if it.startswith(problem)] != [], problems


@each("name", ["Prod", "a b", "all", "any"])
def test_a_name_is_that_of_a_folder_and_of_one_environment(name: str) -> None:
    report = Report()
    lower_project(Source("egressc.yaml", f"environments: {{{name}: }}\n"), report)
    assert [it.code.id for it in report.diagnostics] == ["EG232"]


def test_a_catalog_names_environments_of_the_project_alone() -> None:
    report = Report()
    text = "environments: {prd: {destinations: {DB: {addresses: [10.0.0.1]}}}}\n"
    environments = Environments(("dev", "prod"), "prod")
    assert lower_catalogs([Source("catalog.yaml", text)], report, environments=environments) is None
    assert [(it.code.id, it.help) for it in report.diagnostics] == [("EG230", 'write "prod"')]


def test_an_entry_of_a_catalog_changes_key_by_key() -> None:
    text = """\
destinations: {DB: {addresses: [10.0.0.1], ports: [5432]}, Cache: {addresses: [10.0.0.2]}}
environments: {prod: {destinations: {DB: {addresses: [10.9.0.1]}, Queue: {addresses: [10.9.0.3]}}}}
"""
    report = Report()
    catalogs = {
        name: lower_catalogs([Source("catalog.yaml", text)], report, environments=Environments(("dev", "prod"), name))
        for name in ("dev", "prod")
    }
    assert report.diagnostics == []
    found = {
        name: {it.name.value: [str(peer.cidr) for peer in it.facts.addresses] for it in catalog.entries}
        for name, catalog in catalogs.items()
        if catalog is not None
    }
    assert found == {
        "dev": {"DB": ["10.0.0.1/32"], "Cache": ["10.0.0.2/32"]},
        "prod": {"DB": ["10.9.0.1/32"], "Cache": ["10.0.0.2/32"], "Queue": ["10.9.0.3/32"]},
    }
