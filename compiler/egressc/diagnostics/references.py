"""EG317-EG322: names of services and destinations that rows limit, or that cannot be used there."""

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code
from egressc.diagnostics.phrases import ask_read_as, group_entry, quoted, say_read_as
from egressc.source import Located


@code("EG317", Severity.ERROR, "The source of a row is not a service or a group of services.")
def unusable_source(code: Code, name: Located[str], *, is_many: bool) -> Diagnostic:
    """`is_many`: it stands for several things, such as "any"; else it may be people, or a service."""
    if is_many:
        return Diagnostic(
            code,
            f'"{name.value}" cannot be a source: it is not the name of a service',
            Label(name.span, "which services?"),
            help='write "All services" for every service, or add to the catalog: ' + group_entry(name.value),
            missing=(Missing(Lack.GROUP, name.value, supposed="all"),),
        )
    return Diagnostic(
        code,
        f'"{name.value}" may be a service or people',
        Label(name.span, "who is this?"),
        help=f'add it to the catalog: destinations: {{{quoted(name.value)}: {{namespace: "\u2026"}}}} for a '
        f"service, or {{{quoted(name.value)}: {{policy: none}}}} for people, who get no policy",
        missing=(Missing(Lack.SOURCE, name.value),),
    )


@code("EG318", Severity.ERROR, "Words in parentheses limit the name before them.")
def limited_item(
    code: Code, words: Located[str], item: str, name: str, unlimited: str, *, is_public: bool = False
) -> Diagnostic:
    """`unlimited`: the item without these words; `is_public`: the name means every public address."""
    define = (
        f'add it to the catalog: destinations: {{{quoted(item)}: {{addresses: ["\u2026"]}}}}; or ' if is_public else ""
    )
    return Diagnostic(
        code,
        f'"{words.value}" limits "{name}", but a rule cannot',
        Label(words.span, "granted or not?"),
        help=f'{define}{say_read_as(item, "ignore")} if it is not granted, or "{unlimited}" if it is',
        missing=ask_read_as(item, "ignore", unlimited, supposed=unlimited),
    )


@code("EG319", Severity.ERROR, "Words in parentheses may be a remark or a namespace.")
def unclear_remark(code: Code, words: Located[str], item: str, name: str, known: str) -> Diagnostic:
    where = f' in the namespace "{known}"' if known else ""
    return Diagnostic(
        code,
        f'"{words.value}" is neither a port nor a known namespace of "{name}"',
        Label(words.span, "a remark?"),
        help=f'{say_read_as(item, name)} if it is a remark on "{name}"{where}; or, if it is a namespace, add a '
        "destination with another name there",
        missing=ask_read_as(item, name, supposed=name),
    )


@code("EG320", Severity.ERROR, "A row has a protocol in place of a port, but the destination has several ports.")
def unported_remark(code: Code, words: Located[str], item: str, name: str, port: str) -> Diagnostic:
    """`port`: one of those that the destination is known to listen on."""
    return Diagnostic(
        code,
        f'"{words.value}" is a protocol, but "{name}" has several ports',
        Label(words.span, "which port?"),
        help=f'write the port, such as "{name} ({port})", or {say_read_as(item, f"{name} ({port})")}',
        missing=ask_read_as(item, f"{name} (<port>)", supposed=name),
    )


@code("EG321", Severity.ERROR, "The source of a row is an address that a pod may have.")
def address_source(code: Code, address: Located[str]) -> Diagnostic:
    return Diagnostic(
        code,
        f'source "{address.value}" is an address, but addresses of pods change',
        Label(address.span, "which workload?"),
        help="add this alias of the workload to the catalog: destinations: "
        f'{{"<name>": {{aliases: [{quoted(address.value)}], namespace: "\u2026"}}}}; or '
        f"addresses: [{quoted(address.value)}] if it is "
        f"outside the cluster; or {say_read_as(address.value, 'leave out')}",
        missing=(Missing(Lack.ALIAS, address.value),),
    )


@code("EG322", Severity.ERROR, "A name in the catalog is reserved: it has another meaning in cells.")
def reserved_name(code: Code, name: Located[str], meaning: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'name "{name.value}" is reserved: in a cell it means {meaning}',
        Label(name.span, "reserved"),
        help="write another name",
    )
