"""The server: documents in the editor, projects that are compiled behind them, and requests about both."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from egressc import __version__
from egressc.diagnostics.core import Diagnostic
from egressc.lsp import protocol
from egressc.lsp.analysis import Analysis, analyze, findings_of, nearest_project, projects_below, reads
from egressc.lsp.answers import Place
from egressc.project.workspace import PROJECT_FILE
from egressc.source import Source, Span

T = TypeVar("T")

# Seconds without a change before a project is compiled.
DELAY: Final = 0.2
# Seconds that a question waits for the compile of what was just written.
PATIENCE: Final = 10.0


class AtPosition(Protocol):
    """What requests about a place have in common."""

    text_document: types.TextDocumentIdentifier
    position: types.Position


class WatchedProject:
    """A project that some open document may belong to. `wanted` counts its states, `done` is the last one compiled.

    `found`: what is in each of its environments.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.documents: set[str] = set()
        self.wanted = self.done = 0
        self.found: Sequence[Analysis] = ()
        self.shown: dict[str, list[tuple[types.Diagnostic, Diagnostic | None]]] = {}
        self.is_settled = asyncio.Event()
        self.is_running = False


class Server(LanguageServer):
    """Everything happens in the thread of its event loop, but for compiling and answering, which have one each."""

    def __init__(self) -> None:
        super().__init__("egressc", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.projects: dict[Path, WatchedProject] = {}
        self._compiling = ThreadPoolExecutor(1, "compiling")
        self._answering = ThreadPoolExecutor(1, "answering")
        self._below: list[Path] | None = None
        self._sent: dict[str, list[types.Diagnostic]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def positions(self) -> protocol.Positions:
        return protocol.Positions(self.workspace.position_codec)

    def opened(self) -> dict[str, bytes]:
        """What the editor holds, by path. A text that is no Unicode is refused where it is read."""
        held = ((protocol.path_of(uri), it.source) for uri, it in self.workspace.text_documents.items())
        return {path: text.encode("utf-8", "surrogatepass") for path, text in held if path}

    def uri_of(self, found: Analysis, source: Source) -> str:
        """The URI of a file as the client writes it, if it has opened the file."""
        path = found.path_of(source)
        real = os.path.realpath(path)
        documents = self.workspace.text_documents
        return next((uri for uri in documents if protocol.path_of(uri) == real), protocol.file_uri(path))

    # Documents and projects

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def attach(self, uri: str) -> None:
        """Watch the projects that a document may belong to: the nearest, and those of the workspace that read it."""
        path = protocol.path_of(uri)
        if not path:
            return
        loop, opened = asyncio.get_running_loop(), self.opened()
        nearest = nearest_project(path)
        if nearest is not None:
            self._watch(nearest, uri)
        for file in await loop.run_in_executor(self._answering, self._others, nearest, path, opened):
            self._watch(file, uri)

    def _others(self, nearest: Path | None, path: str, opened: dict[str, bytes]) -> list[Path]:
        if nearest is not None and reads(nearest, path, opened):
            return []
        if self._below is None:
            folders = [protocol.path_of(uri) for uri in self.workspace.folders]
            self._below = [file for folder in folders if folder for file in projects_below(folder)]
        return [file for file in self._below if file != nearest and reads(file, path, opened)]

    def _watch(self, file: Path, uri: str) -> None:
        if uri in self.workspace.text_documents:  # not closed in the meantime
            self.projects.setdefault(file, WatchedProject(file)).documents.add(uri)
            self.touch(self.projects[file])

    def detach(self, uri: str) -> None:
        """A document is closed: what is saved counts again, and a project without open documents is forgotten."""
        for project in self.of(uri):
            project.documents.discard(uri)
            if project.documents:
                self.touch(project)
            else:
                del self.projects[project.file]
                project.is_settled.set()
                before, project.shown = project.shown, {}
                self._publish(before)

    def forget_folders(self) -> None:
        self._below = None

    def of(self, uri: str) -> list[WatchedProject]:
        return [it for it in self.projects.values() if uri in it.documents]

    def touch(self, project: WatchedProject) -> None:
        """Something that a project may read has changed."""
        project.wanted += 1
        project.is_settled.clear()
        if not project.is_running:
            project.is_running = True
            self.start(self._compile(project))

    async def _compile(self, project: WatchedProject) -> None:
        """Compile until the newest state is compiled; what an older one gives is dropped."""
        loop = asyncio.get_running_loop()
        while project.done != project.wanted and self.projects.get(project.file) is project:
            state = project.wanted
            await asyncio.sleep(DELAY)
            if state != project.wanted:
                continue
            found = await loop.run_in_executor(self._compiling, analyze, project.file, self.opened())
            if state == project.wanted and self.projects.get(project.file) is project:
                project.done, project.found = state, found
                self._show(project, found)
                project.is_settled.set()
        project.is_running = False

    # Diagnostics

    def _show(self, project: WatchedProject, found: Sequence[Analysis]) -> None:
        uri_of = partial(self.uri_of, found[0])
        uris: dict[int, str] = {}
        before = project.shown
        project.shown = {uri: [] for uri in project.documents}
        published = self.client_capabilities.text_document
        settings = published.publish_diagnostics if published else None
        with_related = bool(settings and settings.related_information)
        for problem in dict.fromkeys(it.problem for it in found if it.problem):
            project.shown.setdefault(uri_of(Source(PROJECT_FILE, "")), []).append((protocol.problem(problem), None))
        for it in findings_of(found):
            source = it.primary.span.source
            uri = uris.get(id(source)) or uris.setdefault(id(source), uri_of(source))
            held = project.shown.setdefault(uri, [])
            if len(held) < protocol.MOST_SHOWN:
                held.append((self.positions.diagnostic(it, uri_of, with_related=with_related), it))
        self._publish({*before, *project.shown}, always=project.documents)

    def _publish(self, uris: Iterable[str], always: Iterable[str] = ()) -> None:
        """Send what all projects have found in these files, if it is not what the client has; of some `always`."""
        for uri in uris:
            every = [shown for project in self.projects.values() for shown, _ in project.shown.get(uri, ())]
            # Two projects may find the same, next to other files.
            found = [*{(str(it.range), it.code, it.message): it for it in every}.values()]
            if found != self._sent.get(uri, []) or uri in always:
                document = self.workspace.text_documents.get(uri)
                version = document.version if document else None
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))
            if found:
                self._sent[uri] = found
            else:
                self._sent.pop(uri, None)

    # Questions

    async def settled(self, uri: str) -> list[Analysis]:
        """The compiles of a document's projects, once they know what was just written; sooner if that takes long."""
        held = self.of(uri)
        waiting = [asyncio.ensure_future(it.is_settled.wait()) for it in held]
        if waiting:
            _, late = await asyncio.wait(waiting, timeout=PATIENCE)
            for it in late:
                it.cancel()
        return [found for it in held for found in it.found]

    async def ask(
        self, params: AtPosition, answer: Callable[[Analysis, Place], T], *, at_once: bool = False
    ) -> list[tuple[Analysis, T]]:
        """What each project of a document answers about a place, in each environment, in the order of opening."""
        uri = params.text_document.uri
        held = [found for it in self.of(uri) for found in it.found] if at_once else await self.settled(uri)
        document = self.workspace.text_documents.get(uri)
        if document is None:
            return []
        text = document.source
        place = Place(protocol.path_of(uri), text, self.positions.offset(text, params.position))
        loop = asyncio.get_running_loop()
        return [(it, await loop.run_in_executor(self._answering, answer, it, place)) for it in held]

    async def locate(
        self, params: AtPosition, answer: Callable[[Analysis, Place], Sequence[Span]]
    ) -> list[types.Location]:
        found = await self.ask(params, answer)
        located = [self.positions.location(it, partial(self.uri_of, by)) for by, spans in found for it in spans]
        return [it for number, it in enumerate(located) if it not in located[:number]]

    async def quick_fixes(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        await self.settled(uri)
        actions: list[types.CodeAction] = []
        for project in self.of(uri):
            if not project.found or not project.is_settled.is_set() or not protocol.is_wanted(params.context.only):
                continue
            uri_of = partial(self.uri_of, project.found[0])
            for shown, found in project.shown.get(uri, ()):
                if found is not None and protocol.touches(shown.range, params.range):
                    only = len(found.repairs) == 1
                    offered = (self.positions.action(it, shown, uri_of, is_only=only) for it in found.repairs)
                    actions += (it for it in offered if it.edit not in [known.edit for known in actions])
        return actions
