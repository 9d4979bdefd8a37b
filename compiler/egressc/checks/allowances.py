"""What notes and project file allow: findings that are meant are not reported, allowances without use are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from egressc.diagnostics.allowances import unallowable, unused_allowance
from egressc.diagnostics.audit import unmet_audit_rule
from egressc.diagnostics.core import Code, Diagnostic, Report, Severity
from egressc.diagnostics.guardrails import possibly_guarded_flow
from egressc.diagnostics.proof import cut_off_row, other_permission
from egressc.diagnostics.values import OF_EXTRA_RULES
from egressc.diagnostics.workloads import OF_WORKLOADS
from egressc.model.project import Allowance, Project
from egressc.model.requirements import Requirements
from egressc.resolve.ids import literal_id
from egressc.resolve.resolution import Resolution
from egressc.source import Located, Span

# It is no error of the policies: whoever writes a rule for audits also decides on its exceptions.
_ALLOWABLE: Final = frozenset({unmet_audit_rule.code.id})


@dataclass(frozen=True, slots=True)
class _Rule:
    """An allowance: of a code, within a row or for a service and a destination; "" and None restrict nothing."""

    code: Located[str]
    row: Span | None
    service: str = ""
    destination: str = ""

    @property
    def is_about_all(self) -> bool:
        return self.row is None and not self.service and not self.destination

    def fits(self, found: Diagnostic) -> bool:
        at = found.primary.span
        row = self.row
        is_there = row is None or (at.source is row.source and row.start <= at.start and at.end <= row.end)
        return is_there and self.fits_ends(found.code, found.service, found.destination)

    def fits_ends(self, code: Code, service: str, destination: str) -> bool:
        is_about_them = self.service in ("", service) and self.destination in ("", destination)
        return code.id == self.code.value and is_about_them


def without_allowed(project: Project, requirements: Requirements, resolution: Resolution, found: Report) -> Report:
    """The findings about the sources that nothing allows.

    EG416 for an allowance of nothing, EG417 for one of an error.
    """
    rules = [_Rule(note.code, note.row) for note in requirements.allowances]
    rules += _rules([it for it in project.allowances if not _is_about_extras(it)], resolution)
    if not resolution.pods.known.workloads:  # what is allowed cannot be looked for
        rules = [it for it in rules if it.code.value not in OF_WORKLOADS]
    return _without(rules, found)


def ids_allowed(code: Code, project: Project, resolution: Resolution) -> frozenset[str]:
    """The services and destinations that the project file names where it allows a code."""
    rules = _rules([it for it in project.allowances if it.code.value == code.id], resolution)
    return frozenset(name for rule in rules for name in (rule.service, rule.destination) if name)


def _rules(allowances: Sequence[Allowance], resolution: Resolution) -> list[_Rule]:
    if not allowances:
        return []  # and no look at every name of a fleet
    ids = {name: entity.key for entity in resolution.entities for name in (entity.name, entity.key)}
    return [_rule(it, ids) for it in allowances]


def without_allowed_extras(project: Project, services: Mapping[str, str], found: Report) -> Report:
    """The same for what is found once values and policies of others are read, which only the project file can allow.

    `services`: ids by name.
    """
    return _without([_rule(it, services) for it in project.allowances if _is_about_extras(it)], found)


def allowing_others(
    project: Project, services: Mapping[str, str]
) -> Callable[[Code, str, str], tuple[bool, ...]] | None:
    """Which allowances fit what a policy of others does, by code, service and destination; None without any.

    What the same ones fit, one finding can stand for.
    """
    codes = cut_off_row.code.id, other_permission.code.id
    rules = [_rule(it, services) for it in project.allowances if it.code.value in codes]
    return (lambda *ends: tuple(it.fits_ends(*ends) for it in rules)) if rules else None


def _is_about_extras(allowance: Allowance) -> bool:
    others = cut_off_row.code.id, other_permission.code.id, possibly_guarded_flow.code.id
    return allowance.code.value in (*OF_EXTRA_RULES, *others, *_ALLOWABLE)


def _rule(allowance: Allowance, ids: Mapping[str, str]) -> _Rule:
    service, destination = allowance.service, allowance.destination
    if allowance.address:
        destination = literal_id(allowance.address)  # written in place of a name, it is no entity of the sources
    return _Rule(allowance.code, None, ids.get(service, service), ids.get(destination, destination))


def _is_allowable(code: Code) -> bool:
    return code.severity is not Severity.ERROR or code.id in _ALLOWABLE


def _without(rules: Iterable[_Rule], report: Report) -> Report:
    by_code: dict[str, list[Diagnostic]] = {}
    for found in report.diagnostics:
        by_code.setdefault(found.code.id, []).append(found)
    hidden: set[int] = set()
    whole: set[str] = set()
    left = Report()
    # Else what is allowed may not have been looked for.
    is_whole = all(map(_is_allowable, (it.code for it in report.diagnostics)))
    for rule in rules:
        hits = [it for it in by_code.get(rule.code.value, ()) if rule.fits(it)]
        if not all(_is_allowable(it.code) for it in hits):
            left.add(unallowable(rule.code))
        elif not hits and is_whole:
            left.add(unused_allowance(rule.code))
        if hits and rule.is_about_all:
            whole.add(rule.code.value)
        hidden.update(id(it) for it in hits if _is_allowable(it.code))
    left.extend(it for it in report.diagnostics if id(it) not in hidden)
    left.surplus.update({code: count for code, count in report.surplus.items() if code not in whole})
    return left
