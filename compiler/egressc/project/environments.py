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
from egressc.diagnostics.rows import unused_destination
from egressc.emit.existing import is_generated
from egressc.files.folder import read_folder
from egressc.model.environments import KEY
from egressc.model.release_kinds import RELEASE_KINDS
from egressc.project.usage import UsageProblem
from egressc.project.workspace import Editor, Workspace, open_workspace
from egressc.source import Span
from egressc.tables.yaml import YamlMapping, read_yaml, span_at

_UNUSED: Final[frozenset[Code]] = frozenset(
    {it.code for it in (unused_allowance, unused_audit_value, unused_destination)}
)
"""Findings about what all environments share hold only if they do in every environment."""


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
    sections: dict[int, Span] = {}
    for name, report in found.items():
        counts: dict[object, int] = {}
        for it in report.diagnostics:
            # An entry that an environment overrides stands at another place there, and is the same.
            key = (it.code.id, it.message) if it.code in _UNUSED else _key(it)
            counts[key] = counts.get(key, 0) + 1  # one that a report has twice stays there twice
            key = (*key, counts[key])
            names = held.get(key, (it, set[str]()))[1] | {name}
            is_told = key in held and not (it.code in _UNUSED and _is_of_environments(it, sections))
            held[key] = (held[key][0] if is_told else it, names)
        for code, count in report.surplus.items():
            merged.surplus[code] = max(count, merged.surplus.get(code, 0))
    for it, names in held.values():
        is_partial = len(names) < len(found) or len(found) < len(known)
        if it.code in _UNUSED and is_partial and not _is_of_environments(it, sections):
            continue
        merged.add(it if len(names) == len(found) else _in_environments(it, [name for name in found if name in names]))
    return merged


def _is_of_environments(found: Diagnostic, sections: dict[int, Span]) -> bool:
    """Whether a finding is about what a file says of an environment, which no other one can use."""
    source, start, _ = found.primary.span
    if id(source) not in sections:
        node = read_yaml(source, Report()) if source.name.endswith((".yaml", ".yml")) else None
        named = isinstance(node, YamlMapping) and KEY in node.entries
        sections[id(source)] = span_at(node, (KEY,)) if node is not None and named else Span(source, 0, 0)
    _, first, last = sections[id(source)]
    return first <= start < last


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

    They are generated, or have a name of `expected`: that of a file in the folder of the environment. Without
    environments, they are generated files in folders that have none of ours: those of environments that were.
    """
    names = workspace.project.environments.names
    name = workspace.project.values.rpartition("/")[0] if names else workspace.project.values
    path = workspace.folder / name
    own = names or [it.folder for it in RELEASE_KINDS]
    others = [it.name for it in path.iterdir() if it.is_dir() and it.name not in own] if path.is_dir() else []
    if not names and not others:
        return
    found = read_folder(path, name, workspace.place, Report(), subfolders=others, root=workspace.folder)
    for inside, file in found.files.items() if found is not None else ():
        is_ours = not names and inside.partition("/")[0] not in others
        if not is_ours and ((names and inside in expected) or is_generated(file.text)):
            report.add(left_behind(Span(file, 0, 0), name, names))
