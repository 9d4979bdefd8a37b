"""Codes of values files: what the schema or the API server refuses (EG24x), and extra rules that allow much (EG45x)."""

from collections.abc import Sequence
from typing import Final

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code, rewrite
from egressc.source import Span


@code("EG240", Severity.ERROR, "The schema or the API server refuses a value in a values file.")
def invalid_value(code: Code, span: Span, what: str, problem: str, help: str = "") -> Diagnostic:
    """`problem` is a predicate of `what`: `port "80"` and `is a number in quotes`."""
    return Diagnostic(code, f"{what} {problem}", Label(span), help=help)


@code("EG241", Severity.ERROR, "A values file has an unknown key.")
def unknown_values_key(code: Code, span: Span, key: str, owner: str, known: Sequence[str], near: str) -> Diagnostic:
    keys = ", ".join(known)
    return Diagnostic(
        code,
        f"{key} is not a key of {owner}",
        Label(span, "unknown key"),
        help=f'write "{near}"' if near else f"write one of {keys}",
        repairs=rewrite(span.text, (span,), (near,)),
    )


@code("EG242", Severity.ERROR, "A values file lacks a required key.")
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


@code("EG245", Severity.ERROR, "The API server refuses a network in a values file.")
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
        related=(Label(related, "the network that it excludes from"),) if related else (),
        help=f"write a smaller network inside {cidr}, or remove it",
    )


@code("EG450", Severity.WARNING, "An extra rule allows everything, so the rows of the tables have no effect.")
def extra_allows_everything(code: Code, span: Span, reach: str, side: str) -> Diagnostic:
    """`side` is the key of the rule's peers: `to` or `from`."""
    does, restricted = ("allows", "nothing") if side == "to" else ("lets in", "no caller")
    return Diagnostic(
        code,
        f"extra rule {does} {reach}, so the rows of the tables restrict {restricted}",
        Label(span, f"{does} everything"),
        help=f"write peers under {side} and ports under ports, or remove the rule",
    )


@code("EG451", Severity.WARNING, "An extra rule allows more than it seems to.")
def wide_extra(code: Code, span: Span, reach: str, side: str, help: str) -> Diagnostic:
    """`side` is the key of the rule's peers: `to` or `from`."""
    return Diagnostic(code, f"extra rule {'reaches' if side == 'to' else 'lets in'} {reach}", Label(span), help=help)


@code(
    "EG452", Severity.WARNING, "A namespaceSelector and a podSelector are in two peers, which makes them alternatives."
)
def split_peer(code: Code, span: Span, related: Span | None = None) -> Diagnostic:
    return Diagnostic(
        code,
        "podSelector and namespaceSelector in two items of the list are alternatives",
        Label(span, "these pods, in the policy's own namespace"),
        related=(Label(related, "or every pod of these namespaces"),) if related else (),
        help="write both in one item, the second without a hyphen, to select these pods in these namespaces",
    )


@code("EG453", Severity.WARNING, "A namespace is selected by a label that Kubernetes does not set.")
def extra_namespace_label(code: Code, span: Span, key: str, namespace_label: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'namespaces have the label "{key}" only if someone sets it',
        Label(span, "matches nothing if it is not set"),
        help=f'write "{namespace_label}", which holds the name of every namespace',
    )


@code("EG454", Severity.WARNING, "An extra rule selects namespaces only by labels that they do not have.")
def extra_excluding_namespaces(code: Code, span: Span) -> Diagnostic:
    return Diagnostic(
        code,
        "namespaces are selected only by labels they lack, "
        "so Cilium before 1.19 allows every address outside the cluster too",
        Label(span, "no label is required"),
        help="add {key: kubernetes.io/metadata.name, operator: Exists} to matchExpressions",
    )


# Codes about extra rules, by id.
OF_EXTRA_RULES: Final = frozenset(
    it.code.id
    for it in (extra_allows_everything, wide_extra, split_peer, extra_namespace_label, extra_excluding_namespaces)
)
