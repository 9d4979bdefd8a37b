"""The files of a new project: of the template, or around documents that are there."""

from collections.abc import Sequence
from pathlib import Path

from egressc.contract.schemas import plan_schemas
from egressc.emit.scalars import scalar
from egressc.missing.catalog_text import catalog_text
from egressc.missing.project_text import project_text
from egressc.missing.texts import HOW_TO
from egressc.model.project import Project
from egressc.pipeline import find_missing
from egressc.project.repository import find_repository
from egressc.project.usage import UsageProblem
from egressc.source import Source
from egressc.tables.decoding import decode

TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "init"

_EXAMPLE = "services.md"
# In the project file of the template: what follows is about the example alone.
_ABOUT_EXAMPLE = "\n# Allowed warnings"


def planned_from(folder: Path, documents: Sequence[Path]) -> dict[str, bytes]:
    """Every file by its path in the new project; the documents among them that lie outside of it."""
    files = {name: text.encode() for name, text in planned_files().items() if name != _EXAMPLE}
    sources: dict[str, bytes] = {}
    for document in documents:
        name = _name_in(folder, document)
        if name in files or name in sources:
            raise UsageProblem(f"{document} and another file would both be {name} in the project")
        sources[name] = document.read_bytes()
        if not (folder / name).is_file() or not (folder / name).samefile(document):
            files[name] = sources[name]
    needs = find_missing(Project(), [_decoded(name, data) for name, data in sources.items()], [])
    project, _, _ = planned_files()["egressc.yaml"].partition(_ABOUT_EXAMPLE)
    named = "".join(f"  - {scalar(name)}\n" for name in sources)
    project = project.replace(f"  - {_EXAMPLE}\n", named)
    catalog = planned_files()["catalog.yaml"].partition("\n\n")[0] + "\n"
    texts = {
        "egressc.yaml": (project, project_text(needs, in_cluster=True)),
        "catalog.yaml": (catalog, catalog_text(needs, ())),
    }
    for name, (head, text) in texts.items():
        files[name] = f"{head}\n{HOW_TO}{text}".encode() if text else head.encode()
    return files


def _name_in(folder: Path, document: Path) -> str:
    """The path of a document from the folder of the project; its bare name where it lies elsewhere."""
    inside = document.resolve()
    root = folder.resolve()
    return inside.relative_to(root).as_posix() if inside.is_relative_to(root) else document.name


def _decoded(name: str, data: bytes) -> Source:
    """The text of a document. Raises UsageProblem for one that is none: there is nothing to prepare for it."""
    source = decode(data, name)
    if not isinstance(source, Source):
        raise UsageProblem(f"{name}: {source.message}; {source.help}")
    return source


def repository_settings(folder: Path) -> str:
    """Lines for the project file that say where the repository around a folder is; empty where Git does not know."""
    found = find_repository(folder)
    if found is None:
        return ""
    branch = f"  revision: {scalar(found.branch)}\n" if found.branch not in ("", "main") else ""
    return (
        f"\n# Where tools such as Argo CD read this repository.\nexport:\n  repository: {scalar(found.url)}\n{branch}"
    )


def planned_files() -> dict[str, str]:
    """Every file by its path in the new project, with its text; what CI needs is apart."""
    files = {
        path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8")
        for path in sorted(TEMPLATES.rglob("*"))
        if path.is_file()
    }
    return files | {path: text for path, text in plan_schemas().items() if path.startswith("schemas/")}
