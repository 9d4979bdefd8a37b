"""EG5xx: generated files, and the files and folders that a run reads and writes.

A place in a file that could not be read, or that does not exist, is an empty span of an empty source of its name.
"""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.diagnostics.phrases import quoted
from egressc.source import Source, Span


def whole_file(name: str) -> Span:
    """The place of a finding about a file as a whole, whose text is not at hand."""
    return Span(Source(name, ""), 0, 0)


@code("EG501", Severity.ERROR, "The generated part of a values file was changed by hand.")
def edited_values(code: Code, first_difference: Span, difference: str, service: str) -> Diagnostic:
    """`difference`: unified diff from the part as it stands to the part that the sources give."""
    return Diagnostic(
        code,
        f'"{first_difference.source.name}" was changed by hand above its extras line',
        Label(first_difference, "first difference from what the sources give"),
        help="put the change into the sources or below the extras line, then restore this part from version control,"
        f" or compile with --discard-edits, which would change it so:\n{difference}",
        service=service,
    )


@code("EG502", Severity.ERROR, "A file that is no work of egressc stands where a values file goes.")
def foreign_values(code: Code, file: Span, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{file.source.name}" was not written by egressc',
        Label(file, "no line of a generated file"),
        help="move it away and compile; its rules go below the extras line of the new file",
        service=service,
    )


@code("EG503", Severity.ERROR, "The line that parts a values file from its extras is gone.")
def missing_extras_line(code: Code, file: Span, extras_line: str, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{file.source.name}" has lost the line where its extras begin',
        Label(file, "generated, yet without that line"),
        help=f"put it back, two blanks before the hash, above the rules that are yours:\n  {extras_line.strip()}",
        service=service,
    )


@code("EG504", Severity.ERROR, "A values file holds the marks of a merge conflict.")
def merge_conflict(code: Code, mark: Span, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{mark.source.name}" holds the marks of a merge conflict',
        Label(mark, "unresolved"),
        help="resolve it by hand below the extras line; above it `egressc compile` settles it, "
        "with --discard-edits where a branch changed that part by hand",
        service=service,
    )


@code("EG505", Severity.WARNING, "A values file belongs to no service of the sources.")
def stale_values(code: Code, file: Span, *, has_extras: bool, edited: bool, service: str) -> Diagnostic:
    if edited:
        repair = "it was changed by hand above its extras line: look into it, then remove it yourself"
    else:
        repair = "compile with --prune to remove it" + (" together with its extras" if has_extras else "")
    return Diagnostic(
        code,
        f'"{file.source.name}" belongs to no service of the sources',
        Label(file, "its service has left"),
        help=repair,
        service=service,
    )


@code("EG506", Severity.WARNING, "A values file that was removed had extras of its own.")
def pruned_extras(code: Code, extras: Span, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{extras.source.name}" is removed together with its extras',
        Label(extras, "no compiled file holds them any more"),
        help=f"they were:\n{extras.text}",
        service=service,
    )


@code("EG507", Severity.WARNING, "A values file is not what the sources give.")
def outdated_values(code: Code, first_difference: Span, difference: str, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{first_difference.source.name}" is out of date',
        Label(first_difference, "first difference from what the sources give"),
        help=f"run `egressc compile`, which changes it so:\n{difference}",
        service=service,
    )


@code("EG508", Severity.WARNING, "A service has no values file yet.")
def missing_values(code: Code, service_origin: Span, file: str, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{file}" is missing',
        Label(service_origin, "the service that it is for"),
        help="run `egressc compile`",
        service=service,
    )


@code("EG509", Severity.ERROR, "A file can't be read.")
def unreadable_file(code: Code, named: Span, file: str, reason: str, *, is_folder: bool = False) -> Diagnostic:
    """`named`: where the file is named, or the file as a whole; `reason`: a few words, such as "no such file"."""
    repair = "write its path as the project file's folder sees it" if named.text and reason == "no such file" else ""
    if not named.text and reason in ("it is a symbolic link", "it is a folder", "it is no regular file"):
        repair = "move it away: a file of its name is written there"
    return Diagnostic(
        code,
        f'"{file}" can\'t be read: {reason}',
        Label(named, "named here" if named.text else ""),
        help=f"name the files in it, such as `{file}/*.md`" if is_folder else repair,
    )


@code("EG510", Severity.ERROR, "The folder for generated files can't be used.")
def unusable_folder(code: Code, named: Span, folder: str, reason: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{folder}" can\'t hold generated files: {reason}',
        Label(named, "named here" if named.text else ""),
        help="name another folder, by the path where it really stands",
    )


@code("EG511", Severity.ERROR, "The system refuses to write or read where a command was told to.")
def refused_path(code: Code, file: Span, reason: str, help: str, notes: Sequence[str] = ()) -> Diagnostic:
    """`reason`: a few words, such as "permission denied"; the system's own where no better ones are known.

    `notes`: what is not as it was before, a sentence each.
    """
    return Diagnostic(
        code,
        f'"{file.source.name}" can\'t be used: {reason}',
        Label(file),
        help="\n".join([help, *notes]),
    )


@code("EG515", Severity.WARNING, "A values file switches the policy of its service off.")
def switched_off(code: Code, enabled: Span, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'the policy of "{service}" is switched off',
        Label(enabled, "its pods may reach everything"),
        help="remove this line to switch it on again",
        service=service,
    )


@code("EG516", Severity.ERROR, "The policies of two services have one name in one namespace.")
def shared_policy_name(
    code: Code, place: Span, name: str, namespace: str, other_place: Span, other: str, service: str
) -> Diagnostic:
    """`place` is the `fullnameOverride` that leads there, or the service's row; the other service's likewise."""
    return Diagnostic(
        code,
        f'the policy of "{service}" is called {name} in {namespace}, as that of "{other}" is',
        Label(place, "the one installed last replaces the other"),
        related=(Label(other_place, f'"{other}"'),),
        help="remove fullnameOverride, or write another name",
        service=service,
    )


@code("EG520", Severity.ERROR, "A source or catalog lies outside of the repository.")
def outside_file(code: Code, named: Span, file: str) -> Diagnostic:
    fixed = file[: min((file.find(sign) for sign in "*?[" if sign in file), default=len(file))]
    folder = fixed.rpartition("/")[0] or "/"
    meant = f"name the folder in the project file: outsideFolders: [{quoted(folder)}]"
    if not file.startswith(("/", "..")):
        meant = "write the path that this link leads to, and name its folder under outsideFolders"
    return Diagnostic(
        code,
        f'"{file}" leads out of the repository and is not read',
        Label(named, "outside"),
        help=f"where it is meant, {meant}",
    )


@code("EG521", Severity.ERROR, "A file stands where a manifest would be written, and is none that was rendered.")
def foreign_manifest(code: Code, file: Span) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{file.source.name}" was not written by `egressc render`',
        Label(file),
        help="name an empty folder, or one that `egressc render` filled",
    )
