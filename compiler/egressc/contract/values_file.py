"""One values file: valid against the schema, its numbers and networks fit each other, its extra rules allow little.

Extra rules (`networkPolicy.egress`) are the operator's own and allow what no row of a table asks for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from egressc.contract.arithmetic import find_mismatches
from egressc.contract.finding import Finding
from egressc.contract.probe_labels import find_misplaced_probes
from egressc.contract.validation import Contract, find_violations, is_valid
from egressc.contract.values import ValuesDocument
from egressc.contract.wide_extras import find_wide_extras
from egressc.diagnostics.core import Report, Severity
from egressc.diagnostics.values import invalid_value
from egressc.model.label_classes import NAMESPACE_NAME
from egressc.source import Source, Span
from egressc.tables.nodes import YamlMapping, YamlScalar, YamlSequence
from egressc.tables.yaml import YamlNode, key_span_at, span_at, to_plain

_PORTS: Final = frozenset({"port", "endPort"})


def check_values(
    source: Source,
    node: YamlNode,
    report: Report,
    *,
    service: str = "",
    namespace_label: str = NAMESPACE_NAME,
    contract: Contract = ValuesDocument,
) -> None:
    """Report what is wrong with one values file (EG240-246), and extra rules that allow much (EG450-454).

    A document that the schema refuses is not looked at further.

    Args:
        source: the file, for what has no place in it.
        node: its document.
        service: id of the service, for findings that the project file may allow.
        namespace_label: the label that holds a namespace's name in this cluster.
        contract: of which chart the values are.
    """
    document = to_plain(node)
    findings = find_violations(document, contract) or _find_beyond_schema(document, namespace_label)
    for number in find_odd_ports(node):
        problem = f"is read as {number.value}"
        report.add(invalid_value(number.span, f'port "{number.text}"', problem, f"write {number.value}"))
    for finding in findings:
        place = key_span_at if finding.at_key else span_at
        span = place(node, finding.path) if finding.path else Span(source, 0, 0)
        related = span_at(node, finding.related) if finding.related else None
        found = finding.at(span, related)
        report.add(found if found.code.severity is Severity.ERROR else replace(found, service=service))


def find_odd_ports(node: YamlNode) -> Iterator[YamlScalar]:
    """Ports in a spelling that people and programs read differently: 0777, 0x50, 1e3, 4_43, 443.0."""
    match node:
        case YamlMapping():
            for name, (_, value) in node.entries.items():
                if name in _PORTS and isinstance(value, YamlScalar) and isinstance(value.value, int):
                    if value.text != str(value.value) and not isinstance(value.value, bool):
                        yield value
                else:
                    yield from find_odd_ports(value)
        case YamlSequence():
            for item in node.items:
                yield from find_odd_ports(item)
        case YamlScalar():
            pass


def is_clean(document: object, *, namespace_label: str = NAMESPACE_NAME, contract: Contract = ValuesDocument) -> bool:
    """Whether `check_values` would report nothing: the question to ask of each document of a fleet first."""
    return is_valid(document, contract) and next(_find_beyond_schema(document, namespace_label), None) is None


def _find_beyond_schema(document: object, namespace_label: str) -> Iterator[Finding]:
    assert isinstance(document, Mapping), "the schema takes only maps"
    yield from find_mismatches(document)
    yield from find_misplaced_probes(document)
    yield from find_wide_extras(document, namespace_label)
