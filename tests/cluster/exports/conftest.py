"""Argo CD's and Flux's own opinion of manifests: an API server that knows their resources, and Argo CD's controller.

Their resources stay out of the API server of other tests.
"""

from collections.abc import Callable, Iterator

import pytest

from cluster.conftest import require_owners, require_testbed
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
