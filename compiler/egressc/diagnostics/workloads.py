"""EG48x: what the workloads of the cluster say of the sources: ports, selectors, and pods that no row is about."""

from collections.abc import Iterable, Sequence
from typing import Final

from egressc.diagnostics.core import Code, Diagnostic, Label, Severity, code
from egressc.diagnostics.phrases import quoted, say_allow
from egressc.source import Located, Span


@code("EG480", Severity.NOTE, "A port of a Service is compiled to the port of the pods behind it.")
def translated_port(
    code: Code, name: Located[str], port: str, pod_port: str, services: Sequence[Label], destination: str
) -> Diagnostic:
    return Diagnostic(
        code,
        f'"{name.value}" is reached at {port} of its Service, and policies see {pod_port} of its pods',
        Label(name.span, f"compiled to {pod_port}"),
        tuple(services),
        destination=destination,
    )


@code("EG481", Severity.ERROR, "Services forward the port of a row to different ports of the pods.")
def ambiguous_service_port(
    code: Code,
    name: Located[str],
    port: str,
    pod_ports: Sequence[str],
    services: Sequence[Label],
    destination: str,
    *,
    is_declared: bool = False,
) -> Diagnostic:
    """`pod_ports`: those that the Services forward to; `is_declared`: the pods have the port of the row as well."""
    each = " or ".join(pod_ports)
    message = f'Services of "{name.value}" forward {port} to different ports: {", ".join(pod_ports)}'
    repair = f"write the port of the pods: {each}"
    if is_declared:
        number = port.partition("/")[0]
        entry = number if port.endswith("/TCP") else quoted(port)
        message = f'{port} of "{name.value}" is a port of its pods, but its Service forwards {port} to {each}'
        repair = (
            f"write {each} if clients use the Service; or, if they use {port} of the pods, add {number} to its ports "
            f"in the catalog: destinations: {{{quoted(name.value)}: {{ports: [{entry}]}}}}"
        )
    return Diagnostic(
        code,
        message,
        Label(name.span, "which of them?"),
        tuple(services),
        repair,
        destination=destination,
    )


@code("EG482", Severity.WARNING, "Neither the pods of a destination nor their Services have the port of a row.")
def undeclared_port(
    code: Code, name: Located[str], port: str, declared: str, near: str, workload: Label, destination: str
) -> Diagnostic:
    """`declared`: the ports of the containers; `near`: the one that may be meant, or empty."""
    return Diagnostic(
        code,
        f'pods of "{name.value}" declare {declared}, not {port}, and no Service forwards it',
        Label(name.span, "not a port of its containers"),
        (workload,),
        f"write {near or 'one of these'}; or, if the pods listen on it without declaring it, {say_allow(code)}",
        destination=destination,
    )


@code("EG483", Severity.ERROR, "A named port has another protocol in the pods of the destination.")
def port_name_protocol(
    code: Code, name: Located[str], destination_name: str, other: str, workload: Label, destination: str
) -> Diagnostic:
    """`name`: the port as the row says it; `other`: the same name with the protocol of the pods."""
    return Diagnostic(
        code,
        f'pods of "{destination_name}" have the port {other}, not {name.value}',
        Label(name.span, "allows nothing"),
        (workload,),
        f"write {other}",
        destination=destination,
    )


@code("EG484", Severity.ERROR, "No container of a destination has a port of this name.")
def missing_port_name(
    code: Code, name: Located[str], destination_name: str, declared: str, workload: Label, destination: str
) -> Diagnostic:
    """`declared`: the ports of the containers, with their names."""
    return Diagnostic(
        code,
        f'no container of "{destination_name}" has a port named "{name.value}"',
        Label(name.span, "allows nothing"),
        (workload,),
        f"write one of its ports: {declared}" if declared else "write the number of the port",
        destination=destination,
    )


@code("EG485", Severity.WARNING, "A selector matches no pod of the workloads.")
def unmatched_selector(
    code: Code,
    name: Located[str],
    selector: str,
    namespace: str,
    near: tuple[str, Label] | None,
    key: str,
    *,
    is_service: bool,
) -> Diagnostic:
    """`near`: the labels of a workload that may be meant, and its name; None where no workload is like it."""
    if near is None:
        repair = "write the labels of its pods, or their namespace"
    else:
        repair = f"if {near[1].text} has the pods of {quoted(name.value)}, write its labels: {near[0]}"
    return Diagnostic(
        code,
        f'no pod in {namespace} has the labels of "{name.value}": {selector}',
        Label(name.span, "matches no pod"),
        () if near is None else (near[1],),
        f"{repair}\nif its manifests are not among the workloads, add them, or {say_allow(code)}",
        service=key if is_service else "",
        destination=key,
    )


@code("EG486", Severity.WARNING, "A selector has labels of a Service, but not of the pods behind it.")
def label_of_service(
    code: Code, name: Located[str], selector: str, service: Label, pods: str, key: str, *, is_service: bool
) -> Diagnostic:
    """`pods`: the labels by which the Service selects its pods."""
    return Diagnostic(
        code,
        f'only the Service of "{name.value}" has the labels {selector}; its pods do not',
        Label(name.span, "matches no pod"),
        (service,),
        f"write the labels of the pods: {pods}",
        service=key if is_service else "",
        destination=key,
    )


@code("EG487", Severity.WARNING, "A job or hook runs in a namespace of services, and no row is about it.")
def unlisted_job(code: Code, place: Span, title: str, namespace: str, name: str) -> Diagnostic:
    """`title`: kind, namespace and name. `name`: what a row could call it."""
    return Diagnostic(
        code,
        f"no row is about {title}, which runs in a namespace of services",
        Label(place, "no service selects its pods"),
        help=f"add a row for it, with a selector of its own: a default-deny policy in {namespace} would stop "
        f"{quoted(name)} before it can connect; or {say_allow(code)}",
    )


@code("EG488", Severity.WARNING, "The pods of a job or hook have the labels of a service, and get its rules.")
def job_among_service(code: Code, place: Span, title: str, service: Located[str], key: str) -> Diagnostic:
    return Diagnostic(
        code,
        f'pods of {title} have the labels of "{service.value}": they get its rules',
        Label(place, "selected by the policy of the service"),
        (Label(service.span, "this service"),),
        "give the pods of the job labels of their own and a row of their own, or add a label to the selector of the "
        f"service that the job lacks; or, if it needs the same, {say_allow(code)}",
        service=key,
    )


@code("EG489", Severity.WARNING, "Policies see the ClusterIP of a Service, but the rule does not open it.")
def unopened_cluster_ip(
    code: Code,
    place: Span,
    rule: str,
    title: str,
    reason: str,
    related: Sequence[Label],
    repair: str,
    service: str,
    destination: str,
) -> Diagnostic:
    """`rule`: which one; `title`: of the Service; `reason`: a clause after a colon."""
    return Diagnostic(
        code,
        f"{rule} does not open the ClusterIP of {title}: {reason}",
        Label(place, "not through this Service"),
        tuple(related),
        f"{repair}; or, if clients do not use this Service, {say_allow(code)}",
        service=service,
        destination=destination,
    )


def say_shared_service(stranger: str, name: str, service: str, at: str, port: int) -> tuple[str, str]:
    """The reason and the repair for a Service that selects other pods too. `at`: its pods, as the catalog says it."""
    return (
        f"it also leads to {stranger}",
        f"call {quoted(name)} through a Service that selects its pods alone; or, if all pods of the Service are meant, "
        f"add to the catalog: destinations: {{{quoted(service)}: {{at: {quoted(at)}}}}}, and to the row: "
        f'"{service}:{port}"',
    )


def say_taken_port(port: str) -> tuple[str, str]:
    """The same for a port of a Service that is another port of its pods: rules have one list of ports for both."""
    return (
        f"{port} would be open in its pods too, where it is another port",
        "give the Service the port of its pods in its manifest",
    )


def say_unplaced_service(namespace: str) -> tuple[str, str]:
    """The same for a Service of a namespace whose labels nobody knows, where labels say which namespaces are meant."""
    return f"no manifest shows the labels of namespace {namespace}", "add the manifest of the Namespace to workloads"


def say_custom_dns(profile: str, blocks: Sequence[str], pods: Iterable[str], ports: Sequence[int]) -> tuple[str, str]:
    """The same for the Service of the cluster's DNS. `pods`: the peers of the profile, as the project file has them."""
    peers = [*(f'{{ipBlock: {{cidr: "{it}"}}}}' for it in blocks), *pods]
    return (
        f"the profile {profile} has pods alone",
        f"write for cluster.dns, or wherever this profile is written: {{profile: custom, to: [{', '.join(peers)}], "
        f"ports: [{', '.join(map(str, ports))}]}}",
    )


OF_WORKLOADS: Final = frozenset(
    it.code.id
    for it in (
        translated_port,
        undeclared_port,
        unmatched_selector,
        label_of_service,
        unlisted_job,
        job_among_service,
        unopened_cluster_ip,
    )
)
"""What can be allowed of it: nothing is found without workloads."""
