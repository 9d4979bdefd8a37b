"""Engines and charts for the contract of the charts with Helm."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from support.chart_copies import without_schema
from support.helm_engines import ENGINES, ROOT, Binary, Engine, open_binary, open_engine

LIBRARY = ROOT / "charts" / "network-policy"


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    return open_engine(request.param, tmp_path)


@pytest.fixture
def expect_text(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with a file in `expected`; `make golden` writes it."""

    def expect(name: str, text: str) -> None:
        file = Path(__file__).parent / "expected" / name
        if request.config.getoption("--rewrite-golden"):
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8")

    return expect


@pytest.fixture(params=["helm-3", "helm-4"])
def helm(request: pytest.FixtureRequest, tmp_path: Path) -> Binary:
    return open_binary(request.param, tmp_path)


@pytest.fixture(scope="session")
def root_chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root chart alone, without the repository around it, which Helm would walk for every render."""
    chart = tmp_path_factory.mktemp("root") / "service-policy"
    chart.mkdir()
    for name in ("Chart.yaml", "Chart.lock", "values.yaml", "values.schema.json"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, chart)
    for name in ("templates", "charts"):
        shutil.copytree(ROOT / name, chart / name)
    return chart


@pytest.fixture(scope="session")
def plain_chart(root_chart: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root chart with the include of any other chart in place of its own: values need not name a service."""
    chart = tmp_path_factory.mktemp("plain") / "service-policy"
    shutil.copytree(root_chart, chart)
    template = chart / "templates" / "networkpolicy.yaml"
    text = template.read_text(encoding="utf-8")
    assert '"network-policy.policy.service"' in text
    template.write_text(text.replace('"network-policy.policy.service"', '"network-policy.policy"'), encoding="utf-8")
    return chart


@pytest.fixture(scope="session")
def unchecked_chart(plain_chart: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without its schemas, as for `--skip-schema-validation`: the templates stand alone."""
    chart = tmp_path_factory.mktemp("unchecked") / "service-policy"
    shutil.copytree(plain_chart, chart)
    for schema in chart.rglob("values.schema.json"):
        schema.unlink()
    return chart


@pytest.fixture(scope="session")
def namespace_chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The chart of namespaces without its schema."""
    return without_schema(ROOT / "namespace-policy", tmp_path_factory.mktemp("charts"))


@pytest.fixture(scope="session")
def probe_chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Renders one named template of the library alone, with any argument."""
    chart = tmp_path_factory.mktemp("charts") / "probe"
    shutil.copytree(ROOT / "tests" / "support" / "any-define", chart)
    shutil.copytree(LIBRARY, chart / "charts" / "network-policy")
    return chart
