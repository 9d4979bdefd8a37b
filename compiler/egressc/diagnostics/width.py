"""EG4xx: destinations and callers that are wider than they look, or enforced as something else."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.diagnostics.phrases import quoted, say_allow
from egressc.source import Located, Span


@code("EG402", Severity.WARNING, "A destination or caller is every pod of a namespace.")
def whole_namespace(code: Code, end: str, name: str, namespace: str, at: Span, destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'{end} "{name}" is every pod of {namespace}',
        Label(at, "the whole namespace"),
        help=f"add a selector for its pods, or {say_allow(code)}",
        destination=destination,
    )


@code("EG403", Severity.WARNING, "A destination or caller may be in any namespace.")
def any_namespace(code: Code, end: str, name: str, at: Span, destination: str) -> Diagnostic:
    """`end`: "destination", "caller", or "peer" for both."""
    gains = {"destination": "receives this traffic", "caller": "can connect"}.get(end, "takes its place")
    return Diagnostic(
        code,
        f'{end} "{name}" may be in any namespace: whoever can label a pod there {gains}',
        Label(at, "every namespace"),
        help=f"add its namespace, or {say_allow(code)}",
        destination=destination,
    )


@code("EG404", Severity.WARNING, "A destination, or a service for its callers, is reachable on every port.")
def every_port(code: Code, end: str, name: str, at: Span, destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'{end} "{name}" is reachable on every port',
        Label(at, "every port"),
        help=f"add its ports, or {say_allow(code)}",
        destination=destination,
    )


@code("EG405", Severity.WARNING, "A destination or caller is every address, including private ones and those of pods.")
def every_address(code: Code, end: str, name: str, cidr: str, at: Span, destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'{end} "{name}" is every address ({cidr}), including private ones',
        Label(at, "every address"),
        help=f'write "internet: true" in the catalog for public addresses only, or {say_allow(code)}',
        destination=destination,
    )


@code("EG412", Severity.WARNING, "Namespaces are selected by a label that Kubernetes does not set.")
def custom_namespace_label(code: Code, label: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'Kubernetes does not set the namespace label "{label.value}", so rules work only if someone sets it',
        Label(label.span, "not kubernetes.io/metadata.name"),
        help="write kubernetes.io/metadata.name, or add EG412 with a reason to allow in the project file",
    )


@code("EG414", Severity.WARNING, "Host names are enforced as addresses, which may be more or less than the names.")
def approximate_hosts(
    code: Code, name: Located[str], hosts: Sequence[str], stand_in: str, reason: str, destination: str
) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name.value}" ({", ".join(hosts)}) is enforced as {stand_in}, because {reason}',
        Label(name.span, "approximate"),
        help="add to the project file why that is good enough: allow: [{code: EG414, "
        f"destination: {quoted(name.value)}, reason: \u2026}}]",
        destination=destination,
    )


@code("EG415", Severity.WARNING, "Namespace and pod selector are in separate peers, which means one or the other.")
def separate_peers(code: Code, name: str, at: Span, destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'peers of "{name}" are a whole namespace or pods of its own, because separate items mean "or"',
        Label(at, "one or the other"),
        help="write namespaceSelector and podSelector in one item for pods of that namespace",
        destination=destination,
    )


@code("EG424", Severity.WARNING, "The namespaces of a destination are selected only by labels that they do not have.")
def excluding_namespaces(code: Code, name: str, at: Span, destination: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'namespaces of "{name}" are selected only by labels they lack, '
        "so Cilium before 1.19 allows every address outside too",
        Label(at, "no label is required"),
        help="add {key: kubernetes.io/metadata.name, operator: Exists} to matchExpressions of the namespaces",
        destination=destination,
    )
