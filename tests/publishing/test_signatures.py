"""Charts with a PGP signature: Helm accepts what we signed, and refuses another package and another key."""

import shutil
import subprocess
from pathlib import Path

import pytest

from support.helm_binaries import MAJORS, ROOT, helm_binary
from support.packages import CHARTS, package

pytestmark = pytest.mark.slow

SIGNER = "test@egressc.invalid"


@pytest.fixture(scope="module")
def gpg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the keys of the signer, secret and public, and with the public key of somebody else."""
    if shutil.which("gpg") is None:
        pytest.skip("NO GPG: no keys to sign with (Debian: apt-get install gpg)")
    folder = tmp_path_factory.mktemp("keys")
    for owner, name in ((SIGNER, "signer"), ("else@egressc.invalid", "else")):
        home = folder / name
        home.mkdir(mode=0o700)
        options = [
            "gpg",
            "--homedir",
            str(home),
            "--batch",
            "--quiet",
            "--pinentry-mode",
            "loopback",
            "--passphrase",
            "",
        ]
        run(*options, "--quick-generate-key", owner, "rsa3072", "sign", "never")
        run(*options, "--output", str(folder / f"{name}.gpg"), "--export", owner)
        run(*options, "--output", str(folder / f"{name}-secret.gpg"), "--export-secret-keys", owner)
        run("gpgconf", "--homedir", str(home), "--kill", "gpg-agent")
    return folder


@pytest.fixture(scope="module")
def signed(gpg: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    options = ("--sign", "--key", SIGNER, "--keyring", gpg / "signer-secret.gpg")
    return package("charts", tmp_path_factory.mktemp("signed"), *options)


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def verify(major: str, archive: Path, keyring: Path) -> subprocess.CompletedProcess[str]:
    command = [helm_binary(major), "verify", str(archive), "--keyring", str(keyring)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def archives(packages: dict[str, Path]) -> list[Path]:
    return [path for name, path in packages.items() if name.endswith(".tgz")]


@pytest.mark.parametrize("major", MAJORS)
def test_helm_verifies_each_package(major: str, signed: dict[str, Path], gpg: Path) -> None:
    assert len(archives(signed)) == len(CHARTS)
    for archive in archives(signed):
        result = verify(major, archive, gpg / "signer.gpg")
        assert result.returncode == 0, result.stderr
        assert f"Signed by: {SIGNER}" in result.stdout


def test_a_signature_changes_no_package(signed: dict[str, Path], tmp_path: Path) -> None:
    for name, path in package("charts", tmp_path).items():
        assert path.read_bytes() == signed[name].read_bytes()


@pytest.mark.parametrize("major", MAJORS)
def test_helm_refuses_the_key_of_somebody_else(major: str, signed: dict[str, Path], gpg: Path) -> None:
    for archive in archives(signed):
        result = verify(major, archive, gpg / "else.gpg")
        assert result.returncode == 1
        assert "signature made by unknown entity" in result.stderr


@pytest.mark.parametrize("major", MAJORS)
def test_helm_refuses_a_package_that_was_changed(
    major: str, signed: dict[str, Path], gpg: Path, tmp_path: Path
) -> None:
    for archive in archives(signed):
        changed = tmp_path / archive.name
        changed.write_bytes(archive.read_bytes() + b"\0")
        shutil.copy(f"{archive}.prov", f"{changed}.prov")
        result = verify(major, changed, gpg / "signer.gpg")
        assert result.returncode == 1
        assert "sha256 sum does not match" in result.stderr


@pytest.mark.parametrize("major", MAJORS)
def test_helm_renders_a_package_only_if_its_signature_is_right(major: str, signed: dict[str, Path], gpg: Path) -> None:
    for keyring, status in (("signer", 0), ("else", 1)):
        (chart,) = (path for path in archives(signed) if path.name.startswith("service-policy"))
        release = ["ai-service", str(chart), "-n", "matih-data-plane", "-f", str(ROOT / "values" / "ai-service.yaml")]
        options = ["--verify", "--keyring", str(gpg / f"{keyring}.gpg")]
        command = [helm_binary(major), "template", *release, *options]
        assert subprocess.run(command, capture_output=True, check=False).returncode == status
