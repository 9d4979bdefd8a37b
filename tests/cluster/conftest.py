"""One API server for all tests of this folder, and one cluster with packets; without them the tests are skipped.

Its DNS and its node, for the tests that run pods, live as long as the tests of one module.

Where a machine can have the testbed, CI fails in place of skipping.
"""

import os
import resource
from collections.abc import Iterator

import pytest

from testbed import definitions
from testbed.cluster import Cluster
from testbed.control_plane import ControlPlane
from testbed.dns import ClusterDns
from testbed.node import Node
from testbed.owners import why_unavailable
from testbed.programs import GoProgram, why_impossible, why_unready


@pytest.fixture(scope="session")
def control_plane() -> Iterator[ControlPlane]:
    require_testbed()
    with ControlPlane() as running:
        yield running


@pytest.fixture(scope="module")
def calico() -> Iterator[ControlPlane]:
    """An API server with the kinds of Calico."""
    require_testbed()
    require_owners()
    if not (found := definitions.of_calico()):
        pytest.skip(f"NO OWNER: {definitions.CALICO} has no custom resources of Calico")
    with ControlPlane() as running:
        definitions.register(running.api, *found)
        yield running


@pytest.fixture(scope="session")
def cluster(control_plane: ControlPlane) -> Iterator[Cluster]:
    # A socket for each port of each pod, and for each probe of a wave.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 16384), most))
    with Cluster(control_plane) as running:
        yield running


@pytest.fixture(scope="module")
def dns(cluster: Cluster) -> Iterator[ClusterDns]:
    with ClusterDns(cluster) as running:
        yield running


@pytest.fixture(scope="module")
def node(cluster: Cluster, dns: ClusterDns) -> Iterator[Node]:
    with Node(cluster, dns.address) as running:
        yield running


def require_testbed() -> None:
    """Skip where the machine can't have the testbed; where it could and it isn't built, skip or, in CI, fail."""
    if (reason := why_unready()) is not None:
        if os.environ.get("CI") and why_impossible() is None:
            pytest.fail(f"NO TESTBED: {reason}")
        pytest.skip(f"NO TESTBED: {reason}")


def require_owners(*programs: GoProgram) -> None:
    """Skip without programs of other owners, and without what `make testbed` copies of theirs; also in CI.

    They take long to build: on a new machine `make testbed` may leave some out.
    """
    if (reason := why_unavailable(*programs)) is not None:
        pytest.skip(f"NO OWNER: {reason}")


def require_program(program: GoProgram) -> None:
    """Skip without one program of `make testbed` that needs no other; also in CI, which may leave it out."""
    if not program.is_built():
        pytest.skip(f"NO PROGRAM: {program.name} missing: run `make testbed`")
