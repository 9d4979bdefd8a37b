"""Argo CD's and Flux's own opinion of manifests: an API server that knows their resources, and Argo CD's controller.

Their resources stay out of the API server of other tests.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cluster.conftest import require_owners, require_testbed
from cluster.exports.syncing import Synced
from support.first_policy import empty_repository, first_commands
from testbed import definitions
from testbed.api import Api
from testbed.control_plane import ControlPlane
from testbed.owners import Generated, generate
from testbed.programs import APPLICATION_SET


@pytest.fixture(scope="session")
def owners_plane() -> Iterator[ControlPlane]:
    require_testbed()
    require_owners()
    with ControlPlane() as running:
        definitions.register(running.api)
        yield running


@pytest.fixture(scope="session")
def api(owners_plane: ControlPlane) -> Api:
    return owners_plane.api


@pytest.fixture(scope="session")
def argo() -> Callable[..., list[Generated]]:
    """`testbed.owners.generate`, where it can be had: it needs no API server."""
    require_owners(APPLICATION_SET)
    return generate


@pytest.fixture
def type_commands(owners_plane: ControlPlane, tmp_path: Path) -> Callable[[str], Synced]:
    """Runs the commands for a tool, at a cluster with the namespaces and without a policy."""
    repository = empty_repository(tmp_path, owners_plane.kubeconfig)
    for namespace in ("argocd", "flux-system", "shop"):
        repository.run(f"kubectl create namespace {namespace} --dry-run=client -o yaml | kubectl apply -f -")
        repository.run(f"kubectl delete networkpolicies,secrets --all -n {namespace}")

    def run(tool: str) -> Synced:
        for command in first_commands(tool):
            repository.run(command)
        return Synced(repository, repository.pushed(tmp_path / "pushed"))

    return run
