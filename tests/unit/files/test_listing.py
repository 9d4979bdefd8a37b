"""What a folder holds: bounded, and no further than its own walls."""

from pathlib import Path

import pytest

from egressc.files import listing
from egressc.files.listing import list_folder


def test_links_to_folders_are_not_entered(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    (inside / "deep").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.yaml").touch()
    (inside / "b.yaml").touch()
    (inside / "deep" / "a.yaml").touch()
    (inside / "away").symlink_to(tmp_path / "outside")
    (inside / "loop").symlink_to(inside)
    (inside / "file").symlink_to(inside / "b.yaml")
    (inside / "circle.yaml").symlink_to(inside / "circle.yaml")
    found = list_folder(inside)
    assert [it.relative_to(inside).as_posix() for it in found.files] == ["b.yaml", "deep/a.yaml", "file"]
    assert [it.name for it in found.others] == ["away", "circle.yaml", "loop"]
    assert not found.is_cut


def test_a_folder_of_more_than_anybody_has_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        (tmp_path / f"{number}.yaml").touch()
    monkeypatch.setattr(listing, "MOST_ENTRIES", 3)
    assert list_folder(tmp_path).is_cut
