"""What a package index shows of egressc: the README, with links that lead somewhere from there too."""

import re
import tarfile
import zipfile
from pathlib import Path

import pytest

from egressc import __version__
from support.helm_binaries import ROOT
from support.packages import package

pytestmark = pytest.mark.slow

FILES = f"https://github.com/egressc/egressc/blob/v{__version__}/"


@pytest.fixture(scope="module")
def descriptions(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Of the sdist and both wheels."""
    found = []
    for name, path in package("python", tmp_path_factory.mktemp("packages")).items():
        found.append(metadata_of(name, path).partition("\n\n")[2])
    assert len(found) == 3
    return found


def metadata_of(name: str, path: Path) -> str:
    if name.endswith(".whl"):
        with zipfile.ZipFile(path) as wheel:
            (member,) = (it for it in wheel.namelist() if it.endswith(".dist-info/METADATA"))
            return wheel.read(member).decode()
    with tarfile.open(path) as sdist:
        data = sdist.extractfile(f"{name.removesuffix('.tar.gz')}/PKG-INFO")
        assert data is not None
        return data.read().decode()


def test_it_is_the_readme(descriptions: list[str]) -> None:
    for text in descriptions:
        assert text.replace(FILES, "").strip() == (ROOT / "README.md").read_text("utf-8").strip()


def test_every_link_is_whole_and_leads_to_a_file_of_this_version(descriptions: list[str]) -> None:
    for text in descriptions:
        links = re.findall(r"\]\(([^)\s]+)\)", text)
        assert [it for it in links if not it.startswith(("https://", "#"))] == []
        named = [it.removeprefix(FILES).partition("#")[0] for it in links if it.startswith(FILES)]
        assert len(named) > 10
        assert [it for it in named if not (ROOT / it).exists()] == []
