"""Files and folders that are written as they are, without a plan that compares them with what is there."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from egressc.files.folder import link_between

Plan = tuple[Path, Mapping[str, bytes]]
"""A folder, and the content of files by their paths in it."""


def find_link(*plans: Plan) -> Path | None:
    """The first symbolic link in the place of a file, or on the way to it: what is written would land elsewhere."""
    paths = ((folder, folder / name) for folder, files in plans for name in files)
    links = (path if path.is_symlink() else link_between(folder, path) for folder, path in paths)
    return next((it for it in links if it is not None), None)


def without_same(folder: Path, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Without those that are there already, with the same content."""
    return {
        name: content
        for name, content in files.items()
        if (path := folder / name).is_symlink() or not path.is_file() or path.read_bytes() != content
    }


def write_files(*plans: Plan) -> Iterator[Path]:
    """Write files one by one, each as soon as the path of the one before is taken."""
    for folder, files in plans:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            yield path


def replace_file(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f".{path.name}.new")
    made.write_text(text, "utf-8", newline="\n")
    made.replace(path)


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder whole or not at all, in the place of what is there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".egressc-", dir=folder.parent) as beside:
        made, old = Path(beside) / "new", Path(beside) / "old"
        for _ in write_files((made, files)):
            pass
        if folder.exists():
            folder.rename(old)
        try:
            made.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise
