"""Helm's storage, read as Helm writes it."""

from datetime import UTC, datetime

from egressc.cluster.objects import ObjectKind
from egressc.cluster.releases import latest, read_stored, storage_kind
from support.recorded_cluster import release
from support.tables import each


def test_a_stored_release_is_read_whole() -> None:
    (read,) = read_stored([release("web", "shop", "---\na: 1\n", {"x": 1}, revision=3, status="failed")])
    assert (read.title, read.revision, read.status, read.chart) == ("shop/web", 3, "failed", "service-policy")
    assert read.values == {"x": 1}
    assert read.text == "---\na: 1\n"
    assert read.since == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def test_the_newest_revision_counts() -> None:
    stored = read_stored(release("web", "shop", "", {}, revision=number) for number in (2, 10, 9))
    assert latest(stored)["web"].revision == 10


@each("data", [{}, {"release": "%%%"}, {"release": "aGVsbG8="}, None])
def test_what_helm_could_not_read_is_left_out(data: object) -> None:
    broken = {**release("web", "shop", "", {}), "data": data}
    assert read_stored([broken]) == []


@each(
    ("driver", "kind"),
    [("", ObjectKind.SECRETS), ("secret", ObjectKind.SECRETS), ("configmap", ObjectKind.CONFIG_MAPS), ("sql", None)],
)
def test_where_releases_are(driver: str, kind: ObjectKind | None) -> None:
    assert storage_kind(driver) is kind
