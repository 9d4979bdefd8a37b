"""`egressc lsp`: the language server, for editors to start."""

import sys

import click

from egressc.cli import OK


@click.command("lsp")
@click.option("--stdio", is_flag=True, expose_value=False, help="Has no effect: some editors add it to every command.")
def command() -> int:
    """Answer an editor over standard input and output: findings, quick fixes, hover, definitions, names.

    docs/editors.md has the configuration of editors. It needs `pip install 'egressc[lsp]'`.
    """
    try:
        from egressc.lsp.features import make_server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise click.UsageError("the language server needs a further package: pip install 'egressc[lsp]'") from error
    output = sys.stdout.buffer
    sys.stdout = sys.stderr  # standard output is for the protocol alone
    make_server().start_io(sys.stdin.buffer, output)
    return OK
