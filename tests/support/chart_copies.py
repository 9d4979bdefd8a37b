"""Copies of a chart that show one side of it, and what Helm itself finds in a chart."""

import shutil
from pathlib import Path

import yaml

from support.helm_engines import Binary, Values


def without_schema(chart: Path, folder: Path) -> Path:
    """Its templates stand alone, as with `--skip-schema-validation`."""
    copied = Path(shutil.copytree(chart, folder / chart.name))
    (copied / "values.schema.json").unlink()
    return copied


def with_notes(chart: Path, folder: Path, template: str = "networkpolicy") -> Path:
    """Its only template has the notes as a value of a document, because `helm template` renders no notes."""
    copied = Path(shutil.copytree(chart, folder / chart.name))
    notes = (copied / "templates" / "NOTES.txt").read_text("utf-8").strip().removeprefix("{{-").removesuffix("}}")
    (copied / "templates" / f"{template}.yaml").write_text(f"---\nnotes: {{{{ {notes} | quote }}}}\n", "utf-8")
    return copied


def lint_and_package(helm: Binary, chart: Path, values: Values, namespace: str, folder: Path) -> Path:
    """The package of a chart in which `helm lint --strict` finds nothing."""
    file = folder / "values.yaml"
    file.write_text(yaml.safe_dump(values), "utf-8")
    named = "networkPolicy.release.name=test-release"
    helm.run("lint", "--strict", chart, "--values", file, "--namespace", namespace, "--set", named)
    helm.run("package", chart, "--destination", folder)
    return folder / f"{chart.name}-0.1.0.tgz"
