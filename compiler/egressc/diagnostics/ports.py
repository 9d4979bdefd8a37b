"""EG4xx: ports in rows: one is missing, not the destination's, or given twice."""

from collections.abc import Sequence
from typing import Final

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code
from egressc.diagnostics.phrases import quoted, say_allow, say_read_as
from egressc.source import Located, Span

# Source: IANA, Service Name and Transport Protocol Port Number Registry.
_USUAL_NUMBERS: Final = {"http": 80, "https": 443, "smtp": 25, "ssh": 22, "ldap": 389, "ldaps": 636, "ntp": 123}


@code("EG401", Severity.ERROR, "A service needs a destination whose port is missing.")
def unknown_port(
    code: Code,
    names: Located[Sequence[str]],
    more: int,
    related: Sequence[Label],
    service: str,
    destination: str,
    *,
    is_address: bool = False,
) -> Diagnostic:
    """Of one destination, or of several that a cell names at once.

    Args:
        names: the first few destinations, and the place that asks.
        more: how many others there are.
        is_address: it is written as a network in place of a name, so no table or catalog can give its port.
    """
    name = names.value[0]
    is_yaml = names.span.source.name.lower().endswith((".yaml", ".yml"))
    column = "under listensOn" if is_yaml else 'in a column "Listens on"'
    everywhere = f'{column} or as "ports" in the catalog'
    if len(names.value) > 1 or more:
        message, repair = f"ports of {_listed(names.value, more)} are missing", f"write them for each {everywhere}"
    else:
        message, repair = (
            f'port of "{name}" is missing',
            f'write the port here ("{name}:8080"), or, for all rows, {everywhere}',
        )
    if is_address:
        repair = f'write the port here: "{name} (443)"'
    return Diagnostic(
        code,
        message,
        Label(names.span, "which port?"),
        tuple(related),
        repair,
        service,
        destination,
        () if is_address else tuple(Missing(Lack.PORTS, name) for name in names.value),
    )


@code("EG406", Severity.ERROR, "A row has the port of a Service, but policies see the port of the pod.")
def service_port(
    code: Code,
    names: Located[Sequence[str]],
    more: int,
    asked: Sequence[int],
    pods: str,
    at: Sequence[Label],
    text: str,
    meaning: str,
    service: str,
    destination: str,
) -> Diagnostic:
    """Of one destination, or of several that the row names at once.

    Args:
        names: the first few destinations, and the place in the row.
        more: how many others there are.
        text: the item or the cell that says the ports, if the project file can have something else read in its
            place; `meaning`: that.
        asked: ports of their Services.
        pods: the ports of their pods; empty if they differ, which the labels `at` show.
    """
    numbers = ", ".join(str(number) for number in asked)
    ports = f"port {numbers}" if len(asked) == 1 else f"ports {numbers}"
    is_one = len(names.value) == 1 and not more
    have, service_of, their = ("has", "its Service", "its") if is_one else ("have", "their Services", "their")
    message = (
        f"{_listed(names.value, more)} {have} {ports} on {service_of}, "
        f"but {their} pods listen on {pods or 'other ports'}"
    )
    repair = f"write {pods} in place of {numbers}" if pods else f"remove {numbers} to use the ports of each"
    return Diagnostic(
        code,
        message,
        Label(names.span, "Service port"),
        tuple(at),
        f"{repair}{f' ({say_read_as(text, meaning)})' if text else ''}, or write cluster.serviceTranslation: before if "
        "the CNI applies policy before translation",
        service,
        destination,
    )


@code("EG407", Severity.WARNING, "A row has a port that is not among the ports of the destination.")
def unlisted_port(
    code: Code,
    names: Located[Sequence[str]],
    more: int,
    asked: str,
    known: str,
    at: Sequence[Label],
    service: str,
    destination: str,
) -> Diagnostic:
    """Of one destination, or of several that the row names at once.

    Args:
        names: the first few destinations, and the place in the row.
        more: how many others there are.
        known: the ports of one destination; for several the labels `at` show them.
    """
    quoted = _listed(names.value, more)
    if len(names.value) == 1 and not more:
        message = f"{quoted} does not list {asked} among its ports ({known})"
        repair = f"write one of its ports, or add {asked} to them"
        opens = "which opens it for every row that names it without ports"
    else:
        message = f"{quoted} do not list {asked} among their ports"
        repair = f"write ports that all of them have, or add {asked} to the ports of each"
        opens = "which opens it for every row that names one of them without ports"
    repair += f", {opens}\nif it is meant for this row alone, {say_allow(code)}"
    return Diagnostic(code, message, Label(names.span, "not one of its ports"), tuple(at), repair, service, destination)


@code("EG409", Severity.ERROR, "A service needs a destination on different ports in two tables.")
def contradicting_ports(
    code: Code, name: Located[str], says: str, other: str, first: Span, service: str, destination: str
) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name.value}" is needed on {says} here but on {other} in the detailed row',
        Label(name.span, says),
        (Label(first, other),),
        f"write the same in both; or, if the detailed row is right, {say_read_as(name.span.text, name.value)}",
        service,
        destination,
    )


def _listed(names: Sequence[str], more: int) -> str:
    quoted = [f'"{name}"' for name in names] + ([f"{more} more"] if more else [])
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}" if len(quoted) > 1 else quoted[0]


@code("EG425", Severity.WARNING, "A custom DNS profile has only UDP or only TCP.")
def one_sided_dns(code: Code, ports: Span, missing: str) -> Diagnostic:
    """`missing`: the protocol without a port. Source: RFC 7766, section 5: DNS needs both."""
    why = "clients repeat a query over TCP if its answer is too long" if missing == "TCP" else "queries go over UDP"
    return Diagnostic(
        code,
        f"DNS profile has no port for {missing}, but {why}",
        Label(ports, f"no {missing}"),
        help="write only the number of the port for both protocols, or add an entry for the other protocol",
    )


@code("EG426", Severity.ERROR, "A port of addresses is given by name, but only pods have named ports.")
def unused_port_name(
    code: Code, name: Located[str], destination_name: str, text: str, service: str, destination: str
) -> Diagnostic:
    """`text`: what says the port, if the project file can have something else read in its place."""
    with_number = text.replace(name.value, str(_USUAL_NUMBERS.get(name.value, "<number>")))
    return Diagnostic(
        code,
        f'"{destination_name}" is an address, which cannot have the named port "{name.value}"',
        Label(name.span, "allows nothing"),
        help="write its number" + (f"; or {say_read_as(text, with_number)}" if text else ""),
        service=service,
        destination=destination,
    )


@code("EG436", Severity.ERROR, "A port is given by a name that the destination does not declare.")
def undeclared_port_name(
    code: Code, name: Located[str], destination_name: str, text: str, service: str, destination: str
) -> Diagnostic:
    """The same. Source: the Kubernetes API, NetworkPolicyPort.port: a name that no container has allows nothing."""
    return Diagnostic(
        code,
        f'"{destination_name}" has no port named "{name.value}"',
        Label(name.span, "not defined"),
        help=f"write its number; or, if containers have this name, add it to the catalog: destinations: "
        f"{{{quoted(destination_name)}: {{ports: [{{port: \u2026, name: {quoted(name.value)}}}]}}}}"
        + (f"; or {say_read_as(text, '<number>')}" if text else ""),
        service=service,
        destination=destination,
    )
