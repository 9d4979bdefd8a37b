"""EG310-EG314: where services and destinations are, which neither tables nor catalog say."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code
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
        f'destinations: {{"{name.value}": {{policy: none}}}} where it gets none',
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
