"""The requests and notifications that the server answers."""

from functools import partial
from typing import Final

from lsprotocol import types

from egressc.lsp import answers, protocol
from egressc.lsp.server import Server
from egressc.project.workspace import PROJECT_FILE
from egressc.source import Source, Span

_WATCHED: Final = ("**/*.{md,markdown,csv,yaml,yml}",)


def make_server() -> Server:
    """A server with all that it answers."""
    server = Server()

    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        watched = workspace.did_change_watched_files if workspace else None
        if watched and watched.dynamic_registration:
            watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            asked = types.Registration("watch", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await server.client_register_capability_async(types.RegistrationParams([asked]))

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def did_open(params: types.DidOpenTextDocumentParams) -> None:
        await server.attach(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        for project in server.of(params.text_document.uri):
            server.touch(project)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def did_save(params: types.DidSaveTextDocumentParams) -> None:
        # It may have become the project file of other documents, or one that a pattern names.
        server.forget_folders()
        await server.attach(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.detach(params.text_document.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def did_change_files(params: types.DidChangeWatchedFilesParams) -> None:
        opened = server.opened()
        outside = [it for it in params.changes if protocol.path_of(it.uri) not in opened]
        if any(it.uri.endswith(PROJECT_FILE) for it in outside):
            server.forget_folders()
            for uri in [*server.workspace.text_documents]:
                await server.attach(uri)
        elif outside:
            for project in [*server.projects.values()]:
                server.touch(project)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        server.forget_folders()

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        found = [(by.environment, it) for by, it in await server.ask(params, answers.hover) if it is not None]
        if not found:
            return None
        first = found[0][1]
        told = {it.text: name for name, it in reversed(found)}  # environments that say the same say it once
        said = [f"{name}:\n{text}" if len(told) > 1 and name else text for text, name in reversed(told.items())]
        text = server.workspace.text_documents[params.text_document.uri].source
        # Plain text: names of documents are not to be read as Markdown.
        content = types.MarkupContent(types.MarkupKind.PlainText, "\n\n".join(said))
        return types.Hover(content, server.positions.range(Span(Source("", text), first.start, first.end)))

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def definition(params: types.DefinitionParams) -> list[types.Location]:
        return await server.locate(params, partial(answers.definitions, opened=server.opened()))

    @server.feature(types.TEXT_DOCUMENT_IMPLEMENTATION)
    async def implementation(params: types.ImplementationParams) -> list[types.Location]:
        return await server.locate(params, partial(answers.implementations, opened=server.opened()))

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def references(params: types.ReferenceParams) -> list[types.Location]:
        return await server.locate(params, answers.references)

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=["|", ","]))
    async def completion(params: types.CompletionParams) -> types.CompletionList:
        items: list[types.CompletionItem] = []
        for _, offered in await server.ask(params, answers.completions, at_once=True):
            text = server.workspace.text_documents[params.text_document.uri].source
            for number, it in enumerate(offered):
                start = server.positions.position(text, it.start)
                item = types.CompletionItem(it.name, kind=types.CompletionItemKind.Value, detail=it.kind)
                item.filter_text, item.sort_text = it.name, f"{number:04}"
                item.text_edit = types.TextEdit(types.Range(start, params.position), it.name)
                items += [item] if item not in items else []
        return types.CompletionList(is_incomplete=True, items=items)

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        return await server.quick_fixes(params)

    return server
