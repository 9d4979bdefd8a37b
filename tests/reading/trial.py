"""One trial of a document: a project compiled in a folder of its own, rendered, and held against the truth."""

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from egressc.diagnostics.core import Diagnostic, Report, Severity
from egressc.project.compiling import compile_project
from egressc.project.rendering import jobs_of, render_jobs
from reading.corpus import Document
from reading.questions import Findings, hold_against_truth


@dataclass(frozen=True)
class Trial:
    """What became of one project. `findings` is None where nothing is written; `crash` says a defect in short."""

    diagnostics: tuple[Diagnostic, ...]
    manifests: tuple[dict[str, Any], ...] | None
    findings: Findings | None = None
    crash: str = ""

    @property
    def is_right(self) -> bool:
        return self.findings is not None and self.findings.is_right

    def names(self, word: str) -> bool:
        """Whether a message or its help names a key."""
        return any(word in found.help or word in found.message for found in self.diagnostics)

    @property
    def codes(self) -> str:
        """The codes of the errors."""
        ids = {found.code.id for found in self.diagnostics if found.code.severity is Severity.ERROR}
        return " ".join(sorted(ids))


def compile_files(files: Mapping[str, str]) -> Trial:
    """Compile and render a project, given as texts by file name. Whatever is raised is part of the result."""
    report = Report()
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                (Path(folder) / name).write_bytes(text.encode())
            compiled = compile_project(Path(folder) / "egressc.yaml", report)
            if compiled is None:
                return Trial(tuple(report.sorted()), None)
            ids = [service.id for service in compiled.policies.services]
            count, jobs = jobs_of(compiled, ids, planned=True)
            sources = render_jobs(compiled.workspace, jobs, count, "embedded", report)
            texts = [source.text for source in sources]
    except Exception as error:
        return Trial(tuple(report.diagnostics), None, crash=f"{type(error).__name__}: {error}")
    if report.has_errors:
        return Trial(tuple(report.sorted()), None)
    manifests = [it for text in texts for it in yaml.safe_load_all(text) if it and it["kind"] == "NetworkPolicy"]
    return Trial(tuple(report.sorted()), tuple(manifests))


def try_document(document: Document, files: Mapping[str, str]) -> Trial:
    trial = compile_files(files)
    if trial.manifests is None:
        return trial
    return Trial(trial.diagnostics, trial.manifests, hold_against_truth(document, list(trial.manifests)))


def is_told(document: Document, trial: Trial, flow: tuple[str, str, str]) -> bool:
    """Whether a warning stands at a line of the document that names an end of the flow."""
    known = document.by_name
    ends = [name for end in flow[:2] for name in (known[end].names if end in known else (end,)) if name]
    lines = document.file.read_text("utf-8").splitlines()
    return any(name in lines[line - 1] for line in _lines(document, trial.diagnostics) for name in ends)


def _lines(document: Document, diagnostics: Iterable[Diagnostic]) -> set[int]:
    labels = (
        label
        for found in diagnostics
        if found.code.severity is not Severity.NOTE
        for label in (found.primary, *found.related)
    )
    return {label.span.line for label in labels if label.span.source.name == document.file.name}
