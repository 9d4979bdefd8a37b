"""Presets and address lists, as `egressc presets` lists them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from egressc.renderers.document import render_document
from egressc.renderers.excerpts import printable

SHAPE_VERSION = 1


@dataclass(frozen=True, slots=True)
class PresetRecord:
    """A preset in words. `usable`: "yes", or what the project has to say first."""

    name: str
    aliases: tuple[str, ...]
    ends: tuple[str, ...]
    peers: tuple[str, ...]
    ports: tuple[str, ...]
    usable: str
    source: str


@dataclass(frozen=True, slots=True)
class AddressListRecord:
    """An address list of the project; `date` is empty and `networks` 0 where its file cannot be read."""

    name: str
    file: str
    date: str
    networks: int
    source: str


def render_presets_text(presets: Sequence[PresetRecord], lists: Sequence[AddressListRecord]) -> str:
    """A block of lines for each."""
    blocks = [
        [
            it.name,
            *(["also: " + ", ".join(it.aliases)] if it.aliases else []),
            f"{' and '.join(it.ends)}: {', '.join(it.peers) or 'no address'}"
            + (f"; {', '.join(it.ports)}" if it.ports else ""),
            f"usable: {it.usable}",
            f"source: {it.source}",
        ]
        for it in presets
    ]
    blocks += [
        [it.name, f"address list: {it.file}, {it.networks} networks of {it.date or 'no date'}", f"source: {it.source}"]
        for it in lists
    ]
    lines = (f"{'  ' if at else ''}{printable(line)}\n" for block in blocks for at, line in enumerate(block))
    return "".join(lines)


def render_presets_json(
    presets: Sequence[PresetRecord], lists: Sequence[AddressListRecord], *, tool_version: str
) -> str:
    document = {"presets": [asdict(it) for it in presets], "addressLists": [asdict(it) for it in lists]}
    return render_document(document, version=SHAPE_VERSION, tool_version=tool_version)
