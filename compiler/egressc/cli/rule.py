"""`egressc rule`: what a code means, from the documentation that egressc carries."""

import re

import click

from egressc.cli import OK
from egressc.project.distribution import own_documents


@click.command("rule")
@click.argument("code")
def command(code: str) -> int:
    """Explain CODE, such as EG301 or unknown-destination: what it means, and an example with its repair."""
    text = (own_documents() / "diagnostics.md").read_text("utf-8")
    asked = re.escape(code.lower())
    section = re.search(
        rf"^### (?:{asked} \S+|\S+ {asked})\n.*?(?=^###? |\Z)", text, re.DOTALL | re.IGNORECASE | re.MULTILINE
    )
    if section is None:
        raise click.BadParameter(f'there is no code "{code}"; docs/diagnostics.md lists all', param_hint="CODE")
    text = re.sub(r"^```.*\n|^### ", "", section[0], flags=re.MULTILINE).strip()
    # The severity is the first line's last word, in italics.
    click.echo(re.sub(r"\*(\w+)\*$", r"\1", text, count=1, flags=re.MULTILINE))
    return OK
