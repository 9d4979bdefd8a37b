"""egressc-core: the same commands in an environment without the embedded Helm, with another helm."""

import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from support.helm_binaries import MAJORS, helm_binary
from support.install_page import commands
from support.packages import package

pytestmark = pytest.mark.slow

EMBEDDED = {"helm_python", "helm_python_sdk"}
# uv takes no link for an installed package; pip looks whether all is there that the wheel needs.
INSTALLERS: dict[str, list[str]] = {
    "pip": ["-m", "pip", "--python", "{python}", "install", "--quiet", "--no-index", "--no-compile"],
    "uv": ["-m", "uv", "pip", "install", "--quiet", "--python", "{python}", "--offline", "--no-deps"],
}


@dataclass(frozen=True)
class Installed:
    """An egressc-core that is installed in an environment of its own."""

    environment: Path

    def run(self, *arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.environment / "bin" / "egressc", *arguments],
            cwd=folder,
            env={"PATH": "/usr/bin:/bin", "HOME": str(self.environment), **variables},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    packages = package("python", tmp_path_factory.mktemp("packages"))
    return next(path for name, path in packages.items() if name.startswith("egressc_core-"))


@pytest.fixture(scope="module", params=INSTALLERS)
def core(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Installed from its wheel: the packages that it needs are there already, as links to those of these tests."""
    folder = tmp_path_factory.mktemp("core")
    venv.create(folder, with_pip=False)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if path.suffix != ".pth" and path.name.partition("-")[0] not in EMBEDDED | {"egressc"}:
            (site / path.name).symlink_to(path)
    install = [word.format(python=folder / "bin" / "python") for word in INSTALLERS[request.param]]
    done = subprocess.run([sys.executable, *install, str(wheel)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not EMBEDDED & {it.name.replace("-", "_") for it in distributions(path=[str(site)])}
    return Installed(folder)


def project(core: Installed, folder: Path) -> Path:
    done = core.run("init", str(folder), folder=core.environment)
    assert done.returncode == 0, done.stderr
    return folder


def test_only_the_embedded_helm_is_left_out(wheel: Path) -> None:
    site = {it.name: it for it in distributions(path=[str(wheel)])}
    needed = [Requirement(it) for it in site["egressc-core"].requires or ()]
    extra = {it.name: it.marker for it in needed if it.marker is not None}
    assert extra.keys() == {"helm-python-sdk", "pygls"}
    assert extra["helm-python-sdk"].evaluate({"extra": "helm"})
    assert extra["pygls"].evaluate({"extra": "lsp"})


@pytest.mark.parametrize("major", MAJORS)
def test_commands_work_with_a_helm_of_ones_own(core: Installed, major: str, tmp_path: Path) -> None:
    shop = project(core, tmp_path / "shop")
    own = Path(helm_binary(major))
    for arguments in (
        ["compile"],
        ["check", "--strict"],
        ["show"],
        ["verify", "--helm", str(own)],
        ["render", "--output-dir", "manifests", "--helm", str(own)],
        ["verify", "--manifests", "manifests"],
        ["explain", "orders", "PostgreSQL", "--helm", str(own)],
        ["export", "manifests", "--helm", str(own)],
        ["chart"],
        ["init", ".", "--packages"],
    ):
        done = core.run(*arguments, folder=shop)
        assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
    assert (shop / "service-policy" / "Chart.yaml").is_file()
    assert list((shop / ".github" / "egressc").glob("egressc_core-*.whl"))


def test_without_any_helm_the_message_says_what_to_install(core: Installed, tmp_path: Path) -> None:
    shop = project(core, tmp_path / "shop")
    assert core.run("compile", folder=shop).returncode == 0
    done = core.run("verify", folder=shop)
    assert done.returncode == 1
    assert "error[EG603]: the embedded Helm is not installed" in done.stderr
    assert 'pip install "egressc-core[helm]"' in done.stderr
    assert "EGRESSC_HELM" in done.stderr


def test_a_manifest_with_an_uncertain_scalar_is_refused(core: Installed, tmp_path: Path) -> None:
    shop = project(core, tmp_path / "shop")
    own = helm_binary("4")
    for arguments in (["compile"], ["render", "--output-dir", "manifests", "--helm", own]):
        assert core.run(*arguments, folder=shop).returncode == 0
    manifest = next((shop / "manifests").glob("**/orders.yaml"))
    manifest.write_text(manifest.read_text("utf-8") + "status: {ready: yes}\n", "utf-8")
    done = core.run("verify", "--manifests", "manifests", folder=shop)
    assert done.returncode == 1
    assert "only the embedded Helm can tell what yes means" in done.stderr


@pytest.mark.parametrize("name", ["egressc", "egressc-core"])
def test_the_documented_command_installs_each(name: str, wheel: Path, tmp_path: Path) -> None:
    """From a folder with the packages of a release, in place of an index."""
    everywhere, without, _ = commands("With or without Helm")
    (command,) = (it for it in (everywhere, without) if it == f"pip install {name}\n")
    venv.create(tmp_path, with_pip=True)
    environment = {
        "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin",
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_FIND_LINKS": str(wheel.parent),
    }
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", command], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert f"Successfully installed {name}-" in done.stdout


def test_the_documented_choice_of_a_helm_works(core: Installed, tmp_path: Path) -> None:
    shop = project(core, tmp_path / "shop")
    assert core.run("compile", folder=shop).returncode == 0
    *_, command = commands("With or without Helm")
    path = f"{core.environment / 'bin'}:{Path(helm_binary('4')).parent}:/usr/bin:/bin"
    environment = {"PATH": path, "HOME": str(tmp_path)}
    done = subprocess.run(["/bin/sh", "-e", "-c", command], cwd=shop, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
