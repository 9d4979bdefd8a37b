"""EG5xx: generated files, and the files and folders that a run reads and writes.

A place in a file that could not be read, or that does not exist, is an empty span of an empty source of its name.
"""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.diagnostics.phrases import quoted
from egressc.source import Located, Source, Span


def whole_file(name: str) -> Span:
    """The place of a finding about a whole file whose text is not loaded."""
    return Span(Source(name, ""), 0, 0)


@code("EG501", Severity.ERROR, "The generated part of a values file was edited by hand.")
def edited_values(code: Code, first_difference: Span, difference: str, service: str) -> Diagnostic:
    """`difference`: unified diff from the part as it stands to the part that the sources give."""
    return Diagnostic(
        code,
        f'"{first_difference.source.name}" was edited by hand above its extras line',
        Label(first_difference, "first difference from the sources"),
        help="add the change to the sources or below the extras line, then restore this part from version control,"
        f" or run `egressc compile --discard-edits`, which changes it as follows:\n{difference}",
        service=service,
    )


def continued_values(line: Span, service: str) -> Diagnostic:
    """EG501 where what is below the extras line is still, by its indentation, a part of what is above it."""
    return Diagnostic(
        edited_values.code,
        f'"{line.source.name}" goes on with its generated part below the extras line',
        Label(line, "indented into the part above, or not into networkPolicy"),
        help="write each key below the extras line behind two spaces, as `  egress:`",
        service=service,
    )


@code("EG502", Severity.ERROR, "A file that egressc did not write is in the place of a values file.")
def foreign_values(code: Code, file: Span, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{file.source.name}" is not a file that egressc wrote',
        Label(file, "not generated"),
        help="rename it and compile, then add its rules below the extras line of the new file",
        service=service,
    )


@code("EG503", Severity.ERROR, "A values file has lost its extras line.")
def missing_extras_line(code: Code, file: Span, extras_line: str, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{file.source.name}" has lost its extras line',
        Label(file, "generated, but without this line"),
        help=f"add it above your own rules, with two spaces before the hash:\n  {extras_line.strip()}",
        service=service,
    )


@code("EG504", Severity.ERROR, "A values file has merge conflict markers.")
def merge_conflict(code: Code, mark: Span, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{mark.source.name}" has merge conflict markers',
        Label(mark, "unresolved"),
        help="remove the markers below the extras line by hand; `egressc compile` removes those above it, "
        "with --discard-edits if a branch edited that part by hand",
        service=service,
    )


@code("EG505", Severity.WARNING, "A values file belongs to a service that is not in the sources.")
def stale_values(code: Code, file: Span, *, has_extras: bool, edited: bool, service: str) -> Diagnostic:
    if edited:
        repair = "remove it by hand if you do not need its edits above the extras line"
    else:
        repair = "run `egressc compile --prune` to remove it" + (" and its extras" if has_extras else "")
    kind = "namespace" if service.startswith("namespaces/") else "service"
    return Diagnostic(
        code,
        f'"{file.source.name}" belongs to a {kind} that is not in the sources',
        Label(file, "no baseline asks for it" if kind == "namespace" else "no such service"),
        help=repair,
        service=service,
    )


@code("EG506", Severity.WARNING, "A removed values file had extras.")
def pruned_extras(code: Code, extras: Span, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{extras.source.name}" is removed with its extras',
        Label(extras, "no other file has them"),
        help=f"they were:\n{extras.text}",
        service=service,
    )


@code("EG507", Severity.WARNING, "A values file is out of date.")
def outdated_values(code: Code, first_difference: Span, difference: str, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{first_difference.source.name}" is out of date',
        Label(first_difference, "first difference from the sources"),
        help=f"run `egressc compile`, which changes it as follows:\n{difference}",
        service=service,
    )


@code("EG508", Severity.WARNING, "A service has no values file yet.")
def missing_values(code: Code, service_origin: Span, file: str, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{file}" is missing',
        Label(service_origin, "its service"),
        help="run `egressc compile`",
        service=service,
    )


@code("EG509", Severity.ERROR, "A file cannot be read.")
def unreadable_file(code: Code, named: Span, file: str, reason: str, *, is_folder: bool = False) -> Diagnostic:
    """`named`: where the file is named, or the file as a whole; `reason`: a few words, such as "no such file"."""
    repair = (
        "write its path relative to the folder of the project file" if named.text and reason == "no such file" else ""
    )
    if not named.text and reason in ("it is a symbolic link", "it is a folder", "it is not a regular file"):
        repair = "rename it: egressc writes a file with this name"
    return Diagnostic(
        code,
        f'"{file}" cannot be read: {reason}',
        Label(named, "named here" if named.text else ""),
        help=f"write the files in it, such as `{file}/*.md`" if is_folder else repair,
    )


@code("EG510", Severity.ERROR, "The folder for generated files cannot be used.")
def unusable_folder(code: Code, named: Span, folder: str, reason: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{folder}" cannot hold generated files: {reason}',
        Label(named, "named here" if named.text else ""),
        help="write the path of another folder, without symbolic links",
    )


@code("EG511", Severity.ERROR, "The system refuses to read or write a file that a command needs.")
def refused_path(code: Code, file: Span, reason: str, help: str, notes: Sequence[str] = ()) -> Diagnostic:
    """`reason`: a few words, such as "permission denied"; the system's own if there are no better ones.

    `notes`: what has changed, one sentence each.
    """
    return Diagnostic(
        code,
        f'"{file.source.name}" cannot be used: {reason}',
        Label(file),
        help="\n".join([help, *notes]),
    )


@code("EG512", Severity.ERROR, "The operator's part of a values file has a key that belongs to the generated part.")
def generated_key(code: Code, key: Located[str], service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{key.value}" below the extras line belongs to the generated part',
        Label(key.span, "not written by compile"),
        help="remove it; what the policy limits is `directions` in the project file, for one service in the catalog, "
        "and further rules go under egress or ingress",
        service=service,
    )


@code("EG515", Severity.WARNING, "A values file disables the policy of its service.")
def switched_off(code: Code, enabled: Span, denied: Sequence[str], service: str) -> Diagnostic:
    """`denied`: the directions that the baseline of its namespace denies; its pods are then closed, not open."""
    effect, repair = "nothing limits its pods", "remove this line to switch it on again"
    if denied:
        effect = f"its namespace denies {' and '.join(denied)} for its pods, also what the sources allow"
        open_it = ", ".join(f"{direction}: [{{}}]" for direction in denied)
        repair += f"; to open its pods instead, also write below the extras line: {open_it}"
    return Diagnostic(
        code, f'policy of "{service}" is switched off', Label(enabled, effect), help=repair, service=service
    )


@code("EG516", Severity.ERROR, "The policies of two services have the same name in one namespace.")
def shared_policy_name(
    code: Code,
    place: Span,
    name: str,
    namespace: str,
    other_place: Span,
    other: str,
    service: str,
    *,
    is_renamed: bool,
    is_of_hosts: bool,
) -> Diagnostic:
    """`place` is the `fullnameOverride` that leads there, or the service's row; the other service's likewise.

    `is_of_hosts`: one of the two is a policy for hosts, which is of another kind.
    """
    effect = "the one installed last replaces the other"
    if is_of_hosts:
        effect = "EKS tells policies apart by name, whatever their kind"
    return Diagnostic(
        code,
        f'policies of "{service}" and "{other}" have the same name {name} in {namespace}',
        Label(place, effect),
        related=(Label(other_place, f'"{other}"'),),
        help="remove fullnameOverride, or write another name"
        if is_renamed
        else "write another id for the service in the catalog, or another name for the opt-in",
        service=service,
    )


@code("EG520", Severity.ERROR, "A source or catalog is outside the repository.")
def outside_file(code: Code, named: Span, file: str) -> Diagnostic:
    fixed = file[: min((file.find(sign) for sign in "*?[" if sign in file), default=len(file))]
    folder = fixed.rpartition("/")[0] or "/"
    meant = f"add its folder to the project file: outsideFolders: [{quoted(folder)}]"
    if not file.startswith(("/", "..")):
        meant = "write the path that this link leads to, and add its folder to outsideFolders"
    return Diagnostic(
        code,
        f'"{file}" is outside the repository and is not read',
        Label(named, "outside"),
        help=f"if you mean this file, {meant}",
    )


@code("EG521", Severity.ERROR, "A file that egressc did not render is in the place of a manifest.")
def foreign_manifest(code: Code, file: Span) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{file.source.name}" is not a file that `egressc render` wrote',
        Label(file),
        help="write the name of an empty folder, or of one that `egressc render` wrote",
    )


@code("EG522", Severity.ERROR, "An export needs the address of the Git repository.")
def missing_repository(code: Code, place: Span, tool: str, known: str, branch: str) -> Diagnostic:
    """`known` and `branch`: what Git says of this checkout; empty where it does not know."""
    address = quoted(known or "https://git.example.com/shop/network.git")
    revision = f", revision: {quoted(branch)}" if branch not in ("", "main") else ""
    return Diagnostic(
        code,
        f"{tool} needs the address of the Git repository",
        Label(place),
        help=f"add to the project file: export: {{repository: {address}{revision}}}",
    )


@code("EG523", Severity.ERROR, "A file that egressc did not write is in the place of an exported file.")
def foreign_export(code: Code, file: Span) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{file.source.name}" is not a file that `egressc export` wrote',
        Label(file),
        help="rename it, or write another folder: export: {folder: …} in the project file, or --output",
    )


@code("EG524", Severity.ERROR, "An exported file was edited by hand.")
def edited_export(code: Code, place: Span, effect: str) -> Diagnostic:
    """`effect`: what the next export does to it, such as "which removes it"."""
    return Diagnostic(
        code,
        f'"{place.source.name}" was edited by hand',
        Label(place, "first difference" if place.text else ""),
        help="change the sources or the values file, and keep objects of your own in another file; then restore this"
        f" one from version control, or run `egressc export --discard-edits`, {effect}",
    )


@code("EG525", Severity.WARNING, "An exported file is out of date.")
def outdated_export(code: Code, file: Span, state: str) -> Diagnostic:
    """`state`: what is wrong with it, a few words such as "out of date" or "missing"."""
    return Diagnostic(code, f'"{file.source.name}" is {state}', Label(file), help="run `egressc export`")


@code("EG526", Severity.ERROR, "A chart renders a policy without a namespace, and exported manifests need one.")
def manifest_without_namespace(code: Code, chart: Span, name: str, kind: str, policy: str, service: str) -> Diagnostic:
    """`name`: of the chart, as the project file has it."""
    return Diagnostic(
        code,
        f'chart "{name}" renders {kind} "{policy}" without a namespace',
        Label(chart),
        help="write in the metadata of its template: namespace: {{ .Release.Namespace }}",
        service=service,
    )
