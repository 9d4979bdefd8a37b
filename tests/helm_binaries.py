"""The pinned helm builds that tests compare with: in .tools, or wherever EGRESSC_HELM3 and EGRESSC_HELM4 point."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAJORS = ("3", "4")


def helm_binary(major: str) -> str:
    """The path of a helm of one major version. Without it the test is skipped, and fails in CI."""
    path = os.environ.get(f"EGRESSC_HELM{major}") or str(ROOT / ".tools" / f"helm-{major}" / "helm")
    if not Path(path).is_file():
        missing = f"NO HELM {major}: set EGRESSC_HELM{major} or run `make tools`"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return path
