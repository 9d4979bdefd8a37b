"""The charts as Helm's own commands see them: lint, package, dependencies, install."""

import json
import re
import shutil
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import helm_python
import pytest
import yaml

from support.chart_samples import COMPILED, EVERYTHING, released
from support.helm_engines import ROOT, Binary, Embedded, Engine, HelmFailed, Values

LIBRARY = ROOT / "charts" / "network-policy"
VALUES = sorted((ROOT / "values").glob("*.yaml"))


def load(path: Path) -> dict[str, object]:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def test_charts_and_compiler_share_one_version() -> None:
    init = (ROOT / "compiler" / "egressc" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', init, re.MULTILINE)
    assert found
    root = load(ROOT / "Chart.yaml")
    assert root["version"] == root["appVersion"] == load(LIBRARY / "Chart.yaml")["version"] == found[1]
    assert root["dependencies"] == [{"name": "network-policy", "version": found[1], "repository": ""}]


@pytest.mark.parametrize("values", [{}, COMPILED, EVERYTHING], ids=["defaults", "compiled", "everything"])
def test_lints(helm: Binary, root_chart: Path, values: Values) -> None:
    assert "0 chart(s) failed" in helm.run("lint", "--strict", root_chart, *helm.files(values))
    assert not helm_python.lint(root_chart, dict(values), strict=True)["errors"]


def test_dependency_build_keeps_the_library(helm: Binary, root_chart: Path, tmp_path: Path) -> None:
    chart = tmp_path / "service-policy"
    shutil.copytree(root_chart, chart)
    helm.run("dependency", "build", chart)
    before, after = (sorted(path.relative_to(at) for path in at.rglob("*")) for at in (root_chart, chart))
    assert after == before
    assert "unpacked" in helm.run("dependency", "list", chart)


def test_the_package_is_the_chart_alone(helm: Binary, tmp_path: Path) -> None:
    helm.run("package", ROOT, "--destination", tmp_path)
    (archive,) = tmp_path.glob("*.tgz")
    with tarfile.open(archive) as tar:
        packaged = {name.removeprefix("service-policy/") for name in tar.getnames()}
    library = {path.relative_to(ROOT).as_posix() for path in LIBRARY.rglob("*") if path.is_file()}
    own = {"Chart.yaml", "Chart.lock", "values.yaml", "templates/NOTES.txt", "templates/networkpolicy.yaml"}
    own |= {"templates/probe.yaml", "values.schema.json", "LICENSE", "README.md"}
    assert packaged == own | library


def test_package_and_folder_render_alike(engine: Engine, helm_package: Path, root_chart: Path) -> None:
    for values in map(released, ({}, COMPILED, EVERYTHING)):
        assert engine.template(helm_package, values) == engine.template(root_chart, values)


@pytest.fixture(scope="session")
def helm_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(helm_python.package(ROOT, destination=tmp_path_factory.mktemp("package")))


def test_takes_the_library_under_another_name(engine: Engine, root_chart: Path, tmp_path: Path) -> None:
    chart = tmp_path / "service-policy"
    shutil.copytree(root_chart, chart, ignore=shutil.ignore_patterns("values.schema.json", "Chart.lock"))
    described = load(chart / "Chart.yaml")
    described["dependencies"] = [{"name": "network-policy", "version": "0.1.0", "repository": "", "alias": "policy"}]
    (chart / "Chart.yaml").write_text(yaml.safe_dump(described), encoding="utf-8")
    assert engine.template(chart, released(COMPILED)) == engine.template(root_chart, released(COMPILED))


def test_the_order_of_renders_does_not_matter(root_chart: Path) -> None:
    """Helm rewrites a loaded chart while it renders; nothing of one release may show in the next."""
    with helm_python.Chart.load(root_chart) as chart:
        compiled = released(COMPILED, "release-name", "default")
        first = chart.render(compiled)
        chart.render({"networkPolicy": {"enabled": False}})
        chart.render(released(EVERYTHING, "release-name", "default"))
        assert chart.render(compiled) == first


class Api(BaseHTTPRequestHandler):
    """As much of an API server as `helm install --dry-run=client` of Helm 3 asks for: what kinds there are."""

    answers: dict[str, object] = {  # noqa: RUF012 - read only
        "/version": {"major": "1", "minor": "32", "gitVersion": "v1.32.0"},
        "/api": {"kind": "APIVersions", "versions": ["v1"]},
        "/api/v1": {
            "kind": "APIResourceList",
            "groupVersion": "v1",
            "resources": [{"name": "services", "singularName": "service", "namespaced": True, "kind": "Service"}],
        },
        "/apis": {
            "kind": "APIGroupList",
            "apiVersion": "v1",
            "groups": [
                {"name": name, "versions": [version], "preferredVersion": version}
                for name in ("networking.k8s.io", "apps")
                for version in [{"groupVersion": f"{name}/v1", "version": "v1"}]
            ],
        },
        "/apis/networking.k8s.io/v1": {
            "kind": "APIResourceList",
            "groupVersion": "networking.k8s.io/v1",
            "resources": [
                {
                    "name": "networkpolicies",
                    "singularName": "networkpolicy",
                    "namespaced": True,
                    "kind": "NetworkPolicy",
                }
            ],
        },
        "/apis/apps/v1": {
            "kind": "APIResourceList",
            "groupVersion": "apps/v1",
            "resources": [
                {"name": "deployments", "singularName": "deployment", "namespaced": True, "kind": "Deployment"}
            ],
        },
    }

    def do_GET(self) -> None:
        answer = self.answers.get(self.path.partition("?")[0])
        body = json.dumps(answer or {"kind": "Status", "status": "Failure", "code": 404}).encode()
        self.send_response(200 if answer else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: pytest's output is for failures."""


@pytest.fixture(scope="module")
def api_server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def install(helm: Binary, api_server: str, release: str, chart: Path, *options: str, namespace: str = "ns") -> str:
    # Helm 3 asks the server for its version and kinds even for a client's dry run, and for its OpenAPI if it may.
    return helm.run(
        *("install", release, chart, "--namespace", namespace, "--dry-run=client", "--kube-apiserver", api_server),
        *("--disable-openapi-validation", *options),
    )


def test_installs_and_says_what_may_be_reached(helm: Binary, api_server: str, root_chart: Path) -> None:
    text = install(helm, api_server, "rel", root_chart, *helm.files(released(COMPILED)))
    notes = text.partition("NOTES:\n")[2]
    assert "STATUS: pending-install" in text
    assert (
        """  app.kubernetes.io/name=ai-service

This policy allows them only what is listed here:

  DNS (kube-dns)
    to pods k8s-app=kube-dns in namespaces kubernetes.io/metadata.name=kube-system
    on 53/UDP, 53/TCP
  LLM APIs: OpenAI, Anthropic
    to 0.0.0.0/0 except 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16
    to ::/0
    on 443/TCP
  Qdrant: Vector search (HTTP + gRPC)
    to pods app.kubernetes.io/name=qdrant in namespaces kubernetes.io/metadata.name=matih-data-plane
    on 6333/TCP, 6334/TCP
"""
        in notes
    )
    assert "network plugin (CNI) that enforces egress policies" in notes


def test_installs_whatever_the_values_use(helm: Binary, api_server: str, root_chart: Path) -> None:
    notes = install(helm, api_server, "rel", root_chart, *helm.files(EVERYTHING)).partition("NOTES:\n")[2]
    for line in (
        "app=web,tier in (a,b)",
        "to every pod in its own namespace",
        "to every pod in namespaces team=shop",
        "to every pod in every namespace",
        "on 8000-8100/TCP",
        "to pods app,tier notin (on,1e3) in its own namespace",
        "on any/TCP, any/SCTP",
        "to everything\n    on any port",
        "on 8080/TCP, metrics/TCP, any/UDP, any/TCP",
    ):
        assert line in notes


def test_disabled_says_so(helm: Binary, api_server: str, root_chart: Path) -> None:
    text = install(helm, api_server, "rel", root_chart, "--set", "networkPolicy.enabled=false")
    assert "networkPolicy.enabled is false: this release has no NetworkPolicy" in text


@pytest.mark.parametrize("values", VALUES, ids=lambda path: path.stem)
def test_installs_each_compiled_file(helm: Binary, api_server: str, root_chart: Path, values: Path) -> None:
    text = install(helm, api_server, values.stem, root_chart, "-f", str(values), namespace="matih-data-plane")
    assert f"  name: {values.stem}\n" in text


def test_a_problem_stops_an_install(helm: Binary, api_server: str, unchecked_chart: Path) -> None:
    with pytest.raises(HelmFailed) as failed:
        install(helm, api_server, "rel", unchecked_chart, "--set", "networkPolicy.dns.profile=bind")
    assert len(failed.value.problems) == 1


def test_the_embedded_engine_sees_the_same_chart(root_chart: Path) -> None:
    with helm_python.Chart.load(root_chart) as chart:
        assert (chart.name, chart.version) == ("service-policy", "0.1.0")
        assert [found["name"] for found in chart.dependencies] == ["network-policy"]
    assert Embedded().template(root_chart, released({}))
