"""Names for shell completion: those of services by their values files, since compiling would take too long."""

import re
from pathlib import Path

import click

from egressc.project.environments import environments_of
from egressc.project.workspace import PROJECT_FILE, find_project_file

_VALUES_FOLDER = re.compile(r"""^values: *["']?([^"'#\s]+)""", re.MULTILINE)
_ENVIRONMENTS = re.compile(r"^environments:", re.MULTILINE)


def complete_service(context: click.Context, _argument: click.Parameter, incomplete: str) -> list[str]:
    """The ids of compiled services that begin alike and are not on the command line yet."""
    given = context.params.get("project") or find_project_file(Path.cwd()) or PROJECT_FILE
    project = Path(given)
    try:
        text = project.read_text("utf-8")
        named = _VALUES_FOLDER.search(text)
    except (OSError, ValueError):
        return []
    values = project.parent / (named[1] if named else "values")
    # Each environment has a folder of its own.
    pattern = "*/*.yaml" if _ENVIRONMENTS.search(text) else "*.yaml"
    already = {word for words in context.params.values() if isinstance(words, tuple) for word in words}
    return [
        it
        for it in sorted({path.stem for path in values.glob(pattern)})
        if it.startswith(incomplete) and it not in already
    ]


def complete_environment(context: click.Context, _argument: click.Parameter, incomplete: str) -> list[str]:
    """The environments of the project file that begin alike and are not on the command line yet."""
    named = context.params.get("environments") or ()
    known = environments_of(context.params.get("project") or find_project_file(Path.cwd()))
    return [it for it in known if it.startswith(incomplete) and it not in named]
