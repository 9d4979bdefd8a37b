"""EG401-EG449: what the whole set means: ports that are missing, rules that are wide, rows that contradict."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.source import Located, Span


@code("EG401", Severity.ERROR, "A service depends on a destination whose port nothing says.")
def unknown_port(
    code: Code, name: Located[str], related: Sequence[Label], service: str, destination: str
) -> Diagnostic:
    return Diagnostic(
        code,
        f'nothing says on which port "{name.value}" listens',
        Label(name.span, "on which port"),
        tuple(related),
        f'write the port here ("{name.value}:8080"), or for all in a column "Listens on" or as "ports" in the catalog',
        service,
        destination,
    )


@code("EG402", Severity.WARNING, "A destination is every pod of a namespace.")
def whole_namespace(code: Code, name: str, namespace: str, at: Span, destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'destination "{name}" is every pod of {namespace}',
        Label(at, "the whole namespace"),
        help="name its pods with a selector, or allow EG402 with a reason in a column Notes or the project file",
        destination=destination,
    )


@code("EG403", Severity.WARNING, "A destination may be in any namespace.")
def any_namespace(code: Code, name: str, at: Span, destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'destination "{name}" may be in any namespace: whoever can label a pod there receives this traffic',
        Label(at, "every namespace"),
        help="name its namespace, or allow EG403 with a reason in a column Notes or the project file",
        destination=destination,
    )


@code("EG404", Severity.WARNING, "A destination is reached on every port.")
def every_port(code: Code, name: str, at: Span, destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'destination "{name}" is reached on every port',
        Label(at, "every port"),
        help="list its ports, or allow EG404 with a reason in a column Notes or the project file",
        destination=destination,
    )


@code("EG405", Severity.WARNING, "A destination is every address, private ones and those of pods among them.")
def every_address(code: Code, name: str, cidr: str, at: Span, destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'destination "{name}" is every address ({cidr}), private ones among them',
        Label(at, "every address"),
        help='write "internet: true" in the catalog for public addresses alone, or allow EG405 with a reason',
        destination=destination,
    )


@code("EG406", Severity.ERROR, "A row asks for the port of a Service where policies see the port of the pod.")
def service_port(
    code: Code, name: Located[str], asked: int, pod: str, at: Sequence[Label], service: str, destination: str
) -> Diagnostic:
    return Diagnostic(
        code,
        f'port {asked} of "{name.value}" belongs to its Service: its pods listen on {pod}',
        Label(name.span, "Service port"),
        tuple(at),
        f"write {pod} in place of {asked}, or set cluster.serviceTranslation to before where the CNI applies policy"
        " before translation",
        service,
        destination,
    )


@code("EG407", Severity.WARNING, "A row asks for a port that the destination is not known to listen on.")
def unlisted_port(
    code: Code,
    names: Located[Sequence[str]],
    more: int,
    asked: str,
    known: str,
    near: str,
    at: Sequence[Label],
    service: str,
    destination: str,
) -> Diagnostic:
    """Of one destination, or of several that the row names at once.

    Args:
        names: the first few destinations, and the place in the row.
        more: how many others there are.
        known: the ports of one destination; for several the labels `at` show them.
        near: the listed number that the port, a name, starts with.
    """
    quoted = [f'"{name}"' for name in names.value] + ([f"{more} more"] if more else [])
    if len(quoted) == 1:
        message = f"{quoted[0]} is not known to listen on {asked}, only on {known}"
        repair = f"write one of its ports, or add {asked} to them"
    else:
        message = f"{', '.join(quoted[:-1])} and {quoted[-1]} are not known to listen on {asked}"
        repair = f"write ports that each of them listens on, or add {asked} to those of each"
    if near:
        repair = f"write {near} where the number is meant, or add the name {asked} to its ports"
    return Diagnostic(code, message, Label(names.span, "a port of its own"), tuple(at), repair, service, destination)


@code("EG408", Severity.ERROR, "Two places say different things of one service or destination.")
def contradicting_facts(code: Code, name: str, fact: str, says: str, at: Span, other: str, first: Span) -> Diagnostic:
    return Diagnostic(
        code,
        f'{fact} of "{name}" is {says} here and {other} elsewhere',
        Label(at, says),
        (Label(first, other),),
        "make both say the same, or give one of the two another name",
    )


@code("EG409", Severity.ERROR, "A service asks for one destination on different ports in two tables.")
def contradicting_ports(
    code: Code, name: Located[str], says: str, other: str, first: Span, service: str, destination: str
) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name.value}" is asked for on {says} here and on {other} in the detailed row',
        Label(name.span, says),
        (Label(first, other),),
        "make both say the same, or leave the ports to the detailed row",
        service,
        destination,
    )


@code("EG410", Severity.WARNING, "A row says again what another one says.")
def repeated_row(code: Code, row: Span, first: Span) -> Diagnostic:
    return Diagnostic(
        code, "row repeats another one", Label(row, "again"), (Label(first, "first"),), help="remove one of the two"
    )


@code("EG411", Severity.WARNING, "A list names one thing twice.")
def repeated_item(code: Code, item: Located[str], service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{item.value}" is listed twice',
        Label(item.span, "again"),
        help="remove one of the two",
        service=service,
    )


@code("EG412", Severity.WARNING, "Namespaces are told by a label that Kubernetes does not set.")
def custom_namespace_label(code: Code, label: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'label "{label.value}" of namespaces is not set by Kubernetes: rules hold only where someone sets it',
        Label(label.span, "not kubernetes.io/metadata.name"),
        help="use kubernetes.io/metadata.name, or allow EG412 with a reason in the project file",
    )


@code("EG413", Severity.WARNING, "Nobody uses a destination.")
def unused_destination(code: Code, name: Located[str], destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'no service uses destination "{name.value}"',
        Label(name.span, "grants nothing"),
        help="remove it, or name it in a row of a service",
        destination=destination,
    )


@code("EG414", Severity.WARNING, "Host names are enforced as addresses: more or less than the names may be reached.")
def approximate_hosts(
    code: Code, name: Located[str], hosts: Sequence[str], stand_in: str, destination: str
) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name.value}" ({", ".join(hosts)}) is enforced as {stand_in}: a NetworkPolicy knows no host names',
        Label(name.span, "approximate"),
        help="say in the project file why that is good enough: allow: [{code: EG414, "
        f'destination: "{name.value}", reason: \u2026}}]',
        destination=destination,
    )


@code("EG415", Severity.WARNING, "Namespace and pod selector stand in separate peers, which means one or the other.")
def separate_peers(code: Code, name: str, at: Span, destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'peers of "{name}" are a whole namespace or pods of the own one: separate items mean "or"',
        Label(at, "one or the other"),
        help="write namespaceSelector and podSelector in one item for pods of that namespace",
        destination=destination,
    )


@code("EG416", Severity.WARNING, "An allowance allows nothing that was found.")
def idle_allowance(code: Code, allowed: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f"allowance of {allowed.value} hides nothing",
        Label(allowed.span, "nothing to allow"),
        help="remove it",
    )


@code("EG417", Severity.ERROR, "An allowance names a code that cannot be allowed.")
def unallowable(code: Code, allowed: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f"{allowed.value} is an error and cannot be allowed",
        Label(allowed.span, "an error"),
        help="repair what it points at; only warnings and notes can be allowed",
    )


@code("EG418", Severity.ERROR, "The sources hold no service.")
def no_services(code: Code, source: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "the sources hold no service: there is nothing to compile",
        Label(source, "no table of services"),
        help='add a table with the columns "Service" and "Dependencies"',
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


@code("EG420", Severity.NOTE, "A caller is no service: what it sends is not limited by any policy made here.")
def outside_caller(code: Code, name: Located[str], destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name.value}" is no service, so rows that name it as the caller grant nothing',
        Label(name.span, "gets no rule"),
        help="where its egress is to be limited too, give it a row in a table of services",
        destination=destination,
    )


@code("EG419", Severity.ERROR, "The sources hold more errors than a report takes.")
def too_many_errors(code: Code, last: Span, limit: int) -> Diagnostic:
    return Diagnostic(
        code,
        f"the sources hold {limit} errors or more: the rest is not looked for",
        Label(last, "the last one looked at"),
        help="repair these first; often one cause, such as a header or a missing catalog, has many",
    )


@code("EG423", Severity.NOTE, "There are more findings of one code than a report shows.")
def more_findings(code: Code, of: str, last: Span, shown: int, more: int) -> Diagnostic:
    return Diagnostic(
        code,
        f"{more} more findings of {of} are not shown",
        Label(last, f"the last of {shown} shown"),
        help="look at those that are shown first; often one cause has many",
    )


@code("EG424", Severity.WARNING, "The namespaces of a destination are told only by what they do not have.")
def excluding_namespaces(code: Code, name: str, at: Span, destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'namespaces of "{name}" are told only by what they do not have: Cilium opens every address outside too',
        Label(at, "no label has to be there"),
        help="add {key: kubernetes.io/metadata.name, operator: Exists} to matchExpressions of the namespaces",
        destination=destination,
    )
