"""Codes of values files: what the schema or the API server refuses (EG24x), and extra rules that allow much (EG45x)."""

from collections.abc import Sequence
from typing import Final

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.source import Span


@code("EG240", Severity.ERROR, "A value in a values file is not one that the schema or the API server takes.")
def invalid_value(code: Code, span: Span, what: str, problem: str, help: str = "") -> Diagnostic:
    """`problem` is a predicate of `what`: `port "80"` and `is a number in quotes`."""
    return Diagnostic(code, f"{what} {problem}", Label(span), help=help)


@code("EG241", Severity.ERROR, "A values file has a key that means nothing there.")
def unknown_values_key(code: Code, span: Span, key: str, owner: str, known: Sequence[str], near: str) -> Diagnostic:
    keys = ", ".join(known)
    return Diagnostic(
        code,
        f"{key} is not a key of {owner}",
        Label(span, "no such key"),
        help=f'write "{near}"' if near else f"the keys of {owner} are {keys}",
    )


@code("EG242", Severity.ERROR, "A values file leaves out what must be written.")
def missing_values_key(code: Code, span: Span, owner: str, key: str, help: str) -> Diagnostic:
    return Diagnostic(code, f'{owner} has no "{key}"', Label(span, f"{key} is missing"), help=help)


@code("EG243", Severity.ERROR, "Two keys of a values file exclude each other.")
def excluding_keys(code: Code, span: Span, problem: str, help: str, related: Span | None = None) -> Diagnostic:
    return Diagnostic(code, problem, Label(span), related=(Label(related),) if related else (), help=help)


@code("EG244", Severity.ERROR, "A port range in a values file ends before it starts.")
def falling_range(code: Code, span: Span, port: int, end_port: int, related: Span | None = None) -> Diagnostic:
    return Diagnostic(
        code,
        f"endPort {end_port} is below port {port}",
        Label(span, "the range ends here"),
        related=(Label(related, "and starts here"),) if related else (),
        help=f"write {port} or more as endPort, or only {port} as port",
    )


@code("EG245", Severity.ERROR, "A network in a values file is not written as the API server takes it.")
def invalid_network(code: Code, span: Span, text: str, problem: str, help: str) -> Diagnostic:
    return Diagnostic(code, f"network {text} {problem}", Label(span), help=help)


@code("EG246", Severity.ERROR, "An except in a values file is not a smaller network inside its cidr.")
def useless_except(
    code: Code, span: Span, text: str, problem: str, cidr: str, related: Span | None = None
) -> Diagnostic:
    return Diagnostic(
        code,
        f'except "{text}" {problem}',
        Label(span),
        related=(Label(related, "the network it is taken from"),) if related else (),
        help=f"write a network inside {cidr} and smaller than it, or leave it out",
    )


@code("EG450", Severity.WARNING, "An extra rule allows everything, which makes the rows of the tables moot.")
def extra_allows_everything(code: Code, span: Span, reach: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"extra rule allows {reach}, so the rows of the tables restrict nothing",
        Label(span, "allows everything"),
        help="write who may be reached under to and on which ports under ports, or delete the rule",
    )


@code("EG451", Severity.WARNING, "An extra rule reaches more than it seems to.")
def wide_extra(code: Code, span: Span, reach: str, help: str) -> Diagnostic:
    return Diagnostic(code, f"extra rule reaches {reach}", Label(span), help=help)


@code("EG452", Severity.WARNING, "A namespaceSelector and a podSelector stand in two peers and are alternatives.")
def split_peer(code: Code, span: Span, related: Span | None = None) -> Diagnostic:
    return Diagnostic(
        code,
        "podSelector and namespaceSelector in two items of the list are alternatives",
        Label(span, "these pods, in the policy's own namespace"),
        related=(Label(related, "or every pod of these namespaces"),) if related else (),
        help="write both in one item, the second without a hyphen, to mean these pods in these namespaces",
    )


@code("EG453", Severity.WARNING, "A namespace is selected by a label that Kubernetes does not set.")
def extra_namespace_label(code: Code, span: Span, key: str, namespace_label: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'namespaces have no label "{key}" unless someone sets it',
        Label(span, "matches nothing where it is not set"),
        help=f'write "{namespace_label}", which holds the name of every namespace',
    )


@code("EG454", Severity.WARNING, "An extra rule tells namespaces only by what they do not have.")
def extra_excluding_namespaces(code: Code, span: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "namespaces are told only by what they do not have: Cilium opens every address outside of the cluster too",
        Label(span, "no label has to be there"),
        help="add {key: kubernetes.io/metadata.name, operator: Exists} to matchExpressions",
    )


# Codes about extra rules, by id.
OF_EXTRA_RULES: Final = frozenset(
    it.code.id
    for it in (extra_allows_everything, wide_extra, split_peer, extra_namespace_label, extra_excluding_namespaces)
)
