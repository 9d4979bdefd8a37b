"""The files of CI for a project: what a host of repositories runs, and the egressc that this installs."""

import hashlib
from pathlib import Path, PurePosixPath
from typing import Literal

from egressc.emit.scalars import scalar
from egressc.project.distribution import own_wheel

Host = Literal["github", "gitlab"]
HOSTS: tuple[Host, ...] = ("github", "gitlab")
GITLAB_PIPELINE = ".gitlab-ci.yml"
TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "ci"
PINS = TEMPLATES / "requirements.txt"

_JOBS: dict[Host, str] = {"github": ".github/workflows/egress.yaml", "gitlab": ".gitlab/egress.yml"}


def packages_folder(host: Host) -> str:
    """The folder with what a job installs, from the folder of the project."""
    return f".{host}/egressc"


def job_file(host: Host, inside: str) -> str:
    """The file with the job of a project, from the root of the repository, of which `inside` is the project's path."""
    path = PurePosixPath(_JOBS[host])
    return path.with_stem("-".join([path.stem, *PurePosixPath(inside).parts])).as_posix()


def planned_jobs(host: Host, inside: str) -> dict[str, bytes]:
    """Every file by its path from the root of the repository, for a project at the path `inside` it.

    Projects in folders have jobs and files of their own name.
    """
    path = job_file(host, inside)
    name = scalar(PurePosixPath(path).stem)
    text = (TEMPLATES / host / _JOBS[host]).read_text("utf-8")
    folder = scalar(inside) if inside else "."
    match host:
        case "github":
            text = text.replace("name: egress\n", f"name: {name}\n")
            return {path: text.replace("working-directory: .\n", f"working-directory: {folder}\n").encode()}
        case "gitlab":
            text = text.replace("\negress:\n", f"\n{name}:\n")
            text = text.replace("EGRESSC_FOLDER: .\n", f"EGRESSC_FOLDER: {folder}\n")
            return {path: text.encode(), GITLAB_PIPELINE: f"include:\n  - local: {scalar(path)}\n".encode()}


def planned_packages(host: Host) -> dict[str, bytes]:
    """What a job installs: egressc as it runs here, and the list of what it needs, each file by its hash."""
    folder = packages_folder(host)
    wheel, content = own_wheel()
    own = f"./{folder}/{wheel} \\\n    --hash=sha256:{hashlib.sha256(content).hexdigest()}\n"
    pins = PINS.read_text("utf-8")
    return {f"{folder}/{wheel}": content, f"{folder}/requirements.txt": f"{pins}{own}".encode()}
