"""A fleet rendered in batches is what its services give one by one, whatever else is in the batch, in any order."""

import random
import threading
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

from egressc.helm.choose import open_engine
from egressc.helm.embedded import BATCH, EmbeddedEngine
from egressc.helm.engine import EngineError, HelmEngine, NotRendered, Outcome, Rendered, RenderJob
from support.helm_binaries import MAJORS, ROOT, helm_binary
from support.helm_cases import BAD, GOOD, compiled_fleet, job
from support.tables import each


@cache
def embedded() -> HelmEngine:
    return open_engine("embedded", {})


def one_by_one(engine: HelmEngine, jobs: list[RenderJob]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for work in jobs:
        try:
            outcomes.append(Rendered(work, engine.render(ROOT, work)))
        except EngineError as error:
            outcomes.append(NotRendered(work, error.diagnostic))
    return outcomes


def mixed_fleet() -> list[RenderJob]:
    jobs = compiled_fleet(2 * BATCH + 30)
    jobs += [job(f"good-{number}", *files) for number, files in enumerate(GOOD.values())]
    jobs += [job(f"bad-{number}", *files) for number, (files, _) in enumerate(BAD.values())]
    jobs += [job("Not-A-Name", ""), jobs[0], RenderJob("elsewhere", "another-namespace", jobs[1].values)]
    random.Random(2).shuffle(jobs)  # noqa: S311  the same order every time
    return jobs


def test_batches_equal_one_by_one() -> None:
    jobs = mixed_fleet()
    assert list(embedded().render_fleet(ROOT, jobs)) == one_by_one(embedded(), jobs)


def test_an_all_good_fleet_goes_through_batches_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = compiled_fleet(BATCH + 20)
    expected = one_by_one(embedded(), jobs)

    def refuse(*_: object) -> None:
        raise AssertionError("rendered one by one")

    monkeypatch.setattr(EmbeddedEngine, "_render_one", refuse)
    assert list(embedded().render_fleet(ROOT, jobs)) == expected


@each("major", MAJORS)
def test_batches_equal_the_binary(major: str) -> None:
    jobs = mixed_fleet()[:60]
    reference = open_engine(helm_binary(major), {})
    for ours, theirs in zip(embedded().render_fleet(ROOT, jobs), reference.render_fleet(ROOT, jobs), strict=True):
        match ours, theirs:
            case Rendered(), Rendered():
                assert ours == theirs
            case NotRendered(), NotRendered():
                assert ours.problem.code == theirs.problem.code
            case _:
                pytest.fail(f"{ours} and {theirs}")


def test_the_order_of_renders_changes_nothing() -> None:
    """Helm works on the loaded chart itself: after some renders the next ones could miss templates (helm/helm#9905)."""
    jobs = [job(f"s-{number}", *files) for number, files in enumerate(GOOD.values())]
    jobs += [job(f"b-{number}", *files) for number, (files, _) in enumerate(BAD.values())]
    expected = {outcome.job.service: outcome for outcome in one_by_one(open_engine("embedded", {}), jobs)}
    for seed in range(3):
        random.Random(seed).shuffle(jobs)  # noqa: S311  the same orders every time
        engine = open_engine("embedded", {})
        for outcome in [*one_by_one(engine, jobs), *engine.render_fleet(ROOT, jobs)]:
            assert outcome == expected[outcome.job.service]


def test_a_condition_that_was_false_once_hides_nothing_later(tmp_path: Path) -> None:
    (tmp_path / "charts" / "part" / "templates").mkdir(parents=True)
    (tmp_path / "Chart.yaml").write_text(
        "apiVersion: v2\nname: whole\nversion: 0.1.0\n"
        "dependencies: [{name: part, version: 0.1.0, repository: '', condition: part.enabled}]\n"
    )
    (tmp_path / "charts" / "part" / "Chart.yaml").write_text("apiVersion: v2\nname: part\nversion: 0.1.0\n")
    (tmp_path / "charts" / "part" / "templates" / "a.yaml").write_text("kind: ConfigMap\n")
    with_part, without_part = job("ai"), job("ai", "part: {enabled: false}")
    for _ in range(2):
        assert "ConfigMap" in embedded().render(tmp_path, with_part)
        assert embedded().render(tmp_path, without_part) == "\n"
    texts = [
        outcome.text
        for outcome in embedded().render_fleet(tmp_path, [without_part, with_part] * 3)
        if isinstance(outcome, Rendered)
    ]
    assert ["ConfigMap" in text for text in texts] == [False, True] * 3


def test_threads_may_share_an_engine() -> None:
    jobs = compiled_fleet(30)
    expected = one_by_one(embedded(), jobs)
    engine = open_engine("embedded", {})
    failures: list[int] = []

    def render(number: int) -> None:
        if one_by_one(engine, jobs) != expected:
            failures.append(number)

    threads = [threading.Thread(target=render, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_a_fleet_is_read_only_a_little_ahead() -> None:
    taken = 0

    def endless() -> Iterator[RenderJob]:
        nonlocal taken
        for number in range(10**9):
            taken += 1
            yield RenderJob(f"service-{number}", "shop", ())

    outcomes = embedded().render_fleet(ROOT, endless())
    first = list(islice(outcomes, 3))
    del outcomes
    assert [outcome.job.service for outcome in first] == ["service-0", "service-1", "service-2"]
    assert taken <= 10 * BATCH


def test_a_chart_whose_templates_cannot_stand_in_a_fleet_is_rendered_one_by_one(tmp_path: Path) -> None:
    """A template that defines another one, and one that asks for what only a real release has."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: odd\nversion: 0.1.0\n")
    (tmp_path / "templates" / "a.yaml").write_text(
        '{{ define "odd.x" }}kind: {{ .Release.Name }}{{ end }}{{ include "odd.x" . }}\n'
        "files: {{ .Files.Get `Chart.yaml` | len }}\nsubcharts: {{ len .Subcharts }}\n"
    )
    jobs = [job(f"s{number}") for number in range(5)]
    outcomes = list(embedded().render_fleet(tmp_path, jobs))
    assert [outcome.text for outcome in outcomes if isinstance(outcome, Rendered)] == [
        embedded().render(tmp_path, work) for work in jobs
    ]
    assert len(outcomes) == 5
