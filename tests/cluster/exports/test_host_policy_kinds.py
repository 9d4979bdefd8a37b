"""Policies of EKS and GKE: what the readers refuse and why, next to what an API server says of the same."""

import pytest
import yaml

from support.cluster_policy_kinds import Neighbour
from support.host_policy_kinds import EKS, GKE, KINDS, NAMES, UNREAD, WRONG, Named
from support.tables import each
from testbed.api import Api
from testbed.owners import objections


@pytest.mark.parametrize("manifest", KINDS, ids=("eks", "gke"))
def test_what_is_right(api: Api, manifest: str) -> None:
    assert objections(api, yaml.safe_load(manifest)) == []


@each("named", NAMES)
def test_names_that_are_right(api: Api, named: Named) -> None:
    assert objections(api, yaml.safe_load(named.changed)) == [], named[1:]


@each("neighbour", WRONG)
def test_what_is_wrong(api: Api, neighbour: Neighbour) -> None:
    said = objections(api, yaml.safe_load(neighbour.changed))
    assert said, neighbour[1:]


@each("neighbour", UNREAD)
def test_what_is_right_and_not_read(api: Api, neighbour: Neighbour) -> None:
    """Each of these is refused by the reader alone: the reason is next to it."""
    assert objections(api, yaml.safe_load(neighbour.changed)) == [], neighbour[1:]


@pytest.mark.parametrize(
    ("manifest", "path", "old", "new"),
    [
        (
            EKS,
            "networking.k8s.aws/v1alpha1/namespaces/{}/applicationnetworkpolicies",
            "{domain",
            "{ipBlock: null, domain",
        ),
        (
            GKE,
            "networking.gke.io/v1alpha1/namespaces/{}/fqdnnetworkpolicies",
            "{name: api",
            "{pattern: null, name: api",
        ),
    ],
    ids=("eks", "gke"),
)
def test_a_field_that_is_null_is_absent(api: Api, manifest: str, path: str, old: str, new: str) -> None:
    """A label too, so that the selector says nothing of it."""
    text = manifest.replace("name: one, namespace: shop", "name: with-nulls, namespace: default")
    for before, after in ((old, new), ("{app: web}", "{app: web, team: null}")):
        assert before in text
        text = text.replace(before, after)
    place = f"/apis/{path.format('default')}"
    made = api.post(place, yaml.safe_load(text))
    api.delete(f"{place}/with-nulls")
    assert made["spec"] == yaml.safe_load(manifest)["spec"]
