"""A folder of values, a plan to change it, and what then stands there."""

from collections.abc import Mapping
from pathlib import Path

from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import whole_file
from egressc.files.folder import WritePlan, plan_write, read_folder

NAMES = tuple(f"{letter}.yaml" for letter in "abcdef")
OLD = {name: f"old {name}\n" for name in NAMES}
NEW = {**{name: f"new {name}\n" for name in NAMES[:4]}, "x.yaml": "new x", "y.yaml": "new y"}
REMOVED = NAMES[4:]


def plan(path: Path, contents: Mapping[str, str], removals: tuple[str, ...] = ()) -> WritePlan:
    report = Report()
    within = [name.rpartition("/")[0] for name in (*contents, *removals) if "/" in name]
    folder = read_folder(path, "values", whole_file("egressc.yaml"), report, subfolders=within)
    assert folder is not None
    planned = plan_write(folder, contents, report, removals=removals)
    assert not report.diagnostics
    return planned


def state(path: Path) -> dict[str, str]:
    """Every entry of a folder, hidden ones too."""
    return {entry.name: entry.read_text() for entry in path.iterdir()}


def identity(path: Path) -> tuple[int, int, int]:
    """What changes when somebody writes: unlike `stat()` whole, whose access time changes when somebody reads."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_ctime_ns


def write_old(tmp_path: Path) -> Path:
    """The folder as an earlier run left it."""
    folder = tmp_path / "values"
    folder.mkdir()
    for name, text in OLD.items():
        (folder / name).write_text(text)
    return folder
