"""Whole outputs as files: a test compares with them, and `make golden` rewrites them."""

import re
from pathlib import Path

import pytest


def hold(path: Path, given: str, request: pytest.FixtureRequest) -> None:
    """Compare an output, byte for byte, with the file that holds what is expected."""
    if request.config.getoption("--rewrite-golden"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(given, "utf-8", newline="")
    assert given == path.read_bytes().decode(), "run make golden, and read the difference"


def without_style(page: str) -> str:
    """A page without style and script, which have files of their own, and without their hashes."""
    text = re.sub(r"(?s)<style>.*?</style>", "<style></style>", page)
    text = re.sub(r"(?s)<script>.*?</script>", "<script></script>", text)
    return re.sub(r"sha256-[\w+/=]+", "sha256-…", text)
