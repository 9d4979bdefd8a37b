"""What a release publishes, as `make packages` makes it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from support.helm_binaries import ROOT, helm_binary

CHARTS = ("egress-gateway", "guardrail-policy", "namespace-policy", "network-policy", "service-policy")
"""The charts that are published."""
FOLDERS = {"network-policy": ROOT / "charts" / "network-policy", "service-policy": ROOT}
"""Where charts are that are not in a folder of their name."""
EPOCH = 1767225600


def chart_folder(name: str) -> Path:
    return FOLDERS.get(name, ROOT / name)


def package(kind: str, folder: Path, *options: str | Path, tree: Path = ROOT) -> dict[str, Path]:
    """The packages of a kind, charts or python, by file name; made from a copy of the repository if one is given."""
    environment = {
        **os.environ,
        "EGRESSC_HELM4": helm_binary("4"),
        "PYTHONPATH": str(tree / "compiler"),
        "SOURCE_DATE_EPOCH": str(EPOCH),
    }
    command = [sys.executable, str(tree / ".ci" / "packages.py"), kind, str(folder), *map(str, options)]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {path.name: path for path in folder.iterdir()}


def tree_copy(folder: Path) -> Path:
    """A copy of the repository as it is here now, without what .gitignore names."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = (
        subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.rstrip("\0").split("\0")
    )
    for name in names:
        if (ROOT / name).is_symlink() or (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name, follow_symlinks=False)
    return folder
