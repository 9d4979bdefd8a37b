"""An API server for commands that install: on the shared one, tests of packets leave policies, which they refuse."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster.conftest import require_testbed
from cluster.projects import Shop, make_shop
from support.helm_binaries import MAJORS, helm_binary
from testbed.api import Api
from testbed.cluster import ensure_namespace
from testbed.control_plane import ControlPlane


@pytest.fixture(scope="session")
def control_plane() -> Iterator[ControlPlane]:
    require_testbed()
    with ControlPlane() as running:
        yield running


@pytest.fixture
def api(control_plane: ControlPlane) -> Api:
    return control_plane.api


@pytest.fixture(params=MAJORS)
def shop(request: pytest.FixtureRequest, control_plane: ControlPlane, tmp_path: Path) -> Shop:
    made = make_shop(tmp_path, control_plane, helm_binary(request.param))
    ensure_namespace(control_plane.api, made.namespace, {})
    return made
