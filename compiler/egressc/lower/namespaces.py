"""Rows about namespaces as a whole: what is denied by default, how pods reach DNS, what is open to all of them."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final

from egressc.diagnostics.baselines import unreadable_baseline
from egressc.diagnostics.core import Diagnostic, Report
from egressc.diagnostics.phrases import or_read_as
from egressc.lower.references import read_reference
from egressc.lower.rows import RowReader
from egressc.lower.selectors import read_selector
from egressc.lower.verdicts import CellVerdict, read_verdict
from egressc.model.baselines import NamespaceSettings, Opening, OptIn
from egressc.model.policy import DIRECTIONS, Directions, Dns, Selector
from egressc.model.records import Role
from egressc.model.references import Trouble
from egressc.model.requirements import NamespaceRow, Row
from egressc.model.scalars import dns_label_problem
from egressc.model.texts import item_offsets, says_nothing
from egressc.model.vocabulary import ENGLISH, NAMESPACES
from egressc.source import Located, Span

# What every pod can reach once it carries the label of a column for opt-ins.
OPT_IN_KEY: Final = "internet-access"
_AND: Final = "|".join(sorted(NAMESPACES["and"]))
_SEPARATOR: Final = re.compile(rf" ?(?:[,;/+&]|\b(?:{_AND})\b) ?")
_SIDES: Final = {word: side for side in ("egress", "ingress") for word in NAMESPACES[side]}
_DENY: Final = NAMESPACES["deny"]
_ALLOW: Final = NAMESPACES["allow"]
_ONLY: Final = "|".join(sorted(ENGLISH["only"]))
_ONE_ALONE: Final = re.compile(rf"^(?:{_ONLY}) | (?:{_ONLY})$")
_DNS: Final = {
    **{name: name for name in ("k8s-app-coredns", "nodelocal", "openshift")},
    **dict.fromkeys(NAMESPACES["kubeDns"], "kube-dns"),
    **dict.fromkeys(NAMESPACES["anyDns"], "any"),
    **dict.fromkeys(NAMESPACES["noDns"], "none"),
}


def lower_namespaces(row: Row, header: str, report: Report, *, is_denied: bool = False) -> Iterator[NamespaceRow]:
    """What a row says of each namespace that it names. EG233 for a cell that cannot be read, EG207 for no name.

    `header`: of the column that says what is denied. `is_denied`: something says no to the row as a whole.
    """
    reader = RowReader(row, report)
    names = reader.name(Role.NAMESPACE, "Namespace")
    if is_denied:
        named = Located(row.text(Role.NAMESPACE), row.span_of(Role.NAMESPACE))
        repair = f'write "deny" in the column "{header}" to deny what is not allowed, or leave the row out'
        report.add(unreadable_baseline(named, "is a namespace, and no connection that a row could deny", repair))
        return
    for role in (Role.PORT, Role.LISTENS_ON, Role.PROTOCOL):
        if not says_nothing(text := row.text(role)):
            repair = 'write it after each name, as in "Redis (6379)"; or add the column to tables.ignoreColumns'
            limit = Located(text, row.span_of(role))
            report.add(unreadable_baseline(limit, "limits nothing in a table of namespaces", repair))
            return
    says_denied = any(it in header.casefold() for it in NAMESPACES["closing"])
    deny = reader.read(Role.DEFAULT, partial(_read_default, says_denied=says_denied), None)
    dns = reader.read(Role.DNS, _read_dns, None)
    within = reader.read(Role.WITHIN, _read_within, None)
    pods = reader.read(Role.OPT_IN, _read_opt_in, None)
    said = NamespaceSettings(
        row.span_of(Role.DEFAULT),
        deny,
        None,
        dns,
        None if within is None else Located(within, row.span_of(Role.WITHIN)),
        _openings(row, reader, Role.CALLED_BY, Role.INGRESS),
        _openings(row, reader, Role.DEPENDENCIES, Role.EXTERNAL),
        None if pods is None else (_opt_in(row, pods),),
    )
    cell = row.cells[row.columns[Role.NAMESPACE][0]]
    for start, end in item_offsets(names) if names else ():
        name = Located(names[start:end], row.place(cell, start, end))
        if problem := dns_label_problem(name.value):
            repair = "write the name of a namespace; what holds for all of them is cluster.baseline in the project file"
            report.add(or_read_as(unreadable_baseline(name, problem, repair), name.value))
        elif not reader.is_spoiled:
            yield NamespaceRow(name, row, said)


def _opt_in(row: Row, pods: Selector) -> OptIn:
    at = row.span_of(Role.OPT_IN)
    return OptIn(OPT_IN_KEY, at, pods, (Opening(read_reference("Internet"), at),))


def _openings(row: Row, reader: RowReader, *roles: Role) -> tuple[Opening, ...] | None:
    """The items of lists; None where all are blank, which "None" is not."""
    found = []
    for cell, refs in reader.lists(*roles):
        for item, ref in enumerate(refs):
            at = row.place(cell, 0, len(ref.text), item if len(refs) > 1 else -1)
            found.append(Opening(ref, at, ref.ports, is_in_table=True))
    cells = (row.cells[at].text.casefold() for role in roles for at in row.columns.get(role, ()))
    return tuple(found) if found or not NAMESPACES["nobody"].isdisjoint(cells) else None


def _read_default(text: str, *, says_denied: bool) -> Directions | Trouble | None:
    """What is denied unless something allows it: "deny egress", "default deny", "deny ingress, allow egress".

    `says_denied`: the header says so, and the cell only whether, or in which directions: "yes", "no", "egress".
    """
    if not text:
        return None
    plain = " ".join(text.casefold().split())
    if says_denied and not set(re.findall(r"[\w-]+", plain)) & (_DENY | _ALLOW):
        answer = read_verdict(text)
        if answer is not CellVerdict.UNCLEAR:
            return DIRECTIONS["both"] if answer is CellVerdict.ALLOW else ()
        plain = f"deny {plain}"
    denied: set[str] = set()
    parts = _SEPARATOR.split(plain)
    split = [re.findall(r"[\w-]+", part) for part in parts]
    verbless = [it for it in split if _DENY.isdisjoint(it) and _ALLOW.isdisjoint(it)]
    if len(split) > 1 and verbless == split[:-1] and not _DENY.isdisjoint(split[-1]):
        split[0].append("deny")  # "ingress and egress denied"
    for words in split:
        sides = {_SIDES[it] for it in words if it in _SIDES}
        verbs = {it for it in words if it in _DENY or it in _ALLOW}
        if len(words) > 1 and words[0] in NAMESPACES["no"] and not verbs:
            verbs, words = {"deny"}, words[1:]  # "no egress"
        rest = set(words) - sides - verbs - NAMESPACES["neutral"] - _SIDES.keys()
        is_clear = (verbs or (sides and denied)) and (sides or len(parts) == 1)
        if rest or not is_clear or (verbs & _DENY and verbs & _ALLOW):
            return _trouble(text, 'cannot be read; write "deny egress", "deny ingress", "deny" or "allow"')
        if verbs & _DENY or not verbs:
            denied |= sides or {"egress", "ingress"}
    return DIRECTIONS["both" if len(denied) > 1 else denied.pop()] if denied else ()


def _read_dns(text: str) -> Dns | Trouble | None:
    plain = _ONE_ALONE.sub("", " ".join(text.casefold().split()))
    if plain in NAMESPACES["usualDns"] or (says_nothing(text) and plain not in _DNS):
        return None
    profile = _DNS.get(plain)
    return _trouble(text, "is not a DNS profile") if profile is None else Dns(profile)


def _read_within(text: str) -> bool | Trouble | None:
    match read_verdict(text):
        case CellVerdict.BLANK:
            return None
        case CellVerdict.ALLOW:
            return True
        case CellVerdict.DENY:
            return False
        case CellVerdict.PENDING | CellVerdict.UNCLEAR:
            return _trouble(text, 'is not an answer; write "yes" or "no"')


def _read_opt_in(text: str) -> Selector | Trouble | None:
    pods = read_selector(text)
    if isinstance(pods, Selector) and pods.selects_everything:
        return _trouble(text, "selects every pod; write a label such as internet=allowed")
    return pods


def _trouble(text: str, problem: str) -> Trouble:
    def build(span: Span) -> Diagnostic:
        return unreadable_baseline(Located(text, span), *problem.split("; ", 1))

    return Trouble(0, len(text), build)
