"""Options and fixtures of every test: colour, width and the golden rewrite."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

from testbed.istio import IstioCheck
from testbed.owners import why_unavailable
from testbed.policy_engine import PolicyEngine
from testbed.programs import ISTIO_CHECK, POLICY_ENGINE

# The same questions in every run and none of them timed: a run tells about the change, not about chance or a busy
# machine. Other questions are asked by `make fuzz`.
settings.register_profile(
    "egressc", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("egressc")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-golden", action="store_true", help="write what the golden cases give now in place of comparing"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A property asks many questions: it is slow, whatever it says."""
    for item in items:
        if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj):
            item.add_marker("slow")


@pytest.fixture(autouse=True)
def fixed_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the terminal, the locale or the settings of whoever runs it."""
    for name in ("FORCE_COLOR", "EGRESSC_HELM", "EGRESSC_ENGINE", "PYTHONUNBUFFERED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture(scope="session")
def policy_engine() -> Iterator[PolicyEngine]:
    """Cilium's own, where `make testbed` has built it."""
    if (reason := why_unavailable(POLICY_ENGINE)) is not None:
        pytest.skip(f"NO OWNER: {reason}")
    with PolicyEngine() as running:
        yield running


@pytest.fixture(scope="session")
def istio() -> Iterator[IstioCheck]:
    """Istio's own control plane and simulator, where `make testbed` has built them."""
    if (reason := why_unavailable(ISTIO_CHECK)) is not None:
        pytest.skip(f"NO OWNER: {reason}")
    with IstioCheck() as running:
        yield running
