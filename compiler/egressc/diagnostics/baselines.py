"""EG233, EG465 to EG469, EG471 and EG472: what sources say of a namespace as a whole."""

from collections.abc import Sequence
from typing import Literal

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.diagnostics.phrases import quoted
from egressc.source import Located, Span

# Services that one finding names; the others are counted.
_MOST_NAMES = 5
EndHome = Literal["named", "labelled", "possible"]
"""A namespace of an end: by its name, by its labels, or perhaps, because its labels are not known."""


@code("EG233", Severity.ERROR, "A cell of a table of namespaces cannot be read.")
def unreadable_baseline(code: Code, text: Located[str], problem: str, repair: str = "") -> Diagnostic:
    return Diagnostic(
        code,
        f'"{text.value}" {problem}',
        Label(text.span, "not understood"),
        help=repair or 'write a DNS profile: "kube-dns", "any", "none", "nodelocal", "openshift" or "k8s-app-coredns"',
    )


@code("EG465", Severity.WARNING, "Something is open in a namespace in which nothing is denied.")
def idle_baseline(code: Code, namespace: Located[str], opening: str, direction: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'{opening} of namespace "{namespace.value}" has no effect, because its baseline does not deny {direction}',
        Label(namespace.span, "has no effect"),
        help=f"add to its baseline: deny: {'both' if ' ' in direction else direction}; or remove it",
    )


@code("EG466", Severity.ERROR, "A service has the name of the release that holds the baseline of its namespace.")
def reserved_release(code: Code, service: Located[str], release: str, namespace: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'id "{release}" is the name of the release for the baseline of namespace "{namespace}"',
        Label(service.span, "same release"),
        help=f"add to the catalog: destinations: {{{quoted(service.value)}: {{id: <another id>}}}}",
    )


@code("EG467", Severity.ERROR, "A row leads to or from pods that the baseline of their namespace closes.")
def closed_end(
    code: Code,
    name: Located[str],
    other: str,
    namespace: str,
    direction: str,
    baseline: Span,
    destination: str,
    *,
    home: EndHome,
) -> Diagnostic:
    """`name` is the end of the row that is no service, `other` its other end.

    `direction` is the one that the baseline denies at `name`. `home`: how it is known that the namespace has its pods.
    """
    allows = "let its pods reach anything" if direction == "egress" else "let callers in"
    repairs: list[str] = []  # an end in several namespaces can have no policy of its own
    if home == "named":
        entry = f"{{{quoted(name.value)}: {{directions: {direction}}}}}"
        repairs.append(f"for a policy of its own, add to the catalog: destinations: {entry}")
    elif home == "possible":
        repairs.append(
            "if its pods are elsewhere, write all labels of the namespace into the project file: "
            f"cluster: {{namespaces: {{{namespace}: {{labels: {{…}}}}}}}}"
        )
    key = "allowTo" if direction == "egress" else "allowFrom"
    repairs.append(
        f"to open every pod of the namespace, add {quoted(other)} to cluster.namespaces.{namespace}.baseline.{key} in "
        "the project file"
    )
    return Diagnostic(
        code,
        f'the baseline of namespace "{namespace}" denies {direction}, and no policy of "{name.value}" can {allows}',
        Label(name.span, "stays closed, if its pods are there" if home == "possible" else "stays closed"),
        (Label(baseline, f"denies {direction}"),),
        help="\n".join(repairs),
        destination=destination,
    )


@code("EG468", Severity.NOTE, "A service cannot resolve names: neither its policy nor a baseline allows DNS.")
def no_dns(code: Code, service: Located[str], others: Sequence[str], service_id: str) -> Diagnostic:
    """`others` are further services of that kind."""
    names = [service.value, *others]
    more = len(names) - _MOST_NAMES
    listed = f"{', '.join(names[:_MOST_NAMES])}{f' and {more} more' if more > 0 else ''}"
    return Diagnostic(
        code,
        f"{len(names)} services cannot resolve names: {listed}"
        if others
        else f'"{service.value}" cannot resolve names',
        Label(service.span, "no DNS"),
        help=f"if it needs DNS, add to the catalog: destinations: {{{quoted(service.value)}: {{dns: {{profile: "
        "kube-dns}}}; or let the baseline of its namespace allow DNS",
        service=service_id,
    )


@code("EG469", Severity.ERROR, "A row says that nothing leaves a service, but the baseline of its namespace allows it.")
def opened_for_all(
    code: Code, service: Located[str], opened: Sequence[str], namespace: str, baseline: Span, service_id: str
) -> Diagnostic:
    return Diagnostic(
        code,
        f'nothing may leave "{service.value}", but the baseline of namespace "{namespace}" lets every pod reach '
        f"{', '.join(opened)}",
        Label(service.span, "not even DNS"),
        (Label(baseline, "allows it"),),
        help="remove it from the baseline (for DNS: dns: false), or write None for the service",
        service=service_id,
    )


@code("EG471", Severity.WARNING, "A row leads to or from pods of others that the baseline of their namespace closes.")
def closed_by_baseline(
    code: Code, name: Located[str], other: str, namespace: str, direction: str, baseline: Span, destination: str
) -> Diagnostic:
    """The same for an end that never gets a policy from these sources."""
    between = f"to {quoted(other)}" if direction == "egress" else f"from {quoted(other)}"
    return Diagnostic(
        code,
        f'the baseline of namespace "{namespace}" denies {direction}, and only the owner of "{name.value}" can '
        f"allow what goes {between}",
        Label(name.span, "stays closed without it"),
        (Label(baseline, f"denies {direction}"),),
        help=f'remove policy: none of "{name.value}" from the catalog if nobody else allows it, or add EG471 with a '
        "reason to allow in the project file",
        destination=destination,
    )


@code("EG472", Severity.ERROR, "Something has the id that stands for all pods of a namespace with a baseline.")
def reserved_id(code: Code, name: Located[str], id: str, namespace: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'id "{id}" of "{name.value}" stands for all pods of namespace "{namespace}"',
        Label(name.span, "same id"),
        help=f"add to the catalog: destinations: {{{quoted(name.value)}: {{id: <another id>}}}}, or rename it",
    )
