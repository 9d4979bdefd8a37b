"""Connections of generated clusters against NCA, code of another author with a reading of its own."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from egressc.model.address_sets import AddressSet, join_addresses
from egressc.model.flows import Pod
from egressc.verify.listing.connections import WorkloadConnection, list_connections
from egressc.verify.listing.connectivity import find_connectivity
from oracles.fuzzing import fuzz
from oracles.reading import read
from oracles.worlds import Manifest, cluster, policy_sets
from support.nca_oracle import Answer, ask, tamed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nca")


def ours(connections: Iterable[WorkloadConnection]) -> Answer:
    """Our connections in the form of NCA's."""
    answer: Answer = {}
    for source, destination, ports in connections:
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
        found = read(cluster() + policies)
        assert ours(list_connections(found.policies, found.pods)) == asked(policies, folder)


def asked(policies: list[Manifest], folder: Path) -> Answer:
    pods = [manifest for manifest in cluster() if manifest["kind"] == "Pod"]
    return ask(cluster() + [tamed(policy, pods) for policy in policies], folder)


def deployed() -> list[Manifest]:
    """The cluster as a dump has it: a Deployment for each pod, its ReplicaSet, an idle one, and two pods of it."""
    found: list[Manifest] = []
    for manifest in cluster():
        if manifest["kind"] == "Pod":
            found += [*_made_by_a_deployment(manifest)]
        else:
            found.append(manifest)
    return found


def _made_by_a_deployment(pod: Manifest) -> Iterator[Manifest]:
    name, labels = pod["metadata"]["name"], pod["metadata"]["labels"]
    template = {"metadata": {"labels": labels}, "spec": pod["spec"]}

    def of(kind: str, name: str, owner: tuple[str, str] | None = None, **spec: Any) -> Manifest:
        metadata = {"name": name, "namespace": pod["metadata"]["namespace"]}
        if owner is not None:
            metadata["ownerReferences"] = [{"kind": owner[0], "name": owner[1], "controller": True}]
        spec = {"selector": {"matchLabels": {**labels, "own": name}}, "template": template, **spec}
        return {"apiVersion": "apps/v1", "kind": kind, "metadata": metadata, "spec": spec}

    for number in (1, 2):  # pods come first in no dump; here they do
        made = of("Pod", f"{name}-{number}", ("ReplicaSet", f"{name}-new"))
        yield {**made, "apiVersion": "v1", "metadata": {**made["metadata"], "labels": labels}, "spec": pod["spec"]}
    yield of("ReplicaSet", f"{name}-new", ("Deployment", name))
    yield of("ReplicaSet", f"{name}-old", ("Deployment", name), replicas=0)
    yield of("Deployment", name)


@fuzz(60)
@given(policies=policy_sets())
def test_connections_of_workloads_are_those_of_nca(policies: list[Manifest], folder: Path) -> None:
    if policies:
        found = find_connectivity(read(deployed() + policies))
        assert ours(found.connections) == asked(policies, folder)
        assert [it.pod.kind for it in found.workloads] == ["Deployment"] * len(found.workloads)
