"""Several environments of one project: their names, what is found in all of them as one report, and files of none."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from egressc.diagnostics.allowances import unused_allowance
from egressc.diagnostics.audit import unused_audit_value
from egressc.diagnostics.core import Code, Diagnostic, Label, Report
from egressc.diagnostics.environments import left_behind
from egressc.diagnostics.guardrails import idle_guardrail
from egressc.diagnostics.rows import unused_destination
from egressc.emit.existing import is_generated
from egressc.files.folder import read_folder
from egressc.project.usage import UsageProblem
from egressc.project.workspace import Editor, Workspace, open_workspace
from egressc.source import Span

_UNUSED: Final[frozenset[Code]] = frozenset(
    {it.code for it in (unused_allowance, unused_audit_value, unused_destination, idle_guardrail)}
)
"""Findings that hold only if they do in every environment."""


def environments_of(project_file: Path | None, editor: Editor | None = None) -> tuple[str, ...]:
    """The environments of a project, in the order of its file; none where it cannot be read, which is found later."""
    try:
        workspace = open_workspace(project_file, Report(), editor=editor)
    except UsageProblem:
        return ()
    return workspace.project.environments.names if workspace is not None else ()


def pick_environments(known: Sequence[str], named: Sequence[str]) -> tuple[str, ...]:
    """Those that a command line names, or all. Raises UsageProblem for one that the project does not have."""
    for name in named:
        if name not in known:
            near = get_close_matches(name, known, 1)
            meant = f', did you mean "{near[0]}"?' if near else ""
            has = f"; the project file has {', '.join(known)}" if known else "; the project file has no `environments`"
            raise UsageProblem(f'no environment "{name}"{meant or has}')
    return tuple(it for it in known if it in named or not named)


def merge_reports(found: Mapping[str, Report], known: Sequence[str]) -> Report:
    """What was found in several environments as one report: what is the same in each once, the rest with its names.

    `known`: all environments of the project.
    """
    held: dict[object, tuple[Diagnostic, set[str]]] = {}
    merged = Report()
    for name, report in found.items():
        counts: dict[object, int] = {}
        for it in report.diagnostics:
            key = _key(it)
            counts[key] = counts.get(key, 0) + 1  # one that a report has twice stays there twice
            held.setdefault((*key, counts[key]), (it, set()))[1].add(name)
        for code, count in report.surplus.items():
            merged.surplus[code] = max(count, merged.surplus.get(code, 0))
    for it, names in held.values():
        if it.code in _UNUSED and (len(names) < len(found) or len(found) < len(known)):
            continue
        merged.add(it if len(names) == len(found) else _in_environments(it, [name for name in found if name in names]))
    return merged


def _in_environments(found: Diagnostic, names: Sequence[str]) -> Diagnostic:
    return replace(found, message=f"{found.message} (in {', '.join(names)})")


def _key(found: Diagnostic) -> tuple[object, ...]:
    labels = tuple(_place(it) for it in (found.primary, *found.related))
    return (found.code.id, found.message, labels, found.help, found.service, found.destination)


def _place(label: Label) -> tuple[str, int, int, str]:
    source, start, end = label.span
    return (source.name, start, end, label.text)


def report_left_behind(workspace: Workspace, expected: Collection[str], report: Report) -> None:
    """EG527 for files in the values folder that no environment has, but that look as if they counted.

    They are generated, or have a name of `expected`: that of a file in the folder of the environment.
    """
    names = workspace.project.environments.names
    if not names:
        return
    name = workspace.project.values.rpartition("/")[0]
    path = workspace.folder / name
    others = [it.name for it in path.iterdir() if it.is_dir() and it.name not in names] if path.is_dir() else []
    found = read_folder(path, name, workspace.place, Report(), subfolders=others, root=workspace.folder)
    for path_in_folder, file in found.files.items() if found is not None else ():
        if path_in_folder in expected or is_generated(file.text):
            report.add(left_behind(Span(file, 0, 0), name, names))
