"""Projects of this repository after `egressc export`, each in a Git repository of its own."""

import shutil
from pathlib import Path
from typing import Final

from support.command import run

ROOT: Final = Path(__file__).parents[2]
REPOSITORY: Final = "https://git.example.com/shop/network.git"
PROJECTS: Final = ("", "examples/prod-shop", "examples/internet-opt-in", "examples/payments", "examples/eks-workshop")
_OF_THE_ROOT: Final = ("egressc.yaml", "platform", "values")


def export(project: str, folder: Path, *commands: str, settings: str = "") -> Path:
    """A copy of a project, compiled, after `egressc export COMMAND` for each; `folder` is empty.

    `settings`: more of `export` in the project file, as flow-style YAML entries.
    """
    for path in (ROOT / project).iterdir():
        if path.name in _OF_THE_ROOT or (project and path.name != "flows.csv"):
            (shutil.copytree if path.is_dir() else shutil.copyfile)(path, folder / path.name)
    (folder / ".git").mkdir()
    with (folder / "egressc.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\nexport: {{repository: {REPOSITORY}{settings and ', '}{settings}}}\n")
    for command in ("compile", *(f"export {it}" for it in commands)):
        done = run(command.split(), folder)
        assert done.exit_code == 0, done.output
    return folder
