"""The pinned helm and kubectl builds that tests run: in .tools, or wherever EGRESSC_HELM3 and EGRESSC_HELM4 point."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAJORS = ("3", "4")


def helm_binary(major: str) -> str:
    """The path of a helm of one major version. Without it the test is skipped, and fails in CI."""
    return _binary(f"HELM{major}", f"helm-{major}/helm")


def kubectl_binary() -> str:
    """The path of kubectl, in .tools or where EGRESSC_KUBECTL points; without it as without helm."""
    return _binary("KUBECTL", "kubectl-1.35/kubectl")


def _binary(name: str, place: str) -> str:
    path = os.environ.get(f"EGRESSC_{name}") or str(ROOT / ".tools" / place)
    if not Path(path).is_file():
        missing = f"NO {name}: set EGRESSC_{name} or run `make tools`"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return path
