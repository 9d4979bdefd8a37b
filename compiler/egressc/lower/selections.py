"""Selectors, peers and ports of YAML documents, each value checked as the API server checks it."""

from egressc.diagnostics.cells import wrong_value
from egressc.diagnostics.core import Report
from egressc.diagnostics.ports import one_sided_dns
from egressc.lower.addresses import as_network, canonical
from egressc.lower.models import Path
from egressc.lower.ports import read_ports
from egressc.lower.selectors import make_selector
from egressc.model.entries import BlockEntry, DnsEntry, PeerEntry, PortEntry, Selection, SelectorEntry
from egressc.model.policy import AddressPeer, Dns, Expression, Operator, Peer, PodPeer, Port, Protocol, Selector
from egressc.model.ports import EVERY_PROTOCOL, sort_ports
from egressc.model.references import Trouble
from egressc.model.requirements import ServicePort
from egressc.model.scalars import cidr_problem, except_problem, label_key_problem, label_value_problem
from egressc.source import Located, Span
from egressc.tables.yaml import YamlNode, span_at


def refuse(node: YamlNode, path: Path, problem: str, expected: str, report: Report) -> None:
    """EG232 for the value at a path."""
    span = span_at(node, path)
    keys = [step for step in path if isinstance(step, str)]
    report.add(wrong_value(keys[-1] if keys else "", Located(span.text, span), problem, expected))


def generated_folder(folder: str, node: YamlNode, path: Path, report: Report) -> str:
    """A folder for generated files as written; EG232 where it lies outside the project.

    A project file may come from somebody else's pull request: what it names is read, and written only below it.
    """
    parts = folder.split("/")
    if folder.startswith("/") or ".." in parts:
        refuse(node, path, "is outside the project file's folder", "write a folder inside it", report)
    elif ".git" in parts or not folder.isprintable():
        problem = "is inside Git's own folder" if ".git" in parts else "contains a control character"
        refuse(node, path, problem, "write another folder", report)
    return folder


def read_selection(entry: Selection, node: YamlNode, path: Path, report: Report) -> Selector:
    """A map of labels or a LabelSelector; EG232 for labels that the API server would refuse."""
    if not isinstance(entry, SelectorEntry):
        _check_labels(entry, node, path, report)
        return make_selector(entry, [])
    _check_labels(entry.match_labels, node, (*path, "matchLabels"), report)
    expressions: list[Expression] = []
    for index, item in enumerate(entry.match_expressions):
        at = (*path, "matchExpressions", index)
        if problem := label_key_problem(item.key):
            refuse(node, (*at, "key"), problem, "write a label key such as app.kubernetes.io/name", report)
        takes_values = item.operator in ("In", "NotIn")
        if takes_values is not bool(item.values):
            problem = "needs values" if takes_values else "takes no values"
            refuse(
                node,
                (*at, "operator"),
                problem,
                "write values with In or NotIn, or none with Exists or DoesNotExist",
                report,
            )
        for place, value in enumerate(item.values):
            if problem := label_value_problem(value):
                refuse(node, (*at, "values", place), problem, "write a label value", report)
        expressions.append(Expression(item.key, Operator(item.operator), tuple(sorted(set(item.values)))))
    return make_selector(entry.match_labels, expressions)


def _check_labels(labels: dict[str, str], node: YamlNode, path: Path, report: Report) -> None:
    for key, value in labels.items():
        if problem := label_key_problem(key):
            refuse(node, (*path, key), f'has the key "{key}", which {problem}', "write a label key", report)
        # The value of a default may hold "{id}", which every id can stand for.
        if problem := label_value_problem(value.replace("{id}", "id")):
            refuse(node, (*path, key), problem, "write a label value", report)


def read_block(entry: BlockEntry | str, node: YamlNode, path: Path, report: Report) -> AddressPeer | None:
    """A network, or one without parts of it; None once EG232 is reported."""
    expected = 'write a network such as "203.0.113.0/24"'
    cidr = as_network(entry if isinstance(entry, str) else entry.cidr)
    if problem := cidr_problem(cidr):
        refuse(node, path if isinstance(entry, str) else (*path, "cidr"), problem, expected, report)
        return None
    if isinstance(entry, str):
        return AddressPeer(canonical(cidr))
    excepts: set[str] = set()
    for index, item in enumerate(entry.excepts):
        excepted = as_network(item)
        if problem := except_problem(cidr, excepted):
            refuse(node, (*path, "except", index), problem, "write a network strictly inside the cidr", report)
            return None
        excepts.add(canonical(excepted))
    return AddressPeer(canonical(cidr), tuple(sorted(excepts)))


def read_peer(entry: PeerEntry, node: YamlNode, path: Path, report: Report) -> Peer | None:
    """A NetworkPolicyPeer; None once EG232 is reported."""
    namespaces, pods = entry.namespace_selector, entry.pod_selector
    if entry.ip_block is not None:
        if namespaces is not None or pods is not None:
            refuse(node, path, "has an ipBlock next to selectors", "write two items", report)
            return None
        return read_block(entry.ip_block, node, (*path, "ipBlock"), report)
    if namespaces is None and pods is None:
        refuse(node, path, "has no peer", "write namespaceSelector, podSelector or ipBlock", report)
        return None
    return PodPeer(
        None if namespaces is None else read_selection(namespaces, node, (*path, "namespaceSelector"), report),
        None if pods is None else read_selection(pods, node, (*path, "podSelector"), report),
    )


def read_port_entries(
    entries: str | list[int | str | PortEntry] | None, protocol: str | None, node: YamlNode, path: Path, report: Report
) -> tuple[tuple[Port, ...], tuple[ServicePort, ...]]:
    """Ports of an entry, and which of them a Service offers under another number. EG211 and EG212 for bad ones."""
    default = (Protocol(protocol),) if protocol else ()
    if entries is None:
        return (), ()
    if isinstance(entries, str):
        return tuple(Port(it, None) for it in sorted(default or EVERY_PROTOCOL)), ()
    ports: list[Port] = []
    services: list[ServicePort] = []
    for index, entry in enumerate(entries):
        own, offered = read_port_entry(entry, default, node, (*path, index), report)
        ports += own
        services += offered
    return tuple(ports), tuple(services)


def as_written(value: int | str, span: Span) -> str:
    """A value as its source writes it: YAML has spellings of numbers on which readers differ (0777, 0x50, 1e3)."""
    return span.text if isinstance(value, int) and span.text.isascii() else str(value)


def check_spelling(port: int, node: YamlNode, path: Path, report: Report) -> None:
    """EG232 for a number in a spelling on which readers of YAML differ."""
    span = span_at(node, path)
    if as_written(port, span) != str(port):
        refuse(node, path, "is not a plain number", f"write {port}", report)


def read_port_entry(
    entry: int | str | PortEntry, default: tuple[Protocol, ...], node: YamlNode, path: Path, report: Report
) -> tuple[tuple[Port, ...], tuple[ServicePort, ...]]:
    """The ports of one item, and their Service port; none once EG211 or EG212 is reported."""
    if not isinstance(entry, PortEntry):
        entry, at = PortEntry(port=entry), path
    else:
        at = (*path, "port")
    read = read_ports(
        as_written(entry.port, span_at(node, at)), (Protocol(entry.protocol),) if entry.protocol else default
    )
    if isinstance(read, Trouble):
        report.add(read.build(span_at(node, at)))
        return (), ()
    if entry.service_port:
        check_spelling(entry.service_port, node, (*path, "servicePort"), report)
    return read, tuple(ServicePort(entry.service_port, port) for port in read) if entry.service_port else ()


def read_dns(entry: DnsEntry, node: YamlNode, path: Path, report: Report) -> Dns:
    """How pods reach DNS. EG232 for peers and ports that the profile does not take, EG425 for one protocol alone."""
    if (entry.profile == "custom") is not bool(entry.to and entry.ports):
        problem = 'needs both "to" and "ports"' if entry.profile == "custom" else 'takes neither "to" nor "ports"'
        refuse(node, path, problem, 'write both with the profile "custom", or remove both', report)
        return Dns(entry.profile)
    if entry.profile != "custom" and (entry.to or entry.ports):
        refuse(node, path, 'takes neither "to" nor "ports"', 'write the profile "custom" to use both', report)
    peers = [read_peer(item, node, (*path, "to", index), report) for index, item in enumerate(entry.to)]
    ports: list[Port] = []
    for index, item in enumerate(entry.ports):
        default = (Protocol.TCP, Protocol.UDP) if isinstance(item, int) else ()
        ports += read_port_entry(item, default, node, (*path, "ports", index), report)[0]
    missing = {Protocol.UDP, Protocol.TCP} - {port.protocol for port in ports}
    if len(missing) == 1:
        report.add(one_sided_dns(span_at(node, (*path, "ports")), missing.pop()))
    return Dns(entry.profile, tuple(peer for peer in peers if peer), sort_ports(ports))
