"""EG4xx: ports that rows ask for: one is missing, not the destination's, or said twice."""

from collections.abc import Sequence
from typing import Final

from egressc.diagnostics.core import Code, Diagnostic, Label, Lack, Missing, Severity, code
from egressc.diagnostics.phrases import quoted, say_read_as
from egressc.source import Located, Span

# Source: IANA, Service Name and Transport Protocol Port Number Registry.
_USUAL_NUMBERS: Final = {"http": 80, "https": 443, "smtp": 25, "ssh": 22, "ldap": 389, "ldaps": 636, "ntp": 123}


@code("EG401", Severity.ERROR, "A service depends on a destination whose port nothing says.")
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
        is_address: it is written as a network in place of a name, so that no table or catalog can say its port.
    """
    name = names.value[0]
    is_yaml = names.span.source.name.lower().endswith((".yaml", ".yml"))
    column = "under listensOn" if is_yaml else 'in a column "Listens on"'
    everywhere = f'{column} or as "ports" in the catalog'
    if len(names.value) > 1 or more:
        message, repair = f"on which ports {_listed(names.value, more)} listen", f"write them for each {everywhere}"
    else:
        message, repair = (
            f'on which port "{name}" listens',
            f'write the port here ("{name}:8080"), or for all {everywhere}',
        )
    if is_address:
        repair = f'write the port here: "{name} (443)"'
    return Diagnostic(
        code,
        f"nothing says {message}",
        Label(names.span, "on which port"),
        tuple(related),
        repair,
        service,
        destination,
        () if is_address else tuple(Missing(Lack.PORTS, name) for name in names.value),
    )


@code("EG406", Severity.ERROR, "A row asks for the port of a Service where policies see the port of the pod.")
def service_port(
    code: Code,
    names: Located[Sequence[str]],
    more: int,
    asked: Sequence[int],
    pods: str,
    at: Sequence[Label],
    text: str,
    service: str,
    destination: str,
) -> Diagnostic:
    """Of one destination, or of several that the row names at once.

    Args:
        names: the first few destinations, and the place in the row.
        more: how many others there are.
        text: the item or the cell that says the ports.
        asked: ports of their Services.
        pods: the ports of their pods; empty where each has others, which the labels `at` show.
    """
    numbers = ", ".join(str(number) for number in asked)
    ports, belong = (f"port {numbers}", "belongs") if len(asked) == 1 else (f"ports {numbers}", "belong")
    is_one = len(names.value) == 1 and not more
    whose = "its Service: its" if is_one else "their Services: their"
    message = (
        f"{ports} of {_listed(names.value, more)} {belong} to {whose} pods listen on {pods or 'ports of their own'}"
    )
    repair = (
        f"write {pods} in place of {numbers}" if pods else f"leave {numbers} out, and each is reached on its own ports"
    )
    return Diagnostic(
        code,
        message,
        Label(names.span, "Service port"),
        tuple(at),
        f"{repair} ({say_read_as(text, '<name> (<port>)')}), or set cluster.serviceTranslation to before where the CNI "
        "applies policy before translation",
        service,
        destination,
    )


@code("EG407", Severity.WARNING, "A row asks for a port that the destination is not known to listen on.")
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
        message = f"{quoted} is not known to listen on {asked}, only on {known}"
        repair = f"write one of its ports, or add {asked} to them"
    else:
        message = f"{quoted} are not known to listen on {asked}"
        repair = f"write ports that each of them listens on, or add {asked} to those of each"
    return Diagnostic(code, message, Label(names.span, "a port of its own"), tuple(at), repair, service, destination)


@code("EG409", Severity.ERROR, "A service asks for one destination on different ports in two tables.")
def contradicting_ports(
    code: Code, name: Located[str], says: str, other: str, first: Span, service: str, destination: str
) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name.value}" is asked for on {says} here and on {other} in the detailed row',
        Label(name.span, says),
        (Label(first, other),),
        f"where the detailed row is right, {say_read_as(name.span.text, name.value)}; else make both say the same",
        service,
        destination,
    )


def _listed(names: Sequence[str], more: int) -> str:
    quoted = [f'"{name}"' for name in names] + ([f"{more} more"] if more else [])
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}" if len(quoted) > 1 else quoted[0]


@code("EG425", Severity.WARNING, "A DNS profile of one's own has UDP or TCP alone.")
def one_sided_dns(code: Code, ports: Span, missing: str) -> Diagnostic:
    """`missing`: the protocol without a port. Source: RFC 7766, section 5: DNS takes both."""
    why = (
        "answers too long for a datagram are asked for again over TCP" if missing == "TCP" else "questions go over UDP"
    )
    return Diagnostic(
        code,
        f"the DNS profile has no port for {missing}: {why}",
        Label(ports, f"no {missing}"),
        help="write the port as a number alone, which is both protocols, or add an entry for the other one",
    )


@code("EG426", Severity.ERROR, "A port of addresses is said by a name, which only pods give to ports.")
def idle_port_name(code: Code, name: Located[str], destination_name: str, service: str, destination: str) -> Diagnostic:
    with_number = name.span.text.replace(name.value, str(_USUAL_NUMBERS.get(name.value, "<number>")))
    return Diagnostic(
        code,
        f'"{destination_name}" is addresses, and no address has a port called "{name.value}"',
        Label(name.span, "would allow nothing"),
        help=f"write its number; or {say_read_as(name.span.text, with_number)}",
        service=service,
        destination=destination,
    )


@code("EG436", Severity.ERROR, "A port is said by a name that the destination does not declare.")
def undeclared_port_name(
    code: Code, name: Located[str], destination_name: str, service: str, destination: str
) -> Diagnostic:
    """Source: the Kubernetes API, NetworkPolicyPort.port: a name that no container has allows nothing."""
    return Diagnostic(
        code,
        f'"{destination_name}" declares no port with the name "{name.value}"',
        Label(name.span, "no such port"),
        help=f"write its number; or add the name to the catalog, where containers have it: destinations: "
        f"{{{quoted(destination_name)}: {{ports: [{{port: \u2026, name: {quoted(name.value)}}}]}}}}; or "
        f"{say_read_as(name.span.text, '<number>')}",
        service=service,
        destination=destination,
    )
