"""The operator's own rules, as the values files have them, each with its place."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from egressc.diagnostics.core import Report
from egressc.dialects.shapes.rules import RuleReader
from egressc.emit.values import ServiceValues
from egressc.model.flows import Direction, SidedRule
from egressc.source import Source, Span
from egressc.tables.yaml import read_yaml, span_at, to_plain
from egressc.verify.intent.extras import WrittenRule, read_extras

if TYPE_CHECKING:
    from egressc.project.compiling import Compiled

_ABOVE = "networkPolicy:\n"
_LISTS = {direction.value for direction in Direction}


class WrittenExtras(NamedTuple):
    """A service's file whose extra rules are still to be read; the operator's part begins at `start`, 0 if unknown."""

    service: str
    source: Source
    start: int


def read_extra_rules(compiled: "Compiled", values: ServiceValues, report: Report) -> Sequence[WrittenRule]:
    """The items of `networkPolicy.egress` and `ingress` of one service's file. Reports EG1xx where it can't be read."""
    written = _find(compiled, values)
    return _read_written(written, report) if written is not None else ()


def extra_rules_of(compiled: "Compiled", ids: Sequence[str], report: Report) -> dict[str, Sequence[WrittenRule]]:
    """The extra rules of services by id; a service without any is left out."""
    return read_found(find_extras(compiled, ids), report)


def find_extras(compiled: "Compiled", ids: Sequence[str]) -> list[WrittenExtras]:
    """Where services have extra rules, in little memory: who reads them later needs no more of the project."""
    wanted = set(ids)
    found = []
    for values in compiled.values:
        if values.service.id in wanted and (written := _find(compiled, values)) is not None:
            found.append(written)
    return found


def read_found(found: Iterable[WrittenExtras], report: Report) -> dict[str, Sequence[WrittenRule]]:
    """The rules themselves. Reports EG1xx where a file can't be read."""
    extras = {}
    for written in found:
        if rules := _read_written(written, report):
            extras[written.service] = rules
    return extras


def _find(compiled: "Compiled", values: ServiceValues) -> WrittenExtras | None:
    text = compiled.recompiled.contents[values.file_name]
    if text == values.new_text:
        return None
    generated = values.generated
    source = Source(f"{compiled.folder.name}/{values.file_name}", text)
    return WrittenExtras(values.service.id, source, len(generated) if text.startswith(generated) else 0)


def _read_written(written: WrittenExtras, report: Report) -> Sequence[WrittenRule]:
    source = written.source
    if written.start and (quick := _read_part(source.text[written.start :])) is not None:
        shift = written.start - len(_ABOVE)
        return [it._replace(span=Span(source, it.span.start + shift, it.span.end + shift)) for it in quick]
    return _read(source, report)


# Many files have the same extra rules, and reading a whole file takes twenty times as long as reading this part.
@lru_cache(maxsize=256)
def _read_part(extras: str) -> Sequence[WrittenRule] | None:
    """The rules of the part below the generated one, placed in it as if it stood under `_ABOVE`.

    None where it holds more than rules, or cannot be read: then the file has to be read as a whole.
    """
    quick = Report()
    source = Source("extras", _ABOVE + extras)
    node = read_yaml(source, quick)
    document = to_plain(node) if node is not None else None
    if quick.diagnostics or not isinstance(document, Mapping) or document.keys() != {"networkPolicy"}:
        return None
    policy = document["networkPolicy"]
    return _read(source, quick) if isinstance(policy, Mapping) and policy.keys() <= _LISTS else None


def _read(source: Source, report: Report) -> Sequence[WrittenRule]:
    node = read_yaml(source, report)
    if node is None:
        return ()
    document = to_plain(node)
    policy = document.get("networkPolicy") if isinstance(document, Mapping) else None
    found = []
    for direction in Direction:
        rules = policy.get(direction.value) if isinstance(policy, Mapping) else None
        for position, rule in enumerate(rules if isinstance(rules, list) else ()):
            place = span_at(node, ("networkPolicy", direction.value, position))
            found.append(WrittenRule(direction, rule, place))
    return tuple(found)


def read_extras_of(compiled: "Compiled", report: Report) -> dict[str, tuple[SidedRule, ...]]:
    """The operator's rules of each service that has some, without those that are reported (EG611)."""
    reader = RuleReader()
    found = {}
    for values in compiled.values:
        if written := read_extra_rules(compiled, values, report):
            found[values.service.id] = read_extras(values.service, written, reader, report)
    return found
