"""Presets and address lists as records for the renderers."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from egressc import __version__
from egressc.diagnostics.core import Report
from egressc.lower.address_lists import split_lists
from egressc.lower.catalog import lower_catalogs
from egressc.lower.models import read_document
from egressc.model.catalog import AddressListDocument, Catalog
from egressc.model.policy import PodPeer
from egressc.model.ports import say_port
from egressc.model.project import Project
from egressc.model.requirements import Facts
from egressc.project.manifests import has_project
from egressc.project.workspace import load_sources, open_workspace
from egressc.renderers.presets import (
    AddressListRecord,
    PresetRecord,
    render_presets_json,
    render_presets_text,
)
from egressc.resolve.facts import say_selector
from egressc.resolve.presets import all_presets
from egressc.resolve.published_presets import Preset
from egressc.source import Source


def list_presets(
    project_file: Path | None, report: Report, environment: str = ""
) -> tuple[tuple[PresetRecord, ...], tuple[AddressListRecord, ...]]:
    """Every preset, and whether a project can use it; without a project, as the defaults of one have it."""
    project, catalog = Project(), Catalog()
    lists: tuple[AddressListRecord, ...] = ()
    if has_project(project_file) and (workspace := open_workspace(project_file, report, environment)) is not None:
        project = workspace.project
        sources = load_sources(workspace, project.catalog_files, report)
        catalog = lower_catalogs(sources, report, project.address_lists, project.environments) or catalog
        lists = tuple(_list_records(project, catalog, sources))
    return tuple(_record(it, catalog) for it in all_presets(project.cluster)), lists


def _record(preset: Preset, catalog: Catalog) -> PresetRecord:
    peers = tuple(_say_peers(preset.facts))
    return PresetRecord(
        preset.name,
        preset.aliases,
        preset.ends,
        peers,
        tuple(map(say_port, preset.facts.ports)),
        _usable(preset, catalog, is_known=bool(peers)),
        preset.source,
    )


def _usable(preset: Preset, catalog: Catalog, *, is_known: bool) -> str:
    names = {name.casefold() for name in (preset.name, *preset.aliases)}
    if used := [it.name.value for it in catalog.entries if it.preset and it.preset.value.casefold() in names]:
        return f"as {', '.join(used)} of the catalog"
    if not preset.is_named:
        return f"with a catalog entry: {{preset: {preset.name}, namespace: ...}}"
    if own := [it.name.value for it in catalog.entries if it.name.value.casefold() in names and it.facts != Facts()]:
        return f"no, the catalog defines {', '.join(own)} otherwise"
    if is_known:
        return "yes"
    return f"with {preset.needs} in the project file" if preset.needs else "no, it has no address in cluster.ipFamilies"


def _say_peers(facts: Facts) -> Iterator[str]:
    yield from (it.cidr for it in facts.addresses)
    if facts.internet:
        yield "every public address"
    for peer in facts.peers:
        if isinstance(peer, PodPeer):
            yield f"{say_selector(peer.pods)} in {say_selector(peer.namespaces)}"
    if facts.pods is not None:
        where = facts.namespace or ("the namespace of the entry" if facts.namespaces is None else "namespaces with ")
        if facts.namespaces is not None:
            where = "any namespace" if facts.namespaces.selects_everything else where + say_selector(facts.namespaces)
        yield f"{'any pod' if facts.pods.selects_everything else say_selector(facts.pods)} in {where}"


def _list_records(project: Project, catalog: Catalog, sources: Sequence[Source]) -> Iterator[AddressListRecord]:
    entries = {it.name.value: it for it in catalog.entries}
    for name, source in split_lists(sources, project.address_lists)[1]:
        document = read_document(source, AddressListDocument, Report())
        if document is not None:
            held, _ = document
            count = len(entries[name.name.value].facts.addresses) if name.name.value in entries else 0
            yield AddressListRecord(name.name.value, name.path.value, held.date, count, held.source)


def lay_out_presets(presets: Sequence[PresetRecord], lists: Sequence[AddressListRecord], form: str) -> str:
    """`form`: json, or text."""
    if form == "json":
        return render_presets_json(presets, lists, tool_version=__version__)
    return render_presets_text(presets, lists)
