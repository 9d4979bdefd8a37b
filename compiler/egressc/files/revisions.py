"""Files as a commit of Git has them, read without touching the checkout, its index or its working tree."""

import re
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

# What `git cat-file --batch --follow-symlinks` says before each object, and in the place of one that it can't reach.
_OBJECT = re.compile(rb"[0-9a-f]+ (?P<type>[a-z]+) (?P<size>[0-9]+)")
_ELSEWHERE = re.compile(rb"(?:symlink|dangling|loop|notdir) (?P<size>[0-9]+)")


class GitError(Exception):
    """Git could not do what was asked of it; the text is Git's own last line."""


def find_commit(folder: Path, name: str) -> str | None:
    """The commit that a revision (`main`, `v1.2`, `HEAD~3`) names; None for none, or without a repository or git."""
    if name.startswith("-"):
        return None
    try:
        found = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except (GitError, OSError, ValueError):
        return None
    return found.decode("ascii").strip()


def describe_checkout(folder: Path) -> str:
    """The repository that holds a folder, and its revision: `shop/platform at v1.2-3-gabc1234, with changes`.

    Empty without a repository, a commit or git.
    """
    try:
        revision = _git(folder, "describe", "--always", "--tags", "--dirty=, with changes").decode().strip()
        top = _git(folder, "rev-parse", "--show-toplevel").decode().strip()
        place = place_in_repository(folder).rstrip("/")
        with suppress(GitError):
            top = _git(folder, "config", "--get", "remote.origin.url").decode().strip() or top
    except (GitError, OSError, ValueError):
        return ""
    name = re.split(r"[/:\\]", top.rstrip("/"))[-1].removesuffix(".git")
    return f"{name}{f'/{place}' if place else ''} at {revision}"


def origin_of(folder: Path) -> str:
    """The URL of the remote that a repository comes from, without a user's name; empty where there is none."""
    return re.sub(r"^(https?://)[^/]*@", r"\1", _said(folder, "config", "--get", "remote.origin.url"))


def default_branch_of(folder: Path) -> str:
    """The branch that a clone checks out; before the first commit the one that will be pushed; else empty."""
    remote = _said(folder, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    if remote or _said(folder, "rev-parse", "--verify", "--quiet", "HEAD"):
        return remote.removeprefix("origin/")
    return _said(folder, "symbolic-ref", "--quiet", "--short", "HEAD")


def _said(folder: Path, *arguments: str) -> str:
    try:
        return _git(folder, *arguments).decode("utf-8", "replace").strip()
    except (GitError, OSError, ValueError):
        return ""


def place_in_repository(folder: Path) -> str:
    """The path of a folder from the root of its repository, with a slash at its end; empty for the root itself."""
    return _git(folder, "rev-parse", "--show-prefix").decode("utf-8").rstrip("\n")


def list_files(folder: Path, commit: str) -> list[str]:
    """Every file of a commit, as paths from the root of the repository."""
    listed = _git(folder, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit).decode(
        "utf-8", "surrogateescape"
    )
    return [path for path in listed.split("\0") if path]


def copy_files(folder: Path, commit: str, paths: Sequence[str], target: Path) -> None:
    """Write some files of a commit below `target`, exactly as committed.

    A symbolic link becomes what it leads to, if that is a file of the commit; else it is left out, as is a submodule.
    """
    # The names of a batch end at line breaks, and no path that a project file names holds one. A tree made by hand
    # could lead out of the target.
    wanted = [path for path in paths if "\n" not in path and ".." not in path.split("/") and not path.startswith("/")]
    asked = "".join(f"{commit}:{path}\n" for path in wanted).encode("utf-8", "surrogateescape")
    answer = _git(folder, "cat-file", "--batch", "--follow-symlinks", asked=asked)
    start = 0
    for path in wanted:
        end = answer.index(b"\n", start)
        header = answer[start:end]
        start = end + 1
        if found := _OBJECT.fullmatch(header):
            size = int(found["size"])
            if found["type"] == b"blob":
                file = target / PurePosixPath(path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(answer[start : start + size])
            start += size + 1
        elif found := _ELSEWHERE.fullmatch(header):
            start += int(found["size"]) + 1  # here Git says where the link leads


def _git(folder: Path, *arguments: str, asked: bytes = b"") -> bytes:
    done = subprocess.run(  # noqa: S603  no shell, and what a user gives stands behind --end-of-options
        ["git", "--no-optional-locks", "-C", str(folder), *arguments],  # noqa: S607  the git that the user's PATH names
        input=asked,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise GitError((done.stderr.decode("utf-8", "replace").strip().splitlines() or ["git failed"])[-1])
    return done.stdout
