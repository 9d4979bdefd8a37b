"""The commands of docs/gitops.md that lead from an empty repository to the first policy, and a place to run them."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from support.exported import REPOSITORY, ROOT
from support.helm_binaries import helm_binary, kubectl_binary

TOOLS = ("argocd", "flux")


def first_commands(tool: str) -> list[str]:
    """The lines that a user types for a tool, in order."""
    text = (ROOT / "docs" / "gitops.md").read_text("utf-8")
    section = text.partition("\n## From an empty repository\n")[2].partition("\n## ")[0]
    blocks: list[str] = re.findall(r"^```sh\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    (block,) = (it for it in blocks if tool in it)
    return block.splitlines()


@dataclass(frozen=True)
class EmptyRepository:
    """A clone of an empty repository, whose URL leads to a folder of this machine.

    Attributes:
        clone: where a user works.
        environment: of a shell with egressc and git, and with kubectl and helm for a cluster.
    """

    clone: Path
    environment: dict[str, str]

    def run(self, command: str) -> str:
        """The output of one line in a shell. Asserts that it succeeds."""
        done = subprocess.run(
            ["/bin/sh", "-e", "-c", command],
            cwd=self.clone,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def pushed(self, folder: Path) -> Path:
        """What the tool gets: another clone, in a folder that is not there yet."""
        self.run(f"git clone --quiet {REPOSITORY} '{folder}'")
        return folder


def empty_repository(folder: Path, kubeconfig: Path | None = None) -> EmptyRepository:
    """For kubectl and helm, `kubeconfig` says where the cluster is; without it there are none of them."""
    programs = folder / "bin"
    programs.mkdir()
    commands = {"egressc": f'exec {sys.executable} -m egressc "$@"'}
    if kubeconfig is not None:
        commands["kubectl"] = f'exec {kubectl_binary()} "$@"'
        commands["helm"] = f'exec {helm_binary("4")} "$@"'
    for name, command in commands.items():
        (programs / name).write_text(f"#!/bin/sh\n{command}\n", "utf-8")
        (programs / name).chmod(0o755)
    settings = folder / "gitconfig"
    settings.write_text(
        f'[url "{folder}/origin.git"]\n\tinsteadOf = {REPOSITORY}\n[init]\n\tdefaultBranch = main\n'
        "[user]\n\tname = Test\n\temail = test@egressc.invalid\n"
    )
    environment = {
        "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "GIT_CONFIG_GLOBAL": str(settings),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "KUBECONFIG": str(kubeconfig or os.devnull),
    }
    here = EmptyRepository(folder, environment)
    here.run("git init --quiet --bare origin.git")
    here.run(f"git clone --quiet {REPOSITORY} work")
    return EmptyRepository(folder / "work", environment)
