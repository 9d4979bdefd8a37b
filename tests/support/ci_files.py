"""The scripts of CI files, as the shells of their hosts get them."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
GITHUB = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
GITLAB = ("bash", "-eo", "pipefail", "-c")


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return document


def steps_of(path: Path) -> list[dict[str, Any]]:
    """The steps with scripts, of an action or of the only job of a workflow."""
    document = read(path)
    if "runs" in document:
        steps = document["runs"]["steps"]
    else:
        (job,) = document["jobs"].values()
        steps = job["steps"]
    return [step for step in steps if "run" in step]


def job_of(path: Path) -> dict[str, Any]:
    """The only job of a pipeline on GitLab."""
    (job,) = read(path).values()
    assert isinstance(job, dict)
    return job


def scripts_of(path: Path) -> list[str]:
    """Every script of a file: one for each step on GitHub; GitLab gives all lines of a job to one shell."""
    document = read(path)
    if "runs" in document or "jobs" in document:
        return [step["run"] for step in steps_of(path)]
    return ["\n".join(job_of(path)["script"])]


def documented(language: str) -> list[str]:
    """The blocks of docs/ci.md in a language, in order."""
    text = (ROOT / "docs" / "ci.md").read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def documented_workflow() -> str:
    """The one with the action, as if that were one of the same repository."""
    (workflow,) = (it for it in documented("yaml") if it.startswith("name:"))
    # actionlint reads actions at "./" only; zizmor wants another spelling of the same.
    return re.sub(r"uses: egressc/egressc@\S+", "uses: ./  # zizmor: ignore[self-repository]", workflow)


def shell(
    script: str, folder: Path, environment: Mapping[str, str], of: tuple[str, ...] = GITHUB
) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*of, script], cwd=folder, env=environment, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    print("\n".join(scripts_of(Path(sys.argv[1]))) if sys.argv[1:] else documented_workflow())
