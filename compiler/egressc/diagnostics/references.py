"""EG317-EG322: names of services and destinations that rows limit, or that cannot play their part."""

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code
from egressc.diagnostics.phrases import ask_read_as, group_entry, quoted, say_read_as
from egressc.source import Located


@code("EG317", Severity.ERROR, "What a row names as its source is no service and no group of services.")
def unusable_source(code: Code, name: Located[str], *, is_many: bool) -> Diagnostic:
    """`is_many`: it stands for several things, such as "any"; else it may be people, or a service."""
    if is_many:
        return Diagnostic(
            code,
            f'"{name.value}" cannot be a source: it is not the name of a service',
            Label(name.span, "which services"),
            help='write "All services" where each service is meant, or define it in the catalog: '
            + group_entry(name.value),
            missing=(Missing(Lack.GROUP, name.value, supposed="all"),),
        )
    return Diagnostic(
        code,
        f'"{name.value}" may be a service, or people outside',
        Label(name.span, "who is this"),
        help=f'add it to the catalog: destinations: {{{quoted(name.value)}: {{namespace: "\u2026"}}}} for a '
        f"service, or {{{quoted(name.value)}: {{policy: none}}}} for people, who get no policy",
        missing=(Missing(Lack.SOURCE, name.value),),
    )


@code("EG318", Severity.ERROR, "Words in parentheses limit the name before them.")
def limited_item(code: Code, words: Located[str], item: str, name: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{words.value}" limits "{name}", and a rule cannot say so',
        Label(words.span, "not granted without a decision"),
        help=f'{say_read_as(item, "ignore")} where nothing is granted for it now, or "{name}" where it is',
        missing=ask_read_as(item, "ignore", name, supposed=name),
    )


@code("EG319", Severity.ERROR, "Words in parentheses may be a remark or a namespace.")
def unclear_remark(code: Code, words: Located[str], item: str, name: str, known: str) -> Diagnostic:
    where = f' in the namespace "{known}"' if known else ""
    return Diagnostic(
        code,
        f'"{words.value}" is neither a port nor a known namespace of "{name}"',
        Label(words.span, "a remark?"),
        help=f'{say_read_as(item, name)} where it is a remark on "{name}"{where}; where it is a namespace, define a '
        "destination of another name there",
        missing=ask_read_as(item, name, supposed=name),
    )


@code("EG320", Severity.ERROR, "A row names a protocol in place of a port, and the destination has several ports.")
def unported_remark(code: Code, words: Located[str], item: str, name: str, port: str) -> Diagnostic:
    """`port`: one of those that the destination is known to listen on."""
    return Diagnostic(
        code,
        f'"{words.value}" names a protocol, and "{name}" has several ports',
        Label(words.span, "which port"),
        help=f'write the port, such as "{name} ({port})", or {say_read_as(item, f"{name} ({port})")}',
        missing=ask_read_as(item, f"{name} (<port>)", supposed=name),
    )


@code("EG321", Severity.ERROR, "A row names as its source an address that a pod may have.")
def address_source(code: Code, address: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'source "{address.value}" is an address, and addresses of pods change',
        Label(address.span, "which workload"),
        help="give the workload this alias in the catalog: destinations: "
        f'{{"<name>": {{aliases: [{quoted(address.value)}], namespace: "\u2026"}}}}; or '
        f"addresses: [{quoted(address.value)}] to one "
        f"outside the cluster; or {say_read_as(address.value, 'leave out')}",
        missing=(Missing(Lack.ALIAS, address.value),),
    )


@code("EG322", Severity.ERROR, "A name of the catalog has another meaning in cells.")
def reserved_name(code: Code, name: Located[str], meaning: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name.value}" cannot be defined: in a cell it means {meaning}',
        Label(name.span, "has a meaning of its own"),
        help="choose another name",
    )
