"""Where services and destinations are: what neither tables nor catalog say, and services that are the same pods."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code
from egressc.diagnostics.phrases import MOST_PLACES, quoted
from egressc.source import Located


@code("EG310", Severity.ERROR, "Nothing says in which namespace a service or destination runs.")
def no_namespace(code: Code, name: Located[str], related: Sequence[Label]) -> Diagnostic:
    return Diagnostic(
        code,
        f'nothing says in which namespace "{name.value}" runs',
        Label(name.span, "in no namespace"),
        tuple(related),
        'add a column "Namespace", or to the catalog its "namespace", defaults.namespace for all, or "addresses" of '
        "what is outside the cluster",
        missing=(Missing(Lack.NAMESPACE, name.value),),
    )


@code("EG311", Severity.ERROR, "Nothing says which pods a service or destination is.")
def no_selector(code: Code, name: Located[str], related: Sequence[Label]) -> Diagnostic:
    return Diagnostic(
        code,
        f'nothing says which pods "{name.value}" is',
        Label(name.span, "no selector"),
        tuple(related),
        'add a column "Selector", its "selector" to the catalog, or defaults.selector for all',
        missing=(Missing(Lack.SELECTOR, name.value),),
    )


@code("EG312", Severity.ERROR, "A service has to be certain pods of one namespace.")
def boundless_service(code: Code, name: Located[str], problem: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'service "{name.value}" {problem}',
        Label(name.span, "not certain pods of one namespace"),
        help="give it one namespace and a selector in the catalog: its policy would apply to pods of others; or "
        f"destinations: {{{quoted(name.value)}: {{policy: none}}}} where it gets none",
    )


@code("EG313", Severity.ERROR, "Nothing says at which addresses an external destination is.")
def no_address(code: Code, name: Located[str], hosts: Sequence[str], related: Sequence[Label]) -> Diagnostic:
    known = f" ({', '.join(hosts)})" if hosts else ""
    return Diagnostic(
        code,
        f'nothing says at which addresses "{name.value}"{known} is',
        Label(name.span, "a NetworkPolicy needs addresses"),
        tuple(related),
        'give it "addresses" in the catalog, "internet: true" where any public address is meant, or namespace and '
        "selector of an egress gateway",
        missing=(Missing(Lack.ADDRESSES, name.value, choices=tuple(hosts)),),
    )


@code("EG314", Severity.ERROR, "The address of the API server is needed and not known.")
def unknown_api_server(code: Code, name: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name.value}" needs the address of the API server, which is not known',
        Label(name.span, "where is it"),
        help='add cluster.apiServer to the project file: {addresses: ["192.0.2.10/32"], port: 6443}; '
        "`kubectl get endpointslices -n default` shows both",
        missing=(Missing(Lack.API_SERVER, name.value),),
    )


@code("EG440", Severity.ERROR, "Two services select the same pods: each gets the rules of the other.")
def shared_pods(code: Code, name: Located[str], other: Located[str], namespace: str, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'services "{name.value}" and "{other.value}" select the same pods of namespace "{namespace}"',
        Label(name.span, "the same pods"),
        (Label(other.span, "as this one"),),
        "give each its own selector; defaults.selector of the catalog needs {id} in a value. Where both names are one "
        f"service, write destinations: {{{quoted(other.value)}: {{aliases: [{quoted(name.value)}]}}}} in the catalog",
        service=service,
    )


@code("EG441", Severity.WARNING, "The pods of a service may be pods of another service: they get the rules of both.")
def overlapping_pods(
    code: Code, name: Located[str], others: Sequence[Located[str]], service: str, other: str, *, is_cut: bool
) -> Diagnostic:
    """`other`: the id of the other service where it is the only one. `is_cut`: not all of them were looked for."""
    if is_cut or len(others) > 1:
        whose = f"of {len(others)} other services" if not is_cut else "of many other services"
    else:
        whose = f'of "{others[0].value}"'
    return Diagnostic(
        code,
        f'pods of "{name.value}" may be pods {whose} too: nothing in their selectors excludes it',
        Label(name.span, "may share pods"),
        tuple(Label(it.span, "with this one") for it in others[:MOST_PLACES]),
        "write selectors that differ in the value of one label, or allow EG441 with a reason in a column Notes or the "
        "project file",
        service=service,
        destination=other,
    )


@code("EG445", Severity.ERROR, "A selector contradicts itself: no pod can fit it.")
def selects_nothing(code: Code, name: Located[str], consequence: str, service: str) -> Diagnostic:
    """`consequence`: what follows from it, as a clause."""
    return Diagnostic(
        code,
        f'selector of "{name.value}" fits no pod: {consequence}',
        Label(name.span, "no pod can have such labels"),
        help="write labels that one pod, or one namespace, can have together",
        service=service,
    )
