"""EG4xx: destinations wider than they look, or enforced as something else."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.diagnostics.phrases import quoted
from egressc.source import Located, Span


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


@code("EG412", Severity.WARNING, "Namespaces are told by a label that Kubernetes does not set.")
def custom_namespace_label(code: Code, label: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'label "{label.value}" of namespaces is not set by Kubernetes: rules hold only where someone sets it',
        Label(label.span, "not kubernetes.io/metadata.name"),
        help="use kubernetes.io/metadata.name, or allow EG412 with a reason in the project file",
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
        f"destination: {quoted(name.value)}, reason: \u2026}}]",
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


@code("EG424", Severity.WARNING, "The namespaces of a destination are told only by what they do not have.")
def excluding_namespaces(code: Code, name: str, at: Span, destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'namespaces of "{name}" are told only by what they do not have: Cilium opens every address outside too',
        Label(at, "no label has to be there"),
        help="add {key: kubernetes.io/metadata.name, operator: Exists} to matchExpressions of the namespaces",
        destination=destination,
    )
