"""Names for shell completion."""

from pathlib import Path

import click

from egressc.project.environments import environments_of
from egressc.project.workspace import PROJECT_FILE, compiled_names, find_project_file


def complete_service(context: click.Context, _argument: click.Parameter, incomplete: str) -> list[str]:
    """The ids of services that begin alike and are not on the command line yet."""
    project = context.params.get("project") or find_project_file(Path.cwd()) or PROJECT_FILE
    already = {word for words in context.params.values() if isinstance(words, tuple) for word in words}
    return [it for it in compiled_names(Path(project)) if it.startswith(incomplete) and it not in already]


def complete_environment(context: click.Context, _argument: click.Parameter, incomplete: str) -> list[str]:
    """The environments of the project file that begin alike and are not on the command line yet."""
    named = context.params.get("environments") or ()
    known = environments_of(context.params.get("project") or find_project_file(Path.cwd()))
    return [it for it in known if it.startswith(incomplete) and it not in named]
