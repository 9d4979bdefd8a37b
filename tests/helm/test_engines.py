"""Embedded Helm, Helm 3 and Helm 4 give the same bytes, and say the same of what they refuse."""

import subprocess
from functools import cache
from pathlib import Path

import pytest

from egressc.diagnostics.core import Diagnostic
from egressc.helm.choose import open_engine
from egressc.helm.engine import EngineError, HelmEngine, NotRendered, Rendered, RenderJob
from egressc.source import Source
from support.helm_binaries import MAJORS, ROOT, helm_binary
from support.helm_cases import BAD, GOOD, compiled_fleet, job
from support.tables import each


@cache
def engine(choice: str) -> HelmEngine:
    return open_engine(helm_binary(choice) if choice in MAJORS else choice, {})


def problem_of(choice: str, work: RenderJob) -> Diagnostic:
    with pytest.raises(EngineError) as raised:
        engine(choice).render(ROOT, work)
    return raised.value.diagnostic


def printed_by_helm(major: str, work: RenderJob, folder: Path) -> bytes:
    """What the helm command itself prints, with nothing of ours in between."""
    command = [helm_binary(major), "template", work.service, str(ROOT), "-n", work.namespace]
    for number, file in enumerate(work.values):
        path = folder / f"{number}.yaml"
        path.write_bytes(file.source.text.encode())
        command += ["-f", str(path)]
    return subprocess.run(command, check=True, capture_output=True).stdout


@pytest.mark.parametrize("major", MAJORS)
@pytest.mark.parametrize("name", GOOD)
def test_embedded_gives_the_bytes_of_helm_template(name: str, major: str, tmp_path: Path) -> None:
    work = job("ai-service", *GOOD[name])
    assert engine("embedded").render(ROOT, work).encode() == printed_by_helm(major, work, tmp_path)


@pytest.mark.parametrize("major", MAJORS)
def test_binary_gives_the_bytes_of_helm_template(major: str, tmp_path: Path) -> None:
    work = job("ai-service", *GOOD["a later file changes one port"])
    assert engine(major).render(ROOT, work).encode() == printed_by_helm(major, work, tmp_path)


def test_a_disabled_policy_is_an_empty_text() -> None:
    assert engine("embedded").render(ROOT, job("ai-service", *GOOD["disabled"])) == "\n"


@each("choice", ["embedded", *MAJORS])
@each("name", BAD)
def test_what_is_wrong_is_refused_by_every_engine(name: str, choice: str) -> None:
    files, code = BAD[name]
    problem = problem_of(choice, job("ai-service", *files))
    assert problem.code.id == code
    assert problem.help
    assert problem.service == "ai-service"
    for noise in ("execution error", "Error:", "--debug", "level=", "/tmp", ".tpl"):  # noqa: S108  looked for, not used
        assert noise not in problem.message + problem.help


@each("name", BAD)
def test_embedded_and_helm_4_use_the_same_words(name: str) -> None:
    work = job("ai-service", *BAD[name][0])
    assert problem_of("embedded", work) == problem_of("4", work)


@each("major", MAJORS)
def test_the_charts_own_refusals_are_the_same_words_everywhere(major: str) -> None:
    work = job("ai-service", *BAD["another release and namespace"][0])
    said = problem_of("embedded", work)
    assert said == problem_of(major, work)
    assert len(said.help.splitlines()) == 2


@each("choice", ["embedded", *MAJORS])
def test_unreadable_values_are_shown_where_they_break(choice: str) -> None:
    place = problem_of(choice, job("ai-service", *BAD["the second file is not YAML"][0])).primary.span
    assert place.source.name == "ai-service-1.yaml"
    two = problem_of(choice, job("ai-service", *BAD["two documents"][0])).primary.span
    assert (two.line, two.text) == (2, "---")


@each("choice", ["embedded", *MAJORS])
@each("name", ["AI", "a" * 54, "--help", "", "a_b", "../x", "a\n"])
def test_a_name_that_is_no_release_name_reaches_no_helm(name: str, choice: str) -> None:
    problem = problem_of(choice, RenderJob(name, "shop", ()))
    assert problem.code.id == "EG607"
    assert "cannot be the name of a release" in problem.help


@pytest.mark.parametrize("choice", ["embedded", *MAJORS])
def test_a_folder_without_a_chart_is_refused(choice: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as raised:
        list(engine(choice).render_fleet(tmp_path, [job("ai-service")]))
    assert raised.value.diagnostic.code.id == "EG604"


@each("major", MAJORS)
def test_a_binary_renders_a_fleet_in_the_order_of_the_jobs(major: str) -> None:
    jobs = [*compiled_fleet(5), job("bad", *BAD["not YAML"][0]), job("last")]
    outcomes = list(engine(major).render_fleet(ROOT, jobs))
    assert [outcome.job for outcome in outcomes] == jobs
    assert [type(outcome) for outcome in outcomes] == [Rendered] * 5 + [NotRendered, Rendered]


def test_a_chart_of_several_kinds_and_hooks_is_in_helms_order(tmp_path: Path) -> None:
    chart = tmp_path / "lay-out"
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: lay-out\nversion: 0.1.0\n")
    (chart / "templates" / "_partial.yaml").write_text("not: printed\n")
    (chart / "templates" / "b.yaml").write_text(
        "---\n\n# c\nkind: Service\nmetadata: {name: a}\n   \n\n---\n---\n# only a comment\n---\nkind: NetworkPolicy\n"
        "metadata: {name: z}\nx: |+\n  a\n\n\n--- \nkind: Foo\nmetadata: {name: f}\n"
    )
    (chart / "templates" / "a.yaml").write_text(
        "kind: Bar\nmetadata: {name: a}\n--- # foo\nkind: Secret\n"
        'metadata: {name: h, annotations: {"helm.sh/hook": test}}\n---\nkind: Secret\n'
        'metadata: {name: i, annotations: {"helm.sh/hook": pre-install, "helm.sh/hook-weight": "-5"}}\n'
    )
    work = RenderJob("ai", "shop", ())
    texts = [engine(choice).render(chart, work) for choice in ("embedded", *MAJORS)]
    assert texts[0] == texts[1] == texts[2]
    assert texts[0].count("# Source: ") == 7


def test_both_engines_say_their_version() -> None:
    assert engine("embedded").version.startswith("v4.")
    assert engine("3").version.startswith("v3.17.")
    assert engine("4").version.startswith("v4.")


def test_documents_that_come_with_a_text_say_what_helm_reads_in_it() -> None:
    for work in compiled_fleet(60):
        (file,) = work.values
        read = RenderJob(work.service, work.namespace, (type(file)(file.source),))
        assert engine("embedded").render(ROOT, work) == engine("embedded").render(ROOT, read)


def test_a_place_is_named_where_no_file_is_given() -> None:
    assert RenderJob("ai", "shop", ()).place.source.name == "release ai"
    assert isinstance(job("ai", "").place.source, Source)
