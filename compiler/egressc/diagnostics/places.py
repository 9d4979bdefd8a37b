"""Where services and destinations are: what neither tables nor catalog say, and services with the same pods."""

from collections.abc import Sequence

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code
from egressc.diagnostics.phrases import MOST_PLACES, quoted, say_allow, say_read_as
from egressc.source import Located


@code("EG309", Severity.ERROR, "A row gives a destination another namespace than its own.")
def other_namespace(
    code: Code, name: Located[str], said: str, known: str, related: Sequence[Label], *, is_port: bool = False
) -> Diagnostic:
    """`known`: empty for a preset in no one namespace; `is_port`: what is in its place may be the name of a port."""
    if not known:
        return Diagnostic(
            code,
            f'"{name.value}" is not in one namespace, so it cannot be limited to "{said}"',
            Label(name.span, "in no one namespace"),
            help=f'write "{name.value}" without "{said}"; or, if all pods of the namespace are meant, '
            f'"Namespace {said}"',
        )
    port = f'write "{name.value}:{said}" if "{said}" is a port; or ' if is_port else ""
    return Diagnostic(
        code,
        f'"{name.value}" is in the namespace "{known}", not in "{said}"',
        Label(name.span, "another namespace"),
        tuple(related),
        f'{port}add a destination with another name for "{said}"; or, if "{known}" is right, '
        f"{say_read_as(said, known)}",
    )


@code("EG310", Severity.ERROR, "The namespace of a service or destination is missing.")
def no_namespace(code: Code, name: Located[str], related: Sequence[Label]) -> Diagnostic:
    return Diagnostic(
        code,
        f'namespace of "{name.value}" is missing',
        Label(name.span, "no namespace"),
        tuple(related),
        'add a column "Namespace"; or add to the catalog "namespace" for it, defaults.namespace for all, or '
        '"addresses" if it is outside the cluster',
        missing=(Missing(Lack.NAMESPACE, name.value),),
    )


@code("EG311", Severity.ERROR, "The selector of a service or destination is missing.")
def no_selector(code: Code, name: Located[str], related: Sequence[Label]) -> Diagnostic:
    return Diagnostic(
        code,
        f'selector of "{name.value}" is missing',
        Label(name.span, "no selector"),
        tuple(related),
        'add a column "Selector"; or add to the catalog "selector" for it, or defaults.selector for all',
        missing=(Missing(Lack.SELECTOR, name.value),),
    )


@code("EG312", Severity.ERROR, "A service does not select specific pods of one namespace.")
def boundless_service(code: Code, name: Located[str], problem: str, repair: str = "") -> Diagnostic:
    return Diagnostic(
        code,
        f'service "{name.value}" {problem}',
        Label(name.span, "not specific pods of one namespace"),
        help=repair
        or "add one namespace and a selector to the catalog, or its policy would apply to pods of others; or add "
        f"destinations: {{{quoted(name.value)}: {{policy: none}}}} if it gets no policy",
    )


@code("EG313", Severity.ERROR, "The addresses of an external destination are missing.")
def no_address(code: Code, name: Located[str], hosts: Sequence[str], related: Sequence[Label]) -> Diagnostic:
    known = f" ({', '.join(hosts)})" if hosts else ""
    return Diagnostic(
        code,
        f'addresses of "{name.value}"{known} are missing',
        Label(name.span, "no address known"),
        tuple(related),
        'add to the catalog "addresses" for it, "internet: true" for any public address, or the namespace and '
        "selector of an egress gateway; hosts need none with a `dialect` of the project file that names them, such as "
        "Cilium, EKS, GKE or Istio",
        missing=(Missing(Lack.ADDRESSES, name.value, choices=tuple(hosts)),),
    )


@code("EG314", Severity.ERROR, "The address of the API server is missing.")
def unknown_api_server(code: Code, name: Located[str], lacks: str = "", has: str = "") -> Diagnostic:
    """`lacks`: the one family of the cluster, where the project file has addresses of another alone, which is `has`."""
    if lacks:
        return Diagnostic(
            code,
            f'"{name.value}" needs an {lacks} address of the API server, but cluster.apiServer has only {has}',
            Label(name.span, f"no {lacks} address"),
            help=f"add an {lacks} address to cluster.apiServer.addresses, or {has} to cluster.ipFamilies",
        )
    return Diagnostic(
        code,
        f'"{name.value}" needs the address of the API server, which is missing',
        Label(name.span, "no address"),
        help='add cluster.apiServer to the project file: {addresses: ["<address>/32"], port: <port>}; '
        "`egressc presets --from-cluster` prints both",
        missing=(Missing(Lack.API_SERVER, name.value),),
    )


@code("EG440", Severity.ERROR, "Two services select the same pods: each gets the rules of the other.")
def shared_pods(code: Code, name: Located[str], other: Located[str], namespace: str, service: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'services "{name.value}" and "{other.value}" select the same pods of namespace "{namespace}"',
        Label(name.span, "the same pods"),
        (Label(other.span, "as this one"),),
        "write a selector for each, or {id} in a value of defaults.selector in the catalog; or, if both are one "
        f"service, add to the catalog: destinations: {{{quoted(other.value)}: {{aliases: [{quoted(name.value)}]}}}}",
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
        f"write selectors that differ in the value of one label, or {say_allow(code)}",
        service=service,
        destination=other,
    )


@code("EG445", Severity.ERROR, "A selector contradicts itself: it matches no pod.")
def selects_nothing(code: Code, name: Located[str], consequence: str, service: str) -> Diagnostic:
    """`consequence`: what follows, as a clause after "so"."""
    return Diagnostic(
        code,
        f'selector of "{name.value}" matches no pod, so {consequence}',
        Label(name.span, "no pod can have such labels"),
        help="write labels that one pod, or one namespace, can have together",
        service=service,
    )
