"""An editor: a client library of the protocol that talks to the real command over its standard input and output."""

import asyncio
import re
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

T = TypeVar("T")

PATIENCE = 60.0


class Shown:
    """A finding as the client has it: its code, the text under its range, its message."""

    def __init__(self, found: types.Diagnostic, text: str) -> None:
        self.code = found.code
        self.text = text
        self.message = found.message
        self.diagnostic = found

    def __repr__(self) -> str:
        return f"{self.code} {self.text!r}: {self.message}"


class Editor:
    """The documents of a person, in a folder; every method waits for what the server answers."""

    def __init__(self, root: Path, encoding: types.PositionEncodingKind | None = None) -> None:
        self.root = root
        self._loop = asyncio.new_event_loop()
        self._client = LanguageClient("test", "1")
        self._published: dict[str, types.PublishDiagnosticsParams] = {}
        self.texts: dict[str, str] = {}
        self._versions: dict[str, int] = {}
        self._news = asyncio.Event()
        self.encoding = encoding or types.PositionEncodingKind.Utf16
        self.registered: list[str] = []

        def take(params: types.PublishDiagnosticsParams) -> None:
            self._published[params.uri] = params
            self._news.set()

        def register(params: types.RegistrationParams) -> None:
            self.registered += [it.method for it in params.registrations]

        self._client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(take)
        self._client.feature(types.CLIENT_REGISTER_CAPABILITY)(register)
        self._run(self._start(encoding))

    async def _start(self, encoding: types.PositionEncodingKind | None) -> None:
        await self._client.start_io(sys.executable, "-m", "egressc", "lsp", "--stdio")
        watched = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
        related = types.PublishDiagnosticsClientCapabilities(related_information=True)
        capabilities = types.ClientCapabilities(
            general=types.GeneralClientCapabilities(position_encodings=[encoding]) if encoding else None,
            workspace=types.WorkspaceClientCapabilities(did_change_watched_files=watched),
            text_document=types.TextDocumentClientCapabilities(publish_diagnostics=related),
        )
        folder = types.WorkspaceFolder(self.root.as_uri(), self.root.name)
        begun = await self._client.initialize_async(
            types.InitializeParams(capabilities, root_uri=self.root.as_uri(), workspace_folders=[folder])
        )
        assert begun.capabilities.position_encoding == self.encoding
        self._client.initialized(types.InitializedParams())

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(asyncio.wait_for(work, PATIENCE))

    def close(self) -> tuple[int, str]:
        """End the server as editors do; its exit status, and what it wrote to its standard error."""

        async def end() -> tuple[int, str]:
            await self._client.shutdown_async(None)
            self._client.exit(None)
            server = self._client._server
            assert server is not None
            assert server.stderr is not None
            said = (await server.stderr.read()).decode()
            status = await server.wait()
            await self._client.stop()  # type: ignore[no-untyped-call]  # of a typed package
            return status, said

        try:
            return self._run(end())
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    # Documents

    def uri(self, name: str) -> str:
        return (self.root / name).as_uri()

    def open(self, name: str, text: str | None = None) -> None:
        uri = self.uri(name)
        self.texts[uri] = (self.root / name).read_bytes().decode() if text is None else text
        self._versions[uri] = self._versions.get(uri, 0) + 1
        item = types.TextDocumentItem(uri, "text", self._versions[uri], self.texts[uri])
        self._client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, name: str, text: str) -> None:
        uri = self.uri(name)
        self.texts[uri] = text
        self._versions[uri] += 1
        self._client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self._versions[uri], uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    def replace(self, name: str, old: str, new: str) -> None:
        before = self.texts[self.uri(name)]
        assert old in before
        self.change(name, before.replace(old, new))

    def save(self, name: str) -> None:
        (self.root / name).write_bytes(self.texts[self.uri(name)].encode())
        saved = types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(self.uri(name)))
        self._client.text_document_did_save(saved)

    def shut(self, name: str) -> None:
        uri = self.uri(name)
        del self.texts[uri]
        self._client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def tell_changed(self, name: str, kind: types.FileChangeType = types.FileChangeType.Changed) -> None:
        self._client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams([types.FileEvent(self.uri(name), kind)])
        )

    # What the server says

    def findings(self, name: str) -> list[Shown]:
        """Those of an open document as it is now."""
        return self.wait(name, lambda _: True)

    def wait(self, name: str, until: Callable[[list[Shown]], object]) -> list[Shown]:
        """Those of a file, once they are as they should be; of an open document, those of its newest version."""
        uri = self.uri(name)

        def is_there() -> bool:
            published = self._published.get(uri)
            is_new = published is not None and (uri not in self.texts or published.version == self._versions[uri])
            return is_new and bool(until(self.shown(name)))

        async def look() -> list[Shown]:
            while not is_there():
                self._news.clear()
                await self._news.wait()
            return self.shown(name)

        try:
            return self._run(look())
        except TimeoutError:
            raise AssertionError(f"{name} has {self._published.get(uri)}") from None

    def shown(self, name: str) -> list[Shown]:
        published = self._published.get(self.uri(name))
        return [Shown(it, self.under(name, it.range)) for it in (published.diagnostics if published else ())]

    def was_told_of(self, name: str) -> bool:
        return self.uri(name) in self._published

    def hover(self, name: str, text: str, *, after: str = "") -> str:
        """What the server says of a text in a document; of the first one after another text."""
        found = self._run(self._client.text_document_hover_async(types.HoverParams(*self._at(name, text, after))))
        if found is None:
            return ""
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    def definition(self, name: str, text: str, *, after: str = "") -> list[str]:
        params = types.DefinitionParams(*self._at(name, text, after))
        return self._said(self._run(self._client.text_document_definition_async(params)))

    def implementation(self, name: str, text: str, *, after: str = "") -> list[str]:
        params = types.ImplementationParams(*self._at(name, text, after))
        return self._said(self._run(self._client.text_document_implementation_async(params)))

    def references(self, name: str, text: str, *, after: str = "") -> list[str]:
        at = self._at(name, text, after)
        params = types.ReferenceParams(types.ReferenceContext(True), *at)
        return self._said(self._run(self._client.text_document_references_async(params)))

    def completions(self, name: str, text: str, *, after: str = "") -> list[str]:
        """What the server offers behind a text, each as the document would be with it."""
        document, at = self._at(name, text, after)
        source = self.texts[document.uri]
        end = source.index(text, source.index(after)) + len(text)
        params = types.CompletionParams(document, self.position(source, end))
        found = self._run(self._client.text_document_completion_async(params))
        assert isinstance(found, types.CompletionList)
        edits = [(document.uri, it.text_edit) for it in found.items]
        assert at is not None
        return [self._edited(uri, [edit]) for uri, edit in edits if isinstance(edit, types.TextEdit)]

    def quick_fixes(self, name: str, shown: Shown) -> list[types.CodeAction]:
        document = types.TextDocumentIdentifier(self.uri(name))
        context = types.CodeActionContext([shown.diagnostic], [types.CodeActionKind.QuickFix])
        params = types.CodeActionParams(document, shown.diagnostic.range, context)
        found = self._run(self._client.text_document_code_action_async(params)) or ()
        return [it for it in found if isinstance(it, types.CodeAction)]

    def apply(self, action: types.CodeAction) -> None:
        """Make the edits of a quick fix, in open documents."""
        assert action.edit is not None
        for uri, edits in (action.edit.changes or {}).items():
            self.change(uri.removeprefix(f"{self.root.as_uri()}/"), self._edited(uri, edits))

    # Positions, counted with other code than that of the server

    def _at(self, name: str, text: str, after: str) -> tuple[types.TextDocumentIdentifier, types.Position]:
        source = self.texts[self.uri(name)]
        return types.TextDocumentIdentifier(self.uri(name)), self.position(
            source, source.index(text, source.index(after) + len(after)) + 1
        )

    def position(self, text: str, offset: int) -> types.Position:
        lines = text[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return types.Position(len(lines) - 1, self._units(lines[-1]))

    def _units(self, text: str) -> int:
        widths = {types.PositionEncodingKind.Utf8: ("utf-8", 1), types.PositionEncodingKind.Utf16: ("utf-16-le", 2)}
        encoding, width = widths.get(self.encoding, ("utf-32-le", 4))
        return len(text.encode(encoding, "surrogatepass")) // width

    def offset(self, text: str, position: types.Position) -> int:
        start = 0
        for _ in range(position.line):
            start = re.compile(r"\r\n|\r|\n").search(text, start).end()  # type: ignore[union-attr]  # it is there
        return start + next(
            at for at in range(len(text)) if self._units(text[start : start + at]) == position.character
        )

    def under(self, name: str, place: types.Range) -> str:
        """The text of a range, in the open document or in the file."""
        text = self.texts.get(self.uri(name))
        if text is None:
            path = self.root / name
            text = path.read_bytes().decode() if path.is_file() else ""
        return self._cut(text, place)

    def _cut(self, text: str, place: types.Range) -> str:
        line = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[place.start.line]
        columns = [self._units(line[:at]) for at in range(len(line) + 1)]
        end = columns.index(place.end.character) if place.end.line == place.start.line else len(line)
        return line[columns.index(place.start.character) : end]

    def _edited(self, uri: str, edits: Sequence[types.TextEdit]) -> str:
        text = self.texts[uri]
        places = [(self.offset(text, it.range.start), self.offset(text, it.range.end), it.new_text) for it in edits]
        for start, end, new in sorted(places, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def _said(self, found: object) -> list[str]:
        """Locations as `file:line: the text there`."""
        assert isinstance(found, list | tuple | None)
        said = []
        for it in found or ():
            assert isinstance(it, types.Location)
            name = it.uri.removeprefix(f"{self.root.as_uri()}/")
            said.append(f"{name}:{it.range.start.line + 1}: {self.under(name, it.range)}")
        return said


@contextmanager
def editor(root: Path, encoding: types.PositionEncodingKind | None = None) -> Iterator[Editor]:
    """An editor with a server of its own; at the end both stop, and the server has had nothing to complain about."""
    opened = Editor(root, encoding)
    try:
        yield opened
    except BaseException:
        opened.close()
        raise
    assert opened.close() == (0, "")
