"""Manifests without a project: a web shop, edits of it, and the screens that commands should print."""

import shutil
from pathlib import Path

SHOP = Path(__file__).parent / "shop"
EXPECTED = Path(__file__).parent / "expected"


def copied(folder: Path) -> Path:
    """Copy the shop into a folder, out of the reach of this repository's project file."""
    shutil.copytree(SHOP, folder, dirs_exist_ok=True)
    return folder


def edited(folder: Path, before: str, after: str) -> Path:
    """The same with one text of its manifests in place of another."""
    copied(folder)
    texts = {path: path.read_text("utf-8") for path in folder.glob("*.yaml")}
    assert any(before in text for text in texts.values())
    for path, text in texts.items():
        path.write_text(text.replace(before, after), "utf-8")
    return folder
