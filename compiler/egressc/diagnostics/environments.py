"""EG260 to EG264, EG527 to EG530: environments of a project."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code
from egressc.diagnostics.phrases import ask_read_as, quoted, say_read_as
from egressc.source import Located, Span


@code("EG260", Severity.ERROR, "A row names an environment that the project file does not have.")
def unknown_environment(code: Code, cell: Located[str], name: str, known: Sequence[str], near: str) -> Diagnostic:
    """`near`: the environment that the name resembles, or empty."""
    has = f"which has {', '.join(known)}" if known else "which has no `environments`"
    meant = near or "leave out"
    others = (
        ', or "leave out" to drop it'
        if near or not known
        else f" to drop it, or what it stands for, such as {quoted(', '.join(known[:2]))}"
    )
    return Diagnostic(
        code,
        f'"{name}" is not an environment of the project file, {has}',
        Label(cell.span, "unknown environment"),
        help=f"{say_read_as(name, meant)}{others}; or add it to environments",
        missing=ask_read_as(name, *known, "all", "leave out", supposed=meant),
    )


@code("EG261", Severity.ERROR, "A row has an empty cell below a header for environments.")
def blank_environment(code: Code, cell: Located[str], header: str, heading: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'row is neither granted nor denied: "{header}" does not say in which environments it holds',
        Label(cell.span, "empty"),
        help=f"add to the project file what an empty cell means: tables: "
        f'{{at: {{{quoted(heading)}: {{blank: {{{quoted(header)}: all}}}}}}}}, or "leave out" to drop the row',
        missing=(Missing(Lack.BLANK, header, heading, choices=("all", "leave out"), supposed="all"),),
    )


@code("EG264", Severity.WARNING, "A service is reached in an environment where no row says what it needs.")
def absent_service(code: Code, name: Located[str], environment: str) -> Diagnostic:
    """`name`: in a row that holds in other environments."""
    return Diagnostic(
        code,
        f'"{name.value}" gets no policy in {environment}, where other services reach it',
        Label(name.span, "its pods stay open there"),
        help=f'add a row for {environment}, with "None" if it needs nothing there; or add EG264 with a reason to allow '
        "in the project file",
    )


@code("EG262", Severity.ERROR, "A heading names another environment than the one that is compiled.")
def heading_of_environment(code: Code, heading: Located[str], environment: str) -> Diagnostic:
    said = quoted(" ".join(heading.value.split()))
    return Diagnostic(
        code,
        f'heading "{heading.value}" names another environment than {environment}, so its rows are not granted',
        Label(heading.span, f"also in {environment}?"),
        help=f"add to the project file: environments: {{{environment}: {{tables: {{leaveOut: [{said}]}}}}}} if they do "
        f"not, or tables: {{at: {{{said}: {{readAs: {{{said}: allow}}}}}}}} if they hold in all environments",
    )


@code("EG263", Severity.ERROR, "A line between tables names another environment than the one that is compiled.")
def line_of_environment(code: Code, line: Located[str], environment: str, *, of_file: bool = False) -> Diagnostic:
    """`of_file`: in its front matter, so that it is about all of its tables."""
    name = quoted(line.span.source.name)
    if of_file:
        repair = f"add to the project file: environments: {{{environment}: {{tables: {{leaveOut: [{name}]}}}}}}"
    else:
        repair = "make it a heading above its tables, and leave them out in other environments"
    return Diagnostic(
        code,
        f'line "{line.value}" names another environment than {environment}, and tables below it would hold in all',
        Label(line.span, f"also in {environment}?"),
        help=f"{repair}; or, if it limits nothing, {say_read_as(line.value, 'ignore')}",
    )


@code("EG528", Severity.ERROR, "Nothing says in which cluster Argo CD installs an environment.")
def unnamed_cluster(code: Code, place: Span, environment: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"argocd needs the cluster of the environment {environment}: several could end up in one",
        Label(place),
        help=f"add to the project file: environments: {{{environment}: {{export: {{argocd: {{cluster: NAME}}}}}}}}, "
        "with its name in Argo CD; in-cluster is the one that Argo CD runs in",
    )


@code("EG527", Severity.WARNING, "A values file or an export belongs to no environment of the project.")
def left_behind(
    code: Code, file: Span, folder: str, environments: Sequence[str], tools: Sequence[str] = ()
) -> Diagnostic:
    """`folder`: that of values or exports, as the project names it. `tools`: those that an export is for."""
    what = f"export for {', '.join(tools)}" if tools else "file"
    first, more = (environments[0], "") if environments else ("", ": the project has none")
    way = f"move it to {folder}/{first} with its extra rules if it is for {first}, or remove it"
    if not environments:
        way = f"move its extra rules to the file of the service in {folder}, and remove it"
    if tools:
        way = "remove it, once nothing reads it any more: until then, it keeps its policies in the cluster"
    return Diagnostic(code, f"{what} in {folder} belongs to no environment{more}", Label(file), help=way)


@code("EG529", Severity.ERROR, "Two environments install the same release in one cluster.")
def shared_release(
    code: Code, place: Span, environment: str, other: str, release: str, namespace: str, cluster: str
) -> Diagnostic:
    return Diagnostic(
        code,
        f'{environment} and {other} both install the release "{release}" in the namespace "{namespace}" of the cluster '
        f'"{cluster}": each would overwrite the policies of the other',
        Label(place),
        help=f"give the catalog other namespaces for {environment} or {other}, or name another cluster: "
        f"environments: {{{environment}: {{export: {{argocd: {{cluster: NAME}}}}}}}}",
    )


@code("EG530", Severity.ERROR, "The exports of two environments have the same name.")
def shared_export_name(code: Code, place: Span, environment: str, other: str, name: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'exports of {environment} and {other} both have the name "{name}": one would replace the other',
        Label(place),
        help=f"write another one: environments: {{{environment}: {{export: {{name: NAME}}}}}}",
    )
