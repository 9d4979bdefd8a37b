"""Kinds of releases: the id and the values by which each of them is known."""

import pytest

from egressc.model.release_kinds import CLUSTER_FOLDER, CLUSTER_KINDS, NAMESPACES, RELEASE_KINDS, SERVICES, kind_of


def test_a_release_for_the_whole_cluster_is_known_by_its_id() -> None:
    assert {it.id: kind_of(it.id, selects_everything=True) for it in CLUSTER_KINDS} == {
        it.id: it for it in CLUSTER_KINDS
    }
    assert {it.folder for it in CLUSTER_KINDS} == {CLUSTER_FOLDER}


@pytest.mark.parametrize("id", ["guardrails", "cluster", "cluster-guardrails"])
def test_other_releases_are_known_by_what_they_select(id: str) -> None:
    assert kind_of(id, selects_everything=False) is SERVICES
    assert kind_of(id, selects_everything=True) is NAMESPACES


def test_kinds_differ_in_what_tells_them_apart() -> None:
    for field in ("name", "option", "contents", "chart", "marker", "schema"):
        assert len({getattr(it, field) for it in RELEASE_KINDS}) == len(RELEASE_KINDS), field


def test_what_is_for_the_cluster_is_applied_first_and_namespaces_last() -> None:
    assert {it.wave for it in CLUSTER_KINDS} == {-1}
    assert (SERVICES.wave, NAMESPACES.wave) == (0, 1)
