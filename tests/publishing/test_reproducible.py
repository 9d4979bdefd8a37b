"""The same sources give the same packages, whoever builds them, where and when."""

import hashlib
import os
import subprocess
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from egressc.helm.chart import unpack
from egressc.model.release_kinds import RELEASE_KINDS
from support.helm_binaries import helm_binary
from support.packages import CHARTS, EPOCH, chart_folder, package, tree_copy

pytestmark = pytest.mark.slow


def digests(packages: Mapping[str, Path]) -> dict[str, str]:
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in packages.items()}


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two copies of the repository: in the second, every file has another time, and only its owner can read it."""
    folder = tmp_path_factory.mktemp("trees")
    made = tree_copy(folder / "one"), tree_copy(folder / "another" / "place")
    for number, path in enumerate(sorted(made[1].rglob("*"))):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o700)
            os.utime(path, (number, number))
    return made


@pytest.mark.parametrize("kind", ["charts", "python"])
def test_two_copies_of_the_repository_give_the_same_packages(
    kind: str, trees: tuple[Path, Path], tmp_path: Path
) -> None:
    one = package(kind, tmp_path / "one", tree=trees[0])
    before = os.umask(0o077)
    try:
        another = package(kind, tmp_path / "another", tree=trees[1])
    finally:
        os.umask(before)
    assert len(one) == {"charts": len(CHARTS), "python": 3}[kind]
    assert digests(one) == digests(another)


def test_every_chart_is_published(tmp_path: Path) -> None:
    assert {kind.chart for kind in RELEASE_KINDS} == set(CHARTS) - {"network-policy"}
    names = {name.rsplit("-", 1)[0] for name in package("charts", tmp_path)}
    assert names == set(CHARTS)


def test_a_package_has_what_helm_takes_of_the_chart(tmp_path: Path) -> None:
    packages = package("charts", tmp_path / "packages")
    for chart in CHARTS:
        command = [helm_binary("4"), "package", str(chart_folder(chart)), "--destination", str(tmp_path)]
        subprocess.run(command, check=True, capture_output=True)
        (archive,) = tmp_path.glob(f"{chart}-*.tgz")
        assert unpack(packages[archive.name]) == unpack(archive)


def test_the_wheel_of_the_sdist_is_that_of_the_repository(tmp_path: Path) -> None:
    packages = package("python", tmp_path / "packages")
    (sdist,) = (path for name, path in packages.items() if name.endswith(".tar.gz"))
    with tarfile.open(sdist) as archive:
        assert {member.mtime for member in archive} == {EPOCH}
        archive.extractall(tmp_path, filter="data")
    again = package("python", tmp_path / "again", tree=tmp_path / sdist.name.removesuffix(".tar.gz"))
    wheels = {name: digest for name, digest in digests(packages).items() if name.endswith(".whl")}
    assert wheels.items() <= digests(again).items()


def test_both_wheels_hold_the_same_code(tmp_path: Path) -> None:
    packages = package("python", tmp_path)
    wheels = [zipfile.ZipFile(path) for name, path in packages.items() if name.endswith(".whl")]
    files = [{it.filename: it.CRC for it in wheel.infolist() if ".dist-info/" not in it.filename} for wheel in wheels]
    assert files[0] == files[1]
    assert "egressc/__main__.py" in files[0]
