"""`egressc rule`: what a code means, from the documentation that egressc carries."""

import click

from egressc.cli import OK
from egressc.project.distribution import explain_code


@click.command("rule")
@click.argument("code")
def command(code: str) -> int:
    """Explain CODE, such as EG301 or unknown-destination: what it means, and an example with its repair."""
    text = explain_code(code)
    if not text:
        raise click.BadParameter(f'there is no code "{code}"; docs/diagnostics.md lists all', param_hint="CODE")
    click.echo(text)
    return OK
