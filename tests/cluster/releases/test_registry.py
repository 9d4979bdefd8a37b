"""The published charts in a real registry: pushed, pulled, rendered and installed by digest, with Helm 3 and Helm 4."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from cluster.conftest import require_program
from cluster.projects import Shop
from egressc.helm.chart import pack, unpack
from support.helm_binaries import MAJORS, ROOT, helm_binary
from support.install_page import commands
from support.packages import CHARTS, chart_folder, package
from support.signing import make_key
from testbed.api import POLICIES, Api
from testbed.programs import REGISTRY
from testbed.registry import running_registry

EXAMPLE: Final = ROOT / "examples" / "prod-shop" / "values"
GATEWAY: Final = ROOT / "tests" / "golden" / "hosts-through-an-egress-gateway" / "expected" / "values" / "cluster"
# A release of each chart that is rendered: its name, its namespace and its values.
RELEASES: Final[Mapping[str, tuple[str, str, Path]]] = {
    "service-policy": ("ai-service", "matih-data-plane", ROOT / "values" / "ai-service.yaml"),
    "namespace-policy": ("namespace-policy", "prod-api", EXAMPLE / "namespaces" / "prod-api.yaml"),
    "egress-gateway": ("egress-gateway", "istio-egress", GATEWAY / "egress-gateway.yaml"),
}


@dataclass(frozen=True)
class Helm:
    """One helm binary, with a home of its own: it has seen no chart before."""

    program: str
    home: Path
    kubeconfig: Path = Path(os.devnull)

    def run(self, *arguments: str | Path) -> str:
        """What it prints, on both streams; it must succeed."""
        done = self.try_to(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def try_to(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.program, *map(str, arguments)],
            env={"HOME": str(self.home), "KUBECONFIG": str(self.kubeconfig)},
            capture_output=True,
            text=True,
            check=False,
        )


@dataclass(frozen=True)
class Published:
    """Charts in a registry.

    Attributes:
        address: of the charts, without their names.
        packages: what was pushed, by the name of the chart.
        digests: of the manifests in the registry, as `helm push` says them.
    """

    address: str
    packages: Mapping[str, Path]
    digests: Mapping[str, str]

    def by_digest(self, chart: str) -> str:
        return f"{self.address}/{chart}@{self.digests[chart]}"


@pytest.fixture(scope="module", params=MAJORS)
def published(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """All charts, pushed with one Helm."""
    require_program(REGISTRY)
    folder = tmp_path_factory.mktemp("registry")
    helm = Helm(helm_binary(request.param), folder)
    packages = {name.rsplit("-", 1)[0]: path for name, path in package("charts", folder / "charts").items()}
    with running_registry(folder) as host:
        address = f"oci://{host}/charts"
        digests: dict[str, str] = {}
        for chart, path in packages.items():
            said = helm.run("push", path, address, "--plain-http")
            (digests[chart],) = re.findall(r"^Digest: (sha256:[0-9a-f]{64})$", said, re.MULTILINE)
        yield Published(address, packages, digests)


@pytest.fixture(params=MAJORS)
def helm(request: pytest.FixtureRequest, tmp_path: Path) -> Helm:
    return Helm(helm_binary(request.param), tmp_path)


def test_a_package_comes_back_as_it_was_pushed(helm: Helm, published: Published) -> None:
    for chart in CHARTS:
        folder = helm.home / chart
        folder.mkdir()
        helm.run("pull", published.by_digest(chart), "--plain-http", "--destination", folder)
        (pulled,) = folder.iterdir()
        assert pulled.read_bytes() == published.packages[chart].read_bytes()


def test_a_chart_by_digest_renders_as_the_one_in_the_repository(helm: Helm, published: Published) -> None:
    for chart, (release, namespace, values) in RELEASES.items():
        arguments = ("template", release, "-n", namespace, "-f", values)
        from_registry, from_tree = (
            helm.try_to(*arguments, "--plain-http", published.by_digest(chart)),
            helm.try_to(*arguments, chart_folder(chart)),
        )
        assert from_registry.returncode == 0, from_registry.stderr
        assert from_registry.stdout == from_tree.stdout
        assert f"# Source: {chart}/templates/" in from_registry.stdout


def test_an_unknown_digest_is_refused(helm: Helm, published: Published) -> None:
    reference = f"{published.address}/service-policy@sha256:{'0' * 64}"
    assert helm.try_to("pull", reference, "--plain-http", "--destination", helm.home).returncode == 1


def test_another_package_of_the_same_version_has_another_digest(helm: Helm, published: Published) -> None:
    files = unpack(published.packages["service-policy"])
    changed = helm.home / "service-policy-0.1.0.tgz"
    changed.write_bytes(pack("service-policy", {**files, "values.yaml": files["values.yaml"] + b"# changed\n"}))
    assert published.digests["service-policy"] not in helm.run("push", changed, published.address, "--plain-http")
    test_a_package_comes_back_as_it_was_pushed(helm, published)


def test_a_release_of_a_digest_is_that_of_the_repository(shop: Shop, published: Published, api: Api) -> None:
    helm = Helm(shop.program, shop.folder, shop.kubeconfig)
    shop.write()
    release = ("orders", "-n", shop.namespace, "-f", shop.folder / "values" / "orders.yaml")
    specs = []
    for chart, options in ((published.by_digest("service-policy"), ["--plain-http"]), (str(ROOT), [])):
        helm.run("upgrade", "--install", *release, chart, *options)
        (policy,) = api.get(f"{POLICIES}/namespaces/{shop.namespace}/networkpolicies")["items"]
        specs.append(policy["spec"])
    assert specs[0] == specs[1]


OFFICIAL: Final = "oci://ghcr.io/egressc/charts"
OWN: Final = "oci://registry.example.com/charts"


def shell(command: str, helm: Helm, replaced: Mapping[str, str]) -> None:
    """Run documented commands in the home of a Helm: names of registries, keys and folders are replaced."""
    for old, new in replaced.items():
        assert old in command
        command = command.replace(old, new)
    lines = [f"{line} --plain-http" if line.startswith("helm ") else line for line in command.splitlines()]
    path = f"{Path(helm.program).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", "\n".join(lines)],
        cwd=helm.home,
        env={"PATH": path, "HOME": str(helm.home), "KUBECONFIG": str(helm.kubeconfig), "SOURCE_DATE_EPOCH": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_documented_command_pulls_a_version(helm: Helm, published: Published) -> None:
    pull, _ = commands("Charts from a registry")
    shell(pull, helm, {OFFICIAL: published.address})
    assert [path.name for path in helm.home.glob("*.tgz")] == ["service-policy-0.1.0.tgz"]


def test_the_documented_command_installs_a_digest(shop: Shop, published: Published, api: Api) -> None:
    _, install = commands("Charts from a registry")
    shop.write()
    helm = Helm(shop.program, shop.folder, shop.kubeconfig)
    digest = published.digests["service-policy"]
    shell(install, helm, {OFFICIAL: published.address, "sha256:<digest>": digest, "-n shop": f"-n {shop.namespace}"})
    assert len(api.get(f"{POLICIES}/namespaces/{shop.namespace}/networkpolicies")["items"]) == 1


def test_the_documented_commands_sign_push_and_verify(helm: Helm, published: Published) -> None:
    sign_and_push, pull = commands("Your own registry")
    secret, public = make_key(helm.home / "keys", "charts@example.com")
    dist = helm.home / "dist"
    make = {"make packages": f"make -C {ROOT} packages DIST={dist}", "secret.gpg": str(secret)}
    address = published.address.replace("/charts", "/own")
    shell(sign_and_push, helm, {**make, OWN: address})
    shell(pull, helm, {OWN: address, "public.gpg": str(public)})
    assert (helm.home / "service-policy-0.1.0.tgz.prov").is_file()
