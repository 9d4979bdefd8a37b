"""Pages of docs/ whose files are to be written and whose commands are to be run, in the order of the text."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from support.helm_binaries import ROOT, helm_binary

# A file whose name is the last code before it; or commands.
_STEP = re.compile(r"(?:^[^\n]*`([\w./-]+)`[^\n]*:\n\n)?^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """A file with its text, or, where `file` is empty, one command."""

    file: str
    text: str


def steps(page: str) -> list[Step]:
    """Blocks without a name that are no commands are left out."""
    found = []
    for name, language, text in _STEP.findall((ROOT / "docs" / page).read_text("utf-8")):
        if language == "sh":
            found += [Step("", line) for line in text.splitlines()]
        elif name:
            found.append(Step(name, text))
    return found


@dataclass(frozen=True)
class Reader:
    """Somebody who does what a page says, in a folder."""

    folder: Path
    kubeconfig: str = os.devnull

    def do(self, step: Step) -> str:
        """What the command prints; nothing for a file. Asserts that it succeeds."""
        if step.file:
            path = self.folder / step.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.text, "utf-8")
            return ""
        programs = self.folder.parent / "bin"
        programs.mkdir(exist_ok=True)
        for name, command in {"egressc": f"{sys.executable} -m egressc", "helm": helm_binary("4")}.items():
            (programs / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n', "utf-8")
            (programs / name).chmod(0o755)
        done = subprocess.run(
            ["/bin/sh", "-e", "-c", step.text],
            cwd=self.folder,
            env={
                "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin",
                "HOME": str(self.folder.parent),
                "KUBECONFIG": self.kubeconfig,
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{step.text}\n{done.stdout}\n{done.stderr}"
        return done.stdout
