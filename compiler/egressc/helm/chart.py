"""The chart: where it lies, and charts as archives in memory."""

import gzip
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml

from egressc.diagnostics.core import Diagnostic
from egressc.diagnostics.rendered import unusable_chart
from egressc.helm.engine import EngineError
from egressc.source import Located, Source, Span

_PACKAGE = Path(__file__).resolve().parents[1]


_ROOT_CHART: Final = "service-policy"
CHARTS_FOLDER: Final = "_charts"
"""The folder of the charts inside the package, as pyproject.toml names it."""
# Of a root chart's folder what belongs to the chart; in a checkout much else is beside it.
_PARTS: Final = ("Chart.yaml", "Chart.lock", "LICENSE", "values.yaml", "values.schema.json", "templates", "charts")


def own_chart(name: str = _ROOT_CHART) -> Path:
    """A chart that belongs to this compiler, by name: shipped in the wheel, or of the checkout around the package."""
    shipped = _PACKAGE / CHARTS_FOLDER / name
    if shipped.is_dir():
        return shipped
    checkout = _PACKAGE.parents[1]
    return checkout if name == _ROOT_CHART else checkout / name


def own_chart_files(name: str) -> dict[str, bytes]:
    """The files of a chart that belongs to this compiler, by their path inside it."""
    files: dict[str, bytes] = {}
    for part in _PARTS:
        # All have the same library; in a checkout the others are links to the first.
        root = own_chart() if part == "charts" else own_chart(name)
        for path in files_below(root / part):
            files[path.relative_to(root).as_posix()] = path.read_bytes()
    return files


def files_below(path: Path) -> list[Path]:
    """A file itself, or all files in a folder, sorted; none where there is nothing."""
    return [path] if path.is_file() else sorted(it for it in path.rglob("*") if it.is_file())


def check_chart(path: Path) -> None:
    """Raise EngineError (EG604) where there is no chart to load: neither a folder with Chart.yaml nor an archive."""
    if path.is_dir():
        if not (path / "Chart.yaml").is_file():
            raise EngineError(refuse_chart(path, "it has no Chart.yaml"))
    elif not path.is_file():
        raise EngineError(refuse_chart(path, "no such folder"))


def refuse_chart(path: Path, reason: str) -> Diagnostic:
    """EG604 for a chart as a whole."""
    name = path.as_posix()
    return unusable_chart(Located(name, Span(Source(name, ""), 0, 0)), reason)


def chart_name(path: Path) -> str:
    """The name that a chart gives itself. Raises EngineError (EG604) where it gives none."""
    check_chart(path)
    try:
        text = (path / "Chart.yaml").read_bytes() if path.is_dir() else unpack(path)["Chart.yaml"]
        return str(yaml.safe_load(text)["name"])
    except (OSError, tarfile.TarError, yaml.YAMLError, KeyError, TypeError) as error:
        raise EngineError(refuse_chart(path, "its Chart.yaml has no name")) from error


def pack(name: str, files: Mapping[str, bytes]) -> bytes:
    """A chart as a .tgz: its files by their path inside the chart. The same files give the same bytes."""
    buffer = io.BytesIO()
    # Level 1: Helm unpacks it at once in the same process.
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=1, mtime=0) as stream,
        tarfile.open(fileobj=stream, mode="w") as tar,
    ):
        for path in sorted(files):
            member = tarfile.TarInfo(f"{name}/{path}")
            member.size = len(files[path])
            tar.addfile(member, io.BytesIO(files[path]))
    return buffer.getvalue()


def unpack(archive: Path) -> dict[str, bytes]:
    """The files of a chart's .tgz, by their path inside the chart. Raises OSError, tarfile.TarError."""
    files: dict[str, bytes] = {}
    with tarfile.open(archive, "r:gz") as tar:
        for member in tar:
            if (stream := tar.extractfile(member)) is not None:
                files[member.name.split("/", 1)[1]] = stream.read()
    return files


def is_free_for(folder: Path, name: str) -> bool:
    """Whether nothing is lost by replacing the folder: it is empty, not there, or holds this chart."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return True
    try:
        return chart_name(folder) == name
    except EngineError:
        return False
