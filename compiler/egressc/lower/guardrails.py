"""Guardrails of the project file, checked."""

from egressc.diagnostics.core import Report
from egressc.lower.baselines import read_openings
from egressc.lower.models import Path
from egressc.lower.selections import check_spelling, read_selection, refuse
from egressc.model.entries import Selection
from egressc.model.guardrails import GUARDRAIL_VERSIONS, GuardrailPolicies, GuardrailSettings, highest_priority
from egressc.model.label_classes import NAMESPACE_NAME, has_members, select
from egressc.model.policy import Direction, Selector
from egressc.model.project_file import ClusterEntry, GuardrailEntry, ProjectDocument
from egressc.model.scalars import dns_label_problem
from egressc.tables.yaml import YamlNode, key_span_at, span_at

_AT: Path = ("guardrails",)
_LONGEST_KEY = 40
"""Of the 63 characters of a name, without the name of the release."""


def lower_guardrails(document: ProjectDocument, node: YamlNode, report: Report) -> tuple[GuardrailSettings, ...]:
    """What is denied, in the order of the file. EG232 for keys, labels and ports that cannot be."""
    return tuple(_lower(key, entry, node, report) for key, entry in document.guardrails.items())


def lower_guardrail_policies(
    entry: ClusterEntry, count: int, node: YamlNode, report: Report
) -> GuardrailPolicies | None:
    """The policies that enforce `count` guardrails; None where the cluster knows none, or EG232 is reported."""
    held = entry.guardrails
    if held is None:
        return None
    at: Path = ("cluster", "guardrails")
    if held.api_version not in GUARDRAIL_VERSIONS:
        refuse(
            node,
            (*at, "apiVersion"),
            "is not a supported apiVersion",
            f"write {', '.join([*GUARDRAIL_VERSIONS][:-1])} or {[*GUARDRAIL_VERSIONS][-1]}",
            report,
        )
        return None
    if problem := dns_label_problem(held.namespace):
        refuse(node, (*at, "namespace"), f'"{held.namespace}" {problem}', "write the name of a namespace", report)
    if "priority" in held.model_fields_set:
        check_spelling(held.priority, node, (*at, "priority"), report)
    highest = highest_priority(held.api_version)
    most = highest - max(count - 1, 0)
    if held.priority > most:
        problem = f"leaves no room for {count} guardrails up to {highest}"
        repair = f"write a number from 0 to {most}" if most >= 0 else "write fewer guardrails"
        refuse(node, (*at, "priority"), problem, repair, report)
    return GuardrailPolicies(held.api_version, held.namespace, held.priority, span_at(node, at))


def lower_namespace_labels(entry: ClusterEntry, node: YamlNode, report: Report) -> dict[str, dict[str, str]]:
    """The labels of namespaces, with the one that holds their name. EG232 for those that the API server refuses."""
    found: dict[str, dict[str, str]] = {}
    own = () if entry.namespace_label == NAMESPACE_NAME else (entry.namespace_label,)
    for name, held in entry.namespaces.items():
        if held.labels is not None:
            if held.labels:
                read_selection(held.labels, node, ("cluster", "namespaces", name, "labels"), report)
            found[name] = {**dict.fromkeys(own, name), **held.labels}
    return found


def _lower(key: str, entry: GuardrailEntry, node: YamlNode, report: Report) -> GuardrailSettings:
    at: Path = (*_AT, key)
    if problem := dns_label_problem(key):
        refuse(node, at, f'of "{key}": the key {problem}', "write a-z, 0-9 and -", report)
    elif len(key) > _LONGEST_KEY:
        refuse(node, at, f'of "{key}": the key has more than {_LONGEST_KEY} characters', "write a shorter key", report)
    if not entry.purpose.isprintable():
        refuse(node, (*at, "purpose"), "contains a line break or control character", "write one line", report)
    if not (entry.deny_to or entry.deny_from):
        refuse(node, at, "denies nothing", "write denyTo or denyFrom", report)
    for denied, excepted, word in (
        (entry.deny_to, entry.except_to, "To"),
        (entry.deny_from, entry.except_from, "From"),
    ):
        if excepted and not denied:
            refuse(node, (*at, f"except{word}"), f"needs deny{word}", f"write deny{word}, or remove it", report)
    return GuardrailSettings(
        key,
        key_span_at(node, at),
        entry.purpose,
        _selection(entry.namespaces, node, (*at, "namespaces"), report),
        _selection(entry.pods, node, (*at, "pods"), report),
        {
            Direction.EGRESS: read_openings(entry.deny_to, node, (*at, "denyTo"), report),
            Direction.INGRESS: read_openings(entry.deny_from, node, (*at, "denyFrom"), report),
        },
        {
            Direction.EGRESS: read_openings(entry.except_to, node, (*at, "exceptTo"), report),
            Direction.INGRESS: read_openings(entry.except_from, node, (*at, "exceptFrom"), report),
        },
    )


def _selection(entry: Selection | None, node: YamlNode, at: Path, report: Report) -> Selector:
    selector = Selector() if entry is None else read_selection(entry, node, at, report)
    if not has_members(select(selector)):
        refuse(node, at, "selects nothing, since its conditions contradict each other", "correct them", report)
    return selector
