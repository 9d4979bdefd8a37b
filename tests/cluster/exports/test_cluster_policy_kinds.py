"""Policies of the whole cluster: what the reader refuses and why, next to what an API server says of the same."""

import pytest
import yaml

from support.cluster_policy_kinds import ADMIN, BASELINE, CLUSTER, EKS, KINDS, UNREAD, WRONG, Neighbour
from support.tables import each
from testbed.api import Api
from testbed.owners import objections


@pytest.mark.parametrize("manifest", KINDS, ids=("v1beta1", "v1alpha2", "admin", "baseline", "eks"))
def test_what_is_right(api: Api, manifest: str) -> None:
    assert objections(api, yaml.safe_load(manifest)) == []


@each("neighbour", WRONG)
def test_what_is_wrong(api: Api, neighbour: Neighbour) -> None:
    said = objections(api, yaml.safe_load(neighbour.changed))
    assert said, neighbour[1:]


@each("neighbour", UNREAD)
def test_what_is_right_and_not_read(api: Api, neighbour: Neighbour) -> None:
    """Each of these is refused by the reader alone: the reason is next to it."""
    manifest = yaml.safe_load(neighbour.changed)
    assert objections(api, manifest) == [], neighbour[1:]


@each("manifest", [ADMIN, BASELINE, EKS])
def test_networks_with_host_bits(api: Api, manifest: str) -> None:
    assert objections(api, yaml.safe_load(manifest.replace("10.0.0.0/8", "10.1.0.0/8"))) == []


@each("manifest", [CLUSTER, ADMIN, EKS])
def test_a_namespace_has_no_effect(api: Api, manifest: str) -> None:
    """As in the reader: such an object has none."""
    assert objections(api, yaml.safe_load(manifest.replace("{name: one}", "{name: one, namespace: shop}"))) == []


def test_a_field_that_is_null_is_absent(api: Api) -> None:
    """A label too, so that the selector says nothing of it."""
    nulls = {"name: data": "name: null", "{namespaces: {}}": "{namespaces: {matchLabels: {team: null}}, pods: null}"}
    text = CLUSTER.replace("name: one", "name: with-nulls")
    for old, new in nulls.items():
        assert old in text
        text = text.replace(old, new)
    path = "/apis/policy.networking.k8s.io/v1beta1/clusternetworkpolicies"
    made = api.post(path, yaml.safe_load(text))
    api.delete(f"{path}/with-nulls")
    assert "name" not in made["spec"]["egress"][0]
    assert made["spec"]["egress"][2]["to"][0] == {"namespaces": {"matchLabels": {}}}
