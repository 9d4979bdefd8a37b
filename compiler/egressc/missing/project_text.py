"""The keys that the project file needs: how documents are read, and where the API server is."""

from collections.abc import Iterator, Sequence
from typing import Final

from egressc.diagnostics.core import Lack
from egressc.emit.scalars import scalar
from egressc.missing.needs import Need
from egressc.missing.texts import flow, grouped, propose, remark, where

_ROLES: Final = (
    "service, dependencies, external, source, destination, port, protocol, namespace, address, purpose, ignore"
)


def project_text(needs: Sequence[Need], *, in_cluster: bool = False) -> str:
    """The text; empty where the project file lacks nothing. `in_cluster`: it goes on below the key `cluster`."""
    text = ""
    if servers := _of(needs, Lack.API_SERVER):
        text += "" if in_cluster else propose(0, "cluster:")
        text += remark(1, f"{where(servers)}: `egressc presets --from-cluster` prints it.")
        text += propose(1, 'apiServer: {addresses: ["<address>"], port: 6443}')
    if tables := "".join(_tables(needs)):
        text += propose(0, "tables:") + tables
    return text


def _of(needs: Sequence[Need], *lacks: Lack) -> list[Need]:
    return [need for need in needs if need.missing.lack in lacks]


def _tables(needs: Sequence[Need]) -> Iterator[str]:
    if headers := _of(needs, Lack.HEADERS):
        yield remark(
            1, f"{where(headers)}: where such a column says nothing, list it under ignoreColumns in place of this."
        )
        yield propose(1, "headers:")
        for role in dict.fromkeys(it.missing.supposed for it in headers):
            yield propose(2, f"{role}: {flow(it.missing.name for it in headers if it.missing.supposed == role)}")
    if phrases := _of(needs, Lack.READ_AS):
        yield remark(
            1, 'What a text means, such as "deny", "ignore" (the cell), "leave out" (the row), or what to read.'
        )
        yield propose(1, "readAs:")
        for need in phrases:
            choices = " or ".join(map(scalar, need.missing.choices))
            yield remark(2, f"{where([need])}{': ' if choices else ''}{choices}")
            yield propose(2, f'{scalar(need.missing.name)}: "<what it means>"')
    if places := _of(needs, Lack.BLANK, Lack.COLUMNS):
        yield propose(1, "at:")
        for heading, its in grouped(places, heading=True):
            yield propose(2, f"{scalar(heading)}:")
            yield from _table(its)


def _table(needs: Sequence[Need]) -> Iterator[str]:
    if rows := [need for need in needs if need.missing.lack is Lack.BLANK and not need.missing.name]:
        yield remark(3, f"{where(rows)}: where a blank cell repeats the one above it.")
        yield propose(3, "blank: as above")
    blanks = [need for need in needs if need.missing.lack is Lack.BLANK and need.missing.name]
    if blanks and not rows:
        yield remark(3, f"{where(blanks)}: {', '.join(map(scalar, blanks[0].missing.choices))}")
        yield propose(3, "blank:")
        yield from (propose(4, f'{scalar(need.missing.name)}: "<what it means>"') for need in blanks)
    for need in [need for need in needs if need.missing.lack is Lack.COLUMNS][:1]:
        wanted = f"; one has to be {need.missing.name}" if need.missing.name else ""
        yield remark(3, f'{where([need])}: what each column says{wanted}. Else leaveOut: "<reason>"')
        yield remark(3, f"Roles: {_ROLES}")
        yield propose(3, "columns:")
        yield from (propose(4, f'{scalar(header)}: "<role>"') for header in dict.fromkeys(need.headers))
