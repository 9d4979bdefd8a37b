"""What `egressc probe` asks of one service, from the sources alone: who connects, and to what."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Final

from egressc.diagnostics.core import Report
from egressc.diagnostics.live import probe_not_run
from egressc.emit.values import ServiceValues
from egressc.model.flows import Pod, Policy
from egressc.model.label_classes import NAMESPACE_NAME, example, matches, select
from egressc.model.policy import Direction, Protocol, ServicePolicy
from egressc.model.release_kinds import kind_of
from egressc.model.scalars import PORT_MAX, cidr_problem, endpoint_problem
from egressc.project.compiling import Compiled
from egressc.project.extra_rules import extra_rules_of
from egressc.project.usage import UsageProblem
from egressc.source import Source, Span
from egressc.verify.explanation.ends import Surroundings
from egressc.verify.explanation.lookups import may_look_up
from egressc.verify.flows.verdicts import Judge
from egressc.verify.intent.extras import intend_all
from egressc.verify.probing.asks import ask_allowed, ask_denied
from egressc.verify.probing.connections import Expect, ProbeCase, ProbeConnection

_ENDPOINT: Final = re.compile(
    r"(?:\[(?P<address>[^\]]+)\]|(?P<host>[^\s:\[\]]+)):(?P<port>[0-9]{1,5})(?:/(?P<protocol>tcp|udp|sctp))?",
    re.IGNORECASE,
)
# As the chart labels its control pod.
_CONTROL_LABELS: Final = {"network-policy/role": "control"}


@dataclass(frozen=True, slots=True)
class ProbePlan:
    """One service's part of a project.

    Attributes:
        intended: what the sources ask for, of all services, extra rules included.
        named: what the command line names; expected as it says, whatever the sources do.
        lookup: whether the subject may look names up.
        subject: the probing pod, in its namespace as far as the convention of the project knows it.
    """

    compiled: Compiled
    service: ServicePolicy
    values: ServiceValues
    intended: tuple[Policy, ...]
    judge: Judge
    allowed: Sequence[ProbeCase]
    denied: Sequence[ProbeCase]
    named: Sequence[ProbeConnection]
    lookup: Expect
    subject: Pod


def plan_probe(
    compiled: Compiled, service_id: str, named: Sequence[ProbeConnection], report: Report
) -> ProbePlan | None:
    """What is to be tried; None once it is reported why nothing can be.

    EG611 for an extra rule that cannot be read, EG660 for a policy that does not limit what the service reaches. Raises
    UsageProblem for what is no service.
    """
    services = compiled.policies.services
    service = next((it for it in services if it.id == service_id), None)
    if service is None:
        kind = kind_of(service_id, selects_everything=True)
        held = kind.contents if kind.is_of_cluster else "all pods of a namespace"
        raise UsageProblem(f'"{service_id}" is {held}; name a service')
    if Direction.EGRESS not in service.directions:
        reason = "its policy limits ingress alone, and a probe tries what a service can reach"
        report.add(probe_not_run(service.origin, reason, "probe the services that call it", service=service_id))
        return None
    extras = extra_rules_of(compiled, [it.service.id for it in compiled.values], report)
    intended = intend_all(compiled.policies, extras, report)
    if intended is None or report.has_errors:
        return None
    policy = next(it for it in intended if it.name == service_id)
    values = next(it for it in compiled.values if it.service.id == service_id)
    targets = compiled.names.everything()
    label = compiled.workspace.project.cluster.namespace_key
    judge = Judge(intended)
    place = {} if label == NAMESPACE_NAME else {label: service.namespace}
    subject = Pod(service.namespace, subject_labels(service), place)
    dns = compiled.policies.dns_of(service)
    return ProbePlan(
        compiled,
        service,
        values,
        intended,
        judge,
        ask_allowed(service, policy, targets),
        ask_denied(service, targets),
        named,
        Expect.ALLOW if may_look_up(judge, subject, dns, Surroundings(label, {}, (), ())) else Expect.DENY,
        subject,
    )


def subject_labels(service: ServicePolicy) -> dict[str, str]:
    """Labels of a pod that the service's policy selects: its matchLabels, and what satisfies its expressions."""
    return example(select(service.pod_selector))


def probe_settings(service: ServicePolicy, image: str | None) -> dict[str, object]:
    """`networkPolicy.probe` but for its connections: labels where the selector is more than labels, and the image."""
    selector = service.pod_selector
    settings: dict[str, object] = {"enabled": True}
    if image is not None:
        settings["image"] = image
    if selector.match_expressions:
        own = dict(selector.match_labels)
        settings["podLabels"] = {k: v for k, v in subject_labels(service).items() if own.get(k) != v}
    if matches(select(selector), _CONTROL_LABELS):
        settings["control"] = {"podLabels": _labels_outside(service)}
    return settings


def told_api_server(plan: ProbePlan) -> list[tuple[str, int]] | None:
    """Where the API server is as the project file says; None where it says networks, or nothing."""
    cluster = plan.compiled.workspace.project.cluster
    networks = [ip_network(cidr) for cidr in cluster.api_server]
    single = [(str(it.network_address), cluster.api_server_port) for it in networks if it.num_addresses == 1]
    return single if single and len(single) == len(networks) else None


def connection_settings(connections: Iterable[ProbeConnection]) -> dict[str, Mapping[str, object]]:
    """`networkPolicy.probe.connections`."""
    return {
        it.key: {"expect": it.expect.value, "host": it.host, "port": it.port, "protocol": it.protocol.value}
        for it in connections
    }


def read_named(allow: Sequence[str], deny: Sequence[str]) -> list[ProbeConnection]:
    """What --allow and --deny name: HOST:PORT or HOST:PORT/PROTOCOL. Raises UsageProblem."""
    found = [_read(text, Expect.ALLOW, number) for number, text in enumerate(allow, 1)]
    return found + [_read(text, Expect.DENY, number) for number, text in enumerate(deny, 1)]


def _read(text: str, expect: Expect, number: int) -> ProbeConnection:
    option = f"--{expect.value}"
    parts = _ENDPOINT.fullmatch(text)
    if parts is None:
        raise UsageProblem(f'{option} "{text}" is not a connection; write HOST:PORT or HOST:PORT/PROTOCOL')
    host = (parts["address"] or parts["host"]).lower()
    if problem := endpoint_problem(host) or (cidr_problem(f"{host}/128") if ":" in host else None):
        raise UsageProblem(f'{option} "{text}": "{host}" {problem}')
    port = int(parts["port"])
    if not 1 <= port <= PORT_MAX:
        raise UsageProblem(f'{option} "{text}": {port} is not a port between 1 and {PORT_MAX}')
    protocol = Protocol((parts["protocol"] or "TCP").upper())
    place = Span(Source(option, text), 0, len(text))
    return ProbeConnection(f"{expect.value}-{number}", expect, host, host, port, protocol, place, is_named=True)


def _labels_outside(service: ServicePolicy) -> dict[str, str]:
    """Labels that keep a pod out of a selector that only excludes."""
    for key, values in sorted(select(service.pod_selector), key=lambda it: it[0]):
        refused = sorted(value for value in values.values if value is not None)
        if values.excluded and refused:
            return {key: refused[0]}
        if not values.excluded and None in values.values:
            return {key: "control"}
    return {}
