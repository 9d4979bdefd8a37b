"""What the catalog states for audits, and values of rules about it that nothing states."""

from collections.abc import Iterable, Iterator, Sequence

from egressc.diagnostics.audit import misplaced_audit_data, unused_audit_value
from egressc.diagnostics.core import Report
from egressc.model.audit import AUDIT_KEYS, AuditKey, AuditRule, Outside, fits, values_of
from egressc.model.entities import Entity
from egressc.resolve.names import NearNames
from egressc.resolve.outside import is_anywhere, is_outside
from egressc.source import Located


def check_audit_data(entities: Iterable[Entity], report: Report) -> None:
    """EG473 for data of what is inside the cluster, and for the region of any address.

    In the catalog alone: a column of a table may be about others of its rows.
    """
    for entity in entities:
        if not entity.facts.audit:
            continue
        if not is_outside(entity):
            keys: Sequence[AuditKey] = AUDIT_KEYS
            what = "is inside the cluster"
        elif is_anywhere(entity):
            keys, what = ("region",), "is any address"
        else:
            continue
        spans = [(key, it.entry.spans.get(key)) for it in entity.statements if it.entry for key in keys]
        for key, span in spans:
            if span is not None:
                report.add(misplaced_audit_data(Located(key, span), entity.name, what, entity.key))


def check_audit_values(rules: Iterable[AuditRule], outside: Sequence[Outside], report: Report) -> None:
    """EG475 for a value of `when` that no destination states, and for those of `require` where none states any."""
    for rule in rules:
        for is_required, conditions in ((False, rule.when), (True, rule.require)):
            for it in conditions:
                stated = {value for destination in outside for value in values_of(destination.stated, it.key)}
                unused = [*_unused(it.patterns, stated)]
                for pattern in unused if not is_required or len(unused) == len(it.patterns) else ():
                    report.add(unused_audit_value(it.key, pattern, NearNames(stated).near(pattern.value)))


def _unused(patterns: Iterable[Located[str]], stated: Iterable[str]) -> Iterator[Located[str]]:
    return (it for it in patterns if not any(fits(value, it.value) for value in stated))
