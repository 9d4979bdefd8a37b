"""Charts with a PGP signature: Helm accepts what we signed, and refuses another package and another key."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.helm_binaries import MAJORS, ROOT, helm_binary
from support.packages import CHARTS, package
from support.signing import make_key

pytestmark = pytest.mark.slow

SIGNER = "test@egressc.invalid"


@dataclass(frozen=True)
class Keys:
    """The key that signs, secret and public, and the public key of somebody else."""

    secret: Path
    public: Path
    other: Path


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    folder = tmp_path_factory.mktemp("keys")
    secret, public = make_key(folder / "signer", SIGNER)
    _, other = make_key(folder / "other", "other@egressc.invalid")
    return Keys(secret, public, other)


@pytest.fixture(scope="module")
def signed(keys: Keys, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    options = ("--sign", "--key", SIGNER, "--keyring", keys.secret)
    return package("charts", tmp_path_factory.mktemp("signed"), *options)


def verify(major: str, archive: Path, keyring: Path) -> subprocess.CompletedProcess[str]:
    command = [helm_binary(major), "verify", str(archive), "--keyring", str(keyring)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def archives(packages: dict[str, Path]) -> list[Path]:
    return [path for name, path in packages.items() if name.endswith(".tgz")]


@pytest.mark.parametrize("major", MAJORS)
def test_helm_verifies_each_package(major: str, signed: dict[str, Path], keys: Keys) -> None:
    assert len(archives(signed)) == len(CHARTS)
    for archive in archives(signed):
        result = verify(major, archive, keys.public)
        assert result.returncode == 0, result.stderr
        assert f"Signed by: {SIGNER}" in result.stdout


def test_a_signature_changes_no_package(signed: dict[str, Path], tmp_path: Path) -> None:
    for name, path in package("charts", tmp_path).items():
        assert path.read_bytes() == signed[name].read_bytes()


@pytest.mark.parametrize("major", MAJORS)
def test_helm_refuses_the_key_of_somebody_else(major: str, signed: dict[str, Path], keys: Keys) -> None:
    for archive in archives(signed):
        result = verify(major, archive, keys.other)
        assert result.returncode == 1
        assert "signature made by unknown entity" in result.stderr


@pytest.mark.parametrize("major", MAJORS)
def test_helm_refuses_a_package_that_was_changed(
    major: str, signed: dict[str, Path], keys: Keys, tmp_path: Path
) -> None:
    for archive in archives(signed):
        changed = tmp_path / archive.name
        changed.write_bytes(archive.read_bytes() + b"\0")
        shutil.copy(f"{archive}.prov", f"{changed}.prov")
        result = verify(major, changed, keys.public)
        assert result.returncode == 1
        assert "sha256 sum does not match" in result.stderr


@pytest.mark.parametrize("major", MAJORS)
def test_helm_renders_a_package_only_if_its_signature_is_right(major: str, signed: dict[str, Path], keys: Keys) -> None:
    for keyring, status in ((keys.public, 0), (keys.other, 1)):
        (chart,) = (path for path in archives(signed) if path.name.startswith("service-policy"))
        release = ["ai-service", str(chart), "-n", "matih-data-plane", "-f", str(ROOT / "values" / "ai-service.yaml")]
        options = ["--verify", "--keyring", str(keyring)]
        command = [helm_binary(major), "template", *release, *options]
        assert subprocess.run(command, capture_output=True, check=False).returncode == status
