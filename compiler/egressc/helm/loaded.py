"""A chart in memory, in the forms that the embedded engine renders."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from tarfile import TarError

import helm_python
import jsonschema_rs

from egressc.helm.batch import are_for, batch_files, is_own_chart, wants_probe
from egressc.helm.chart import check_chart, pack, refuse_chart, unpack
from egressc.helm.engine import EngineError
from egressc.helm.values import Values, lay_over

_SCHEMA = "values.schema.json"
_NOT_LEAN = frozenset([_SCHEMA, "NOTES.txt"])
_SCHEMA_CHART = b"apiVersion: v2\nname: schema\nversion: 0.0.0\n"


@dataclass(frozen=True, slots=True)
class LoadedChart:
    """Archives for Helm to load, one load a thread, and what is computed from the chart once.

    `exact` is the chart as Helm packages it; `lean` is without schemas and without NOTES.txt, which `helm template`
    renders and does not print; `batch` renders many policies of our own chart, and is empty for others; `schema` is
    nothing but the schema, for Helm's words about it: beside a default that a value contradicts Helm writes to stderr.
    """

    exact: bytes
    lean: bytes
    batch: bytes
    schema: bytes
    metadata: Values
    defaults: Values
    validator: jsonschema_rs.Validator | None
    special: frozenset[str]
    is_changed_by_rendering: bool

    def lay(self, values: Values) -> Values | None:
        """Values laid over the defaults; None where that is better left to Helm.

        Helm hands `global` and the parts that are named after dependencies down to those, by rules of their own.
        """
        if self.is_changed_by_rendering or not self.special.isdisjoint(values):
            return None
        return lay_over(self.defaults, values)

    def accepts(self, laid: Values, name: str, namespace: str) -> bool:
        """Whether values with defaults satisfy the schema; for our own chart, whether `batch` may render them."""
        if self.validator is not None and not self.validator.is_valid(laid):
            return False
        return not self.batch or (are_for(laid, name, namespace) and not wants_probe(laid))


def _without_links(path: Path, folder: str) -> Path:
    """The chart, or a copy of one whose dependencies are linked: Helm writes a line to stderr for each link."""
    if not path.is_dir() or not any(it.is_symlink() for it in (path / "charts").glob("*")):
        return path
    return Path(shutil.copytree(path, Path(folder, path.name)))


def load_chart(path: Path) -> LoadedChart:
    """Package a chart's folder or archive into memory. Raises EngineError (EG604)."""
    check_chart(path)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="egressc-") as folder,
            helm_python.Chart.load(_without_links(path, folder)) as chart,
        ):
            metadata = chart.metadata
            defaults = chart.merge_values({})
            schema = chart.schema
            files = unpack(Path(chart.save(folder)))
        validator = None if schema is None else jsonschema_rs.validator_for(schema)
    except (helm_python.HelmError, OSError, TarError, ValueError) as error:
        raise EngineError(refuse_chart(path, str(error))) from error
    name = str(metadata["name"])
    dependencies = [entry for entry in metadata.get("dependencies") or () if isinstance(entry, dict)]
    return LoadedChart(
        exact=pack(name, files),
        lean=pack(name, {file: data for file, data in files.items() if file.rsplit("/", 1)[-1] not in _NOT_LEAN}),
        batch=pack("egressc-batch", batch_files(files)) if is_own_chart(files) else b"",
        metadata=metadata,
        defaults=defaults,
        schema=pack("schema", {"Chart.yaml": _SCHEMA_CHART, _SCHEMA: files.get(_SCHEMA, b"{}")}),
        validator=validator,
        special=frozenset(
            ["global", *(str(entry[key]) for entry in dependencies for key in ("name", "alias") if key in entry)]
        ),
        # Helm removes a dependency whose condition or tag is false from the loaded chart, for good (helm/helm#9905).
        is_changed_by_rendering=any(
            entry.get("condition") or entry.get("tags") or entry.get("import-values") for entry in dependencies
        ),
    )
