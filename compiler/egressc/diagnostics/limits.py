"""EG4xx: more than one project or one report takes."""

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.source import Span


@code("EG419", Severity.ERROR, "The sources hold more errors than a report takes.")
def too_many_errors(code: Code, last: Span, limit: int) -> Diagnostic:
    return Diagnostic(
        code,
        f"the sources hold {limit} errors or more: the rest is not looked for",
        Label(last, "the last one looked at"),
        help="repair these first; often one cause, such as a header or a missing catalog, has many",
    )


@code("EG421", Severity.ERROR, "The sources hold more rows than one project takes.")
def too_many_rows(code: Code, table: Span, limit: int) -> Diagnostic:
    return Diagnostic(
        code,
        f"the sources hold more than {limit} rows",
        Label(table, "the table that is one too many" if table.text else ""),
        help="make several projects of the platform, each with a project file of its own",
    )


@code("EG422", Severity.ERROR, "Groups that ask for groups stand for more connections than a project takes.")
def too_many_connections(code: Code, group: Span, limit: int) -> Diagnostic:
    return Diagnostic(
        code,
        f"groups stand for more than {limit} connections",
        Label(group, "the group that is one too many"),
        help="name the services that are meant, or make several projects of the platform",
    )


@code("EG423", Severity.NOTE, "There are more findings of one code than a report shows.")
def more_findings(code: Code, of: str, last: Span, shown: int, more: int) -> Diagnostic:
    return Diagnostic(
        code,
        f"{more} more findings of {of} are not shown",
        Label(last, f"the last of {shown} shown"),
        help="look at those that are shown first; often one cause has many",
    )
