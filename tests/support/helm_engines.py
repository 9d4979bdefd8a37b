"""The Helm engines that the charts are tested with: the two binaries, and the embedded one.

The binaries come from EGRESSC_HELM3 and EGRESSC_HELM4, else from `.tools/` where `make tools` puts them.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import helm_python
import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ("helm-3", "helm-4", "embedded")

Values = Mapping[str, object]


class HelmFailed(Exception):
    """Helm refused; the text is what it said."""

    @property
    def problems(self) -> list[str]:
        """The lines of a template's `fail`, which starts with a line break and ends before a blank line."""
        _, _, rest = str(self).partition(": \n") if ": \n" in str(self) else str(self).partition(":\n")
        return [line.strip() for line in rest.split("\n\n")[0].splitlines() if line.strip()]


class Engine(Protocol):
    @property
    def name(self) -> str: ...

    def template(self, chart: Path, *values: Values, release: str = "rel", namespace: str = "ns") -> str:
        """The manifests as `helm template` prints them; later values over earlier. Raises HelmFailed."""
        ...


@dataclass(frozen=True)
class Binary:
    name: str
    program: Path
    home: Path

    def run(self, *arguments: str | Path, folder: Path = ROOT) -> str:
        """Standard output of `helm ARGUMENTS`. Raises HelmFailed with standard error."""
        done = subprocess.run(
            [self.program, *map(str, arguments)],
            cwd=folder,
            env={"HOME": str(self.home), "KUBECONFIG": os.devnull, "HELM_CACHE_HOME": str(self.home)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise HelmFailed(done.stderr)
        return done.stdout

    def template(self, chart: Path, *values: Values, release: str = "rel", namespace: str = "ns") -> str:
        return self.run("template", release, chart, "--namespace", namespace, *self.files(*values))

    def files(self, *values: Values) -> list[str]:
        """Options that give these values, as JSON but for surrogate pairs: YAML, as Helm reads it, has none."""
        options: list[str] = []
        for index, content in enumerate(values):
            path = self.home / f"values-{index}.json"
            text = json.dumps(content, ensure_ascii=False)
            text = "".join(one if one.isprintable() else _escape(ord(one)) for one in text)
            path.write_text(text, encoding="utf-8")
            options += ["-f", str(path)]
        return options


@dataclass(frozen=True)
class Embedded:
    name: str = "embedded"

    def template(self, chart: Path, *values: Values, release: str = "rel", namespace: str = "ns") -> str:
        merged: dict[str, object] = {}
        for content in values:
            merged = merge(merged, content)
        try:
            with helm_python.Chart.load(chart) as loaded:
                rendered = loaded.render(merged, name=release, namespace=namespace)
        except helm_python.HelmError as error:
            raise HelmFailed(str(error)) from error
        return "".join(
            f"---\n# Source: {path}\n{document.strip()}\n"
            for path, text in rendered.items()
            if text.strip() and not path.endswith("NOTES.txt")
            for document in text.strip().removeprefix("---").split("\n---\n")
        )


def _escape(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def merge(lower: Values, upper: Values) -> dict[str, object]:
    """One `-f` file over another, as Helm joins them: maps by key, everything else replaced."""
    joined = dict(lower)
    for key, value in upper.items():
        below = joined.get(key)
        joined[key] = merge(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return joined


def open_binary(name: str, home: Path) -> Binary:
    """The binary `helm-3` or `helm-4`; without it the test is skipped, or fails where CI is set."""
    given = os.environ.get(f"EGRESSC_{name.replace('-', '').upper()}")
    program = Path(given) if given else ROOT / ".tools" / name / "helm"
    if not program.exists():
        reason = f"NO {name.upper()}: {program} does not exist; run `make tools`"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return Binary(name, program, home)


def open_engine(name: str, home: Path) -> Engine:
    return Embedded() if name == "embedded" else open_binary(name, home)
