"""The entries that the catalog needs, one a name."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from egressc.diagnostics.core import Lack
from egressc.diagnostics.phrases import list_parts
from egressc.emit.scalars import flow_scalar, scalar
from egressc.missing.guesses import Guess, guess, is_internet
from egressc.missing.needs import IN_CATALOG, Need
from egressc.missing.texts import flow, grouped, propose, remark, where
from egressc.resolve.ids import make_plain_id

_UNKNOWN: Final = frozenset({Lack.DESTINATION, Lack.SOURCE})
_PLACE: Final = frozenset({Lack.NAMESPACE, Lack.SELECTOR})
# Said once, above all entries.
_WAYS: Final = (
    'An entry is pods (namespace, selector), or outside the cluster (addresses: ["<network>"], or internet: true where',
    "any public address is meant), or no workload of ours, such as a person (policy: none).",
    "A text that names nothing: in the project file, tables: readAs: {<text>: ignore}.",
)


def catalog_text(needs: Sequence[Need], catalogs: Collection[str], *, names_hosts: bool = False) -> str:
    """The text; empty where the catalog lacks nothing.

    Args:
        catalogs: names of the files that are catalogs already.
        names_hosts: rules of the dialect name hosts, and need no addresses for them.
    """
    entries = [(name, its) for name, its in grouped(it for it in needs if _is_entry(it))]
    groups = [it for it in needs if it.missing.lack is Lack.GROUP]
    text = ""
    common = [its for _, its in entries if _lacks(its) & _PLACE]
    if len(common) > 1:
        text += "".join(_defaults({lack for its in common for lack in _lacks(its)}))
    if entries:
        text += "".join(remark(0, line) for line in _WAYS)
        text += propose(0, "destinations:")
        text += "".join(line for name, its in entries for line in _entry(name, its, catalogs, names_hosts=names_hosts))
    if groups:
        text += propose(0, "groups:") + "".join(line for it in groups for line in _group(it))
    return text


def _is_entry(need: Need) -> bool:
    return need.missing.lack in IN_CATALOG and need.missing.lack is not Lack.GROUP


def _lacks(needs: Sequence[Need]) -> set[Lack]:
    return {need.missing.lack for need in needs}


def _defaults(lacks: set[Lack]) -> Iterator[str]:
    yield remark(0, "For all services and destinations that say nothing else; what it fits needs no entry below.")
    yield propose(0, "defaults:")
    if Lack.NAMESPACE in lacks:
        yield propose(1, 'namespace: "<namespace>"')
    if Lack.SELECTOR in lacks:
        yield propose(1, 'selector: {app.kubernetes.io/name: "{id}"}')


def _entry(name: str, needs: Sequence[Need], catalogs: Collection[str], *, names_hosts: bool) -> Iterator[str]:
    lacks = _lacks(needs)
    found = guess(name, is_external=any(need.is_external for need in needs))
    held = next((it.place for it in needs if it.place.source.name in catalogs), None)
    at = f"add to the entry in {held.source.name}:{held.line}" if held else where(needs)
    port = f"its usual port is {found.port}" if found.port and Lack.PORTS in lacks else ""
    yield remark(1, "; ".join(filter(None, (at, _kind(lacks, found), port))))
    yield from (remark(1, text) for text in _other_ways(name, needs))
    if Lack.ALIAS in lacks:
        yield propose(1, '"<name>":')
        yield propose(2, f"aliases: {flow([name])}")
    else:
        yield propose(1, f"{scalar(name)}:")
    if Lack.ID in lacks:
        yield propose(2, f"id: {scalar(make_plain_id(name)) or '<id>'}")
    if (lacks & _UNKNOWN and found.is_outside) or Lack.ADDRESSES in lacks:
        if found.host and Lack.ADDRESSES not in lacks:
            yield propose(2, f"hosts: {flow([found.host])}")
        if not (found.host and names_hosts):
            yield propose(2, 'addresses: ["<network>"]')
    elif lacks & (_UNKNOWN | _PLACE | {Lack.ALIAS}):
        if lacks - {Lack.SELECTOR, Lack.PORTS, Lack.ID}:
            yield propose(2, 'namespace: "<namespace>"')
        if lacks - {Lack.NAMESPACE, Lack.PORTS, Lack.ID}:
            yield propose(2, 'selector: {app: "<label>"}')
    if lacks == {Lack.PORTS} and is_internet(name):
        yield propose(2, "internet: true")
    if Lack.PORTS in lacks:
        yield propose(2, 'ports: ["<port>"]')


def _kind(lacks: set[Lack], found: Guess) -> str:
    """What it may be; said only of names that nothing defines."""
    if not lacks & _UNKNOWN:
        return ""
    why = f" ({found.why})" if found.why else ""
    return f"{'outside the cluster' if found.is_outside else 'pods'}?{why}"


def _other_ways(name: str, needs: Sequence[Need]) -> Iterator[str]:
    near = next((it.missing.near for it in needs if it.missing.near), ())
    if near:
        yield f"The same as {scalar(near[0])}? Then make it an alias in that entry: aliases: {flow([name])}"
    if _lacks(needs) & _UNKNOWN and (parts := list_parts(name)):
        meant = f"{{{flow_scalar(name)}: {flow_scalar(', '.join(parts))}}}"
        yield f"A list? Then define its parts instead, or add to the project file: tables: {{readAs: {meant}}}"


def _group(need: Need) -> Iterator[str]:
    yield remark(1, f"{where([need])}. For each service: allServices: true")
    yield propose(1, f"{scalar(need.missing.name)}:")
    yield propose(2, 'members: ["<name>"]')
