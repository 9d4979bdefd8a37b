"""EG4xx: more than one project or one report can hold."""

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.source import Span


@code("EG419", Severity.ERROR, "The sources have too many errors for one report.")
def too_many_errors(code: Code, last: Span, limit: int) -> Diagnostic:
    return Diagnostic(
        code,
        f"sources have {limit} errors or more, so egressc stopped there",
        Label(last, "the last one found"),
        help="remove the causes of these first; one cause, such as a header or a missing catalog, often has many",
    )


@code("EG421", Severity.ERROR, "The sources have too many rows for one project.")
def too_many_rows(code: Code, table: Span, limit: int) -> Diagnostic:
    return Diagnostic(
        code,
        f"sources have more than {limit} rows",
        Label(table, "one table too many" if table.text else ""),
        help="write several projects for the platform, each with its own project file",
    )


@code("EG422", Severity.ERROR, "Groups that connect to groups make too many connections for one project.")
def too_many_connections(code: Code, group: Span, limit: int) -> Diagnostic:
    return Diagnostic(
        code,
        f"groups make more than {limit} connections",
        Label(group, "one group too many"),
        help="write the services that you mean, or write several projects for the platform",
    )


@code("EG423", Severity.NOTE, "A report does not show all findings of one code.")
def more_findings(code: Code, of: str, last: Span, shown: int, more: int) -> Diagnostic:
    return Diagnostic(
        code,
        f"{more} more findings of {of} are not shown",
        Label(last, f"the last of {shown} shown"),
        help="remove the causes of those shown first; one cause often has many findings",
    )
