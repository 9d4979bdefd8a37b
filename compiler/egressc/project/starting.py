"""What `egressc init` writes: a new project, the files for CI, or both."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from egressc.files.plain import Plan, find_link, without_same
from egressc.project.ci import (
    GITLAB_PIPELINE,
    HOSTS,
    Host,
    job_file,
    packages_folder,
    planned_jobs,
    planned_packages,
)
from egressc.project.repository import find_repository
from egressc.project.scaffold import planned_files, planned_from, repository_settings
from egressc.project.usage import UsageProblem
from egressc.project.workspace import PROJECT_FILE

Ci = Literal[Host, "none"]


@dataclass(frozen=True, slots=True)
class Start:
    """What to write, and what to do next, a line each. `is_new`: a project comes with it."""

    plans: tuple[Plan, ...]
    next: tuple[str, ...]
    is_new: bool


def plan_start(folder: Path, documents: Sequence[Path], ci: Ci, tool: str = "", *, reads_repository: bool) -> Start:
    """The files of a project that is not there yet, and of CI; none that is there in another form (UsageProblem).

    Args:
        tool: what the project is exported for once it is written; "" for none.
        reads_repository: that tool reads the project from its Git repository.
    """
    is_new = bool(documents) or not (folder / PROJECT_FILE).exists()
    if tool:
        _require_exportable(folder, documents, tool, is_new=is_new, reads_repository=reads_repository)
    files = _planned_project(folder, documents) if is_new else {}
    root = _repository_above(folder) or folder
    jobs: dict[str, bytes] = {}
    has_pipeline = (root / GITLAB_PIPELINE).exists()
    inside = "" if root == folder else folder.resolve().relative_to(root).as_posix()
    if ci != "none":
        files |= planned_packages(ci)
        jobs = planned_jobs(ci, inside)
        if has_pipeline:
            jobs.pop(GITLAB_PIPELINE, None)
    elif not is_new:
        raise UsageProblem(f"{folder} already has {PROJECT_FILE}; write --ci {' or --ci '.join(HOSTS)} to add CI")
    plans = ((folder, without_same(folder, files)), (root, without_same(root, jobs)))
    paths = [base / name for base, some in plans for name in some]
    if taken := [it.as_posix() for it in paths if it.exists() or it.is_symlink()]:
        raise UsageProblem(f"{', '.join(taken)} already there; write another folder, or remove them")
    _require_no_link(*plans)
    steps = [] if paths else ["nothing to write: all files are there"]
    if ci == "gitlab" and has_pipeline:
        steps.append(f"next: add to {GITLAB_PIPELINE}: include: [{{local: {job_file(ci, inside)}}}]")
    there = "" if folder == Path() else f"cd {folder.as_posix()}; "
    if documents:
        complete = "complete catalog.yaml and egressc.yaml, then run: egressc compile --missing; egressc compile"
        steps.append(f"next: {there}{complete}")
    elif is_new and not tool:
        steps.append(f"next: {there}edit services.md, then run: egressc compile; egressc render")
    return Start(plans, tuple(steps), is_new)


def plan_packages(folder: Path, ci: Ci) -> tuple[Plan, ...]:
    """The packages of every host that has some already; of `ci` if none has. Raises UsageProblem."""
    hosts = [host for host in HOSTS if (folder / packages_folder(host)).exists()] or [it for it in HOSTS if it == ci]
    if not hosts:
        raise UsageProblem(f"--ci none installs nothing; write --ci {' or --ci '.join(HOSTS)}")
    plans = tuple((folder, planned_packages(host)) for host in hosts)
    _require_no_link(*plans)
    return plans


def older_packages(plans: Sequence[Plan]) -> list[Path]:
    """The wheels of other versions in the folders of packages."""
    written = {folder / name for folder, files in plans for name in files}
    return [
        it for parent in {path.parent for path in written} for it in parent.glob("egressc*-*.whl") if it not in written
    ]


def _require_no_link(*plans: Plan) -> None:
    if (link := find_link(*plans)) is not None:
        raise UsageProblem(f"{link.as_posix()} is a symbolic link; remove it, or write another folder")


def _require_exportable(
    folder: Path, documents: Sequence[Path], tool: str, *, is_new: bool, reads_repository: bool
) -> None:
    """Raises UsageProblem before anything is written, if the export would fail afterwards."""
    if documents:
        raise UsageProblem(
            "--export needs a complete project; remove it, complete the project, then run: egressc compile; "
            f"egressc export {tool}"
        )
    if not is_new:
        raise UsageProblem(f"{folder} already has {PROJECT_FILE}; run: egressc compile; egressc export {tool}")
    if reads_repository and find_repository(folder) is None:
        raise UsageProblem(
            f"{tool} reads the project from its Git repository, and Git knows no URL; run: git remote add origin URL"
        )


def _planned_project(folder: Path, documents: Sequence[Path]) -> dict[str, bytes]:
    if documents:
        files = planned_from(folder, documents)
    else:
        files = {name: text.encode() for name, text in planned_files().items()}
    files[PROJECT_FILE] += repository_settings(folder).encode()
    return files


def _repository_above(folder: Path) -> Path | None:
    """The root of the Git repository that the folder is in, unless the folder is that root itself."""
    for above in folder.resolve().parents:
        if (folder / ".git").exists():
            return None
        if (above / ".git").exists():
            return above
    return None
