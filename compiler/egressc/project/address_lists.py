"""Address lists: what a publisher's document says, as the file of networks that a project keeps."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from pathlib import Path
from typing import Final

from egressc.diagnostics.core import Report
from egressc.dialects.emitting import Data
from egressc.emit.blocks import mapping_lines
from egressc.files.folder import link_between
from egressc.files.reading import SOURCE_LIMIT, read_bounded
from egressc.lower.addresses import as_network
from egressc.lower.models import read_document
from egressc.model.catalog import AddressListDocument
from egressc.model.project import AddressListFile
from egressc.model.scalars import cidr_problem
from egressc.project.usage import UsageProblem
from egressc.project.workspace import Workspace
from egressc.source import Source
from egressc.tables.decoding import decode

_HEAD: Final = "# Written by `egressc presets --refresh`: the diff of this file shows which networks come and go.\n"
_LOOKS_LIKE_ADDRESS: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/.*)?|[0-9A-Fa-f]*:[0-9A-Fa-f.%/]*:\S*")
_BEGINS_AS_ADDRESS: Final = re.compile(r"\s*[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9.])")
_Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The file of an address list as it is to be. `text` is empty where nothing changes."""

    path: Path
    text: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    count: int


def refresh_list(
    workspace: Workspace, name: str, published: bytes, *, source: str | None, only: Sequence[str], today: str
) -> Refreshed:
    """What the file of the list `name` becomes by a published document: JSON, or a network a line.

    Args:
        source: where the document is published; None for what the file says.
        only: which part of the document counts; empty for what the file says.
        today: written where anything changes, as YYYY-MM-DD.

    Raises UsageProblem for an unknown list, and for a document that cannot be read as networks.
    """
    path = _path_of(workspace, name)
    before = _read_before(path)
    source = source or (before.source if before is not None else "")
    if not source:
        raise UsageProblem(f"{path.as_posix()} does not say where the list is published; add --source")
    only = list(only) or (before.only if before is not None else [])
    networks = _merged(_networks_in(_decode(published), only))
    old = before.addresses if before is not None else []
    said: dict[str, Data] = {"source": source, **({"only": [*only]} if only else {}), "date": today}
    is_same = before is not None and (networks, source, only) == (old, before.source, before.only)
    text = "" if is_same else _HEAD + mapping_lines({**said, "addresses": [*networks]}, "")
    added = tuple(it for it in networks if it not in set(old))
    return Refreshed(path, text, added, tuple(it for it in old if it not in set(networks)), len(networks))


def _path_of(workspace: Workspace, name: str) -> Path:
    """The file of a list. It is written inside the project only, and never through a link."""
    lists: dict[str, AddressListFile] = {it.name.value: it for it in workspace.project.address_lists}
    if name not in lists:
        known = f"; there are {', '.join(lists)}" if lists else ""
        raise UsageProblem(f'{workspace.source.name} has no address list "{name}" under addressLists{known}')
    written = lists[name].path.value
    path = workspace.folder / written
    link = path if path.is_symlink() else link_between(workspace.folder, path)
    if written.startswith("/") or ".." in written.split("/") or link is not None:
        raise UsageProblem(f"{written} is outside the project, or behind a symbolic link: it is not written")
    return path


def _read_before(path: Path) -> AddressListDocument | None:
    """What the file says; None where there is none yet. Raises UsageProblem for one that a compile refuses too."""
    try:
        data = read_bounded(path, SOURCE_LIMIT, follow=False)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageProblem(f"{path.as_posix()} cannot be read: {error.strerror}") from error
    if len(data) > SOURCE_LIMIT:
        raise UsageProblem(f"{path.as_posix()} is larger than {SOURCE_LIMIT // 2**20} MiB")
    source, report = decode(data, path.as_posix()), Report()
    if not isinstance(source, Source):
        report.add(source)
    elif read := read_document(source, AddressListDocument, report):
        return read[0]
    problem = report.sorted()[0]
    raise UsageProblem(f"{path.as_posix()} is not an address list: line {problem.primary.span.line}: {problem.message}")


def _merged(networks: Iterator[_Network]) -> list[str]:
    """Networks in their order, IPv4 first, those side by side as one. Raises UsageProblem for every address."""
    found = list(networks)
    four = collapse_addresses(it for it in found if isinstance(it, IPv4Network))
    six = collapse_addresses(it for it in found if isinstance(it, IPv6Network))
    merged: list[_Network] = [*four, *six]
    if whole := next((it for it in merged if not it.prefixlen), None):
        raise UsageProblem(f"the networks of the published list are together {whole}, which is every address")
    return [str(it) for it in merged]


def _decode(published: bytes) -> str:
    if len(published) > SOURCE_LIMIT:
        raise UsageProblem(f"the published list is larger than {SOURCE_LIMIT // 2**20} MiB")
    try:
        return published.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise UsageProblem("the published list is not UTF-8") from error


def _networks_in(text: str, only: Sequence[str]) -> Iterator[_Network]:
    if text.startswith(("{", "[")):
        chosen: dict[str, set[str]] = {}
        for it in only:
            key, equals, value = it.partition("=")
            chosen.setdefault(key if equals else "", set()).add(value if equals else it)
        try:
            texts = list(_texts_in(json.loads(text), {}, chosen))
        except (ValueError, RecursionError) as error:
            raise UsageProblem(f"the published list is not valid JSON: {error}") from error
    elif only:
        raise UsageProblem("--only chooses from a JSON document, and this is none")
    else:
        texts = [word for line in text.splitlines() for word in line.partition("#")[0].replace(",", " ").split()]
    if not texts:
        raise UsageProblem("the published list has no networks" + (f" with {', '.join(only)}" if only else ""))
    if strange := next((it for it in texts if not _LOOKS_LIKE_ADDRESS.fullmatch(it)), None):
        raise UsageProblem(f'the published list has "{strange[:80]}", which is not a network')
    for it in texts:
        if problem := cidr_problem(as_network(it)):
            raise UsageProblem(f'the published list has "{it}", which {problem}')
        network = ip_network(as_network(it))
        if not network.prefixlen:
            raise UsageProblem(f'the published list has "{it}", which is every address')
        yield network


def _texts_in(value: object, around: Mapping[str, set[str]], chosen: Mapping[str, set[str]]) -> Iterator[str]:
    """The networks below what is chosen: `around` are the names and fields around a value.

    A text that is none is given too where it has to be one: in a list with networks, or if it begins as an address.
    """
    match value:
        case dict():
            fields = {str(key): {str(it)} for key, it in value.items() if isinstance(it, str | int)}
            inside = {**around, **fields}
            for key, inner in value.items():
                yield from _texts_in(inner, {**inside, "": around.get("", set()) | {str(key)}}, chosen)
        case list():
            if any(isinstance(it, str) and _LOOKS_LIKE_ADDRESS.fullmatch(it.strip()) for it in value):
                yield from (str(it) for it in value if not isinstance(it, dict | list) and _is_in(around, chosen))
                value = [it for it in value if isinstance(it, dict | list)]
            for inner in value:
                yield from _texts_in(inner, around, chosen)
        case str() if _LOOKS_LIKE_ADDRESS.fullmatch(value.strip()) or _BEGINS_AS_ADDRESS.match(value):
            if _is_in(around, chosen):
                yield value


def _is_in(around: Mapping[str, set[str]], chosen: Mapping[str, set[str]]) -> bool:
    return all(names & around.get(key, set()) for key, names in chosen.items())
