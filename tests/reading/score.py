"""The score of one document, as tests/documents/README.md defines it."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import yaml

from egressc.diagnostics.rows import no_services
from reading.corpus import Document, read_documents
from reading.questions import policies_of_nobody
from reading.trial import Trial, compile_files, is_told, try_document

# Compiled together with each other document: it shares no name with any of them. It has the last one beside it.
SECOND = "11-test-sheet-status"


class Result(StrEnum):
    """From best to worst."""

    AT_ONCE = "right at once"
    WITH_KEYS = "right with keys"
    REPAIR = "refused, right repair"
    EDIT = "refused, document to be edited"
    HARM = "refused, harmful repair"
    CRASH = "crash"
    LOSS = "silent loss"
    GRANT = "silent wrong grant"

    @property
    def is_good(self) -> bool:
        return self in (Result.AT_ONCE, Result.WITH_KEYS, Result.REPAIR)


class Score(NamedTuple):
    result: Result
    note: str = ""


def score(document: Document) -> Score:
    """Try the facts alone, then the keys; a document that is right must be so beside another one too."""
    alone = try_document(document, document.files("facts"))
    found = _wrong(document, alone) or (Score(Result.AT_ONCE) if alone.is_right else _repair(document, alone))
    if not found.result.is_good:
        return found
    files = document.files("facts" if found.result is Result.AT_ONCE else "keys")
    second = next(it for it in reversed(read_documents()) if (it.id == SECOND) != (document.id == SECOND))
    together = compile_files(_joined(files, second))
    if together.manifests is None:
        refusal = f"refused beside another: {together.codes or together.crash}"
        return Score(found.result, f"{found.note}; {refusal}" if found.note else refusal)
    if undue := policies_of_nobody([document, second], together.manifests):
        return Score(Result.GRANT, f"beside another document, policies for no workload: {', '.join(undue)}")
    return found


def _wrong(document: Document, trial: Trial) -> Score | None:
    """The score of a trial that ends with exit status 0 and an answer that nobody is told of; None for any other."""
    if trial.crash:
        return Score(Result.CRASH, trial.crash)
    if trial.findings is None:
        return None
    opened = [flow for flow in trial.findings.opened if not is_told(document, trial, flow)]
    lost = [flow for flow in trial.findings.lost if not is_told(document, trial, flow)]
    if opened:
        return Score(Result.GRANT, _say(opened))
    return Score(Result.LOSS, _say(lost)) if lost else None


def _repair(document: Document, alone: Trial) -> Score:
    """The score where the facts alone are refused, or give a wrong answer with a warning."""
    before = alone.codes or "told with a warning"
    if not document.has_keys:
        return Score(Result.EDIT, f"{before}; no keys")
    files = document.files("keys")
    trial = try_document(document, files)
    if trial.crash:
        return Score(Result.CRASH, trial.crash)
    if trial.findings is None and not _is_idle(document, trial):
        return Score(Result.EDIT, f"{before}; keys: {trial.codes}")
    if trial.findings and trial.findings.opened:
        return Score(Result.HARM, f"{before}; keys: {_say(trial.findings.opened)}")
    if trial.findings and trial.findings.lost:
        return Score(Result.EDIT, f"{before}; keys lose {_say(trial.findings.lost)}")
    needless, unnamed = [], []
    for kind, without in _without_each_kind(document, files):
        one_less = try_document(document, without)
        if one_less.is_right:
            needless.append(kind)
        elif not (one_less.names(kind) or alone.names(kind)):
            unnamed.append(kind)
    if unnamed:
        return Score(Result.EDIT, f"{before}; no message names {', '.join(unnamed)}")
    note = f"{before}; needless: {', '.join(needless)}" if needless else before
    has_more = set(files) != set(document.files("facts"))
    return Score(Result.REPAIR if document.is_refused or has_more else Result.WITH_KEYS, note)


def _is_idle(document: Document, trial: Trial) -> bool:
    """Whether a document that grants nothing is left out as a whole, so that there is nothing to compile."""
    return trial.codes == no_services.code.id and not any(row.is_allowed for row in document.truth)


def _without_each_kind(document: Document, files: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each kind of key that the facts lack, with the files without it: what asks for it must name it."""
    facts = document.files("facts")
    tables = _read(files, "egressc.yaml").get("tables", {})
    at = tables.get("at", {})
    for kind in sorted({*tables, *(key for plan in at.values() for key in plan)} - {"at"}):
        kept = {key: value for key, value in tables.items() if key not in (kind, "at")}
        plans = {place: {k: v for k, v in plan.items() if k != kind} for place, plan in at.items()}
        kept |= {"at": kept_plans} if (kept_plans := {p: plan for p, plan in plans.items() if plan}) else {}
        project = {**_read(files, "egressc.yaml"), "tables": kept}
        yield kind, {**files, "egressc.yaml": yaml.safe_dump(project, allow_unicode=True)}
    for kind in sorted(_catalog_kinds(_read(facts, "catalog.yaml"), _read(files, "catalog.yaml"))):
        yield kind, {**files, "catalog.yaml": facts["catalog.yaml"]}


def _catalog_kinds(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """The keys of entries that differ, and `groups`."""
    kinds = {"groups"} if before.get("groups") != after.get("groups") else set[str]()
    known = before.get("destinations", {})
    for name, entry in after.get("destinations", {}).items():
        kinds |= {key for key, value in entry.items() if known.get(name, {}).get(key) != value}
    return kinds


def _joined(files: Mapping[str, str], second: Document) -> dict[str, str]:
    """One project of two documents."""
    others = second.files("keys")
    project, other = _read(files, "egressc.yaml"), _read(others, "egressc.yaml")
    project["sources"].append("second.md")
    project["catalog"] = ["catalog.yaml", "second.yaml"]
    if "tables" in other:
        project["tables"] = {**other["tables"], **project.get("tables", {})}
    return {
        **files,
        "second.md": others["document.md"],
        "second.yaml": others["catalog.yaml"],
        "egressc.yaml": yaml.safe_dump(project, allow_unicode=True),
    }


def _read(files: Mapping[str, str], name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(files[name])
    return read


def _say(flows: Sequence[tuple[str, str, str]]) -> str:
    """The first few differences in words."""
    said = [f"{source} -> {end} {what}" if end else f"{source}: {what}" for source, end, what in flows]
    return f"{', '.join(said[:3])}{f' and {len(said) - 3} more' if len(said) > 3 else ''}"
