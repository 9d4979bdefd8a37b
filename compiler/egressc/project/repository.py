"""Where the Git repository of a project is, for tools that read it themselves."""

from pathlib import Path
from typing import NamedTuple

from egressc.files.revisions import default_branch_of, origin_of
from egressc.model.scalars import repository_problem


class Repository(NamedTuple):
    """Its URL, without a user's name or password, and its main branch, empty where Git does not know it."""

    url: str
    branch: str


def find_repository(folder: Path) -> Repository | None:
    """What Git knows of the repository around a folder; None if it knows none that tools can read.

    The folder need not exist yet.
    """
    there = next(it for it in (folder.absolute(), *folder.absolute().parents) if it.is_dir())
    url = origin_of(there)
    if not url or repository_problem(url):
        return None
    return Repository(url, default_branch_of(there))
