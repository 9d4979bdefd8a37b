"""What tests of `egressc diff` do to a project, and what it then says."""

import json
from pathlib import Path
from typing import Any

from support.command import run

ROW = "| Redis | matih-data-plane | 6379 | TCP | Session cache |"


def edit(folder: Path, before: str, after: str, name: str = "platform/services.md") -> None:
    path = folder / name
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def compared(folder: Path, *arguments: str) -> dict[str, Any]:
    result = run(["diff", *arguments, "--format", "json"], folder)
    assert result.exit_code == 0, result.stderr
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def told(document: dict[str, Any]) -> list[str]:
    return [f"{it['kind']} {it['service']} {it['destination']}" for it in document["flows"]]
