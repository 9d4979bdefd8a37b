"""The values files as Helm will read them: generated part and extra rules together, valid and narrow."""

import re
from collections.abc import Mapping, Sequence

from egressc.checks.allowances import without_allowed_extras
from egressc.checks.whole_policies import (
    SwitchedOffPolicy,
    WholePolicy,
    check_whole_policies,
    hosts_beside,
    opt_ins_beside,
    read_policy,
)
from egressc.contract.schemas import CONTRACTS
from egressc.contract.values_file import check_values, find_odd_ports, is_clean
from egressc.diagnostics.core import Report
from egressc.diagnostics.defects import CompilerBug
from egressc.diagnostics.generated import continued_values, generated_key
from egressc.emit.existing import operators_part
from egressc.emit.values import ServiceValues
from egressc.model.dialects import DIALECTS
from egressc.model.policy import Directions
from egressc.model.project import Project
from egressc.source import Located, Source, Span
from egressc.tables.yaml import YamlNode, key_span_at, read_yaml, to_plain

# What says what a policy limits and lets through; not every file has all of them.
_GENERATED = {"policyTypes", "dns", "dependencies", "callers", "optIns", "guardrails", "namespaceLabels", "apiVersion"}
# A key of networkPolicy: the digests hold the part above, and only two spaces end its last entry.
_BELOW = re.compile(r"  [^\s#]")


def check_files(
    project: Project,
    fleet: Sequence[ServiceValues],
    contents: Mapping[str, str],
    found: Report,
    report: Report,
    destinations: Mapping[str, str],
) -> dict[str, SwitchedOffPolicy]:
    """Report what is wrong with each file that a compile leaves: EG1xx, EG24x, EG45x; a defect where it is our part.

    And what concerns a policy as a whole: EG515, EG516. Gives where a service's policy is switched off, by id.

    Args:
        contents: what the files will hold, by their names in the values folder.
        found: what policies of others come to, which the project file can allow too.
        destinations: ids of those that extra rules alone may reach, by name.
    """
    _check_generated(fleet)
    if completed := [it for it in fleet if contents[it.file_name] != it.new_text]:
        _check_completed(project, completed, contents, found)
    names = names_of(fleet, destinations)
    report.absorb(without_allowed_extras(project, names, found))
    return _check_whole(project, fleet, contents, report)


def names_of(fleet: Sequence[ServiceValues], destinations: Mapping[str, str]) -> dict[str, str]:
    """The ids of services and of what they reach, by name; `destinations`: those of what only extra rules reach."""
    names = {it.service.name: it.service.id for it in fleet}
    reached = {grant.destination.name: grant.destination.key for it in fleet for grant in it.service.grants}
    return {**names, **destinations, **reached}


def _check_whole(
    project: Project, fleet: Sequence[ServiceValues], contents: Mapping[str, str], report: Report
) -> dict[str, SwitchedOffPolicy]:
    policies: list[WholePolicy] = []
    for values in fleet:
        service, text = values.service, contents[values.file_name]
        denies = service.directions if service.is_baseline else ()
        policy = WholePolicy(service.id, service.namespace, service.release, service.origin, denies=denies)
        if text != values.new_text and any(key in text for key in ("enabled", "fullnameOverride", "\\")):
            policy = read_policy(Source(f"{project.values}/{values.file_name}", text), policy)
        beside = [*opt_ins_beside(policy, values.opt_ins)]
        policies += (policy, *beside)
        if DIALECTS[project.cluster.dialect].shares_names:
            held = zip((policy, *beside), (service, *values.opt_ins), strict=True)
            policies += (it for one, own in held for it in hosts_beside(one, own))
    return check_whole_policies(policies, report)


def _check_generated(fleet: Sequence[ServiceValues]) -> None:
    for values in fleet:
        if not is_clean(values.document(), contract=CONTRACTS[values.service.kind]):
            raise CompilerBug(f"the values of {values.service.id} do not pass their own schema", values.service.origin)


def _check_completed(
    project: Project, fleet: Sequence[ServiceValues], contents: Mapping[str, str], report: Report
) -> None:
    """Files with extra rules; the same rules in many files are looked at once, and a file with findings as a whole."""
    label = project.cluster.namespace_key
    clean: dict[tuple[Directions, bool, str], bool] = {}
    for values in fleet:
        text = contents[values.file_name]
        extras = operators_part(text)
        source = Source(f"{project.values}/{values.file_name}", text)
        if (line := _first_line(source, len(text) - len(extras))) is not None and not _BELOW.match(line.text):
            report.add(continued_values(line, values.service.id))
            continue
        key = values.service.directions, values.service.is_baseline, extras
        if key not in clean:
            clean[key] = len(extras) < len(text) and _is_clean(extras, values, label)
        if clean[key]:
            continue
        node = read_yaml(source, report)
        if node is not None:
            _check_keys(node, values, report)
            check_values(
                source,
                node,
                report,
                service=values.service.id,
                namespace_label=label,
                contract=CONTRACTS[values.service.kind],
            )


def _check_keys(node: YamlNode, values: ServiceValues, report: Report) -> None:
    """EG512 for what would change the policy beside the rules that the operator adds."""
    document = to_plain(node)
    policy = document.get("networkPolicy") if isinstance(document, Mapping) else None
    if isinstance(policy, Mapping):
        for key in sorted(policy.keys() & _GENERATED - values.policy.keys()):
            place = key_span_at(node, ("networkPolicy", key))
            report.add(generated_key(Located(key, place), values.service.id))


def _first_line(source: Source, start: int) -> Span | None:
    """The first line of the operator's part that has an effect."""
    for line in source.text[start:].splitlines(keepends=True):
        if line.strip() and not line.lstrip().startswith("#"):
            return Span(source, start, start + len(line.rstrip()))
        start += len(line)
    return None


def _is_clean(extras: str, values: ServiceValues, namespace_label: str) -> bool:
    """Whether the extra rules hold nothing to report, as far as a quick look can tell."""
    quick = Report()
    node = read_yaml(Source("extras", "networkPolicy:\n" + extras), quick)
    document = to_plain(node) if node is not None else None
    if (
        node is None
        or quick.diagnostics
        or any(find_odd_ports(node))
        or not isinstance(document, Mapping)
        or document.keys() != {"networkPolicy"}
    ):
        return False
    policy = document["networkPolicy"]
    if not isinstance(policy, Mapping) or policy.keys() & (values.policy.keys() | _GENERATED):
        return False
    return is_clean(values.document(policy), namespace_label=namespace_label, contract=CONTRACTS[values.service.kind])
