"""Connections of generated clusters against NCA, code of another author with a reading of its own."""

from pathlib import Path

import pytest
from hypothesis import given

from egressc.model.address_sets import AddressSet, join_addresses
from egressc.model.flows import Pod
from egressc.verify.listing.connections import list_connections
from nca_oracle import Answer, ask, tamed
from verify.fuzzing import fuzz
from verify.reading import read
from verify.worlds import Manifest, cluster, policy_sets


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nca")


def ours(manifests: list[Manifest]) -> Answer:
    """Our connections in the form of NCA's."""
    found = read(manifests)
    answer: Answer = {}
    for source, destination, ports in list_connections(found.policies, found.pods):
        pair = _name(source), _name(destination)
        outside = source if isinstance(source, AddressSet) else destination
        if isinstance(outside, AddressSet):
            cells = answer.setdefault(pair, {})
            assert isinstance(cells, dict)
            known = [addresses for p, addresses in cells.items() if p == ports]
            cells[ports] = join_addresses((outside, *known))
        else:
            answer[pair] = ports
    return answer


def _name(end: Pod | AddressSet) -> str:
    return f"{end.namespace}/{end.name}" if isinstance(end, Pod) else ""


@fuzz(250)
@given(policies=policy_sets())
def test_connections_are_those_of_nca(policies: list[Manifest], folder: Path) -> None:
    # No policy, no question: NCA says nothing at all then.
    if policies:
        pods = [manifest for manifest in cluster() if manifest["kind"] == "Pod"]
        assert ours(cluster() + policies) == ask(cluster() + [tamed(policy, pods) for policy in policies], folder)
