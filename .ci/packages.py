"""Package what a release publishes: the charts, and egressc for Python. The same sources give the same bytes anywhere.

    SOURCE_DATE_EPOCH=1767225600 python .ci/packages.py charts FOLDER [OPTION OF helm package …]
    SOURCE_DATE_EPOCH=1767225600 python .ci/packages.py python FOLDER

Helm 4 packages the charts: its archives have the times of the files, where Helm 3 writes the time of packaging.
"""

import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from egressc.helm.chart import files_below, own_chart, own_chart_files
from egressc.model.release_kinds import RELEASE_KINDS

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "charts" / "network-policy"
EMBEDDED_HELM = "helm-python-sdk"
CORE = "egressc-core"


def main(arguments: list[str]) -> int:
    match arguments:
        case ["charts", folder, *options]:
            package_charts(Path(folder), options)
        case ["python", folder]:
            package_python(Path(folder))
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


def package_charts(folder: Path, options: list[str]) -> None:
    """Every chart as an archive; with `--sign` each has its signature beside it."""
    helm = os.environ.get("EGRESSC_HELM4") or ROOT / ".tools" / "helm-4" / "helm"
    time = int(os.environ["SOURCE_DATE_EPOCH"])
    for files in charts():
        with tempfile.TemporaryDirectory() as copy:
            for name, data in files.items():
                path = Path(copy, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                os.utime(path, (time, time))
            subprocess.run([helm, "package", copy, "--destination", folder, *options], check=True)


def charts() -> Iterator[dict[str, bytes]]:
    """The files of every published chart, by path inside it."""
    for kind in RELEASE_KINDS:
        readme = own_chart(kind.chart) / "README.md"
        yield {**own_chart_files(kind.chart), readme.name: readme.read_bytes()}
    yield {path.relative_to(LIBRARY).as_posix(): path.read_bytes() for path in files_below(LIBRARY)}


def package_python(folder: Path) -> None:
    """The sdist, the wheel, and the wheel of the same code without the embedded Helm."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    builders = [SdistBuilder(str(ROOT)), WheelBuilder(str(ROOT)), WheelBuilder(str(ROOT), config=core_of(project))]
    for builder in builders:
        for path in builder.build(directory=str(folder), versions=["standard"]):
            print(path)


def core_of(project: dict[str, Any]) -> dict[str, Any]:
    """The project file of `egressc-core`, in which the embedded Helm is the extra `helm`; no development tools."""
    metadata = project["project"]
    (helm,) = (it for it in metadata["dependencies"] if it.startswith(EMBEDDED_HELM))
    needed = [it for it in metadata["dependencies"] if it != helm]
    extras = {"helm": [helm], "lsp": metadata["optional-dependencies"]["lsp"]}
    own = {"name": CORE, "dependencies": needed, "optional-dependencies": extras}
    return {**project, "project": {**metadata, **own}}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
